package httpd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// meetingNewData is the form of a new meeting.
type meetingNewData struct {
	Base
	Top        caseTop
	Key, Now   string
	Protected  bool
	Points     []pointRow
	Categories []fieldChoice
	Tellers    []fieldChoice
	Call       []callChoice
	Weeks      []fieldChoice
	Ask        []pointRow // the times that are asked about, where the time is not decided
}

// pointRow is one row of the form, counted from 0 and from 1.
type pointRow struct{ Index, Number int }

// callChoice is one function that may be ticked.
type callChoice struct {
	ID, Value, Text string
	Chosen          bool
}

var sampleCalls = []callChoice{
	{"call-a-b", "a/b/c", "SIG-samordnare, Enheten för barn och unga", true}, {"call-a-c", "a/b/d", "Kommunpolis, Lokalpolisområde Farsta", false},
}

var meetingNewPage = page("meeting_new", func(b Base) []meetingNewData {
	one := meetingNewData{
		Base: b, Top: sampleTop, Key: "k", Now: "2026-12-03T10:00", Points: []pointRow{{0, 1}, {1, 2}, {2, 3}}, Call: sampleCalls,
		Weeks:      []fieldChoice{{"1", "Varje vecka", "", false}},
		Categories: []fieldChoice{{"plan_goals", "Mål i planen", "", false}}, Tellers: []fieldChoice{{"a/b/c", "SIG-samordnare", "", false}},
	}
	protected, asking := one, one
	protected.Protected = true
	asking.Ask = []pointRow{{0, 1}, {1, 2}, {2, 3}}
	return []meetingNewData{one, protected, asking}
})

// meetingForm is what both steps send: the check page repeats the first step's
// fields and says that it has been checked.
type meetingForm struct {
	Key    string    `form:"key,max=64,required"`
	Start  time.Time `form:"start,max=16"`
	End    time.Time `form:"end,max=16"`
	Place  string    `form:"place,max=200"`
	Link   string    `form:"link,max=500"`
	Points []struct {
		Category sig.Category `form:"category,max=60"`
		Teller   string       `form:"teller,max=300"`
		Text     string       `form:"text,max=500"`
		Family   bool         `form:"family_alone"`
	} `form:"points"`
	Call    []string `form:"call,max=300"`
	More    bool     `form:"more"`
	Change  bool     `form:"change"`
	Checked bool     `form:"checked"`
	Weeks   int      `form:"weeks,max=2"` // of a series
	Times   int      `form:"times,max=2"`
	Asks    bool     `form:"asks"` // several times are to be asked about
	Ask     bool     `form:"ask"`  // and are
	Poll    []struct {
		Start time.Time `form:"start,max=16"`
		End   time.Time `form:"end,max=16"`
	} `form:"poll"`
}

// meetingRowsAtFirst is how many points the form has before anybody asks for
// more.
const meetingRowsAtFirst = 3

// meetingNew shows the form.
func (a *App) meetingNew(r *Request) error {
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
	data := meetingNewData{
		Base: r.Base("meeting.new"), Top: topOf(head), Key: uuid.NewString(), Protected: options.Protected,
		Now: options.Now.In(sig.Stockholm).Format(clockForm),
	}
	for _, weeks := range meeting.SeriesWeeks() {
		data.Weeks = append(data.Weeks, fieldChoice{Value: strconv.Itoa(weeks), Text: r.lang.T("series.weeks." + strconv.Itoa(weeks))})
	}
	if data.Form.Value("ask", "") != "" {
		for n := range meeting.PollAtMost {
			data.Ask = append(data.Ask, pointRow{n, n + 1})
		}
	}
	for n := range r.pointRows() {
		data.Points = append(data.Points, pointRow{n, n + 1})
	}
	for _, c := range sig.Categories() {
		data.Categories = append(data.Categories, fieldChoice{Value: string(c), Text: r.lang.T("category." + string(c))})
	}
	for _, s := range options.Seats {
		data.Tellers = append(data.Tellers, fieldChoice{Value: seatValue(s), Text: w.called(s, options.Protected)})
		data.Call = append(data.Call, callChoice{
			ID: callID(s), Value: seatValue(s), Text: w.called(s, options.Protected), Chosen: data.Form.Has("call", seatValue(s), s == options.Host),
		})
	}
	return meetingNewPage.Send(r, data)
}

// pointRows is how many rows the form shows: those that came back, and one more
// where more were asked for.
func (r *Request) pointRows() int {
	n := 0
	for name := range r.fields.typed {
		if strings.HasPrefix(name, "points.") && strings.HasSuffix(name, ".text") {
			n++
		}
	}
	if r.fields.typed.Get("more") != "" {
		n++
	}
	return min(max(n, meetingRowsAtFirst), sig.MeetingPoints)
}

// meetingFormRows are the rows of the form from which points and times came: those
// left empty are none.
type meetingFormRows struct{ points, poll []int }

