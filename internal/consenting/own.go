package consenting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
)

// OwnConsent is what a young person alone has said, or is asked to say, yes to:
// over categories that are the youth's alone (OSL 12:3; domain 3.2).
type OwnConsent struct {
	ID         sig.InterventionID
	CaseNumber string
	Youth      Youth
	Board      bool           // the reader is of the board's staff
	Proposes   bool           // and may write a row down
	Ends       bool           // and may record that the youth has taken a row back
	Alone      []sig.Category // over which the youth disposes alone
	Seats      []Party        // whom a row may name: those of everybody's consent in force
	Rows       []OwnRow       // newest first
	Now        time.Time
}

// OwnRow is one row of it.
type OwnRow struct {
	ID         sig.GrantID
	Discloser  Party
	Recipient  Party
	Categories []sig.Category
	Aim        sig.Aim
	Districts  []sig.District
	To         time.Time
	TextHash   string
	ProposedAt time.Time
	GivenAt    time.Time // zero before the youth's yes
	EndedAt    time.Time // zero while it has not ended but by its date
	EndedBy    string    // youth, recorded, refused, discarded, assessment
	Reference  string    // of the receipt
	Open       bool      // can be given, or is given and lasts
}

// How an own row ends.
const (
	ownByYouth      = "youth"
	ownRecorded     = "recorded"
	ownRefused      = "refused"
	ownDiscarded    = "discarded"
	ownByAssessment = "assessment"
)

// NewOwn is a row as the coordinator writes it down.
type NewOwn struct {
	Discloser, Recipient sig.Seat
	Categories           []sig.Category
	Aim                  sig.Aim
	LastDay              sig.Date
}

// Own shows a young person's own consent to the board's staff, and to the youth
// where nobody at home looks on: in the coordinator's office, or of age. A
// guardian finds nothing here, as where nothing is.
func (s *Service) Own(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*OwnConsent, error) {
	var view *OwnConsent
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		if err := m.mustKnowOwn(ctx); err != nil {
			return err
		}
		rows, err := m.tx.Owns(ctx, m.i.ID)
		if err != nil {
			return err
		}
		view = &OwnConsent{
			ID: m.i.ID, CaseNumber: m.i.CaseNumber, Youth: m.showYouth(), Board: m.may(policy.DutyRead), Alone: m.alone, Now: m.tx.Now(),
		}
		live := m.i.State == sig.InterventionActive
		view.Proposes = live && m.may(policy.DutyPrepare) && len(m.alone) > 0 && m.inForce() != nil
		view.Ends = live && m.may(policy.DutyRecord)
		for _, seat := range m.ownSeats() {
			view.Seats = append(view.Seats, m.party(seat))
		}
		for _, o := range rows {
			row, err := m.showOwn(o, live)
			if err != nil {
				return err
			}
			view.Rows = append(view.Rows, row)
		}
		return nil
	})
	return view, err
}

// mustKnowOwn refuses everybody but the board and the youth who is not at home.
func (m *matter) mustKnowOwn(ctx context.Context) error {
	if self, citizen := m.self(); citizen {
		in, err := m.tx.InTheOffice(ctx)
		if err != nil {
			return err
		}
		if self.Youth.IsZero() || !in {
			return m.refuse(string(policy.NoStanding), fault.Missing())
		}
		return nil
	}
	return m.must(policy.DutyRead)
}

// ownSeats are the functions that everybody's consent in force names.
func (m *matter) ownSeats() []sig.Seat {
	c := m.inForce()
	if c == nil {
		return nil
	}
	var list []sig.Seat
	for _, r := range m.rows[c.ID] {
		list = append(list, r.Discloser)
		if r.Private == "" {
			list = append(list, r.Recipient)
		}
	}
	return once(list)
}

func (m *matter) showOwn(o postgres.Own, live bool) (OwnRow, error) {
	hash, err := m.seenOwnHash(o)
	if err != nil {
		return OwnRow{}, err
	}
	r := m.showRow(o.Grant, "")
	if m.strips() {
		m.bareRow(&r)
	}
	row := OwnRow{
		ID: o.ID, Discloser: r.Discloser, Recipient: r.Recipient, Categories: o.Categories, Aim: r.Aim, Districts: r.Districts, To: r.End(),
		TextHash: hex.EncodeToString(hash), ProposedAt: o.ProposedAt, GivenAt: orNever(o.GivenAt), EndedAt: orNever(o.EndedAt),
		EndedBy: o.EndedBy, Reference: o.Reference,
	}
	row.Open = live && o.EndedAt == nil && m.tx.Now().Before(row.To)
	return row, nil
}

