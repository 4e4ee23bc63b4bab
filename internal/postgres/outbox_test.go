package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

func TestTheOutboxTakesRowsAndGivesNothingElseAway(t *testing.T) {
	d := dbtest.New(t)
	err := d.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		tx.Nudge(uuid.New(), uuid.Nil, uuid.New())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, statement := range map[string]string{
		"change a row":             `update sig.outbox set kind = 'ended'`,
		"back-date a row":          `insert into sig.outbox (kind, topics, at) values ('changed', array[gen_random_uuid()], 'epoch')`,
		"choose its place":         `insert into sig.outbox (kind, topics, xid) values ('changed', array[gen_random_uuid()], '1')`,
		"send text":                `insert into sig.outbox (kind, topics) values ('Alva', array[gen_random_uuid()])`,
		"name nobody":              `insert into sig.outbox (kind, topics) values ('changed', '{}')`,
		"read reports of barriers": `select body from sig.accessibility_report`,
		"change reports":           `update sig.accessibility_report set body = 'x'`,
	} {
		if _, err := d.App().Pool().Exec(t.Context(), statement); err == nil {
			t.Errorf("the role of the pages could %s", what)
		}
	}
	if _, err := d.Reviewer().Pool().Exec(t.Context(), `select id from sig.outbox`); err == nil {
		t.Error("the reviewer's role could read the outbox")
	}
}

func TestOnlyOldNudgesAreSwept(t *testing.T) {
	d := dbtest.New(t)
	insert := `insert into sig.outbox (kind, topics, at) values ('changed', array[gen_random_uuid()], clock_timestamp() - $1::interval)`
	for _, age := range []string{"0", "9 minutes", "11 minutes", "3 days"} {
		if _, err := d.Super().Exec(t.Context(), insert, age); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.App().Pool().Exec(t.Context(), `delete from sig.outbox where at > clock_timestamp() - interval '1 minute'`); err != nil {
		t.Fatal(err)
	}
	if err := d.App().SweepOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := d.Super().QueryRow(t.Context(), `select count(*) from sig.outbox`).Scan(&left); err != nil || left != 2 {
		t.Errorf("%d rows are left, want 2 (%v)", left, err)
	}
}

// TestASessionThatTheNextRequestWouldRefuseIsFound lays out sessions that ended
// in every way, beside ones that live.
func TestASessionThatTheNextRequestWouldRefuseIsFound(t *testing.T) {
	d := dbtest.New(t)
	now := d.Now(t)
	person := uuid.New()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := d.Super().Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into sig.identity_provider (issuer, kind) values ('citizen', 'citizen') on conflict do nothing`)
	exec(`insert into sig.person (id, issuer, subject, name) values ($1, 'citizen', 'a', 'Kim Berg')`, person)
	session := func(created, seen time.Duration, ended bool) uuid.UUID {
		t.Helper()
		id := uuid.New()
		exec(`insert into sig.session (id, secret_hash, person, provider, auth_time, created_at, last_seen_at, idle_limit,
		        absolute_limit, ended_at, end_reason)
		      values ($1, sha256($1::uuid::text::bytea), $2, 'citizen', $3, $3::timestamptz - $4::interval, $3::timestamptz - $5::interval,
		        '10 minutes', '1 hour', case when $6::bool then $3::timestamptz end, case when $6::bool then 'signed_out' end)`,
			id, person, now, created.String(), seen.String(), ended)
		return id
	}
	fresh, older := session(time.Minute, 0, false), session(50*time.Minute, 9*time.Minute, false)
	gone := []uuid.UUID{
		session(time.Minute, 0, true), session(20*time.Minute, 11*time.Minute, false), session(61*time.Minute, 0, false), uuid.New(),
	}
	ended, err := d.App().EndedSessions(t.Context(), append([]uuid.UUID{fresh, older}, gone...))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range gone {
		if !slices.Contains(ended, id) {
			t.Errorf("session %d of those that have ended was not found", slices.Index(gone, id))
		}
	}
	if len(ended) != len(gone) {
		t.Errorf("%d sessions are said to have ended, want %d", len(ended), len(gone))
	}
}
