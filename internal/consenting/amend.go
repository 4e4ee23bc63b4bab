package consenting

import (
	"context"

	"sigportal/internal/closing"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Amend makes a new draft that says what the version in force says or, within
// the grace period after an expiry, what the expired one said with windows
// that begin now. SaveDraft changes it; what it has become by the time it is
// explained decides who must sign: one if it only narrows, otherwise everybody.
func (s *Service) Amend(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.AmendConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		before := m.before()
		switch {
		case before == nil:
			return m.conflict("error.nothing_in_force")
		case m.preparing() != nil:
			return m.conflict("error.already_preparing")
		}
		d, err := m.draftFrom(ctx, before)
		if err != nil {
			return err
		}
		c, err := m.newDraft(ctx)
		if err != nil {
			return err
		}
		if err := m.fillDraft(ctx, c, d, false); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// draftFrom writes down a version as a draft. Rows that have ended, or of a
// version that has, begin now and run for as long as the limit lets them.
func (m *matter) draftFrom(ctx context.Context, c *postgres.Consent) (Draft, error) {
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return Draft{}, err
	}
	var d Draft
	for _, r := range m.rows[c.ID] {
		g := DraftGrant{
			DiscloserUnit: r.Discloser.Unit, DiscloserFunction: r.Discloser.Function,
			RecipientUnit: r.Recipient.Unit, RecipientFunction: r.Recipient.Function,
			PrivateKind: r.Private, PrivateName: names[r.ID], Categories: r.Categories, Purpose: r.Purpose,
			Districts: r.Districts, From: r.From, To: r.To, Origin: r.Origin,
		}
		if !m.tx.Now().Before(r.To) {
			g.From = sig.DateOf(m.tx.Now()).Start()
			g.To = sig.AddMonths(g.From, m.service.limits().Months)
		}
		d.Grants = append(d.Grants, g)
	}
	for _, x := range m.exclusions[c.ID] {
		d.Exclusions = append(d.Exclusions, DraftExclusion{
			Authority: x.Recipient.Authority, Unit: x.Recipient.Unit, Function: x.Recipient.Function, Category: x.Category,
		})
	}
	return d, nil
}

// Suspend pauses the version in force: nothing moves and no received copy can
// be read until Resume. It ends nothing, and signers may still withdraw.
func (s *Service) Suspend(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	return s.pause(ctx, actor, intervention, sig.ConsentActive, sig.ConsentSuspended, postgres.JournalSuspended)
}

// Resume takes a paused version up again.
func (s *Service) Resume(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	return s.pause(ctx, actor, intervention, sig.ConsentSuspended, sig.ConsentActive, postgres.JournalResumed)
}

func (s *Service) pause(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, from, to sig.ConsentState, kind postgres.JournalKind,
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
		if _, err := m.record(ctx, c, ledger.Detail{"state": to}); err != nil {
			return err
		}
		if err := m.note(kind, m.tx.Now(), map[string]any{"version": c.Version}); err != nil {
			return err
		}
		err := m.tx.AsSystem("consenting", func() error {
			m.tx.MoveConsent(c, to, m.tx.Now())
			return nil
		})
		if err != nil {
			return err
		}
		if err := closing.Tell(ctx, m.tx, &m.i); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}
