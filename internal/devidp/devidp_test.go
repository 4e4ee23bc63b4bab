package devidp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"sigportal/internal/devidp"
)

// party is a relying party that knows no better than it must.
type party struct {
	t       *testing.T
	idp     *devidp.Server
	key     *ecdsa.PrivateKey
	back    string // its redirect address
	browser *http.Client
	logouts chan string
}

func newParty(t *testing.T) *party {
	t.Helper()
	idp, err := devidp.Start(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(idp.Close)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &party{t: t, idp: idp, key: key, browser: devidp.NewBrowser(), logouts: make(chan string, 4)}
	site := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			p.logouts <- r.PostFormValue("logout_token")
		}
	}))
	t.Cleanup(site.Close)
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Use: "sig"}}}
	client := devidp.PortalClient("eid", "party", keys, site.URL)
	p.back = client.RedirectURIs[0]
	if err := idp.Register(client); err != nil {
		t.Fatal(err)
	}
	if err := idp.People(
		devidp.Persona{ID: "anna", Name: "Anna Exempel", Issuer: "eid", Subject: "s-anna", Group: "Familjer", Note: "Vårdnadshavare",
			Claims: map[string]any{devidp.ClaimPersonalNumber: "199002042388"}},
		devidp.Persona{ID: "low", Name: "Låg Nivå", Issuer: "eid", Subject: "s-low", Group: "Familjer", ACR: devidp.LoA2},
		devidp.Persona{ID: "bo", Name: "Bo Tjänst", Issuer: "staff", Subject: "s-bo", Group: "Staden"},
	); err != nil {
		t.Fatal(err)
	}
	return p
}

// ask opens an authorization request and gives the page or the way back.
func (p *party) ask(change url.Values) *http.Response {
	p.t.Helper()
	q := url.Values{
		"response_type": {"code"}, "client_id": {"party"}, "redirect_uri": {p.back}, "state": {"st"}, "nonce": {"no"},
		"scope": {"openid " + devidp.ScopePersonInfo + " " + devidp.ScopePersonNumber}, "prompt": {"login"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(strings.Repeat("v", 43))}, "code_challenge_method": {"S256"},
	}
	for name, values := range change {
		if q[name] = values; len(values) == 0 {
			q.Del(name)
		}
	}
	res, err := p.browser.Get(p.idp.Issuer("eid") + "/authorize?" + q.Encode())
	if err != nil {
		p.t.Fatal(err)
	}
	return res
}

func (p *party) choose(page *http.Response, persona string) url.Values {
	p.t.Helper()
	res, err := devidp.Choose(p.browser, page, persona)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.Request.URL.Query()
}

