package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"sigportal/internal/devidp"
	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
)

// start runs the demo until the context ends and leaves no process.
func start(ctx context.Context, at places, fresh bool) error {
	if err := prepareFolder(ctx, at, fresh); err != nil {
		return err
	}
	keys, err := loadSecrets(at.secrets())
	if err != nil {
		return err
	}
	cluster, err := localpg.Start(ctx, localpg.Options{Dir: at.database(), Durable: true})
	if err != nil {
		return err
	}
	defer func() { _ = cluster.Stop() }()
	clock, super, err := prepareDatabase(ctx, cluster, keys)
	if err != nil {
		return err
	}
	defer func() { _ = super.Close(context.WithoutCancel(ctx)) }()
	if err := remove(at.unfinished()); err != nil {
		return err
	}
	idp, err := startProviders(at, keys)
	if err != nil {
		return err
	}
	defer idp.Close()
	return serveAll(ctx, at, keys, cluster, idp, &clockPage{clock: clock})
}

// prepareFolder makes the data folder. It starts over where that is asked for,
// where there is none yet (what an earlier folder of the same name left
// elsewhere has lost its keys), and where a city was interrupted while it was
// being filled.
func prepareFolder(ctx context.Context, at places, fresh bool) error {
	if err := os.MkdirAll(at.dir, 0o755); err != nil { // the database's account must pass through
		return fmt.Errorf("make the data folder: %w", err)
	}
	if !fresh && exists(at.database()) && !exists(at.unfinished()) {
		return nil
	}
	if err := os.WriteFile(at.unfinished(), nil, 0o600); err != nil {
		return fmt.Errorf("mark the city as unfinished: %w", err)
	}
	if err := localpg.Remove(ctx, at.database()); err != nil {
		return fmt.Errorf("start over: %w", err)
	}
	return remove(at.secrets())
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove a file of the demo: %w", err)
	}
	return nil
}

const databaseName = "sigportal"

// prepareDatabase migrates, makes the clock movable and fills the city.
func prepareDatabase(ctx context.Context, cluster *localpg.Cluster, keys secrets) (*localpg.Clock, *pgx.Conn, error) {
	if err := cluster.EnsureDatabase(ctx, databaseName); err != nil {
		return nil, nil, err
	}
	if err := postgres.Migrate(ctx, cluster.URL("sig_owner", databaseName)); err != nil {
		return nil, nil, err
	}
	super, err := pgx.Connect(ctx, cluster.SuperURL(databaseName))
	if err != nil {
		return nil, nil, fmt.Errorf("open the clock's connection: %w", err)
	}
	clock, err := localpg.InstallClock(ctx, super)
	if err != nil {
		return nil, nil, err
	}
	return clock, super, fillCity(ctx, cluster, keys)
}

// startProviders starts the three OpenID providers with the invented people.
func startProviders(at places, keys secrets) (*devidp.Server, error) {
	idp, err := devidp.Start(at.identityPort())
	if err != nil {
		return nil, err
	}
	personas, err := sample.Personas()
	if err != nil {
		return nil, err
	}
	var people []devidp.Persona
	for _, p := range personas {
		claims := map[string]any{}
		if p.StaffKey != "" {
			claims[devidp.ClaimOrgAffiliation] = p.StaffKey
		}
		if p.PersonalNumber != "" {
			claims[devidp.ClaimPersonalNumber] = p.PersonalNumber
		}
		people = append(people, devidp.Persona{
			ID: p.ID, Name: p.Name, Issuer: p.Issuer, Subject: p.Subject, Claims: claims, ACR: p.ACR, Group: p.Group, Note: p.Note,
		})
	}
	if err := idp.People(people...); err != nil {
		return nil, err
	}
	public, err := keys.publicKeys()
	if err != nil {
		return nil, err
	}
	for _, issuer := range devidp.Issuers() {
		client := devidp.PortalClient(issuer.Word, "sigportal", public, at.address(), at.replica(0), at.replica(1))
		if err := idp.Register(client); err != nil {
			return nil, err
		}
	}
	return idp, nil
}

