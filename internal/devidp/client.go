package devidp

import (
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Client is one registration of a portal at one provider.
type Client struct {
	Issuer         string // the provider's path word
	ID             string
	Keys           jose.JSONWebKeySet // public keys for private_key_jwt
	Secret         string             // only for tests of providers that cannot do better
	RedirectURIs   []string
	PostLogoutURIs []string
	BackChannelURI string
}

// PortalClient is the registration of a portal that answers at each of the
// bases (the shared address first, then each replica's own), with the paths
// that the portal uses for that provider. Logout tokens go to the first base.
func PortalClient(issuer, id string, keys jose.JSONWebKeySet, bases ...string) Client {
	c := Client{Issuer: issuer, ID: id, Keys: keys}
	for i, base := range bases {
		base = strings.TrimSuffix(base, "/")
		c.RedirectURIs = append(c.RedirectURIs, base+"/login/"+issuer+"/callback")
		c.PostLogoutURIs = append(c.PostLogoutURIs, base+"/")
		if i == 0 {
			c.BackChannelURI = base + "/logout/" + issuer + "/backchannel"
		}
	}
	return c
}

// registered lets the library read a Client.
type registered struct {
	Client
	loginURL string
}

var _ op.Client = registered{}

func (c registered) GetID() string                       { return c.ID }
func (c registered) RedirectURIs() []string              { return c.Client.RedirectURIs }
func (c registered) PostLogoutRedirectURIs() []string    { return c.PostLogoutURIs }
func (c registered) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c registered) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c registered) GrantTypes() []oidc.GrantType        { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c registered) LoginURL(request string) string      { return c.loginURL + "?id=" + request }
func (c registered) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c registered) IDTokenLifetime() time.Duration      { return 2 * time.Minute }
func (c registered) ClockSkew() time.Duration            { return 0 }
func (c registered) IDTokenUserinfoClaimsAssertion() bool {
	return true
}

// DevMode lets redirect addresses be plain http, which loopback needs.
func (c registered) DevMode() bool { return true }

// AuthMethod is private_key_jwt unless the registration has only a secret.
func (c registered) AuthMethod() oidc.AuthMethod {
	if c.Secret != "" {
		return oidc.AuthMethodBasic
	}
	return oidc.AuthMethodPrivateKeyJWT
}

func (c registered) RestrictAdditionalIdTokenScopes() func([]string) []string     { return same }
func (c registered) RestrictAdditionalAccessTokenScopes() func([]string) []string { return same }
func same(scopes []string) []string                                               { return scopes }

// IsScopeAllowed admits the scopes of the Swedish profile beside OpenID's own.
func (c registered) IsScopeAllowed(scope string) bool {
	return slices.Contains([]string{ScopePersonInfo, ScopePersonNumber, ScopePersonOrgID}, scope)
}
