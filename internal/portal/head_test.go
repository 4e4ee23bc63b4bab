package portal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// logOf makes a database whose ledger has some rows in its signed log.
func logOf(t *testing.T, signer *ledger.Signer, rows int) *dbtest.Database {
	t.Helper()
	db := dbtest.New(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	sequencer := postgres.NewSequencer(db.Worker(), signer, slog.New(slog.DiscardHandler))
	go func() { ended <- sequencer.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for range rows {
		err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
			if err := tx.ReadClock(t.Context()); err != nil {
				return err
			}
			_, err := tx.Append(t.Context(), ledger.Entry{Kind: ledger.RefuseConsent})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	h := head{db: db.Worker(), public: signer.VerifierKey()}
	for rows > 0 {
		signed, err := h.newest(t.Context())
		if errors.Is(err, postgres.ErrNoRows) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ledger.OpenCheckpoint(signed, h.public); err != nil || c.Size == int64(rows) {
			break
		}
	}
	return db
}

func newKey(t *testing.T) *ledger.Signer {
	t.Helper()
	private, _, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// TestARestoredBackupIsRefused: a database from before is one in which consents
// that were withdrawn since are in force again.
func TestARestoredBackupIsRefused(t *testing.T) {
	t.Parallel()
	signer := newKey(t)
	path := filepath.Join(t.TempDir(), "head")
	on := func(db *dbtest.Database, key *ledger.Signer) head {
		return head{path: path, public: key.VerifierKey(), db: db.Worker()}
	}
	three := logOf(t, signer, 3)
	if err := on(three, signer).check(t.Context()); err != nil {
		t.Errorf("a first start, with no head kept: %v", err)
	}
	signed, err := on(three, signer).newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := on(three, signer).write(signed); err != nil {
		t.Fatal(err)
	}
	if err := on(three, signer).check(t.Context()); err != nil {
		t.Errorf("the database that the head is of: %v", err)
	}
	for what, refused := range map[string]struct {
		h    head
		says string
	}{
		"an empty database":        {on(logOf(t, signer, 0), signer), "was a backup restored?"},
		"an older database":        {on(logOf(t, signer, 2), signer), "was a backup restored?"},
		"another history as long":  {on(logOf(t, signer, 4), signer), "does not begin with"},
		"a head of another portal": {on(three, newKey(t)), "not signed by this portal"},
	} {
		if err := refused.h.check(t.Context()); err == nil || !strings.Contains(err.Error(), refused.says) {
			t.Errorf("%s: the check says %v, want words with %q", what, err, refused.says)
		}
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := on(three, signer).check(t.Context()); err == nil {
		t.Error("a head that is none was taken")
	}
}

func TestTheHeadIsKept(t *testing.T) {
	t.Parallel()
	signer := newKey(t)
	db := logOf(t, signer, 1)
	h := head{path: filepath.Join(t.TempDir(), "head"), public: signer.VerifierKey(), db: db.Worker()}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.keep(ctx, slog.New(slog.DiscardHandler)) }()
	for {
		kept, err := os.ReadFile(h.path)
		if err != nil {
			continue // not yet
		}
		if c, err := ledger.OpenCheckpoint(string(kept), h.public); err != nil || c.Size != 1 {
			t.Errorf("kept a head of %d rows: %v", c.Size, err)
		}
		break
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Dir(h.path) + "/.head-*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}
