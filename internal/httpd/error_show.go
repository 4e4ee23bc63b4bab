package httpd

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// errorData is the page of every fault.
type errorData struct {
	Base
	Status    int
	Sentence  string
	Providers []Provider // where signing in is the way on
	Next      string     // where to come back to after it
	Kept      []string   // what was written and is not saved, to be copied
}

var errorPage = page("error", func(b Base) []errorData {
	return []errorData{
		{Base: b, Status: 404, Sentence: b.T("error.not_found")},
		{Base: b, Status: 401, Sentence: b.T("error.signed_out"), Providers: sampleProviders, Next: "/start"},
		{Base: b, Status: 401, Sentence: b.T("error.step_up")},
		{Base: b, Status: 503, Sentence: b.T("error.unavailable")},
		{Base: b, Status: 409, Sentence: b.T("error.conflict"), Kept: []string{"Amir går på fotboll."}},
	}
})

// errorShow renders the page of a fault in the reader's language. It is the
// same page for a route that does not exist and for one that is not theirs, so
// it holds nothing of the address, and asks for the session where the route did
// not.
func (a *App) errorShow(c *fiber.Ctx, says answer) error {
	r, _ := c.Locals(localRequest).(*Request)
	if r == nil {
		r = &Request{Ctx: c, app: a, lang: language(c)}
		if says.status == fiber.StatusNotFound || says.status == fiber.StatusMethodNotAllowed {
			if visitor, err := a.deps.Visitor(c); err == nil {
				r.visitor, r.lang = visitor, visitor.reads(r.lang)
			}
		}
	}
	r.status = says.status
	kept := r.fields.Kept()
	switch {
	case says.status == fiber.StatusUnauthorized, says.status == fiber.StatusBadRequest:
		kept = nil // nobody is there, or it was no form of ours
	case says.status == fiber.StatusNotFound && len(r.Route().Params) == 0:
		kept = nil // nothing was there that could be gone, and the answer is that of a page that is none
	}
	r.fields = Fields{}
	data := errorData{Status: says.status, Kept: kept, Sentence: r.lang.TArgs(says.code, says.args)}
	data.Base = r.Base(titleOf(says))
	data.SessionLeft, data.SocketURL = 0, "" // they differ from one refusal to the next
	if says.status == fiber.StatusUnauthorized {
		data.Next = "/start"
		if r.Method() == fiber.MethodGet {
			data.Next = r.Path()
		}
		if !r.visitor.SignedIn() {
			data.Providers = a.deps.Config.Providers
		}
	}
	return errorPage.Send(r, data)
}

// raced are the conflicts in which somebody else was first. Every other one has
// a reason of its own, such as a room that it is too early to open.
var raced = []string{
	"error.conflict", "error.draft_has_changed", "error.draft_is_newer", "error.meeting_has_moved", "error.minutes_are_newer", "error.plan_has_changed", "error.version_changed",
}

// titleOf is the heading's key: one per sort of fault that a reader can tell.
func titleOf(says answer) string {
	switch says.status {
	case fiber.StatusNotFound:
		return "error.not_found.title"
	case fiber.StatusUnauthorized:
		if says.code == "error.signed_out" { // or never was signed in
			return "signin.title"
		}
		return "error.signed_out.title"
	case fiber.StatusServiceUnavailable, fiber.StatusTooManyRequests:
		return "error.unavailable.title"
	case fiber.StatusInternalServerError:
		return "error.internal.title"
	case fiber.StatusConflict:
		if slices.Contains(raced, says.code) {
			return "error.conflict.title"
		}
		return "error.not_now.title"
	case fiber.StatusForbidden:
		return "error.denied.title"
	}
	return "error.malformed.title"
}
