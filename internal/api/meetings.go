package api

import (
	"context"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// MeetingLine is a meeting in a list: no agenda and no place.
type MeetingLine struct {
	ID           ID        `json:"id"`
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	YouthName    string    `json:"youth_name"`
	State        string    `json:"state"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	Called       bool      `json:"called" doc:"A seat of the caller is called."`
	Answer       string    `json:"answer,omitempty"`
}

// Meetings is a list of them, in the order of their times.
type Meetings struct {
	Meetings []MeetingLine `json:"meetings"`
}

func meetingsOut(lines []meeting.Line) Meetings {
	return Meetings{list(lines, func(l meeting.Line) MeetingLine {
		return MeetingLine{
			ID: idOut(l.ID), Intervention: idOut(l.Intervention), CaseNumber: l.CaseNumber, YouthName: l.YouthName,
			State: string(l.State), Start: l.StartsAt, End: l.EndsAt, Called: l.Called, Answer: string(l.Answer),
		}
	})}
}

// NewMeeting is a meeting to be called.
type NewMeeting struct {
	Start  time.Time  `json:"start,omitzero"`
	End    time.Time  `json:"end,omitzero"`
	Place  string     `json:"place,omitempty" maxLength:"1000" doc:"Not where the young person has protected identity."`
	Link   string     `json:"link,omitempty" maxLength:"1000" doc:"To a room on the net; https."`
	Points []NewPoint `json:"points" maxItems:"100"`
	Call   []Seat     `json:"call" maxItems:"100" doc:"The functions to be called; each to every point that it may be there for. Whoever holds the meeting is called without being named."`
	Poll   []Span     `json:"poll,omitempty" maxItems:"10" doc:"Two or three times to ask about, where the time is not decided; then start and end say nothing."`
}

// Span is from one instant to another.
type Span struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// NewPoint is a point of its agenda.
type NewPoint struct {
	Category    Code   `json:"category"`
	Teller      Seat   `json:"teller,omitzero" doc:"The function that tells it. Not needed where the point is for the family alone: then the host holds it."`
	Text        string `json:"text" maxLength:"2000"`
	FamilyAlone bool   `json:"family_alone,omitempty" doc:"For the young person and the guardians alone, held by the host: no other function is called to it, or learns of it."`
}

func (b NewMeeting) read(key string, id sig.InterventionID) meeting.NewMeeting {
	return meeting.NewMeeting{
		Poll: list(b.Poll, func(s Span) meeting.Span { return meeting.Span(s) }),
		Key:  key, Intervention: id, Start: b.Start, End: b.End, Place: b.Place, Link: b.Link, Call: list(b.Call, Seat.read),
		Points: list(b.Points, func(p NewPoint) meeting.NewPoint {
			return meeting.NewPoint{Category: sig.Category(p.Category), Teller: p.Teller.read(), Text: p.Text, FamilyAlone: p.FamilyAlone}
		}),
	}
}

// MeetingPlan is who could come to which point.
type MeetingPlan struct {
	Functions []Callable `json:"functions"`
}

// Callable is one function with the answers to the points, in their order.
type Callable struct {
	Seat    Seat           `json:"seat"`
	Called  bool           `json:"called" doc:"There is a point that it may be there for."`
	Readers []string       `json:"readers"`
	Points  []MeetingPoint `json:"points"`
}

// MeetingPoint is the answer about one function and one point.
type MeetingPoint struct {
	Allowed bool       `json:"allowed"`
	Reason  string     `json:"reason"`
	Ends    *time.Time `json:"ends,omitempty" doc:"When sharing ends, if that is before the meeting does."`
}

func callableOut(f meeting.Function) Callable {
	return Callable{seatOut(f.Seat), f.Called(), list(f.Readers, same), list(f.Points, func(p meeting.PointAnswer) MeetingPoint {
		out := MeetingPoint{Allowed: p.Allowed, Reason: string(p.Reason)}
		if !p.Ends.IsZero() {
			out.Ends = &p.Ends
		}
		return out
	})}
}

// Meeting is one meeting as the caller may see it.
type Meeting struct {
	ID           ID            `json:"id"`
	Intervention ID            `json:"intervention"`
	CaseNumber   string        `json:"case_number"`
	State        string        `json:"state"`
	Start        time.Time     `json:"start"`
	End          time.Time     `json:"end"`
	Sequence     int           `json:"sequence"`
	Place        string        `json:"place,omitempty"`
	Link         string        `json:"link,omitempty"`
	Protected    bool          `json:"protected"`
	CancelReason string        `json:"cancel_reason,omitempty"`
	Points       []AgendaPoint `json:"points"`
	Called       []CalledSeat  `json:"called" doc:"All for the board, the own function for others."`
	Actions      []string      `json:"actions"`
	Poll         []Span        `json:"poll" doc:"The times that were asked about, the earliest first."`
}

// AgendaPoint is one point that the caller may be there for.
type AgendaPoint struct {
	Position    int    `json:"position"`
	Category    string `json:"category"`
	Teller      Seat   `json:"teller"`
	Alone       bool   `json:"alone,omitempty" doc:"The young person disposes over it alone: no guardian may be there, or learn of it."`
	FamilyAlone bool   `json:"family_alone,omitempty" doc:"For the young person and the guardians alone, with the host."`
	Told        bool   `json:"told" doc:"The caller may read what it is about."`
	Text        string `json:"text,omitempty"`
}

// CalledSeat is one function that is called.
type CalledSeat struct {
	Seat    Seat       `json:"seat"`
	Points  []int      `json:"points"`
	Answer  string     `json:"answer,omitempty"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
	Suits   *[]int     `json:"suits,omitempty" doc:"Which times of the poll suit, counted from 1; absent where nothing has been said."`
}

// said is which times suit; absent where nothing has been said.
func said(suits []int, at *time.Time) *[]int {
	if at == nil {
		return nil
	}
	out := list(suits, func(n int) int { return n })
	return &out
}

func meetingOut(o *meeting.Open) *Meeting {
	out := &Meeting{
		ID: idOut(o.ID), Intervention: idOut(o.Intervention), CaseNumber: o.CaseNumber, State: string(o.State), Start: o.Start, End: o.End,
		Sequence: o.Sequence, Place: o.Place, Link: o.Link, Protected: o.Protected, CancelReason: string(o.CancelReason), Actions: []string{},
		Points: list(o.Points, func(p meeting.OpenPoint) AgendaPoint {
			return AgendaPoint{p.Position, string(p.Category), seatOut(p.Teller), p.Alone, p.FamilyAlone, p.Told, p.Text}
		}),
		Called: list(o.Called, func(c meeting.Called) CalledSeat {
			return CalledSeat{seatOut(c.Seat), list(c.Points, func(n int) int { return n }), string(c.Answer), c.EndedAt, said(c.Suits, c.SuitsAt)}
		}),
		Poll: list(o.Poll, func(s meeting.Span) Span { return Span(s) }),
	}
	for _, one := range []struct {
		may  bool
		name string
	}{{o.Actions.Move, "move"}, {o.Actions.Cancel, "cancel"}, {o.Actions.Answer, "answer"}, {o.Actions.Send, "send_substitute"}, {o.Actions.Review, "review"}, {o.Actions.Suits, "answer_poll"}, {o.Actions.Choose, "choose_time"}} {
		if one.may {
			out.Actions = append(out.Actions, one.name)
		}
	}
	return out
}

// InMeeting is the address of a meeting.
type InMeeting struct {
	InCase
	Meeting string `path:"meeting"`
}

func (in InMeeting) ids() (i sig.InterventionID, m sig.MeetingID, err error) {
	if i, err = in.intervention(); err == nil {
		err = pathID(in.Meeting, &m)
	}
	return i, m, err
}

// MeetingBody is the address of a meeting, and what is sent there.
type MeetingBody[B any] struct {
	InMeeting
	Body B
}

// MeetingTime is another time and place.
type MeetingTime struct {
	Sequence int       `json:"sequence" minimum:"0" doc:"The one that the caller has seen."`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Place    string    `json:"place,omitempty" maxLength:"1000"`
	Link     string    `json:"link,omitempty" maxLength:"1000"`
}

// InvitationAnswer is what a called function says.
type InvitationAnswer struct {
	Answer Code `json:"answer" doc:"accepted, declined or tentative."`
}

type inWeek struct {
	Week string `query:"week" maxLength:"10" doc:"A day of the week; today if left out."`
}

func (a *API) registerMeetings() {
	const tag = "meetings"
	const path = "/api/v1/interventions/{id}/meetings"
	add(a, op{method: "GET", path: "/api/v1/meetings", level: Hat, id: "list-week", tag: tag,
		says: "The caller's meetings of one week, in all interventions."}, a.weekList)
	add(a, op{method: "GET", path: path, level: Hat, id: "list-meetings", tag: tag,
		says: "The meetings of an intervention that the caller may see."}, a.meetingsList)
	add(a, op{method: "POST", path: path + "/check", level: Hat, id: "check-meeting", tag: tag, asks: true,
		says: "Who could come to which point, and why not. Nobody is called."}, a.meetingCheck)
	add(a, op{method: "POST", path: path, level: Hat, id: "schedule-meeting", tag: tag, created: true,
		says: "Call a meeting: each function to the points that the consent lets it be told."}, a.meetingSchedule)
	add(a, op{method: "GET", path: path + "/{meeting}", level: Hat, id: "show-meeting", tag: tag,
		says: "One meeting with the points that the caller may be there for; the read is in the ledger."}, a.meetingShow)
	act(a, op{method: "PUT", path: path + "/{meeting}/time", level: Hat, id: "move-meeting", tag: tag,
		says: "Give a meeting another time and place; every call is judged anew."}, a.meetingMove)
	act(a, op{method: "POST", path: path + "/{meeting}/calls", level: Hat, id: "call-more", tag: tag,
		says: "Call further functions to a meeting, each to the points that the consent lets it be told."}, a.meetingCallMore)
	act(a, op{method: "POST", path: path + "/{meeting}/cancellation", level: Hat, id: "cancel-meeting", tag: tag,
		says: "Call a meeting off."}, a.meetingCancel)
	act(a, op{method: "POST", path: path + "/{meeting}/review", level: Hat, id: "review-meeting", tag: tag,
		says: "Let a meeting stand without those who are no longer called."}, a.meetingReview)
	act(a, op{method: "PUT", path: path + "/{meeting}/answer", level: Hat, id: "answer-invitation", tag: tag,
		says: "Say for the own function whether it comes."}, a.invitationAnswer)
	act(a, op{method: "PUT", path: path + "/{meeting}/poll/answer", level: Hat, id: "answer-poll", tag: tag,
		says: "Say for the own function which of the times suit; none is an answer too."}, a.pollAnswer)
	act(a, op{method: "PUT", path: path + "/{meeting}/poll/time", level: Hat, id: "choose-time", tag: tag,
		says: "Choose one of the times: everybody who may be there then is called."}, a.timeChoose)
	act(a, op{method: "DELETE", path: path + "/{meeting}/poll", level: Hat, id: "drop-poll", tag: tag,
		says: "Choose none of the times: there is no meeting, and the links end."}, a.pollDrop)
}

func (a *API) weekList(ctx context.Context, who *caller, in *inWeek) (Meetings, error) {
	var check fault.Check
	day := Date(in.Week).read(&check, "week")
	if err := check.Err(); err != nil {
		return Meetings{}, err
	}
	week, err := a.deps.Meeting.Week(ctx, who.actor, day)
	if err != nil {
		return Meetings{}, err
	}
	return meetingsOut(week.Lines), nil
}

func (a *API) meetingsList(ctx context.Context, who *caller, in *InCase) (Meetings, error) {
	id, err := in.intervention()
	if err != nil {
		return Meetings{}, err
	}
	found, err := a.deps.Meeting.Meetings(ctx, who.actor, id)
	if err != nil {
		return Meetings{}, err
	}
	return meetingsOut(found.Lines), nil
}

func (a *API) meetingCheck(ctx context.Context, who *caller, in *CaseBody[NewMeeting]) (*MeetingPlan, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	plan, err := a.deps.Meeting.Check(ctx, who.actor, in.Body.read("check", id))
	if err != nil {
		return nil, err
	}
	return &MeetingPlan{list(plan.Functions, callableOut)}, nil
}

func (a *API) meetingSchedule(ctx context.Context, who *caller, in *CaseBody[NewMeeting]) (Made, error) {
	id, err := in.intervention()
	if err != nil {
		return Made{}, err
	}
	made, err := a.deps.Meeting.Schedule(ctx, who.actor, in.Body.read(who.key, id))
	return Made{idOut(made)}, err
}

func (a *API) meetingShow(ctx context.Context, who *caller, in *InMeeting) (*Meeting, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	open, err := a.deps.Meeting.Open(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return meetingOut(open), nil
}

func (a *API) meetingMove(ctx context.Context, who *caller, in *MeetingBody[MeetingTime]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	b := in.Body
	return a.deps.Meeting.Move(ctx, who.actor, meeting.Move{
		Intervention: id, Meeting: m, Sequence: b.Sequence, Start: b.Start, End: b.End, Place: b.Place, Link: b.Link,
	})
}

// MoreCalls are further functions to be called.
type MoreCalls struct {
	Call []Seat `json:"call" maxItems:"100"`
}

func (a *API) meetingCallMore(ctx context.Context, who *caller, in *MeetingBody[MoreCalls]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.CallMore(ctx, who.actor, id, m, list(in.Body.Call, Seat.read))
}

func (a *API) meetingCancel(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.Cancel(ctx, who.actor, id, m)
}

func (a *API) meetingReview(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.Review(ctx, who.actor, id, m)
}

func (a *API) invitationAnswer(ctx context.Context, who *caller, in *MeetingBody[InvitationAnswer]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.Answer(ctx, who.actor, id, m, sig.InvitationAnswer(in.Body.Answer))
}

// PollAnswer is which times suit.
type PollAnswer struct {
	Suits []int `json:"suits" maxItems:"10" doc:"Counted from 1."`
}

// PollChoice is the time that is chosen.
type PollChoice struct {
	Time int `json:"time" doc:"Counted from 1."`
}

func (a *API) pollAnswer(ctx context.Context, who *caller, in *MeetingBody[PollAnswer]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.AnswerPoll(ctx, who.actor, id, m, in.Body.Suits)
}

func (a *API) timeChoose(ctx context.Context, who *caller, in *MeetingBody[PollChoice]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.ChooseTime(ctx, who.actor, id, m, in.Body.Time)
}

func (a *API) pollDrop(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.DropPoll(ctx, who.actor, id, m)
}
