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

// Protect records under which protection the young person's personal data stand
// (OSL 21:3, 21:3 a; T26). A mark holds from the same instant in every view of
// every board's records of this person: names of units, places and addresses are
// gone, and automatic messages to the family stop. Taking it away shows them
// again: only the social secretary does, and for the own board alone.
func (s *Service) Protect(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, under sig.Protection) (*Case, error) {
	if !slices.Contains(sig.Protections(), under) {
		var c fault.Check
		c.Fail("protection", "error.choose_one")
		return nil, c.Err()
	}
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.ChangeYouth, func(m *matter) error {
		before, duty := m.youth.Protection, policy.DutyProtect
		if under == sig.ProtectionNone && before != under {
			duty = policy.DutyDecide
		}
		if err := m.must(duty); err != nil {
			return err
		}
		if _, err := m.tx.FinishTasks(ctx, m.i.ID, postgres.TaskProtectionFollowed, "done", nil); err != nil {
			return err
		}
		if before != under {
			if err := m.protect(ctx, under); err != nil {
				return err
			}
		}
		if _, err := m.record(ctx, nil, ledger.Detail{"protection": under, "before": before}); err != nil {
			return err
		}
		var err error
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (m *matter) protect(ctx context.Context, under sig.Protection) error {
	if err := m.tx.SetProtection(ctx, m.youth.ID, under); err != nil {
		return err
	}
	m.youth.Protection = under
	if err := m.note(postgres.JournalProtection, m.tx.Now(), map[string]any{"protection": under}); err != nil {
		return err
	}
	if under != sig.ProtectionNone {
		closing.LookThrough(m.tx, &m.i)
	}
	return closing.Tell(ctx, m.tx, &m.i)
}
