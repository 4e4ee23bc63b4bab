package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"sigportal/internal/fault"
)

func want() expected {
	return expected{nonce: "the-nonce", maxAge: freshLogin, notBefore: time.Now().Add(-time.Minute)}
}

func TestATokenAsTheProfileWantsItIsAccepted(t *testing.T) {
	h := newHostile(t)
	id, err := h.relation(&clock{}).verifyIDToken(t.Context(), h.sign(h.claims(time.Now())), want())
	if err != nil {
		t.Fatalf("a right token was refused: %v", err)
	}
	if id.Subject != "person-1" || id.SID != "session-1" || id.Name != "Ada Exempel" || id.AuthTime.IsZero() {
		t.Errorf("identity = %+v", id)
	}
}

// TestHeadersAndSignatures is the table HI-A: none of these tokens may be
// believed, whoever signed them and whatever they say about their key.
func TestHeadersAndSignatures(t *testing.T) {
	h := newHostile(t)
	claims := h.claims(time.Now())
	good := h.sign(claims)
	parts := strings.Split(good, ".")
	foreign := newECKey(t)
	weak := newRSAKey(t, 2048)
	der, err := x509.MarshalPKIXPublicKey(h.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	jwk, _ := json.Marshal(jose.JSONWebKey{Key: h.key.Public(), KeyID: "k1"})
	header := func(text string) string { return b64(text) + "." + parts[1] + "." + parts[2] }
	extra := func(name string, value any) string {
		return sign(t, h.key, "ES256", "k1", claims, map[jose.HeaderKey]any{jose.HeaderKey(name): value})
	}
	foreignWith := func(name string, value any) string {
		return sign(t, foreign, "ES256", "k1", claims, map[jose.HeaderKey]any{jose.HeaderKey(name): value})
	}
	cases := map[string]string{
		"alg none, no signature":        b64(`{"alg":"none"}`) + "." + parts[1] + ".",
		"alg none, a signature":         header(`{"alg":"none","kid":"k1"}`),
		"alg None":                      header(`{"alg":"None","kid":"k1"}`),
		"alg nOnE":                      header(`{"alg":"nOnE","kid":"k1"}`),
		"alg empty":                     header(`{"alg":"","kid":"k1"}`),
		"alg absent":                    header(`{"kid":"k1"}`),
		"alg null":                      header(`{"alg":null,"kid":"k1"}`),
		"alg a list":                    header(`{"alg":["ES256"],"kid":"k1"}`),
		"alg twice":                     header(`{"alg":"ES256","alg":"none","kid":"k1"}`),
		"alg in capitals":               header(`{"ALG":"ES256","kid":"k1"}`),
		"HS256 with the PEM as secret":  sign(t, pemKey, "HS256", "k1", claims, nil),
		"HS256 with the DER as secret":  sign(t, der, "HS256", "k1", claims, nil),
		"HS256 with the JWK as secret":  sign(t, jwk, "HS256", "k1", claims, nil),
		"HS256 with the client secret":  sign(t, []byte(strings.Repeat("s", 32)), "HS256", "", claims, nil),
		"RS256 though ES256 is agreed":  sign(t, weak, "RS256", "k1", claims, nil),
		"PS256 though ES256 is agreed":  sign(t, weak, "PS256", "k1", claims, nil),
		"another key under our kid":     sign(t, foreign, "ES256", "k1", claims, nil),
		"another key without kid":       sign(t, foreign, "ES256", "", claims, nil),
		"an unknown kid":                sign(t, h.key, "ES256", "k2", claims, nil),
		"a kid that is a path":          sign(t, h.key, "ES256", "../../../dev/null", claims, nil),
		"a kid that is SQL":             sign(t, h.key, "ES256", "k1' or '1'='1", claims, nil),
		"a kid of 64 KB":                sign(t, h.key, "ES256", strings.Repeat("k", 64<<10), claims, nil),
		"a kid of 300 bytes":            sign(t, h.key, "ES256", strings.Repeat("k", 300), claims, nil),
		"kid a number":                  header(`{"alg":"ES256","kid":1}`),
		"jku to a foreign key":          foreignWith("jku", "https://evil.example/keys"),
		"x5u to a foreign key":          foreignWith("x5u", "https://evil.example/cert"),
		"jwk holding the foreign key":   foreignWith("jwk", jose.JSONWebKey{Key: foreign.Public()}),
		"crit":                          extra("crit", []string{"exp"}),
		"b64 false":                     header(`{"alg":"ES256","kid":"k1","b64":false,"crit":["b64"]}`),
		"zip":                           header(`{"alg":"ES256","kid":"k1","zip":"DEF"}`),
		"typ at+jwt":                    extra("typ", "at+jwt"),
		"typ logout+jwt":                extra("typ", "logout+jwt"),
		"typ a number":                  header(`{"alg":"ES256","kid":"k1","typ":1}`),
		"two parts":                     parts[0] + "." + parts[1],
		"four parts":                    good + "." + parts[2],
		"six parts":                     good + "." + good,
		"an encrypted token's parts":    b64(`{"alg":"dir","enc":"A128GCM"}`) + "..a.b.c",
		"nothing":                       "",
		"dots":                          "..",
		"no signature":                  parts[0] + "." + parts[1] + ".",
		"half a signature":              parts[0] + "." + parts[1] + "." + parts[2][:40],
		"padded base64":                 parts[0] + "=." + parts[1] + "." + parts[2],
		"standard base64":               parts[0] + "." + parts[1] + "." + "+/" + parts[2][2:],
		"a newline inside":              parts[0] + "\n." + parts[1] + "." + parts[2],
		"a blank before":                " " + good,
		"claims exchanged":              parts[0] + "." + b64(`{"sub":"admin"}`) + "." + parts[2],
		"psychic signature r=s=0":       parts[0] + "." + parts[1] + "." + b64(string(make([]byte, 64))),
		"signature in DER":              derSignature(t, parts),
		"a byte order mark":             header("\ufeff" + `{"alg":"ES256","kid":"k1"}`),
		"header an array":               header(`["ES256"]`),
		"header followed by something":  header(`{"alg":"ES256","kid":"k1"}{}`),
		"a megabyte":                    good + strings.Repeat("A", 1<<20),
		"JSON serialisation":            `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"signed by the other provider":  newHostile(t).sign(claims),
		"an ES384 key of the same name": es384(t, claims),
	}
	for name, token := range cases {
		t.Run(name, func(t *testing.T) {
			r := h.relation(&clock{})
			id, err := r.verifyIDToken(t.Context(), token, want())
			mustRefuse(t, id, err, "error.login_failed")
		})
	}
}

// TestClaims is the table HI-B: signed by the right key, and still not what we
// asked for.
func TestClaims(t *testing.T) {
	h := newHostile(t)
	now := time.Now()
	base := h.claims(now)
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	low, old := "error.acr_too_low", "error.login_too_old"
	cases := []struct {
		name, claim string
		value       any
		code        string
	}{
		{"iss absent", "iss", nil, ""}, {"iss another", "iss", "https://evil.example", ""},
		{"iss with a slash", "iss", h.issuer + "/", ""}, {"iss in capitals", "iss", strings.ToUpper(h.issuer), ""},
		{"iss a list", "iss", []string{h.issuer}, ""}, {"iss under another address", "iss", h.issuer + "/x", ""},
		{"aud absent", "aud", nil, ""}, {"aud another", "aud", "other", ""}, {"aud empty list", "aud", []string{}, ""},
		{"aud us and another", "aud", []string{"portal", "other"}, ""}, {"aud a number", "aud", 1, ""},
		{"aud nested", "aud", [][]string{{"portal"}}, ""}, {"aud in capitals", "aud", "PORTAL", ""},
		{"azp another", "azp", "other", ""}, {"azp a list", "azp", []string{"portal"}, ""},
		{"sub absent", "sub", nil, ""}, {"sub empty", "sub", "", ""}, {"sub a number", "sub", 17, ""},
		{"sub 300 characters", "sub", strings.Repeat("a", 300), ""}, {"sub with NUL", "sub", "a\x00b", ""},
		{"sub with look-alike letters", "sub", "pеrson-1", ""}, {"sub with a blank", "sub", "person-1 ", ""},
		{"sub a list", "sub", []string{"person-1"}, ""}, {"sub with a newline", "sub", "person\n1", ""},
		{"exp absent", "exp", nil, ""}, {"exp 11 s ago", "exp", at(-11 * time.Second), ""}, {"exp 0", "exp", 0, ""},
		{"exp negative", "exp", -1, ""}, {"exp a text", "exp", fmt.Sprint(at(time.Minute)), ""}, {"exp 1e308", "exp", 1e308, ""},
		{"exp in ten years", "exp", at(87600 * time.Hour), ""}, {"exp a list", "exp", []int64{at(time.Minute)}, ""},
		{"exp true", "exp", true, ""}, {"iat absent", "iat", nil, ""}, {"iat 12 s ahead", "iat", at(12 * time.Second), ""},
		{"iat an hour ago", "iat", at(-time.Hour), ""}, {"iat a text", "iat", "now", ""}, {"iat negative", "iat", -5, ""},
		{"nbf 12 s ahead", "nbf", at(12 * time.Second), ""}, {"nbf a text", "nbf", "1", ""}, {"nbf an object", "nbf", map[string]int{}, ""},
		{"nonce absent", "nonce", nil, ""}, {"nonce another", "nonce", "other", ""}, {"nonce empty", "nonce", "", ""},
		{"nonce a list", "nonce", []string{"the-nonce"}, ""}, {"nonce a prefix", "nonce", "the-nonc", ""},
		{"acr absent", "acr", nil, low}, {"acr of level 2", "acr", "http://id.elegnamnden.se/loa/1.0/loa2", low},
		{"acr of level 4, not listed", "acr", "http://id.elegnamnden.se/loa/1.0/loa4", low}, {"acr empty", "acr", "", low},
		{"acr a list", "acr", []string{"http://id.elegnamnden.se/loa/1.0/loa3"}, low},
		{"acr level 3 and more", "acr", "http://id.elegnamnden.se/loa/1.0/loa3 x", low},
		{"auth_time absent", "auth_time", nil, ""}, {"auth_time a text", "auth_time", "now", ""},
		{"auth_time before the login began", "auth_time", at(-2 * time.Minute), old},
		{"auth_time last year", "auth_time", at(-8760 * time.Hour), old},
		{"auth_time ahead", "auth_time", at(time.Minute), old}, {"auth_time 0", "auth_time", 0, ""},
		{"sid a number", "sid", 4, ""}, {"sid endless", "sid", strings.Repeat("s", 300), ""},
		{"name a list", "name", []string{"A"}, ""}, {"at_hash of another token", "at_hash", "AAAAAAAAAAAAAAAAAAAAAA", ""},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			asked := want()
			asked.accessToken = "the-access-token"
			id, err := h.relation(&clock{}).verifyIDToken(t.Context(), h.sign(with(base, one.claim, one.value)), asked)
			code := one.code
			if code == "" {
				code = "error.login_failed"
			}
			mustRefuse(t, id, err, code)
		})
	}
	text, _ := json.Marshal(base)
	for name, payload := range map[string]string{
		"sub twice":           strings.Replace(string(text), `"sub":`, `"sub":"admin","sub":`, 1),
		"iss only in capital": strings.Replace(string(text), `"iss":`, `"ISS":`, 1),
		"nested ten thousand": strings.Replace(string(text), `{`, `{"x":`+strings.Repeat("[", 10000)+strings.Repeat("]", 10000)+`,`, 1),
		"not UTF-8":           strings.Replace(string(text), "Ada", "A\xff", 1),
		"a list of claims":    "[" + string(text) + "]",
		"two objects":         string(text) + string(text),
		"no JSON":             "hello",
		"empty":               "",
	} {
		t.Run(name, func(t *testing.T) {
			id, err := h.relation(&clock{}).verifyIDToken(t.Context(), h.sign([]byte(payload)), want())
			mustRefuse(t, id, err, "error.login_failed")
		})
	}
}

func TestClocksMayDifferByTenSecondsAndNoMore(t *testing.T) {
	h := newHostile(t)
	now := time.Now()
	for name, one := range map[string]struct {
		claim    string
		off      time.Duration
		accepted bool
	}{
		"expired 8 s ago":     {"exp", -8 * time.Second, true},
		"made 8 s ahead":      {"iat", 8 * time.Second, true},
		"valid from 8 s on":   {"nbf", 8 * time.Second, true},
		"expired 12 s ago":    {"exp", -12 * time.Second, false},
		"made 13 s ahead":     {"iat", 13 * time.Second, false},
		"valid from 13 s on":  {"nbf", 13 * time.Second, false},
		"signed in 8 s ahead": {"auth_time", 8 * time.Second, true},
	} {
		_, err := h.relation(&clock{}).verifyIDToken(t.Context(), h.sign(with(h.claims(now), one.claim, now.Add(one.off).Unix())), want())
		if (err == nil) != one.accepted {
			t.Errorf("%s: accepted = %v, want %v (%v)", name, err == nil, one.accepted, err)
		}
	}
}

func mustRefuse(t *testing.T, id Identity, err error, code string) {
	t.Helper()
	if err == nil {
		t.Fatalf("the token was believed: %s", id.Subject)
	}
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || wrong.Code != code || wrong.Kind != fault.Denied {
		t.Errorf("answer = %v, want a Denied %s", err, code)
	}
	for _, private := range []string{"person-1", "Ada"} {
		if strings.Contains(err.Error(), private) {
			t.Errorf("the error tells %q", private)
		}
	}
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// derSignature is the same signature in the form that X.509 uses and JOSE not.
func derSignature(t *testing.T, parts []string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	der := append([]byte{0x30, 68, 2, 32}, raw[:32]...)
	der = append(append(der, 2, 32), raw[32:]...)
	return parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(der)
}

func es384(t *testing.T, claims map[string]any) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, key, "ES384", "k1", claims, nil)
}
