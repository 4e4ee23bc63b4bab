package postgres

import (
	"context"

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

// AuditIn audits what one transaction sees.
func AuditIn(ctx context.Context, tx pgx.Tx, w ledger.Witnesses) (ledger.Report, error) {
	return auditIn(ctx, tx, w)
}
