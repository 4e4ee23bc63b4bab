package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const ownCommitmentsSQL = `
select c.intervention, c.authority, c.unit, c.function, c.due_on
  from sig.commitment c
  join unnest((select sig.my_seats())::sig.seat[]) s
    on s.intervention = c.intervention and s.authority = c.authority and s.function = c.function and c.unit = any (s.units)
 where c.state = 'open'
 order by c.due_on, c.id limit 200`

// OwnCommitments lists what the actor's own seats have promised and not done,
// as far as the second wall lets the actor see it, soonest first.
func (tx *Tx) OwnCommitments(ctx context.Context) ([]OverdueLine, error) {
	return tx.dueLines(ctx, "list own commitments", ownCommitmentsSQL, pgx.StrictNamedArgs{})
}

func (tx *Tx) dueLines(ctx context.Context, doing, sql string, args pgx.StrictNamedArgs) ([]OverdueLine, error) {
	rows, err := tx.Query(ctx, sql, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (OverdueLine, error) {
		var l OverdueLine
		err := row.Scan(&l.Intervention, &l.Seat.Authority, &l.Seat.Unit, &l.Seat.Function, &l.DueOn)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return lines, nil
}

// SuggestedTime is another time that a called function has suggested for a
// meeting ahead.
type SuggestedTime struct {
	Meeting      sig.MeetingID
	Intervention sig.InterventionID
	StartsAt     time.Time // of the meeting as it stands
	Function     sig.Function
	From, To     time.Time
}

const suggestedTimesSQL = `
select v.meeting, v.intervention, m.starts_at, v.function, v.proposed_start as "from", v.proposed_end as "to"
  from sig.meeting_invitation v join sig.meeting m on m.id = v.meeting
 where v.intervention = any ((select sig.my_coordinated_cases())::uuid[]) and v.proposed_start is not null and v.ended_at is null
   and m.state = 'planned' and @now < m.ends_at
 order by m.starts_at, v.function, v.id limit 200`

// SuggestedTimes lists those that wait for the actor, who coordinates the case.
func (tx *Tx) SuggestedTimes(ctx context.Context) ([]SuggestedTime, error) {
	return collect[SuggestedTime](ctx, tx, "list suggested times", suggestedTimesSQL, pgx.StrictNamedArgs{"now": tx.Now()})
}
