package localpg_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/localpg"
)

// The tests are about private clusters, except where they give a server.
func TestMain(m *testing.M) {
	if err := os.Unsetenv(localpg.Given); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// give starts a cluster that plays the server that somebody else runs.
func give(t *testing.T) *localpg.Cluster {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: folder(t) + "/pg", Ephemeral: true, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// databases counts those of a server that are not its own.
func databases(t *testing.T, server *localpg.Cluster) string {
	t.Helper()
	return query(t, server.SuperURL("postgres"),
		`select count(*)::text from pg_database where datname not in ('postgres', 'template0', 'template1')`)
}

// TestAGivenServerIsUsedAndLeftAsItWas: two data folders share a server
// without meeting, keep what they hold, and take their own away only.
func TestAGivenServerIsUsedAndLeftAsItWas(t *testing.T) {
	server := give(t)
	forgetRoles(t, server)
	t.Setenv(localpg.Given, server.SuperURL("postgres"))
	dirs := [2]string{filepath.Join(folder(t), "one"), filepath.Join(folder(t), "two")}
	start := func(dir string, ephemeral bool) *localpg.Cluster {
		t.Helper()
		c, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Ephemeral: ephemeral})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.EnsureDatabase(t.Context(), "sig"); err != nil {
			t.Fatal(err)
		}
		return c
	}
	one, two := start(dirs[0], false), start(dirs[1], true)
	run(t, one.URL("sig_owner", "sig"), `create table mine (n int)`)
	if got := query(t, two.URL("sig_app", "sig"), `select coalesce(to_regclass('mine')::text, 'nothing')`); got != "nothing" {
		t.Errorf("the second folder sees %s of the first", got)
	}
	if got := query(t, one.SuperURL("sig"), `select current_database()::text`); got != one.Database("sig") {
		t.Errorf("the database is called %s, want %s", got, one.Database("sig"))
	}
	if err := two.Stop(); err != nil {
		t.Error(err)
	}
	if err := one.Stop(); err != nil {
		t.Error(err)
	}
	if got := databases(t, server); got != "1" {
		t.Errorf("after both have stopped there are %s databases, want that of the first", got)
	}
	if got := query(t, start(dirs[0], false).URL("sig_app", "sig"), `select to_regclass('mine')::text`); got != "mine" {
		t.Errorf("started again the first folder holds %s", got)
	}
	for _, dir := range dirs {
		if err := localpg.Remove(t.Context(), dir); err != nil {
			t.Error(err)
		}
	}
	if got := databases(t, server); got != "0" {
		t.Errorf("after both have been removed there are %s databases", got)
	}
}

// forgetRoles makes a server as one finds it: without the portal's roles.
func forgetRoles(t *testing.T, server *localpg.Cluster) {
	t.Helper()
	run(t, server.SuperURL("postgres"), `drop role sig_owner, sig_app, sig_worker, sig_reviewer`)
}

// A server that a portal is run on, or that cannot do what is needed, is
// refused before anything is changed, and no password is repeated.
func TestAServerThatIsNotForTryingOutIsRefused(t *testing.T) {
	server := give(t)
	refused := func(address, says string) {
		t.Helper()
		t.Setenv(localpg.Given, address)
		_, err := localpg.Start(t.Context(), localpg.Options{Dir: folder(t)})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("the answer is %v, want words with %q", err, says)
		}
		if err != nil && strings.Contains(err.Error(), "hemligt") {
			t.Error("the answer repeats the password")
		}
	}
	refused(server.SuperURL("postgres"), "roles of a portal already")
	query(t, server.URL("sig_app", "postgres"), `select current_user::text`) // its password is still the old one
	forgetRoles(t, server)
	run(t, server.SuperURL("postgres"), `create role clerk login password 'hemligt'`)
	refused("host=localhost password=hemligt", "want postgres://")
	clerk, err := pgx.ParseConfig(server.SuperURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	refused(strings.Replace(server.SuperURL("postgres"), "postgres:"+clerk.Password, "clerk:hemligt", 1), "under a superuser")
	if got := query(t, server.SuperURL("postgres"), `select count(*)::text from pg_roles where rolname like 'sig\_%'`); got != "0" {
		t.Errorf("a refused server has %s of our roles", got)
	}
}
