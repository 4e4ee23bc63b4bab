package login

import (
	"crypto/sha256"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/oauth2"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// Start sends the browser to a provider to sign in. The form or query field
// return names the page of ours to come back to.
func (s *Service) Start(c *fiber.Ctx) error {
	r, err := s.relation(c.Params("provider"))
	if err != nil {
		return err
	}
	back := c.Query("return")
	if c.Method() == fiber.MethodPost {
		back = c.FormValue("return")
	}
	return s.depart(c, r, postgres.LoginAttempt{ReturnTo: homeward(back)})
}

// StartStepUp sends a signed-in person to their provider to sign in anew, in
// the flesh, for one act: purpose is its code, bound any text that pins what is
// on the screen (the hash of the version to be signed). The browser comes back
// to returnTo with the query field step_up, whose value the act passes to
// postgres.ConsumeStepUp together with BoundHash of the same text.
func (s *Service) StartStepUp(c *fiber.Ctx, purpose, bound, returnTo string) error {
	actor, current, err := s.Actor(c)
	if err != nil {
		return err
	}
	r, err := s.relation(current.Provider)
	if err != nil {
		return err
	}
	return s.depart(c, r, postgres.LoginAttempt{
		ReturnTo: homeward(returnTo),
		StepUp:   &postgres.StepUpAttempt{Session: actor.Session, Purpose: purpose, BoundHash: BoundHash(bound)},
	})
}

// BoundHash is what a proof of a fresh login is bound to: the hash of the text
// that pinned what stood on the screen.
func BoundHash(bound string) []byte {
	sum := sha256.Sum256([]byte(bound))
	return sum[:]
}

// depart draws the secrets of one login, keeps their hashes, and redirects. A
// second departure in the same browser overtakes the first.
func (s *Service) depart(c *fiber.Ctx, r *relation, kept postgres.LoginAttempt) error {
	base, err := s.base(c)
	if err != nil {
		return err
	}
	ctx, cancel := withTimeout(c.UserContext())
	defer cancel()
	browser := random()
	a := attempt{
		state: random(), nonce: random(), verifier: oauth2.GenerateVerifier(),
		redirect: base + "/login/" + r.Word + "/callback",
		fresh:    kept.StepUp != nil, language: s.language(c),
	}
	address, err := r.address(ctx, a)
	if err != nil {
		s.note(r, "depart", err)
		return err
	}
	kept.StateHash, kept.BrowserHash = hash(a.state), hash(browser)
	kept.Provider, kept.Nonce, kept.Verifier, kept.Redirect = r.Word, a.nonce, a.verifier, a.redirect
	if err := s.db.BeginLogin(ctx, kept); err != nil {
		return err
	}
	setCookie(c, loginCookie, browser, freshLogin*2)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(address, fiber.StatusSeeOther)
}

// note logs why a login failed: the rule that was broken, never what a token
// or a person said.
func (s *Service) note(r *relation, step string, err error) {
	s.cfg.Log.Warn("login", "provider", r.Word, "step", step, "kind", int(fault.KindOf(err)), "cause", err.Error())
}
