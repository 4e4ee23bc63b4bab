package alarm_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/alarm"
	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
)

// replicaURL makes this test program, started again, a replica.
const replicaURL = "SIGPORTAL_TEST_ALARM_URL"

func TestMain(m *testing.M) {
	if url := os.Getenv(replicaURL); url != "" {
		beReplica(url)
	}
	os.Exit(m.Run())
}

// beReplica prints one line per alarm that it took, and works until killed or
// until its parent ends.
func beReplica(url string) {
	db, err := postgres.Open(context.Background(), url, 8)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	went := make(chan fired, 1000)
	a := alarm.New(db, slog.New(slog.DiscardHandler))
	a.Handle(kind, take(db, went))
	go a.Run(context.Background())
	go func() { // the parent's end closes the pipe: nobody is left behind
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for f := range went {
		fmt.Println(f.object)
	}
}

func TestNoneIsLostWithAReplicaThatIsKilled(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	const n = 400
	other := exec.CommandContext(t.Context(), os.Args[0])
	other.Env = append(os.Environ(), replicaURL+"="+db.URL("sig_worker"))
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	start := db.Now(t).Add(200 * time.Millisecond)
	for i := range n {
		set(t, db, uuid.New(), start.Add(time.Duration(i)*2*time.Millisecond))
	}
	// The other one works alone at first, then beside this one, and dies in the
	// middle of it.
	lines := bufio.NewScanner(out)
	theirs := 0
	for theirs < 50 && lines.Scan() {
		theirs++
	}
	went := make(chan fired, n)
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	next(t, went)
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		theirs++
	}
	_ = other.Wait() // killed, as it must be

	deadline := time.After(20 * time.Second)
	for {
		var open, done int
		err := db.Super().QueryRow(t.Context(),
			`select count(*) filter (where done_at is null), count(done_at) from sig.alarm`).Scan(&open, &done)
		if err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			// What the killed one had committed but not yet printed is at most what it had in hand.
			if mine := 1 + len(went); mine+theirs > done || mine+theirs < done-6 {
				t.Errorf("%d done, of which here %d and there %d", done, mine, theirs)
			}
			t.Logf("here %d, there %d before it was killed, all %d done", 1+len(went), theirs, done)
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%d of %d alarms are lost", open, n)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
