package meeting

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Open is one meeting as its reader may see it.
type Open struct {
	ID           sig.MeetingID
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Protected    bool // the place is not shown; the family sees no names of units
	Host         sig.Seat
	State        sig.MeetingState
	Start, End   time.Time
	Sequence     int
	Place, Link  string
	CancelledAt  *time.Time
	CancelReason sig.MeetingCancel
	Now          time.Time
	Points       []OpenPoint
	Called       []Called // all for the board, the own function's for others
	Mine         []Called // those of them that the actor fills
	Actions      Actions
	OnBoard      bool // the reader takes part for the board
	Voice        bool // the young person has left something for the reader
	Poll         []Span
}

// OpenPoint is one point of the agenda.
type OpenPoint struct {
	ID          sig.PointID
	Position    int
	Category    sig.Category
	Teller      sig.Seat
	Alone       bool // about what the youth disposes over alone: no guardian is there, or learns of it
	FamilyAlone bool // nobody stays but the family and the host
	Kept        bool // from the reader, who is of the board: its function is not called to the point
	Told        bool // the reader may read what it is about
	Text        string
	Who         []sig.Seat // who is called to it; the board only
}

// Called is one function that is called.
type Called struct {
	ID         sig.InvitationID
	Seat       sig.Seat
	Points     []int // positions
	Answer     sig.InvitationAnswer
	AnsweredAt *time.Time
	Proposed   postgres.Proposal // another time that it suggests
	EndedAt    *time.Time
	EndedBy    string
	Suits      []int      // which times of a poll suit, counted from 1
	SuitsAt    *time.Time // nil where nothing has been said
}

// Actions are what the reader may do with the meeting; Suits and Choose while
// its time is not decided, Speak (for the young person) until its own time, Send
// (somebody else in the own place) until it ends.
type Actions struct{ Move, Cancel, Answer, Send, Review, Suits, Choose, Speak bool }

// Open opens one meeting. Content, second wall and ledger row are one round
// trip under the shared lock; the policy then looks at every point with the
// same facts and instant. Unknown and forbidden answer alike.
func (s *Service) Open(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Open, error) {
	var out *Open
	err := s.reading(ctx, actor, intervention, id, func(_ *matter, open *Open, _ *postgres.MeetingParts) error {
		out = open
		return nil
	})
	return out, err
}

// reading opens a meeting, with its row in the ledger, and goes on with it in
// the same transaction. A meeting in none of the states, where some are asked
// for, is as unknown as one that does not exist.
func (s *Service) reading(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID,
	then func(*matter, *Open, *postgres.MeetingParts) error, states ...sig.MeetingState,
) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ReadMeeting, Intervention: intervention, Object: ledger.Of(ledger.ObjectMeeting, id)}
		facts, row, err := tx.ReadMeeting(ctx, intervention, id, sig.RequestOf(ctx))
		unknown := errors.Is(err, postgres.ErrNoRows)
		if err == nil {
			unknown = len(facts.AtMeeting(id).Seats) == 0 || len(states) > 0 && !slices.Contains(states, row.State)
		}
		switch {
		case unknown:
			return tx.RefuseMissing(entry)
		case err != nil:
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry}
		m.count(row)
		open, err := m.open(ctx, row)
		if err != nil {
			return err
		}
		return then(m, open, row)
	})
}

