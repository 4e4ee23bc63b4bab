package consenting

import (
	"context"

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
	return s.amend(ctx, actor, intervention, (*matter).before, (*matter).draftFrom)
}

// amend makes the new draft that follows a version, where none is in preparation.
func (s *Service) amend(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID,
	follows func(*matter) *postgres.Consent, write func(*matter, context.Context, *postgres.Consent) (Draft, error),
) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.AmendConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		before := follows(m)
		switch {
		case before == nil:
			return m.conflict("error.nothing_in_force")
		case m.preparing() != nil:
			return m.conflict("error.already_preparing")
		}
		d, err := write(m, ctx, before)
		if err != nil {
			return err
		}
		if err := m.newDraftOf(ctx, d); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// newDraftOf makes a new draft that says this.
func (m *matter) newDraftOf(ctx context.Context, d Draft) error {
	c, err := m.newDraft(ctx)
	if err != nil {
		return err
	}
	return m.fillDraft(ctx, c, d, false)
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
		if at, moved := m.directory.Ends(r.Grant); moved && !m.tx.Now().Before(at) {
			continue
		}
		g := DraftGrant{
			DiscloserUnit: r.Discloser.Unit, DiscloserFunction: r.Discloser.Function,
			RecipientUnit: r.Recipient.Unit, RecipientFunction: r.Recipient.Function,
			PrivateKind: r.Private, PrivateName: names[r.ID], Categories: r.Categories, Aim: r.Aim,
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
