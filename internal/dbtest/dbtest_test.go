package dbtest_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/localpg"
	"sigportal/internal/sig"

	"sigportal/internal/postgres"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	one, two := dbtest.New(t), dbtest.New(t)
	if _, err := one.Super().Exec(t.Context(), `create table mine (n int)`); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := two.Super().QueryRow(t.Context(), `select to_regclass('mine') is not null`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		t.Error("what one test creates is seen by another")
	}
}

func TestRolesAreWhoTheyAre(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for want, pool := range map[string]*postgres.DB{
		"sig_app": db.App(), "sig_worker": db.Worker(), "sig_reviewer": db.Reviewer(), "sig_owner": db.Owner(),
	} {
		var role string
		var strong bool
		err := pool.Pool().QueryRow(t.Context(),
			`select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user`).Scan(&role, &strong)
		if err != nil {
			t.Fatal(err)
		}
		if role != want || strong {
			t.Errorf("pool of %s runs as %s, above the walls: %t", want, role, strong)
		}
	}
}

func TestTheClockIsSeenByTheAppAndWakesTheAlarm(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	listener, err := db.App().Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Release()
	if _, err := listener.Exec(t.Context(), `listen sig_alarm`); err != nil {
		t.Fatal(err)
	}
	appNow := func() (now time.Time) {
		t.Helper()
		err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
			if err := tx.ReadClock(t.Context()); err != nil {
				return err
			}
			now = tx.Now()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	at := time.Date(2031, 3, 30, 1, 30, 0, 0, time.UTC)
	db.FreezeClock(t, at)
	if _, err := listener.Conn().WaitForNotification(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := appNow(); !got.Equal(at) {
		t.Errorf("frozen clock: got %v, want %v", got, at)
	}
	db.Advance(t, time.Microsecond)
	if got, want := appNow(), at.Add(time.Microsecond); !got.Equal(want) {
		t.Errorf("frozen and advanced: got %v, want %v", got, want)
	}
	db.SetClock(t, at)
	first := appNow()
	if second := appNow(); !first.After(at) || !second.After(first) {
		t.Errorf("the clock set to %v does not run on: %v, then %v", at, first, second)
	}
	db.Advance(t, 24*time.Hour)
	if got := appNow(); got.Before(at.Add(24*time.Hour)) || got.After(at.Add(25*time.Hour)) {
		t.Errorf("a day later: got %v", got)
	}
}

// TestNothingIsLeftBehind kills a test program while its cluster runs and
// watches server and folder go.
func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	if os.Getenv("DBTEST_HANG") != "" {
		db := dbtest.New(t)
		var folder string
		if err := db.Super().QueryRow(t.Context(), `show data_directory`).Scan(&folder); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stdout.WriteString("FOLDER " + folder + "\n"); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLeftBehind$")
	cmd.Env = append(os.Environ(), "DBTEST_HANG=1", localpg.Given+"=") // a cluster of its own
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 512)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	folder, ok := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "FOLDER ")
	if !ok {
		t.Fatalf("the program said %q", line[:n])
	}
	pid, err := os.ReadFile(folder + "/postmaster.pid")
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as wanted
	server, _, _ := strings.Cut(string(pid), "\n")
	for range 200 {
		_, errFolder := os.Stat(folder)
		if os.IsNotExist(errFolder) && !runs(server) {
			return
		}
		<-time.After(50 * time.Millisecond)
	}
	t.Errorf("ten seconds after SIGKILL, %s or process %s is still there", folder, server)
}

// runs tells a process from one that has ended, also where process 1 reaps
// nobody and a zombie stays.
func runs(pid string) bool {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	return err == nil && !strings.Contains(string(status), "State:\tZ")
}
