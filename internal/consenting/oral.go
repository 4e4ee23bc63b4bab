package consenting

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// channelOral and channelPaper are how an answer came that nobody signed with eID.
const (
	channelESigned = "e_signed"
	channelPaper   = "paper"
	channelOral    = "oral"
)

// OralInput is a signer's yes that one officer has heard (T05).
type OralInput struct {
	Signer      SignerRef
	TextHash    string    // of the version that was read to the signer, as the page had it
	ReceivedAt  time.Time // when it was said
	Method      Method    // MethodPhone or MethodMeeting
	Interpreter Interpreting
	Language    string // that was spoken
	ReadIn      string // of the texts that were read, which an interpreter may have put into another
}

// OralLine is an oral yes as the board, or its own signer, sees it.
type OralLine struct {
	ID          sig.OralID
	State       sig.OralState
	ReceivedAt  time.Time
	RecordedAt  time.Time
	ConfirmedAt time.Time
	WrittenBy   time.Time
	Method      Method
	Language    string
	Interpreter string
	Mine        bool // the actor recorded it, and so cannot confirm it
	MayConfirm  bool
}

// RecordOral writes down a yes that was said on the phone or in a meeting. It
// counts for nothing until a second person of the board confirms it.
func (s *Service) RecordOral(ctx context.Context, actor sig.Actor, consent sig.ConsentID, in OralInput) (*Case, error) {
	return s.onVersion(ctx, actor, consent, ledger.RecordOral, func(m *matter, c *postgres.Consent) error {
		if err := m.must(policy.DutyHear); err != nil {
			return err
		}
		row, err := m.questioned(c, in.Signer)
		if err != nil {
			return err
		}
		if _, open := m.openOral(c, row.Signer); open {
			return m.conflict("error.oral_waits")
		}
		if err := m.checkOral(ctx, c, in); err != nil {
			return err
		}
		if _, err := m.sameText(ctx, c, in.TextHash); err != nil {
			return err
		}
		o := postgres.Oral{
			ID: sig.NewOralID(), Consent: c.ID, Intervention: m.i.ID, Signer: row.Signer, Kind: row.Kind,
			State: sig.OralRecorded, TextHash: c.TextHash, ReceivedAt: in.ReceivedAt, Method: string(in.Method), Language: in.Language,
			Interpreter: strings.TrimSpace(in.Interpreter.ID), RecordedBy: m.tx.Actor.Assignment, Recorder: m.tx.Actor.Person,
			RecordedAt: m.tx.Now(), WrittenBy: sig.WrittenBy(in.ReceivedAt),
		}
		read, err := m.inApproved(ctx, words.For(in.ReadIn))
		if err != nil {
			return err
		}
		o.ReadIn, o.Wording = read.Language, read.Hash
		if err := m.tx.InsertOral(ctx, o); err != nil {
			return err
		}
		return m.oralRecorded(ctx, c, o)
	})
}

func (m *matter) oralRecorded(ctx context.Context, c *postgres.Consent, o postgres.Oral) error {
	read, err := m.familyHash(ctx, c)
	if err != nil {
		return err
	}
	detail := ledger.Detail{
		"signer": o.Signer.String(), "method": o.Method, "language": o.Language, "interpreter": o.Interpreter != "",
		"text_hash": hashText(read), "received_at": o.ReceivedAt.UTC(), "read_in": o.ReadIn, "wording": hashText(o.Wording),
	}
	if _, err := m.record(ctx, c, detail); err != nil {
		return err
	}
	if err := m.note(postgres.JournalSaid, o.ReceivedAt, m.oralFacts(c, o)); err != nil {
		return err
	}
	second := sig.RoleSocialSecretary
	if m.tx.Actor.Function == second {
		second = sig.RoleCoordinator
	}
	return m.tx.AsSystem("consenting", func() error {
		m.tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: m.i.ID, Authority: m.i.Authority, Function: second,
			Kind: postgres.TaskConfirmOral, Object: o.ID.UUID, DueOn: closing.NextWorkingDay(m.tx.Now()),
		})
		return closing.Tell(ctx, m.tx, &m.i)
	})
}

func (m *matter) oralFacts(c *postgres.Consent, o postgres.Oral) map[string]any {
	facts := map[string]any{
		"version": c.Version, "signer": o.Signer.String(), "kind": o.Kind, "method": o.Method, "language": o.Language,
		"written_by": o.WrittenBy,
	}
	if mark := markOf(o.ReadIn, o.Wording); mark != "" {
		facts["text"] = mark
	}
	if o.Interpreter != "" {
		facts["interpreter"] = o.Interpreter
	}
	return facts
}

