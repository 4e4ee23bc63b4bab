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

// Suspend pauses the version in force, for one of the reasons of domain 3.3:
// nothing moves and no received copy can be read until Resume. It ends nothing,
// and signers may still withdraw.
func (s *Service) Suspend(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, why sig.Suspension) (*Case, error) {
	if !slices.Contains(sig.Suspensions(), why) {
		var c fault.Check
		c.Fail("why", "error.choose_one")
		return nil, c.Err()
	}
	return s.pause(ctx, actor, intervention, sig.ConsentActive, func(m *matter, c *postgres.Consent) error {
		return m.suspend(c, why, postgres.JournalSuspended)
	})
}

// Resume takes a paused version up again. One that a guardian has not signed
// who decides by now stays paused: no button stands in for a yes.
func (s *Service) Resume(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	return s.pause(ctx, actor, intervention, sig.ConsentSuspended, func(m *matter, c *postgres.Consent) error {
		if !m.carried(c) {
			return m.conflict("error.signer_missing")
		}
		return m.resume(c)
	})
}

func (s *Service) pause(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, from sig.ConsentState, fn func(*matter, *postgres.Consent) error,
) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.AmendConsent, func(m *matter) error {
		if err := m.must(policy.DutySuspend); err != nil {
			return err
		}
		c := m.inForce()
		if c == nil || c.State != from {
			return m.conflict("error.nothing_in_force")
		}
		if err := fn(m, c); err != nil {
			return err
		}
		if _, err := m.record(ctx, c, ledger.Detail{"state": c.State, "why": c.SuspendedFor}); err != nil {
			return err
		}
		if err := closing.Tell(ctx, m.tx, &m.i); err != nil {
			return err
		}
		var err error
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// suspend pauses a version with its journal note.
func (m *matter) suspend(c *postgres.Consent, why sig.Suspension, kind postgres.JournalKind) error {
	if err := m.note(kind, m.tx.Now(), map[string]any{"version": c.Version, "why": why}); err != nil {
		return err
	}
	return m.tx.AsSystem("consenting", func() error {
		m.tx.SuspendConsent(c, why)
		return nil
	})
}

func (m *matter) resume(c *postgres.Consent) error {
	if err := m.note(postgres.JournalResumed, m.tx.Now(), map[string]any{"version": c.Version}); err != nil {
		return err
	}
	return m.tx.AsSystem("consenting", func() error {
		m.tx.MoveConsent(c, sig.ConsentActive, m.tx.Now())
		if c.CarriedUntil != nil {
			m.tx.CarryUntil(c, m.carriedUntil(c))
		}
		return nil
	})
}
