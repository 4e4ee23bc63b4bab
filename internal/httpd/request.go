package httpd

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Visitor is who asks, as the session says at this request. The zero Visitor
// has no session.
type Visitor struct {
	Actor      sig.Actor
	Hat        string        // the hat as the page header writes it
	HatChoices bool          // more than one hat could be worn
	Youth      string        // whom a guardian with other hats acts for
	Left       time.Duration // until the session ends if nothing more is done
}

// SignedIn reports whether there is a session.
func (v Visitor) SignedIn() bool { return !v.Actor.Session.IsZero() }

// reads is the language that a visitor's pages have: what was chosen, but for
// staff only what has their texts.
func (v Visitor) reads(l *words.Language) *words.Language {
	if v.Actor.Kind == sig.ActorStaff {
		return l.ForStaff()
	}
	return l
}

// languages are those that a visitor may choose among.
func (v Visitor) languages() []*words.Language {
	if v.Actor.Kind == sig.ActorStaff {
		return words.Languages()
	}
	return words.FamilyLanguages()
}

// Request is one request on its way through a handler. Neither it nor the
// fiber.Ctx in it may be kept or given to a goroutine.
type Request struct {
	*fiber.Ctx
	app     *App
	route   Route
	visitor Visitor
	lang    *words.Language
	status  int
	fields  Fields
}

// Context carries the request's deadline. It hides Fiber's own, which is not
// cancelled when the client leaves.
func (r *Request) Context() context.Context { return r.UserContext() }

// Actor is who acts, under the hat that the session has chosen.
func (r *Request) Actor() sig.Actor { return r.visitor.Actor }

// Language is the language that the reader has chosen.
func (r *Request) Language() *words.Language { return r.lang }

// RequestID is the number of this request, which the error page shows.
func (r *Request) RequestID() string { return requestID(r.Ctx) }

// pathID reads an identifier of the path. Whatever is not one is not found,
// exactly like one that names nothing.
func pathID[K any](r *Request, name string, into *sig.ID[K]) error {
	id, err := sig.ParseID[K](r.Params(name))
	if err != nil {
		return fault.Missing()
	}
	*into = id
	return nil
}

// SeeOther sends the browser to another page after a form; flash is the key of
// a sentence that the page shows once, or empty.
func (r *Request) SeeOther(path, flash string) error {
	if flash != "" {
		r.setFlash(flash)
	}
	return r.Redirect(path, fiber.StatusSeeOther)
}

// Again answers a form that was not right with the page of the form, what was
// typed still in it, words at the fields and status 422. Any other fault goes
// on to the error page.
func (r *Request) Again(err error, show Handler) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || wrong.Kind != fault.Invalid {
		return err
	}
	r.status = fiber.StatusUnprocessableEntity
	r.fields = r.readFields(wrong)
	return show(r)
}

// Late answers a form that came too late, or that asks for what is not possible
// now: the page of the form once more, the sentence that says so above it, what
// was typed still in it. Where that page is gone too, the error page has what was
// written, to be copied.
func (r *Request) Late(err error, show Handler) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || wrong.Kind != fault.Conflict && wrong.Kind != fault.Denied {
		return r.Again(err, show)
	}
	r.status = fiber.StatusConflict
	if wrong.Kind == fault.Denied {
		r.status = fiber.StatusForbidden
	}
	r.fields = r.readFields(wrong)
	if show(r) != nil {
		return err
	}
	return nil
}

// changed reports whether the form comes back because what it is about has
// changed since it was opened.
func (r *Request) changed() bool { return r.status == fiber.StatusConflict && r.fields.typed != nil }

// enter is the door of a route: session, limits, level, then the handler.
func (a *App) enter(route Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(localRoute, route.Path)
		r, err := a.request(c, route)
		if err != nil {
			return err
		}
		if err := a.limits.allow(r); err != nil {
			return err
		}
		if err := r.admit(); err != nil {
			return err
		}
		if err := r.keepsHat(); err != nil {
			return err
		}
		return route.handle(r)
	}
}

func (a *App) request(c *fiber.Ctx, route Route) (*Request, error) {
	r := &Request{Ctx: c, app: a, route: route, lang: language(c), status: fiber.StatusOK}
	c.Locals(localRequest, r)
	visitor, err := a.deps.Visitor(c)
	if err != nil {
		return nil, err
	}
	r.visitor, r.lang = visitor, visitor.reads(r.lang)
	return r, nil
}

// admit holds the request to its route's level. A hat of the wrong kind is
// answered as if the route did not exist.
func (r *Request) admit() error {
	actor := r.visitor.Actor
	if r.route.Level == Public {
		return nil
	}
	if !r.visitor.SignedIn() {
		return errSignIn
	}
	switch r.route.Level {
	case Hat:
		if actor.Kind != sig.ActorStaff {
			return fault.Missing()
		}
	case Citizen:
		if !actor.IsCitizen() {
			return fault.Missing()
		}
	case StepUp:
		if actor.Kind != sig.ActorStaff && !actor.IsCitizen() {
			return fault.Missing()
		}
	case Public, SignedIn:
	}
	return nil
}