// questioned finds one signer's line in a version, if it waits for an answer.
func (m *matter) questioned(c *postgres.Consent, signer SignerRef) (postgres.SignerRow, error) {
	row, named := m.signerRow(c, signer)
	switch {
	case c.State == sig.ConsentLapsedUnsigned:
		return row, m.conflict("error.consent_lapsed")
	case !answerable(c):
		return row, m.conflict("error.version_is_over")
	case !named || !m.isRequired(signer):
		return row, m.refuse("not_a_signer", fault.Missing())
	case row.Answer != "":
		return row, m.conflict("error.already_answered")
	case row.ExplainedAt == nil:
		return row, m.conflict("error.not_explained")
	case !m.tx.Now().Before(m.lastEnd(c.ID)):
		return row, m.conflict("error.consent_is_over")
	}
	return row, nil
}

func (m *matter) checkOral(ctx context.Context, c *postgres.Consent, in OralInput) error {
	var check fault.Check
	switch {
	case in.ReceivedAt.IsZero():
		check.Fail("received_at", "error.required")
	case in.ReceivedAt.After(m.tx.Now()):
		check.Fail("received_at", "error.oral_in_future")
	case in.ReceivedAt.Before(c.PreparedAt.Truncate(time.Minute)):
		check.Fail("received_at", "error.oral_before_text")
	case !m.tx.Now().Before(sig.WrittenBy(in.ReceivedAt)):
		check.Fail("received_at", "error.oral_too_old")
	}
	if in.Method != MethodPhone && in.Method != MethodMeeting {
		check.Fail("method", "error.choose_one")
	}
	if !languageCode.MatchString(in.Language) {
		check.Fail("language", "error.choose_one")
	}
	checkReadIn(&check, in.ReadIn)
	if err := m.checkInterpreter(ctx, &check, c, in.Interpreter); err != nil {
		return err
	}
	return check.Err()
}

// openOral is what a signer has said of a version that is neither written nor
// over.
func (m *matter) openOral(c *postgres.Consent, signer uuid.UUID) (postgres.Oral, bool) {
	n := slices.IndexFunc(m.orals, func(o postgres.Oral) bool { return o.Consent == c.ID && o.Signer == signer && o.Open() })
	if n < 0 {
		return postgres.Oral{}, false
	}
	return m.orals[n], true
}

// writtenAt is when what somebody said aloud was written; zero before.
func (m *matter) writtenAt(c *postgres.Consent, signer uuid.UUID) time.Time {
	for _, o := range m.orals {
		if o.Consent == c.ID && o.Signer == signer && o.State == sig.OralWritten {
			return orNever(o.EndedAt)
		}
	}
	return time.Time{}
}

// ConfirmOral is the second officer's word that the yes was said. From then on
// it counts as the signer's signature, until it must be written.
func (s *Service) ConfirmOral(ctx context.Context, actor sig.Actor, consent sig.ConsentID, oral sig.OralID) (*Case, error) {
	return s.onVersion(ctx, actor, consent, ledger.ConfirmOral, func(m *matter, c *postgres.Consent) error {
		o, err := m.waitingOral(c, oral)
		if err != nil {
			return err
		}
		if !sig.MayConfirm(o.Recorder, m.tx.Actor.Person) {
			return m.refuse("same_person", fault.New(fault.Denied, "error.oral_same_person"))
		}
		ref := SignerRef{Youth: sig.YouthID{UUID: o.Signer}}
		if o.Kind == sig.SignerGuardian {
			ref = SignerRef{Guardian: sig.GuardianID{UUID: o.Signer}}
		}
		row, err := m.questioned(c, ref)
		if err != nil {
			return err
		}
		if !m.tx.Now().Before(o.WrittenBy) {
			return m.conflict("error.oral_too_old")
		}
		if err := m.tx.ConfirmOral(ctx, o.ID); err != nil {
			return err
		}
		if c.OralUntil == nil || o.WrittenBy.Before(*c.OralUntil) {
			c.OralUntil = &o.WrittenBy
		}
		if err := m.note(postgres.JournalConfirmed, m.tx.Now(), m.oralFacts(c, o)); err != nil {
			return err
		}
		if err := m.mustBeWritten(ctx, c, o); err != nil {
			return err
		}
		row.Answer, row.TextHash, row.Channel = sig.AnswerSigned, c.TextHash, channelOral
		row.Language, row.Wording = o.ReadIn, o.Wording
		if row.SeenHash, err = m.familyHash(ctx, c); err != nil {
			return err
		}
		if err := m.tx.AnswerConsent(ctx, row); err != nil {
			return err
		}
		return m.signed(ctx, c, row)
	})
}

