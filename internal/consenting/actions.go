package consenting

import (
	"slices"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// caseActions lists what the actor may do about the intervention as a whole.
// It asks the same functions as the acts themselves.
func (m *matter) caseActions() []Action {
	var list []Action
	offer := func(a Action, when bool) {
		if when {
			list = append(list, a)
		}
	}
	preparing, inForce := m.preparing(), m.inForce()
	open := !m.i.State.Ended()
	drafting := preparing == nil || preparing.State == sig.ConsentDraft
	offer(ActionPrepare, m.may(policy.DutyPrepare) && open && drafting)
	offer(ActionImport, m.may(policy.DutyPrepare) && m.beforeDecision() && drafting && m.before() == nil)
	offer(ActionAssess, m.may(policy.DutyAssess) && open)
	offer(ActionDecide, m.may(policy.DutyDecide) && m.i.State == sig.InterventionAwaitingDecision &&
		preparing != nil && preparing.State == sig.ConsentSigned)
	offer(ActionAmend, m.may(policy.DutyPrepare) && inForce != nil && preparing == nil)
	offer(ActionRenew, m.may(policy.DutyPrepare) && m.lastExpired() != nil && preparing == nil)
	self, citizen := m.self()
	offer(ActionWithdraw, citizen && m.mayWithdraw(self) && m.somethingToTake())
	offer(ActionRecord, m.may(policy.DutyRecord) && (m.somethingToTake() || m.held() != nil))
	offer(ActionSuspend, m.may(policy.DutySuspend) && inForce != nil && inForce.State == sig.ConsentActive)
	offer(ActionResume, m.may(policy.DutySuspend) && inForce != nil && inForce.State == sig.ConsentSuspended && m.carried(inForce))
	offer(ActionCustody, m.may(policy.DutyCustody) && open)
	offer(ActionEndCustody, m.may(policy.DutyCustody))
	offer(ActionProtect, m.may(policy.DutyProtect))
	offer(ActionPrevent, m.may(policy.DutyPrevent) && open)
	offer(ActionEnd, m.may(policy.DutyDecide) && open)
	offer(ActionOutcome, m.may(policy.DutyOutcome) && m.i.State == sig.InterventionClosing)
	return list
}

// versionActions lists what the actor may do about one version in preparation.
func (m *matter) versionActions(c *postgres.Consent) []Action {
	var list []Action
	offer := func(a Action, when bool) {
		if when {
			list = append(list, a)
		}
	}
	explainable := c.State == sig.ConsentDraft || answerable(c)
	offer(ActionExplain, m.may(policy.DutyExplain) && (explainable || m.awaits(c)))
	offer(ActionDiscard, m.may(policy.DutyPrepare) && (explainable || c.State == sig.ConsentSigned))
	if self, citizen := m.self(); citizen {
		row, ok := m.signerRow(c, self)
		can := ok && (answerable(c) || m.awaits(c)) && row.Answer == "" && row.ExplainedAt != nil && m.isRequired(self)
		offer(ActionSign, can || ok && m.toWrite(c, row))
		offer(ActionRefuse, can)
	}
	offer(ActionPaper, m.may(policy.DutyPaper) && (answerable(c) || m.waitsToBeWritten(c)))
	offer(ActionHear, m.may(policy.DutyHear) && answerable(c))
	offer(ActionOverride, m.may(policy.DutyAssess) && m.blockedByYouth(c) != nil)
	return list
}

// beforeDecision reports whether the intervention still has its first decision
// before it.
func (m *matter) beforeDecision() bool {
	return m.i.State == sig.InterventionProposed || m.i.State == sig.InterventionConsentPending
}

// somethingToTake reports whether a withdrawal could have any effect.
func (m *matter) somethingToTake() bool { return m.inForce() != nil || m.signedInPart() != nil }

// signedInPart is a version that somebody has signed and that is not in force.
func (m *matter) signedInPart() *postgres.Consent {
	c := m.preparing()
	if c != nil && (c.State == sig.ConsentPartiallySigned || c.State == sig.ConsentSigned) {
		return c
	}
	return nil
}

func (m *matter) mayWithdraw(r SignerRef) bool { return m.mayWithdrawAt(r, m.tx.Now()) }

// mayWithdrawAt reports whether somebody's withdrawal that was received then has
// effect.
func (m *matter) mayWithdrawAt(r SignerRef, received time.Time) bool {
	return sig.MayWithdraw(m.signerFacts(received), r.kind(), r.Guardian)
}

func (m *matter) isRequired(r SignerRef) bool { return contains(m.required(), r) }

// waitsToBeWritten reports whether somebody has said yes aloud to a version.
func (m *matter) waitsToBeWritten(c *postgres.Consent) bool {
	return slices.ContainsFunc(m.orals, func(o postgres.Oral) bool { return o.Consent == c.ID && o.State == sig.OralConfirmed })
}

// toWrite reports whether a signer has said yes aloud to a version and can
// still write it.
func (m *matter) toWrite(c *postgres.Consent, row postgres.SignerRow) bool {
	o, said := m.openOral(c, row.Signer)
	return said && o.State == sig.OralConfirmed
}

func answerable(c *postgres.Consent) bool {
	return c.State == sig.ConsentExplained || c.State == sig.ConsentPartiallySigned
}

func (m *matter) signerRow(c *postgres.Consent, r SignerRef) (postgres.SignerRow, bool) {
	for _, row := range m.signers[c.ID] {
		if row.Signer == r.id() && row.Kind == r.kind() && r.one() {
			return row, true
		}
	}
	return postgres.SignerRow{}, false
}

// blockedByYouth is the refusal of a mature 12-14-year-old that holds a version
// up until it is overridden with a reason or the scope shrinks. From fifteen on
// nobody overrides it.
func (m *matter) blockedByYouth(c *postgres.Consent) *postgres.SignerRow {
	if !answerable(c) || !m.underOwnRight() {
		return nil
	}
	for n := range m.signers[c.ID] {
		row := &m.signers[c.ID][n]
		if row.Kind == sig.SignerYouth && row.Answer == sig.AnswerRefused && row.OverriddenAt == nil {
			return row
		}
	}
	return nil
}
