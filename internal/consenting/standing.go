package consenting

import (
	"context"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// missing lists the guardians who decide now and have never said yes to what a
// version says. The age table names who signs on the day of signing; custody is
// asked at every instant (FB 6:11, 6:13).
func (m *matter) missing(c *postgres.Consent) []SignerRef { return m.missingAt(c, m.tx.Now()) }

func (m *matter) missingAt(c *postgres.Consent, at time.Time) []SignerRef {
	var list []SignerRef
	for _, r := range m.requiredAt(at) {
		if !r.Guardian.IsZero() && !m.saidYes(c, r) {
			list = append(list, r)
		}
	}
	return list
}

// saidYes reports whether somebody signed a version or the one that it narrows:
// who has said yes to more has said yes to this.
func (m *matter) saidYes(c *postgres.Consent, r SignerRef) bool {
	for c != nil {
		if row, named := m.signerRow(c, r); named && row.Answer == sig.AnswerSigned {
			return true
		}
		if c.Change != string(ChangeNarrowing) && c.Change != string(ChangeWithdrawal) {
			return false
		}
		c = m.version(c.Previous)
	}
	return false
}

// readerSaidYes reports whether the reader has said yes to what holds now, else to
// what held last, else to what goes round.
func (m *matter) readerSaidYes() bool {
	self, citizen := m.self()
	if !citizen {
		return false
	}
	c := m.inForce()
	for n := 0; c == nil && n < len(m.consents); n++ { // newest first
		if m.consents[n].ActivatedAt != nil {
			c = &m.consents[n]
		}
	}
	if c == nil {
		c = m.signedInPart()
	}
	return m.saidYes(c, self)
}

// carried reports whether everybody stands behind a version who decides now: an
// adult by the own signature, a minor's guardians, of whom there must be one.
func (m *matter) carried(c *postgres.Consent) bool { return m.carriedAt(c, m.tx.Now()) }

func (m *matter) carriedAt(c *postgres.Consent, at time.Time) bool {
	f := m.signerFacts(at)
	if !at.Before(sig.AdultFrom(f.Birth)) {
		return m.saidYes(c, SignerRef{Youth: m.youth.ID})
	}
	return sig.RequiredSigners(f).Missing != sig.NoGuardian && len(m.missingAt(c, at)) == 0
}

// unsigned names those who must sign by now and have not signed the version that
// waits for the decision: a new guardian, or a young person after a birthday.
func (m *matter) unsigned() []string {
	c := m.preparing()
	if c == nil || c.State != sig.ConsentSigned {
		return nil
	}
	var names []string
	for _, r := range m.required() {
		if row, _ := m.signerRow(c, r); row.Answer != sig.AnswerSigned && !m.overridden(row) {
			names = append(names, m.nameOf(r))
		}
	}
	return names
}

// awaits reports whether a paused version waits for a guardian's signature.
func (m *matter) awaits(c *postgres.Consent) bool {
	return c.State == sig.ConsentSuspended && len(m.missing(c)) > 0
}

// nameGuardians names the guardians of whom a paused version still wants a
// signature.
func (m *matter) nameGuardians(ctx context.Context, c *postgres.Consent) error {
	if c.State != sig.ConsentSuspended {
		return nil
	}
	for _, r := range m.missing(c) {
		err := m.tx.AddSigner(ctx, postgres.SignerRow{
			Consent: c.ID, Intervention: m.i.ID, Signer: r.id(), Kind: r.kind(), Required: true,
		})
		if err != nil {
			return err
		}
	}
	return m.rereadSigners(ctx, c)
}

// standingChanged fits the versions to who decides now: one that is in force
// and not carried by them any more is paused at once, and one that still goes
// round needs those who decide now and nobody else. It runs inside AsSystem.
func (m *matter) standingChanged(ctx context.Context) error {
	if c := m.inForce(); c != nil {
		if err := m.fitInForce(ctx, c); err != nil {
			return err
		}
	}
	return m.countAgain(ctx)
}

// countAgain names who must sign what goes round by now, and takes it on where
// all of them have: nobody is left to do so by signing. It runs inside AsSystem.
func (m *matter) countAgain(ctx context.Context) error {
	if c := m.preparing(); c != nil && answerable(c) {
		if err := m.nameSigners(ctx, c); err != nil {
			return err
		}
		if c.State == sig.ConsentPartiallySigned && m.complete(c) {
			return m.completed(ctx, c)
		}
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

func (m *matter) fitInForce(ctx context.Context, c *postgres.Consent) error {
	if m.carried(c) {
		return m.carriesOn(ctx, c)
	}
	if c.State == sig.ConsentActive {
		if err := m.suspend(c, sig.SuspendedUnsigned, postgres.JournalUnsigned); err != nil {
			return err
		}
		err := m.tx.Record(ledger.Entry{
			Kind: ledger.AmendConsent, Intervention: m.i.ID, Object: ledger.Of(ledger.ObjectConsent, c.ID), Consent: c.ID,
			Detail: ledger.Detail{"state": c.State, "why": c.SuspendedFor},
		})
		if err != nil {
			return err
		}
	}
	closing.AskToExplain(m.tx, &m.i, c)
	return m.nameGuardians(ctx, c)
}

// carriesOn takes a version up again that was paused for a signature alone, now
// that nobody's is missing.
func (m *matter) carriesOn(ctx context.Context, c *postgres.Consent) error {
	if c.State != sig.ConsentSuspended || !m.carried(c) {
		return closing.Tell(ctx, m.tx, &m.i)
	}
	if _, err := m.tx.FinishTasks(ctx, m.i.ID, postgres.TaskExplainConsent, "done", nil); err != nil {
		return err
	}
	if c.SuspendedFor != sig.SuspendedUnsigned {
		return closing.Tell(ctx, m.tx, &m.i)
	}
	if err := m.resume(c); err != nil {
		return err
	}
	err := m.tx.Record(ledger.Entry{
		Kind: ledger.AmendConsent, Intervention: m.i.ID, Object: ledger.Of(ledger.ObjectConsent, c.ID), Consent: c.ID,
		Detail: ledger.Detail{"state": c.State},
	})
	if err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// releaseOthers takes back that those must sign who were named and do not
// decide any more.
func (m *matter) releaseOthers(ctx context.Context, c *postgres.Consent) error {
	for _, row := range m.signers[c.ID] {
		if row.Required && row.Answer == "" && !m.isRequired(refOf(row)) {
			if err := m.tx.ReleaseSigner(ctx, c.ID, row.Signer); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitsPrevention holds a version that is signed without a guardian who is
// prevented to the time for which that is so: afterwards both decide.
func (m *matter) fitsPrevention(c *postgres.Consent, change Change) error {
	if change == ChangeNarrowing {
		return nil
	}
	for _, p := range m.prevented {
		if p.InForce(m.tx.Now()) && m.matrix(c.ID).LastEnd().After(p.To) {
			return m.conflict("error.past_prevention")
		}
	}
	return nil
}