func (m *matter) open(ctx context.Context, row *postgres.MeetingParts) (*Open, error) {
	out := &Open{
		ID: row.ID, Intervention: row.Intervention, CaseNumber: m.facts.CaseNumber, YouthName: m.facts.YouthName,
		Protected: m.facts.Protected, Host: row.Host, State: row.State, Start: row.StartsAt, End: row.EndsAt, Sequence: row.Sequence,
		CancelledAt: row.CancelledAt, CancelReason: row.CancelReason, Now: m.tx.Now(), OnBoard: m.onBoard(),
		Poll: row.Poll,
	}
	var err error
	if out.Voice, err = m.tx.HasVoice(ctx, row.ID); err != nil {
		return nil, err
	}
	if err := m.openPoints(ctx, row, out); err != nil {
		return nil, err
	}
	if err := m.openWhere(ctx, &row.Meeting, out); err != nil {
		return nil, err
	}
	for _, v := range row.Invitations {
		called := calledOf(row, v)
		out.Called = append(out.Called, called)
		if v.EndedAt == nil && slices.Contains(m.seats(), m.current(v.Seat)) {
			out.Mine = append(out.Mine, called)
		}
	}
	tasks, err := m.tx.OpenTasks(ctx, row.Intervention)
	if err != nil {
		return nil, err
	}
	asked := slices.ContainsFunc(tasks, func(t postgres.Task) bool { return t.Kind == postgres.TaskReviewMeeting && t.Object == row.ID.UUID })
	ahead := row.State == sig.MeetingPlanned && m.tx.Now().Before(row.EndsAt)
	live := m.facts.State == sig.InterventionActive
	out.Actions = Actions{Move: ahead && live && m.may(), Cancel: ahead && m.may(), Answer: m.answerable(&row.Meeting) && live && len(out.Mine) > 0, Review: asked && m.may()}
	open := live && row.State == sig.MeetingProposed && m.tx.Now().Before(row.EndsAt)
	waits := row.State == sig.MeetingPlanned || row.State == sig.MeetingLive
	out.Actions.Speak = waits && live && m.may() && m.tx.Now().Before(row.StartsAt)
	out.Actions.Send = waits && live && slices.ContainsFunc(out.Mine, func(c Called) bool { return c.Seat.Function != sig.RoleCoordinator }) && m.tx.Now().Before(row.EndsAt)
	out.Actions.Suits, out.Actions.Choose = open && len(out.Mine) > 0, open && m.may()
	return out, nil
}

func calledOf(row *postgres.MeetingParts, v postgres.Invitation) Called {
	c := Called{ID: v.ID, Seat: v.Seat, Answer: v.Answer, AnsweredAt: v.AnsweredAt, Proposed: v.Proposed, EndedAt: v.EndedAt, EndedBy: v.EndedBy, Suits: v.Suits, SuitsAt: v.SuitsAt}
	for _, p := range row.Points {
		if slices.ContainsFunc(row.Presences, func(r postgres.Presence) bool {
			return r.Invitation == v.ID && r.Point == p.ID && r.EndedAt == nil
		}) {
			c.Points = append(c.Points, p.Position)
		}
	}
	return c
}

// openPoints asks the policy about every point that the second wall returned,
// and about every text.
func (m *matter) openPoints(ctx context.Context, row *postgres.MeetingParts, out *Open) error {
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return err
	}
	if !m.onBoard() && len(row.Points) == 0 {
		return m.wallsDisagree(policy.NotRecipient)
	}
	var sealed []seal.Sealed
	var told []int
	for i, p := range row.Points {
		teller, err := m.place(ctx, p.Teller)
		if err != nil {
			return err
		}
		if !m.onBoard() {
			if d := m.sees(policy.Attend, about(host, teller, p.AgendaPoint, row.StartsAt)); !d.Allowed {
				return m.wallsDisagree(d.Reason)
			}
			if !m.calledTo(row, p.ID) {
				return m.wallsDisagree(policy.NotRecipient)
			}
		}
		point := OpenPoint{
			ID: p.ID, Position: p.Position, Category: p.Category, Teller: p.Teller, FamilyAlone: p.FamilyAlone,
			Alone: slices.Contains(m.facts.Alone, p.Category),
		}
		reads := m.readsPoint(row, host, teller, p.AgendaPoint)
		point.Kept = m.onBoard() && !reads.Allowed
		if p.TextSealed != nil {
			if !reads.Allowed {
				return m.wallsDisagree(reads.Reason)
			}
			point.Told = true
			told = append(told, i)
			sealed = append(sealed, seal.Sealed{Place: seal.Place{
				Authority: row.Host.Authority, Intervention: row.Intervention, Field: fieldPoint, Object: p.ID.UUID,
			}, Bytes: p.TextSealed})
		}
		if m.onBoard() {
			point.Who = calledTo(row, p.ID)
		}
		out.Points = append(out.Points, point)
	}
	texts, err := m.s.Sealer.OpenAll(ctx, m.tx, sealed)
	if err != nil {
		return err
	}
	for n, i := range told {
		out.Points[i].Text = string(texts[n])
	}
	return nil
}

// calledTo lists the functions that are called to a point.
func calledTo(row *postgres.MeetingParts, point sig.PointID) []sig.Seat {
	var seats []sig.Seat
	for _, v := range row.Invitations {
		if slices.ContainsFunc(row.Presences, func(r postgres.Presence) bool {
			return r.Invitation == v.ID && r.Point == point && r.EndedAt == nil
		}) {
			seats = append(seats, v.Seat)
		}
	}
	return seats
}

