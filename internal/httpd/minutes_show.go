package httpd

import (
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// minutesData is a meeting's minutes.
type minutesData struct {
	Base
	Draft      draftBox
	Top        caseTop
	Meeting    string
	Path       string
	When       string
	Board      bool
	Write      bool
	Version    int
	Approved   bool // the version that stands there
	ApprovedAt time.Time
	Waiting    bool
	Necessity  string
	Attended   []string // who was there, from when to when
	Points     []minutesRow
}

// minutesRow is one point; its number stands there for the board alone.
type minutesRow struct {
	Index, Number  int
	Category, Text string
	Saved          string // what stands there, where something else was typed
	Note           string
	Told, Sent     []toldRow
	To             string
	Family         bool // of the family alone: it goes to no function
	Kept           bool // the reader's function is not called to it
	Not            []string
}

var minutesPage = page("minutes_show", func(b Base) []minutesData {
	points := []minutesRow{
		{Index: 0, Number: 1, Category: "Mål i planen", Text: "Vi sa att …", Note: "Ring mamma.", Told: []toldRow{{"/x", sampleNow}}, Sent: []toldRow{{"/x", sampleNow}}, To: "Kommunpolis"},
		{Index: 1, Number: 2, Category: "Närvaro i skolan", Not: []string{"Inte till Kommunpolis: nej"}, Saved: "Annat"},
		{Index: 2, Number: 3, Category: "Närvaro i skolan", Kept: true},
		{Index: 3, Number: 4, Category: "Mål i planen", Text: "Amir sa att …", Family: true},
	}
	writes := minutesData{Base: b, Draft: sampleDraft, Top: sampleTop, Meeting: "/x", Path: "/x/minutes", When: "10 december 2026", Board: true, Write: true, Version: 2, Points: points, Attended: []string{"Karin Ek, SIG-samordnare, höll i mötet kom 14.00 och gick 15.00"}}
	approved := writes
	approved.Approved, approved.ApprovedAt, approved.Waiting, approved.Necessity = true, sampleNow, true, "Minnesanteckningar"
	reads := writes
	reads.Write = false
	partner := minutesData{Base: b, Top: sampleTop, Meeting: "/x", Path: "/x/minutes", When: writes.When, Points: points[:1]}
	none := partner
	none.Points = nil
	return []minutesData{writes, approved, reads, partner, none}
})

// minutesShow shows the minutes: all to the board, to others the points that
// they were told.
func (a *App) minutesShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.Minutes(r.Context(), r.Actor(), id, m)
	if err != nil {
		return a.roomGone(r, err)
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	var kept draftBox
	if open.Write {
		if kept, err = r.drafts(id, minutesDraft(m)); err != nil {
			return err
		}
	}
	data := minutesData{
		Draft: kept, Base: r.Base("minutes.title", "date", r.lang.Date(open.Start)), Meeting: meetingPath(id, m), Path: meetingPath(id, m) + "/minutes",
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true}, When: meetingTime(w, open.Start, open.End),
		Board: open.OnBoard, Write: open.Write, Version: open.Version, Approved: open.Version > 0 && open.Approved == open.Version,
		ApprovedAt: open.ApprovedAt, Waiting: open.Waiting && open.Write, Necessity: r.lang.T("minutes.necessity.value", "date", r.lang.Date(open.Start)),
	}
	for _, s := range open.Here {
		data.Attended = append(data.Attended, stayWords(w, s, open.Protected))
	}
	for i, p := range open.Points {
		row := minutesRow{
			Index: i, Number: p.Position, Category: w.lang.T("category." + string(p.Category)), Text: p.Text, Note: p.Note, Family: open.OnBoard && p.FamilyAlone, Kept: p.Kept,
			Told: toldRows(open.Open, p.Told), Sent: toldRows(open.Open, p.Sent),
		}
		if r.status == fiber.StatusConflict || kept.Opened != "" && data.Form.Value(fmt.Sprintf("points.%d.text", i)) != p.Text {
			row.Saved = p.Text
		}
		var to []string
		for _, f := range p.To {
			name := w.called(f.Seat, open.Protected)
			if f.May {
				to = append(to, name)
			} else {
				row.Not = append(row.Not, w.lang.T("minutes.not", "function", name, "why", refusalWords(w, string(f.Reason))))
			}
		}
		row.To = w.lang.List(to)
		data.Points = append(data.Points, row)
	}
	return minutesPage.Send(r, data)
}

// toldRows are addresses at which the reader opens what was told: an item of
// the own authority, or the own copy.
func toldRows(open *meeting.Open, list []meeting.ToldItem) []toldRow {
	var rows []toldRow
	for _, t := range list {
		row := toldRow{At: t.At, Path: casePath(open.Intervention) + "/items/" + t.Item.String()}
		if !t.Copy.IsZero() {
			row.Path = casePath(open.Intervention) + "/copies/" + t.Copy.String()
		}
		rows = append(rows, row)
	}
	return rows
}

// minutesWrite saves the next version.
func (a *App) minutesWrite(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Draft   string `form:"draft,max=60"`
		Version int    `form:"version,max=9,required"`
		Points  []struct {
			Text string `form:"text,max=8000,lines"`
		} `form:"points"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.minutesShow)
	}
	minutes := meeting.NewMinutes{Intervention: id, Meeting: m, Version: in.Version}
	for _, p := range in.Points {
		minutes.Texts = append(minutes.Texts, p.Text)
	}
	err = a.deps.Meeting.WriteMinutes(r.Context(), r.Actor(), minutes)
	if err == nil {
		r.draftDone(id)
	}
	return a.minutesDone(r, err, "flash.minutes_saved")
}

func minutesDraft(m sig.MeetingID) string { return "meetings/" + m.String() + "/minutes" }

// minutesApprove approves the version that was seen.
func (a *App) minutesApprove(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Version int `form:"version,max=9,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.minutesShow)
	}
	return a.minutesDone(r, a.deps.Meeting.ApproveMinutes(r.Context(), r.Actor(), id, m, in.Version), "flash.minutes_approved")
}

// minutesSend sends the points of the approved version.
func (a *App) minutesSend(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Version   int    `form:"version,max=9,required"`
		Necessity string `form:"necessity,max=1000"`
		Weaker    string `form:"weaker_reason,max=1000"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.minutesShow)
	}
	err = a.deps.Meeting.SendMinutes(r.Context(), r.Actor(), meeting.SendMinutes{
		Intervention: id, Meeting: m, Version: in.Version, Necessity: in.Necessity, WeakerReason: in.Weaker,
	})
	return a.minutesDone(r, err, "flash.minutes_sent")
}

// minutesDone answers an act upon minutes; whoever was too late finds what they
// had typed still there, beside what stands there now.
func (a *App) minutesDone(r *Request, err error, flash string) error {
	if err == nil {
		id, m, _ := r.meetingAddress()
		return r.SeeOther(meetingPath(id, m)+"/minutes", flash)
	}
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Conflict {
		r.status = fiber.StatusConflict
		r.fields = r.readFields(wrong)
		return a.minutesShow(r)
	}
	return r.Again(err, a.minutesShow)
}
