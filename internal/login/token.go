package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"sigportal/internal/fault"
)

const (
	skew          = 10 * time.Second // how far a provider's clock may be off
	oldestIDToken = 5 * time.Minute  // since iat: it was made for us just now
	longestLife   = time.Hour        // exp minus iat
	freshLogin    = 5 * time.Minute  // since auth_time, where the person must be here in the flesh
	singleSignOn  = 8 * time.Hour    // since auth_time, where the provider may remember
)

// Identity is what a provider has said about somebody, checked.
type Identity struct {
	Provider string // the provider's word
	Subject  string
	Name     string
	SID      string // the provider's session, for back-channel logout
	AuthTime time.Time
	claims   members
}

// expected is what the login that we began demands of the token that ends it.
type expected struct {
	nonce       string
	accessToken string        // checked against at_hash where the token has one
	maxAge      time.Duration // since auth_time
	notBefore   time.Time     // auth_time must not be older than this; zero means any
}

// verifyIDToken checks an ID token from the token endpoint, header first, then
// signature, then every claim. Its errors name the rule, never a value.
func (r *relation) verifyIDToken(ctx context.Context, raw string, want expected) (Identity, error) {
	claims, err := r.verifySigned(ctx, raw, []string{"jwt"}, want.accessToken)
	if err != nil {
		return Identity{}, refused(err)
	}
	id := Identity{Provider: r.Word, claims: claims}
	now := r.now()
	if err := errors.Join(r.checkParties(claims), checkTimes(claims, now)); err != nil {
		return Identity{}, refused(err)
	}
	nonce, err := claims.text("nonce")
	if err != nil || subtle.ConstantTimeCompare([]byte(nonce), []byte(want.nonce)) != 1 {
		return Identity{}, refused(errors.New("nonce is not the one that we sent"))
	}
	id.Subject, err = claims.text("sub")
	if err = errors.Join(err, checkSubject(id.Subject)); err != nil {
		return Identity{}, refused(err)
	}
	acr, err := claims.text("acr")
	if err != nil || !slices.Contains(r.ACR, acr) {
		return Identity{}, fault.Wrap(fault.Denied, "error.acr_too_low", fmt.Errorf("acr is not accepted for %s", r.Word))
	}
	if id.AuthTime, err = claims.instant("auth_time"); err != nil {
		return Identity{}, refused(err)
	}
	if id.AuthTime.After(now.Add(skew)) || now.Sub(id.AuthTime) > want.maxAge+skew || id.AuthTime.Before(want.notBefore.Add(-skew)) {
		return Identity{}, fault.Wrap(fault.Denied, "error.login_too_old", errors.New("auth_time is outside what we asked for"))
	}
	id.SID, err = claims.optional("sid")
	if err != nil || len(id.SID) > 255 {
		return Identity{}, refused(errors.New("sid is not a short text"))
	}
	id.Name, err = claims.optional("name")
	if err != nil {
		return Identity{}, refused(err)
	}
	id.Name = cleanName(id.Name)
	return id, nil
}

func refused(cause error) error { return fault.Wrap(fault.Denied, "error.login_failed", cause) }

// verifySigned checks header, signature, issuer and audience (the last three
// by go-oidc over our own keys) and gives the claims as they were signed.
func (r *relation) verifySigned(ctx context.Context, raw string, types []string, accessToken string) (members, error) {
	if err := checkHeader(raw, r.Algorithms, types); err != nil {
		return nil, err
	}
	verifier := oidc.NewVerifier(r.Issuer, r.keys, &oidc.Config{
		ClientID: r.ClientID, SupportedSigningAlgs: r.Algorithms,
		SkipExpiryCheck: true, // checkTimes is stricter: go-oidc allows nbf five minutes
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verify the token: %w", err)
	}
	if token.AccessTokenHash != "" && accessToken != "" {
		if err := token.VerifyAccessToken(accessToken); err != nil {
			return nil, fmt.Errorf("verify at_hash: %w", err)
		}
	}
	return payloadOf(raw)
}

// checkParties holds issuer and audience to exactly us two, with their names
// as written: the library's decoder would take "ISS" for iss.
func (r *relation) checkParties(claims members) error {
	issuer, err := claims.text("iss")
	if err != nil || issuer != r.Issuer {
		return errors.New("iss is another")
	}
	audience, err := claims.audience()
	if err != nil || len(audience) != 1 || audience[0] != r.ClientID {
		return errors.New("aud is not us alone")
	}
	if party, err := claims.optional("azp"); err != nil || (party != "" && party != r.ClientID) {
		return errors.New("azp is another")
	}
	return nil
}

func checkTimes(claims members, now time.Time) error {
	issued, err := claims.instant("iat")
	if err != nil {
		return err
	}
	expires, err := claims.instant("exp")
	if err != nil {
		return err
	}
	begins, err := claims.instant("nbf")
	if err != nil && !errors.Is(err, errAbsent) {
		return err
	}
	switch {
	case issued.After(now.Add(skew)), now.Sub(issued) > oldestIDToken+skew:
		return errors.New("iat is not just now")
	case !now.Before(expires.Add(skew)):
		return errors.New("the token has expired")
	case expires.Sub(issued) > longestLife:
		return errors.New("the token lives too long")
	case begins.After(now.Add(skew)):
		return errors.New("nbf lies ahead")
	default:
		return nil
	}
}
