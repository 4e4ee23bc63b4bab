package plan

import (
	"context"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Report says for the actor's own function that its commitment is done. A note
// is a disclosure to the board of its own: it needs a row of the consent that
// lets the function tell the board plan_goals. Doing it again changes nothing.
func (s *Service) Report(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.CommitmentID, note string) error {
	var check fault.Check
	note = strings.TrimSpace(note)
	checkText(&check, "note", note, MaxText, false)
	if err := check.Err(); err != nil {
		return err
	}
	entry := ledger.Entry{Kind: ledger.ReportCommitment, Intervention: intervention, Object: ledger.Of(ledger.ObjectCommitment, id)}
	return s.change(ctx, actor, entry, func(m *matter) error {
		c, ok := m.find(id)
		if !ok {
			return m.tx.RefuseMissing(m.entry)
		}
		seat, mine := m.mine(c.Seat)
		switch {
		case !mine:
			return m.tx.RefuseRecorded(m.entry, string(policy.NoStanding), fault.New(fault.Denied, "error.denied"))
		case c.State == sig.CommitmentDone:
			return nil
		case c.State == sig.CommitmentStopped:
			return fault.New(fault.Conflict, "error.commitment_stopped")
		case m.facts.State != sig.InterventionActive:
			return m.tx.RefuseRecorded(m.entry, string(policy.CaseNotActive), fault.New(fault.Conflict, "error.plan_not_active"))
		}
		return m.report(ctx, id, seat, note)
	})
}

func (m *matter) find(id sig.CommitmentID) (postgres.Commitment, bool) {
	i := slices.IndexFunc(m.row.Commitments, func(c postgres.Commitment) bool { return c.ID == id })
	if i < 0 {
		return postgres.Commitment{}, false
	}
	return m.row.Commitments[i], true
}

func (m *matter) report(ctx context.Context, id sig.CommitmentID, seat sig.Place, note string) error {
	planner, _, err := m.place(ctx, m.row.Planner)
	if err != nil {
		return err
	}
	if d := m.decide(policy.ReadPlan, planner, seat, true); !d.Allowed {
		return m.wallsDisagree(d.Reason)
	}
	e := m.entry
	var sealed []byte
	if note != "" {
		d := m.decide(policy.ReportPlan, planner, seat, true)
		if !d.Allowed {
			var noes fault.Check
			noes.Fail("note", "reason."+string(d.Reason))
			return m.tx.RefuseRecorded(e, string(d.Reason), noes.Err())
		}
		if sealed, err = m.s.Sealer.Seal(ctx, m.tx, m.textPlace(id.UUID, fieldNote), []byte(note)); err != nil {
			return err
		}
		e.Consent, e.Recipient, e.Categories = m.facts.Consent, ledger.Recipient(planner.Seat()), []sig.Category{sig.CategoryPlanGoals}
	}
	if err := m.tx.ReportCommitment(ctx, m.facts.Intervention, id, m.row.Planner.Authority, sealed); err != nil {
		return err
	}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	return m.tell(ctx, []sig.Seat{seat.Seat()})
}

// Stop stops a commitment that is no longer wanted; it stays in the plan as
// stopped. Doing it again changes nothing.
func (s *Service) Stop(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.CommitmentID) error {
	entry := ledger.Entry{Kind: ledger.StopCommitment, Intervention: intervention, Object: ledger.Of(ledger.ObjectCommitment, id)}
	return s.change(ctx, actor, entry, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		c, ok := m.find(id)
		switch {
		case !ok:
			return m.tx.RefuseMissing(m.entry)
		case c.State == sig.CommitmentStopped:
			return nil
		case c.State == sig.CommitmentDone:
			return fault.New(fault.Conflict, "error.commitment_done")
		}
		m.tx.StopCommitment(intervention, id, "by_coordinator", m.tx.Now())
		e := m.entry
		e.Reason, e.Recipient = "by_coordinator", ledger.Recipient(c.Seat)
		if err := m.tx.Record(e); err != nil {
			return err
		}
		return m.tell(ctx, []sig.Seat{m.current(c.Seat)})
	})
}
