package closing

import (
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// narrowPlan stops the open commitments of functions that may no longer be told
// what the plan says (T19). The board's own go on, what was done stays done, and
// a wider consent later brings nothing back.
func narrowPlan(tx *postgres.Tx, i *postgres.Intervention, coverage *Coverage, open []postgres.OpenCommitment, by string, at time.Time) error {
	for _, c := range open {
		if !StopsCommitment(coverage, c) {
			continue
		}
		tx.StopCommitment(i.ID, c.ID, by, at)
		err := tx.Record(ledger.Entry{
			Kind: ledger.StopCommitment, Reason: by, Intervention: i.ID, Object: ledger.Of(ledger.ObjectCommitment, c.ID),
			Recipient: ledger.Recipient(c.Seat), Categories: []sig.Category{sig.CategoryPlanGoals},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// StopsCommitment reports whether a consent that covers no more than this stops a
// promise: previews count by it what a cut does.
func StopsCommitment(coverage *Coverage, c postgres.OpenCommitment) bool {
	return c.Seat.Authority != c.Planner.Authority && !coverage.Covers(c.Planner, c.Seat, []sig.Category{sig.CategoryPlanGoals})
}
