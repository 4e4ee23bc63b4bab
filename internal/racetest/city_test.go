package racetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/ledger"
	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// city is one durable database with Amir's intervention in force, and as many
// signed-in sessions as a storm needs.
type city struct {
	t            testing.TB
	cluster      *localpg.Cluster
	super        *pgxpool.Pool
	town         *sample.Town
	environ      []string
	intervention sig.InterventionID
	copy         sig.DisclosureID // to the coordinator, by consent
	item         sig.ItemID       // the coordinator's own, to be disclosed
	seen         string           // a marker in the copy's text
	readers      []string         // cookies of the coordinator's sessions
	guardians    []string         // cookies of Sara's sessions
	meetings
}

const database = "race"

func newCity(t testing.TB) *city {
	t.Helper()
	ctx := t.Context()
	cluster, err := localpg.Start(ctx, localpg.Options{Dir: t.TempDir(), Durable: true, Ephemeral: true})
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() { _ = cluster.Stop() })
	c := &city{t: t, cluster: cluster, seen: "MARKER-RACE-COPY"}
	c.must(cluster.EnsureDatabase(ctx, database), "make the database")
	c.must(postgres.Migrate(ctx, cluster.URL("sig_owner", database)), "migrate")
	c.super, err = pgxpool.New(ctx, cluster.SuperURL(database))
	c.must(err, "open the superuser's pool")
	t.Cleanup(c.super.Close)
	kek, lookup := key(), key()
	c.environ = c.environment(kek, lookup)
	c.fill(kek, lookup)
	for range 240 {
		c.readers = append(c.readers, c.signIn("coordinator-farsta", ""))
	}
	for range 60 {
		c.guardians = append(c.guardians, c.signIn("sara", "guardian"))
	}
	return c
}

func (c *city) must(err error, doing string) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s: %v", doing, err)
	}
}

func key() string {
	raw := make([]byte, seal.KeySize)
	_, _ = rand.Read(raw) // never fails
	return base64.StdEncoding.EncodeToString(raw)
}

// environment is what both replicas are told but for their addresses.
func (c *city) environment(kek, lookup string) []string {
	signing, _, err := ledger.GenerateKey("race.example")
	c.must(err, "draw the ledger's key")
	return append(os.Environ(),
		"SIG_METRICS_LISTEN=127.0.0.1:0", "SIG_LOG_LEVEL=error",
		"SIG_APP_DATABASE_URL="+c.cluster.URL("sig_app", database),
		"SIG_WORKER_DATABASE_URL="+c.cluster.URL("sig_worker", database),
		"SIG_REVIEWER_DATABASE_URL="+c.cluster.URL("sig_reviewer", database),
		"SIG_KEK="+kek, "SIG_LOOKUP_KEY="+lookup, "SIG_LEDGER_KEY="+signing, "SIG_PROVIDERS=[]",
	)
}

// fill plays Amir's case up to one received copy and one item to disclose.
func (c *city) fill(kek, lookup string) {
	c.t.Helper()
	ctx := c.t.Context()
	kekBytes, err := seal.ReadKey(kek)
	c.must(err, "read a key")
	lookupBytes, err := seal.ReadKey(lookup)
	c.must(err, "read a key")
	sealer, err := seal.New(lookupBytes, kekBytes)
	c.must(err, "set up sealing")
	owner, err := postgres.Open(ctx, c.cluster.URL("sig_owner", database), 2)
	c.must(err, "open the owner's pool")
	defer owner.Close()
	c.must(sample.City(ctx, owner), "import the city")
	app, err := postgres.Open(ctx, c.cluster.URL("sig_app", database), 4)
	c.must(err, "open the pages' pool")
	c.t.Cleanup(app.Close)
	c.town = sample.NewTown(app, sealer)
	story, err := c.town.InForce(ctx, sample.Families()[0], sig.ProgrammeSIG)
	c.must(err, "bring Amir's consent into force")
	c.intervention = story.Intervention
	police, err := c.town.As(ctx, "police-farsta", "")
	c.must(err, "sign in the officer")
	item := c.write(police, sig.CategoryPoliceObservation, c.seen)
	sent, err := c.town.Sharing.Disclose(ctx, police, sharing.NewDisclosure{
		Intervention: c.intervention, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs",
	})
	c.must(err, "disclose to the coordinator")
	c.copy = sent[0].ID
	coordinator, err := c.town.As(ctx, "coordinator-farsta", "")
	c.must(err, "sign in the coordinator")
	c.item = c.write(coordinator, sig.CategoryPlanGoals, "MARKER-RACE-ITEM")
}

func (c *city) write(who sig.Actor, category sig.Category, text string) sig.ItemID {
	c.t.Helper()
	id, err := c.town.Sharing.WriteItem(c.t.Context(), who, sharing.NewItem{
		Intervention: c.intervention, Categories: []sig.Category{category}, Text: text,
	})
	c.must(err, "write an item")
	return id
}

// signIn opens a session as login does and gives its cookie.
func (c *city) signIn(persona, hat string) string {
	c.t.Helper()
	ctx := c.t.Context()
	actor, err := c.town.As(ctx, persona, hat)
	c.must(err, "sign in "+persona)
	p, err := sample.Find(persona)
	c.must(err, "find "+persona)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	value := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(value))
	err = c.town.App.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		_, err := tx.OpenSession(ctx, postgres.NewSession{
			SecretHash: hash[:], Person: actor.Person, Provider: p.Issuer, AuthTime: tx.Now(), Created: tx.Now(), Choices: 1,
			Hat:  postgres.Hat{Kind: actor.Kind, Assignment: actor.Assignment, Guardian: actor.Guardian, Youth: actor.Youth},
			Idle: time.Hour, Absolute: 10 * time.Hour, Language: "sv", Browser: "other",
		})
		return err
	})
	c.must(err, "open a session")
	return "__Host-sig=" + value
}

// build compiles the portal's replica program; edits replace text in source
// files for this build alone, without touching the tree.
func build(t testing.TB, edits ...[3]string) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for _, e := range edits {
		path := filepath.Join(root, e[0])
		at := path
		if replace[path] != "" {
			at = replace[path]
		}
		text, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		broken := replaceOnce(t, e[0], string(text), e[1], e[2])
		replace[path] = filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(replace[path], []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "replica")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", list, "-o", program, "./cmd/demo")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// replicas starts two processes of a program.
func (c *city) replicas(t testing.TB, program string) (origins [2]string, pids [2]int) {
	c.t.Helper()
	for i := range origins {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		c.must(err, "find a port")
		origins[i] = "http://" + l.Addr().String()
		_ = l.Close()
	}
	for i, origin := range origins {
		cmd := exec.Command(program, "replica") //nolint:noctx // it ends with its pipe
		cmd.Env = slices.Concat(c.environ, []string{"SIG_ORIGIN=" + origin, "SIG_LISTEN=" + origin[len("http://"):]})
		pipe, err := cmd.StdinPipe()
		c.must(err, "hold a replica")
		c.must(cmd.Start(), "start a replica")
		pids[i] = cmd.Process.Pid
		t.Cleanup(func() {
			_ = pipe.Close()
			_ = cmd.Wait()
		})
		c.awaitHealthy(origin)
	}
	return origins, pids
}

func (c *city) awaitHealthy(origin string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			c.t.Fatalf("%s does not answer", origin)
		case <-tick.C:
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/healthz", nil)
			c.must(err, "make a request")
			if res, err := http.DefaultClient.Do(req); err == nil {
				_ = res.Body.Close()
				if res.StatusCode == http.StatusOK {
					return
				}
			}
		}
	}
}
