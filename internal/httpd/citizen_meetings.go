package httpd

import (
	"slices"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// familyMeetingsData is the meetings ahead as a member of the family may see
// them; what is hidden leaves no gap.
type familyMeetingsData struct {
	Base
	Meetings []familyMeetingRow
	Held     []heldMeetingRow
}

// heldMeetingRow is a meeting that has been, with the way to its minutes.
type heldMeetingRow struct{ When, Path string }

// familyMeetingRow is one of them.
type familyMeetingRow struct {
	When   string
	Off    bool
	Live   bool
	Place  string
	Link   string
	Called string
	Voice  string // the way to say something before it
	Points []familyPointRow
	Guests []string // that an interpreter, or a guest, is called
}

// familyPointRow is who tells about what, and who is there.
type familyPointRow struct{ Tells, Hears string }

var familyMeetingsPage = page("citizen_meetings", func(b Base) []familyMeetingsData {
	row := familyMeetingRow{
		When: "10 december 2026, 14.00–15.00", Place: "Farsta torg 1", Voice: "/x/voice", Called: "Kommunpolis och Skolkurator",
		Points: []familyPointRow{{b.T("citizen.meetings.tells", "teller", "Kommunpolis", "category", "Skolk"), b.T("citizen.meetings.hears", "names", "Skolkurator")}, {Tells: b.T("citizen.meetings.ours", "teller", "SIG-samordnare", "category", "Mål i planen")}},
	}
	off := row
	off.Off, off.Place = true, ""
	live := row
	live.Live, live.Voice = true, ""
	far := row
	far.Guests = []string{b.T("citizen.meetings.interpreter.yours"), b.T("citizen.meetings.guest")}
	far.Place, far.Link = "", "https://video.example/m/1"
	return []familyMeetingsData{{Base: b, Meetings: []familyMeetingRow{live, row, off, far}}, {Base: b}, {Base: b, Held: []heldMeetingRow{{"3 december 2026, 14.00–15.00", "/x/minutes"}}}}
})

func familyMeetingsPath(id sig.InterventionID) string { return casePath(id) + "/our-meetings" }

// familyMeetingsShow shows them; the look is in the log.
func (a *App) familyMeetingsShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	all, err := a.deps.Meeting.OfFamily(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := familyMeetingsData{Base: r.Base("citizen.meetings.title")}
	for i := range all.Meetings {
		row := familyMeetingRowOf(w, &all.Meetings[i], all.Protected)
		if r.Actor().Kind == sig.ActorYouth && !row.Off && all.Now.Before(all.Meetings[i].Start) {
			row.Voice = familyVoicePath(id, all.Meetings[i].ID)
		}
		data.Meetings = append(data.Meetings, row)
	}
	for _, held := range all.Held {
		data.Held = append(data.Held, heldMeetingRow{When: meetingTime(w, held.Start, held.End), Path: familyMinutesPath(id, held.ID)})
	}
	return familyMeetingsPage.Send(r, data)
}

func familyMeetingRowOf(w itemWords, m *meeting.FamilyMeeting, protected bool) familyMeetingRow {
	row := familyMeetingRow{
		When: meetingTime(w, m.Start, m.End), Off: m.Off, Live: m.Live, Place: m.Place, Link: m.Link, Called: w.calledAll(m.Called(), protected),
	}
	switch {
	case m.Language != "":
		row.Guests = append(row.Guests, w.lang.T("citizen.meetings.interpreter.yours"))
	case m.Interpreter:
		row.Guests = append(row.Guests, w.lang.T("citizen.meetings.interpreter"))
	}
	if m.Guest {
		row.Guests = append(row.Guests, w.lang.T("citizen.meetings.guest"))
	}
	for _, p := range m.Points {
		others := slices.DeleteFunc(slices.Clone(p.Called), func(s sig.Seat) bool { return s == p.Teller })
		point := familyPointRow{Tells: w.lang.T(familyPointKey(&p),
			"teller", w.called(p.Teller, protected), "category", w.categories([]sig.Category{p.Category}))}
		if len(others) > 0 {
			point.Hears = w.lang.T("citizen.meetings.hears", "names", w.calledAll(others, protected))
		}
		row.Points = append(row.Points, point)
	}
	return row
}

// familyPointKey is how a point is said: who tells, or that nobody is there but
// the family and the host; of what the youth disposes over alone, the youth.
func familyPointKey(p *meeting.FamilyPoint) string {
	switch {
	case p.FamilyAlone && p.Alone:
		return "citizen.meetings.yours"
	case p.FamilyAlone:
		return "citizen.meetings.ours"
	default:
		return "citizen.meetings.tells"
	}
}

// nextMeeting is the first that will be held, for the start page.
func (a *App) nextMeeting(r *Request, id sig.InterventionID) (*familyMeetingRow, error) {
	all, err := a.deps.Meeting.OfFamily(r.Context(), r.Actor(), id)
	if err != nil {
		return nil, err
	}
	next := all.Next()
	if next == nil {
		return nil, nil //nolint:nilnil // no meeting is no fault
	}
	w, err := r.itemWords()
	if err != nil {
		return nil, err
	}
	row := familyMeetingRowOf(w, next, all.Protected)
	return &row, nil
}