// waitingOral finds a recorded yes that nobody has confirmed, for somebody of
// the board.
func (m *matter) waitingOral(c *postgres.Consent, oral sig.OralID) (postgres.Oral, error) {
	if err := m.must(policy.DutyConfirm); err != nil {
		return postgres.Oral{}, err
	}
	n := slices.IndexFunc(m.orals, func(o postgres.Oral) bool { return o.ID == oral && o.Consent == c.ID })
	switch {
	case n < 0:
		return postgres.Oral{}, m.refuse("unknown_oral", fault.Missing())
	case !m.orals[n].State.CanBecome(sig.OralConfirmed):
		return postgres.Oral{}, m.conflict("error.oral_settled")
	}
	return m.orals[n], nil
}

// mustBeWritten gives the coordinator the task, and sets what ends the version
// if it is not done: its own alarm where it is in force later, this one until then.
func (m *matter) mustBeWritten(ctx context.Context, c *postgres.Consent, o postgres.Oral) error {
	return m.tx.AsSystem("consenting", func() error {
		if err := m.tx.FinishTask(ctx, m.i.ID, postgres.TaskConfirmOral, o.ID.UUID); err != nil {
			return err
		}
		if err := m.askForWriting(o); err != nil {
			return err
		}
		return m.tx.SetAlarm(postgres.AlarmConsentExpires, m.i.ID, c.ID.UUID, *c.OralUntil)
	})
}

func (m *matter) askForWriting(o postgres.Oral) error {
	task := postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: m.i.ID, Authority: m.i.Authority, Function: sig.RoleCoordinator,
		Kind: postgres.TaskWriteOral, Object: o.ID.UUID, DueOn: sig.DateOf(o.WrittenBy),
	}
	m.tx.InsertTask(task)
	if next := closing.NextOralReminder(o.WrittenBy, m.tx.Now()); !next.IsZero() {
		return m.tx.SetAlarm(postgres.AlarmTaskDue, m.i.ID, task.ID.UUID, next)
	}
	return nil
}

// DropOral says that a recorded yes does not hold: the second officer could not
// confirm it, or the first was mistaken. The signer can answer anew.
func (s *Service) DropOral(ctx context.Context, actor sig.Actor, consent sig.ConsentID, oral sig.OralID) (*Case, error) {
	return s.onVersion(ctx, actor, consent, ledger.DropOral, func(m *matter, c *postgres.Consent) error {
		o, err := m.waitingOral(c, oral)
		if err != nil {
			return err
		}
		return m.dropOral(ctx, c, o)
	})
}

