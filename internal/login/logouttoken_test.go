package login

import (
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TestLogoutTokens is the table HI-L: what OpenID's certification tries, and more.
func TestLogoutTokens(t *testing.T) {
	h := newHostile(t)
	now := time.Now()
	event := map[string]any{logoutEvent: map[string]any{}}
	right := map[string]any{
		"iss": h.issuer, "aud": "portal", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"jti": "j1", "events": event, "sub": "person-1", "sid": "session-1",
	}
	for name, token := range map[string]string{
		"as it should be":       h.sign(right),
		"by subject alone":      h.sign(with(right, "sid", nil)),
		"by session alone":      h.sign(with(right, "sub", nil)),
		"typ logout+jwt":        sign(t, h.key, "ES256", "k1", right, map[jose.HeaderKey]any{"typ": "logout+jwt"}),
		"typ JWT":               sign(t, h.key, "ES256", "k1", right, map[jose.HeaderKey]any{"typ": "JWT"}),
		"aud as a list of just": h.sign(with(right, "aud", []string{"portal"})),
	} {
		out, err := h.relation(&clock{}).verifyLogoutToken(t.Context(), token)
		if err != nil || out.tokenID != "j1" {
			t.Errorf("%s: %v", name, err)
		}
	}
	parts := b64(`{"alg":"none"}`) + "." + b64(`{}`) + "."
	for name, token := range map[string]string{
		"alg none":               parts,
		"another key":            newHostile(t).sign(right),
		"HS256":                  sign(t, make([]byte, 32), "HS256", "k1", right, nil),
		"no event":               h.sign(with(right, "events", nil)),
		"another event":          h.sign(with(right, "events", map[string]any{"x": map[string]any{}})),
		"the event as a text":    h.sign(with(right, "events", logoutEvent)),
		"the event null":         h.sign(with(right, "events", map[string]any{logoutEvent: nil})),
		"with a nonce":           h.sign(with(right, "nonce", "n")),
		"aud another":            h.sign(with(right, "aud", "other")),
		"iss another":            h.sign(with(right, "iss", "https://evil.example")),
		"no jti":                 h.sign(with(right, "jti", nil)),
		"jti a number":           h.sign(with(right, "jti", 1)),
		"neither sub nor sid":    h.sign(with(with(right, "sub", nil), "sid", nil)),
		"sub a number":           h.sign(with(right, "sub", 1)),
		"no iat":                 h.sign(with(right, "iat", nil)),
		"made three minutes ago": h.sign(with(right, "iat", now.Add(-3*time.Minute).Unix())),
		"no exp":                 h.sign(with(right, "exp", nil)),
		"expired":                h.sign(with(right, "exp", now.Add(-time.Minute).Unix())),
		"an ID token":            h.sign(h.claims(now)),
		"typ at+jwt":             sign(t, h.key, "ES256", "k1", right, map[jose.HeaderKey]any{"typ": "at+jwt"}),
		"nothing":                "",
	} {
		if out, err := h.relation(&clock{}).verifyLogoutToken(t.Context(), token); err == nil {
			t.Errorf("%s: believed: %+v", name, out)
		}
	}
}

func TestAnIDTokenIsNoLogoutTokenNorTheOtherWayRound(t *testing.T) {
	h := newHostile(t)
	both := with(h.claims(time.Now()), "events", map[string]any{logoutEvent: map[string]any{}})
	both["jti"] = "j"
	if _, err := h.relation(&clock{}).verifyLogoutToken(t.Context(), h.sign(both)); err == nil {
		t.Error("a token with a nonce was taken for a logout token")
	}
}
