package consenting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// GuardianLine is one guardian as the board sees them: what each has answered
// is shown to the board alone.
type GuardianLine struct {
	ID        sig.GuardianID
	Name      string
	Kind      string // parent or appointed
	Custody   string // joint or sole
	From, To  time.Time
	Decides   bool       // has custody now
	Until     time.Time  // prevented until then; zero for one who is not
	Answer    Standpoint // to what is asked of them now
	Answered  time.Time
	Explained bool
}

// Standpoint is where a guardian stands to the version in force or going round.
type Standpoint string

// The standpoints. Silence is never a yes.
const (
	StandsGiven    Standpoint = "given"
	StandsRefused  Standpoint = "refused"
	StandsSilent   Standpoint = "silent"
	StandsNotAsked Standpoint = "not_asked"
)

// Guardians is who decides for a young person, and how they stand.
type Guardians struct {
	Case     *Case
	Lines    []GuardianLine // those who decide first
	Conflict bool           // one has said yes and another no
}

// Guardians lists a young person's guardians for the board's staff.
func (s *Service) Guardians(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Guardians, error) {
	out := &Guardians{}
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		if err := m.must(policy.DutyRead); err != nil {
			return err
		}
		var err error
		if out.Case, err = m.showCase(ctx); err != nil {
			return err
		}
		given, refused := false, false
		for _, g := range m.guardians {
			line := m.guardianLine(g)
			given, refused = given || line.Decides && line.Answer == StandsGiven, refused || line.Decides && line.Answer == StandsRefused
			out.Lines = append(out.Lines, line)
		}
		out.Conflict = given && refused
		slices.SortStableFunc(out.Lines, func(a, b GuardianLine) int { return rank(a) - rank(b) })
		return nil
	})
	return out, err
}

func rank(g GuardianLine) int {
	if g.Decides {
		return 0
	}
	return 1
}

func (m *matter) guardianLine(g postgres.Guardian) GuardianLine {
	now := m.tx.Now()
	line := GuardianLine{
		ID: g.ID, Name: g.Name, Kind: g.Kind, Custody: g.Custody, From: g.From, To: g.To,
		Decides: slices.Contains(sig.CustodyAt([]sig.Guardianship{g.Span()}, m.youth.BirthDate, now), g.ID), Answer: StandsNotAsked,
	}
	for _, p := range m.prevented {
		if p.ID == g.ID && p.InForce(now) {
			line.Until = p.To
		}
	}
	c := m.asked()
	if c == nil {
		return line
	}
	row, named := m.signerRow(c, SignerRef{Guardian: g.ID})
	switch {
	case m.saidYes(c, SignerRef{Guardian: g.ID}):
		line.Answer = StandsGiven
	case named && row.Answer == sig.AnswerRefused:
		line.Answer = StandsRefused
	case named:
		line.Answer = StandsSilent
	}
	line.Answered, line.Explained = orNever(row.AnsweredAt), row.ExplainedAt != nil
	return line
}

// asked is the version that the guardians were last asked about: the one going
// round, the one in force, or the last that somebody said no to.
func (m *matter) asked() *postgres.Consent {
	if c := m.preparing(); c != nil && c.State != sig.ConsentDraft {
		return c
	}
	if c := m.inForce(); c != nil {
		return c
	}
	for n := range m.consents {
		switch m.consents[n].State {
		case sig.ConsentDeclined, sig.ConsentLapsedUnsigned, sig.ConsentLapsed:
			return &m.consents[n]
		case sig.ConsentDraft, sig.ConsentDiscarded:
			continue
		default:
		}
		break
	}
	return nil
}

// EndedCustody is that somebody has stopped deciding for a young person.
type EndedCustody struct {
	Guardian  sig.GuardianID
	Since     sig.Date // of the judgment or the register; it takes effect here when it is recorded
	Source    string   // population_register, judgment or manual
	Reference string   // of the judgment; may be empty
}

