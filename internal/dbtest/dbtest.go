package dbtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
)

// Database is one migrated database, empty but for what migrations put there,
// that belongs to one test. Pools open when they are first asked for and close
// with the test.
type Database struct {
	t       testing.TB
	cluster *localpg.Cluster
	name    string

	mu    sync.Mutex
	pools map[string]*postgres.DB
	super *pgxpool.Pool
	clock *localpg.Clock
}

var (
	start = sync.OnceValues(func() (*localpg.Cluster, error) { return cluster(context.Background()) })
	count atomic.Int64
)

// New makes a database of the test's own. It fails the test where PostgreSQL is
// not installed: no test of this project is skipped.
func New(t testing.TB) *Database {
	t.Helper()
	c, err := start()
	if err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	d := &Database{t: t, cluster: c, name: fmt.Sprintf("sig_test_%d_%d", os.Getpid(), count.Add(1)), pools: map[string]*postgres.DB{}}
	name := c.Database(d.name)
	// sig_owner owns the template, so the copy is made by the superuser for it.
	d.onCluster(`create database ` + name + ` owner sig_owner template ` + c.Database(template) + ` strategy file_copy`)
	t.Cleanup(func() { d.onCluster(`drop database ` + name + ` with (force)`) })
	return d
}

// App is a pool under the role that serves pages.
func (d *Database) App() *postgres.DB { return d.as("sig_app") }

// Worker is a pool under the role that runs background jobs.
func (d *Database) Worker() *postgres.DB { return d.as("sig_worker") }

// Reviewer is a pool under the role that reads the ledger.
func (d *Database) Reviewer() *postgres.DB { return d.as("sig_reviewer") }

// Owner is a pool under the role that owns the schema. Row-level security
// holds for it as well.
func (d *Database) Owner() *postgres.DB { return d.as("sig_owner") }

// URL is the address of the database under a role, for whatever opens its own
// connections.
func (d *Database) URL(role string) string { return d.cluster.URL(role, d.name) }

// Super is a pool under the superuser, whom no wall stops: for laying out
// facts and for looking at what is really stored.
func (d *Database) Super() *pgxpool.Pool {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.super == nil {
		pool, err := pgxpool.New(context.Background(), d.cluster.SuperURL(d.name))
		if err != nil {
			d.t.Fatalf("open the superuser's pool: %v", err)
		}
		d.super = pool
		d.t.Cleanup(pool.Close)
	}
	return d.super
}

// SetClock moves the database's clock to an instant, from which it runs on,
// and wakes the alarm.
func (d *Database) SetClock(t testing.TB, to time.Time) {
	t.Helper()
	d.turn(t, func(ctx context.Context, c *localpg.Clock) error { return c.Set(ctx, to) })
}

// FreezeClock makes the database's clock stand still at an instant, and wakes
// the alarm.
func (d *Database) FreezeClock(t testing.TB, at time.Time) {
	t.Helper()
	d.turn(t, func(ctx context.Context, c *localpg.Clock) error { return c.Freeze(ctx, at) })
}

// Advance moves the database's clock forward from where it is, running or
// standing, and wakes the alarm.
func (d *Database) Advance(t testing.TB, by time.Duration) {
	t.Helper()
	d.turn(t, func(ctx context.Context, c *localpg.Clock) error { return c.Advance(ctx, by) })
}

// Now reads the database's clock.
func (d *Database) Now(t testing.TB) time.Time {
	t.Helper()
	var now time.Time
	if err := d.Super().QueryRow(t.Context(), `select sig.now()`).Scan(&now); err != nil {
		t.Fatalf("read the clock: %v", err)
	}
	return now
}

func (d *Database) as(role string) *postgres.DB {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if db, ok := d.pools[role]; ok {
		return db
	}
	db, err := postgres.Open(context.Background(), d.URL(role), 24)
	if err != nil {
		d.t.Fatalf("open the pool of %s: %v", role, err)
	}
	d.pools[role] = db
	d.t.Cleanup(db.Close)
	return db
}

func (d *Database) turn(t testing.TB, move func(context.Context, *localpg.Clock) error) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	ctx := context.WithoutCancel(t.Context())
	if d.clock == nil {
		conn, err := pgx.Connect(ctx, d.cluster.SuperURL(d.name))
		if err != nil {
			t.Fatalf("connect to move the clock: %v", err)
		}
		d.t.Cleanup(func() { _ = conn.Close(context.Background()) })
		if d.clock, err = localpg.InstallClock(ctx, conn); err != nil {
			t.Fatal(err)
		}
	}
	if err := move(ctx, d.clock); err != nil {
		t.Fatal(err)
	}
}

// onCluster runs one statement about whole databases.
func (d *Database) onCluster(statement string) {
	d.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.cluster.SuperURL("postgres"))
	if err != nil {
		d.t.Fatalf("connect to the test cluster: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		d.t.Fatalf("%s: %v", statement, err)
	}
}
