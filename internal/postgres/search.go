package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// CaseLine is an intervention in a list: number, name, state and dates.
type CaseLine struct {
	ID         sig.InterventionID
	CaseNumber string
	YouthName  string
	Programme  sig.Programme
	State      sig.InterventionState // to others than the board as Outside says it
	StateSince time.Time
	Board      sig.AuthorityID // not named to the family of somebody under protected identity
	ConsentTo  *time.Time      // when the last open row of the consent in force ends
}

const caseLineColumns = `
i.id, i.case_number, coalesce(y.name, '') as youth_name, i.programme,
case when i.state = 'closing' and (select sig.my_authority()) is distinct from i.authority then 'closed' else i.state end as state, i.state_since,
case when (select sig.actor_kind()) <> 'staff' and y.protection <> 'none' then '' else i.authority end as board,
(select max(least(g.valid_to, c.oral_until)) from sig.consent c join sig.consent_grant g on g.consent = c.id
  where c.intervention = i.id and c.state in ('active', 'suspended')) as consent_to`

const caseLinesSQL = `
select ` + caseLineColumns + `
  from sig.intervention i left join sig.youth y on y.id = i.youth
 where i.id = any ((select sig.my_cases())::uuid[])
 order by i.state in ('closed', 'not_started', 'closing'), i.state_since desc, i.id
 limit 200`

// CaseLines lists the interventions that the actor has a part in.
func (tx *Tx) CaseLines(ctx context.Context) ([]CaseLine, error) {
	return collect[CaseLine](ctx, tx, "list cases", caseLinesSQL, pgx.StrictNamedArgs{})
}

// SearchBy is one of the three fields that the ordinance lets a social
// authority search on (förordning 2001:637, 15 §).
type SearchBy string

// The fields.
const (
	SearchName       SearchBy = "name"
	SearchNumber     SearchBy = "personal_number"
	SearchCaseNumber SearchBy = "case_number"
)

// A search narrows to the actor's own cases first and matches within them.
const searchSQL = `
with own as materialized (
  select ` + caseLineColumns + `, y.pin_hash
    from sig.intervention i join sig.youth y on y.id = i.youth
   where i.id = any ((select sig.my_cases())::uuid[]))
select id, case_number, youth_name, programme, state, state_since, board, consent_to
  from own
 where (@by = 'name' and youth_name ilike '%' || replace(replace(replace(@term, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    or (@by = 'case_number' and case_number = upper(@term))
    or (@by = 'personal_number' and pin_hash = @pin_hash)
 order by youth_name, id
 limit 50`

// Search finds own cases by exactly one field.
func (tx *Tx) Search(ctx context.Context, by SearchBy, term string, pinHash []byte) ([]CaseLine, error) {
	return collect[CaseLine](ctx, tx, "search", searchSQL, pgx.StrictNamedArgs{"by": by, "term": term, "pin_hash": pinHash})
}

// Unsigned is a version that waits for somebody's signature.
type Unsigned struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Consent      sig.ConsentID
	State        sig.ConsentState
	Signed       int
	Must         int
	Since        time.Time
}

const unsignedSQL = `
select c.intervention, i.case_number, y.name as youth_name, c.id as consent, c.state,
       (select count(*) from sig.consent_signer s where s.consent = c.id and s.required and s.answer = 'signed') as signed,
       (select count(*) from sig.consent_signer s where s.consent = c.id and s.required) as must,
       coalesce(c.first_signed_at, c.prepared_at) as since
  from sig.consent c
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
 where c.state in ('draft', 'explained', 'partially_signed', 'signed')
   and c.intervention = any ((select sig.my_board_cases())::uuid[])
 order by since, c.id limit 100`

// UnsignedVersions lists versions in preparation in the actor's own cases.
func (tx *Tx) UnsignedVersions(ctx context.Context) ([]Unsigned, error) {
	return collect[Unsigned](ctx, tx, "list unsigned versions", unsignedSQL, pgx.StrictNamedArgs{})
}

// Refused is a version to which somebody said no, or that not everybody signed
// in time, and which nothing has come after.
type Refused struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Consent      sig.ConsentID
	Waits        bool // for the social secretary's position on a young person's no
	Change       bool // of what is in force, which goes on
	Lapsed       bool // nobody said no, but not everybody signed in time
	At           time.Time
}

const refusedSQL = `
select c.intervention, i.case_number, y.name as youth_name, c.id as consent, c.state in ('explained', 'partially_signed') as waits,
       exists (select from sig.consent f where f.intervention = c.intervention and f.state in ('active', 'suspended')) as change,
       c.state = 'lapsed_unsigned' as lapsed, coalesce(max(s.answered_at), c.ended_at) as at
  from sig.consent c
  left join sig.consent_signer s on s.consent = c.id and s.answer = 'refused' and s.overridden_at is null
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
 where c.intervention = any ((select sig.my_board_cases())::uuid[]) and i.state not in ('closing', 'closed')
   and (s.consent is not null and c.state in ('explained', 'partially_signed') or c.state in ('declined', 'lapsed_unsigned') and @since < c.ended_at)
   and not exists (select from sig.consent n where n.intervention = c.intervention and n.version > c.version)
 group by c.id, i.case_number, y.name
 order by at desc, c.id limit 100`

// RefusedVersions lists what somebody said no to, or not everybody signed in
// time, in the actor's own cases: while it waits for a position, else since an
// instant.
func (tx *Tx) RefusedVersions(ctx context.Context, since time.Time) ([]Refused, error) {
	return collect[Refused](ctx, tx, "list refused versions", refusedSQL, pgx.StrictNamedArgs{"since": since})
}

const vacantSeatsSQL = `
select l.intervention, l.case_number, l.unit, l.function from sig.led_seats() l
 where not exists (select from sig.participation p join sig.assignment a on a.id = p.assignment
                    where p.intervention = l.intervention and p.function = l.function
                      and sig.current_unit(p.unit, p.function, sig.instant(), p.valid_from) = l.unit
                      and p.valid_from <= sig.instant() and sig.instant() < p.valid_to
                      and a.valid_from <= sig.instant() and sig.instant() < a.valid_to)
 order by l.case_number, l.unit, l.function`

// VacantSeats lists seats that the actor leads and nobody fills: a function
// without a participant receives, and nobody reads until one is set.
func (tx *Tx) VacantSeats(ctx context.Context) ([]LedSeat, error) {
	return collect[LedSeat](ctx, tx, "list vacant seats", vacantSeatsSQL, pgx.StrictNamedArgs{})
}
