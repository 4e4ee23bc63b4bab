package sample

import (
	"context"
	"fmt"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// SignIn makes a persona known and gives the actor that a session of theirs
// would load: the same steps as a login, without provider and browser. hat is
// staff's function, or "guardian" or "youth"; empty takes the first one there
// is. pinHash is the keyed hash of the portal under test. Who has no hat comes
// back as nobody, as in life.
func SignIn(ctx context.Context, app *postgres.DB, pinHash func(digits string) []byte, id, hat string) (sig.Actor, error) {
	p, err := Find(id)
	if err != nil {
		return sig.Actor{}, err
	}
	actor := sig.Actor{Kind: sig.ActorNobody, ShownAs: p.Name}
	err = app.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		actor.AuthTime = tx.Now()
		var hash []byte
		if p.PersonalNumber != "" {
			hash = pinHash(p.PersonalNumber)
		}
		if actor.Person, err = tx.KnowPerson(ctx, p.Issuer, p.Subject, p.Name, hash); err != nil {
			return err
		}
		if p.StaffKey != "" {
			if err := tx.BindAssignments(ctx, actor.Person, p.Issuer, []string{p.StaffKey}); err != nil {
				return err
			}
		}
		hats, err := tx.Hats(ctx, actor.Person)
		if err != nil {
			return err
		}
		for _, h := range hats {
			if hat == "" || hat == string(h.Function) || hat == string(h.Kind) {
				actor = wearing(actor, h)
				return nil
			}
		}
		if hat != "" {
			return fmt.Errorf("%s has no part as %s", id, hat)
		}
		return nil
	})
	if err != nil {
		return sig.Actor{}, fmt.Errorf("sign in %s: %w", id, err)
	}
	return actor, nil
}

// wearing is the actor under a hat.
func wearing(a sig.Actor, h postgres.Hat) sig.Actor {
	a.Kind, a.Assignment, a.Guardian, a.Youth = h.Kind, h.Assignment, h.Guardian, h.Youth
	if h.Kind == sig.ActorStaff {
		a.Authority, a.Unit, a.Function = h.Authority, h.Unit, h.Function
	}
	return a
}
