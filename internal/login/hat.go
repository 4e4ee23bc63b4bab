package login

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Hats are the parts that the signed-in person may choose among, at this
// instant. The form field hat of ChooseHat carries the ID of one.
func (s *Service) Hats(c *fiber.Ctx) ([]postgres.Hat, error) {
	actor, _, err := s.Actor(c)
	if err != nil {
		return nil, err
	}
	var hats []postgres.Hat
	err = s.db.Do(c.UserContext(), actor, func(tx *postgres.Tx) error {
		hats, err = tx.Hats(c.UserContext(), actor.Person)
		return err
	})
	return hats, err
}

// ChooseHat puts on one hat: a new session under a new secret, so that nothing
// of the old one can act in the new part. The limits go on from the sign-in.
func (s *Service) ChooseHat(c *fiber.Ctx) error {
	ctx := c.UserContext()
	actor, current, err := s.Actor(c)
	if err != nil {
		return err
	}
	wanted, err := uuid.Parse(c.FormValue("hat"))
	if err != nil {
		return fault.Missing()
	}
	r, err := s.relation(current.Provider)
	if err != nil {
		return err
	}
	secret := random()
	before, _ := secretOf(c, sessionCookie)
	n := postgres.NewSession{
		SecretHash: hash(secret), Person: actor.Person, Provider: r.Word, SID: current.SID, AuthTime: actor.AuthTime,
		Created: current.Created, Idle: citizenIdle, Absolute: citizenAbsolute,
		Language: current.Language, Browser: browserOf(c.Get(fiber.HeaderUserAgent)),
	}
	if r.Kind == KindStaff {
		n.Idle, n.Absolute = staffIdle, staffAbsolute
	}
	err = s.db.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		hats, err := tx.Hats(ctx, actor.Person)
		if err != nil {
			return err
		}
		for _, hat := range hats {
			if hat.ID() == wanted {
				n.Hat = hat
			}
		}
		if n.Hat.Kind == "" {
			return fault.Missing()
		}
		n.Choices = len(hats)
		if err := tx.EndBySecret(ctx, hash(before), postgres.EndHatChanged); err != nil {
			return err
		}
		return openAs(ctx, tx, n, ledger.ChooseHat)
	})
	if err != nil {
		return err
	}
	setCookie(c, sessionCookie, secret, n.Absolute)
	return c.Redirect(homeward(c.FormValue("return")), fiber.StatusSeeOther)
}

// Sessions lists the signed-in person's own live sessions.
func (s *Service) Sessions(c *fiber.Ctx) ([]postgres.SessionLine, error) {
	actor, _, err := s.Actor(c)
	if err != nil {
		return nil, err
	}
	var lines []postgres.SessionLine
	err = s.db.Do(c.UserContext(), actor, func(tx *postgres.Tx) error {
		lines, err = tx.OwnSessions(c.UserContext())
		return err
	})
	return lines, err
}

// PastSessions lists the person's sessions of the last thirty days that are
// over: what a young person looks at who suspects that somebody else signs in.
func (s *Service) PastSessions(c *fiber.Ctx) ([]postgres.SessionLine, error) {
	actor, _, err := s.Actor(c)
	if err != nil {
		return nil, err
	}
	var lines []postgres.SessionLine
	err = s.db.Do(c.UserContext(), actor, func(tx *postgres.Tx) error {
		lines, err = tx.PastSessions(c.UserContext())
		return err
	})
	return lines, err
}

// EndSession ends one of the person's own sessions, named in the path. Its
// cookie opens nothing from the next request on, and its sockets are closed.
func (s *Service) EndSession(c *fiber.Ctx) error {
	actor, _, err := s.Actor(c)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("id"))
	if err != nil {
		return fault.Missing()
	}
	session := sig.SessionID{UUID: id}
	if err := s.End(c.UserContext(), actor, session); err != nil {
		return err
	}
	if session == actor.Session {
		dropCookie(c, sessionCookie)
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	return c.Redirect("/sessions", fiber.StatusSeeOther)
}

// End ends one of the actor's own sessions; anybody else's is not found.
func (s *Service) End(ctx context.Context, actor sig.Actor, session sig.SessionID) error {
	return s.db.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if err := tx.EndOwnSession(ctx, session); err != nil {
			return err
		}
		_, err := tx.Append(ctx, ledger.Entry{Kind: ledger.EndSession, Object: ledger.Of(ledger.ObjectSession, session)})
		return err
	})
}
