package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// Keys of what is kept with one request.
const (
	localID      = "request-id"
	localRoute   = "route"
	localRequest = "request"
	localLimits  = "limits"
)

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(localID).(string)
	return id
}

// around stands around every route: it numbers the request, refuses foreign
// hosts and sites, sets the deadline, turns away what is too much at once,
// catches panics, answers errors and writes one line of access log.
func (a *App) around(c *fiber.Ctx) (err error) {
	began := a.deps.Now()
	id := a.number(c)
	ctx, cancel := context.WithTimeout(context.Background(), a.deps.Config.Timeout)
	defer cancel()
	c.SetUserContext(sig.WithRequest(ctx, id)) // the ledger's rows name it
	c.Locals(localLimits, a.limits)
	if err := a.guarded(c); err != nil {
		a.fail(c, err)
	}
	method, route, status, took := c.Method(), pattern(c), c.Response().StatusCode(), a.deps.Now().Sub(began)
	a.deps.Log.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.String("method", method), slog.String("route", route), slog.Int("status", status),
		slog.Duration("took", took), slog.String("request", requestID(c)))
	if a.deps.Answered != nil {
		a.deps.Answered(method, route, status, took)
	}
	return nil
}

// pattern is the route's, and never the path: an address can name a person's
// case. What matched no route is logged without any.
func pattern(c *fiber.Ctx) string {
	if route, ok := c.Locals(localRoute).(string); ok {
		return route
	}
	if route := c.Route().Path; route != "/" { // the way around is itself a route
		return route
	}
	return ""
}

// number gives the request its id. One that the client sends is ignored.
func (a *App) number(c *fiber.Ctx) uuid.UUID {
	id := uuid.New()
	c.Locals(localID, id.String())
	c.Set(fiber.HeaderXRequestID, id.String())
	return id
}

// guarded is the way inwards. A panic anywhere in it is an error like others;
// its value stays out of the log, since it may hold what a page would show.
func (a *App) guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.Response().ResetBody()
			a.deps.Log.Error("panic", "type", fmt.Sprintf("%T", p), "request", requestID(c), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	if !a.hosts[c.Hostname()] {
		return errForeignHost
	}
	if err := a.checkOrigin(c); err != nil {
		return err
	}
	leave, err := a.crowd.enter(c)
	if err != nil {
		return err
	}
	defer leave()
	return c.Next()
}
