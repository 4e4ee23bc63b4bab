package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const busyColumns = `
coalesce(b.weekday, 0), coalesce(b.from_minute, 0), coalesce(b.to_minute, 0), coalesce(b.starts_at, '0001-01-01T00:00:00Z'), coalesce(b.ends_at, '0001-01-01T00:00:00Z')`

const (
	busyTimesSQL = `select b.id, ` + busyColumns + `
  from sig.busy_time b where b.assignment = @assignment order by b.weekday nulls last, b.from_minute, b.starts_at, b.id`
	busyInSQL  = `select b.assignment, ` + busyColumns + ` from sig.busy_in(@intervention) b`
	addBusySQL = `
insert into sig.busy_time (id, assignment, weekday, from_minute, to_minute, starts_at, ends_at, entered_at)
values (@id, @assignment, @weekday, @from, @to, @start, @end, @at) on conflict (id) do nothing`
	endBusySQL    = `delete from sig.busy_time where id = @id and assignment = @assignment`
	forgetBusySQL = `delete from sig.busy_time where assignment = @assignment and ends_at <= @at`
)

// BusyTimes lists when the actor has said not to be able to come.
func (tx *Tx) BusyTimes(ctx context.Context) ([]sig.BusyTime, error) {
	rows, err := tx.Query(ctx, busyTimesSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment})
	if err != nil {
		return nil, wrap("list busy times", err)
	}
	var list []sig.BusyTime
	err = each(rows, func() error {
		var b sig.BusyTime
		err := rows.Scan(&b.ID, &b.Weekday, &b.FromMinute, &b.ToMinute, &b.Start, &b.End)
		list = append(list, b)
		return err
	})
	return list, wrap("list busy times", err)
}

// BusyIn reads when those who take part in a case cannot come; of a case of
// which the actor is not the board's coordinator, nothing.
func (tx *Tx) BusyIn(ctx context.Context, intervention sig.InterventionID) (map[sig.AssignmentID][]sig.BusyTime, error) {
	rows, err := tx.Query(ctx, busyInSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, wrap("read the busy times of a case", err)
	}
	of := map[sig.AssignmentID][]sig.BusyTime{}
	err = each(rows, func() error {
		var who sig.AssignmentID
		var b sig.BusyTime
		err := rows.Scan(&who, &b.Weekday, &b.FromMinute, &b.ToMinute, &b.Start, &b.End)
		of[who] = append(of[who], b)
		return err
	})
	return of, wrap("read the busy times of a case", err)
}

// AddBusy enters a time for the actor, once for each id, and forgets what is past.
func (tx *Tx) AddBusy(b sig.BusyTime) {
	args := pgx.StrictNamedArgs{
		"id": b.ID, "assignment": tx.Actor.Assignment, "weekday": nil, "from": nil, "to": nil, "start": nil, "end": nil, "at": tx.Now(),
	}
	if b.Weekday == 0 {
		args["start"], args["end"] = b.Start, b.End
	} else {
		args["weekday"], args["from"], args["to"] = b.Weekday, b.FromMinute, b.ToMinute
	}
	tx.later("forget busy times", forgetBusySQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "at": tx.Now()})
	tx.later("enter a busy time", addBusySQL, args)
}

// EndBusy takes one of the actor's times away; of another's, nothing.
func (tx *Tx) EndBusy(ctx context.Context, id sig.BusyID) error {
	return tx.one(ctx, "take a busy time away", endBusySQL, pgx.StrictNamedArgs{"id": id, "assignment": tx.Actor.Assignment})
}

// Span is from one instant to another.
type Span struct{ Start, End time.Time }

const ownMeetingsSQL = `
select m.starts_at as start, m.ends_at as "end" from sig.meeting m
 where m.assignment = @assignment and m.state = 'planned' and @at < m.ends_at order by m.starts_at`

// OwnMeetings are the times of the meetings that the actor has called and that
// are ahead, in every case.
func (tx *Tx) OwnMeetings(ctx context.Context, at time.Time) ([]Span, error) {
	return collect[Span](ctx, tx, "list the times of own meetings", ownMeetingsSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "at": at})
}
