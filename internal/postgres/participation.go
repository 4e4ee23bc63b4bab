package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Participation is the recorded need of one assignment on one intervention, in
// the seat that it fills; Unit is where that seat is now.
type Participation struct {
	ID           sig.ParticipationID
	Intervention sig.InterventionID
	Assignment   sig.AssignmentID
	Name         string // of the person, for staff
	Authority    sig.AuthorityID
	Unit         sig.UnitID
	Function     sig.Function
	StandInFor   *sig.ParticipationID
	From, To     time.Time
	// Meeting is the one for which a substitute is let in; it is only written.
	Meeting sig.MeetingID `db:"-"`
}

const insertParticipationSQL = `
insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, reason_sealed, granted_by, valid_from, valid_to, meeting)
values (@id, @intervention, @assignment, @authority, @unit, @function, @stand_in_for, @reason, @granted_by, @from, @to, @meeting)`

// InsertParticipation gives an assignment a part; the second wall checks who
// may give it.
func (tx *Tx) InsertParticipation(ctx context.Context, p Participation, reasonSealed []byte) error {
	return tx.one(ctx, "set participation", insertParticipationSQL, pgx.StrictNamedArgs{
		"id": p.ID, "intervention": p.Intervention, "assignment": p.Assignment, "authority": p.Authority, "unit": p.Unit,
		"function": p.Function, "stand_in_for": p.StandInFor, "reason": reasonSealed, "granted_by": orNull(tx.Actor.Assignment),
		"from": p.From, "to": p.To, "meeting": orNull(p.Meeting),
	})
}

const endParticipationSQL = `
update sig.participation set valid_to = @at
 where id = @id and intervention = @intervention and valid_from < @at and @at < valid_to`

// EndParticipation ends a part at the transaction's instant.
func (tx *Tx) EndParticipation(ctx context.Context, intervention sig.InterventionID, id sig.ParticipationID) error {
	return tx.one(ctx, "end a participation", endParticipationSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(),
	})
}

const participationColumns = `
p.id, p.intervention, p.assignment, a.name, p.authority,
sig.current_unit(p.unit, p.function, @at, p.valid_from) as unit, p.function, p.stand_in_for, p.valid_from as "from", p.valid_to as "to"`

const participationsSQL = `
select ` + participationColumns + `
  from sig.participation p
  join sig.assignment a on a.id = p.assignment and a.valid_from <= @at and @at < a.valid_to and a.authority = p.authority
 where p.intervention = @intervention and p.valid_from <= @at and @at < p.valid_to
 order by p.authority, p.function, a.name, p.id`

// Participations lists who takes part now, as far as the actor may see.
func (tx *Tx) Participations(ctx context.Context, intervention sig.InterventionID) ([]Participation, error) {
	return collect[Participation](ctx, tx, "list participations", participationsSQL,
		pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}

// LedSeat is a seat that the actor, as lead of a function, may fill.
type LedSeat struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Unit         sig.UnitID
	Function     sig.Function
}

const ledSeatsSQL = `select intervention, case_number, unit, function from sig.led_seats() order by case_number, unit, function`

// LedSeats lists the seats that consents in force name and the actor leads.
func (tx *Tx) LedSeats(ctx context.Context) ([]LedSeat, error) {
	return collect[LedSeat](ctx, tx, "list led seats", ledSeatsSQL, pgx.StrictNamedArgs{})
}

const colleaguesSQL = `
select ` + seatedColumns + `
  from sig.assignment a
 where a.authority = @authority and a.valid_from <= @at and @at < a.valid_to
   and a.function not in ('registrar', 'log_reviewer', 'administrator')
 order by a.name, a.id`

// Colleagues lists an authority's assignments in force, for choosing who takes
// part.
func (tx *Tx) Colleagues(ctx context.Context, authority sig.AuthorityID) ([]sig.Assignment, error) {
	return collect[sig.Assignment](ctx, tx, "list colleagues", colleaguesSQL,
		pgx.StrictNamedArgs{"authority": authority, "at": tx.Now()})
}

const openInterventionSQL = `select youth, intervention from sig.open_intervention_of(@pin_hash)`

// OpenIntervention is the own board's record of a number: zero ids where there
// is none. The caller answers its asker the same whatever it holds.
func (tx *Tx) OpenIntervention(ctx context.Context, pinHash []byte) (sig.YouthID, sig.InterventionID, error) {
	rows, err := tx.Query(ctx, openInterventionSQL, pgx.StrictNamedArgs{"pin_hash": pinHash})
	if err != nil {
		return sig.YouthID{}, sig.InterventionID{}, wrap("look for an open intervention", err)
	}
	var youth sig.YouthID
	var intervention *sig.InterventionID
	err = each(rows, func() error { return rows.Scan(&youth, &intervention) })
	if err != nil {
		return sig.YouthID{}, sig.InterventionID{}, wrap("look for an open intervention", err)
	}
	return youth, orZero(intervention), nil
}

const assignmentOfSQL = `select assignment from sig.participation where id = @id`

// AssignmentOf is whose participation it is.
func (tx *Tx) AssignmentOf(ctx context.Context, id sig.ParticipationID) (sig.AssignmentID, error) {
	var a sig.AssignmentID
	if err := tx.QueryRow(ctx, assignmentOfSQL, pgx.StrictNamedArgs{"id": id}).Scan(&a); err != nil {
		return a, wrap("look up a participation", err)
	}
	return a, nil
}
