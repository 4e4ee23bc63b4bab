package httpd

import (
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// meetingCallData is the form of calling further functions.
type meetingCallData struct {
	Base
	Top    caseTop
	Path   string // of the meeting
	When   string
	Can    []moreChoice
	Cannot []callRow
}

// moreChoice is one function that may be ticked, with what it would be called to.
type moreChoice struct {
	callChoice
	Points string
	Out    []string
}

var meetingCallPage = page("meeting_call", func(b Base) []meetingCallData {
	one := meetingCallData{
		Base: b, Top: sampleTop, Path: "/x", When: "10 december 2026, 14.00–15.00",
		Can:    []moreChoice{{sampleCalls[1], "1", []string{b.T("meeting.check.out", "number", "2", "why", b.T("meeting.reason.no_grant_recipient"))}}},
		Cannot: []callRow{{Name: "Fältassistent", Out: []string{b.T("meeting.reason.no_grant_recipient")}}},
	}
	return []meetingCallData{one, {Base: b, Top: sampleTop, Path: "/x", When: one.When}}
})

// meetingCallShow shows who could still be called, and to what.
func (a *App) meetingCallShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	more, err := a.deps.Meeting.MoreToCall(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := meetingCallData{
		Base: r.Base("meeting.more"), Path: meetingPath(id, m), When: meetingTime(w, more.Start, more.End),
		Top: caseTop{Path: casePath(id), Number: more.CaseNumber, Youth: more.YouthName, Live: true},
	}
	for _, f := range more.Functions {
		row := callRowOf(w, f, more.Protected)
		if !f.Called() {
			data.Cannot = append(data.Cannot, row)
			continue
		}
		data.Can = append(data.Can, moreChoice{
			callChoice: callChoice{ID: callID(f.Seat), Value: row.Value, Text: row.Name, Chosen: data.Form.Has("call", row.Value)},
			Points:     row.Points, Out: row.Out,
		})
	}
	return meetingCallPage.Send(r, data)
}

// meetingCall calls those who were ticked.
func (a *App) meetingCall(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Call []string `form:"call,max=300"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.meetingCallShow)
	}
	var seats []sig.Seat
	for _, value := range in.Call {
		seat, err := readSeat(value)
		if err != nil {
			return err
		}
		seats = append(seats, seat)
	}
	if err := a.deps.Meeting.CallMore(r.Context(), r.Actor(), id, m, seats); err != nil {
		return r.Again(atCalls(err, meeting.NewMeeting{Call: seats}), a.meetingCallShow)
	}
	return r.SeeOther(meetingPath(id, m), "flash.meeting_called_more")
}
