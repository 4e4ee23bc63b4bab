package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const ageRulesSQL = `
select municipality, from_age, guardians_sign, youth_signs, in_force_from
  from sig.age_rule where municipality in ('*', @municipality) order by municipality, from_age, in_force_from`

// AgeRules reads the default age table and a municipality's own, with rows
// that are not in force yet and rows that later ones have replaced.
func (tx *Tx) AgeRules(ctx context.Context, municipality sig.MunicipalityCode) ([]sig.AgeRule, error) {
	return collect[sig.AgeRule](ctx, tx, "read the age table", ageRulesSQL, pgx.StrictNamedArgs{"municipality": municipality})
}

const insertAgeRuleSQL = `
insert into sig.age_rule (id, municipality, from_age, guardians_sign, youth_signs, in_force_from, set_by, set_at)
values (@id, @municipality, @from_age, @guardians_sign, @youth_signs, @in_force_from, @by, @at)`

// InsertAgeRule adds a row to a municipality's age table. Rows are never
// changed: a later one for the same age takes over on its day.
func (tx *Tx) InsertAgeRule(ctx context.Context, r sig.AgeRule) error {
	return tx.one(ctx, "set an age rule", insertAgeRuleSQL, pgx.StrictNamedArgs{
		"id": uuid.New(), "municipality": r.Municipality, "from_age": r.FromAge, "guardians_sign": r.GuardiansSign,
		"youth_signs": r.YouthSigns, "in_force_from": r.InForceFrom, "by": tx.Actor.Assignment.String(), "at": tx.Now(),
	})
}
