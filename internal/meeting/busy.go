package meeting

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Busy lists when the actor has said not to be able to come to meetings: weekly
// times first. Nobody else is shown them.
func (s *Service) Busy(ctx context.Context, actor sig.Actor) ([]sig.BusyTime, error) {
	var list []sig.BusyTime
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		list, err = tx.BusyTimes(ctx)
		return err
	})
	return list, err
}

// AddBusy enters a time at which the actor cannot come. The same form, sent
// twice, enters it once.
func (s *Service) AddBusy(ctx context.Context, actor sig.Actor, key string, b sig.BusyTime) (sig.BusyID, error) {
	b.ID = sig.BusyID{UUID: idFrom(actor, key, "busy")}
	if !b.Valid() {
		var c fault.Check
		c.Fail("to", "error.busy_time")
		return b.ID, c.Err()
	}
	return b.ID, s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(actor.Assignment)); err != nil {
			return err
		}
		had, err := tx.BusyTimes(ctx)
		if err != nil {
			return err
		}
		if len(had) >= sig.MaxBusyTimes {
			var c fault.Check
			c.Fail("to", "error.too_many", "max", sig.MaxBusyTimes)
			return c.Err()
		}
		tx.AddBusy(b)
		return nil
	})
}

// EndBusy takes a time away. Another's, and one that there is not, are
// fault.NotFound alike.
func (s *Service) EndBusy(ctx context.Context, actor sig.Actor, id sig.BusyID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(actor.Assignment)); err != nil {
			return err
		}
		return missing(tx.EndBusy(ctx, id))
	})
}
