package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// CaseRows are the rows of one intervention's consent in force, without purposes.
type CaseRows struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Board        sig.AuthorityID
	Rows         []sig.Grant
}

const rowsInForceSQL = `
select i.id, i.case_number, i.authority,
       g.id, g.row_number, g.discloser_authority, g.discloser_unit, g.discloser_function,
       coalesce(g.recipient_authority, ''), coalesce(g.recipient_unit, ''), coalesce(g.recipient_function, ''),
       g.categories, g.valid_from, least(g.valid_to, c.oral_until)
  from sig.consent c join sig.consent_grant g on g.consent = c.id join sig.intervention i on i.id = c.intervention
 where c.state in ('active', 'suspended')
 order by i.case_number, g.row_number`

// RowsInForce lists the rows in force of every intervention that the role may
// see: of all, for the owner's role.
func (tx *Tx) RowsInForce(ctx context.Context) ([]CaseRows, error) {
	rows, err := tx.Query(ctx, rowsInForceSQL)
	if err != nil {
		return nil, wrap("list the rows in force", err)
	}
	var list []CaseRows
	err = each(rows, func() error {
		var c CaseRows
		var g sig.Grant
		err := rows.Scan(&c.Intervention, &c.CaseNumber, &c.Board, &g.ID, &g.Row, &g.Discloser.Authority, &g.Discloser.Unit, &g.Discloser.Function,
			&g.Recipient.Authority, &g.Recipient.Unit, &g.Recipient.Function, &g.Categories, &g.From, &g.To)
		if n := len(list); n == 0 || list[n-1].Intervention != c.Intervention {
			list = append(list, c)
		}
		last := &list[len(list)-1]
		last.Rows = append(last.Rows, g)
		return err
	})
	return list, wrap("list the rows in force", err)
}

const partsOfSQL = `
select p.intervention, count(*)::int from sig.participation p join sig.intervention i on i.id = p.intervention
 where p.assignment = any (@assignments) and @at < p.valid_to and i.state not in ('closing', 'closed', 'not_started')
 group by p.intervention`

// PartsOf counts, by intervention, the parts that end when assignments do.
func (tx *Tx) PartsOf(ctx context.Context, assignments []sig.AssignmentID, at time.Time) (map[sig.InterventionID]int, error) {
	rows, err := tx.Query(ctx, partsOfSQL, pgx.StrictNamedArgs{"assignments": assignments, "at": at})
	if err != nil {
		return nil, wrap("count the parts that end", err)
	}
	parts := map[sig.InterventionID]int{}
	err = each(rows, func() error {
		var id sig.InterventionID
		var n int
		err := rows.Scan(&id, &n)
		parts[id] = n
		return err
	})
	return parts, wrap("count the parts that end", err)
}

const casesToForeseeSQL = `select unnest(sig.cases_to_foresee())`

// CasesToForesee lists the interventions of which the actor may learn what a
// change of the directory would end.
func (tx *Tx) CasesToForesee(ctx context.Context) ([]sig.InterventionID, error) {
	rows, err := tx.Query(ctx, casesToForeseeSQL)
	if err != nil {
		return nil, wrap("list the cases to foresee", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[sig.InterventionID])
	return ids, wrap("list the cases to foresee", err)
}
