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
	Changing  bool // a change that is recorded ahead is about this one
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
	Ahead    []CustodyAhead // what is to come
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
			if m.ofAhead(g.ID) && g.From.After(m.tx.Now()) {
				continue // who is still to come stands in what is to come
			}
			line := m.guardianLine(g)
			given, refused = given || line.Decides && line.Answer == StandsGiven, refused || line.Decides && line.Answer == StandsRefused
			out.Lines = append(out.Lines, line)
		}
		out.Conflict, out.Ahead = given && refused, m.custodyAhead()
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
		Changing: m.ofAhead(g.ID),
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

// EndedCustody is that somebody has stopped deciding for a young person, or
// does so on a day ahead.
type EndedCustody struct {
	Guardian  sig.GuardianID
	Since     sig.Date // of the judgment or the register
	From      sig.Date // the day ahead at whose beginning it comes about; zero for at once
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
	From       sig.Date       // the day ahead at whose beginning it comes about; zero for at once
	Reference  string         // of the judgment; may be empty
}

// EndCustody records that a guardian does not decide any more. View, signing
// and withdrawing end with the record, by both walls; what the others have
// signed goes on, and what nobody has signed who still decides is paused. It is
// recorded after the case has ended too: the family reads on there. With a
// day ahead all of that comes about at its 00:00, by itself, and nobody in the
// family is told before.
func (s *Service) EndCustody(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in EndedCustody) (*Case, error) {
	return s.custody(ctx, actor, intervention, policy.DutyCustody, func(m *matter) (bool, error) {
		var c fault.Check
		checkSource(&c, in.Source, "since", in.Since, sig.DateOf(m.tx.Now()))
		checkReference(&c, in.Reference)
		at := m.startsOn(&c, in.From, in.Source)
		if err := c.Err(); err != nil {
			return false, err
		}
		if m.ofAhead(in.Guardian) {
			return false, m.conflict("error.custody_ahead_known")
		}
		if !at.IsZero() {
			return false, m.recordAhead(ctx, postgres.CustodyChange{
				Ends: in.Guardian, At: at, Source: in.Source, Reference: strings.TrimSpace(in.Reference), VerifiedOn: in.Since,
			})
		}
		return true, m.endCustody(ctx, in.Guardian, map[string]any{"on": in.Since.String(), "reference": strings.TrimSpace(in.Reference)})
	})
}

// RecordGuardian records a new guardian, and who is replaced. The version in
// force is paused in the same instant, until the new one has signed it too.
func (s *Service) RecordGuardian(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in NewGuardian) (*Case, error) {
	return s.custody(ctx, actor, intervention, policy.DutyCustody, func(m *matter) (bool, error) {
		if m.i.State.Ended() {
			return false, m.conflict("error.intervention_ended")
		}
		at, err := in.check(m)
		if err != nil {
			return false, err
		}
		if m.ofAhead(in.Replaces) {
			return false, m.conflict("error.custody_ahead_known")
		}
		if !at.IsZero() {
			id, err := m.addGuardian(ctx, in, at)
			if err != nil {
				return false, err
			}
			return false, m.recordAhead(ctx, postgres.CustodyChange{
				Ends: in.Replaces, Begins: id, At: at, Source: in.Source, Reference: strings.TrimSpace(in.Reference), VerifiedOn: in.VerifiedOn,
			})
		}
		if !in.Replaces.IsZero() {
			if err := m.endCustody(ctx, in.Replaces, map[string]any{"on": in.VerifiedOn.String(), "reference": strings.TrimSpace(in.Reference)}); err != nil {
				return false, err
			}
		}
		return true, m.beginCustody(ctx, in)
	})
}

func (g *NewGuardian) check(m *matter) (time.Time, error) {
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
	checkReference(&c, g.Reference)
	at := m.startsOn(&c, g.From, g.Source)
	begins := at
	if at.IsZero() {
		begins = m.tx.Now()
	}
	if !g.Number.IsZero() && !sig.MayBeGuardian(g.Number, begins) {
		c.Fail("number", "error.guardian_under_age")
	}
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
	return at, c.Err()
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

// custody runs an act about who decides, and fits the consent to it where that
// has changed by now.
func (s *Service) custody(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, duty policy.Duty, fn func(*matter) (changed bool, err error),
) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.RecordGuardian, func(m *matter) error {
		if err := m.must(duty); err != nil {
			return err
		}
		changed, err := fn(m)
		if err != nil {
			return err
		}
		err = m.tx.AsSystem("consenting", func() error {
			if err := m.readAll(ctx); err != nil || !changed || m.i.State.Ended() {
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

// addGuardian writes a guardianship that begins at an instant, with the number
// and the contact data sealed.
func (m *matter) addGuardian(ctx context.Context, in NewGuardian, from time.Time) (sig.GuardianID, error) {
	id := sig.GuardianID{UUID: uuid.New()}
	hash := m.service.Sealer.PINHash(in.Number.Digits())
	known, err := m.tx.GuardianKnown(ctx, m.youth.ID, hash, from)
	if err != nil {
		return id, err
	}
	if known {
		return id, m.conflict("error.guardian_known")
	}
	at := seal.Place{Authority: m.i.Authority, Field: "pin", Object: id.UUID}
	number, err := m.service.Sealer.Seal(ctx, m.tx, at, []byte(in.Number.Digits()))
	if err != nil {
		return id, err
	}
	contact, err := json.Marshal(map[string]string{"email": in.Email, "phone": in.Phone})
	if err != nil {
		return id, fmt.Errorf("write contact data: %w", err)
	}
	at.Field = "contact"
	sealed, err := m.service.Sealer.Seal(ctx, m.tx, at, contact)
	if err != nil {
		return id, err
	}
	return id, m.tx.InsertGuardian(ctx, postgres.Guardian{
		ID: id, Youth: m.youth.ID, Authority: m.i.Authority, Name: in.Name, Kind: in.Kind, Custody: "joint", From: from,
	}, in.Source, in.VerifiedOn, hash, number, sealed)
}

// beginCustody records a new guardian who decides from now on.
func (m *matter) beginCustody(ctx context.Context, in NewGuardian) error {
	id, err := m.addGuardian(ctx, in, m.tx.Now())
	if err != nil {
		return err
	}
	err = m.tx.AsSystem("consenting", func() error { return m.tx.SetCustody(ctx, m.youth.ID) })
	if err != nil {
		return err
	}
	facts := map[string]any{
		"signer": id.String(), "kind": sig.SignerGuardian, "on": in.VerifiedOn.String(), "reference": strings.TrimSpace(in.Reference),
	}
	if err := m.note(postgres.JournalNewGuardian, m.tx.Now(), facts); err != nil {
		return err
	}
	return m.recordGuardian(ctx, id, ledger.Detail{"kind": in.Kind, "source": in.Source})
}