// back moves faults to the rows and boxes where they were typed.
func (rows meetingFormRows) back(err error, in meeting.NewMeeting) error {
	return atRows(atRows(atCalls(err, in), "points", rows.points), "poll", rows.poll)
}

// meeting reads the form.
func (f *meetingForm) meeting(id sig.InterventionID) (in meeting.NewMeeting, rows meetingFormRows, err error) {
	in = meeting.NewMeeting{Key: f.Key, Intervention: id, Start: f.Start, End: f.End, Place: f.Place, Link: f.Link}
	for n, at := range f.Poll {
		if f.Ask && (!at.Start.IsZero() || !at.End.IsZero()) {
			in.Poll, rows.poll = append(in.Poll, meeting.Span{Start: at.Start, End: at.End}), append(rows.poll, n)
		}
	}
	if f.Weeks != 0 {
		in.Repeat = meeting.Repeat{Weeks: f.Weeks, Times: f.Times}
	}
	for n, p := range f.Points {
		if p.Category == "" && p.Teller == "" && p.Text == "" && !p.Family {
			continue
		}
		point := meeting.NewPoint{Category: p.Category, Text: p.Text, FamilyAlone: p.Family}
		if p.Teller != "" {
			if point.Teller, err = readSeat(p.Teller); err != nil {
				return in, rows, err
			}
		}
		in.Points, rows.points = append(in.Points, point), append(rows.points, n)
	}
	for _, value := range f.Call {
		seat, err := readSeat(value)
		if err != nil {
			return in, rows, err
		}
		in.Call = append(in.Call, seat)
	}
	return in, rows, nil
}

// meetingMake takes both steps. The first is answered with the check page; the
// second calls the meeting, and leads to it.
func (a *App) meetingMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form meetingForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.meetingNew)
	}
	if form.Asks {
		r.fields.typed.Set("ask", "true")
	}
	if form.More || form.Change || form.Asks {
		return a.meetingNew(r)
	}
	in, rows, err := form.meeting(id)
	if err != nil {
		return err
	}
	if !form.Checked {
		plan, err := a.deps.Meeting.Check(r.Context(), r.Actor(), in)
		if err != nil {
			return r.Again(rows.back(err, in), a.meetingNew)
		}
		return a.meetingCheck(r, in, plan)
	}
	in.Key = r.once(in.Key)
	made, err := a.deps.Meeting.ScheduleSeries(r.Context(), r.Actor(), in)
	switch {
	case err == nil && len(in.Poll) > 0:
		return r.SeeOther(meetingPath(id, made.First)+"/poll", "flash.poll_asked")
	case err != nil:
		return r.Again(rows.back(err, in), a.meetingNew)
	case len(made.Later) == 0:
		return r.SeeOther(meetingPath(id, made.First), "flash.meeting_called")
	case made.NotMade() > 0:
		return r.SeeOther(casePath(id)+"/meetings", "flash.series_in_part")
	default:
		return r.SeeOther(casePath(id)+"/meetings", "flash.series_called")
	}
}

// meetingCheckData is the second step: who is called to which point, and who is
// not, and why.
type meetingCheckData struct {
	Base
	Top         caseTop
	When        string
	Place, Link string
	Points      []agendaRow
	Can, Cannot []callRow
	Hidden      [][2]string // what was typed, sent again; the texts apart
	Texts       [][2]string
	Ticks       []string // the boxes that were ticked
	Later       []laterRow
	Ask         []string // the times that are asked about
}

// laterRow is one later meeting of a series, and why it is not made.
type laterRow struct{ When, Why string }

// agendaRow is one point of an agenda.
type agendaRow struct {
	Number                      int
	Category, Teller, Text, Who string
	Untold                      bool
	Kept                        bool // from a reader of the board whose function is not called to it
	Alone                       bool // what the youth disposes over alone
	Family                      bool // nobody stays but the family and the host
}

// callRow is one function with the points that it may be there for.
type callRow struct {
	Name, Value, Points string
	Readers             []string
	Out                 []string // why not at the others
	Ends                []time.Time
	Todo                string
}

var sampleAgenda = []agendaRow{
	{Number: 1, Category: "Mål i planen", Teller: "SIG-samordnare", Text: "Målen till lovet", Who: "Kommunpolis och Skolkurator", Alone: true},
	{Number: 2, Category: "Polisens iakttagelser", Teller: "Kommunpolis", Untold: true},
	{Number: 3, Category: "Mål i planen", Teller: "SIG-samordnare", Text: "Amirs egna ord", Family: true},
	{Number: 4, Category: "Trivsel i skolan", Teller: "Skolkurator", Untold: true, Kept: true},
}

