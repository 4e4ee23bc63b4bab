// Package alarm sets in motion what falls due at an instant: a consent that
// expires, a grace period that ends, a mail. It has no leader: every replica
// sleeps until the earliest instant by the database's clock, is woken when an
// earlier one is set or the clock is moved, and tries to do what is due. Which
// replica does it is settled by the locks of the transaction that does it, so
// nothing is lost with a replica that dies and nothing is done twice.
//
// A handler opens that transaction itself, because only it knows the locks:
//
//	func (s *Service) Expire(ctx context.Context, job postgres.AlarmJob) error {
//		return s.db.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) error {
//			if err := tx.Lock(ctx, postgres.LockKey(job.Intervention)); err != nil {
//				return err
//			}
//			if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
//				return err
//			}
//			… // the instant of what happens is job.DueAt; tx.Now() is when it was seen to
//		})
//	}
//
// The alarm only announces. Access ends at its instant whether or not any
// replica is awake, because windows are enforced where they are read.
package alarm
