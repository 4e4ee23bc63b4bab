package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/dbtest"
	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
)

// durable is a cluster as serve demands it; test databases are not durable.
func durable(t *testing.T) (*localpg.Cluster, *pgxpool.Pool) {
	t.Helper()
	c, err := localpg.Start(t.Context(), localpg.Options{Dir: t.TempDir() + "/pg", Durable: true, Ephemeral: true, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := c.EnsureDatabase(t.Context(), "sig"); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), c.URL("sig_owner", "sig")); err != nil {
		t.Fatal(err)
	}
	super, err := pgxpool.New(t.Context(), c.SuperURL("sig"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(super.Close)
	return c, super
}

// TestServeRefusesADatabaseThatCannotKeepItsPromises plants one fault at a
// time and takes it away again.
func TestServeRefusesADatabaseThatCannotKeepItsPromises(t *testing.T) {
	t.Parallel()
	c, super := durable(t)
	check := func(role string) error {
		db, err := postgres.Open(t.Context(), c.URL(role, "sig"), 2)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		return db.CheckStart(t.Context(), postgres.StartCheck{Role: role})
	}
	for _, role := range []string{"sig_app", "sig_worker", "sig_reviewer"} {
		if err := check(role); err != nil {
			t.Errorf("a sound database is refused for %s: %v", role, err)
		}
	}
	for _, c := range []struct{ plant, remove, says string }{
		{`alter role sig_app superuser`, `alter role sig_app nosuperuser`, "superuser"},
		{`alter role sig_app bypassrls`, `alter role sig_app nobypassrls`, "bypasses row-level security"},
		{`alter role sig_app createrole`, `alter role sig_app nocreaterole`, "may create roles"},
		{`grant sig_owner to sig_app`, `revoke sig_owner from sig_app`, "is a member of"},
		{
			`create table sig.mine (n int); alter table sig.mine owner to sig_app`,
			`drop table sig.mine`, "owns",
		},
		{
			`alter database sig set synchronous_commit = off`,
			`alter database sig reset synchronous_commit`, "synchronous_commit is off",
		},
		{
			`create or replace function sig.now() returns timestamptz language sql volatile as 'select clock_timestamp() + interval ''1 day'''`,
			`create or replace function sig.now() returns timestamptz language sql volatile parallel safe as 'select clock_timestamp()'`,
			"not the real clock",
		},
		{`update sig_meta.schema_version set version = version + 1`, `update sig_meta.schema_version set version = version - 1`, "this binary at"},
		{
			`create table sig.open_door (n int); alter table sig.open_door enable row level security`,
			`drop table sig.open_door`, "not forced on open_door",
		},
	} {
		if _, err := super.Exec(t.Context(), c.plant); err != nil {
			t.Fatalf("%s: %v", c.plant, err)
		}
		if err := check("sig_app"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("after %q the check says %v, want words with %q", c.plant, err, c.says)
		}
		if _, err := super.Exec(t.Context(), c.remove); err != nil {
			t.Fatalf("%s: %v", c.remove, err)
		}
	}
	if err := check("sig_app"); err != nil {
		t.Errorf("with every fault taken away: %v", err)
	}
	if err := check("sig_owner"); err == nil || !strings.Contains(err.Error(), "owns") {
		t.Errorf("the owner may serve: %v", err)
	}
}

func TestServeRefusesACopyMadeForTests(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	db.SetClock(t, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	err := db.App().CheckStart(t.Context(), postgres.StartCheck{Role: "sig_app"})
	for _, want := range []string{"fsync is off", "full_page_writes is off", "synchronous_commit is off", "not the real clock"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the check says %v, want words with %q", err, want)
		}
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	done := make(chan error, 2)
	for range 2 {
		go func() { done <- postgres.Migrate(t.Context(), db.URL("sig_owner")) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
