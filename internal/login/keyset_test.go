package login

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"sigportal/internal/fault"
)

func TestANewKeyIsFetchedAndAWithdrawnOneRefusedWithinTenMinutes(t *testing.T) {
	h, clock := newHostile(t), &clock{}
	r := h.relation(clock)
	verify := func(token string) error {
		_, err := r.verifyIDToken(t.Context(), token, expected{nonce: "the-nonce", maxAge: time.Hour})
		return err
	}
	if err := verify(h.sign(h.claims(clock.now()))); err != nil {
		t.Fatal(err)
	}
	next := newECKey(t)
	h.showKeys(jose.JSONWebKey{Key: next.Public(), KeyID: "k2", Use: "sig"})
	clock.advance(31 * time.Second)
	if err := verify(sign(t, next, "ES256", "k2", h.claims(clock.now()), nil)); err != nil {
		t.Errorf("after a rotation the new key was refused: %v", err)
	}
	if err := verify(h.sign(h.claims(clock.now()))); err == nil {
		t.Error("the key that the provider took away was believed after new keys were seen")
	}
	h.showKeys(jose.JSONWebKey{Key: newECKey(t).Public(), KeyID: "k3"})
	clock.advance(10 * time.Minute)
	if err := verify(sign(t, next, "ES256", "k2", h.claims(clock.now()), nil)); err == nil {
		t.Error("a withdrawn key was believed ten minutes later")
	}
}

func TestUnknownKeysDoNotMakeThePortalHammerTheProvider(t *testing.T) {
	h, clock := newHostile(t), &clock{}
	r := h.relation(clock)
	for range 200 {
		_, err := r.verifyIDToken(t.Context(), sign(t, h.key, "ES256", "unknown", h.claims(clock.now()), nil), want())
		if err == nil {
			t.Fatal("a token under an unknown kid was believed")
		}
	}
	if asked := h.asked.Load(); asked != 1 {
		t.Errorf("200 unknown kids asked for keys %d times, want 1", asked)
	}
	clock.advance(31 * time.Second)
	_, _ = r.verifyIDToken(t.Context(), sign(t, h.key, "ES256", "unknown", h.claims(clock.now()), nil), want())
	if asked := h.asked.Load(); asked != 2 {
		t.Errorf("after 31 s keys were asked for %d times, want 2", asked)
	}
}

func TestKeySets(t *testing.T) {
	good := func(h *hostile) jose.JSONWebKey { return jose.JSONWebKey{Key: h.key.Public(), KeyID: "k1"} }
	raw := func(key jose.JSONWebKey) json.RawMessage { b, _ := json.Marshal(key); return b }
	cases := map[string]struct {
		keys     func(h *hostile) any
		kid      string
		accepted bool
	}{
		"one broken key beside the good one": {func(h *hostile) any {
			return map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "x": "!"}, map[string]any{"kty": "new"}, raw(good(h))}}
		}, "k1", true},
		"no kid in the token, one key":  {func(h *hostile) any { return map[string]any{"keys": []any{raw(good(h))}} }, "", true},
		"no kid in the token, two keys": {func(h *hostile) any { return map[string]any{"keys": []any{raw(good(h)), raw(good(newHostile(h.t)))}} }, "", false},
		"the same kid twice":            {func(h *hostile) any { return map[string]any{"keys": []any{raw(good(h)), raw(good(newHostile(h.t)))}} }, "k1", false},
		"a key for encryption":          {func(h *hostile) any { k := good(h); k.Use = "enc"; return map[string]any{"keys": []any{raw(k)}} }, "k1", false},
		"a key for another algorithm": {func(h *hostile) any {
			k := good(h)
			k.Algorithm = "ES384"
			return map[string]any{"keys": []any{raw(k)}}
		}, "k1", false},
		"a symmetric key": {func(*hostile) any {
			return map[string]any{"keys": []any{map[string]any{"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}}}
		}, "k1", false},
		"the private key shown": {func(h *hostile) any {
			return map[string]any{"keys": []any{raw(jose.JSONWebKey{Key: h.key, KeyID: "k1"})}}
		}, "k1", false},
		"ten thousand keys": {func(h *hostile) any {
			k := make([]any, 10000)
			for i := range k {
				k[i] = raw(good(h))
			}
			return map[string]any{"keys": k}
		}, "k1", false},
		"ten megabytes": {func(h *hostile) any {
			return map[string]any{"x": strings.Repeat("x", 10<<20), "keys": []any{raw(good(h))}}
		}, "k1", false},
		"no set": {func(*hostile) any { return "keys" }, "k1", false},
		"empty":  {func(*hostile) any { return map[string]any{} }, "k1", false},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHostile(t)
			h.mu.Lock()
			h.keys = one.keys(h)
			h.mu.Unlock()
			_, err := h.relation(&clock{}).verifyIDToken(t.Context(), sign(t, h.key, "ES256", one.kid, h.claims(time.Now()), nil), want())
			if (err == nil) != one.accepted {
				t.Errorf("accepted = %v, want %v (%v)", err == nil, one.accepted, err)
			}
		})
	}
}