// ProposeOwn writes a row down for the youth to answer. It may name only
// functions that everybody's consent names, and categories that are the
// youth's alone. Nobody has agreed to anything yet.
func (s *Service) ProposeOwn(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in NewOwn) error {
	in.Aim, in.Categories = trimmed(in.Aim), once(in.Categories)
	return s.act(ctx, s.DB, actor, intervention, ledger.ProposeOwn, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		if m.i.State != sig.InterventionActive || m.inForce() == nil || len(m.alone) == 0 {
			return m.conflict("error.nothing_is_alone")
		}
		o := postgres.Own{Intervention: m.i.ID, ProposedAt: m.tx.Now(), Grant: sig.Grant{
			ID: sig.GrantID{UUID: uuid.New()}, Row: 1, Discloser: in.Discloser, Recipient: in.Recipient, Categories: in.Categories,
			Aim: in.Aim, From: m.tx.Now(), Own: true,
		}}
		if in.LastDay.Valid() {
			o.To = in.LastDay.AddDays(1).Start()
		}
		place := m.place(in.Recipient)
		o.Districts = once(slices.Concat(place.Districts, m.board.Districts))
		if err := m.checkOwn(o.Grant); err != nil {
			return err
		}
		hash, err := m.ownHash("sigportal own consent", o.Grant)
		if err != nil {
			return err
		}
		o.TextHash = hash
		if err := m.tx.InsertOwn(ctx, o); err != nil {
			return err
		}
		m.entry.Object = ledger.Of(ledger.ObjectOwn, o.ID)
		if _, err := m.record(ctx, nil, ledger.Detail{"categories": len(o.Categories)}); err != nil {
			return err
		}
		return m.tx.AsSystem("consenting", func() error { return closing.TellOwn(ctx, m.tx, &m.i) })
	})
}

// checkOwn says everything that is wrong with a row, at the fields of its form.
func (m *matter) checkOwn(g sig.Grant) error {
	facts := m.grantFacts(nil, false)
	facts.Alone, facts.Continues = nil, false
	faults := append(sig.CheckMatrix(sig.Matrix{Grants: []sig.Grant{g}}, facts), m.placeFaults([]postgres.GrantRow{{Grant: g}})...)
	for n := range faults {
		faults[n].Field = strings.TrimPrefix(faults[n].Field, "grants.1.")
	}
	fail := func(field, code string) { faults = append(faults, sig.GrantFault{Field: field, Code: code}) }
	seats := m.ownSeats()
	if len(faults) == 0 && !contains(seats, g.Discloser) {
		fail("discloser", "error.own_other_seat")
	}
	if len(faults) == 0 && !contains(seats, g.Recipient) {
		fail("recipient", "error.own_other_seat")
	}
	if len(faults) == 0 && slices.ContainsFunc(g.Categories, func(c sig.Category) bool { return !contains(m.alone, c) }) {
		fail("categories", "error.own_not_alone")
	}
	return asFaults(faults)
}

// seenOwnHash is the hash of what the reader has on screen of a row: see seenHash.
func (m *matter) seenOwnHash(o postgres.Own) ([]byte, error) {
	if !m.strips() {
		return o.TextHash, nil
	}
	g := o.Grant
	g.Discloser, g.Recipient, g.Districts = sig.Seat{Function: g.Discloser.Function}, sig.Seat{Function: g.Recipient.Function}, nil
	g.Aim.Addition = m.placeless(g.Aim.Addition)
	return m.ownHash("sigportal own consent, without places", g)
}

