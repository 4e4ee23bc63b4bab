package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// hostile is a provider that a test bends as it likes: every document and
// every token comes from a field that the test may change.
type hostile struct {
	t      testing.TB
	server *httptest.Server
	issuer string
	key    *ecdsa.PrivateKey
	asked  atomic.Int64 // for keys

	mu       sync.Mutex
	document map[string]any
	keys     any // what jwks_uri answers, as JSON
	token    http.HandlerFunc
}

func newHostile(t testing.TB) *hostile {
	t.Helper()
	h := &hostile{t: t, key: newECKey(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		writeJSON(w, h.document)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		h.asked.Add(1)
		h.mu.Lock()
		defer h.mu.Unlock()
		writeJSON(w, h.keys)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		token := h.token
		h.mu.Unlock()
		token(w, r)
	})
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	h.issuer = strings.Replace(h.server.URL, "127.0.0.1", "localhost", 1)
	h.document = map[string]any{
		"issuer": h.issuer, "authorization_endpoint": h.issuer + "/authorize", "token_endpoint": h.issuer + "/token",
		"jwks_uri": h.issuer + "/keys", "id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
	}
	h.showKeys(jose.JSONWebKey{Key: h.key.Public(), KeyID: "k1", Use: "sig", Algorithm: "ES256"})
	return h
}

func (h *hostile) showKeys(keys ...jose.JSONWebKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys = jose.JSONWebKeySet{Keys: keys}
}

func (h *hostile) showDocument(name string, value any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.document[name] = value
}

func (h *hostile) provider() Provider {
	return Provider{
		Word: "hostile", Title: "Hostile", Kind: KindStaff, Issuer: h.issuer, ClientID: "portal", Secret: "s",
		Algorithms: []string{"ES256"}, ACR: []string{"http://id.elegnamnden.se/loa/1.0/loa3"},
	}
}

// relation is the portal's side, under a clock that the test holds.
func (h *hostile) relation(clock *clock) *relation {
	h.t.Helper()
	r, err := newRelation(h.provider(), clock.now)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// claims are those of a token that must be accepted.
func (h *hostile) claims(now time.Time) map[string]any {
	return map[string]any{
		"iss": h.issuer, "sub": "person-1", "aud": "portal", "nonce": "the-nonce",
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "auth_time": now.Unix(),
		"acr": "http://id.elegnamnden.se/loa/1.0/loa3", "name": "Ada Exempel", "sid": "session-1",
	}
}

func with(claims map[string]any, name string, value any) map[string]any {
	changed := maps.Clone(claims)
	if value == nil {
		delete(changed, name)
	} else {
		changed[name] = value
	}
	return changed
}

// sign makes a token of the claims with the key, under the header's extras.
func sign(t testing.TB, key any, algorithm, kid string, claims any, header map[jose.HeaderKey]any) string {
	t.Helper()
	payload, ok := claims.([]byte)
	if !ok {
		var err error
		if payload, err = json.Marshal(claims); err != nil {
			t.Fatal(err)
		}
	}
	var signingKey any = jose.JSONWebKey{Key: key, KeyID: kid}
	if kid == "" {
		signingKey = key
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(algorithm), Key: signingKey},
		&jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (h *hostile) sign(claims any) string {
	h.t.Helper()
	return sign(h.t, h.key, "ES256", "k1", claims, nil)
}

func newECKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newRSAKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// clock is wall clock in a test's hand.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }
