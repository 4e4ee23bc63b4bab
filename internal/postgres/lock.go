package postgres

import (
	"context"
	"encoding/binary"
	"slices"

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
	tx.LockNext(keys...)
	return tx.Flush(ctx)
}

// Share takes the same locks for reading, and for what only adds something.
// PostgreSQL's lock queue is fair, so readers cannot starve a withdrawal that
// waits.
func (tx *Tx) Share(ctx context.Context, keys ...int64) error {
	tx.ShareNext(keys...)
	return tx.Flush(ctx)
}

// LockNext is Lock in front of the next statement, in the same round trip; the
// clock (Now) is there after that statement.
func (tx *Tx) LockNext(keys ...int64) { tx.lock(`select pg_advisory_xact_lock($1)`, keys) }

// ShareNext is Share in front of the next statement.
func (tx *Tx) ShareNext(keys ...int64) { tx.lock(`select pg_advisory_xact_lock_shared($1)`, keys) }

func (tx *Tx) lock(statement string, keys []int64) {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	for _, key := range slices.Compact(sorted) {
		tx.later("lock", statement, key) // each a statement of its own
	}
	tx.laterRow("read the clock", tx.scanClock, readClockSQL)
}
