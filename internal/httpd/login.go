package httpd

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/login"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// LanguageTag is the reader's language, for login, which keeps it with the
// session for messages that are sent later.
func LanguageTag(c *fiber.Ctx) string { return language(c).Tag() }

// visitorOf tells who asks by the session's cookie.
func visitorOf(s *login.Service) func(*fiber.Ctx) (Visitor, error) {
	return func(c *fiber.Ctx) (Visitor, error) {
		current, err := s.Current(c)
		if err != nil || !current.SignedIn() {
			return Visitor{}, err
		}
		v := Visitor{Actor: current.Actor, HatChoices: current.Choices > 1, Youth: current.Youth, Left: current.Left()}
		v.Hat = hatText(v.reads(language(c)), current.Actor.Kind, current.Actor.Function, current.UnitName, current.Youth)
		return v, nil
	}
}

// hatText writes a part in words; the youth's name stands only where a
// guardian chooses among several.
func hatText(lang *words.Language, kind sig.ActorKind, function sig.Function, unit, youth string) string {
	switch kind {
	case sig.ActorStaff:
		return lang.T("hats.staff", "function", lang.T("function."+string(function)), "unit", unit)
	case sig.ActorGuardian:
		if youth == "" {
			return lang.T("person.guardian")
		}
		return lang.T("hats.guardian", "name", youth)
	case sig.ActorYouth:
		return lang.T("hats.youth")
	case sig.ActorNobody, sig.ActorSystem:
	}
	return ""
}

// LiveTopics tells a hub what the socket of a request hears of: its session,
// its person and the part it acts in.
func LiveTopics(s *login.Service) func(*fiber.Ctx) ([]uuid.UUID, uuid.UUID, bool) {
	return func(c *fiber.Ctx) ([]uuid.UUID, uuid.UUID, bool) {
		current, err := s.Current(c)
		if err != nil || !current.SignedIn() {
			return nil, uuid.Nil, false
		}
		a := current.Actor
		topics := []uuid.UUID{a.Session.UUID, a.Person.UUID}
		for _, part := range []uuid.UUID{a.Assignment.UUID, a.Guardian.UUID, a.Youth.UUID} {
			if part != uuid.Nil {
				topics = append(topics, part)
			}
		}
		return topics, a.Session.UUID, true
	}
}

// The addresses of login and logout answer on their own; see package login.

func (a *App) loginStart(r *Request) error       { return a.deps.Login.Start(r.Ctx) }
func (a *App) loginBackChannel(r *Request) error { return a.deps.Login.BackChannel(r.Ctx) }
func (a *App) logoutMake(r *Request) error       { return a.deps.Login.Logout(r.Ctx) }

// hatChoose changes the hat of the session.
func (a *App) hatChoose(r *Request) error {
	var in struct {
		Hat    string `form:"hat,max=60,required"`
		Return string `form:"return,max=2000"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.hatShow)
	}
	return a.deps.Login.ChooseHat(r.Ctx)
}

// sessionEnd ends one of the visitor's own sessions.
func (a *App) sessionEnd(r *Request) error {
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	return a.deps.Login.EndSession(r.Ctx)
}
