package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Intervention is one row of sig.intervention.
type Intervention struct {
	ID               sig.InterventionID
	CaseNumber       string
	Authority        sig.AuthorityID
	Youth            sig.YouthID
	Programme        sig.Programme
	State            sig.InterventionState
	StateSince       time.Time // of a case that has ended: when it began to close, whatever is recorded after
	ClosedReason     sig.ClosedReason
	SharingStoppedAt *time.Time
	CreatedAt        time.Time
	CreatedBy        sig.AssignmentID
}

const interventionColumns = `
i.id, i.case_number, i.authority, i.youth, i.programme, i.state, i.state_since,
coalesce(i.closed_reason, '') as closed_reason, i.sharing_stopped_at, i.created_at, i.created_by`

const interventionSQL = `select ` + interventionColumns + ` from sig.intervention i where i.id = @id`

// Intervention reads one intervention; one that the actor may not see answers
// pgx.ErrNoRows, as one that does not exist.
func (tx *Tx) Intervention(ctx context.Context, id sig.InterventionID) (Intervention, error) {
	return collectOne[Intervention](ctx, tx, "read an intervention", interventionSQL, pgx.StrictNamedArgs{"id": id})
}

// collectOne runs a query that must give exactly one row.
func collectOne[T any](ctx context.Context, tx *Tx, doing, sql string, args pgx.StrictNamedArgs) (T, error) {
	var none T
	rows, err := tx.Query(ctx, sql, args)
	if err != nil {
		return none, fmt.Errorf("%s: %w", doing, err)
	}
	one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if err != nil {
		return none, fmt.Errorf("%s: %w", doing, err)
	}
	return one, nil
}

const insertInterventionSQL = `
insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by)
values (@id, @case_number, @authority, @youth, @programme, @state, @at, @at, @by)`

// InsertIntervention writes a new intervention in its first state.
func (tx *Tx) InsertIntervention(ctx context.Context, i Intervention) error {
	return tx.one(ctx, "insert an intervention", insertInterventionSQL, pgx.StrictNamedArgs{
		"id": i.ID, "case_number": i.CaseNumber, "authority": i.Authority, "youth": i.Youth,
		"programme": i.Programme, "state": i.State, "at": tx.Now(), "by": i.CreatedBy,
	})
}

const moveInterventionSQL = `
update sig.intervention
   set state = @to, state_since = case when @to = 'closed' then state_since else @at::timestamptz end,
       closed_reason = nullif(@reason, ''),
       sharing_stopped_at = case when @to = 'sharing_stopped' then @at::timestamptz
                                 when @to = 'active' then null else sharing_stopped_at end
 where id = @id and state = @from`

// MoveIntervention takes one step of the state machine at an instant. The
// database refuses a step that is no edge; somebody who was faster leaves
// pgx.ErrNoRows. A case has ended from the first moment of its closing (domain
// 3.4): the outcome that closes it for good moves that moment nowhere.
func (tx *Tx) MoveIntervention(i *Intervention, to sig.InterventionState, reason sig.ClosedReason, at time.Time) {
	tx.laterOne("move an intervention to "+string(to), moveInterventionSQL, pgx.StrictNamedArgs{
		"id": i.ID, "from": i.State, "to": to, "reason": reason, "at": at,
	})
	i.State, i.ClosedReason = to, reason
	if to != sig.InterventionClosed {
		i.StateSince = at
	}
	switch to {
	case sig.InterventionSharingStopped:
		i.SharingStoppedAt = &at
	case sig.InterventionActive:
		i.SharingStoppedAt = nil
	default: // what has stopped stays stopped
	}
}

const forAMeetingSQL = `
select coalesce(bool_and(p.meeting is not null), false) from sig.participation p
 where p.assignment = sig.setting_uuid('app.assignment') and p.intervention = @intervention
   and p.valid_from <= sig.instant() and sig.instant() < p.valid_to`

// ForAMeeting reports whether the actor takes part in an intervention for one
// meeting alone, in somebody's place.
func (tx *Tx) ForAMeeting(ctx context.Context, intervention sig.InterventionID) (bool, error) {
	var alone bool
	err := tx.QueryRow(ctx, forAMeetingSQL, pgx.StrictNamedArgs{"intervention": intervention}).Scan(&alone)
	return alone, wrap("look for what somebody takes part in", err)
}

const ownSeatsSQL = `
select s.authority, s.unit, s.function from unnest(sig.my_seats()) s
 where s.intervention = @intervention and not (` + forAMeetingSQL + `) order by s.function, s.unit`

// OwnSeats lists the seats that the actor fills now in an intervention, those
// of somebody for whom the actor stands in among them; none of somebody who comes to
// one meeting in a colleague's place.
func (tx *Tx) OwnSeats(ctx context.Context, intervention sig.InterventionID) ([]sig.Seat, error) {
	return collect[sig.Seat](ctx, tx, "list the actor's seats", ownSeatsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

// Participant is somebody who takes part in an intervention now.
type Participant struct {
	Participation sig.ParticipationID
	Assignment    sig.AssignmentID
	Authority     sig.AuthorityID
	Unit          sig.UnitID
	Function      sig.Function
	From          time.Time
}

const participantsSQL = `
select p.id as participation, p.assignment, p.authority, p.unit, p.function, p.valid_from as "from"
  from sig.participation p
  join sig.assignment a on a.id = p.assignment and a.valid_from <= @at and @at < a.valid_to
 where p.intervention = @intervention and p.valid_from <= @at and @at < p.valid_to
 order by p.authority, p.unit, p.function, p.assignment`

// Concerned are the people whom an intervention concerns, as ids and dates.
type Concerned struct {
	Participants  []Participant
	Youth         YouthDates
	Guardianships []sig.Guardianship
}

// Concerned reads whom to tell, in one round trip.
func (tx *Tx) Concerned(ctx context.Context, i *Intervention) (Concerned, error) {
	var c Concerned
	batch := &pgx.Batch{}
	tx.queueConcerned(batch, i, &c)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return c, fmt.Errorf("list whom an intervention concerns: %w", err)
	}
	return c, nil
}

func (tx *Tx) queueConcerned(batch *pgx.Batch, i *Intervention, c *Concerned) {
	queueRows(batch, participantsSQL, &c.Participants, pgx.StrictNamedArgs{"intervention": i.ID, "at": tx.Now()})
	batch.Queue(youthDatesSQL, pgx.StrictNamedArgs{"id": i.Youth}).Query(func(rows pgx.Rows) (err error) {
		c.Youth, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[YouthDates])
		return err
	})
	queueRows(batch, guardianshipsSQL, &c.Guardianships, pgx.StrictNamedArgs{"youth": i.Youth})
}

// Participants lists who takes part now, as far as the actor may see: all of
// them for a system actor.
func (tx *Tx) Participants(ctx context.Context, intervention sig.InterventionID) ([]Participant, error) {
	return collect[Participant](ctx, tx, "list participants", participantsSQL,
		pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}
