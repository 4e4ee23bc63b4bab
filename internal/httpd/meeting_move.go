package httpd

import (
	"strconv"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// meetingMoveData is the form of another time and place.
type meetingMoveData struct {
	Base
	Top         caseTop
	Path        string // of the meeting
	Sequence    string
	Start, End  string
	Place, Link string
	Protected   bool
	Newer       bool // somebody has changed the meeting since the form was opened
	When        string
	Stands      []string // where it is now
}

var meetingMovePage = page("meeting_move", func(b Base) []meetingMoveData {
	one := meetingMoveData{
		Base: b, Top: sampleTop, Path: "/x", Sequence: "0", Start: "2026-12-10T14:00", End: "2026-12-10T15:00", Place: "Farsta torg 1",
	}
	protected := one
	protected.Protected, protected.Place = true, ""
	newer := one
	newer.Newer, newer.When, newer.Stands = true, "10 december kl. 14.00", []string{"Farsta torg 1"}
	return []meetingMoveData{one, protected, newer}
})

// meetingMoveShow shows the form to whoever may move the meeting.
func (a *App) meetingMoveShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.Open(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	switch {
	case open.Actions.Move:
	case open.OnBoard:
		return fault.New(fault.Denied, "error.denied")
	default:
		return fault.Missing()
	}
	data := meetingMoveData{
		Base: r.Base("meeting.move"), Path: meetingPath(id, m), Sequence: strconv.Itoa(open.Sequence),
		Top:   caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true},
		Start: open.Start.In(sig.Stockholm).Format(clockForm), End: open.End.In(sig.Stockholm).Format(clockForm),
		Place: open.Place, Link: open.Link, Protected: open.Protected,
	}
	if r.changed() {
		data.Newer, data.When = true, r.lang.T("meeting.when")+": "+r.lang.DateTime(open.Start)+" – "+r.lang.DateTime(open.End)
		for _, where := range []string{open.Place, open.Link} {
			if where != "" {
				data.Stands = append(data.Stands, where)
			}
		}
		data.Form.typed.Set("sequence", data.Sequence) // both have been seen now
	}
	return meetingMovePage.Send(r, data)
}

// meetingMove saves another time and place.
func (a *App) meetingMove(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Sequence int       `form:"sequence,max=9,required"`
		Start    time.Time `form:"start,max=16"`
		End      time.Time `form:"end,max=16"`
		Place    string    `form:"place,max=200"`
		Link     string    `form:"link,max=500"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.meetingMoveShow)
	}
	err = a.deps.Meeting.Move(r.Context(), r.Actor(), meeting.Move{
		Intervention: id, Meeting: m, Sequence: in.Sequence, Start: in.Start, End: in.End, Place: in.Place, Link: in.Link,
	})
	if err != nil {
		return r.Late(err, a.meetingMoveShow)
	}
	return r.SeeOther(meetingPath(id, m), "flash.meeting_moved")
}