func TestWeakRSAKeysFitNothing(t *testing.T) {
	strong := newRSAKey(t, 2048).PublicKey
	for name, key := range map[string]*rsa.PublicKey{
		"512 bits":   {N: new(big.Int).Lsh(big.NewInt(1), 511), E: 65537},
		"1024 bits":  {N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537},
		"exponent 1": {N: strong.N, E: 1},
		"exponent 3": {N: strong.N, E: 3},
	} {
		if fits(jose.JSONWebKey{Key: key}, "PS256") {
			t.Errorf("%s: fits", name)
		}
	}
	if !fits(jose.JSONWebKey{Key: &strong}, "PS256") || fits(jose.JSONWebKey{Key: &strong}, "ES256") {
		t.Error("a strong RSA key must fit PS256 and nothing of ECDSA")
	}
}

// TestDiscovery is the table HI-D: a provider's own documents cannot lead the
// portal to another host, another issuer, or round a corner.
func TestDiscovery(t *testing.T) {
	for name, bend := range map[string]func(h *hostile){
		"another issuer":              func(h *hostile) { h.showDocument("issuer", "https://evil.example") },
		"the issuer with a slash":     func(h *hostile) { h.showDocument("issuer", h.issuer+"/") },
		"token endpoint elsewhere":    func(h *hostile) { h.showDocument("token_endpoint", "https://evil.example/token") },
		"keys elsewhere":              func(h *hostile) { h.showDocument("jwks_uri", "http://169.254.169.254/keys") },
		"keys on another port":        func(h *hostile) { h.showDocument("jwks_uri", "http://localhost:1/keys") },
		"keys in a file":              func(h *hostile) { h.showDocument("jwks_uri", "file:///etc/passwd") },
		"keys by gopher":              func(h *hostile) { h.showDocument("jwks_uri", "gopher://localhost/") },
		"keys behind a name and sign": func(h *hostile) { h.showDocument("jwks_uri", strings.Replace(h.issuer, "://", "://user@", 1)) },
		"authorization elsewhere":     func(h *hostile) { h.showDocument("authorization_endpoint", "https://evil.example/a") },
		"authorization is script":     func(h *hostile) { h.showDocument("authorization_endpoint", "javascript:alert(1)") },
		"no keys":                     func(h *hostile) { h.showDocument("jwks_uri", nil) },
		"a document of 5 MB":          func(h *hostile) { h.showDocument("x", strings.Repeat("x", 5<<20)) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHostile(t)
			bend(h)
			_, err := h.relation(&clock{}).address(t.Context(), attempt{state: "s", nonce: "n", verifier: "v"})
			wrong, ok := errors.AsType[*fault.Error](err)
			if !ok || wrong.Kind != fault.Unavailable || wrong.Code != "error.idp_unavailable" {
				t.Errorf("address = %v, want the provider to count as unavailable", err)
			}
		})
	}
}

