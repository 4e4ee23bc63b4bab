package consenting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Prevention is that a guardian is absent, ill or otherwise kept from deciding:
// the other decides alone for what cannot wait (FB 6:13 second paragraph). It is
// not the board's decision in a guardian's place (FB 6:13 a), which gives no
// consent to anything.
type Prevention struct {
	Guardian   sig.GuardianID
	Until      sig.Date // the last day
	Reason     string
	NotDrastic bool // said: what is asked does not bear drastically on the child's future
}

// PreventionMonths is the longest time for which a guardian may be recorded as
// prevented; then it is looked at anew.
const PreventionMonths = 3

// Prevent records it, for a limited time and with the reason.
func (s *Service) Prevent(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in Prevention) (*Case, error) {
	why, err := reason(in.Reason)
	if err != nil {
		return nil, err
	}
	return s.custody(ctx, actor, intervention, policy.DutyPrevent, stands(func(m *matter) error {
		ends, err := in.ends(m)
		if err != nil {
			return err
		}
		if m.holdsBeyond(SignerRef{Guardian: in.Guardian}, ends) {
			return m.conflict("error.past_prevention")
		}
		id := uuid.New()
		sealed, err := m.sealFor(ctx, "prevented_reason", id, why)
		if err != nil {
			return err
		}
		if err := m.tx.InsertPrevented(ctx, id, in.Guardian, m.i.ID, sealed, ends); err != nil {
			return err
		}
		err = m.note(postgres.JournalPrevented, m.tx.Now(), map[string]any{
			"signer": in.Guardian.String(), "kind": sig.SignerGuardian, "until": ends,
		})
		if err != nil {
			return err
		}
		return m.recordGuardian(ctx, in.Guardian, ledger.Detail{"prevented_until": in.Until.String()})
	}))
}

// holdsBeyond reports whether a version waits for somebody's yes and goes on after
// an instant: without the yes it would hold when this one decides again.
func (m *matter) holdsBeyond(r SignerRef, until time.Time) bool {
	return m.isRequired(r) && slices.ContainsFunc([]*postgres.Consent{m.inForce(), m.preparing()}, func(c *postgres.Consent) bool {
		return c != nil && c.State != sig.ConsentDraft && !m.onlyNarrows(c) && !m.saidYes(c, r) && m.lastEnd(c.ID).After(until)
	})
}

// ends checks what is recorded and gives the instant at which it is over.
func (p Prevention) ends(m *matter) (time.Time, error) {
	var c fault.Check
	now := m.tx.Now()
	f := m.signerFacts(now)
	deciding := sig.CustodyAt(f.Guardianships, f.Birth, now)
	switch {
	case !slices.Contains(deciding, p.Guardian):
		c.Fail("guardian", "error.choose_one")
	case len(deciding) < 2:
		c.Fail("guardian", "error.nobody_else_decides")
	case slices.ContainsFunc(f.Prevented, func(g sig.Guardianship) bool { return g.InForce(now) }):
		c.Fail("guardian", "error.nobody_else_decides")
	}
	if !p.NotDrastic {
		c.Fail("not_drastic", "error.tick_not_drastic")
	}
	var ends time.Time
	switch {
	case !p.Until.Valid():
		c.Fail("until", "error.bad_date")
	default:
		ends = p.Until.AddDays(1).Start()
		if !now.Before(ends) || ends.After(sig.AddMonths(now, PreventionMonths)) {
			c.Fail("until", "error.prevention_window", "months", PreventionMonths)
		}
	}
	return ends, c.Err()
}

// DecidesAgain records that a guardian decides again before the time was over.
// What was signed without this one is paused until it is signed by both.
func (s *Service) DecidesAgain(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, guardian sig.GuardianID) (*Case, error) {
	return s.custody(ctx, actor, intervention, policy.DutyPrevent, stands(func(m *matter) error {
		mine := slices.ContainsFunc(m.guardians, func(g postgres.Guardian) bool { return g.ID == guardian })
		ended := false
		if mine {
			var err error
			if ended, err = m.tx.EndPrevented(ctx, guardian); err != nil {
				return err
			}
		}
		if !ended {
			return m.refuse("not_prevented", fault.Missing())
		}
		err := m.note(postgres.JournalDecidesAgain, m.tx.Now(), map[string]any{"signer": guardian.String(), "kind": sig.SignerGuardian})
		if err != nil {
			return err
		}
		return m.recordGuardian(ctx, guardian, ledger.Detail{"prevented": false})
	}))
}

// stands is an act after which it is looked at anew who decides.
func stands(fn func(*matter) error) func(*matter) (bool, error) {
	return func(m *matter) (bool, error) {
		if m.i.State.Ended() {
			return false, m.conflict("error.intervention_ended")
		}
		return true, fn(m)
	}
}