// NewGuardian is somebody who has begun to.
type NewGuardian struct {
	Number     sig.PersonalNumber
	Name       string
	Kind       string // parent or appointed
	Source     string
	VerifiedOn sig.Date
	Email      string
	Phone      string
	Replaces   sig.GuardianID // who stops at the same instant; zero for nobody
}

// EndCustody records that a guardian does not decide any more. View, signing
// and withdrawing end with the record, by both walls; what the others have
// signed goes on, and what nobody has signed who still decides is paused.
func (s *Service) EndCustody(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in EndedCustody) (*Case, error) {
	return s.custody(ctx, actor, intervention, policy.DutyCustody, func(m *matter) error {
		var c fault.Check
		checkSource(&c, in.Source, "since", in.Since, sig.DateOf(m.tx.Now()))
		checkReference(&c, in.Reference)
		if err := c.Err(); err != nil {
			return err
		}
		return m.endCustody(ctx, in.Guardian, map[string]any{"on": in.Since.String(), "reference": strings.TrimSpace(in.Reference)})
	})
}

// RecordGuardian records a new guardian, and who is replaced. The version in
// force is paused in the same instant, until the new one has signed it too.
func (s *Service) RecordGuardian(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in NewGuardian) (*Case, error) {
	return s.custody(ctx, actor, intervention, policy.DutyCustody, func(m *matter) error {
		if err := in.check(m); err != nil {
			return err
		}
		if !in.Replaces.IsZero() {
			if err := m.endCustody(ctx, in.Replaces, map[string]any{"on": in.VerifiedOn.String()}); err != nil {
				return err
			}
		}
		return m.addGuardian(ctx, in)
	})
}

func (g *NewGuardian) check(m *matter) error {
	var c fault.Check
	g.Name = strings.TrimSpace(g.Name)
	switch length := len([]rune(g.Name)); {
	case !sig.Writable(g.Name):
		c.Fail("name", "error.bad_text")
	case length == 0:
		c.Fail("name", "error.required")
	case length > nameMax:
		c.Fail("name", "error.too_long", "max", nameMax)
	}
	if g.Number.IsZero() {
		c.Fail("number", "error.required")
	}
	if g.Kind != "parent" && g.Kind != "appointed" {
		c.Fail("kind", "error.choose_one")
	}
	checkSource(&c, g.Source, "verified_on", g.VerifiedOn, sig.DateOf(m.tx.Now()))
	for field, text := range map[string]string{"email": g.Email, "phone": g.Phone} {
		if !sig.Writable(text) || len([]rune(text)) > nameMax {
			c.Fail(field, "error.bad_text")
		}
	}
	if !m.tx.Now().Before(sig.AdultFrom(m.youth.BirthDate)) {
		c.Fail("name", "error.youth_is_adult")
	}
	f := m.signerFacts(m.tx.Now())
	if !g.Replaces.IsZero() && !slices.Contains(sig.CustodyAt(f.Guardianships, f.Birth, f.At), g.Replaces) {
		c.Fail("replaces", "error.choose_one")
	}
	return c.Err()
}

const nameMax = 200

func checkSource(c *fault.Check, source, field string, on, today sig.Date) {
	if !slices.Contains([]string{"population_register", "judgment", "manual"}, source) {
		c.Fail("source", "error.choose_one")
	}
	if !on.Valid() || on.Compare(today) > 0 {
		c.Fail(field, "error.date_not_after_today")
	}
}

func checkReference(c *fault.Check, reference string) {
	if !sig.Writable(reference) {
		c.Fail("reference", "error.bad_text")
	} else if len([]rune(strings.TrimSpace(reference))) > referenceMax {
		c.Fail("reference", "error.too_long", "max", referenceMax)
	}
}

