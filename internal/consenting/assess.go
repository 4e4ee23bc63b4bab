package consenting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Assessment is what a social secretary finds of a young person's age and
// maturity (OSL 12:3).
type Assessment struct {
	Outcome sig.MaturityOutcome
	Alone   []sig.Category // over which the youth disposes alone from now on
	Reason  string
}

// AloneFrom is the age from which somebody may dispose over a category alone.
const AloneFrom = 12

func (a *Assessment) check() error {
	var c fault.Check
	if a.Outcome != sig.Mature && a.Outcome != sig.NotMature {
		c.Fail("outcome", "error.choose_one")
	}
	switch a.Alone = once(a.Alone); {
	case slices.ContainsFunc(a.Alone, func(k sig.Category) bool { return !k.Valid() }):
		c.Fail("alone", "error.choose_one")
	case len(a.Alone) > 0 && a.Outcome == sig.NotMature:
		c.Fail("alone", "error.alone_wants_maturity")
	}
	if err := c.Err(); err != nil {
		return err
	}
	why, err := reason(a.Reason)
	a.Reason = why
	return err
}

// AssessMaturity records the social secretary's assessment of a young person's
// age and maturity with its reasons (OSL 12:3). The latest counts: for who must
// sign from then on, for whether a 12–14-year-old may withdraw alone, and for
// the categories over which the youth disposes alone. Of those a guardian sees
// nothing from this instant on; a consent that everybody has signed, or is
// asked to sign, must not name them.
func (s *Service) AssessMaturity(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, a Assessment,
) (*Case, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.AssessMaturity, func(m *matter) error {
		if err := m.mayAssess(a); err != nil {
			return err
		}
		id := postgres.MaturityID{UUID: uuid.New()}
		sealed, err := m.sealFor(ctx, "reason", id.UUID, a.Reason)
		if err != nil {
			return err
		}
		if err := m.tx.InsertMaturity(ctx, id, m.i.ID, postgres.Maturity{Outcome: a.Outcome, Alone: a.Alone}, sealed); err != nil {
			return err
		}
		m.maturity, m.alone = a.Outcome, a.Alone
		if _, err := m.record(ctx, nil, ledger.Detail{"outcome": a.Outcome, "alone": len(a.Alone)}); err != nil {
			return err
		}
		facts := map[string]any{"outcome": a.Outcome}
		if len(a.Alone) > 0 {
			facts["alone"] = a.Alone
		}
		if err := m.note(postgres.JournalMaturity, m.tx.Now(), facts); err != nil {
			return err
		}
		err = m.tx.AsSystem("consenting", func() error {
			if err := m.ownWithout(ctx, a.Alone); err != nil {
				return err
			}
			return m.countAgain(ctx)
		})
		if err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (m *matter) mayAssess(a Assessment) error {
	if err := m.must(policy.DutyAssess); err != nil {
		return err
	}
	if m.i.State.Ended() {
		return m.conflict("error.intervention_ended")
	}
	if len(a.Alone) == 0 {
		return nil
	}
	if age := m.youth.BirthDate.Age(sig.DateOf(m.tx.Now())); age < AloneFrom || age >= 18 {
		return m.conflict("error.alone_age")
	}
	for _, c := range []*postgres.Consent{m.inForce(), m.preparing()} {
		if c != nil && slices.ContainsFunc(m.rows[c.ID], func(r postgres.GrantRow) bool { return sig.Overlap(r.Categories, a.Alone) }) {
			return m.conflict("error.alone_in_consent")
		}
	}
	return nil
}

// RecordOutcome records which other measures were considered after the
// collaboration ended; doing without needs a reason. It is what turns Closing
// into Closed, and nobody can leave it out.
func (s *Service) RecordOutcome(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, outcome Outcome, why string,
) (*Case, error) {
	if err := outcome.check(why); err != nil {
		return nil, err
	}
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.RecordOutcome, func(m *matter) error {
		if err := m.must(policy.DutyOutcome); err != nil {
			return err
		}
		if m.i.State != sig.InterventionClosing {
			return m.conflict("error.nothing_to_consider")
		}
		sealed, err := m.sealFor(ctx, "outcome_reason", m.i.ID.UUID, why)
		if err != nil {
			return err
		}
		if _, err := m.tx.FinishTasks(ctx, m.i.ID, postgres.TaskConsiderOtherMeasures, string(outcome), sealed); err != nil {
			return err
		}
		if _, err := m.record(ctx, nil, ledger.Detail{"outcome": outcome}); err != nil {
			return err
		}
		if err := m.note(postgres.JournalOutcome, m.tx.Now(), map[string]any{"outcome": outcome}); err != nil {
			return err
		}
		closed := m.i.ClosedReason
		m.tx.MoveIntervention(&m.i, sig.InterventionClosed, closed, m.tx.Now())
		if err := closing.Tell(ctx, m.tx, &m.i); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (o Outcome) check(why string) error {
	var c fault.Check
	switch o {
	case OutcomeNewInquiry, OutcomeOtherMeasure, OutcomeLVU:
	case OutcomeNoFurther:
		if _, err := reason(why); err != nil {
			return err
		}
	default:
		c.Fail("outcome", "error.choose_one")
	}
	if len([]rune(why)) > reasonMax {
		c.Fail("reason", "error.too_long", "max", reasonMax)
	}
	return c.Err()
}
