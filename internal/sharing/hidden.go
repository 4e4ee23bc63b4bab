package sharing

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// HiddenCase is how much a cut has taken from the actor's inbox in one case.
type HiddenCase = postgres.HiddenCase

// HiddenCases lists the actor's cases in which received copies were cut, so that
// an inbox which a withdrawal has emptied does not read as one where nothing has
// come. It tells how many and why, and nothing of them.
func (s *Service) HiddenCases(ctx context.Context, actor sig.Actor) ([]HiddenCase, error) {
	var out []HiddenCase
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		out, err = tx.HiddenCases(ctx)
		return err
	})
	return out, err
}
