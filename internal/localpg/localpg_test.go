package localpg_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/localpg"
)

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// folder is one that the server's account may walk to, unlike t.TempDir.
func folder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp("", "sigportal-localpg-") //nolint:usetesting // t.TempDir is closed to other accounts
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(path); err != nil {
			t.Error(err)
		}
	})
	return path
}

func TestADurableClusterKeepsItsDataAndItsSecrets(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	opts := localpg.Options{Dir: dir, Durable: true}
	first, err := localpg.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.EnsureDatabase(t.Context(), "sig"); err != nil {
		t.Fatal(err)
	}
	for setting, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"listen_addresses": "127.0.0.1", "password_encryption": "scram-sha-256", "unix_socket_directories": "",
	} {
		if got := query(t, first.SuperURL("sig"), `select current_setting('`+setting+`')`); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := query(t, first.URL("sig_owner", "sig"), `select current_user::text`); got != "sig_owner" {
		t.Errorf("the owner connects as %s", got)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}

	second, err := localpg.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := second.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if got := query(t, second.URL("sig_app", "sig"), `select current_database()::text`); got != "sig" {
		t.Errorf("after a restart the database is %s", got)
	}
	info, err := os.Stat(filepath.Join(dir, "passwords.json"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the passwords are open to %v", info.Mode())
	}
	if _, err := os.Stat(filepath.Join(dir, "superuser")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("initdb's password file is still there: %v", err)
	}
}

func TestNobodyEntersWithoutAPassword(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{Dir: folder(t) + "/pg", Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	cfg, err := pgx.ParseConfig(c.URL("sig_app", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"", "postgres", "sig_app"} {
		cfg.Password = password
		conn, err := pgx.ConnectConfig(t.Context(), cfg)
		if err == nil {
			_ = conn.Close(t.Context())
			t.Errorf("the password %q is taken", password)
		}
	}
}

// TestAKilledParentLeavesAClusterThatStartsAgain is the demo killed with
// SIGKILL: its database shuts down by itself, keeps what was committed, and
// the next start does not trip over it.
func TestAKilledParentLeavesAClusterThatStartsAgain(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("LOCALPG_HANG"); dir != "" {
		c, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Durable: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.EnsureDatabase(t.Context(), "kept"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stdout.WriteString("RUNNING\n"); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	dir := folder(t)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestAKilledParentLeavesAClusterThatStartsAgain$")
	cmd.Env = append(os.Environ(), "LOCALPG_HANG="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "RUNNING" {
		t.Log(lines.Text())
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as wanted
	c, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Durable: true})
	if err != nil {
		t.Fatalf("start after the parent was killed: %v", err)
	}
	defer func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if got := query(t, c.SuperURL("kept"), `select current_database()::text`); got != "kept" {
		t.Errorf("the database is %s", got)
	}
}

// TestAFolderThatTheServerCannotReach is a checkout under /root: the cluster
// lies elsewhere, and the same folder finds it again.
func TestAFolderThatTheServerCannotReach(t *testing.T) {
	t.Parallel()
	shut := folder(t)
	if err := os.Chmod(shut, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(shut, "demo")
	opts := localpg.Options{Dir: dir}
	for range 2 {
		c, err := localpg.Start(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.EnsureDatabase(t.Context(), "sig"); err != nil {
			t.Error(err)
		}
		lies := query(t, c.SuperURL("sig"), `show data_directory`)
		if root := os.Geteuid() == 0; root == strings.HasPrefix(lies, shut) {
			t.Errorf("run by root: %t; the data lies in %s", root, lies)
		}
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
		opts.Ephemeral = true // the second time round it tidies up
	}
	if err := localpg.Remove(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

func TestTheClockMovesAndStands(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{Dir: folder(t) + "/pg", Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	conn, err := pgx.Connect(t.Context(), c.SuperURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), `create schema sig`); err != nil {
		t.Fatal(err)
	}
	clock, err := localpg.InstallClock(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 3, 28, 0, 59, 59, 999999000, time.UTC)
	if err := clock.Freeze(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if err := clock.Advance(t.Context(), time.Microsecond); err != nil {
		t.Fatal(err)
	}
	now, err := clock.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := at.Add(time.Microsecond); !now.Equal(want) {
		t.Errorf("a microsecond later it is %v, want %v", now, want)
	}
	again, err := localpg.InstallClock(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := again.Now(t.Context()); err != nil || !kept.Equal(now) {
		t.Errorf("installing it again moved it to %v (%v)", kept, err)
	}
}
