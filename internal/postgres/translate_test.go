package postgres_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// wire stands between a pool and its server, and can be cut.
type wire struct {
	net.Listener

	mu    sync.Mutex
	conns []net.Conn
}

func (l *wire) run(server string) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", server) //nolint:noctx // it ends with the test
		if err != nil {
			_ = near.Close()
			return
		}
		l.mu.Lock()
		l.conns = append(l.conns, near, far)
		l.mu.Unlock()
		go func() { _, _ = io.Copy(near, far) }()
		go func() { _, _ = io.Copy(far, near) }()
	}
}

// cut ends all connections, and whatever comes after.
func (l *wire) cut() {
	_ = l.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
}

// A database that cannot be reached, or is lost on the way, is no fault of the
// portal's own: it may be tried again, and is answered so, wherever it happens.
func TestALostDatabaseMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(dbtest.New(t).URL("sig_app"))
	if err != nil {
		t.Fatal(err)
	}
	l := &wire{}
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil { //nolint:noctx // it ends with the test
		t.Fatal(err)
	}
	go l.run(address.Host)
	t.Cleanup(l.cut)
	address.Host = l.Addr().String()
	db, err := postgres.Open(t.Context(), address.String(), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	one := func(tx *postgres.Tx) error {
		var n int
		return tx.QueryRow(t.Context(), `select 1`).Scan(&n)
	}
	if err := db.Do(t.Context(), sig.System("test"), one); err != nil {
		t.Fatalf("before: %v", err)
	}
	err = db.Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := one(tx); err != nil {
			return err
		}
		l.cut()
		return one(tx)
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("lost in the middle: %v", err)
	}
	err = db.Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		return tx.SendBatch(t.Context(), &pgx.Batch{}).Close()
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("not reached at all: %v", err)
	}
	err = db.BeginLogin(t.Context(), postgres.LoginAttempt{StateHash: make([]byte, 32), BrowserHash: make([]byte, 32), ReturnTo: "/"})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a login that cannot begin: %v", err)
	}
}

// A transaction that lay idle is ended by the server, which may not get to say
// why; one whose time is over is told. Neither is a fault of ours, and what is
// wrong with a statement still is.
func TestWhatPassesByItselfIsToldFromWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ask := func(ctx context.Context, statements ...string) error {
		return d.App().Do(ctx, sig.System("test"), func(tx *postgres.Tx) error {
			var err error
			for _, s := range statements {
				_, err = tx.Exec(ctx, s)
			}
			return err
		})
	}
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	for what, err := range map[string]error{
		"a statement's time is over": ask(t.Context(), `set local statement_timeout = '20ms'`, `select pg_sleep(5)`),
		"the request's time is over": ask(short, `select pg_sleep(5)`),
		"an operator ends it":        ask(t.Context(), `select pg_terminate_backend(pg_backend_pid())`),
		"it was ended before":        ask(t.Context(), `select pg_terminate_backend(pg_backend_pid())`, `select 1`),
		"out of something":           ask(t.Context(), `do $$ begin raise exception using errcode = '53200'; end $$`),
	} {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, wrong := range []string{`select 1/0`, `select * from nothing_of_that_name`, `do $$ begin raise exception using errcode = 'P0001'; end $$`} {
		if err := ask(t.Context(), wrong); fault.KindOf(err) != fault.Internal || err == nil {
			t.Errorf("%s: %v", strings.TrimSpace(wrong), err)
		}
	}
}