// serveAll starts what listens and waits for the end.
func serveAll(ctx context.Context, at places, keys secrets, cluster *localpg.Cluster, idp *devidp.Server, clock *clockPage) error {
	log, err := os.Create(filepath.Join(at.dir, "replicas.log"))
	if err != nil {
		return fmt.Errorf("open the replicas' log: %w", err)
	}
	defer func() { _ = log.Close() }()
	group, running := errgroup.WithContext(ctx)
	catcher, err := startMail(running, at, log)
	if err != nil {
		return err
	}
	defer func() { _ = catcher.Close() }()
	if err := serveHTTP(running, group, at.clockAddress(), clock); err != nil {
		return err
	}
	var origins []string
	for n := range replicas {
		origins = append(origins, at.replica(n))
		r, err := startReplica(running, at.replica(n), at.environ(keys, cluster, idp, n), log)
		if err != nil {
			return err
		}
		defer r.stop()
		group.Go(func() error {
			select {
			case err := <-r.done:
				r.done <- err
				return fmt.Errorf("a replica ended (see replicas.log): %w", err)
			case <-running.Done():
				return nil
			}
		})
	}
	handler, err := front(origins...)
	if err != nil {
		return err
	}
	if err := serveHTTP(running, group, fmt.Sprintf("127.0.0.1:%d", at.port), handler); err != nil {
		return err
	}
	if err := at.writeAbout(cluster, idp); err != nil {
		return err
	}
	fmt.Printf("ready %s\nmail %[2]s\ntext messages %[2]s/sms\nclock http://%[3]s\n", at.address(), "http://"+at.mailPage(), at.clockAddress())
	return group.Wait()
}

// environ is what a replica is told, as an operator would tell serve.
func (p places) environ(keys secrets, cluster *localpg.Cluster, idp *devidp.Server, n int) []string {
	chromium, _ := exec.LookPath("chromium") // without it the reader's browser prints
	return []string{
		"SIG_CHROMIUM=" + chromium,
		"SIG_ORIGIN=" + p.address(),
		"SIG_REPLICA_ORIGINS=" + p.replica(0) + "," + p.replica(1),
		"SIG_LISTEN=" + p.replica(n)[len("http://"):],
		"SIG_METRICS_LISTEN=127.0.0.1:0",
		"SIG_PHONE=08-000 00 00",
		"SIG_APP_DATABASE_URL=" + cluster.URL("sig_app", databaseName),
		"SIG_WORKER_DATABASE_URL=" + cluster.URL("sig_worker", databaseName),
		"SIG_REVIEWER_DATABASE_URL=" + cluster.URL("sig_reviewer", databaseName),
		"SIG_KEK=" + keys.KEK, "SIG_LOOKUP_KEY=" + keys.Lookup, "SIG_LEDGER_KEY=" + keys.Ledger,
		"SIG_PROVIDERS=" + keys.providersYAML(idp),
		"SIG_MAIL_ADDRESS=" + p.smtp(), "SIG_MAIL_FROM=portal@sigportal.example", "SIG_MAIL_TLS=none",
		"SIG_REPLY_LISTEN=" + p.replies(n),
		"SIG_SMS_URL=http://" + p.mailPage() + "/sms", "SIG_SMS_TOKEN=demo", "SIG_SMS_FROM=Samverkan",
	}
}

// about is .demo/demo.json: what a script needs to try the demo.
type about struct {
	Address  string            `json:"address"`
	Replicas []string          `json:"replicas"`
	Issuers  map[string]string `json:"issuers"`
	Personas []aboutPersona    `json:"personas"`
	Mail     string            `json:"mail"`
	Clock    string            `json:"clock"`
	Database string            `json:"database"`
}

type aboutPersona struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Issuer    string   `json:"issuer"`
	Functions []string `json:"functions"`
}

func (p places) writeAbout(cluster *localpg.Cluster, idp *devidp.Server) error {
	a := about{
		Address: p.address(), Replicas: []string{p.replica(0), p.replica(1)}, Issuers: map[string]string{},
		Mail: "http://" + p.mailPage(), Clock: "http://" + p.clockAddress(), Database: cluster.URL("sig_app", databaseName),
	}
	for _, issuer := range devidp.Issuers() {
		a.Issuers[issuer.Word] = idp.Issuer(issuer.Word)
	}
	personas, err := sample.Personas()
	if err != nil {
		return err
	}
	for _, one := range personas {
		a.Personas = append(a.Personas, aboutPersona{one.ID, one.Name, one.Issuer, one.Functions})
	}
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("write demo.json: %w", err)
	}
	return os.WriteFile(p.about(), append(text, '\n'), 0o600)
}