// calledTo reports whether a seat that the actor fills is called to a point.
func (m *matter) calledTo(row *postgres.MeetingParts, point sig.PointID) bool {
	return slices.ContainsFunc(m.seats(), func(s sig.Seat) bool { return m.isCalled(row, point, s) })
}

// isCalled reports whether a seat is called to a point.
func (m *matter) isCalled(row *postgres.MeetingParts, point sig.PointID, seat sig.Seat) bool {
	return slices.ContainsFunc(row.Invitations, func(v postgres.Invitation) bool {
		return v.EndedAt == nil && m.current(v.Seat) == seat && called(row, v.ID, point)
	})
}

// count numbers the points anew for whoever does not see them all: a number that is
// missing would say that there is a point for others alone.
func (m *matter) count(row *postgres.MeetingParts) {
	if m.onBoard() {
		return
	}
	for i := range row.Points {
		row.Points[i].Position = i + 1
	}
}

func (m *matter) onBoard() bool { return policy.BoardMay(policy.DutyRead, m.facts.Board, m.seats()) }

// sees is the best of the answers to the seats that the actor fills.
func (m *matter) sees(action policy.Action, about policy.Meeting) policy.Decision {
	var last policy.Decision
	for _, place := range m.facts.Seats {
		r := m.request(action, about)
		r.Recipient = policy.Recipient{Place: place, Participates: true}
		if last = policy.Decide(r); last.Allowed {
			return last
		}
	}
	return last
}

// readsPoint is the best of the answers to the seats that the actor fills about
// what the board has written about a point.
func (m *matter) readsPoint(row *postgres.MeetingParts, host, teller sig.Place, p sig.AgendaPoint) policy.Decision {
	var last policy.Decision
	for _, place := range m.facts.Seats {
		r := m.request(policy.ReadPoint, about(host, teller, p, row.StartsAt))
		r.Recipient = policy.Recipient{Place: place, Participates: true}
		r.Meeting.Called = m.isCalled(row, p.ID, place.Seat())
		if last = policy.Decide(r); last.Allowed {
			return last
		}
	}
	return last
}

// mustRead refuses whoever would write over what the board has written about a
// point and keeps from the actor's seat.
func (m *matter) mustRead(ctx context.Context, row *postgres.MeetingParts, p *postgres.MeetingPoint) error {
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return err
	}
	teller, err := m.place(ctx, p.Teller)
	if err != nil {
		return err
	}
	if d := m.readsPoint(row, host, teller, p.AgendaPoint); !d.Allowed {
		return m.tx.RefuseRecorded(m.entry, string(d.Reason), fault.New(fault.Denied, "error.denied"))
	}
	return nil
}

// openWhere opens place and link; the place of somebody with protected identity
// is shown to nobody, whatever is stored.
func (m *matter) openWhere(ctx context.Context, row *postgres.Meeting, out *Open) error {
	at := seal.Place{Authority: row.Host.Authority, Intervention: row.Intervention, Field: fieldPlace, Object: row.ID.UUID}
	if len(row.PlaceSealed) > 0 && !m.facts.Protected {
		text, err := m.s.Sealer.Open(ctx, m.tx, at, row.PlaceSealed)
		if err != nil {
			return err
		}
		out.Place = string(text)
	}
	if len(row.LinkSealed) == 0 {
		return nil
	}
	at.Field = fieldLink
	text, err := m.s.Sealer.Open(ctx, m.tx, at, row.LinkSealed)
	out.Link = string(text)
	return err
}

// Ended is when and by what the call of the actor's own function ended.
type Ended = postgres.EndedCall

// Ended answers somebody whose function was called and is not any more; for
// everybody else there is no such meeting.
func (s *Service) Ended(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Ended, error) {
	var out *Ended
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		ended, err := tx.EndedCalls(ctx, id)
		if err != nil {
			return err
		}
		if len(ended) == 0 {
			return tx.RefuseMissing(ledger.Entry{
				Kind: ledger.ReadMeeting, Intervention: intervention, Object: ledger.Of(ledger.ObjectMeeting, id),
			})
		}
		out = &ended[0]
		return nil
	})
	return out, err
}
