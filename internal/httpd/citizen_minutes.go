package httpd

import (
	"time"

	"sigportal/internal/sig"
)

// familyMinutesData is what a member of the family may read of a meeting's
// minutes; what is hidden leaves no gap.
type familyMinutesData struct {
	Base
	Meetings string // the way back
	When     string
	Points   []familyMinutesRow
}

// familyMinutesRow is one point.
type familyMinutesRow struct {
	ID, Category, Text, Ask string
	Sent                    time.Time
}

var familyMinutesPage = page("citizen_minutes", func(b Base) []familyMinutesData {
	b.Title = b.T("citizen.minutes.title", "date", "10 december 2026")
	return []familyMinutesData{{
		Base: b, Meetings: "/x", When: "10 december 2026, 14.00–15.00",
		Points: []familyMinutesRow{{"p", "Mål i planen", "Vi sa att Amir går på fotboll.\nMormor följer med.", "/x", sampleNow}},
	}}
})

func familyMinutesPath(id sig.InterventionID, m sig.MeetingID) string {
	return familyMeetingsPath(id) + "/" + m.String() + "/minutes"
}

// familyMinutesShow opens them; each text that is read is in the log.
func (a *App) familyMinutesShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.FamilyMinutes(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := familyMinutesData{
		Base: r.Base("citizen.minutes.title", "date", r.lang.Date(open.Start)), Meetings: familyMeetingsPath(id), When: meetingTime(w, open.Start, open.End),
	}
	for _, p := range open.Points {
		data.Points = append(data.Points, familyMinutesRow{
			ID: p.ID.String(), Category: w.categories(inOrder(p.Categories)), Text: p.Text, Sent: p.SentAt,
			Ask: inquiriesPath(id) + "/new?item=" + p.ID.String(),
		})
	}
	return familyMinutesPage.Send(r, data)
}
