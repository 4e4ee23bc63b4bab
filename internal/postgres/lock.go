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
	tx.lock(exclusive, keys...)
	return tx.Flush(ctx)
}

// Share takes the same locks for reading, and for what only adds something.
// PostgreSQL's lock queue is fair, so readers cannot starve a withdrawal that
// waits.
func (tx *Tx) Share(ctx context.Context, keys ...int64) error {
	tx.lock(shared, keys...)
	return tx.Flush(ctx)
}

// LockCase is Lock for an act within one intervention. Lock and clock travel in
// front of the next statement, in the same round trip: Now is there after it.
// From here on the walls look at this one case of the actor's, not at all.
func (tx *Tx) LockCase(intervention sig.InterventionID) {
	tx.within(intervention)
	tx.lock(exclusive, LockKey(intervention))
}

// ShareCase is Share in the same way.
func (tx *Tx) ShareCase(intervention sig.InterventionID) {
	tx.within(intervention)
	tx.lock(shared, LockKey(intervention))
}

// Within one case every statement's plan is the same whatever the ids: making
// one anew each time, as the server does where a plan looks dear, took a third
// of its time under a withdrawal's lock.
func (tx *Tx) within(intervention sig.InterventionID) {
	const withinSQL = `select set_config('app.intervention', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)`
	tx.later("look at one case", withinSQL, intervention.String())
}

const (
	exclusive = `select pg_advisory_xact_lock($1)`
	shared    = `select pg_advisory_xact_lock_shared($1)`
)

func (tx *Tx) lock(statement string, keys ...int64) {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	for _, key := range slices.Compact(sorted) {
		tx.later("lock", statement, key) // each a statement of its own
	}
	tx.laterRow("read the clock", tx.scanClock, readClockSQL)
}
