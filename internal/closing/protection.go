package closing

import (
	"context"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// ProtectionFollowed answers a mark of protected identity that was made outside
// the case (OSL 21:3, 21:3 a; T26): what the family may see has changed already,
// and whoever calls to meetings must know it. From where the mark came is itself
// secret (OSL 26:1) and stands nowhere here.
func (s *Service) ProtectionFollowed(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		if i.State == sig.InterventionClosed || i.State == sig.InterventionNotStarted {
			return nil
		}
		return tx.AsSystem("closing", func() error {
			task, err := NoteMark(ctx, tx, i)
			if err != nil || task.ID.IsZero() {
				return err
			}
			taking, err := tx.Participants(ctx, i.ID)
			if err != nil {
				return err
			}
			for _, p := range taking {
				if p.Authority == task.Authority && p.Function == task.Function {
					tx.QueueMail(postgres.Mail{
						Kind: sig.MailTaskDue, Assignment: p.Assignment, Intervention: i.ID, Object: task.ID.UUID, About: task.DueOn.Start(),
					})
				}
			}
			return tellBoard(ctx, tx, i)
		})
	})
}

// NoteMark writes into a case's journal and the ledger that its young person is
// protected by a mark that was made outside of it, and gives the coordinator the
// task of looking through the case; a zero task where nobody is protected. It
// runs inside AsSystem.
func NoteMark(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) (postgres.Task, error) {
	youth, err := tx.YouthDates(ctx, i.Youth)
	if err != nil || youth.Protection == sig.ProtectionNone {
		return postgres.Task{}, err
	}
	err = tx.WriteNote(postgres.JournalNote{
		Intervention: i.ID, Authority: i.Authority, Kind: postgres.JournalMarked, At: tx.Now(), Facts: map[string]any{"protection": youth.Protection},
	})
	if err != nil {
		return postgres.Task{}, err
	}
	return LookThrough(tx, i), tx.Record(ledger.Entry{
		Kind: ledger.ChangeYouth, Intervention: i.ID, Object: ledger.Of(ledger.ObjectYouth, i.Youth), Detail: ledger.Detail{"protection": youth.Protection},
	})
}

// LookThrough gives the coordinator the task of looking through a case whose
// young person has been marked as protected: what the family may read already,
// places, words of their own, and who takes part.
func LookThrough(tx *postgres.Tx, i *postgres.Intervention) postgres.Task {
	task := postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleCoordinator,
		Kind: postgres.TaskProtectionFollowed, DueOn: NextWorkingDay(tx.Now()),
	}
	tx.InsertTask(task)
	return task
}
