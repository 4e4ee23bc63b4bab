package login

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"sigportal/internal/fault"
)

const (
	documentsLive = time.Hour
	failureLives  = 3 * time.Second
)

// discover gives the provider's documents, at most an hour old. A provider
// that cannot be reached is not asked again for three seconds, so that its
// outage costs its own logins and nothing else.
func (r *relation) discover(ctx context.Context) (*documents, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.found != nil && now.Sub(r.foundAt) < documentsLive {
		return r.found, nil
	}
	if r.failed != nil && now.Sub(r.failedAt) < failureLives {
		return nil, r.failed
	}
	docs, err := r.fetchDocuments(ctx)
	if err != nil {
		r.failed = fault.Wrap(fault.Unavailable, "error.idp_unavailable", err)
		r.failedAt = now
		return nil, r.failed
	}
	r.found, r.foundAt, r.failed = docs, now, nil
	return docs, nil
}

func (r *relation) fetchDocuments(ctx context.Context) (*documents, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, r.http), r.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover %s: %w", r.Word, err)
	}
	var more struct {
		EndSession  string `json:"end_session_endpoint"`
		JWKS        string `json:"jwks_uri"`
		NamesItself bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, fmt.Errorf("read the documents of %s: %w", r.Word, err)
	}
	end := provider.Endpoint()
	for _, address := range []string{end.AuthURL, end.TokenURL, more.JWKS} {
		if !r.knowsHost(address) {
			return nil, fmt.Errorf("%s names an address on a host that is not configured", r.Word)
		}
	}
	if more.EndSession != "" && !r.knowsHost(more.EndSession) {
		more.EndSession = ""
	}
	return &documents{provider: provider, endSession: more.EndSession, namesItself: more.NamesItself, jwks: more.JWKS}, nil
}

// attempt is one login on its way: what the state row keeps about it.
type attempt struct {
	state, nonce, verifier string
	redirect               string
	fresh                  bool // the person must be there in the flesh
	language               string
}

// address is where the browser goes to sign in.
func (r *relation) address(ctx context.Context, a attempt) (string, error) {
	docs, err := r.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(a.verifier), oidc.Nonce(a.nonce),
		oauth2.SetAuthURLParam("acr_values", strings.Join(r.ACR, " ")),
	}
	if a.language != "" {
		options = append(options, oauth2.SetAuthURLParam("ui_locales", a.language))
	}
	if a.fresh || !r.SingleSignOn {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	} else {
		seconds := strconv.Itoa(int(singleSignOn.Seconds()))
		options = append(options, oauth2.SetAuthURLParam("max_age", seconds))
	}
	return r.oauth(docs, a.redirect).AuthCodeURL(a.state, options...), nil
}

func (r *relation) oauth(docs *documents, redirect string) *oauth2.Config {
	endpoint := docs.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	if r.Secret != "" {
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return &oauth2.Config{
		ClientID: r.ClientID, ClientSecret: r.Secret, Endpoint: endpoint, RedirectURL: redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, r.Scopes...),
	}
}

// exchange spends the code and checks what comes back. The tokens are not
// kept: the portal calls nothing in anybody's name.
func (r *relation) exchange(ctx context.Context, a attempt, code string, want expected) (Identity, error) {
	docs, err := r.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(a.verifier)}
	if r.Key != nil {
		assertion, err := r.assertion()
		if err != nil {
			return Identity{}, err
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion", assertion),
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
	}
	token, err := r.oauth(docs, a.redirect).Exchange(oidc.ClientContext(ctx, r.http), code, options...)
	if err != nil {
		if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answer.Response.StatusCode < 500 {
			return Identity{}, refused(fmt.Errorf("%s refused the code: %s", r.Word, answer.ErrorCode))
		}
		return Identity{}, fault.Wrap(fault.Unavailable, "error.idp_unavailable", fmt.Errorf("exchange the code at %s: %w", r.Word, err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, refused(errors.New("the answer has no id_token"))
	}
	want.accessToken = token.AccessToken
	return r.verifyIDToken(ctx, raw, want)
}

// assertion signs who we are for the token endpoint (private_key_jwt). Its
// audience is the issuer alone, so that another provider cannot pass it on.
func (r *relation) assertion() (string, error) {
	now := r.now()
	claims, err := json.Marshal(map[string]any{
		"iss": r.ClientID, "sub": r.ClientID, "aud": r.Issuer, "jti": random(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("write the client assertion: %w", err)
	}
	key := jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(r.Key.Algorithm),
		Key:       jose.JSONWebKey{Key: r.Key.Signer, KeyID: r.Key.ID},
	}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("make the signer of client assertions: %w", err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", fmt.Errorf("sign the client assertion: %w", err)
	}
	return signed.CompactSerialize()
}

// Public is the half of the client key that the provider is given, as a key
// set for its registration.
func (k *ClientKey) Public() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key: k.Signer.Public(), KeyID: k.ID, Algorithm: k.Algorithm, Use: "sig",
	}}}
}

// random draws 256 bits as text: states, nonces, secrets.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}
