package casework

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Alarms answers, under the worker's role, the instants at which somebody's
// access ends by its own date: the walls have cut it already, and the open
// pages are told to look.
type Alarms struct{ DB *postgres.DB }

// Handlers are the alarms that this package answers.
func (a *Alarms) Handlers() map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error {
	return map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error{
		postgres.AlarmAssignmentEnds:    a.assignmentEnds,
		postgres.AlarmParticipationEnds: a.participationEnds,
	}
}

func (a *Alarms) assignmentEnds(ctx context.Context, job postgres.AlarmJob) error {
	return a.DB.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
			return err
		}
		tx.Nudge(job.Object)
		tx.RingForSeats(job.Object)
		tx.QueueMeetingEndsOf(sig.AssignmentID{UUID: job.Object})
		return nil
	})
}

func (a *Alarms) participationEnds(ctx context.Context, job postgres.AlarmJob) error {
	return a.DB.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(job.Intervention)); err != nil {
			return err
		}
		if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
			return err
		}
		assignment, err := tx.AssignmentOf(ctx, sig.ParticipationID{UUID: job.Object})
		if err != nil {
			return err
		}
		tx.Nudge(assignment.UUID)
		tx.RingForSeats(assignment.UUID)
		tx.QueueMeetingEnds(job.Intervention)
		return nil
	})
}