func (m *matter) dropOral(ctx context.Context, c *postgres.Consent, o postgres.Oral) error {
	err := m.tx.AsSystem("consenting", func() error {
		if err := m.tx.DropOral(ctx, o.ID); err != nil {
			return err
		}
		return m.tx.FinishTask(ctx, m.i.ID, postgres.TaskConfirmOral, o.ID.UUID)
	})
	if err != nil {
		return err
	}
	if m.entry.Kind == ledger.DropOral {
		if _, err := m.record(ctx, c, ledger.Detail{"signer": o.Signer.String()}); err != nil {
			return err
		}
	}
	if err := m.note(postgres.JournalDropped, m.tx.Now(), map[string]any{
		"version": c.Version, "signer": o.Signer.String(), "kind": o.Kind,
	}); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// dropSaid takes back what was said aloud and not confirmed, when the signer
// answers otherwise.
func (m *matter) dropSaid(ctx context.Context, c *postgres.Consent, row postgres.SignerRow) error {
	if o, said := m.openOral(c, row.Signer); said && o.State == sig.OralRecorded && row.Channel != channelOral {
		return m.dropOral(ctx, c, o)
	}
	return nil
}

// written records that a yes which was said aloud is written now, and gives the
// version back the ends of its own rows.
func (m *matter) written(ctx context.Context, c *postgres.Consent, o postgres.Oral, channel string, w postgres.Wording) error {
	read, err := m.familyHash(ctx, c)
	if err != nil {
		return err
	}
	if _, err := m.record(ctx, c, ledger.Detail{"channel": channel, "text_hash": hashText(read), "oral": true, "language": w.Language, "wording": hashText(w.Hash)}); err != nil {
		return err
	}
	if err := m.note(postgres.JournalWritten, m.tx.Now(), map[string]any{
		"version": c.Version, "signer": o.Signer.String(), "kind": o.Kind, "channel": channel, "text": markOf(w.Language, w.Hash),
	}); err != nil {
		return err
	}
	return m.tx.AsSystem("consenting", func() error {
		if err := m.tx.WriteOral(ctx, o.ID, channel); err != nil {
			return err
		}
		if err := m.tx.FinishTask(ctx, m.i.ID, postgres.TaskWriteOral, o.ID.UUID); err != nil {
			return err
		}
		stored, err := m.tx.Consent(ctx, c.ID)
		if err != nil {
			return err
		}
		c.OralUntil = stored.OralUntil
		switch {
		case c.State == sig.ConsentActive, c.State == sig.ConsentSuspended:
			err = closing.SetAlarms(ctx, m.tx, c)
		case c.OralUntil != nil:
			err = m.tx.SetAlarm(postgres.AlarmConsentExpires, m.i.ID, c.ID.UUID, *c.OralUntil)
		default:
			m.tx.ClearAlarm(postgres.AlarmConsentExpires, c.ID.UUID)
		}
		if err != nil {
			return err
		}
		return closing.Tell(ctx, m.tx, &m.i)
	})
}

// carryOrals lets what was said aloud of a version and is not written yet bind
// the narrower one that takes its place: narrowing gives nobody more days. It
// runs inside AsSystem.
func (m *matter) carryOrals(ctx context.Context, old, to *postgres.Consent) error {
	for _, o := range m.orals {
		if o.Consent != old.ID || o.State != sig.OralConfirmed || m.answeredItself(to, o.Signer) {
			continue
		}
		carried := o
		carried.ID, carried.Consent, carried.CarriedFrom = sig.NewOralID(), to.ID, o.ID
		if err := m.tx.InsertOral(ctx, carried); err != nil {
			return err
		}
		if err := m.askForWriting(carried); err != nil {
			return err
		}
		if to.OralUntil == nil || o.WrittenBy.Before(*to.OralUntil) {
			to.OralUntil = &carried.WrittenBy
		}
	}
	return nil
}

// answeredItself reports whether a signer has said yes to this very version.
func (m *matter) answeredItself(c *postgres.Consent, signer uuid.UUID) bool {
	return slices.ContainsFunc(m.signers[c.ID], func(row postgres.SignerRow) bool {
		return row.Signer == signer && row.Answer == sig.AnswerSigned && row.Channel != "carried_over"
	})
}

// onVersion is act for one version of a consent, and shows the case after it.
func (s *Service) onVersion(
	ctx context.Context, actor sig.Actor, consent sig.ConsentID, kind ledger.Kind, fn func(*matter, *postgres.Consent) error,
) (*Case, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, id, kind, func(m *matter) error {
		c := m.version(consent)
		if c == nil {
			return m.refuse("unknown_version", fault.Missing())
		}
		m.entry.Consent, m.entry.Object = c.ID, ledger.Of(ledger.ObjectConsent, c.ID)
		if err := fn(m, c); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// showOral is what a signer has said aloud of a version, while that matters.
func (m *matter) showOral(c *postgres.Consent, row postgres.SignerRow) *OralLine {
	o, open := m.openOral(c, row.Signer)
	if !open {
		return nil
	}
	line := &OralLine{
		ID: o.ID, State: o.State, ReceivedAt: o.ReceivedAt, RecordedAt: o.RecordedAt, ConfirmedAt: orNever(o.ConfirmedAt),
		WrittenBy: o.WrittenBy, Method: Method(o.Method), Language: o.Language,
	}
	if m.may(policy.DutyRead) {
		line.Interpreter, line.Mine = o.Interpreter, o.Recorder == m.tx.Actor.Person
		line.MayConfirm = o.State == sig.OralRecorded && answerable(c) && m.may(policy.DutyConfirm) &&
			sig.MayConfirm(o.Recorder, m.tx.Actor.Person) && m.tx.Now().Before(o.WrittenBy)
	}
	return line
}
