package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const transferredSQL = `select transferred_at is not null from sig.received where id = @id and intervention = @intervention`

// Transferred reports whether a copy has been moved into the own file; a copy
// that the actor may not see has not.
func (tx *Tx) Transferred(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID) (bool, error) {
	var moved bool
	err := tx.QueryRow(ctx, transferredSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention}).Scan(&moved)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ask whether a copy has been moved: %w", err)
	}
	return moved, nil
}
