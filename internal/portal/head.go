package portal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"sigportal/internal/config"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// head keeps a copy of the ledger's newest signed head outside the database. A
// database that was restored from a backup is older than that copy: in it,
// consents that were withdrawn since are in force again, and rows of the ledger
// are missing. It is refused until somebody has replayed what is missing.
type head struct {
	path   string
	public string
	db     *postgres.DB
}

func newHead(cfg config.Serve, db *postgres.DB) (head, error) {
	signer, err := ledger.NewSigner(cfg.LedgerKey.Reveal())
	if err != nil {
		return head{}, fmt.Errorf("SIG_LEDGER_KEY: %w", err)
	}
	return head{path: cfg.LedgerHead, public: signer.VerifierKey(), db: db}, nil
}

// check compares the copy with the database before anybody is served. Without
// a copy (a first start, a new machine) there is nothing to compare.
func (h head) check(ctx context.Context) error {
	if h.path == "" {
		return nil
	}
	kept, err := os.ReadFile(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the kept head: %w", err)
	}
	older, err := ledger.OpenCheckpoint(string(kept), h.public)
	if err != nil {
		return fmt.Errorf("the head kept in %s is not signed by this portal: %w", h.path, err)
	}
	return h.db.Do(ctx, sig.System("head"), func(tx *postgres.Tx) error {
		signed, err := tx.NewestHead(ctx)
		if errors.Is(err, postgres.ErrNoRows) {
			return fmt.Errorf("the database has no ledger, and %s knows one of %d rows: was a backup restored?", h.path, older.Size)
		}
		if err != nil {
			return err
		}
		newer, err := ledger.OpenCheckpoint(signed, h.public)
		if err != nil {
			return fmt.Errorf("the ledger's newest head is not signed by this portal: %w", err)
		}
		if newer.Size < older.Size {
			return fmt.Errorf("the database's ledger ends at %d rows, %s knows %d: was a backup restored?", newer.Size, h.path, older.Size)
		}
		path, err := tx.ConsistencyProof(ctx, older.Size, newer.Size)
		if err != nil {
			return err
		}
		return ledger.CheckConsistency(older.Size, newer.Size, ledger.Bytes(path), older.Root, newer.Root)
	})
}

// keep writes every newer head beside the old one and puts it in its place, so
// that a crash leaves one or the other. Replicas that share a folder may write
// in turn; each is right within a second.
func (h head) keep(ctx context.Context, log *slog.Logger) error {
	if h.path == "" {
		log.Warn("no head of the ledger is kept outside the database: a restored backup will not be noticed")
		return nil
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := ""
	for {
		signed, err := h.newest(ctx)
		if err == nil && signed != last {
			if err = h.write(signed); err == nil {
				last = signed
			}
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, postgres.ErrNoRows) {
			log.Warn("the ledger's head could not be kept", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (h head) newest(ctx context.Context) (signed string, err error) {
	err = h.db.Do(ctx, sig.System("head"), func(tx *postgres.Tx) error {
		signed, err = tx.NewestHead(ctx)
		return err
	})
	return signed, err
}

func (h head) write(signed string) error {
	beside, err := os.CreateTemp(filepath.Dir(h.path), ".head-*")
	if err != nil {
		return fmt.Errorf("write the head: %w", err)
	}
	_, err = beside.WriteString(signed)
	if err := errors.Join(err, beside.Sync(), beside.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the head: %w", err), os.Remove(beside.Name()))
	}
	if err := os.Rename(beside.Name(), h.path); err != nil {
		return fmt.Errorf("put the head in place: %w", err)
	}
	return nil
}
