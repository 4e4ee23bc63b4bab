package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const ageRulesSQL = `
select municipality, from_age, guardians_sign, youth_signs, in_force_from
  from sig.age_rule where municipality in ('*', @municipality) order by municipality, from_age, in_force_from`

// AgeRules reads the default age table and the municipality's own.
func (tx *Tx) AgeRules(ctx context.Context, municipality sig.MunicipalityCode) ([]sig.AgeRule, error) {
	return collect[sig.AgeRule](ctx, tx, "read the age table", ageRulesSQL, pgx.StrictNamedArgs{"municipality": municipality})
}
