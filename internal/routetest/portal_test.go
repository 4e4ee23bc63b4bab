package routetest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"sigportal/internal/clamtest"
	"sigportal/internal/config"
	"sigportal/internal/dbtest"
	"sigportal/internal/devidp"
	"sigportal/internal/ledger"
	"sigportal/internal/obs"
	"sigportal/internal/portal"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
)

// world is one portal over one database, with the invented city in it.
type world struct {
	t                     *testing.T
	db                    *dbtest.Database
	town                  *sample.Town
	idp                   *devidp.Server
	origin                string
	log                   *faultLog
	sessions              map[string]*session
	tried                 map[string]*trial // by route
	document              *document
	summing               string          // the statement that sums up the database
	spoiled               map[string]bool // routes whose bad input has been tried
	planted               []string        // what whoever is asked about must not find (silent)
	a                     amir
	maja                  string
	majaStory             sample.Story
	kim, kimConsent, lina string
	settings              [3]string // what a second replica is told besides
}

// faultLog keeps what the portal logs as an error: after the last request
// there may be none.
type faultLog struct {
	mu    sync.Mutex
	lines []string
}

// Write keeps one line.
func (l *faultLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) < 50 {
		l.lines = append(l.lines, string(line))
	}
	return len(line), nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dbtest.Durable()
	w := &world{t: t, db: dbtest.New(t), log: &faultLog{}, sessions: map[string]*session{}, tried: map[string]*trial{}, spoiled: map[string]bool{}}
	w.must(sample.City(t.Context(), w.db.Owner()), "import the city")
	kek, lookup := make([]byte, seal.KeySize), make([]byte, seal.KeySize)
	_, _ = rand.Read(kek)
	_, _ = rand.Read(lookup)
	sealer, err := seal.New(lookup, kek)
	w.must(err, "set up sealing")
	w.town = sample.NewTown(w.db.App(), sealer)
	w.everybodyKnown()
	w.idp, err = devidp.Start(0)
	w.must(err, "start the providers")
	t.Cleanup(w.idp.Close)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	w.must(err, "listen")
	w.origin = "http://" + listener.Addr().String()
	w.settings = [3]string{base64.StdEncoding.EncodeToString(kek), base64.StdEncoding.EncodeToString(lookup), w.providers()}
	w.serve(listener)
	return w
}

// everybodyKnown has everybody sign in once, which binds them to their
// assignments: later sign-ins change nothing.
func (w *world) everybodyKnown() {
	w.t.Helper()
	personas, err := sample.Personas()
	w.must(err, "list the people")
	for _, p := range personas {
		_, err := w.town.As(w.t.Context(), p.ID, "")
		w.must(err, "sign in "+p.ID)
	}
}

func (w *world) must(err error, doing string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", doing, err)
	}
}

// serve runs the portal as `sigportal serve` does, told as an operator would.
func (w *world) serve(listener net.Listener) {
	w.t.Helper()
	signing, _, err := ledger.GenerateKey("routes.example")
	w.must(err, "draw the ledger's key")
	cfg, err := config.LoadServe([]string{
		"SIG_ORIGIN=" + w.origin, "SIG_LISTEN=127.0.0.1:0", "SIG_METRICS_LISTEN=127.0.0.1:0", "SIG_PHONE=08-000 00 00", "SIG_CHROMIUM=chromium",
		"SIG_APP_DATABASE_URL=" + w.db.URL("sig_app"), "SIG_WORKER_DATABASE_URL=" + w.db.URL("sig_worker"),
		"SIG_REVIEWER_DATABASE_URL=" + w.db.URL("sig_reviewer"),
		"SIG_KEK=" + w.settings[0], "SIG_LOOKUP_KEY=" + w.settings[1], "SIG_LEDGER_KEY=" + signing, "SIG_PROVIDERS=" + w.settings[2], "SIG_CLAMD_ADDRESS=" + clamtest.Start(w.t),
	})
	w.must(err, "read the settings")
	cfg.SMSURL = "http://127.0.0.1:1/" // offered; nothing leaves here, as there is no mail server either
	ctx, stop := context.WithCancel(context.WithoutCancel(w.t.Context()))
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- portal.Run(ctx, cfg, obs.Logger(w.log, slog.LevelError), portal.WithMovedClock(), portal.WithListener(listener),
			portal.WithReady(func(string) { close(ready) }))
	}()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Errorf("the portal ended with: %v", err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		w.t.Fatalf("the portal does not start: %v", err)
	}
}

// providers makes the portal known to the invented people's providers, and
// gives SIG_PROVIDERS.
func (w *world) providers() string {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err, "draw the client's key")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	w.must(err, "write the client's key")
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	public := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "routes", Algorithm: "ES256", Use: "sig"}}}
	personas, err := sample.Personas()
	w.must(err, "list the people")
	var people []devidp.Persona
	for _, p := range personas {
		claims := map[string]any{}
		if p.StaffKey != "" {
			claims[devidp.ClaimOrgAffiliation] = p.StaffKey
		}
		if p.PersonalNumber != "" {
			claims[devidp.ClaimPersonalNumber] = p.PersonalNumber
		}
		people = append(people, devidp.Persona{ID: p.ID, Name: p.Name, Issuer: p.Issuer, Subject: p.Subject, Claims: claims, ACR: p.ACR})
	}
	w.must(w.idp.People(people...), "set the people")
	var b strings.Builder
	for _, issuer := range devidp.Issuers() {
		w.must(w.idp.Register(devidp.PortalClient(issuer.Word, "sigportal", public, w.origin)), "register the portal")
		kind, scope := "staff", devidp.ScopePersonOrgID
		if issuer.Word == "eid" {
			kind, scope = "citizen", devidp.ScopePersonNumber
		}
		fmt.Fprintf(&b, "- word: %s\n  title: %q\n  kind: %s\n  issuer: %s\n  client_id: sigportal\n  key_id: routes\n  private_network: true\n",
			issuer.Word, issuer.Title, kind, w.idp.Issuer(issuer.Word))
		fmt.Fprintf(&b, "  scopes: [%q, %q]\n  algorithms: [ES256, RS256, PS256]\n  acr: [%q]\n  key: |\n    %s\n",
			devidp.ScopePersonInfo, scope, devidp.LoA3, strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    "))
	}
	return b.String()
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Super().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("lay out facts: %v\n%s", err, sql)
	}
}

func (w *world) text(sql string, args ...any) string {
	w.t.Helper()
	var s string
	if err := w.db.Super().QueryRow(w.t.Context(), sql, args...).Scan(&s); err != nil {
		w.t.Fatalf("look up: %v\n%s", err, sql)
	}
	return s
}
