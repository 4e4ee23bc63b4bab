package portal

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/httpd"
	"sigportal/internal/login"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// visitors tells the pages who asks, from the session of this very request.
func visitors(logins *login.Service) func(*fiber.Ctx) (httpd.Visitor, error) {
	return func(c *fiber.Ctx) (httpd.Visitor, error) {
		current, err := logins.Current(c)
		if err != nil || !current.SignedIn() {
			return httpd.Visitor{}, err
		}
		return httpd.Visitor{
			Actor: current.Actor, Hat: hat(current), HatChoices: current.Choices > 1, Left: current.Left(),
		}, nil
	}
}

// hat is the assignment worn, as the page header writes it: function, unit.
func hat(current login.Current) string {
	if current.Actor.Kind != sig.ActorStaff {
		return ""
	}
	function := words.For(current.Language).T("function." + string(current.Actor.Function))
	return function + ", " + current.UnitName
}

// hears tells the hub which session opens a socket, and what it hears of: what
// concerns the session, its person and the hat it wears, and nothing else.
func hears(logins *login.Service) func(*fiber.Ctx) (topics []uuid.UUID, session uuid.UUID, ok bool) {
	return func(c *fiber.Ctx) ([]uuid.UUID, uuid.UUID, bool) {
		current, err := logins.Current(c)
		if err != nil || !current.SignedIn() {
			return nil, uuid.Nil, false
		}
		a := current.Actor
		var topics []uuid.UUID
		for _, topic := range []uuid.UUID{a.Session.UUID, a.Person.UUID, a.Assignment.UUID, a.Guardian.UUID, a.Youth.UUID} {
			if topic != uuid.Nil {
				topics = append(topics, topic)
			}
		}
		return topics, a.Session.UUID, true
	}
}
