package casework

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// TasksOf lists what the actor has to do in one case, as the second wall lets
// its tasks be seen; nothing for somebody without a part in it.
func (s *Service) TasksOf(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]TaskLine, error) {
	var list []TaskLine
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		tasks, err := tx.OpenTasks(ctx, intervention)
		if err != nil {
			return err
		}
		today := sig.DateOf(tx.Now())
		for _, task := range tasks {
			list = append(list, TaskLine{
				Task: task, Overdue: !task.DueOn.IsZero() && task.DueOn.Compare(today) < 0,
			})
		}
		return nil
	})
	return list, err
}
