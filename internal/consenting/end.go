package consenting

import (
	"context"
	"slices"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Ending is the board's own decision to end the collaboration, taken in its
// own system: the portal ends the sharing at once and notes it.
type Ending struct {
	Reason    sig.ClosedReason
	On        sig.Date
	Reference string // the decision's number in the board's own system
}

// EndReasons are the reasons for which a board ends by itself; the others are
// what a withdrawal, an expiry or a refusal brings about.
func EndReasons() []sig.ClosedReason {
	return []sig.ClosedReason{
		sig.ClosedGoalReached, sig.ClosedMoved, sig.ClosedDecisionEnded, sig.ClosedReplacedByLVU, sig.ClosedDeceased, sig.ClosedOther,
	}
}

// End ends the collaboration by the board's decision, as recorded by its social
// secretary: all that a withdrawal ends ends in this transaction too. Before
// the decision on the measure the intervention is never started.
func (s *Service) End(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in Ending) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.DecideMeasure, func(m *matter) error {
		if err := m.must(policy.DutyDecide); err != nil {
			return err
		}
		if m.i.State.Ended() {
			return m.conflict("error.intervention_ended")
		}
		if err := in.check(m.youth.BirthDate, sig.DateOf(m.tx.Now())); err != nil {
			return err
		}
		if _, err := m.record(ctx, m.inForce(), ledger.Detail{"ends": in.Reason, "on": in.On.String()}); err != nil {
			return err
		}
		if err := m.tx.AsSystem("consenting", func() error { return m.end(ctx, in) }); err != nil {
			return err
		}
		var err error
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (e Ending) check(born, today sig.Date) error {
	var c fault.Check
	if !slices.Contains(EndReasons(), e.Reason) {
		c.Fail("reason", "error.choose_one")
	}
	decision := Decision{On: e.On, Reference: e.Reference}
	decision.look(&c, born, today)
	return c.Err()
}

// end takes an intervention that has begun to Closing, and one that has not to
// NotStarted. It runs inside AsSystem.
func (m *matter) end(ctx context.Context, in Ending) error {
	facts := map[string]any{"on": in.On.String(), "reference": in.Reference, "reason": in.Reason}
	if m.i.State == sig.InterventionActive || m.i.State == sig.InterventionSharingStopped {
		if err := m.tx.RecutCopies(ctx, m.i.ID, closing.CutByClosing); err != nil {
			return err
		}
		_, err := closing.Close(ctx, m.tx, &m.i, closing.End{
			Reason: in.Reason, Consent: sig.ConsentLapsed, CutBy: closing.CutByClosing, At: m.tx.Now(),
			Journal: postgres.JournalEnded, Facts: facts,
		})
		return err
	}
	if c := m.preparing(); c != nil {
		if err := m.endPrepared(ctx, c); err != nil {
			return err
		}
	}
	if err := closing.NeverStarted(m.tx, &m.i, in.Reason, m.tx.Now()); err != nil {
		return err
	}
	if err := m.note(postgres.JournalEnded, m.tx.Now(), facts); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}
