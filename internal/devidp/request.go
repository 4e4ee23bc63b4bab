package devidp

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// request is one authorization request from the portal, and who answered it.
type request struct {
	id      string
	asked   *oidc.AuthRequest
	created time.Time
	session *session // nil until somebody has signed in
}

var _ op.AuthRequest = (*request)(nil)

// session is one person signed in at one provider: what single sign-on
// remembers, and what ends with a logout token to every client in it.
type session struct {
	sid      string
	persona  Persona
	authTime time.Time
	clients  map[string]bool
}

func (r *request) GetID() string { return r.id }
func (r *request) GetACR() string {
	switch {
	case r.session == nil:
		return ""
	case r.session.persona.ACR == "":
		return LoA3
	default:
		return r.session.persona.ACR
	}
}
func (r *request) GetAMR() []string      { return nil }
func (r *request) GetAudience() []string { return []string{r.asked.ClientID} }
func (r *request) GetAuthTime() time.Time {
	if r.session == nil {
		return time.Time{}
	}
	return r.session.authTime
}
func (r *request) GetClientID() string { return r.asked.ClientID }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: r.asked.CodeChallengeMethod}
}
func (r *request) GetNonce() string                   { return r.asked.Nonce }
func (r *request) GetRedirectURI() string             { return r.asked.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.asked.ResponseMode }
func (r *request) GetScopes() []string                { return r.asked.Scopes }
func (r *request) GetState() string                   { return r.asked.State }
func (r *request) GetSubject() string {
	if r.session == nil {
		return ""
	}
	return r.session.persona.Subject
}
func (r *request) Done() bool { return r.session != nil }

// satisfiedBy reports whether a session from before answers the request, or
// whether the person must come to the page in the flesh.
func (r *request) satisfiedBy(s *session, now time.Time) bool {
	for _, prompt := range r.asked.Prompt {
		if prompt == oidc.PromptLogin || prompt == oidc.PromptSelectAccount {
			return false
		}
	}
	if r.asked.MaxAge == nil {
		return true
	}
	return now.Sub(s.authTime) < time.Duration(*r.asked.MaxAge)*time.Second // a demo's max_age fits
}
