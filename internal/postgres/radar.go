package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// RadarKind is what a line of the radar is about.
type RadarKind string

// The kinds. The first says only that there is a case which the actor
// coordinates, and stands on no page.
const (
	RadarCoordinates RadarKind = "coordinates"
	RadarEnds        RadarKind = "ends"          // the consent in force ends: At
	RadarStopped     RadarKind = "stopped"       // sharing has stopped: At; it can be renewed for a time
	RadarSilent      RadarKind = "silent"        // who must sign had it explained at At and has not answered
	RadarNewGuardian RadarKind = "new_guardian"  // decides from At on and has not signed
	RadarGuardianOut RadarKind = "guardian_ends" // decides no more from At on
	RadarVacant      RadarKind = "vacant"        // nobody takes part in a seat that the consent names
	RadarFifteen     RadarKind = "fifteen"       // the young person is fifteen at At
	RadarEighteen    RadarKind = "eighteen"      // and eighteen
	RadarUnused      RadarKind = "unused"        // rows name categories that nobody has told since At
)

// RadarLine is one thing about one consent that somebody should see to.
type RadarLine struct {
	Kind         RadarKind
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	At           *time.Time
	Consent      sig.ConsentID
	Name         string // of the one who is silent, or whose custody changes
	Authority    sig.AuthorityID
	Unit         sig.UnitID
	Function     sig.Function
	Staffed      bool // a vacant seat's function has people; they only have no part in this case
	Signed       bool // the young person stands behind the version in force
	Preparing    bool // a new version is being prepared
	Rows         int  // an unused line: of how many rows
}

// RadarLimits say what the radar looks for.
type RadarLimits struct {
	Ends, Birthday, Custody time.Time // what comes before then
	Asked, Unused           time.Time // what has waited since before then
	CustodySince            time.Time
}

// UnusedDays is how long a row must have been in force before it can be said
// that it has never been used.
const UnusedDays = 30

// besideTelling are categories that are used without anybody telling anything:
// of the plan's goals by reading the plan, of meetings by being called.
var besideTelling = []sig.Category{sig.CategoryPlanGoals, sig.CategoryMeetingLogistics}

// heldSQL are the versions in force among the cases "own", with their end: by the
// last row's own date, or when a function that it names leaves.
const heldSQL = `
held as materialized (
  select c.id, c.intervention, e.ends
    from own o
    join sig.consent c on c.intervention = o.id and c.state in ('active', 'suspended')
    cross join lateral (
      select max(least(g.valid_to, c.oral_until, sig.seat_leaves(g.discloser_authority, g.discloser_unit, g.discloser_function),
                       sig.seat_leaves(g.recipient_authority, g.recipient_unit, g.recipient_function))) as ends
        from sig.consent_grant g where g.consent = c.id) e
   where e.ends > @now)`

// unusedSQL are, of "held", the rows with the categories that nobody who may
// tell them ever has told, as far as the actor may know of disclosures: a board
// of all of its case's, a family member of those of items decided visible.
const unusedSQL = `
told as materialized (
  select t.origin, t.categories from sig.told_rows() t
   union
  select g.origin, d.categories from held h join sig.disclosure d on d.intervention = h.intervention
    join sig.consent_grant g on g.id = d.grant_id
   where d.basis = 'consent' and d.state <> 'cancelled'),
unused as materialized (
  select h.intervention, g.id, g.origin, s.since, u.categories
    from held h
    join sig.consent_grant g on g.consent = h.id and g.valid_to > @now
    cross join lateral (
      select min(greatest(c.activated_at, e.valid_from)) as since
        from sig.consent_grant e join sig.consent c on c.id = e.consent
       where e.intervention = g.intervention and e.origin = g.origin and c.activated_at is not null) s
    cross join lateral (
      select array_agg(c) as categories from unnest(g.categories) c
       where c <> all (@beside::text[]) and not exists (select from told t where t.origin = g.origin and c = any (t.categories))) u
   where s.since <= @unused and u.categories is not null)`

// UnusedRow is a row in force with the categories that nobody has told by it.
type UnusedRow struct {
	Row        sig.GrantID
	Since      time.Time
	Categories []sig.Category
}

const unusedRowsSQL = `
with own as materialized (select @intervention::uuid as id),` + heldSQL + `,` + unusedSQL + `
select id as row, since, categories from unused`

// UnusedRows lists the rows in force since before an instant of which the actor
// knows of no disclosure, category by category. To a family what is hidden from
// the reader is not there: it has not been told.
func (tx *Tx) UnusedRows(ctx context.Context, intervention sig.InterventionID, before time.Time) ([]UnusedRow, error) {
	return collect[UnusedRow](ctx, tx, "look for what is never used", unusedRowsSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "now": tx.Now(), "unused": before, "beside": besideTelling,
	})
}

