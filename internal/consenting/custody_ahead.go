package consenting

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// CustodyAhead is a change of custody that has been recorded and has not come
// about, as the board sees it. Nobody in the family sees any of it before.
type CustodyAhead struct {
	ID           sig.CustodyChangeID
	At           time.Time
	Ends, Begins string // by name; empty for nobody
	Source       string
	Reference    string
	VerifiedOn   sig.Date
	RecordedAt   time.Time
	Pauses       bool // the version in force waits for a signature from then on
}

// custodyAhead lists what is to come for the version in force.
func (m *matter) custodyAhead() []CustodyAhead {
	var list []CustodyAhead
	for _, a := range m.ahead {
		c := m.inForce()
		list = append(list, CustodyAhead{
			ID: a.ID, At: a.At, Ends: m.guardianName(a.Ends), Begins: m.guardianName(a.Begins), Source: a.Source, Reference: a.Reference,
			VerifiedOn: a.VerifiedOn, RecordedAt: a.RecordedAt, Pauses: c != nil && !m.carriedAt(c, a.At),
		})
	}
	return list
}

func (m *matter) guardianName(id sig.GuardianID) string {
	for _, g := range m.guardians {
		if g.ID == id {
			return g.Name
		}
	}
	return ""
}

// startsOn is the instant at which a change comes about: at once for no day, or
// at 00:00 of a day ahead, while the young person is a minor. Of a day ahead
// there must be a judgment, or a row of the population register.
func (m *matter) startsOn(c *fault.Check, from sig.Date, source string) time.Time {
	if from == (sig.Date{}) {
		return time.Time{}
	}
	at := from.Start()
	switch {
	case !from.Valid() || !at.After(m.tx.Now()):
		c.Fail("from", "error.date_ahead")
	case !at.Before(sig.AdultFrom(m.youth.BirthDate)):
		c.Fail("from", "error.youth_is_adult")
	case source == "manual":
		c.Fail("source", "error.custody_evidence")
	}
	return at
}

// ofAhead reports whether a change that is still to come is about a guardian.
func (m *matter) ofAhead(id sig.GuardianID) bool {
	return slices.ContainsFunc(m.ahead, func(a postgres.CustodyChange) bool { return !id.IsZero() && (a.Ends == id || a.Begins == id) })
}

// recordAhead writes a change down before it comes about: the windows, the
// evidence, the journal note, the alarm. Nothing changes for anybody until then.
func (m *matter) recordAhead(ctx context.Context, a postgres.CustodyChange) error {
	a.ID, a.Intervention = sig.NewCustodyChangeID(), m.i.ID
	if !a.Ends.IsZero() {
		err := m.tx.AsSystem("consenting", func() error { return m.tx.EndGuardianAt(ctx, a.Ends, a.At) })
		if errors.Is(err, postgres.ErrNoRows) {
			return m.refuse("not_a_guardian", fault.Missing())
		}
		if err != nil {
			return err
		}
	}
	if err := m.tx.InsertCustodyChange(ctx, a); err != nil {
		return err
	}
	if err := m.tx.SetAlarm(postgres.AlarmCustodyChanges, m.i.ID, a.ID.UUID, a.At); err != nil {
		return err
	}
	return m.tellAhead(ctx, postgres.JournalCustodyAhead, a, ledger.Detail{"from": a.At})
}

// tellAhead writes a note and a row of the ledger for each guardian concerned.
func (m *matter) tellAhead(ctx context.Context, kind postgres.JournalKind, a postgres.CustodyChange, detail ledger.Detail) error {
	for _, id := range []sig.GuardianID{a.Ends, a.Begins} {
		if id.IsZero() {
			continue
		}
		err := m.note(kind, m.tx.Now(), map[string]any{
			"signer": id.String(), "kind": sig.SignerGuardian, "from": a.At, "on": a.VerifiedOn.String(), "reference": a.Reference,
		})
		if err != nil {
			return err
		}
		d := ledger.Detail{"ended": id == a.Ends}
		for k, v := range detail {
			d[k] = v
		}
		if err := m.recordGuardian(ctx, id, d); err != nil {
			return err
		}
	}
	return nil
}

