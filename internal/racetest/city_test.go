package racetest

import (
	"crypto/rand"
	"encoding/base64"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/ledger"
	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/internal/replica"
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
	cookie, _, err := c.town.OpenSession(c.t.Context(), persona, hat)
	c.must(err, "sign in "+persona)
	return cookie
}

// replicas starts two processes of a program.
func (c *city) replicas(t testing.TB, program string) (origins [2]string, pids [2]int) {
	c.t.Helper()
	for i := range origins {
		origins[i], pids[i] = replica.Start(t, program, c.environ)
	}
	return origins, pids
}
