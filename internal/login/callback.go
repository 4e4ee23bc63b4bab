package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// answer is what the provider sends back through the browser.
type answer struct{ state, code, iss, fault string }

// Callback is where one provider, and only that one, sends people back to. The
// state is spent first: whatever goes wrong afterwards, it opens nothing again.
func (s *Service) Callback(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	r, err := s.relation(c.Params("provider"))
	if err != nil {
		return err
	}
	ctx, cancel := withTimeout(c.UserContext())
	defer cancel()
	browser, _ := secretOf(c, loginCookie)
	dropCookie(c, loginCookie)
	got, err := readAnswer(c)
	if err != nil {
		return err
	}
	kept, err := s.resume(ctx, c, r, got, browser)
	if err != nil {
		s.note(r, "resume", err)
		return err
	}
	want := expected{nonce: kept.Nonce, maxAge: freshLogin, notBefore: kept.BeganAt}
	if r.SingleSignOn && kept.StepUp == nil {
		want.maxAge, want.notBefore = singleSignOn, want.notBefore.Add(-singleSignOn)
	}
	id, err := r.exchange(ctx, attempt{verifier: kept.Verifier, redirect: kept.Redirect}, got.code, want)
	if err != nil {
		s.note(r, "exchange", err)
		return errors.Join(err, s.recordRefusal(ctx, r, err))
	}
	if kept.StepUp != nil {
		return s.returnFromStepUp(ctx, c, r, kept, id)
	}
	return s.signIn(ctx, c, r, kept, id)
}

// readAnswer takes each parameter once; twice is an attack or a fault.
func readAnswer(c *fiber.Ctx) (answer, error) {
	var got answer
	query := c.Request().URI().QueryArgs()
	for name, into := range map[string]*string{
		"state": &got.state, "code": &got.code, "iss": &got.iss, "error": &got.fault,
	} {
		values := query.PeekMulti(name)
		if len(values) > 1 || (len(values) == 1 && len(values[0]) > 4096) {
			return answer{}, fault.New(fault.Malformed, "error.login_expired")
		}
		if len(values) == 1 {
			*into = string(values[0])
		}
	}
	if got.state == "" {
		return answer{}, fault.New(fault.Malformed, "error.login_expired")
	}
	return got, nil
}

// resume finds the login that this answer belongs to, and holds it to the
// browser that began it, to the provider that it began with, and to the
// address that it began at.
func (s *Service) resume(ctx context.Context, c *fiber.Ctx, r *relation, got answer, browser string) (postgres.LoginAttempt, error) {
	stale := func(why string) (postgres.LoginAttempt, error) {
		return postgres.LoginAttempt{}, fault.Wrap(fault.Malformed, "error.login_expired", errors.New(why))
	}
	base, err := s.base(c)
	if err != nil {
		return postgres.LoginAttempt{}, err
	}
	kept, err := s.db.SpendLogin(ctx, hash(got.state))
	switch {
	case errors.Is(err, postgres.ErrNoAttempt):
		return stale("the state is unknown, used or old")
	case err != nil:
		return kept, err
	case subtle.ConstantTimeCompare(kept.BrowserHash, hash(browser)) != 1:
		return stale("the state was begun in another browser")
	case kept.Provider != r.Word || kept.Redirect != base+"/login/"+r.Word+"/callback":
		return stale("the answer came to another address than it was sent for")
	}
	docs, err := r.discover(ctx)
	if err != nil {
		return kept, err
	}
	if (got.iss != "" || docs.namesItself) && got.iss != r.Issuer {
		return stale("the answer names another provider")
	}
	switch {
	case got.fault == "access_denied":
		return kept, fault.New(fault.Denied, "error.login_cancelled")
	case got.fault != "" || got.code == "":
		return kept, refused(errors.New("the provider answered without a code"))
	}
	return kept, nil
}

// returnFromStepUp keeps the proof that the session's own person is here.
func (s *Service) returnFromStepUp(ctx context.Context, c *fiber.Ctx, r *relation, kept postgres.LoginAttempt, id Identity) error {
	actor, _, err := s.Actor(c)
	if err != nil {
		return err
	}
	if actor.Session != kept.StepUp.Session {
		return fault.Wrap(fault.Malformed, "error.login_expired", errors.New("the fresh login was begun in another session"))
	}
	var proof postgres.StepUpID
	err = s.db.Do(ctx, actor, func(tx *postgres.Tx) error {
		proof, err = tx.Prove(ctx, postgres.StepUp{
			Session: actor.Session, Purpose: kept.StepUp.Purpose, BoundHash: kept.StepUp.BoundHash,
			AuthTime: id.AuthTime, SID: id.SID,
		}, id.Provider, id.Subject)
		return err
	})
	if err != nil {
		s.note(r, "step up", err)
		return errors.Join(err, s.recordRefusal(ctx, r, err))
	}
	joint := "?"
	if strings.Contains(kept.ReturnTo, "?") {
		joint = "&"
	}
	return c.Redirect(fmt.Sprintf("%s%sstep_up=%s", kept.ReturnTo, joint, proof), fiber.StatusSeeOther)
}
