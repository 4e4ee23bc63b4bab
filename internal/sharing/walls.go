package sharing

import (
	"context"
	"errors"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// wallsDisagree is the answer when one wall has let pass what the other stops:
// an alarm and a fixed sentence, never a page.
func wallsDisagree(tx *postgres.Tx, passed string, d policy.Decision, e ledger.Entry) error {
	told := fault.Disagreement{
		Passed: passed, Reason: string(d.Reason), Act: string(e.Kind), Intervention: e.Intervention.String(), Object: e.Object.ID.String(),
	}
	if !tx.Actor.Assignment.IsZero() {
		told.Assignment = tx.Actor.Assignment.String()
	}
	return fault.Disagree(told)
}

// missingCopy answers where the second wall has returned no copy. That is the
// no of unknown and forbidden, unless the policy, asked about what the system
// sees, says yes. What is asked of the database does not depend on what is
// there. Of items the system sees nothing, so that one is not found there.
func (s *Service) missingCopy(ctx context.Context, tx *postgres.Tx, e ledger.Entry) error {
	person := tx.Actor.Assignment
	var facts *postgres.CaseFacts
	var row postgres.Received
	var deleted bool
	var places []sig.Place
	err := tx.AsSystem("walls", func() error {
		var missing [2]error
		facts, missing[0] = tx.CaseFacts(ctx, e.Intervention)
		row, deleted, missing[1] = tx.CopyFacts(ctx, e.Intervention, sig.DisclosureID{UUID: e.Object.ID.UUID})
		if err := errors.Join(unlessMissing(missing[0]), unlessMissing(missing[1])); err != nil {
			return err
		}
		var err error
		places, err = tx.PlacesInCase(ctx, e.Intervention, person)
		return err
	})
	if err != nil {
		return err
	}
	if facts == nil || row.ID.IsZero() {
		return tx.RefuseMissing(e)
	}
	facts.Seats = places
	place, participates, err := readerPlace(ctx, tx, facts, row)
	if unlessMissing(err) != nil {
		return err
	}
	r := requestFor(tx, facts, policy.ReadCopy, place, participates)
	r.Copy = copyOf(row)
	r.Copy.Deleted = deleted
	if d := policy.Decide(r); err == nil && d.Allowed {
		return wallsDisagree(tx, "policy", d, e)
	}
	return tx.RefuseMissing(e)
}
