package login

import (
	"context"
	"regexp"

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

// ChooseHat puts on one hat.
func (s *Service) ChooseHat(c *fiber.Ctx) error {
	wanted, err := uuid.Parse(c.FormValue("hat"))
	if err != nil {
		return fault.Missing()
	}
	return s.changeHat(c, homeward(c.FormValue("return")), func(ctx context.Context, tx *postgres.Tx, n *postgres.NewSession) error {
		hats, err := tx.Hats(ctx, n.Person)
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
		return nil
	})
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// EnterOffice gives a young person's page to the window in which the number was
// typed that stands on the coordinator's page. A wrong number opens nothing, is
// counted, and is a refusal in the ledger.
func (s *Service) EnterOffice(c *fiber.Ctx, number string) error {
	var wrong fault.Check
	wrong.Fail("number", "error.office_number")
	if !sixDigits.MatchString(number) {
		return wrong.Err()
	}
	return s.changeHat(c, StartPath, func(ctx context.Context, tx *postgres.Tx, n *postgres.NewSession) (err error) {
		n.ID = postgres.NewSessionID()
		if n.Hat, err = tx.TakeOfficeHour(ctx, number, n.ID); err != nil || n.Hat.Kind != "" {
			return err
		}
		if _, err := tx.Append(ctx, ledger.Entry{Kind: ledger.ChooseHat, Detail: ledger.Detail{"provider": n.Provider}}.Refuse("office_number")); err != nil {
			return err
		}
		return tx.Refuse(wrong.Err())
	})
}

// changeHat goes on in a new session under a new secret, so that nothing of the
// old one can act in the new part. The limits go on from the sign-in.
func (s *Service) changeHat(c *fiber.Ctx, back string, choose func(context.Context, *postgres.Tx, *postgres.NewSession) error) error {
	ctx := c.UserContext()
	actor, current, err := s.Actor(c)
	if err != nil {
		return err
	}
	r, err := s.relation(current.Provider)
	if err != nil {
		return err
	}
	secret := random()
	before, _ := secretOf(c, sessionCookie)
	n := postgres.NewSession{
		SecretHash: hash(secret), Person: actor.Person, Provider: r.Word, SID: current.SID, AuthTime: actor.AuthTime,
		Created: current.Created, Idle: citizenIdle, Absolute: citizenAbsolute, Choices: current.Choices,
		Language: current.Language, Browser: browserOf(c.Get(fiber.HeaderUserAgent)),
	}
	if r.Kind == KindStaff {
		n.Idle, n.Absolute = staffIdle, staffAbsolute
	}
	err = s.db.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if err := choose(ctx, tx, &n); err != nil {
			return err
		}
		if err := tx.EndBySecret(ctx, hash(before), postgres.EndHatChanged); err != nil {
			return err
		}
		return openAs(ctx, tx, n, ledger.ChooseHat)
	})
	if err != nil {
		return err
	}
	setCookie(c, sessionCookie, secret, n.Absolute)
	return c.Redirect(back, fiber.StatusSeeOther)
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
