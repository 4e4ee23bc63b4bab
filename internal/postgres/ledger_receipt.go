package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
)

const storedHashesSQL = `select position, hash from sig.ledger_hash where position = any($1)`

// queryer is a transaction or a connection.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// hashReader reads stored hashes for proofs, and fails where one is missing.
func hashReader(ctx context.Context, q queryer) ledger.ReadHashes {
	return func(positions []int64) ([]ledger.Hash, error) {
		rows, err := q.Query(ctx, storedHashesSQL, positions)
		if err != nil {
			return nil, fmt.Errorf("read stored hashes: %w", err)
		}
		found := make(map[int64]ledger.Hash, len(positions))
		var position int64
		var hash []byte
		_, err = pgx.ForEachRow(rows, []any{&position, &hash}, func() error {
			if len(hash) == len(ledger.Hash{}) {
				found[position] = ledger.Hash(hash)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read stored hashes: %w", err)
		}
		hashes := make([]ledger.Hash, len(positions))
		for i, p := range positions {
			h, ok := found[p]
			if !ok {
				return nil, fmt.Errorf("the stored hash at %d is gone", p)
			}
			hashes[i] = h
		}
		return hashes, nil
	}
}

const ledgerProofSQL = `
select f.leaf_index, c.size, c.signed
from sig.ledger_leaf f
cross join lateral (
  select size, signed from sig.ledger_checkpoint where size > f.leaf_index order by size desc limit 1) c
where f.ledger_id = $1`

// Receipt makes the receipt of one row that the actor may see, with the named
// commitments opened. A row that is not there, not visible, or culled is
// NotFound; one that is not yet in the log (up to a second after its commit)
// is Unavailable with the code error.receipt_pending. While the ledger's alarm
// is open nothing is proved: Unavailable with error.receipt_held.
func (tx *Tx) Receipt(ctx context.Context, ledgerID int64, open ...string) (ledger.Receipt, error) {
	rows, err := tx.Query(ctx, ledgerRowSQL+` where id = $1`, ledgerID)
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("read ledger row %d: %w", ledgerID, err)
	}
	stored, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ledgerRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return ledger.Receipt{}, fault.Missing()
	}
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("read ledger row %d: %w", ledgerID, err)
	}
	row := ledger.Row(stored)
	if row.Culled() {
		return ledger.Receipt{}, fault.Missing()
	}
	if _, held, err := tx.LedgerAlarm(ctx); err != nil {
		return ledger.Receipt{}, err
	} else if held {
		return ledger.Receipt{}, fault.New(fault.Unavailable, "error.receipt_held")
	}
	r := ledger.Receipt{Body: row.Body, Opened: row.Open(open...)}
	var size int64
	err = tx.QueryRow(ctx, ledgerProofSQL, ledgerID).Scan(&r.LeafIndex, &size, &r.Checkpoint)
	if errors.Is(err, pgx.ErrNoRows) {
		return ledger.Receipt{}, fault.New(fault.Unavailable, "error.receipt_pending")
	}
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("find leaf of ledger row %d: %w", ledgerID, err)
	}
	if r.Path, err = ledger.ProveInclusion(size, r.LeafIndex, hashReader(ctx, tx)); err != nil {
		return ledger.Receipt{}, err
	}
	return r, nil
}

// ConsistencyProof proves that the log of size newer begins with the log of
// size older, for whoever keeps heads of the log outside this database.
func (tx *Tx) ConsistencyProof(ctx context.Context, older, newer int64) ([]ledger.Hash, error) {
	return ledger.ProveConsistency(older, newer, hashReader(ctx, tx))
}
