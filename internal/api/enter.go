package api

import (
	"context"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// caller is who asks, and what became of it. It lives as long as the request.
type caller struct {
	actor  sig.Actor
	key    string // of a request that writes
	http   *fiber.Ctx
	failed error
}

type callerKey struct{}

func callerOf(ctx context.Context) *caller {
	who, _ := ctx.Value(callerKey{}).(*caller)
	return who
}

// fail notes the fault for the pages' one place that answers errors; what the
// library is given in its stead is thrown away there.
func (w *caller) fail(err error) error {
	w.failed = err
	return &Problem{Status: fiber.StatusInternalServerError}
}

// door stands before every operation that the library adds to the application.
type door struct {
	fiber.Router
	api *API
}

// Add puts the door before the operation's handler.
func (d door) Add(method, path string, handlers ...fiber.Handler) fiber.Router {
	i := slices.IndexFunc(d.api.ops, func(o op) bool { return o.method == method && fiberPath(o.path) == path })
	return d.Router.Add(method, path, d.api.enter(d.api.ops[i], handlers[0]))
}

// enter is the door: session, limits, level, then the operation. Whoever may
// not pass learns nothing of what was wrong with the input. Bytes that are no
// text are refused here, since reading JSON would make other text of them.
func (a *API) enter(o op, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		who := &caller{http: c}
		var err error
		if who.actor, err = a.deps.Actor(c); err != nil {
			return err
		}
		if err := a.deps.Allow(c, who.actor.Session.UUID); err != nil {
			return err
		}
		if err := a.admit(o, who.actor); err != nil {
			return err
		}
		if _, err := url.ParseRequestURI(string(c.Request().RequestURI())); err != nil || !utf8.Valid(c.Body()) || tooDeep(c.Body()) {
			return fault.New(fault.Malformed, "error.malformed")
		}
		if o.writes() {
			if who.actor.Act, err = actOf(c, who.actor); err != nil {
				return err
			}
			who.key = who.actor.Act.Once()
		}
		c.Locals(callerKey{}, who)
		if err := next(c); err != nil {
			return err
		}
		if o.tag == authZEN {
			return unread(who.failed)
		}
		return who.failed
	}
}

// admit holds a caller to the operation's level. A hat of the wrong kind is
// answered as if the operation did not exist.
func (a *API) admit(o op, actor sig.Actor) error {
	staff := actor.Kind == sig.ActorStaff
	if o.level == Public {
		return nil
	}
	if actor.Session.IsZero() {
		return a.deps.SignedOut
	}
	switch o.level {
	case Hat:
		if !staff {
			return fault.Missing()
		}
	case Citizen:
		if !actor.IsCitizen() {
			return fault.Missing()
		}
	case SignedIn, StepUp:
		if !staff && !actor.IsCitizen() && !o.anybody {
			return fault.Missing()
		}
	case Public:
	}
	return nil
}

// maxDepth is how deep a body may nest.
const maxDepth = 32

// tooDeep reports whether a body nests deeper than any of ours does, without
// parsing it.
func tooDeep(body []byte) bool {
	depth, text, escaped := 0, false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case text && b == '\\':
			escaped = true
		case b == '"':
			text = !text
		case text:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return false
}
