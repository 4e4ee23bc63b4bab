package httpd

import (
	"strconv"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// timesData is the page on which a coordinator looks for a time.
type timesData struct {
	Base
	Top      caseTop
	Key      string
	From     string // the first day, by default a week from now
	Today    string
	Lengths  []fieldChoice
	Call     []callChoice
	Searched bool
	Found    []timeRow
}

// timeRow is one proposed time, why it is proposed, and what the form of a new
// meeting is filled in with.
type timeRow struct {
	When, Start, End string
	Good             bool
	Why              []string
}

var timesPage = page("meeting_times", func(b Base) []timesData {
	one := timesData{
		Base: b, Top: sampleTop, Key: "k", From: "2026-12-10", Today: "2026-12-03", Call: sampleCalls,
		Lengths: []fieldChoice{{"60", b.T("times.length.60"), "", false}},
	}
	found, none := one, one
	found.Searched, none.Searched = true, true
	found.Found = []timeRow{
		{"10 december 2026, 14.00–15.00", "2026-12-10T14:00", "2026-12-10T15:00", true, []string{b.T("times.all")}},
		{"11 december 2026, 09.00–10.00", "2026-12-11T09:00", "2026-12-11T10:00", false, []string{b.T("times.cannot", "who", "Kommunpolis"), b.T("times.break", "who", "Skolkurator")}},
	}
	return []timesData{one, found, none}
})

// timesShow shows the form alone.
func (a *App) timesShow(r *Request) error { return a.timesPage(r, nil) }

// The lengths that are offered, in minutes, and the first day, in days from now.
var timesLengths = []int{30, 45, 60, 90, 120}

const (
	timesLength = 60
	timesFrom   = 7
)

func (a *App) timesPage(r *Request, found *meeting.Times) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	options, err := a.deps.Meeting.Options(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	today := sig.DateOf(options.Now)
	data := timesData{
		Base: r.Base("times.title"), Top: topOf(head), Key: uuid.NewString(), Today: today.String(), From: today.AddDays(timesFrom).String(), Searched: found != nil,
	}
	for _, minutes := range timesLengths {
		data.Lengths = append(data.Lengths, fieldChoice{Value: strconv.Itoa(minutes), Text: r.lang.T("times.length." + strconv.Itoa(minutes))})
	}
	for _, s := range options.Seats {
		data.Call = append(data.Call, callChoice{
			ID: callID(s), Value: seatValue(s), Text: w.called(s, options.Protected), Chosen: data.Form.Has("call", seatValue(s), s == options.Host),
		})
	}
	if found != nil {
		for i := range found.List {
			data.Found = append(data.Found, timeRowOf(w, &found.List[i], found.Protected))
		}
	}
	return timesPage.Send(r, data)
}

// timeRowOf says why a time is proposed: of a seat that it can or cannot, never
// why, nor which of several people.
func timeRowOf(w itemWords, p *meeting.Proposal, protected bool) timeRow {
	row := timeRow{
		When: meetingTime(w, p.Start, p.End), Start: p.Start.In(sig.Stockholm).Format(clockForm), End: p.End.In(sig.Stockholm).Format(clockForm), Good: p.Suits(),
	}
	switch {
	case len(p.Cannot) > 0:
		row.Why = append(row.Why, w.lang.T("times.cannot", "who", w.calledAll(p.Cannot, protected)))
	case len(p.Unsaid) == 0 && !p.Own:
		row.Why = append(row.Why, w.lang.T("times.all"))
	}
	if len(p.Unsaid) > 0 {
		row.Why = append(row.Why, w.lang.T("times.unsaid", "who", w.calledAll(p.Unsaid, protected)))
	}
	if p.Own {
		row.Why = append(row.Why, w.lang.T("times.own"))
	}
	if len(p.OnBreak) > 0 {
		row.Why = append(row.Why, w.lang.T("times.break", "who", w.calledAll(p.OnBreak, protected)))
	}
	return row
}

// timesFind looks for times. The functions are sent in the form's body: an
// address must not say who meets about a case.
func (a *App) timesFind(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		From    string   `form:"from,max=10,required"`
		Minutes int      `form:"minutes,max=3,required"`
		Call    []string `form:"call,max=300"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.timesShow)
	}
	wish := meeting.Wish{Intervention: id, Minutes: in.Minutes}
	if day, err := sig.ParseDate(in.From); err == nil {
		wish.From = day
	}
	for _, value := range in.Call {
		seat, err := readSeat(value)
		if err != nil {
			return err
		}
		wish.Call = append(wish.Call, seat)
	}
	found, err := a.deps.Meeting.ProposeTimes(r.Context(), r.Actor(), wish)
	if err != nil {
		return r.Again(atCalls(err, meeting.NewMeeting{Call: wish.Call}), a.timesShow)
	}
	return a.timesPage(r, found)
}
