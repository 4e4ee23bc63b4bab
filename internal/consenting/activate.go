package consenting

import (
	"context"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// activate brings a version into force: the one before is superseded at the
// same instant, what it alone had covered is cut, what expiry had cut and this
// one covers comes back, seats and alarms are seen to, and what had been taken
// back of it before takes effect. A pause is not lifted by it. It runs inside
// AsSystem.
func (m *matter) activate(ctx context.Context, c *postgres.Consent) error {
	if before := m.before(); before != nil {
		c.DecidedOn, c.DecisionReference = before.DecidedOn, before.DecisionReference
	}
	before, narrows := m.inForce(), m.onlyNarrows(c)
	var paused sig.Suspension
	if before != nil {
		if before.State == sig.ConsentSuspended {
			paused = before.SuspendedFor
		}
		if narrows {
			if err := m.carryOrals(ctx, before, c); err != nil {
				return err
			}
		}
		if err := closing.EndVersion(m.tx, before, sig.ConsentSuperseded, m.tx.Now()); err != nil {
			return err
		}
	}
	now := m.tx.Now()
	c.ActivatedAt = &now
	if err := m.tx.StepConsent(ctx, c, sig.ConsentActive); err != nil {
		return err
	}
	if m.i.State != sig.InterventionActive {
		m.tx.MoveIntervention(&m.i, sig.InterventionActive, "", now)
		m.tx.ClearAlarm(postgres.AlarmGraceEnds, m.i.ID.UUID)
	}
	if err := m.rearrange(ctx, c, before != nil, !narrows); err != nil {
		return err
	}
	if err := m.activated(ctx, c); err != nil {
		return err
	}
	if err := m.keepPaused(ctx, c, paused); err != nil {
		return err
	}
	return m.takePending(ctx, c)
}

// keepPaused carries a pause over to the version that came into force: one that
// staff have made is lifted by staff, and a version that somebody who decides
// has never said yes to waits, however few had to sign it.
func (m *matter) keepPaused(ctx context.Context, c *postgres.Consent, paused sig.Suspension) error {
	if paused != "" && paused != sig.SuspendedUnsigned {
		if err := m.suspend(c, paused, postgres.JournalSuspended); err != nil {
			return err
		}
	}
	if m.carried(c) {
		return nil
	}
	return m.fitInForce(ctx, c)
}

// rearrange fits copies, alarms and tasks to the version that came into force:
// it cuts what the one before covered, if there was one, and brings back what
// expiry cut, if everybody has signed.
func (m *matter) rearrange(ctx context.Context, c *postgres.Consent, cut, restore bool) error {
	matrix := m.matrix(c.ID)
	if cut {
		if _, err := closing.Narrow(ctx, m.tx, &m.i, &matrix, closing.CutByNarrowing, m.tx.Now()); err != nil {
			return err
		}
	}
	if restore {
		if err := closing.Restore(ctx, m.tx, &m.i, &matrix); err != nil {
			return err
		}
	}
	if err := closing.SetAlarms(ctx, m.tx, c); err != nil {
		return err
	}
	for _, done := range []postgres.TaskKind{postgres.TaskRenewConsent, postgres.TaskFunctionMoved, postgres.TaskExplainConsent} {
		if _, err := m.tx.FinishTasks(ctx, m.i.ID, done, "done", nil); err != nil {
			return err
		}
	}
	return closing.FillSeats(ctx, m.tx, &m.i, &matrix)
}

var activationNotes = map[Change]postgres.JournalKind{
	ChangeFirst: postgres.JournalGiven, ChangeImported: postgres.JournalImported, ChangeNarrowing: postgres.JournalNarrowed,
	ChangeWidening: postgres.JournalWidened, ChangeRenewal: postgres.JournalRenewed,
}

func (m *matter) activated(ctx context.Context, c *postgres.Consent) error {
	facts := map[string]any{"version": c.Version, "until": m.lastEnd(c.ID), "rows": m.notedRows(c.ID)}
	for _, row := range m.signers[c.ID] {
		if row.OverriddenAt != nil { // who said no has not given it
			facts["overridden"] = row.Kind
		}
	}
	err := m.tx.WriteNote(postgres.JournalNote{
		Intervention: m.i.ID, Authority: m.i.Authority, Kind: activationNotes[Change(c.Change)], At: m.tx.Now(), Facts: facts,
	})
	if err != nil {
		return err
	}
	_, err = m.tx.Append(ctx, ledger.Entry{
		Kind: ledger.ActivateConsent, Intervention: m.i.ID, Object: ledger.Of(ledger.ObjectConsent, c.ID), Consent: c.ID,
		Detail: ledger.Detail{"version": c.Version, "change": c.Change},
	})
	if err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// Decide records the social secretary's decision on the measure: granted, and
// the version that everybody has signed comes into force; or refused, and the
// intervention is never started. Before it nothing can be disclosed by consent.
func (s *Service) Decide(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, d Decision) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.DecideMeasure, func(m *matter) error {
		if err := m.must(policy.DutyDecide); err != nil {
			return err
		}
		c := m.preparing()
		if m.i.State != sig.InterventionAwaitingDecision || c == nil || c.State != sig.ConsentSigned {
			return m.conflict("error.nothing_to_decide")
		}
		if err := d.check(m.youth.BirthDate, sig.DateOf(m.tx.Now())); err != nil {
			return err
		}
		if _, err := m.record(ctx, c, ledger.Detail{"refused": d.Refused, "on": d.On.String()}); err != nil {
			return err
		}
		var err error
		if d.Refused {
			err = m.refuseMeasure(ctx, c, d)
		} else {
			err = m.grantMeasure(ctx, c, d)
		}
		if err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// referenceMax bounds the board's own number of a decision.
const referenceMax = 60

func (d Decision) check(born, today sig.Date) error {
	var c fault.Check
	d.look(&c, born, today)
	return c.Err()
}

func (d Decision) look(c *fault.Check, born, today sig.Date) {
	switch {
	case !d.On.Valid(), d.On.Compare(born) < 0:
		c.Fail("on", "error.bad_date")
	case d.On.Compare(today) > 0:
		c.Fail("on", "error.date_in_future")
	}
	switch length := len([]rune(d.Reference)); {
	case !sig.Writable(d.Reference):
		c.Fail("reference", "error.bad_text")
	case length == 0:
		c.Fail("reference", "error.required")
	case length > referenceMax:
		c.Fail("reference", "error.too_long", "max", referenceMax)
	}
}

func (m *matter) refuseMeasure(ctx context.Context, c *postgres.Consent, d Decision) error {
	return m.tx.AsSystem("consenting", func() error {
		if err := closing.EndVersion(m.tx, c, sig.ConsentDeclined, m.tx.Now()); err != nil {
			return err
		}
		if err := closing.NeverStarted(m.tx, &m.i, sig.ClosedRefused, m.tx.Now()); err != nil {
			return err
		}
		if err := m.noteDecision(postgres.JournalNotGranted, d); err != nil {
			return err
		}
		return closing.Tell(ctx, m.tx, &m.i)
	})
}

func (m *matter) grantMeasure(ctx context.Context, c *postgres.Consent, d Decision) error {
	if !m.complete(c) {
		return m.conflict("error.signer_missing")
	}
	if !m.tx.Now().Before(m.lastEnd(c.ID)) {
		return m.conflict("error.consent_is_over")
	}
	c.DecidedOn, c.DecisionReference = d.On, d.Reference
	return m.tx.AsSystem("consenting", func() error {
		if _, err := m.tx.FinishTasks(ctx, m.i.ID, postgres.TaskDecideMeasure, "done", nil); err != nil {
			return err
		}
		if err := m.noteDecision(postgres.JournalDecided, d); err != nil {
			return err
		}
		return m.activate(ctx, c)
	})
}

func (m *matter) noteDecision(kind postgres.JournalKind, d Decision) error {
	return m.tx.WriteNote(postgres.JournalNote{
		Intervention: m.i.ID, Authority: m.i.Authority, Kind: kind, At: m.tx.Now(),
		Facts: map[string]any{"on": d.On.String(), "reference": d.Reference},
	})
}
