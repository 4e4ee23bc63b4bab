package devidp

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/crypto"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// TerminateSessionFromRequest ends the browser's session at this provider
// (RP-initiated logout) and tells every client in it over the back channel.
func (p *provider) TerminateSessionFromRequest(ctx context.Context, end *op.EndSessionRequest) (string, error) {
	if cookie, ok := ctx.Value(cookieKey{}).(string); ok {
		p.end(ctx, func(key string, _ *session) bool { return key == cookie })
	}
	return end.RedirectURI, nil
}

// TerminateSession ends every session of a subject.
func (p *provider) TerminateSession(ctx context.Context, subject, _ string) error {
	p.end(ctx, func(_ string, s *session) bool { return s.persona.Subject == subject })
	return nil
}

// end removes the matching sessions and sends their logout tokens. A client
// that cannot be reached has lost its chance, as with real providers.
func (p *provider) end(ctx context.Context, match func(string, *session) bool) int {
	var gone []*session
	p.mu.Lock()
	for key, s := range p.sessions {
		if match(key, s) {
			gone = append(gone, s)
			delete(p.sessions, key)
		}
	}
	p.mu.Unlock()
	for _, s := range gone {
		for id := range s.clients {
			p.notify(ctx, id, s)
		}
	}
	return len(gone)
}

func (p *provider) notify(ctx context.Context, clientID string, s *session) {
	p.mu.Lock()
	client := p.clients[clientID]
	p.mu.Unlock()
	if client.BackChannelURI == "" {
		return
	}
	token, err := p.logoutToken(clientID, s.persona.Subject, s.sid)
	if err == nil {
		_, _ = p.sendLogout(ctx, client.BackChannelURI, token)
	}
}

// logoutToken signs one logout token of OpenID Connect Back-Channel Logout 1.0.
func (p *provider) logoutToken(clientID, subject, sid string) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key.key, KeyID: p.key.id}},
		(&jose.SignerOptions{}).WithType("logout+jwt"))
	if err != nil {
		return "", fmt.Errorf("make the signer: %w", err)
	}
	claims := oidc.NewLogoutTokenClaims(p.issuer, subject, oidc.Audience{clientID},
		time.Now().Add(2*time.Minute), random(), sid, 0) // protocol time
	return crypto.Sign(claims, signer)
}

func (p *provider) sendLogout(ctx context.Context, address, token string) (int, error) {
	form := url.Values{"logout_token": {token}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, fmt.Errorf("address the logout token: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := p.httpClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send the logout token: %w", err)
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}