func TestTheWireLeadsToTheProviderOnly(t *testing.T) {
	h := newHostile(t)
	h.server.Config.Handler = http.RedirectHandler("http://localhost:1/inside", http.StatusFound)
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, "secret") }))
	t.Cleanup(inside.Close)
	wire := newWire(h.provider())
	for name, address := range map[string]string{
		"a redirect":     h.issuer + "/",
		"another port":   inside.URL,
		"its name there": strings.Replace(inside.URL, "127.0.0.1", "localhost", 1),
		"another host":   "https://evil.example/",
		"metadata":       "http://169.254.169.254/latest",
		"the same by IP": h.server.URL,
	} {
		res, err := wire.Get(address) //nolint:noctx // a test
		if err == nil {
			_ = res.Body.Close()
			t.Errorf("%s: the wire went there", name)
		}
	}
	outside := Provider{Word: "out", Issuer: "https://idp.example"}
	private := outside
	private.PrivateNetwork = true
	for address, want := range map[string][2]bool{ // public provider, provider on the private network
		"127.0.0.1:443": {false, false}, "[::1]:443": {false, false}, "[::ffff:127.0.0.1]:443": {false, false},
		"169.254.169.254:80": {false, false}, "10.1.2.3:443": {false, true}, "192.168.0.1:443": {false, true},
		"172.16.0.1:443": {false, true}, "100.64.0.1:443": {false, true}, "[fd00::1]:443": {false, true},
		"[::ffff:10.0.0.1]:443": {false, true}, "0.0.0.0:443": {false, false}, "[fe80::1]:443": {false, false},
		"224.0.0.1:443": {false, false}, "193.10.10.10:443": {true, true}, "not an address": {false, false},
	} {
		if got := allowed(outside)("tcp", address, nil) == nil; got != want[0] {
			t.Errorf("public provider at %s: allowed = %v", address, got)
		}
		if got := allowed(private)("tcp", address, nil) == nil; got != want[1] {
			t.Errorf("provider on the private network at %s: allowed = %v", address, got)
		}
	}
	if allowed(h.provider())("tcp", "193.10.10.10:443", nil) == nil {
		t.Error("a loopback provider's name led off the machine")
	}
}

func TestTheWayToTheProviderAsksForAllThatIsCheckedLater(t *testing.T) {
	h := newHostile(t)
	for name, one := range map[string]struct {
		sso, fresh  bool
		prompt, age string
	}{
		"a plain login":                 {false, false, "login", "0"},
		"a fresh login":                 {false, true, "login", "0"},
		"single sign-on":                {true, false, "", "28800"},
		"a fresh login with sign-on on": {true, true, "login", "0"},
	} {
		r := h.relation(&clock{})
		r.SingleSignOn = one.sso
		address, err := r.address(t.Context(), attempt{state: "s", nonce: "n", verifier: "v", redirect: "http://x/cb", fresh: one.fresh, language: "ar"})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(address)
		for field, want := range map[string]string{
			"response_type": "code", "client_id": "portal", "redirect_uri": "http://x/cb", "state": "s", "nonce": "n", "scope": "openid",
			"code_challenge_method": "S256", "acr_values": "http://id.elegnamnden.se/loa/1.0/loa3", "ui_locales": "ar",
			"prompt": one.prompt, "max_age": one.age,
		} {
			if got := u.Query().Get(field); got != want {
				t.Errorf("%s: %s = %q, want %q", name, field, got, want)
			}
		}
		if challenge := u.Query().Get("code_challenge"); challenge == "" || challenge == "v" {
			t.Errorf("%s: code_challenge = %q", name, challenge)
		}
	}
}
