package devidp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Issuer names one provider: its word stands in addresses, its title on the page.
type Issuer struct{ Word, Title string }

// Issuers are the three providers that every demo and test has.
func Issuers() []Issuer {
	return []Issuer{
		{"staff", "Tjänstelegitimation, staden"},
		{"police", "Tjänstelegitimation, polisen"},
		{"eid", "E-legitimation för privatpersoner"},
	}
}

// Server is the running process of providers.
type Server struct {
	URL       string // http://localhost:PORT, another site than the portal's 127.0.0.1
	providers map[string]*provider
	http      *http.Server
	done      chan struct{}
}

// Start serves the three providers at a loopback port; 0 takes a free one. The
// issuer names contain the port, so whoever keeps data between runs must keep
// the port as well. Close stops it.
func Start(port int) (*Server, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("listen for the test providers: %w", err)
	}
	s := &Server{
		URL:       fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port),
		providers: map[string]*provider{}, done: make(chan struct{}),
	}
	mux := http.NewServeMux()
	for _, issuer := range Issuers() {
		p, err := newProvider(issuer.Word, issuer.Title, s.URL+"/"+issuer.Word)
		if err != nil {
			_ = listener.Close()
			return nil, err
		}
		s.providers[issuer.Word] = p
		mux.Handle("/"+issuer.Word+"/", p.handler())
	}
	mux.HandleFunc("GET /signin.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(signInCSS)
	})
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// Close stops serving and waits until it has.
func (s *Server) Close() {
	_ = s.http.Close()
	<-s.done
}

// Issuer is the issuer identifier of a provider.
func (s *Server) Issuer(word string) string { return s.URL + "/" + word }

// People sets who can sign in, each at the provider that the persona names.
func (s *Server) People(people ...Persona) error {
	by := map[string][]Persona{}
	for _, one := range people {
		if _, ok := s.providers[one.Issuer]; !ok || one.ID == "" || one.Subject == "" {
			return fmt.Errorf("persona %q needs an id, a subject and a known provider", one.ID)
		}
		by[one.Issuer] = append(by[one.Issuer], one)
	}
	for word, p := range s.providers {
		p.mu.Lock()
		p.people = by[word]
		p.mu.Unlock()
	}
	return nil
}

// Register makes a portal known to one provider, anew when it was known.
func (s *Server) Register(c Client) error {
	p, ok := s.providers[c.Issuer]
	if !ok || c.ID == "" || len(c.RedirectURIs) == 0 {
		return errors.New("a client needs a known provider, an id and a redirect address")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients[c.ID] = c
	return nil
}

// SignOutEverywhere ends every session of a subject at a provider, as when an
// employer blocks a card, and reports how many ended. Logout tokens have been
// delivered when it returns.
func (s *Server) SignOutEverywhere(ctx context.Context, word, subject string) int {
	p := s.providers[word]
	return p.end(ctx, func(_ string, one *session) bool { return one.persona.Subject == subject })
}

// LogoutToken signs a logout token for tests that deliver it themselves.
func (s *Server) LogoutToken(word, clientID, subject, sid string) (string, error) {
	return s.providers[strings.TrimSpace(word)].logoutToken(clientID, subject, sid)
}
