package login

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Limits of sessions. A citizen's phone or library computer is left lying
// about sooner than an employee's desk.
const (
	staffIdle, staffAbsolute     = 15 * time.Minute, 10 * time.Hour
	citizenIdle, citizenAbsolute = 10 * time.Minute, time.Hour
)

// Claims of the Swedish OpenID Connect Profile that say who a citizen is.
const (
	claimPersonalNumber          = "https://id.oidc.se/claim/personalIdentityNumber"
	claimCoordinationNumber      = "https://id.oidc.se/claim/coordinationNumber"
	claimCoordinationNumberLevel = "https://id.oidc.se/claim/coordinationNumberLevel"
)

// signIn opens a session for somebody whom a provider has identified, under
// the only hat there is, or under none until they have chosen.
func (s *Service) signIn(ctx context.Context, c *fiber.Ctx, r *relation, kept postgres.LoginAttempt, id Identity) error {
	secret := random()
	before, hadOne := secretOf(c, sessionCookie)
	n := postgres.NewSession{
		SecretHash: hash(secret), Provider: r.Word, SID: id.SID, AuthTime: id.AuthTime,
		Idle: citizenIdle, Absolute: citizenAbsolute, Language: s.language(c), Browser: browserOf(c.Get(fiber.HeaderUserAgent)),
	}
	if r.Kind == KindStaff {
		n.Idle, n.Absolute = staffIdle, staffAbsolute
	}
	err := s.db.Do(ctx, sig.Actor{Kind: sig.ActorNobody}, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		n.Created = tx.Now()
		if err := s.identify(ctx, tx, r, id, &n); err != nil {
			return err
		}
		hats, err := tx.Hats(ctx, n.Person)
		if err != nil {
			return err
		}
		if n.Choices = len(hats); n.Choices == 1 {
			n.Hat = hats[0]
		}
		if hadOne {
			if err := tx.EndBySecret(ctx, hash(before), postgres.EndReplaced); err != nil {
				return err
			}
		}
		return openAs(ctx, tx, n, ledger.SignIn)
	})
	if err != nil {
		s.note(r, "sign in", err)
		return err
	}
	setCookie(c, sessionCookie, secret, n.Absolute)
	if n.Choices > 1 {
		return c.Redirect(HatPath+"?return="+url.QueryEscape(kept.ReturnTo), fiber.StatusSeeOther)
	}
	return c.Redirect(kept.ReturnTo, fiber.StatusSeeOther)
}

// identify finds the person of (issuer, subject) and ties them to what the
// directory or the verified records know them by.
func (s *Service) identify(ctx context.Context, tx *postgres.Tx, r *relation, id Identity, n *postgres.NewSession) error {
	var pin []byte
	if r.Kind == KindCitizen {
		pin = s.pinHash(id)
	}
	person, err := tx.KnowPerson(ctx, r.Word, id.Subject, id.Name, pin)
	if err != nil {
		return err
	}
	n.Person = person
	tx.Become(sig.Actor{Kind: sig.ActorNobody, Person: person})
	if r.Kind != KindStaff {
		return nil
	}
	claim, err := tx.StaffClaim(ctx, r.Word)
	if err != nil {
		return err
	}
	keys := id.claims.texts(claim)
	if len(keys) == 0 {
		return nil
	}
	if err := tx.BindAssignments(ctx, person, r.Word, keys); err != nil {
		wrong, denied := errors.AsType[*fault.Error](err)
		if !denied || wrong.Kind != fault.Denied {
			return err
		}
		if _, err := tx.Append(ctx, ledger.Entry{Kind: ledger.SignIn, Detail: ledger.Detail{"provider": r.Word}}.Refuse("staff_key_taken")); err != nil {
			return err
		}
		return tx.Refuse(wrong)
	}
	return nil
}

// pinHash is the keyed hash of the number that an eID proves. A coordination
// number counts only where the provider says that it is confirmed.
func (s *Service) pinHash(id Identity) []byte {
	digits, err := id.claims.text(claimPersonalNumber)
	if errors.Is(err, errAbsent) {
		level, levelErr := id.claims.text(claimCoordinationNumberLevel)
		if levelErr != nil || level != "confirmed" {
			return nil
		}
		digits, err = id.claims.text(claimCoordinationNumber)
	}
	if err != nil {
		return nil
	}
	number, err := sig.ParsePersonalNumber(digits)
	if err != nil {
		return nil
	}
	return s.cfg.PINHash(number.Digits())
}

// texts reads a claim that is one text or a list of texts.
func (m members) texts(name string) []string {
	if one, err := m.text(name); err == nil {
		if one = strings.TrimSpace(one); one != "" {
			return []string{one}
		}
		return nil
	}
	var many []string
	if err := json.Unmarshal(m[name], &many); err != nil || len(many) > 50 {
		return nil
	}
	return many
}

// openAs opens the session and writes the ledger's row as the one it is for.
func openAs(ctx context.Context, tx *postgres.Tx, n postgres.NewSession, kind ledger.Kind) error {
	session, err := tx.OpenSession(ctx, n)
	if err != nil {
		return err
	}
	actor := sig.Actor{Kind: sig.ActorNobody, Person: n.Person, Session: session, AuthTime: n.AuthTime}
	switch n.Hat.Kind {
	case sig.ActorStaff:
		actor.Kind, actor.Assignment = sig.ActorStaff, n.Hat.Assignment
		actor.Authority, actor.Unit, actor.Function = n.Hat.Authority, n.Hat.Unit, n.Hat.Function
	case sig.ActorGuardian:
		actor.Kind, actor.Guardian = sig.ActorGuardian, n.Hat.Guardian
	case sig.ActorYouth:
		actor.Kind, actor.Youth = sig.ActorYouth, n.Hat.Youth
	case sig.ActorSystem, sig.ActorNobody:
	}
	tx.Become(actor)
	_, err = tx.Append(ctx, ledger.Entry{
		Kind: kind, Object: ledger.Of(ledger.ObjectSession, session), Detail: ledger.Detail{"provider": n.Provider},
	})
	return err
}

// recordRefusal writes that somebody came back from a provider and was
// refused; the fault's code is the reason. Nobody is named: nobody was proved.
func (s *Service) recordRefusal(ctx context.Context, r *relation, refusal error) error {
	wrong, ok := errors.AsType[*fault.Error](refusal)
	if !ok || wrong.Kind != fault.Denied {
		return nil
	}
	return s.db.Do(ctx, sig.Actor{Kind: sig.ActorNobody}, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		_, err := tx.Append(ctx, ledger.Entry{
			Kind: ledger.SignIn, Detail: ledger.Detail{"provider": r.Word},
		}.Refuse(strings.TrimPrefix(wrong.Code, "error.")))
		return err
	})
}
