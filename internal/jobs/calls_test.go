package jobs_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigportal/internal/postgres"
)

// manySQL is an active consent by which the coordinator tells the counsellor,
// and so many meetings of one point to which the counsellor is called.
const manySQL = `
set session_replication_role = replica;
insert into sig.consent (id, intervention, version, state, change, prepared_at, activated_at, decided_on)
  values ('00000000-0000-4000-8000-00000000c0de', '%[1]s', 1, 'active', 'first', sig.now(), sig.now(), current_date);
insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
  recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, valid_from, valid_to, origin)
  values (gen_random_uuid(), '00000000-0000-4000-8000-00000000c0de', '%[1]s', 1, 'farsta', 'unga', 'coordinator',
  'skolan', 'halsa', 'school_counsellor', '{plan_goals}', 'follow_plan', '{}', sig.now() - interval '1 day', sig.now() + interval '90 days', gen_random_uuid());
insert into sig.meeting (id, intervention, authority, unit, function, assignment, starts_at, ends_at, created_at, changed_at)
  select gen_random_uuid(), '%[1]s', 'farsta', 'unga', 'coordinator', '%[2]s', sig.now() + interval '10 days', sig.now() + interval '10 days 1 hour', sig.now(), sig.now()
    from generate_series(1, %[3]d);
insert into sig.meeting_point (id, meeting, intervention, position, category, teller_authority, teller_unit, teller_function)
  select gen_random_uuid(), id, intervention, 1, 'plan_goals', 'farsta', 'unga', 'coordinator' from sig.meeting;
insert into sig.meeting_invitation (id, meeting, intervention, authority, unit, function, invited_at)
  select gen_random_uuid(), id, intervention, 'skolan', 'halsa', 'school_counsellor', sig.now() from sig.meeting;
insert into sig.meeting_presence (invitation, point, meeting, intervention)
  select v.id, p.id, v.meeting, v.intervention from sig.meeting_invitation v join sig.meeting_point p on p.meeting = v.meeting;
set session_replication_role = default;
analyze;
select count(*) from (select sig.queue_meeting_calls(id, sig.now()) from sig.meeting_invitation) q;`

// calls queues so many calls to meetings, to one person.
func (w *world) calls(t testing.TB, n int) {
	t.Helper()
	w.catcher.KeepAll()
	conn, err := w.db.Super().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Conn().PgConn().Exec(t.Context(), fmt.Sprintf(manySQL, w.intervention, w.coordinator, n)).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

const openCallsSQL = `select count(*) from sig.mail where kind = 'meeting' and sent_at is null and cancelled_at is null`

func (w *world) count(t testing.TB, sql string) (n int) {
	t.Helper()
	if err := w.db.Super().QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// allSent waits until no call is open.
func (w *world) allSent(t testing.TB, within time.Duration) {
	t.Helper()
	deadline := time.After(within)
	for w.count(t, openCallsSQL) > 0 {
		select {
		case <-deadline:
			t.Fatalf("%d calls are open after %s; log:\n%.2000s", w.count(t, openCallsSQL), within, w.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

var nameOfCall = regexp.MustCompile(`(?m)^(?:UID|SEQUENCE):(\S+)`)

// came counts what came by Message-ID, UID and SEQUENCE.
func (w *world) came(t testing.TB) map[string]int {
	t.Helper()
	times := map[string]int{}
	for _, m := range w.catcher.Messages() {
		letter, err := m.Read()
		if err != nil {
			t.Fatal(err)
		}
		name := letter.Header.Get("Message-ID")
		for _, found := range nameOfCall.FindAllStringSubmatch(strings.ReplaceAll(letter.Calendar, "\r\n ", ""), -1) {
			name += " " + found[1]
		}
		times[name]++
	}
	return times
}

// BenchmarkCalls is ten thousand calls leaving from two replicas, each once.
func BenchmarkCalls(b *testing.B) {
	const calls = 10000
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b)
		w.calls(b, calls)
		began := time.Now()
		b.StartTimer()
		stops := []func(){w.replica(b), w.replica(b)}
		w.allSent(b, 10*time.Minute)
		b.ReportMetric(time.Since(began).Seconds(), "s/10000-calls")
		for _, stop := range stops {
			stop()
		}
		if n := len(w.came(b)); n != calls || len(w.catcher.Messages()) != calls {
			b.Fatalf("%d different calls came, %d in all, want %d each once", n, len(w.catcher.Messages()), calls)
		}
	}
}

// TestMain is a replica where a test has asked for one that it can kill.
func TestMain(m *testing.M) {
	if url := os.Getenv("REPLICA_DATABASE"); url != "" {
		sealer, err := newSealer()
		if err == nil {
			var db *postgres.DB
			if db, err = postgres.Open(context.Background(), url, 10); err == nil {
				err = work(context.Background(), db, sealer, os.Getenv("REPLICA_SMTP"), "http://127.0.0.1:1/", os.Stderr)
			}
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A replica is killed in the middle: what it had in hand comes at most once
// more, as the same message about the same version of the same meeting; nothing
// is lost, and nothing else comes twice.
func TestAKillRepeatsOnlyWhatWasInHand(t *testing.T) {
	t.Parallel()
	const calls, inHand = 80, 4
	w := newWorld(t)
	w.calls(t, calls)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	replica := exec.CommandContext(t.Context(), program)
	replica.Env = append(os.Environ(), "REPLICA_DATABASE="+w.db.URL("sig_worker"), "REPLICA_SMTP="+w.catcher.SMTPAddr())
	if err := replica.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	err = w.catcher.Wait(ctx, 10)
	killed := replica.Process.Kill()
	_ = replica.Wait()
	if err != nil || killed != nil {
		t.Fatal(err, killed)
	}
	left := w.count(t, openCallsSQL)
	if left == 0 || left == calls {
		t.Fatalf("%d calls were open at the kill", left)
	}
	// Time passes: the queue takes the jobs of the dead from it after two minutes.
	w.exec(t, `update river.river_job set attempted_at = now() - interval '1 hour' where state = 'running'`)
	w.exec(t, `delete from river.river_leader`)
	w.replica(t)
	w.allSent(t, 60*time.Second)
	times := w.came(t)
	again := 0
	for name, n := range times {
		again += n - 1
		if n > 2 {
			t.Errorf("%s came %d times", name, n)
		}
	}
	if len(times) != calls || again > inHand {
		t.Errorf("%d different calls came, want %d; %d came again, want at most the %d in hand", len(times), calls, again, inHand)
	}
	t.Logf("%d calls were open at the kill, %d came again", left, again)
}