var meetingCheckPage = page("meeting_check", func(b Base) []meetingCheckData {
	one := meetingCheckData{
		Base: b, Top: sampleTop, When: "10 december 2026, 14.00–15.00", Place: "Farsta torg 1", Link: "https://video.example/a", Points: sampleAgenda[:1],
		Can: []callRow{
			{Name: "Kommunpolis, Lokalpolisområde Farsta", Value: "a/b/c", Points: "1", Readers: []string{"Kent Berg"}, Ends: []time.Time{sampleNow}},
			{Name: "Skolkurator, Farstaskolan", Value: "a/b/d", Points: "1", Out: []string{b.T("meeting.check.out", "number", "2", "why", b.T("meeting.reason.no_grant_recipient"))}},
		},
		Cannot: []callRow{{Name: "Fältassistent", Out: []string{b.T("meeting.reason.no_grant_recipient")}, Todo: b.T("meeting.refused.todo")}},
		Hidden: [][2]string{{"key", "k"}}, Texts: [][2]string{{"points.0.text", "Målen"}},
		Later: []laterRow{{When: "17 december 2026, 14.00–15.00"}, {"24 december 2026, 14.00–15.00", b.T("reason.window_over")}},
	}
	nobody, asking := one, one
	nobody.Can = nil
	asking.Ask = []string{one.When, "11 december 2026, 14.00–15.00"}
	return []meetingCheckData{one, nobody, asking}
})

func (a *App) meetingCheck(r *Request, in meeting.NewMeeting, plan *meeting.Plan) error {
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), in.Intervention)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := meetingCheckData{
		Base: r.Base("meeting.check.title"), Top: topOf(head), When: meetingTime(w, in.Start, in.End), Place: in.Place, Link: in.Link,
		Hidden: [][2]string{
			{"key", in.Key}, {"start", in.Start.In(sig.Stockholm).Format(clockForm)}, {"end", in.End.In(sig.Stockholm).Format(clockForm)},
		},
		Texts: [][2]string{{"place", in.Place}, {"link", in.Link}},
	}
	if len(in.Poll) > 0 {
		data.Hidden = [][2]string{{"key", in.Key}, {"ask", "true"}}
		for i, at := range in.Poll {
			name := fmt.Sprintf("poll.%d.", i)
			data.Ask = append(data.Ask, meetingTime(w, at.Start, at.End))
			data.Hidden = append(data.Hidden, [2]string{name + "start", at.Start.In(sig.Stockholm).Format(clockForm)},
				[2]string{name + "end", at.End.In(sig.Stockholm).Format(clockForm)})
		}
	}
	if in.Repeat.Weeks != 0 {
		data.Hidden = append(data.Hidden, [2]string{"weeks", strconv.Itoa(in.Repeat.Weeks)}, [2]string{"times", strconv.Itoa(in.Repeat.Times)})
	}
	for _, o := range plan.Later {
		row := laterRow{When: meetingTime(w, o.Start, o.End)}
		switch {
		case o.TooFar:
			row.Why = r.lang.T("series.too_far")
		case !o.CanBe():
			row.Why = refusalWords(w, string(o.Reason))
		}
		data.Later = append(data.Later, row)
	}
	for i, p := range plan.Points {
		name := fmt.Sprintf("points.%d.", i)
		data.Points = append(data.Points, agendaRow{
			Number: i + 1, Category: r.lang.T("category." + string(p.Category)), Teller: w.called(p.Teller, plan.Protected), Text: p.Text,
			Alone: slices.Contains(plan.Alone, p.Category), Family: p.FamilyAlone,
		})
		if p.FamilyAlone {
			data.Ticks = append(data.Ticks, name+"family_alone")
		}
		data.Hidden = append(data.Hidden, [2]string{name + "category", string(p.Category)}, [2]string{name + "teller", seatValue(p.Teller)})
		data.Texts = append(data.Texts, [2]string{name + "text", p.Text})
	}
	for _, f := range plan.Functions {
		row := callRowOf(w, f, plan.Protected)
		if f.Called() {
			data.Can = append(data.Can, row)
		} else {
			row.Todo = r.lang.T("meeting.refused.todo")
			if f.Why() == "family_alone" {
				row.Todo = r.lang.T("reason.family_alone.todo")
			}
			data.Cannot = append(data.Cannot, row)
		}
	}
	return meetingCheckPage.Send(r, data)
}

func callRowOf(w itemWords, f meeting.Function, protected bool) callRow {
	row := callRow{Name: w.called(f.Seat, protected), Value: seatValue(f.Seat), Readers: f.Readers}
	var may []int
	for i, p := range f.Points {
		if !p.Allowed {
			row.Out = append(row.Out, w.lang.T("meeting.check.out", "number", i+1, "why", refusalWords(w, string(p.Reason))))
			continue
		}
		may = append(may, i+1)
		if !p.Ends.IsZero() && (len(row.Ends) == 0 || p.Ends.Before(row.Ends[0])) {
			row.Ends = []time.Time{p.Ends}
		}
	}
	row.Points = numbers(w, may)
	return row
}
