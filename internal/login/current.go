package login

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Current is who asks, at this request. The zero Current has no session.
type Current struct {
	postgres.Session
	// Ended says why a session that the cookie once opened is over, so that the
	// page can tell; empty where there never was one.
	Ended postgres.EndReason
}

// SignedIn reports whether there is a session.
func (s Current) SignedIn() bool { return !s.Actor.Session.IsZero() }

// Left is how long the session lasts if nothing more is done; pages warn two
// minutes before.
func (s Current) Left() time.Duration {
	if !s.SignedIn() {
		return 0
	}
	return s.Ends.Sub(s.Now)
}

type currentKey struct{}

// Current loads the session of a request, once per request and never for
// longer. No session, or one that has ended, is no error; that the database
// cannot be asked is one, and then nothing may be shown.
func (s *Service) Current(c *fiber.Ctx) (Current, error) {
	if known, ok := c.Locals(currentKey{}).(Current); ok {
		return known, nil
	}
	current, err := s.load(c)
	if err != nil {
		return Current{}, err
	}
	c.Locals(currentKey{}, current)
	return current, nil
}

// Actor is who acts in this request, for handlers that need somebody.
func (s *Service) Actor(c *fiber.Ctx) (sig.Actor, Current, error) {
	current, err := s.Current(c)
	if err != nil {
		return sig.Actor{}, current, err
	}
	if !current.SignedIn() {
		return sig.Actor{}, current, fault.New(fault.StepUp, "error.signed_out")
	}
	return current.Actor, current, nil
}

func (s *Service) load(c *fiber.Ctx) (Current, error) {
	secret, ok := secretOf(c, sessionCookie)
	if !ok {
		return Current{}, nil
	}
	load := s.db.SessionBySecret
	if byItself(c) {
		load = s.db.SessionAtRest
	}
	session, err := load(c.UserContext(), hash(secret))
	if fault.KindOf(err) == fault.NotFound {
		dropCookie(c, sessionCookie)
		if ended, known := errors.AsType[*postgres.SessionEnded](err); known {
			return Current{Ended: ended.Reason}, nil
		}
		return Current{}, nil
	}
	if err != nil {
		return Current{}, err
	}
	return Current{Session: session}, nil
}

// byItself reports whether a page asks, and no person: when it is told to look
// again, and when it opens its socket. Whoever pretends to be a page is signed
// out the sooner.
func byItself(c *fiber.Ctx) bool {
	return c.Get("X-Refetch") != "" || c.Get(fiber.HeaderUpgrade) != ""
}