// TakeCustodyBack takes back a change of custody before it comes about, such as
// one that a higher court has stayed, and says why. Afterwards it is too late:
// what has happened is corrected by recording who decides.
func (s *Service) TakeCustodyBack(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, change sig.CustodyChangeID, why string,
) (*Case, error) {
	why, err := reason(why)
	if err != nil {
		return nil, err
	}
	return s.custody(ctx, actor, intervention, policy.DutyCustody, func(m *matter) (bool, error) {
		n := slices.IndexFunc(m.ahead, func(a postgres.CustodyChange) bool { return a.ID == change })
		if n < 0 {
			return false, m.refuse("no_such_change", fault.Missing())
		}
		a := m.ahead[n]
		sealed, err := m.sealFor(ctx, "custody_reason", a.ID.UUID, why)
		if err != nil {
			return false, err
		}
		if err := m.tx.TakeBackCustodyChange(ctx, a.ID, sealed); err != nil {
			return false, err
		}
		if err := m.tx.AsSystem("consenting", func() error { return m.tx.UndoCustodyChange(ctx, a) }); err != nil {
			return false, err
		}
		m.tx.ClearAlarm(postgres.AlarmCustodyChanges, a.ID.UUID)
		return false, m.tellAhead(ctx, postgres.JournalCustodyStays, a, ledger.Detail{"taken_back": true})
	})
}

// settleCustody writes down the changes of custody that have come about by now,
// each at its own instant: who decides no more sees nothing since then, and what
// is in force is paused where somebody who decides now has not signed. Both were
// so from that instant on, by both walls. It runs inside AsSystem.
func (m *matter) settleCustody(ctx context.Context) error {
	due := false
	for _, a := range m.ahead {
		if m.tx.Now().Before(a.At) {
			continue
		}
		due = true
		if err := m.tx.CustodyChangeDone(ctx, a.ID); err != nil {
			return err
		}
		if err := m.cameAbout(a); err != nil {
			return err
		}
	}
	if !due {
		return nil
	}
	if err := m.tx.SetCustody(ctx, m.youth.ID); err != nil {
		return err
	}
	if err := m.readAll(ctx); err != nil || m.i.State.Ended() {
		return err
	}
	return m.standingChanged(ctx)
}

func (m *matter) cameAbout(a postgres.CustodyChange) error {
	for id, kind := range map[sig.GuardianID]postgres.JournalKind{a.Ends: postgres.JournalCustodyEnded, a.Begins: postgres.JournalNewGuardian} {
		if id.IsZero() {
			continue
		}
		m.tx.Nudge(id.UUID) // the open page of who has gone looks again, and finds nothing
		if m.i.State.Ended() {
			continue
		}
		facts := map[string]any{"signer": id.String(), "kind": sig.SignerGuardian, "on": a.VerifiedOn.String(), "reference": strings.TrimSpace(a.Reference)}
		if err := m.note(kind, a.At, facts); err != nil {
			return err
		}
	}
	return nil
}

// carriedUntil is the next instant from which not everybody stands behind a
// version who decides then, as far as changes of custody are recorded; nil where
// there is none. The eighteenth birthday is another matter.
func (m *matter) carriedUntil(c *postgres.Consent) *time.Time {
	var at []time.Time
	for _, g := range m.guardians {
		at = append(at, g.From, g.To)
	}
	slices.SortFunc(at, time.Time.Compare)
	for _, t := range at {
		if t.After(m.tx.Now()) && t.Before(sig.AdultFrom(m.youth.BirthDate)) && !m.carriedAt(c, t) {
			return &t
		}
	}
	return nil
}

// keepCarried writes carriedUntil of the version in force where an act has
// changed it: who decides, who has signed, or which version it is.
func (m *matter) keepCarried(ctx context.Context) error {
	if c := m.inForce(); len(m.ahead) == 0 && (c == nil || c.CarriedUntil == nil) {
		return nil
	}
	return m.tx.AsSystem("consenting", func() error {
		if err := m.readAll(ctx); err != nil {
			return err
		}
		c := m.inForce()
		if c == nil {
			return nil
		}
		until := m.carriedUntil(c)
		if (until == nil) != (c.CarriedUntil == nil) || until != nil && !until.Equal(*c.CarriedUntil) {
			m.tx.CarryUntil(c, until)
		}
		return nil
	})
}

// pausedBySelf shows a version as paused from the instant at which custody
// changed, before anybody has written it down.
func (m *matter) pausedBySelf() {
	for n := range m.consents {
		c := &m.consents[n]
		if c.State == sig.ConsentActive && c.CarriedUntil != nil && !m.tx.Now().Before(*c.CarriedUntil) {
			c.State, c.SuspendedFor = sig.ConsentSuspended, sig.SuspendedUnsigned
		}
	}
}
