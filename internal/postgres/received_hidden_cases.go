package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// HiddenCase is how much a cut has taken from the actor's seats in one case,
// and why it did so last.
type HiddenCase struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Copies       int
	At           time.Time
	By           string
}

// RLS leaves the cases that the actor has a part in.
const hiddenCasesSQL = `
select i.id as intervention, i.case_number, count(*) as copies, max(h.at) as at, (array_agg(h.by order by h.at desc))[1] as by
  from sig.intervention i cross join lateral sig.my_hidden_copies(i.id) h
 group by i.id order by max(h.at) desc, i.id`

// HiddenCases lists the actor's cases in which copies were cut, the latest cut
// first: their place in the inbox is not simply empty.
func (tx *Tx) HiddenCases(ctx context.Context) ([]HiddenCase, error) {
	return collect[HiddenCase](ctx, tx, "list cases with hidden copies", hiddenCasesSQL, pgx.StrictNamedArgs{})
}
