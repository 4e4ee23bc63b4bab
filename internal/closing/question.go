package closing

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// narrowQuestions ends the open questions that could no longer be put: the
// consent must let the question be told and the answer come back. A wider
// consent later brings none back.
func narrowQuestions(tx *postgres.Tx, i *postgres.Intervention, coverage *Coverage, open []postgres.Question, by string) error {
	for _, q := range open {
		about := []sig.Category{q.Category}
		if coverage.Covers(q.Asker, q.Asked, about) && coverage.Covers(q.Asked, q.Asker, about) {
			continue
		}
		tx.EndQuestion(i.ID, q.ID, by)
		err := tx.Record(ledger.Entry{
			Kind: ledger.EndQuestion, Reason: by, Intervention: i.ID, Object: ledger.Of(ledger.ObjectQuestion, q.ID),
			Recipient: ledger.Recipient(q.Asked), Categories: about,
		})
		if err != nil {
			return err
		}
		tx.DropTask(i.ID, postgres.TaskAnswerQuestion, q.ID.UUID)
	}
	return nil
}

// QuestionEnds answers the instant at which a question's own time is over. It
// can no longer be answered whether this runs or not: the task goes, and open
// pages look again.
func (s *Service) QuestionEnds(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		return tx.AsSystem("question", func() error {
			q, err := tx.Question(ctx, sig.QuestionID{UUID: job.Object})
			if err != nil || q.AnsweredAt != nil || q.EndedAt != nil {
				return err
			}
			tx.DropTask(i.ID, postgres.TaskAnswerQuestion, q.ID.UUID)
			return tellAll(ctx, tx, i, false)
		})
	})
}
