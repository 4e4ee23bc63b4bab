package directory

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Service answers what pages ask of the directory.
type Service struct{ DB *postgres.DB }

// ConsentOptions lists the functions that a consent may name now, for staff who
// prepare one: those in which somebody sits. That a function is in the list
// says nothing about any case.
func (s *Service) ConsentOptions(ctx context.Context, actor sig.Actor) ([]Option, error) {
	if actor.Kind != sig.ActorStaff {
		return nil, fault.Missing()
	}
	var list []Option
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		err := tx.ReadClock(ctx)
		if err != nil {
			return err
		}
		list, err = Options(ctx, tx)
		return err
	})
	return list, err
}
