package meeting

import (
	"context"
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

// The limits of what a young person says before a meeting.
const (
	VoiceQuestions = 5
	VoiceLeast     = 3 // questions that are shown at first
	MaxAnswer      = 1000
)

// Voice is what a young person wants said before a meeting: an answer for each
// question, empty where there is none, and who at the table may read them.
type Voice struct {
	Answers []string
	Readers []sig.InvitationID
}

// VoiceForm is what somebody needs to leave a voice. What has been left is not
// in it: a screen at home is not the young person's alone.
type VoiceForm struct {
	CaseNumber string
	YouthName  string
	Protected  bool // the family sees no names of units
	Start, End time.Time
	Table      []AtTable
	Left       *LeftVoice // what is left now
	May        bool       // something may be left, or taken back
}

// AtTable is a called function that may be chosen.
type AtTable struct {
	Invitation sig.InvitationID
	Seat       sig.Seat
}

// LeftVoice is that something is left, and for whom.
type LeftVoice struct {
	ByYouth bool
	At      time.Time
	Readers []sig.InvitationID
}

// VoiceForm shows it to the young person, or to the coordinator who writes for
// one that has no login. Nobody else learns that there is such a thing.
func (s *Service) VoiceForm(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*VoiceForm, error) {
	var out *VoiceForm
	err := s.speaking(ctx, actor, ledger.Entry{Kind: ledger.LeaveVoice, Intervention: intervention}, id, func(sp *speaking) error {
		out = &VoiceForm{
			CaseNumber: sp.facts.CaseNumber, YouthName: sp.facts.YouthName, Protected: sp.facts.Protected,
			Start: sp.row.StartsAt, End: sp.row.EndsAt, May: sp.may,
		}
		for _, v := range sp.table {
			out.Table = append(out.Table, AtTable{v.ID, sp.shownSeat(v.Seat)})
		}
		// The youth is shown the readers of whom the youth may know; one who chose
		// others alone, in the office, is shown nothing of it at home.
		if !sp.left.ID.IsZero() && (len(sp.left.Readers) > 0 || actor.Kind != sig.ActorYouth) {
			out.Left = &LeftVoice{ByYouth: sp.left.SpokenBy == byYouth, At: sp.left.WrittenAt, Readers: sp.left.Readers}
		}
		return nil
	})
	return out, err
}

const byYouth, byCoordinator = "youth", "coordinator"

// speaking is what leaving a voice is decided from.
type speaking struct {
	*matter

	row   *postgres.MeetingParts
	left  postgres.Voice
	table []postgres.Invitation // those who may be there
	may   bool
}

// speaking opens the transaction for the young person or the coordinator, under
// the case's lock.
func (s *Service) speaking(
	ctx context.Context, actor sig.Actor, entry ledger.Entry, id sig.MeetingID, do func(*speaking) error,
) error {
	entry.Object = ledger.Of(ledger.ObjectMeeting, id)
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(entry.Intervention)); err != nil {
			return err
		}
		facts, err := tx.CaseFacts(ctx, entry.Intervention)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		sp := &speaking{matter: &matter{s: s, tx: tx, facts: facts, entry: entry}}
		if actor.Kind != sig.ActorYouth {
			if err := sp.mustMeet(); err != nil {
				return err
			}
		}
		sp.row, err = tx.MeetingParts(ctx, entry.Intervention, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		if err := sp.sit(ctx); err != nil {
			return err
		}
		return do(sp)
	})
}

// sit finds who is at the table: the policy is asked about everybody whom the
// second wall named.
func (sp *speaking) sit(ctx context.Context) error {
	left, table, may, err := sp.tx.VoiceBefore(ctx, sp.row.Intervention, sp.row.ID)
	if err != nil {
		return err
	}
	sp.left, sp.may = left, may
	for _, v := range sp.row.Invitations {
		if !slices.Contains(table, v.ID) {
			continue
		}
		d, err := sp.attends(ctx, sp.row, v)
		if err != nil {
			return err
		}
		if !d.Allowed {
			return sp.wallsDisagree(d.Reason)
		}
		sp.table = append(sp.table, v)
	}
	return nil
}

// attends is the best of the answers about a called function and its points.
func (m *matter) attends(ctx context.Context, row *postgres.MeetingParts, v postgres.Invitation) (policy.Decision, error) {
	d := policy.Decision{Reason: policy.NotRecipient}
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return d, err
	}
	here, err := m.place(ctx, v.Seat)
	if err != nil {
		return d, err
	}
	for _, p := range row.Points {
		if !slices.ContainsFunc(row.Presences, func(r postgres.Presence) bool {
			return r.Invitation == v.ID && r.Point == p.ID && r.EndedAt == nil
		}) {
			continue
		}
		teller, err := m.place(ctx, p.Teller)
		if err != nil {
			return d, err
		}
		action := policy.Attend
		if m.tx.Actor.IsCitizen() {
			action = policy.SeeCall
		}
		r := m.request(action, about(host, teller, p.AgendaPoint, row.StartsAt))
		r.Recipient = policy.Recipient{Place: here, Participates: true}
		if d = policy.Decide(r); d.Allowed {
			return d, nil
		}
	}
	return d, nil
}