// redeem exchanges a code and gives the claims, or the error's word.
func (p *party) redeem(code, verifier string, key *ecdsa.PrivateKey) (claims map[string]any, refused string) {
	p.t.Helper()
	now := time.Now()
	payload, _ := json.Marshal(map[string]any{"iss": "party", "sub": "party", "aud": p.idp.Issuer("eid"), "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix()})
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	signed, _ := signer.Sign(payload)
	assertion, _ := signed.CompactSerialize()
	res, err := http.PostForm(p.idp.Issuer("eid")+"/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.back}, "code_verifier": {verifier},
		"client_assertion": {assertion}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Error   string `json:"error"`
		IDToken string `json:"id_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		p.t.Fatal(err)
	}
	return payloadOf(p.t, answer.IDToken), answer.Error
}

func payloadOf(t *testing.T, token string) map[string]any {
	t.Helper()
	claims := map[string]any{}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		raw, _ := base64.RawURLEncoding.DecodeString(parts[1])
		if err := json.Unmarshal(raw, &claims); err != nil {
			t.Fatal(err)
		}
	}
	return claims
}

var verifier = strings.Repeat("v", 43)

func TestTheTokenSaysWhoWasChosen(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	answer := p.choose(p.ask(nil), "anna")
	if answer.Get("state") != "st" || answer.Get("iss") != p.idp.Issuer("eid") {
		t.Fatalf("the answer is %v", answer)
	}
	claims, refused := p.redeem(answer.Get("code"), verifier, p.key)
	if refused != "" {
		t.Fatal(refused)
	}
	for name, want := range map[string]any{
		"iss": p.idp.Issuer("eid"), "sub": "s-anna", "nonce": "no", "acr": devidp.LoA3, "name": "Anna Exempel",
		devidp.ClaimPersonalNumber: "199002042388",
	} {
		if claims[name] != want {
			t.Errorf("%s = %v, want %v", name, claims[name], want)
		}
	}
	if claims["sid"] == nil || claims["auth_time"] == nil {
		t.Errorf("sid or auth_time are absent: %v", claims)
	}
	if _, refused := p.redeem(answer.Get("code"), verifier, p.key); refused != "invalid_grant" {
		t.Errorf("a spent code was answered %q", refused)
	}
	low, _ := p.redeem(p.choose(p.ask(url.Values{"scope": {"openid"}}), "low").Get("code"), verifier, p.key)
	if low["acr"] != devidp.LoA2 || low["name"] != nil {
		t.Errorf("the low eID without scopes says %v", low)
	}
}

func TestTheProviderIsAsStrictAsARealOne(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, refused := p.redeem(p.choose(p.ask(nil), "anna").Get("code"), strings.Repeat("w", 43), p.key); refused != "invalid_grant" {
		t.Errorf("a wrong verifier was answered %q", refused)
	}
	if _, refused := p.redeem(p.choose(p.ask(nil), "anna").Get("code"), verifier, other); refused == "" {
		t.Error("another key was taken for the client's")
	}
	for name, change := range map[string]url.Values{
		"no PKCE":    {"code_challenge": nil, "code_challenge_method": nil},
		"PKCE plain": {"code_challenge_method": {"plain"}},
	} {
		if got := p.ask(change).Request.URL.Query().Get("error"); got != "invalid_request" {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, change := range map[string]url.Values{
		"a foreign redirect": {"redirect_uri": {"https://evil.example/"}}, "an unknown client": {"client_id": {"x"}},
	} {
		if res := p.ask(change); res.StatusCode < 400 || !strings.HasPrefix(res.Request.URL.String(), p.idp.URL) {
			t.Errorf("%s: %d at %s", name, res.StatusCode, res.Request.URL)
		}
	}
}

func TestThePageShowsThePeopleOfItsProviderOnly(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	page := p.ask(nil)
	doc, err := goquery.NewDocumentFromReader(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find(`button[name="persona"]`).Length(); got != 2 {
		t.Errorf("%d people are shown, want 2", got)
	}
	if got := doc.Find(`button[value="anna"]`).Text(); got != "Anna Exempel Vårdnadshavare" {
		t.Errorf("Anna is shown as %q", got)
	}
	if doc.Find("h2").Text() != "Familjer" || doc.Find("script").Length() != 0 || doc.Find(`input[name="persona"]`).Length() != 1 {
		t.Error("the page lacks its heading or its field, or has a script")
	}
	for _, persona := range []string{"bo", "", "<b>"} {
		res, err := p.browser.PostForm(page.Request.URL.String(), url.Values{"persona": {persona}})
		if err != nil || res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("persona %q: %v %v", persona, res.StatusCode, err)
		}
	}
}

func TestASessionAnswersUnlessThePersonIsWanted(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	first, _ := p.redeem(p.choose(p.ask(nil), "anna").Get("code"), verifier, p.key)
	again := p.ask(url.Values{"prompt": nil}).Request.URL.Query()
	if again.Get("code") == "" {
		t.Fatalf("without prompt the session did not answer: %v", again)
	}
	second, _ := p.redeem(again.Get("code"), verifier, p.key)
	if second["sid"] != first["sid"] || second["auth_time"] != first["auth_time"] {
		t.Errorf("the session answered as another: %v, %v", first, second)
	}
	for name, change := range map[string]url.Values{"prompt": {"prompt": {"login"}}, "max_age": {"prompt": nil, "max_age": {"0"}}} {
		if page := p.ask(change); !strings.HasSuffix(page.Request.URL.Path, "/signin") {
			t.Errorf("%s: the page was not shown but %s", name, page.Request.URL)
		}
	}
}

func TestTheEndOfASessionIsToldOverTheBackChannel(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	claims, _ := p.redeem(p.choose(p.ask(nil), "anna").Get("code"), verifier, p.key)
	home := strings.TrimSuffix(p.back, "/login/eid/callback") + "/"
	res, err := p.browser.Get(p.idp.Issuer("eid") + "/end_session?client_id=party&post_logout_redirect_uri=" + url.QueryEscape(home))
	if err != nil || res.Request.URL.String() != home {
		t.Fatalf("the end led to %v: %v", res.Request.URL, err)
	}
	token := payloadOf(t, <-p.logouts)
	if token["sid"] != claims["sid"] || token["sub"] != "s-anna" || token["jti"] == nil || token["events"] == nil || token["nonce"] != nil {
		t.Errorf("the logout token says %v", token)
	}
	if page := p.ask(url.Values{"prompt": nil}); !strings.HasSuffix(page.Request.URL.Path, "/signin") {
		t.Errorf("after the end the session still answers: %s", page.Request.URL)
	}
	res, err = p.browser.Get(p.idp.Issuer("eid") + "/end_session?client_id=party&post_logout_redirect_uri=https://evil.example/")
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Errorf("a foreign farewell address: %v %v", res.StatusCode, err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	p.choose(p.ask(nil), "anna")
	if n := p.idp.SignOutEverywhere(t.Context(), "eid", "s-anna"); n != 1 {
		t.Errorf("%d sessions were ended everywhere, want 1", n)
	}
	if token := payloadOf(t, <-p.logouts); token["sub"] != "s-anna" {
		t.Errorf("the second logout token says %v", token)
	}
}
