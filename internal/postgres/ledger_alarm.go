package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TamperedError says that the stored log contradicts a head that was signed.
type TamperedError struct{ reason string }

// Error gives the contradiction in words.
func (e *TamperedError) Error() string { return "the ledger has been tampered with: " + e.reason }

// LedgerAlarm is that the sequencer has found the ledger tampered with and
// signs nothing until somebody has looked.
type LedgerAlarm struct {
	At      time.Time
	Finding string // numbers of rows and leaves, in an operator's words
}

const (
	openLedgerAlarmSQL = `
insert into sig.ledger_alarm (id, at, finding) values ($1, sig.now(), $2) on conflict do nothing`
	endLedgerAlarmSQL = `update sig.ledger_alarm set ended_at = greatest(at, sig.now()) where ended_at is null`
	ledgerAlarmSQL    = `select at, finding from sig.ledger_alarm where ended_at is null`
)

// alarm leaves the finding where the log reviewer and the operator see it. It
// is said once, however often it is found again.
func (s *Sequencer) alarm(ctx context.Context, found *TamperedError) {
	tag, err := s.db.pool.Exec(ctx, openLedgerAlarmSQL, uuid.New(), found.reason)
	if err != nil {
		s.log.ErrorContext(ctx, "the ledger's alarm could not be stored", "error", err)
	}
	if err == nil && tag.RowsAffected() == 0 && s.alarmed {
		return
	}
	s.alarmed = true
	s.log.ErrorContext(ctx, "the ledger has been tampered with; nothing is signed until somebody has looked: sigportal ledger verify",
		"finding", found.reason)
	if s.Alarmed != nil {
		s.Alarmed()
	}
}

// endAlarm takes the alarm back once a log that agrees with its head has been
// gone on from.
func (s *Sequencer) endAlarm(ctx context.Context, conn *pgx.Conn) error {
	tag, err := conn.Exec(ctx, endLedgerAlarmSQL)
	if err != nil {
		return fmt.Errorf("end the ledger's alarm: %w", err)
	}
	if tag.RowsAffected() > 0 {
		s.log.WarnContext(ctx, "the ledger agrees with its signed head again")
	}
	s.alarmed = false
	return nil
}

// LedgerAlarm gives the alarm that is open; false when there is none.
func (tx *Tx) LedgerAlarm(ctx context.Context) (LedgerAlarm, bool, error) {
	rows, err := tx.Query(ctx, ledgerAlarmSQL)
	if err != nil {
		return LedgerAlarm{}, false, fmt.Errorf("look for an alarm of the ledger: %w", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[LedgerAlarm])
	if errors.Is(err, pgx.ErrNoRows) {
		return LedgerAlarm{}, false, nil
	}
	if err != nil {
		return LedgerAlarm{}, false, fmt.Errorf("look for an alarm of the ledger: %w", err)
	}
	return a, true, nil
}
