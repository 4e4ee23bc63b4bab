package httpd

import (
	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// meetingsData is the meetings of one case.
type meetingsData struct {
	Base
	Top         caseTop
	New         string // the address of calling another; empty where one may not
	Ahead, Past []meetingRow
	Stopped     bool
}

var meetingsPage = page("meeting_list", func(b Base) []meetingsData {
	stopped := meetingsData{Base: b, Top: sampleTop, Stopped: true}
	stopped.Top.Live = false
	return []meetingsData{
		{Base: b, Top: sampleTop, New: "/x/meetings/new", Ahead: sampleMeetings, Past: sampleMeetings[:1]},
		{Base: b, Top: sampleTop}, stopped,
	}
})

// meetingsList shows the meetings of one case: all to the board, the own calls
// to others.
func (a *App) meetingsList(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	list, err := a.deps.Meeting.Meetings(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := meetingsData{
		Base: r.Base("meeting.list.title"), Top: topOf(head), Stopped: head.State != sig.InterventionActive && !head.OnBoard(),
		Ahead: meetingRows(w, list.Now, list.Ahead()), Past: meetingRows(w, list.Now, list.Past()),
	}
	if list.May {
		data.New = casePath(id) + "/meetings/new"
	}
	return meetingsPage.Send(r, data)
}

// weekData is the reader's own meetings of one week, in all cases.
type weekData struct {
	Base
	Of             string
	Previous, Next string
	Meetings       []meetingRow
}

var weekPage = page("meeting_week", func(b Base) []weekData {
	return []weekData{
		{Base: b, Of: "7 december 2026", Previous: "/meetings?week=2026-11-30", Next: "/meetings?week=2026-12-14", Meetings: sampleMeetings},
		{Base: b, Of: "7 december 2026", Previous: "/meetings?week=2026-11-30", Next: "/meetings?week=2026-12-14"},
	}
})

// weekShow shows a week.
func (a *App) weekShow(r *Request) error {
	var query struct {
		Week string `form:"week,max=10"`
	}
	if err := r.QueryForm(&query); err != nil {
		return fault.Missing()
	}
	var day sig.Date
	if query.Week != "" {
		var err error
		if day, err = sig.ParseDate(query.Week); err != nil {
			return fault.Missing()
		}
	}
	week, err := a.deps.Meeting.Week(r.Context(), r.Actor(), day)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := weekData{
		Base: r.Base("meeting.week.title"), Of: r.lang.Date(week.Monday.Start()),
		Previous: "/meetings?week=" + week.Monday.AddDays(-7).String(), Next: "/meetings?week=" + week.Monday.AddDays(7).String(),
		Meetings: meetingRows(w, week.Now, week.Lines),
	}
	data.Form = Fields{}
	return weekPage.Send(r, data)
}

// meetingHiddenData says that a meeting is hidden; nothing of it is on the page.
type meetingHiddenData struct {
	Base
	Path string // of the case
}

var meetingHiddenPage = page("meeting_hidden", func(b Base) []meetingHiddenData {
	b.CutOff = &CutOff{At: sampleNow, Why: b.T("cutoff.withdrawn")}
	return []meetingHiddenData{{Base: b, Path: "/x"}}
})

// meetingHidden answers with 410 to those whose function was called and is not
// any more. What was never theirs stays the no that unknown and forbidden share.
func (a *App) meetingHidden(r *Request, intervention sig.InterventionID, id sig.MeetingID, missing error) error {
	ended, err := a.deps.Meeting.Ended(r.Context(), r.Actor(), intervention, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return missing
	}
	if err != nil {
		return err
	}
	data := meetingHiddenData{Base: r.Base("meeting.hidden.title"), Path: casePath(intervention)}
	data.CutOff = &CutOff{At: ended.At, Why: r.lang.T(sharing.Why(ended.By))}
	r.status = 410
	return meetingHiddenPage.Send(r, data)
}
