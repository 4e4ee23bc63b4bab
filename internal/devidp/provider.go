package devidp

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// provider is one issuer: the library's endpoints, our sign-in page, and what
// both remember.
type provider struct {
	word, title, issuer string
	key                 signingKey
	library             *op.Provider
	httpClient          *http.Client

	mu       sync.Mutex
	people   []Persona
	clients  map[string]Client
	requests map[string]*request
	codes    map[string]issuedCode
	sessions map[string]*session // by the browser's cookie
}

type issuedCode struct {
	request string
	at      time.Time
}

func newProvider(word, title, issuer string) (*provider, error) {
	key, err := newSigningKey()
	if err != nil {
		return nil, err
	}
	p := &provider{
		word: word, title: title, issuer: issuer, key: key,
		httpClient: &http.Client{Timeout: 3 * time.Second},
		clients:    map[string]Client{}, requests: map[string]*request{},
		codes: map[string]issuedCode{}, sessions: map[string]*session{},
	}
	cfg := &op.Config{
		CodeMethodS256: true, AuthMethodPrivateKeyJWT: true, AuthMethodPost: true,
		BackChannelLogoutSupported: true, BackChannelLogoutSessionSupported: true,
		SupportedScopes: []string{"openid", "profile", ScopePersonInfo, ScopePersonNumber, ScopePersonOrgID},
	}
	_, _ = rand.Read(cfg.CryptoKey[:])
	p.library, err = op.NewProvider(cfg, p, op.StaticIssuer(issuer),
		op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, fmt.Errorf("make the provider %s: %w", word, err)
	}
	return p, nil
}

// handler serves everything under the issuer's path.
func (p *provider) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /signin", p.showSignIn)
	mux.HandleFunc("POST /signin", p.signIn)
	mux.HandleFunc("GET /end_session", p.endSession)
	mux.Handle("/", p.namingIssuer(p.library))
	return http.StripPrefix("/"+p.word, mux)
}

// discovery adds to the library's document what we do and it does not know.
func (p *provider) discovery(w http.ResponseWriter, r *http.Request) {
	document := op.CreateDiscoveryConfig(op.ContextWithIssuer(r.Context(), p.issuer), p.library, p)
	raw, err := json.Marshal(document)
	all := map[string]any{}
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		http.Error(w, "discovery", http.StatusInternalServerError)
		return
	}
	all["authorization_response_iss_parameter_supported"] = true
	all["acr_values_supported"] = []string{LoA2, LoA3}
	all["response_types_supported"] = []string{"code"}
	all["token_endpoint_auth_signing_alg_values_supported"] = []string{"RS256", "PS256", "ES256"}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(all)
}

// namingIssuer adds the iss parameter of RFC 9207 to every answer that the
// library sends back to a client's redirect address.
func (p *provider) namingIssuer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&issuerWriter{w, p}, r)
	})
}

type issuerWriter struct {
	http.ResponseWriter
	p *provider
}

// WriteHeader looks at a redirect before it leaves.
func (w *issuerWriter) WriteHeader(status int) {
	location, err := url.Parse(w.Header().Get("Location"))
	if err == nil && status == http.StatusFound && strings.HasSuffix(location.Path, "/callback") &&
		!strings.HasPrefix(location.String(), w.p.issuer) {
		query := location.Query()
		query.Set("iss", w.p.issuer)
		location.RawQuery = query.Encode()
		w.Header().Set("Location", location.String())
	}
	w.ResponseWriter.WriteHeader(status)
}

type cookieKey struct{}

// endSession tells the library which browser asks, so that the right session ends.
func (p *provider) endSession(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(p.cookieName()); err == nil {
		r = r.WithContext(context.WithValue(r.Context(), cookieKey{}, c.Value))
	}
	p.library.ServeHTTP(w, r)
}

func (p *provider) cookieName() string { return "devidp_" + p.word }
