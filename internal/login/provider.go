package login

import (
	"crypto"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Kind says whom a provider knows.
type Kind string

// The kinds of providers, as the directory names them.
const (
	KindStaff   Kind = "staff"   // employees, found by a claim that the directory names
	KindCitizen Kind = "citizen" // guardians and youths, found by personal number
)

// Provider is one OpenID provider as the operator has configured it. What is
// not written here is not believed: a provider's own documents can neither add
// an algorithm nor a host nor a level.
type Provider struct {
	Word       string // stands in addresses, /login/WORD, and in the directory's identity_provider
	Title      string // what people call it, such as "Tjänstelegitimation, staden"
	Kind       Kind
	Issuer     string // exactly as the provider writes it in iss
	ClientID   string
	Key        *ClientKey // signs private_key_jwt; preferred
	Secret     string     // only where the provider knows nothing better
	Algorithms []string   // of ID and logout tokens; exactly these
	ACR        []string   // accepted assurance levels; exactly these
	Scopes     []string   // beside openid
	Hosts      []string   // further hosts (host or host:port) that its addresses may name
	// SingleSignOn lets the provider answer from a session of its own, up to
	// eight hours old. Without it every login is made in the flesh, which is
	// the rule where desks and phones are shared.
	SingleSignOn bool
	// PrivateNetwork lets the portal reach the provider at private addresses.
	PrivateNetwork bool
}

// ClientKey is the portal's own key at one provider.
type ClientKey struct {
	ID        string
	Algorithm string // ES256 or PS256
	Signer    crypto.Signer
}

var (
	providerWord = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	algorithms   = []string{"ES256", "ES384", "PS256", "PS384", "RS256", "EdDSA"}
)

// check finds what would make a configuration unsafe or useless.
func (p Provider) check() error {
	address, err := url.Parse(p.Issuer)
	switch {
	case !providerWord.MatchString(p.Word):
		return fmt.Errorf("provider %q: the word may hold lower-case letters, digits and hyphens", p.Word)
	case p.Kind != KindStaff && p.Kind != KindCitizen:
		return fmt.Errorf("provider %s: kind is staff or citizen", p.Word)
	case err != nil || address.Host == "" || address.RawQuery != "" || address.Fragment != "" || address.User != nil:
		return fmt.Errorf("provider %s: the issuer is not an address", p.Word)
	case address.Scheme != "https" && !(address.Scheme == "http" && loopbackName(address.Hostname())):
		return fmt.Errorf("provider %s: the issuer must be https", p.Word)
	case p.ClientID == "" || (p.Key == nil) == (p.Secret == ""):
		return fmt.Errorf("provider %s: give a client id and either a key or a secret", p.Word)
	case len(p.Algorithms) == 0 || len(p.ACR) == 0:
		return fmt.Errorf("provider %s: name the algorithms and the assurance levels that are accepted", p.Word)
	}
	for _, one := range p.Algorithms {
		if !slices.Contains(algorithms, one) {
			return fmt.Errorf("provider %s: algorithm %q is not accepted", p.Word, one)
		}
	}
	return nil
}

func loopbackName(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// relation is what the running portal keeps about one provider: its documents,
// never older than they may be, and the one client that may fetch them.
type relation struct {
	Provider
	http *http.Client
	now  func() time.Time
	keys *keySet

	mu       sync.Mutex
	found    *documents
	foundAt  time.Time
	failed   error
	failedAt time.Time
}

// documents are the provider's discovery document, checked.
type documents struct {
	provider    *oidc.Provider
	jwks        string
	endSession  string // empty where it has none, or one on a foreign host
	namesItself bool   // it sends iss with every answer (RFC 9207)
}

func newRelation(p Provider, now func() time.Time) (*relation, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &relation{Provider: p, now: now, http: newWire(p)}
	r.keys = &keySet{relation: r}
	return r, nil
}
