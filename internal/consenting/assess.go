package consenting

import (
	"context"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// AssessMaturity records the social secretary's assessment of a young person's
// age and maturity with its reasons (OSL 12:3). The latest counts: for who must
// sign from then on, and for whether a 12–14-year-old may withdraw alone.
func (s *Service) AssessMaturity(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, outcome sig.MaturityOutcome, why string,
) (*Case, error) {
	why, err := reason(why)
	if err != nil {
		return nil, err
	}
	if outcome != sig.Mature && outcome != sig.NotMature {
		var c fault.Check
		c.Fail("outcome", "error.choose_one")
		return nil, c.Err()
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, intervention, ledger.AssessMaturity, func(m *matter) error {
		if err := m.must(policy.DutyAssess); err != nil {
			return err
		}
		if m.i.State.Ended() {
			return m.conflict("error.intervention_ended")
		}
		id := postgres.MaturityID{UUID: uuid.New()}
		sealed, err := m.sealFor(ctx, "reason", id.UUID, why)
		if err != nil {
			return err
		}
		if err := m.tx.InsertMaturity(ctx, id, m.i.ID, outcome, sealed); err != nil {
			return err
		}
		m.maturity = outcome
		if _, err := m.record(ctx, nil, ledger.Detail{"outcome": outcome}); err != nil {
			return err
		}
		if err := m.note(postgres.JournalMaturity, m.tx.Now(), map[string]any{"outcome": outcome}); err != nil {
			return err
		}
		if c := m.preparing(); c != nil && answerable(c) {
			if err := m.nameSigners(ctx, c); err != nil {
				return err
			}
		}
		if err := closing.Tell(ctx, m.tx, &m.i); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
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
