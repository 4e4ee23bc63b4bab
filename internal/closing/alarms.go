package closing

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Service answers the alarms of this package under the worker's role.
type Service struct{ DB *postgres.DB }

// handle opens the transaction that every alarm about an intervention needs:
// lock, clock, take the alarm, look at the intervention.
func (s *Service) handle(
	ctx context.Context, job postgres.AlarmJob, do func(*postgres.Tx, *postgres.Intervention) error,
) error {
	return s.DB.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(job.Intervention)); err != nil {
			return err
		}
		if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
			return err
		}
		i, err := tx.Intervention(ctx, job.Intervention)
		if err != nil {
			return err
		}
		return do(tx, &i)
	})
}

// Settle answers the alarms whose whole meaning is that time has passed: a
// consent expires, an unsigned one lapses, a grace period is over.
func (s *Service) Settle(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error { return Settle(ctx, tx, i) })
}

// GrantEnds answers the end of a row that ends before its consent: what only
// that row had covered is cut, so that the recipient's registrar may move it.
// A renewal within the grace period that covers it brings it back.
func (s *Service) GrantEnds(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		if err := Settle(ctx, tx, i); err != nil || i.State != sig.InterventionActive {
			return err
		}
		return tx.AsSystem("closing", func() error {
			matrix, err := tx.MatrixInForce(ctx, i.ID)
			if err != nil {
				return err
			}
			if _, err := Narrow(ctx, tx, i, &matrix, CutBySharingStopped, job.DueAt); err != nil {
				return err
			}
			own, err := tx.IsOwn(ctx, sig.GrantID{UUID: job.Object})
			if err != nil {
				return err
			}
			if own { // nobody at home learns when that ends
				return TellOwn(ctx, tx, i)
			}
			return tellAll(ctx, tx, i, false)
		})
	})
}

// Remind answers the days on which a consent's end is announced: it gives the
// coordinator the task to renew and sets the next reminder.
func (s *Service) Remind(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		if err := Settle(ctx, tx, i); err != nil {
			return err
		}
		consent := sig.ConsentID{UUID: job.Object}
		c, err := tx.Consent(ctx, consent)
		if err != nil || c.State != sig.ConsentActive && c.State != sig.ConsentSuspended {
			return err
		}
		return tx.AsSystem("closing", func() error { return remind(ctx, tx, i, &c) })
	})
}

func remind(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent) error {
	ends, err := tx.GrantEnds(ctx, c.ID)
	if err != nil || len(ends) == 0 {
		return err
	}
	last := ends[len(ends)-1].To
	renewTask(tx, i, dayBefore(last))
	if err := mailReminder(ctx, tx, i, c, last); err != nil {
		return err
	}
	if next := NextReminder(last, tx.Now()); !next.IsZero() {
		return tx.SetAlarm(postgres.AlarmExpiryReminder, i.ID, c.ID.UUID, next)
	}
	return nil
}

// CopyWindowEnds answers the end of the registrar's thirty days: the text is
// deleted, the row stays as a receipt.
func (s *Service) CopyWindowEnds(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		id := sig.DisclosureID{UUID: job.Object}
		deleted, err := tx.DeleteCopy(ctx, id)
		if err != nil || !deleted {
			return err
		}
		_, err = tx.Append(ctx, ledger.Entry{
			Kind: ledger.DeleteCopy, Intervention: i.ID, Object: ledger.Of(ledger.ObjectDisclosure, id),
		})
		return err
	})
}

// TaskDue answers the day on which a task is due: whoever takes part in the
// function that has it gets a mail, if it is still open.
func (s *Service) TaskDue(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		task, open, err := tx.OpenTask(ctx, sig.TaskID{UUID: job.Object})
		if err != nil || !open {
			return err
		}
		participants, err := tx.Participants(ctx, i.ID)
		if err != nil {
			return err
		}
		for _, p := range participants {
			if p.Authority != task.Authority || p.Function != task.Function {
				continue
			}
			tx.QueueMail(postgres.Mail{
				Kind: sig.MailTaskDue, Assignment: p.Assignment, Intervention: i.ID, Object: job.Object, About: job.DueAt,
			})
		}
		return s.remindOfOral(ctx, tx, task)
	})
}

// remindOfOral sets the next reminder of a yes that is still to be written.
func (s *Service) remindOfOral(ctx context.Context, tx *postgres.Tx, task postgres.Task) error {
	if task.Kind != postgres.TaskWriteOral {
		return nil
	}
	o, err := tx.Oral(ctx, sig.OralID{UUID: task.Object})
	if err != nil {
		return err
	}
	if next := NextOralReminder(o.WrittenBy, tx.Now()); !next.IsZero() {
		return tx.SetAlarm(postgres.AlarmTaskDue, task.Intervention, task.ID.UUID, next)
	}
	return nil
}

// Handlers names what answers which alarm, for the wiring of a replica.
func (s *Service) Handlers() map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error {
	return map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error{
		postgres.AlarmConsentExpires:        s.Settle,
		postgres.AlarmConsentLapsesUnsigned: s.Settle,
		postgres.AlarmGraceEnds:             s.Settle,
		postgres.AlarmGrantEnds:             s.GrantEnds,
		postgres.AlarmExpiryReminder:        s.Remind,
		postgres.AlarmCopyWindowEnds:        s.CopyWindowEnds,
		postgres.AlarmTaskDue:               s.TaskDue,
		postgres.AlarmQuestionEnds:          s.QuestionEnds,
		postgres.AlarmFunctionLeaves:        s.FunctionLeaves,
		postgres.AlarmSeatsChanged:          s.SeatsChanged,
		postgres.AlarmProtectionFollowed:    s.ProtectionFollowed,
	}
}
