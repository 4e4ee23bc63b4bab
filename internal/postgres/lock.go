package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// LockKey is the advisory lock of one object: the first eight of its random
// bytes. Two objects that share a key only wait for each other needlessly.
func LockKey[K any](id sig.ID[K]) int64 {
	return int64(binary.BigEndian.Uint64(id.UUID[:8])) //nolint:gosec // the bits matter, not the sign
}

// Lock takes the advisory locks of interventions (or persons) for writing, in
// key order, each as a statement of its own, and then reads the clock. It is
// the first thing that any change of who may see something does: taken later,
// or read before the lock, the ledger shows reads after a withdrawal.
func (tx *Tx) Lock(ctx context.Context, keys ...int64) error {
	return tx.lock(ctx, `select pg_advisory_xact_lock($1)`, keys)
}

// Share takes the same locks for reading. PostgreSQL's lock queue is fair, so
// readers cannot starve a withdrawal that waits.
func (tx *Tx) Share(ctx context.Context, keys ...int64) error {
	return tx.lock(ctx, `select pg_advisory_xact_lock_shared($1)`, keys)
}

func (tx *Tx) lock(ctx context.Context, statement string, keys []int64) error {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	batch := &pgx.Batch{} // one round trip, but a statement each
	for _, key := range slices.Compact(sorted) {
		batch.Queue(statement, key)
	}
	tx.queueClock(batch)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}
