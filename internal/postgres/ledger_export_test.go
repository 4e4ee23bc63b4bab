package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/ledger"
)

// FoldOnce folds what is settled by now on a connection of its own.
func (s *Sequencer) FoldOnce(ctx context.Context) (int, error) {
	conn, err := s.db.pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	var settled int64
	return s.fold(ctx, conn.Conn(), &settled)
}

// LookAgain makes the sequencer look at a tampered log again so soon.
func (s *Sequencer) LookAgain(after time.Duration) { s.again = after }

// AuditIn audits what one transaction sees.
func AuditIn(ctx context.Context, tx pgx.Tx, w ledger.Witnesses) (ledger.Report, error) {
	return auditIn(ctx, tx, w)
}

// FsckIn looks at what one transaction sees.
func FsckIn(ctx context.Context, tx pgx.Tx) (Check, error) {
	return fsckIn(ctx, tx, ledger.Witnesses{})
}

// HoldAndStop takes the sequencer's lock as a holder does, and then does
// nothing more, like a process that was stopped.
func HoldAndStop(ctx context.Context, conn *pgx.Conn) error {
	var held bool
	if err := conn.QueryRow(ctx, holdSequencerSQL).Scan(&held); err != nil || !held {
		return errors.Join(err, errNotHolder)
	}
	_, err := conn.Exec(ctx, sequencerLimitsSQL)
	return err
}
