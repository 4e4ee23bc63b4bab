package consenting

import (
	"context"

	"sigportal/internal/closing"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Handlers names what answers which alarm, for the wiring of a replica.
func (s *Service) Handlers() map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error {
	return map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error{
		postgres.AlarmCustodyChanges: s.custodyChanges,
		postgres.AlarmComesOfAge:     s.comesOfAge,
	}
}

// custodyChanges answers the instant of a change: it writes down what the walls
// have held to since then, and tells the open pages.
func (s *Service) custodyChanges(ctx context.Context, job postgres.AlarmJob) error {
	return s.standingAlarm(ctx, job, func(*matter) error { return nil })
}

// comesOfAge answers the eighteenth birthday: from then on the own yes is all
// that is needed, of what goes round and of what was paused for a guardian.
func (s *Service) comesOfAge(ctx context.Context, job postgres.AlarmJob) error {
	return s.standingAlarm(ctx, job, func(m *matter) error {
		if m.i.State.Ended() {
			return nil
		}
		return m.tx.AsSystem("consenting", func() error {
			if err := closing.ComesOfAge(ctx, m.tx, &m.i, job.DueAt); err != nil {
				return err
			}
			return m.standingChanged(ctx)
		})
	})
}

// standingAlarm runs what falls due for those who decide. It reads whom that is
// about, so it runs under the pages' role, as the system.
func (s *Service) standingAlarm(ctx context.Context, job postgres.AlarmJob, fn func(*matter) error) error {
	return s.DB.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(job.Intervention)); err != nil {
			return err
		}
		if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
			return err
		}
		m := s.newMatter(tx, job.Intervention, ledger.RecordGuardian)
		var err error
		if m.i, err = tx.Intervention(ctx, job.Intervention); err != nil {
			return err
		}
		if err := m.settled(ctx); err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		return m.keepCarried(ctx)
	})
}
