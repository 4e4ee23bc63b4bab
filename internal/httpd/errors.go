package httpd

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/caldav"
	"sigportal/internal/fault"
)

// Faults of the request itself, before any service is asked.
var (
	errSignIn      = errors.New("the route needs a session")
	errForeignHost = errors.New("the host is not ours")
	errCrossSite   = errors.New("the request comes from another site")
	errTooMany     = errors.New("too many requests")
	errPanic       = errors.New("a handler panicked")
)

// answer is what the reader is told: a status and the keys of words.
type answer struct {
	status int
	code   string
	args   map[string]any
}

// answerTo is the one place that turns an error into a status and a sentence.
// Everything not found is the same sentence, whatever the fault's own code, so
// that unknown and forbidden cannot be told apart.
func answerTo(err error) answer {
	switch {
	case errors.Is(err, errSignIn):
		return answer{fiber.StatusUnauthorized, "error.signed_out", nil}
	case errors.Is(err, errForeignHost):
		return answer{fiber.StatusMisdirectedRequest, "error.malformed", nil}
	case errors.Is(err, errCrossSite):
		return answer{fiber.StatusForbidden, "error.cross_site", nil}
	case errors.Is(err, errTooMany):
		return answer{fiber.StatusTooManyRequests, "error.too_many", nil}
	}
	if own, ok := errors.AsType[*fiber.Error](err); ok {
		return answerToFiber(own.Code)
	}
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return answer{fiber.StatusInternalServerError, "error.internal", nil}
	}
	status := statusOf(wrong.Kind)
	switch wrong.Kind {
	case fault.NotFound:
		return answer{status, "error.not_found", nil}
	case fault.Internal:
		return answer{status, "error.internal", nil}
	case fault.Denied, fault.Invalid, fault.Conflict, fault.Malformed, fault.Unavailable, fault.StepUp:
	}
	return answer{status, wrong.Code, wrong.Args}
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.NotFound:
		return fiber.StatusNotFound
	case fault.Denied:
		return fiber.StatusForbidden
	case fault.Invalid:
		return fiber.StatusUnprocessableEntity
	case fault.Conflict:
		return fiber.StatusConflict
	case fault.Malformed:
		return fiber.StatusBadRequest
	case fault.Unavailable:
		return fiber.StatusServiceUnavailable
	case fault.StepUp:
		return fiber.StatusUnauthorized
	case fault.Internal:
	}
	return fiber.StatusInternalServerError
}

// answerToFiber is for what Fiber and the websocket hub refuse on their own.
func answerToFiber(code int) answer {
	switch code {
	case fiber.StatusUnauthorized:
		return answer{code, "error.signed_out", nil}
	case fiber.StatusForbidden:
		return answer{code, "error.cross_site", nil}
	case fiber.StatusTooManyRequests:
		return answer{code, "error.too_many", nil}
	case fiber.StatusServiceUnavailable:
		return answer{code, "error.unavailable", nil}
	case fiber.StatusNotFound:
		return answer{code, "error.not_found", nil}
	case fiber.StatusMethodNotAllowed:
		return answer{code, "error.method", nil}
	case fiber.StatusRequestEntityTooLarge, fiber.StatusRequestHeaderFieldsTooLarge:
		return answer{code, "error.too_large", nil}
	case fiber.StatusRequestTimeout:
		return answer{code, "error.malformed", nil}
	case fiber.StatusUpgradeRequired:
		return answer{code, "error.malformed", nil}
	}
	if code >= 500 {
		return answer{fiber.StatusInternalServerError, "error.internal", nil}
	}
	return answer{fiber.StatusBadRequest, "error.malformed", nil}
}

// fail answers an error with its page. Half a page that a handler wrote before
// it failed is thrown away.
func (a *App) fail(c *fiber.Ctx, err error) {
	says := answerTo(err)
	if says.status >= 500 {
		a.deps.Log.Error("answered with a fault", "cause", logged(err), "status", says.status, "request", requestID(c))
	}
	if d, ok := errors.AsType[*fault.Disagreement](err); ok {
		a.wallsDisagree(c, d)
	}
	c.Response().ResetBody()
	c.Response().Header.Del(fiber.HeaderLocation)
	a.setHeaders(&c.Response().Header)
	if says.status == fiber.StatusServiceUnavailable || says.status == fiber.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, "2")
	}
	c.Status(says.status)
	if forPrograms(c.Path()) {
		a.problem(c, says, err)
		return
	}
	if err := a.errorShow(c, says); err != nil {
		a.deps.Log.Error("the error page failed", "cause", logged(err), "request", requestID(c))
		c.Status(fiber.StatusInternalServerError).Type("txt", "utf-8")
		_ = c.SendString("Något gick fel. Something went wrong. " + requestID(c) + "\n")
	}
}

// wallsDisagree counts what must never happen, and says in the log where to
// look: ids and codes, nothing else.
func (a *App) wallsDisagree(c *fiber.Ctx, d *fault.Disagreement) {
	if a.deps.Alarm != nil {
		a.deps.Alarm("walls_disagree")
	}
	a.deps.Log.Error("the walls disagree", "passed", d.Passed, "reason", d.Reason, "act", d.Act, "intervention", d.Intervention,
		"object", d.Object, "assignment", d.Assignment, "request", requestID(c))
}

// forPrograms reports whether an address is asked by programs, not by people.
func forPrograms(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path+"/", caldav.Root) || strings.HasPrefix(path, "/access/") || strings.HasPrefix(path, "/.well-known/")
}

// problem is the same refusal for programs (RFC 9457), with what was wrong at
// each field. It never repeats what was sent.
func (a *App) problem(c *fiber.Ctx, says answer, err error) {
	lang := language(c).ForStaff() // families have no programs
	told := fiber.Map{
		"type": "about:blank", "title": lang.T(titleOf(says)), "status": says.status,
		"detail": lang.TArgs(says.code, says.args), "code": says.code, "request_id": requestID(c),
	}
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Invalid && len(wrong.Fields) > 0 {
		var fields []fiber.Map
		for _, f := range wrong.Fields {
			fields = append(fields, fiber.Map{"field": f.Name, "code": f.Code, "detail": lang.TArgs(f.Code, f.Args)})
		}
		told["errors"] = fields
	}
	_ = c.JSON(told)
	c.Set(fiber.HeaderContentType, "application/problem+json")
}

// lastResort answers what never reached a route: a header that cannot be read,
// a body that is too long.
func (a *App) lastResort(c *fiber.Ctx, err error) error {
	a.setHeaders(&c.Response().Header)
	if requestID(c) == "" {
		a.number(c)
	}
	a.fail(c, err)
	a.deps.Log.LogAttrs(c.UserContext(), slog.LevelInfo, "request", slog.String("route", "unread"),
		slog.Int("status", c.Response().StatusCode()), slog.String("request", requestID(c)))
	return nil
}

// logged is an error for the log. What the database says may quote what
// somebody typed, so of that only the code is kept.
func logged(err error) string {
	text := err.Error()
	var db interface {
		error
		SQLState() string
	}
	if errors.As(err, &db) {
		text = strings.ReplaceAll(text, db.Error(), "SQLSTATE "+db.SQLState())
	}
	return text
}
