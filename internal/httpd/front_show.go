package httpd

import (
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Provider is one way to sign in.
type Provider struct {
	Key  string // of the issuer, as in the address /login/KEY
	Name string // as people call it, such as "BankID"
	For  string // message key of who it is for, such as "front.for_staff"
}

var sampleProviders = []Provider{
	{Key: "citizen", Name: "E-legitimation", For: "front.for_family"},
	{Key: "staff", Name: "Stadens inloggning", For: "front.for_staff"},
}

// frontData is the public front page.
type frontData struct {
	Base
	Providers []Provider
	Next      string
}

var frontPage = page("front", func(b Base) []frontData {
	return []frontData{{Base: b, Providers: sampleProviders}}
})

// frontShow is the page for anybody: what the portal is, for whom, and the ways
// to sign in. Somebody with a session finds the way on to the start page.
func (a *App) frontShow(r *Request) error {
	return frontPage.Send(r, frontData{Base: r.Base("front.title"), Providers: a.deps.Config.Providers})
}

// startData is the page of somebody who is signed in without any part.
type startData struct{ Base }

var nobodyPage = page("nobody", func(b Base) []startData { return []startData{{b}} })

// startShow is where a sign-in ends. Each kind of actor has a start of its own;
// who has no part gets a page that reveals nothing.
func (a *App) startShow(r *Request) error {
	if start, ok := a.starts()[r.Actor().Kind]; ok {
		return start(r)
	}
	if r.Actor().Kind == sig.ActorNobody && r.visitor.HatChoices {
		return r.Redirect("/hat", fiber.StatusSeeOther)
	}
	return nobodyPage.Send(r, startData{r.Base("nobody.title")})
}

// liveOpen upgrades to a websocket. The hub answers on its own.
func (a *App) liveOpen(r *Request) error {
	if a.deps.Live == nil {
		return fault.Missing()
	}
	return a.deps.Live(r.Ctx)
}
