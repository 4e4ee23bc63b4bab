package jobs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

const closeSQL = `update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn' where id = $1`

// A mail is being checked while a withdrawal is on its way: the check waits,
// and then finds nobody to tell.
func TestTheCheckWaitsForAWithdrawalThatIsOnItsWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.queue(t, w.toCoordinator(sig.MailNewCopy))
	err := w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := tx.Lock(t.Context(), postgres.LockKey(w.intervention)); err != nil {
			return err
		}
		w.replica(t)
		awaitWaiter(t, w.db)
		_, err := tx.Exec(t.Context(), closeSQL, w.intervention)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.settled(t)["new_copy"]; got != "not_entitled" || len(w.catcher.Messages()) != 0 {
		t.Errorf("the mail was %s and %d came; want none after the withdrawal", got, len(w.catcher.Messages()))
	}
}

// awaitWaiter returns when somebody waits for an advisory lock.
func awaitWaiter(t *testing.T, db *dbtest.Database) {
	t.Helper()
	deadline := time.After(4 * time.Second) // below the lock timeout of 5 s
	for {
		var waiting bool
		err := db.Super().QueryRow(t.Context(), `select exists (select from pg_locks l join pg_database d on d.oid = l.database
			where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting {
			return
		}
		select {
		case <-deadline:
			t.Fatal("nobody waits for the lock")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// A mail server that answers slowly must not hold up a withdrawal.
func TestAWithdrawalDoesNotWaitForTheMailServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	w.catcher.Refuse(func(string) int { close(asked); <-answer; return 0 })
	w.replica(t)
	w.queue(t, w.toCoordinator(sig.MailNewCopy))
	<-asked
	var took time.Duration
	err := w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		begun := w.db.Now(t)
		if err := tx.Lock(t.Context(), postgres.LockKey(w.intervention)); err != nil {
			return err
		}
		took = tx.Now().Sub(begun)
		_, err := tx.Exec(t.Context(), closeSQL, w.intervention)
		return err
	})
	if err != nil || took > time.Second {
		t.Errorf("a withdrawal beside a slow mail server: %v, %v", took, err)
	}
	close(answer)
	// Its check came before the withdrawal: the mail counts as sent before it.
	if got := w.settled(t)["new_copy"]; got != "sent" {
		t.Errorf("the mail was %s, want sent", got)
	}
}

func TestOnlyAJobReachesAnAddressAndOnlyOfACheckedMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.queue(t, w.toCoordinator(sig.MailNewCopy))
	denied := func(who string, db *postgres.DB, statement string) {
		t.Helper()
		_, err := db.Pool().Exec(t.Context(), statement)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
			t.Errorf("%s may %s: %v", who, statement, err)
		}
	}
	for _, statement := range []string{
		`select * from sig.mail_contact(gen_random_uuid())`, `select sig.mail_entitled(gen_random_uuid())`,
		`select assignment from sig.mail`, `update sig.mail set sent_at = sig.now()`, `delete from sig.mail`,
		`select from river.river_job`, `insert into river.river_job (args, kind) values ('{}', 'send_mail')`,
	} {
		denied("pages", w.db.App(), statement)
	}
	for _, statement := range []string{
		`select email from sig.assignment`, `select contact_sealed from sig.guardianship`, `select name from sig.youth`,
		`delete from sig.mail`, `update sig.mail set assignment = null`, `drop table river.river_job`,
	} {
		denied("jobs", w.db.Worker(), statement)
	}
	var found int
	err := w.db.Worker().Pool().QueryRow(t.Context(),
		`select count(c.*) from sig.mail m cross join sig.mail_contact(m.id) c`).Scan(&found)
	if err != nil || found != 0 {
		t.Errorf("%d addresses of mails that were never checked, %v; want none", found, err)
	}
}
