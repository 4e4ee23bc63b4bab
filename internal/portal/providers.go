package portal

import (
	"sigportal/internal/config"
	"sigportal/internal/httpd"
	"sigportal/internal/login"
)

// loginProviders turns what the operator wrote into what logins hold to.
func loginProviders(list []config.Provider) []login.Provider {
	var out []login.Provider
	for _, p := range list {
		provider := login.Provider{
			Word: p.Word, Title: p.Title, Kind: login.Kind(p.Kind), Issuer: p.Issuer, ClientID: p.ClientID,
			Secret: p.Secret.Reveal(), Algorithms: p.Algorithms, ACR: p.ACR, Scopes: p.Scopes, Hosts: p.Hosts,
			SingleSignOn: p.SingleSignOn, PrivateNetwork: p.PrivateNetwork,
		}
		if p.Key != nil {
			provider.Key = &login.ClientKey{ID: p.KeyID, Algorithm: p.KeyAlgorithm, Signer: p.Key}
		}
		out = append(out, provider)
	}
	return out
}

// frontProviders are the ways to sign in as the front page offers them: the
// family's first, since staff know where to go.
func frontProviders(list []config.Provider) []httpd.Provider {
	var families, staff []httpd.Provider
	for _, p := range list {
		if login.Kind(p.Kind) == login.KindCitizen {
			families = append(families, httpd.Provider{Key: p.Word, Name: p.Title, For: "front.for_family"})
		} else {
			staff = append(staff, httpd.Provider{Key: p.Word, Name: p.Title, For: "front.for_staff"})
		}
	}
	return append(families, staff...)
}