// LeaveVoice leaves answers for those whom the young person has chosen, in
// place of what was left before. What the young person has left, nobody
// overwrites.
func (s *Service) LeaveVoice(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, in Voice) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.speaking(ctx, actor, ledger.Entry{Kind: ledger.LeaveVoice, Intervention: intervention}, id, func(sp *speaking) error {
		if err := sp.mayChange(); err != nil {
			return err
		}
		var noes fault.Check
		for n, r := range in.Readers {
			if !slices.ContainsFunc(sp.table, func(v postgres.Invitation) bool { return v.ID == r }) {
				noes.Fail(fmt.Sprintf("readers.%d", n), "error.voice_not_at_table")
			}
		}
		if err := noes.Err(); err != nil {
			return sp.tx.RefuseRecorded(sp.entry, string(policy.NotRecipient), err)
		}
		if !sp.left.ID.IsZero() {
			if err := sp.tx.TakeVoiceBack(ctx, sp.left.ID); err != nil {
				return err
			}
		}
		return sp.leave(ctx, in)
	})
}

func (v *Voice) check() error {
	var c fault.Check
	said := false
	for n := range v.Answers {
		v.Answers[n] = strings.TrimSpace(v.Answers[n])
		checkText(&c, fmt.Sprintf("answers.%d", n), v.Answers[n], MaxAnswer, false)
		said = said || v.Answers[n] != ""
	}
	if len(v.Answers) > VoiceQuestions {
		c.Fail("answers", "error.too_many", "max", VoiceQuestions)
	}
	if !said {
		c.Fail("answers.0", "error.voice_says_nothing")
	}
	slices.SortFunc(v.Readers, func(a, b sig.InvitationID) int { return strings.Compare(a.String(), b.String()) })
	if v.Readers = slices.Compact(v.Readers); len(v.Readers) == 0 {
		c.Fail("readers", "error.choose_some")
	}
	return c.Err()
}

// mayChange: until the meeting begins, and never over the young person's own.
func (sp *speaking) mayChange() error {
	switch {
	case !sp.may:
		return conflict("error.voice_too_late")
	case sp.tx.Actor.Kind != sig.ActorYouth && sp.left.SpokenBy == byYouth:
		return conflict("error.voice_is_the_youths")
	}
	return nil
}

func (sp *speaking) leave(ctx context.Context, in Voice) error {
	v := postgres.Voice{ID: sig.VoiceID{UUID: uuid.New()}, SpokenBy: byCoordinator, Readers: in.Readers}
	if sp.tx.Actor.Kind == sig.ActorYouth {
		v.SpokenBy = byYouth
	}
	var answers []postgres.VoiceAnswer
	for n, text := range in.Answers {
		if text == "" {
			continue
		}
		sealed, err := sp.s.Sealer.Seal(ctx, sp.tx, voicePlace(&sp.row.Meeting, v.ID, n+1), []byte(text))
		if err != nil {
			return err
		}
		answers = append(answers, postgres.VoiceAnswer{Question: n + 1, BodySealed: sealed})
	}
	if err := sp.tx.LeaveVoice(ctx, &sp.row.Meeting, v, answers); err != nil {
		return err
	}
	e := sp.entry
	e.Consent, e.Detail = sp.facts.Consent, ledger.Detail{"voice": v.ID.String(), "readers": len(v.Readers), "by": v.SpokenBy}
	if err := sp.tx.Record(e); err != nil {
		return err
	}
	return sp.tell(ctx, sp.readers(in.Readers))
}

// voicePlace is where an answer is sealed: it opens under its own question alone.
func voicePlace(m *postgres.Meeting, id sig.VoiceID, question int) seal.Place {
	return seal.Place{
		Authority: m.Host.Authority, Intervention: m.Intervention, Field: fmt.Sprintf("%s_%d", fieldVoice, question), Object: id.UUID,
	}
}

func (sp *speaking) readers(chosen []sig.InvitationID) []sig.Seat {
	var seats []sig.Seat
	for _, v := range sp.row.Invitations {
		if slices.Contains(chosen, v.ID) {
			seats = append(seats, sp.current(v.Seat))
		}
	}
	return seats
}

// TakeVoiceBack takes back what was left, until the meeting begins; the answers
// are deleted. Doing it again changes nothing.
func (s *Service) TakeVoiceBack(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.speaking(ctx, actor, ledger.Entry{Kind: ledger.TakeVoiceBack, Intervention: intervention}, id, func(sp *speaking) error {
		if sp.left.ID.IsZero() {
			return nil
		}
		if err := sp.mayChange(); err != nil {
			return err
		}
		if err := sp.tx.TakeVoiceBack(ctx, sp.left.ID); err != nil {
			return err
		}
		e := sp.entry
		e.Detail = ledger.Detail{"voice": sp.left.ID.String()}
		if err := sp.tx.Record(e); err != nil {
			return err
		}
		return sp.tell(ctx, sp.readers(sp.left.Readers))
	})
}