// custody runs an act about who decides, and fits the consent to it.
func (s *Service) custody(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, duty policy.Duty, fn func(*matter) error,
) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.RecordGuardian, func(m *matter) error {
		if err := m.must(duty); err != nil {
			return err
		}
		if m.i.State.Ended() {
			return m.conflict("error.intervention_ended")
		}
		if err := fn(m); err != nil {
			return err
		}
		err := m.tx.AsSystem("consenting", func() error {
			if err := m.readAll(ctx); err != nil {
				return err
			}
			return m.standingChanged(ctx)
		})
		if err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (m *matter) endCustody(ctx context.Context, id sig.GuardianID, facts map[string]any) error {
	err := m.tx.AsSystem("consenting", func() error {
		if !slices.ContainsFunc(m.guardians, func(g postgres.Guardian) bool { return g.ID == id }) {
			return postgres.ErrNoRows
		}
		if err := m.tx.EndGuardian(ctx, id); err != nil {
			return err
		}
		m.tx.Nudge(id.UUID) // the open page looks again, and finds nothing
		return m.tx.SetCustody(ctx, m.youth.ID)
	})
	if errors.Is(err, postgres.ErrNoRows) {
		return m.refuse("not_a_guardian", fault.Missing())
	}
	if err != nil {
		return err
	}
	facts["signer"], facts["kind"] = id.String(), sig.SignerGuardian
	if err := m.note(postgres.JournalCustodyEnded, m.tx.Now(), facts); err != nil {
		return err
	}
	return m.recordGuardian(ctx, id, ledger.Detail{"ended": true})
}

func (m *matter) recordGuardian(ctx context.Context, id sig.GuardianID, detail ledger.Detail) error {
	e := m.entry
	e.Object, e.Detail = ledger.Of(ledger.ObjectGuardian, id), detail
	_, err := m.tx.Append(ctx, e)
	return err
}

func (m *matter) addGuardian(ctx context.Context, in NewGuardian) error {
	hash := m.service.Sealer.PINHash(in.Number.Digits())
	known, err := m.tx.GuardianKnown(ctx, m.youth.ID, hash)
	if err != nil {
		return err
	}
	if known {
		return m.conflict("error.guardian_known")
	}
	id := sig.GuardianID{UUID: uuid.New()}
	at := seal.Place{Authority: m.i.Authority, Field: "pin", Object: id.UUID}
	number, err := m.service.Sealer.Seal(ctx, m.tx, at, []byte(in.Number.Digits()))
	if err != nil {
		return err
	}
	contact, err := json.Marshal(map[string]string{"email": in.Email, "phone": in.Phone})
	if err != nil {
		return fmt.Errorf("write contact data: %w", err)
	}
	at.Field = "contact"
	sealed, err := m.service.Sealer.Seal(ctx, m.tx, at, contact)
	if err != nil {
		return err
	}
	err = m.tx.InsertGuardian(ctx, postgres.Guardian{
		ID: id, Youth: m.youth.ID, Authority: m.i.Authority, Name: in.Name, Kind: in.Kind, Custody: "joint", From: m.tx.Now(),
	}, in.Source, in.VerifiedOn, hash, number, sealed)
	if err != nil {
		return err
	}
	err = m.tx.AsSystem("consenting", func() error { return m.tx.SetCustody(ctx, m.youth.ID) })
	if err != nil {
		return err
	}
	facts := map[string]any{"signer": id.String(), "kind": sig.SignerGuardian, "on": in.VerifiedOn.String()}
	if err := m.note(postgres.JournalNewGuardian, m.tx.Now(), facts); err != nil {
		return err
	}
	return m.recordGuardian(ctx, id, ledger.Detail{"kind": in.Kind, "source": in.Source})
}

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
	return s.custody(ctx, actor, intervention, policy.DutyPrevent, func(m *matter) error {
		ends, err := in.ends(m)
		if err != nil {
			return err
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
	return s.custody(ctx, actor, intervention, policy.DutyPrevent, func(m *matter) error {
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
	})
}
