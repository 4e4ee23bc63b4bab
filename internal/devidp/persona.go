package devidp

import (
	"maps"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// Claims and scopes of the Swedish OpenID Connect Profile that the invented
// people may carry.
const (
	ClaimPersonalNumber          = "https://id.oidc.se/claim/personalIdentityNumber"
	ClaimCoordinationNumber      = "https://id.oidc.se/claim/coordinationNumber"
	ClaimCoordinationNumberLevel = "https://id.oidc.se/claim/coordinationNumberLevel"
	ClaimOrgAffiliation          = "https://id.oidc.se/claim/orgAffiliation"
	ScopePersonInfo              = "https://id.oidc.se/scope/naturalPersonInfo"
	ScopePersonNumber            = "https://id.oidc.se/scope/naturalPersonNumber"
	ScopePersonOrgID             = "https://id.oidc.se/scope/naturalPersonOrgId"
)

// Assurance levels as Swedish providers name them in acr.
const (
	LoA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
	LoA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
)

// Persona is one invented person who can sign in at one of the providers.
type Persona struct {
	ID      string         // what the form field persona carries, such as "samordnare-farsta"
	Name    string         // shown on the page and sent as the name claim
	Issuer  string         // the provider's path word: staff, police or eid
	Subject string         // sub, the same for ever
	Claims  map[string]any // further claims; released by scope, see scopeOf
	ACR     string         // the level that this person's eID reaches; empty means LoA3
	Group   string         // heading on the sign-in page
	Note    string         // role in plain words, beside the name
}

// scopeOf says which scope releases a claim; a claim that is not listed needs
// none beyond openid.
var scopeOf = map[string]string{
	ClaimPersonalNumber:          ScopePersonNumber,
	ClaimCoordinationNumber:      ScopePersonNumber,
	ClaimCoordinationNumberLevel: ScopePersonNumber,
	ClaimOrgAffiliation:          ScopePersonOrgID,
}

// release puts the claims that the scopes allow into the token.
func (p Persona) release(info *oidc.UserInfo, scopes []string) {
	info.Subject = p.Subject
	if slices.Contains(scopes, ScopePersonInfo) || slices.Contains(scopes, oidc.ScopeProfile) {
		info.Name = p.Name
	}
	for _, name := range slices.Sorted(maps.Keys(p.Claims)) {
		if scope, bound := scopeOf[name]; !bound || slices.Contains(scopes, scope) {
			info.AppendClaims(name, p.Claims[name])
		}
	}
}