const radarSQL = `
with own as materialized (
  select i.id, i.case_number, i.state, i.sharing_stopped_at, i.youth, y.name as youth_name, y.birth_date,
         exists (select from sig.consent c where c.intervention = i.id and c.state in ('draft', 'explained', 'partially_signed', 'signed')) as preparing
    from sig.intervention i join sig.youth y on y.id = i.youth
   where i.id in (select s.intervention from unnest((select sig.my_seats())) s where s.board = s.authority and s.function = 'coordinator')
     and i.state not in ('closing', 'closed', 'not_started')),` + heldSQL + `,` + unusedSQL + `,
stands as materialized (
  select o.id as intervention, s.signer from own o
    join sig.consent c on c.intervention = o.id and c.activated_at is not null
    join sig.consent_signer s on s.consent = c.id and s.answer = 'signed'),
seat as materialized (
  select distinct h.intervention, f.authority, f.function, sig.current_unit(f.unit, f.function, @now) as unit
    from held h
    join sig.consent_grant g on g.consent = h.id and g.valid_from <= @now and @now < g.valid_to
    cross join lateral (values (g.discloser_authority, g.discloser_unit, g.discloser_function),
                               (g.recipient_authority, g.recipient_unit, g.recipient_function)) f (authority, unit, function)
   where f.unit is not null),
line (kind, intervention, at, consent, name, authority, unit, function, staffed, signed, rows) as (
  select 'coordinates', o.id, null::timestamptz, null::uuid, null, null, null, null, false, false, 0 from own o
   union all
  select 'ends', h.intervention, h.ends, h.id, null, null, null, null, false, false, 0 from held h where h.ends <= @ends
   union all
  select 'stopped', o.id, o.sharing_stopped_at, null, null, null, null, null, false, false, 0 from own o where o.state = 'sharing_stopped'
   union all
  select 'silent', o.id, s.explained_at, c.id, coalesce(g.name, o.youth_name), null, null, null, false, false, 0
    from own o
    join sig.consent c on c.intervention = o.id and c.state in ('explained', 'partially_signed', 'suspended')
    join sig.consent_signer s on s.consent = c.id and s.required and s.answer is null and s.explained_at <= @asked
    left join sig.guardianship g on g.id = s.signer
   where s.kind = 'youth' or g.valid_from <= @now and @now < least(g.valid_to, sig.eighteen_from(o.birth_date))
   union all
  select 'new_guardian', o.id, g.valid_from, h.id, g.name, null, null, null, false, false, 0
    from held h join own o on o.id = h.intervention
    join sig.guardianship g on g.youth = o.youth and @now < least(g.valid_to, sig.eighteen_from(o.birth_date))
   where g.valid_from <= @custody and g.valid_from < g.valid_to and not exists (select from stands s where s.intervention = o.id and s.signer = g.id)
     and g.valid_from > (select min(c.activated_at) from sig.consent c where c.intervention = o.id)
   union all
  select 'guardian_ends', o.id, g.valid_to, h.id, g.name, null, null, null, false, false, 0
    from held h join own o on o.id = h.intervention
    join sig.guardianship g on g.youth = o.youth and @custody_since < g.valid_to and g.valid_to <= @custody
   where exists (select from stands s where s.intervention = o.id and s.signer = g.id)
   union all
  select 'vacant', v.intervention, null, null, null, v.authority, v.unit, v.function,
         exists (select from sig.assignment a where a.authority = v.authority and a.function = v.function and a.valid_from <= @now and @now < a.valid_to
                  and sig.current_unit(a.unit, a.function, @now, a.valid_from) = v.unit), false, 0
    from seat v
   where not exists (select from sig.participation p join sig.assignment a on a.id = p.assignment
                      where p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
                        and sig.current_unit(p.unit, p.function, @now, p.valid_from) = v.unit
                        and p.valid_from <= @now and @now < p.valid_to and a.valid_from <= @now and @now < a.valid_to)
   union all
  select b.kind, o.id, b.at, h.id, null, null, null, null, false,
         exists (select from stands s where s.intervention = o.id and s.signer = o.youth), 0
    from own o join held h on h.intervention = o.id
    cross join lateral (values ('fifteen', (o.birth_date + interval '15 years') at time zone 'Europe/Stockholm'),
                               ('eighteen', sig.eighteen_from(o.birth_date))) b (kind, at)
   where @now < b.at and b.at <= @birthday
   union all
  select 'unused', u.intervention, min(u.since), null, null, null, null, null, false, false, count(*)::int from unused u group by u.intervention)
select l.kind, l.intervention, o.case_number, o.youth_name, l.at, l.consent, coalesce(l.name, '') as name,
       coalesce(l.authority, '') as authority, coalesce(l.unit, '') as unit, coalesce(l.function, '') as function,
       l.staffed, l.signed, o.preparing, l.rows
  from line l join own o on o.id = l.intervention
 order by o.case_number, l.kind, l.at, l.name, l.function, l.unit`

// RadarLines lists what somebody should see to about the consents of the cases
// that the actor coordinates, in one statement.
func (tx *Tx) RadarLines(ctx context.Context, l RadarLimits) ([]RadarLine, error) {
	return collect[RadarLine](ctx, tx, "look at the radar", radarSQL, pgx.StrictNamedArgs{
		"now": tx.Now(), "ends": l.Ends, "birthday": l.Birthday, "custody": l.Custody, "custody_since": l.CustodySince,
		"asked": l.Asked, "unused": l.Unused, "beside": besideTelling,
	})
}
