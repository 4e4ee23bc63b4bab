package postgres

import (
	"context"
	"fmt"
)

const newestHeadSQL = `select signed from sig.ledger_checkpoint order by size desc limit 1`

// NewestHead is the ledger's newest signed head; ErrNoRows while nothing has
// been folded yet.
func (tx *Tx) NewestHead(ctx context.Context) (string, error) {
	var signed string
	if err := tx.QueryRow(ctx, newestHeadSQL).Scan(&signed); err != nil {
		return "", fmt.Errorf("read the newest head: %w", err)
	}
	return signed, nil
}
