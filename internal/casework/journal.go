package casework

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Journal is what the board writes into its own case system, newest first.
type Journal struct {
	Notes []JournalNote
	// Names are those of the young person and of everybody who is or was a
	// guardian, by the id that a note's facts have. A note outlives the consent
	// and the standing that it is about, and has to say whose it was.
	Names map[string]string
}

// Journal gives the notes to the board's coordinator and social secretary.
func (s *Service) Journal(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Journal, error) {
	return s.journal(ctx, actor, intervention, ledger.ReadJournal)
}

// TakeJournal is Journal for a file, which the ledger tells apart.
func (s *Service) TakeJournal(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Journal, error) {
	return s.journal(ctx, actor, intervention, ledger.MarkJournal)
}

func (s *Service) journal(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, kind ledger.Kind) (*Journal, error) {
	out := &Journal{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: kind, Intervention: intervention}
		facts, err := tx.CaseFacts(ctx, intervention)
		if err != nil {
			return missing(tx, err, entry)
		}
		if !fills(facts, sig.RoleCoordinator, sig.RoleSocialSecretary) {
			return tx.RefuseMissing(entry)
		}
		if out.Notes, err = tx.Notes(ctx, intervention); err != nil {
			return err
		}
		if out.Names, err = tx.FamilyNames(ctx, intervention); err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return out, err
}
