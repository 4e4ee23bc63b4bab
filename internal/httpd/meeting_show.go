package httpd

import (
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// meetingData is one meeting as its reader may see it.
type meetingData struct {
	Base
	Top         caseTop
	Path        string
	State, Kind string
	When        string
	Place, Link string
	Protected   bool
	Cancelled   time.Time
	Why         string // it was called off
	Over        bool
	Points      []agendaRow
	Called      []calledRow
	Mine        string // what the own function has answered
	Answer      bool
	Send        bool // somebody else in the own place
	Move        string
	Cancel      bool
	Room        string // the address of its room
	Review      bool   // somebody is no longer called, and that must be looked at
	Board       bool
	Voice       string // the young person's own words, for the reader
	Speak       string // the way to write them down
	Guests      bool   // the reader may look at who comes without an account
	Poll        string // where the times are that are asked about
}

// calledRow is one function that is called.
type calledRow struct {
	Name, Points, Answer, Kind string
	Ended                      time.Time
	Proposes                   string // another time, in words
}

var meetingPage = page("meeting_show", func(b Base) []meetingData {
	board := meetingData{
		Base: b, Top: sampleTop, Path: "/x", State: b.T("meeting.state.planned"), Kind: "upcoming", When: "10 december 2026, 14.00–15.00",
		Place: "Farsta torg 1", Link: "https://video.example/a", Points: sampleAgenda, Board: true, Guests: true, Room: "/x/room", Move: "/x/move", Cancel: true, Answer: true, Send: true, Review: true,
		Voice: "/x/voice", Speak: "/x/voice/write",
		Called: []calledRow{
			{"Kommunpolis, Lokalpolisområde Farsta", "1 och 2", b.T("meeting.answer.accepted"), "may", time.Time{}, ""},
			{"Rektor, Farstaskolan", "1", b.T("meeting.answer.tentative"), "waiting", time.Time{}, "11 december 2026, 9.00–10.00"},
			{"Skolkurator, Farstaskolan", "", "", "ended", sampleNow, ""},
		},
	}
	partner := meetingData{
		Base: b, Top: sampleTop, Path: "/x", State: board.State, Kind: "upcoming", When: board.When, Protected: true, Points: sampleAgenda, Answer: true, Send: true,
		Mine: b.T("meeting.answer.accepted"),
	}
	off := partner
	off.Send = false
	off.Answer, off.State, off.Kind, off.Cancelled, off.Why = false, b.T("meeting.state.cancelled"), "closed", sampleNow, b.T("meeting.cancelled.by_coordinator")
	asked := partner
	asked.Answer, asked.Poll, asked.When, asked.State = false, "/x/poll", b.T("poll.undecided"), b.T("meeting.state.proposed")
	over := partner
	over.Send = false
	over.Answer, over.Over = false, true
	return []meetingData{board, partner, off, over, asked}
})

// meetingAddress reads the address of a meeting.
func (r *Request) meetingAddress() (id sig.InterventionID, m sig.MeetingID, err error) {
	if err = pathID(r, "id", &id); err == nil {
		err = pathID(r, "meeting", &m)
	}
	return id, m, err
}

// meetingShow opens a meeting: every opening is in the log. A call that has
// ended says so to those who had it, and to nobody else.
func (a *App) meetingShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.Open(r.Context(), r.Actor(), id, m)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return a.meetingHidden(r, id, m, err)
	}
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := meetingData{
		Base: r.Base("meeting.title", "date", r.lang.Date(open.Start)), Path: meetingPath(id, m),
		Top:  caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: !open.State.Over()},
		When: meetingTime(w, open.Start, open.End), Place: open.Place, Link: open.Link, Protected: open.Protected,
		Over: open.State == sig.MeetingPlanned && !open.Now.Before(open.End), Answer: open.Actions.Answer, Send: open.Actions.Send, Cancel: open.Actions.Cancel, Board: open.OnBoard,
		Review: open.Actions.Review,
	}
	data.State, data.Kind = meetingState(w, open.State, open.Now, open.End)
	if open.CancelledAt != nil {
		data.Cancelled, data.Why = *open.CancelledAt, r.lang.T("meeting.cancelled."+string(open.CancelReason))
	}
	if open.Actions.Move {
		data.Move = data.Path + "/move"
	}
	if len(open.Poll) > 0 && (open.State == sig.MeetingProposed || open.State == sig.MeetingDropped) {
		data.When, data.Poll = r.lang.T("poll.undecided"), data.Path+"/poll"
		if open.State == sig.MeetingDropped {
			data.When, data.Poll = r.lang.T("meeting.state.dropped"), ""
		}
		data.Title = r.lang.T("poll.meeting")
	} else if open.State != sig.MeetingCancelled && (open.OnBoard || open.State == sig.MeetingLive) {
		data.Room = roomPath(id, m)
	}
	if open.Voice {
		data.Voice = voicePath(id, m)
	}
	if open.Actions.Speak {
		data.Speak = voicePath(id, m) + "/write"
	}
	data.Guests = open.OnBoard && !open.State.Over()
	data.fill(w, open)
	return meetingPage.Send(r, data)
}

func (d *meetingData) fill(w itemWords, open *meeting.Open) {
	for _, p := range open.Points {
		d.Points = append(d.Points, agendaRow{
			Number: p.Position, Category: w.lang.T("category." + string(p.Category)), Teller: w.called(p.Teller, open.Protected),
			Text: p.Text, Untold: !p.Told, Kept: p.Kept, Who: w.calledAll(p.Who, open.Protected), Alone: p.Alone, Family: p.FamilyAlone,
		})
	}
	if open.OnBoard {
		for _, c := range open.Called {
			d.Called = append(d.Called, calledRowOf(w, c, open.Protected))
		}
	}
	for _, c := range open.Mine {
		if c.Answer != "" {
			d.Mine = answerWords(w, c.Answer)
		}
	}
}

func calledRowOf(w itemWords, c meeting.Called, protected bool) calledRow {
	row := calledRow{Name: w.called(c.Seat, protected), Points: numbers(w, c.Points), Answer: answerWords(w, c.Answer), Kind: "waiting"}
	switch c.Answer {
	case sig.InvitationAccepted:
		row.Kind = "may"
	case sig.InvitationDeclined:
		row.Kind = "excluded"
	case sig.InvitationTentative:
	}
	if c.EndedAt != nil {
		row.Ended, row.Kind = *c.EndedAt, "ended"
	} else if !c.Proposed.Start.IsZero() {
		row.Proposes = meetingTime(w, c.Proposed.Start, c.Proposed.End)
	}
	return row
}

// meetingAnswer says for the own function whether it comes.
func (a *App) meetingAnswer(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Answer string `form:"answer,max=20,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.meetingShow)
	}
	if err := a.deps.Meeting.Answer(r.Context(), r.Actor(), id, m, sig.InvitationAnswer(in.Answer)); err != nil {
		return r.Again(err, a.meetingShow)
	}
	return r.SeeOther(meetingPath(id, m), "flash.meeting_answered")
}

// meetingReview lets a meeting stand without those who are no longer called.
func (a *App) meetingReview(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.Review(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(meetingPath(id, m), "flash.task_done")
}

// meetingCancel calls a meeting off.
func (a *App) meetingCancel(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.Cancel(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(meetingPath(id, m), "flash.meeting_cancelled")
}