// ownHash is the hash of what a youth's signature covers.
func (m *matter) ownHash(portal string, g sig.Grant) ([]byte, error) {
	text, err := json.Marshal(struct {
		Portal, Wording, Own, Case string
		Row                        canonicalRow
	}{portal, WordingVersion, g.ID.String(), m.i.CaseNumber, canonicalRow{
		Number: 1, Discloser: g.Discloser, Recipient: g.Recipient, Categories: sorted(g.Categories), Aim: aimOf(g.Aim.Purpose), Purpose: g.Aim.Addition,
		Districts: sorted(g.Districts), From: g.From.UTC(), To: g.To.UTC(),
	}})
	if err != nil {
		return nil, fmt.Errorf("write the text of an own consent: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// own finds a row that the actor may see.
func (m *matter) own(ctx context.Context, id sig.GrantID) (postgres.Own, error) {
	m.entry.Object = ledger.Of(ledger.ObjectOwn, id)
	if err := m.mustKnowOwn(ctx); err != nil {
		return postgres.Own{}, err
	}
	rows, err := m.tx.Owns(ctx, m.i.ID)
	if err != nil {
		return postgres.Own{}, err
	}
	n := slices.IndexFunc(rows, func(o postgres.Own) bool { return o.ID == id })
	if n < 0 {
		return postgres.Own{}, m.refuse(string(policy.NoStanding), fault.Missing())
	}
	return rows[n], nil
}

// GiveOwn is the youth's yes to exactly the row that was on screen, proven by a
// fresh login bound to it; nobody else signs, and nobody else is told.
func (s *Service) GiveOwn(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.GrantID, seen string, proof postgres.StepUpID,
) error {
	return s.act(ctx, s.DB, actor, intervention, ledger.GiveOwn, func(m *matter) error {
		o, err := m.own(ctx, id)
		if err != nil {
			return err
		}
		if _, citizen := m.self(); !citizen {
			return m.refuse(string(policy.NoStanding), fault.Missing())
		}
		hash, language, same := read(seen)
		now, err := m.ownHash("sigportal own consent", o.Grant)
		if err != nil {
			return err
		}
		onScreen, err := m.seenOwnHash(o)
		if err != nil {
			return err
		}
		switch {
		case o.GivenAt != nil:
			return m.conflict("error.already_answered")
		case o.EndedAt != nil || !m.tx.Now().Before(o.To) || m.i.State != sig.InterventionActive:
			return m.conflict("error.version_is_over")
		case slices.ContainsFunc(o.Categories, func(c sig.Category) bool { return !contains(m.alone, c) }):
			return m.conflict("error.version_is_over")
		case !same || hash != hex.EncodeToString(onScreen) || !bytes.Equal(o.TextHash, now):
			return m.conflict("error.version_changed")
		}
		wording, err := m.inApproved(ctx, language)
		if err != nil {
			return err
		}
		authTime, err := postgres.ConsumeStepUp(ctx, m.tx, proof, boundTo(seen))
		if fault.KindOf(err) == fault.StepUp {
			return m.refuse("step_up", err)
		}
		if err != nil {
			return err
		}
		if err := m.tx.GiveOwn(ctx, id, authTime, wording); err != nil {
			return err
		}
		return m.gaveOwn(ctx, o, wording)
	})
}

func (m *matter) gaveOwn(ctx context.Context, o postgres.Own, w postgres.Wording) error {
	if _, err := m.record(ctx, nil, ledger.Detail{
		"text_hash": hex.EncodeToString(o.TextHash), "language": w.Language, "wording": hashText(w.Hash),
	}); err != nil {
		return err
	}
	facts := map[string]any{"until": o.To, "rows": []notedRow{noted(o.Grant, o.Categories)}}
	if err := m.note(postgres.JournalOwnGiven, m.tx.Now(), facts); err != nil {
		return err
	}
	return m.tx.AsSystem("consenting", func() error {
		if err := m.tx.SetAlarm(postgres.AlarmGrantEnds, m.i.ID, o.ID.UUID, o.To); err != nil {
			return err
		}
		return closing.TellOwn(ctx, m.tx, &m.i)
	})
}

// OwnTaken is how and when it reached staff that a young person has taken back
// what that person alone gave.
type OwnTaken struct {
	Channel    Channel
	ReceivedAt time.Time
}

// EndOwn is the youth who takes back what the youth alone gave, or says no to
// what is asked; for the board's staff, that the youth says so to them now, or
// that a row which nobody has answered is taken away. What was disclosed by it
// is cut at once. It answers with the reference of the receipt. Again, it
// answers with the first time.
func (s *Service) EndOwn(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.GrantID) (string, error) {
	return s.endsOwn(ctx, actor, intervention, id, nil)
}

// RecordOwnEnd records for the board's staff that the youth has taken a row back
// by telephone, text, paper or in a meeting. It took effect when it reached them;
// what was disclosed by it in between is flagged and becomes an incident.
func (s *Service) RecordOwnEnd(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.GrantID, in OwnTaken,
) (string, error) {
	in.ReceivedAt = in.ReceivedAt.Truncate(time.Microsecond)
	return s.endsOwn(ctx, actor, intervention, id, &in)
}

func (s *Service) endsOwn(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.GrantID, in *OwnTaken,
) (string, error) {
	reference := ""
	err := s.act(ctx, s.withdrawals(), actor, intervention, ledger.EndOwn, func(m *matter) error {
		o, err := m.own(ctx, id)
		if err != nil {
			return err
		}
		end := postgres.OwnEnd{By: ownByYouth, At: m.tx.Now()}
		if _, citizen := m.self(); !citizen {
			if err := m.must(policy.DutyRecord); err != nil {
				return err
			}
			end.By = ownRecorded
		}
		if o.EndedAt != nil {
			reference = o.Reference
			return nil
		}
		switch {
		case o.GivenAt != nil:
			end.Reference = newReference()
		case end.By == ownByYouth:
			end.By = ownRefused
		default:
			end.By = ownDiscarded
		}
		if end.By == ownRecorded {
			taken := OwnTaken{Channel: ChannelMeeting, ReceivedAt: m.tx.Now()}
			if in != nil {
				taken = *in
			}
			if err := m.checkOwnTaken(o, taken); err != nil {
				return err
			}
			end.Channel, end.At = string(taken.Channel), taken.ReceivedAt
		}
		reference = end.Reference
		return m.endOwn(ctx, o, end)
	})
	return reference, err
}

func (m *matter) checkOwnTaken(o postgres.Own, in OwnTaken) error {
	var c fault.Check
	if !contains(RecordedChannels, in.Channel) {
		c.Fail("channel", "error.choose_one")
	}
	switch {
	case in.ReceivedAt.IsZero():
		c.Fail("received_at", "error.required")
	case in.ReceivedAt.After(m.tx.Now()):
		c.Fail("received_at", "error.date_in_future")
	case in.ReceivedAt.Before(*o.GivenAt):
		c.Fail("received_at", "error.own_before_given")
	}
	return c.Err()
}

func (m *matter) endOwn(ctx context.Context, o postgres.Own, end postgres.OwnEnd) error {
	if err := m.tx.EndOwn(ctx, o.ID, end); err != nil {
		return err
	}
	e := m.entry
	e.Kind, e.Object, e.Detail = ledger.EndOwn, ledger.Of(ledger.ObjectOwn, o.ID), ledger.Detail{"by": end.By, "given": o.GivenAt != nil}
	if end.Channel != "" {
		e.Detail["channel"], e.Detail["received_at"] = end.Channel, end.At.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	if _, err := m.tx.Append(ctx, e); err != nil {
		return err
	}
	return m.tx.AsSystem("withdrawal", func() error {
		if o.GivenAt == nil {
			return closing.TellOwn(ctx, m.tx, &m.i)
		}
		facts := map[string]any{"reference": end.Reference, "rows": []notedRow{noted(o.Grant, o.Categories)}}
		if end.Channel != "" {
			facts["channel"], facts["recorded_at"] = end.Channel, m.tx.Now()
		}
		late, err := m.flagLateOwn(ctx, o.ID, end)
		if err != nil {
			return err
		}
		if late > 0 {
			facts["late"] = late
		}
		err = m.tx.WriteNote(postgres.JournalNote{
			Intervention: m.i.ID, Authority: m.i.Authority, Kind: postgres.JournalOwnEnded, At: end.At, Facts: facts,
		})
		if err != nil {
			return err
		}
		m.tx.ClearAlarm(postgres.AlarmGrantEnds, o.ID.UUID)
		if err := closing.OwnEnds(ctx, m.tx, &m.i, closing.CutByWithdrawal); err != nil {
			return err
		}
		return closing.TellOwn(ctx, m.tx, &m.i)
	})
}

// flagLateOwn marks what was disclosed by a row between the moment at which it
// was taken back and now, has each looked into, and says how many there were.
func (m *matter) flagLateOwn(ctx context.Context, own sig.GrantID, end postgres.OwnEnd) (int, error) {
	if !end.At.Before(m.tx.Now()) {
		return 0, nil
	}
	late, err := m.tx.FlagLateOwn(ctx, m.i.ID, own, end.At, m.tx.Now())
	if err != nil {
		return 0, err
	}
	for _, id := range late {
		if err := m.openIncident(ctx, id, postgres.WithdrawalID{}, own, end.Reference); err != nil {
			return 0, err
		}
	}
	return len(late), nil
}

// ownWithout ends what an assessment has taken the ground of.
func (m *matter) ownWithout(ctx context.Context, alone []sig.Category) error {
	rows, err := m.tx.Owns(ctx, m.i.ID)
	if err != nil {
		return err
	}
	for _, o := range rows {
		gone := slices.ContainsFunc(o.Categories, func(c sig.Category) bool { return !contains(alone, c) })
		if o.EndedAt != nil || !gone {
			continue
		}
		if err := m.endOwn(ctx, o, postgres.OwnEnd{By: ownByAssessment, At: m.tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}
