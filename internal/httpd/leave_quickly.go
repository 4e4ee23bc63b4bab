package httpd

import (
	"html"
	"time"

	"github.com/gofiber/fiber/v2"
)

// leaveQuickly ends the session and leads to a page that anybody might look at.
// It is no redirect: browsers hold a redirect after a form to form-action, and a
// neutral page that itself leads on would leave the family's page standing there.
// Refresh, as HTML defines it, also puts the next page in this one's place in the
// history.
func (a *App) leaveQuickly(r *Request) error {
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Login.Leave(r.Ctx); err != nil {
		return err
	}
	setCookie(r.Ctx, languageCookie, "", -time.Second)
	setCookie(r.Ctx, flashCookie, "", -time.Second)
	to := a.deps.Config.ExitURL
	r.Set("Refresh", "0;url="+to)
	r.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	to = html.EscapeString(to)
	return r.SendString(`<!doctype html><html lang="sv"><title>` + to + `</title><p><a href="` + to + `">` + to + "</a></p></html>\n")
}
