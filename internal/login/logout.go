package login

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Logout ends the session here and then, by redirect, at the provider. Where
// the provider cannot be reached the session here has ended all the same.
func (s *Service) Logout(c *fiber.Ctx) error {
	base, err := s.base(c)
	if err != nil {
		return err
	}
	current, err := s.end(c)
	if err != nil {
		return err
	}
	if !current.SignedIn() {
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	return c.Redirect(s.farewell(c, current, base), fiber.StatusSeeOther)
}

// Leave ends the session for somebody who must be gone at once: the provider,
// with a page of its own to press through, is not asked. Its session there may
// go on; signing demands a fresh one.
func (s *Service) Leave(c *fiber.Ctx) error {
	_, err := s.end(c)
	return err
}

// end ends the session of a request, if there is one, and has the browser
// forget what it holds of the portal.
func (s *Service) end(c *fiber.Ctx) (Current, error) {
	ctx := c.UserContext()
	current, err := s.Current(c)
	if err != nil {
		return Current{}, err
	}
	dropCookie(c, sessionCookie)
	c.Set("Clear-Site-Data", `"cache", "storage"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !current.SignedIn() {
		return Current{}, nil
	}
	actor := current.Actor
	return current, s.db.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if err := tx.EndSession(ctx, actor.Session, postgres.EndSignedOut); err != nil {
			return err
		}
		_, err := tx.Append(ctx, ledger.Entry{Kind: ledger.SignOut, Object: ledger.Of(ledger.ObjectSession, actor.Session)})
		return err
	})
}

// farewell is the provider's end-session address, or our front page where it
// has none or is down. No ID token is kept for a hint: it would hold the
// personal number. The provider knows its own session by its own cookie.
func (s *Service) farewell(c *fiber.Ctx, current Current, base string) string {
	r, known := s.relations[current.Provider]
	if !known {
		return "/"
	}
	ctx, cancel := withTimeout(c.UserContext())
	defer cancel()
	docs, err := r.discover(ctx)
	if err != nil || docs.endSession == "" {
		return "/"
	}
	query := url.Values{"client_id": {r.ClientID}, "post_logout_redirect_uri": {base + "/"}}
	if current.SID != "" {
		query.Set("logout_hint", current.SID)
	}
	joint := "?"
	if strings.Contains(docs.endSession, "?") {
		joint = "&"
	}
	return docs.endSession + joint + query.Encode()
}

// BackChannel is where a provider tells that somebody has signed out there. It
// answers 200 also when no session of ours matched: that is none of the
// provider's business.
func (s *Service) BackChannel(c *fiber.Ctx) error {
	ctx, cancel := withTimeout(c.UserContext())
	defer cancel()
	c.Set(fiber.HeaderCacheControl, "no-store")
	r, err := s.relation(c.Params("provider"))
	if err != nil {
		return err
	}
	out, err := r.verifyLogoutToken(ctx, c.FormValue("logout_token"))
	if err != nil {
		s.note(r, "back channel", err)
		return fault.Wrap(fault.Malformed, "error.malformed", err)
	}
	err = s.db.Do(ctx, sig.System("back-channel-logout"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		ended, err := tx.EndByProvider(ctx, postgres.ProviderLogout{
			Provider: r.Word, TokenHash: hash(out.tokenID), Expires: out.expires, Subject: out.subject, SID: out.sid,
		})
		if err != nil {
			return err
		}
		return recordEnds(c, tx, r, ended)
	})
	if err != nil {
		s.note(r, "back channel", err)
		return err
	}
	return c.SendStatus(fiber.StatusOK)
}

func recordEnds(c *fiber.Ctx, tx *postgres.Tx, r *relation, ended []uuid.UUID) error {
	for _, one := range ended {
		_, err := tx.Append(c.UserContext(), ledger.Entry{
			Kind: ledger.EndSession, Object: ledger.Of(ledger.ObjectSession, sig.SessionID{UUID: one}),
			Detail: ledger.Detail{"provider": r.Word},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
