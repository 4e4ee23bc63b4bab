package devidp

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The provider is its own storage: everything lives in memory and dies with
// the process, as a test's provider should.
var (
	_                                      op.Storage                        = (*provider)(nil)
	_                                      op.CanSetUserinfoFromRequest      = (*provider)(nil)
	_                                      op.CanTerminateSessionFromRequest = (*provider)(nil)
	errUnknown                                                               = errors.New("unknown")
	requestLife, codeLife, accessTokenLife                                   = 10 * time.Minute, time.Minute, 2 * time.Minute
)

// CreateAuthRequest keeps a request until somebody answers it. It demands
// PKCE with S256, which the library would only check when it is there.
func (p *provider) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("code_challenge with S256 is required")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now() // protocol time
	for id, old := range p.requests {
		if now.Sub(old.created) > requestLife {
			delete(p.requests, id)
		}
	}
	r := &request{id: random(), asked: asked, created: now}
	p.requests[r.id] = r
	return r, nil
}

// AuthRequestByID finds a request that is still open.
func (p *provider) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r, ok := p.requests[id]; ok {
		return r, nil
	}
	return nil, errUnknown
}

// SaveAuthCode remembers the code of a request for one minute.
func (p *provider) SaveAuthCode(_ context.Context, id, code string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = issuedCode{id, time.Now()} // protocol time
	return nil
}

// AuthRequestByCode spends a code: a second try, right or wrong, finds none.
func (p *provider) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	issued, ok := p.codes[code]
	delete(p.codes, code)
	r := p.requests[issued.request]
	if !ok || r == nil || time.Since(issued.at) > codeLife {
		return nil, errUnknown
	}
	return r, nil
}

// DeleteAuthRequest forgets a request once its tokens are made.
func (p *provider) DeleteAuthRequest(_ context.Context, id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.requests, id)
	return nil
}

// CreateAccessToken names an access token; nothing here accepts one.
func (p *provider) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return random(), time.Now().Add(accessTokenLife), nil // protocol time
}

// CreateAccessAndRefreshTokens refuses: the portal keeps no tokens.
func (p *provider) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errUnknown
}

// TokenRequestByRefreshToken refuses: there are none.
func (p *provider) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, op.ErrInvalidRefreshToken
}

// RevokeToken has nothing to revoke.
func (p *provider) RevokeToken(context.Context, string, string, string) *oidc.Error { return nil }

// GetRefreshTokenInfo refuses: there are none.
func (p *provider) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

// GetClientByClientID finds the portal's registration.
func (p *provider) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.clients[id]; ok {
		return registered{c, p.issuer + "/signin"}, nil
	}
	return nil, errUnknown
}

// AuthorizeClientIDSecret checks the secret of a client that has only that.
func (p *provider) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.clients[id]; ok && c.Secret != "" && c.Secret == secret {
		return nil
	}
	return errUnknown
}

// GetKeyByIDAndClientID finds the public key that a client assertion names.
func (p *provider) GetKeyByIDAndClientID(_ context.Context, kid, id string) (*jose.JSONWebKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range p.clients[id].Keys.Keys {
		if key.KeyID == kid {
			return &key, nil
		}
	}
	return nil, errUnknown
}

// SetUserinfoFromScopes does nothing: SetUserinfoFromRequest knows the person.
func (p *provider) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest puts the person's claims and the session into the ID token.
func (p *provider) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, token op.IDTokenRequest, scopes []string) error {
	r, ok := token.(*request)
	if !ok || r.session == nil {
		return errUnknown
	}
	r.session.persona.release(info, scopes)
	info.AppendClaims("sid", r.session.sid)
	return nil
}

// SetUserinfoFromToken refuses: the portal reads the ID token only.
func (p *provider) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return errUnknown
}

// SetIntrospectionFromToken refuses: nothing introspects.
func (p *provider) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errUnknown
}

// GetPrivateClaimsFromScopes adds nothing to access tokens.
func (p *provider) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return map[string]any{}, nil
}

// ValidateJWTProfileScopes refuses every scope of the unused JWT grant.
func (p *provider) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnknown
}

// Health is well while the process is.
func (p *provider) Health(context.Context) error { return nil }
