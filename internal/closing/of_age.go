package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// ComesOfAge writes down the eighteenth birthday. The guardians' view, signing
// and withdrawing have ended with that instant, by both walls; here their open
// pages are told to look. What the young person has signed goes on, and the
// coordinator is asked to renew it with the adult alone. A version that only
// guardians signed cannot have reached past the day: consenting refuses it. It
// runs inside AsSystem.
func ComesOfAge(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, day time.Time) error {
	if err := askAdult(tx, i, day); err != nil {
		return err
	}
	spans, err := tx.Guardianships(ctx, i.Youth)
	if err != nil {
		return err
	}
	var parents []uuid.UUID
	for _, g := range spans {
		parents = append(parents, g.ID.UUID)
	}
	tx.Nudge(parents...)
	return tellBoard(ctx, tx, i)
}

// askAdult notes the day and asks for a renewal where something is in force.
func askAdult(tx *postgres.Tx, i *postgres.Intervention, day time.Time) error {
	if i.State != sig.InterventionActive {
		return nil
	}
	err := tx.WriteNote(postgres.JournalNote{
		Intervention: i.ID, Authority: i.Authority, Kind: postgres.JournalOfAge, At: day,
	})
	if err != nil {
		return err
	}
	renewTask(tx, i, NextWorkingDay(tx.Now()))
	return nil
}
