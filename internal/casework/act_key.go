package casework

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Acted reports whether what a program asks has been done before, under the
// same key and by the same person under the same hat. A key under which
// something else was asked is refused.
func (s *Service) Acted(ctx context.Context, actor sig.Actor) (done bool, err error) {
	act := actor.Act
	actor.Act = nil // to look is not the act
	err = s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		done, err = tx.Acted(ctx, *act)
		return err
	})
	return done, err
}
