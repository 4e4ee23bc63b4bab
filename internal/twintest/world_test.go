package twintest

import (
	"bytes"
	"context"
	"encoding/base64"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/mailcatch"
	"sigportal/internal/replica"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// world is one portal in a process of its own, with Amir's family in it and a
// clock that is set anew before each act of the story.
type world struct {
	t       *testing.T
	build   build
	db      *dbtest.Database
	town    *sample.Town
	origin  string
	mails   *mailcatch.Catcher
	minutes int // since the story began

	id     sig.InterventionID
	hidden sig.ItemID // in every world: nobody in the family may see it
	copied sig.DisclosureID
}

// The keys of all worlds.
var kek, lookup = bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize)

// ledgerKey signs the logs of all worlds: whose key it is tells twins apart.
var ledgerKey = sync.OnceValues(func() (string, error) {
	signing, _, err := ledger.GenerateKey("twin.example")
	return signing, err
})

var began = time.Date(2026, 12, 3, 9, 0, 0, 0, sig.Stockholm)

func TestMain(m *testing.M) {
	dbtest.Durable() // a portal refuses a database that is not
	os.Exit(m.Run())
}

// build is a portal as it is delivered, or one that leaks: a fault in the
// database beside it, and one in the program, which the environment turns on.
type build struct {
	program string
	planted string // SQL
	environ []string
}

func newWorld(t *testing.T, b build) *world {
	t.Helper()
	w := &world{t: t, build: b, db: dbtest.New(t)}
	w.step()
	_, err := w.db.Super().Exec(t.Context(), b.planted)
	w.must(err, "plant a fault")
	w.must(sample.City(t.Context(), w.db.Owner()), "import the city")
	sealer, err := seal.New(lookup, kek)
	w.must(err, "set up sealing")
	w.town = sample.NewTown(w.db.App(), sealer)
	w.mails, err = mailcatch.Start(context.WithoutCancel(t.Context()), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	w.must(err, "start the mail server")
	t.Cleanup(func() { _ = w.mails.Close() })
	w.mails.KeepAll()
	return w
}

// serve starts the portal. What was due before leaves or is cancelled now.
func (w *world) serve() {
	w.t.Helper()
	signing, err := ledgerKey()
	w.must(err, "draw the ledger's key")
	w.origin, _ = replica.Start(w.t, w.build.program, append(append(os.Environ(),
		"SIG_METRICS_LISTEN=127.0.0.1:0", "SIG_LOG_LEVEL=error", "SIG_PHONE=08-000 00 00",
		"SIG_APP_DATABASE_URL="+w.db.URL("sig_app"), "SIG_WORKER_DATABASE_URL="+w.db.URL("sig_worker"),
		"SIG_REVIEWER_DATABASE_URL="+w.db.URL("sig_reviewer"),
		"SIG_KEK="+base64.StdEncoding.EncodeToString(kek), "SIG_LOOKUP_KEY="+base64.StdEncoding.EncodeToString(lookup),
		"SIG_LEDGER_KEY="+signing, "SIG_PROVIDERS=[]",
		"SIG_MAIL_ADDRESS="+w.mails.SMTPAddr(), "SIG_MAIL_FROM=portal@twin.example", "SIG_MAIL_TLS=none",
	), w.build.environ...))
	w.settle()
}

func (w *world) must(err error, doing string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", doing, err)
	}
}

// step lets a minute pass. Both twins take the same steps, so that what happens
// in one alone moves nothing else.
func (w *world) step() {
	w.t.Helper()
	w.minutes++
	w.db.SetClock(w.t, began.Add(time.Duration(w.minutes)*time.Minute))
}

func (w *world) as(persona, hat string) sig.Actor {
	w.t.Helper()
	actor, err := w.town.As(w.t.Context(), persona, hat)
	w.must(err, "sign in "+persona)
	return actor
}

// settle returns when every mail that is due has left or been cancelled.
func (w *world) settle() {
	w.t.Helper()
	w.await("mails are still waiting", `select not exists (select from sig.mail where sent_at is null and cancelled_at is null and due_at <= sig.now())`)
}

// await asks the database until it says yes.
func (w *world) await(otherwise, sql string, args ...any) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for yes := false; !yes; {
		select {
		case <-ctx.Done():
			w.t.Fatal(otherwise)
		case <-tick.C:
			w.must(w.db.Super().QueryRow(ctx, sql, args...).Scan(&yes), "look whether "+otherwise)
		}
	}
}
