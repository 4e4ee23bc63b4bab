package consenting

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Renewal is what renewing one consent would do, or has done.
type Renewal struct {
	Intervention sig.InterventionID
	CaseNumber   string // these are empty where there is no such case for the actor
	YouthName    string
	Until        time.Time // the end of what is in force, or when it ran out
	To           time.Time // the new end
	Rows         int       // that go on
	Over         int       // that have run out before and do not
	Signers      []Signer  // who must sign the new version
	Why          string    // the message key of why it cannot be renewed; empty where it can
	WhyArgs      map[string]any
	Done         bool // a draft with the new end is there
}

// RenewalsAtOnce is how many consents may be renewed by one act.
const RenewalsAtOnce = 50

// LastRenewal is the last day until which a consent may be renewed on a day.
func (s *Service) LastRenewal(on sig.Date) sig.Date {
	return sig.DateOf(sig.AddMonths(on.Start(), s.limits().Months)).AddDays(-1)
}

// PreviewRenewals says for each of some consents what renewing it until the end
// of a day would do. Nothing changes.
func (s *Service) PreviewRenewals(ctx context.Context, actor sig.Actor, of []sig.InterventionID, last sig.Date) ([]Renewal, error) {
	return eachRenewal(of, last, func(id sig.InterventionID, out *Renewal) error {
		return s.look(ctx, actor, id, ledger.PreviewWithdrawal, func(m *matter) error {
			m.entry.Detail = ledger.Detail{"renewal": true}
			_, err := m.renewal(ctx, last, out)
			return err
		})
	})
}

// Renew makes a draft of each of some consents that says what is in force, or
// ran out within the grace period, with windows from today to the end of a day.
// Each is a transaction of its own under its intervention's lock: one that
// cannot be renewed keeps none of the others. Done again it finds the drafts.
func (s *Service) Renew(ctx context.Context, actor sig.Actor, of []sig.InterventionID, last sig.Date) ([]Renewal, error) {
	return eachRenewal(of, last, func(id sig.InterventionID, out *Renewal) error {
		return s.act(ctx, s.DB, actor, id, ledger.AmendConsent, func(m *matter) error {
			d, err := m.renewal(ctx, last, out)
			if err != nil || out.Done {
				return err
			}
			if err := m.newDraftOf(ctx, d); err != nil {
				return err
			}
			out.Done = true
			return nil
		})
	})
}

// eachRenewal goes through the consents in the order given, each once. What is
// refused becomes the reason on its line; anything else stops. Whoever may renew
// none of them gets the answer that a single one would give.
func eachRenewal(of []sig.InterventionID, last sig.Date, do func(sig.InterventionID, *Renewal) error) ([]Renewal, error) {
	var check fault.Check
	if len(of) == 0 {
		check.Fail("interventions", "error.choose_one")
	}
	if len(of) > RenewalsAtOnce {
		check.Fail("interventions", "error.renew_too_many", "max", RenewalsAtOnce)
	}
	if last.IsZero() {
		check.Fail("to", "error.bad_date")
	}
	if err := check.Err(); err != nil {
		return nil, err
	}
	var list []Renewal
	var barred error
	for _, id := range once(of) {
		out := Renewal{Intervention: id, To: last.End()}
		err := do(id, &out)
		if refused, ok := errors.AsType[*fault.Error](err); ok {
			if barred == nil && out.CaseNumber == "" {
				barred = err
			}
			out.Done, out.Why, out.WhyArgs = false, refused.Code, refused.Args
			if len(refused.Fields) > 0 {
				out.Why, out.WhyArgs = refused.Fields[0].Code, refused.Fields[0].Args
			}
		} else if err != nil {
			return list, err
		}
		list = append(list, out)
	}
	if barred != nil && !slices.ContainsFunc(list, func(r Renewal) bool { return r.CaseNumber != "" }) {
		return nil, barred
	}
	return list, nil
}

// renewal is the draft of a renewal until the end of a day. A no says why.
func (m *matter) renewal(ctx context.Context, last sig.Date, out *Renewal) (Draft, error) {
	if err := m.must(policy.DutyPrepare); err != nil {
		return Draft{}, err
	}
	out.CaseNumber, out.YouthName = m.i.CaseNumber, m.youth.Name
	before := m.before()
	if before == nil {
		return Draft{}, m.conflict("error.nothing_in_force")
	}
	out.Until = m.lastEnd(before.ID)
	d, err := m.longer(ctx, before, last, out)
	if err != nil {
		return d, err
	}
	if c := m.preparing(); c != nil {
		out.Done = m.isRenewal(c, before, out)
		if !out.Done {
			return d, m.conflict("error.already_preparing")
		}
	}
	if err := m.fitsRenewal(last); err != nil {
		return d, err
	}
	for _, r := range m.required() {
		out.Signers = append(out.Signers, Signer{Kind: r.kind(), Guardian: r.Guardian, Youth: r.Youth, Name: m.nameOf(r), Required: true})
	}
	rows, exclusions := m.rowsOf(d)
	if err := m.checked(rows, exclusions, d, false); err != nil {
		return d, m.refuseAs(err)
	}
	return d, nil
}

// longer is a version with windows from today on. A row that ran out before the
// consent did stays out, since somebody wanted it so, and one whose function has
// gone to another authority.
func (m *matter) longer(ctx context.Context, before *postgres.Consent, last sig.Date, out *Renewal) (Draft, error) {
	whole, err := m.draftFrom(ctx, before)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Exclusions: whole.Exclusions}
	end := m.matrix(before.ID).LastEnd()
	for _, r := range m.rows[before.ID] {
		row, goesOn := rowOf(whole, r.Origin)
		if !goesOn || !m.tx.Now().Before(r.To) && r.To.Before(end) {
			out.Over++
			continue
		}
		row.From, row.To = sig.DateOf(m.tx.Now()).Start(), last.End()
		d.Grants = append(d.Grants, row)
	}
	out.Rows = len(d.Grants)
	return d, nil
}

// isRenewal reports whether the version in preparation is this renewal already.
func (m *matter) isRenewal(c, before *postgres.Consent, out *Renewal) bool {
	rows := m.rows[c.ID]
	return c.Previous == before.ID && len(rows) == out.Rows && !slices.ContainsFunc(rows, func(r postgres.GrantRow) bool { return !r.To.Equal(out.To) })
}

// fitsRenewal says no to what nobody could sign.
func (m *matter) fitsRenewal(last sig.Date) error {
	today := sig.DateOf(m.tx.Now())
	switch {
	case last.Compare(today) <= 0:
		return m.conflict("error.renew_backward")
	case last.Compare(m.service.LastRenewal(today)) > 0:
		return m.conflict("error.renew_too_long")
	}
	signers := sig.RequiredSigners(m.signerFacts(m.tx.Now()))
	if signers.Missing != sig.NoGap {
		return m.conflict("error.signers_" + string(signers.Missing))
	}
	if !signers.Youth && last.End().After(sig.AdultFrom(m.youth.BirthDate)) {
		return m.conflict("error.past_eighteen")
	}
	for _, p := range m.prevented {
		if p.InForce(m.tx.Now()) && last.End().After(p.To) {
			return m.conflict("error.past_prevention")
		}
	}
	return nil
}

// refuseAs records what is wrong with a draft as a no.
func (m *matter) refuseAs(err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	return m.refuse("not_renewable", wrong)
}
