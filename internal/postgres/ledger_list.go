package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// LedgerLine is a row of the ledger as those read it who look after it: what
// was done, by which office, on what ground; no ids of what it was about.
type LedgerLine struct {
	ID                 int64
	At                 time.Time
	Kind               string
	Outcome            string
	Reason             string
	Actor              string // staff, guardian, youth, system or nobody
	Officer            string // the name in the directory, for staff
	Authority          sig.AuthorityID
	Unit               sig.UnitID
	Function           sig.Function
	RecipientAuthority sig.AuthorityID
	RecipientUnit      sig.UnitID
	RecipientFunction  sig.Function
	Categories         []sig.Category
	Basis              string
}

const ledgerLinesSQL = `
select l.id, l.at, l.kind, l.outcome, l.reason, l.actor, coalesce(a.name, '') as officer,
       coalesce(l.authority, '') as authority, coalesce(l.unit, '') as unit, coalesce(l.function, '') as function,
       coalesce(l.recipient_authority, '') as recipient_authority, coalesce(l.recipient_unit, '') as recipient_unit,
       coalesce(l.recipient_function, '') as recipient_function, coalesce(l.categories, '{}') as categories, coalesce(l.basis, '') as basis
  from sig.ledger l left join sig.assignment a on a.id = l.assignment
 where l.intervention = @intervention and (@before::bigint = 0 or l.id < @before::bigint)
 order by l.id desc
 limit @size`

// LedgerLines lists an intervention's rows before a number of the ledger (0:
// the newest), newest first, as far as the second wall lets the actor see them.
func (tx *Tx) LedgerLines(ctx context.Context, intervention sig.InterventionID, before int64, size int) ([]LedgerLine, error) {
	return collect[LedgerLine](ctx, tx, "list the ledger", ledgerLinesSQL,
		pgx.StrictNamedArgs{"intervention": intervention, "before": before, "size": size})
}

// ReviewCase is an intervention as a log reviewer gets it: by number.
type ReviewCase struct {
	ID         sig.InterventionID
	CaseNumber string
	Programme  sig.Programme
	State      sig.InterventionState
	StateSince time.Time
}

const reviewCasesSQL = `
select id, case_number, programme, state, state_since
  from sig.intervention
 where authority = (select sig.my_office('log_reviewer')) and case_number > @after
 order by case_number
 limit @size`

// ReviewCases lists the interventions of the log reviewer's authority after a
// case number; none to anybody else.
func (tx *Tx) ReviewCases(ctx context.Context, after string, size int) ([]ReviewCase, error) {
	return collect[ReviewCase](ctx, tx, "list interventions to review", reviewCasesSQL, pgx.StrictNamedArgs{"after": after, "size": size})
}

// IncidentLine is a breach that nobody has closed.
type IncidentLine struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Kind         string
	OpenedAt     time.Time
}

const openIncidentsSQL = `
select n.intervention, i.case_number, n.kind, n.opened_at
  from sig.incident n join sig.intervention i on i.id = n.intervention
 where n.closed_at is null
 order by n.opened_at desc, n.id
 limit 100`

// OpenIncidents lists the open breaches that the actor may see, newest first.
func (tx *Tx) OpenIncidents(ctx context.Context) ([]IncidentLine, error) {
	return collect[IncidentLine](ctx, tx, "list open incidents", openIncidentsSQL, pgx.StrictNamedArgs{})
}

// SearchLine is a search that found nothing among the searcher's own cases: who
// searched, from which office, by which field; never for what.
type SearchLine struct {
	ID       int64
	At       time.Time
	By       SearchBy
	Officer  string
	Unit     sig.UnitID
	Function sig.Function
}

const fruitlessSearchesSQL = `
select l.id, l.at, l.detail->>'by' as by, coalesce(a.name, '') as officer, coalesce(l.unit, '') as unit, coalesce(l.function, '') as function
  from sig.ledger l left join sig.assignment a on a.id = l.assignment
 where l.kind = 'search' and l.detail->>'found' = '0' and l.authority = (select sig.my_office('log_reviewer'))
 order by l.id desc
 limit 100`

// FruitlessSearches lists the newest of them in the log reviewer's authority,
// newest first; none to anybody else.
func (tx *Tx) FruitlessSearches(ctx context.Context) ([]SearchLine, error) {
	return collect[SearchLine](ctx, tx, "list searches without a case", fruitlessSearchesSQL, pgx.StrictNamedArgs{})
}
