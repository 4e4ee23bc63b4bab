package httpd

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

func meetingPath(id sig.InterventionID, m sig.MeetingID) string {
	return casePath(id) + "/meetings/" + m.String()
}

// meetingRow is one meeting in a list.
type meetingRow struct {
	Path, When, Youth, Number string
	State, Kind               string // the status that the state is drawn with
	Answer                    string
	Waits                     bool // nobody has answered for the reader's function
}

// meetingTime is when a meeting is: a day and two times of it.
func meetingTime(w itemWords, from, to time.Time) string {
	end := w.lang.Clock(to)
	if sig.DateOf(from) != sig.DateOf(to) {
		end = w.lang.DateTime(to)
	}
	return w.lang.T("meeting.time", "date", w.lang.Date(from), "from", w.lang.Clock(from), "to", end)
}

func meetingRows(w itemWords, now time.Time, lines []meeting.Line) []meetingRow {
	var rows []meetingRow
	for _, l := range lines {
		row := meetingRow{
			Path: meetingPath(l.Intervention, l.ID), When: meetingTime(w, l.StartsAt, l.EndsAt), Youth: l.YouthName, Number: l.CaseNumber,
		}
		row.State, row.Kind = meetingState(w, l.State, now, l.EndsAt)
		if l.State == sig.MeetingProposed || l.State == sig.MeetingDropped {
			row.When = w.lang.T("poll.last", "date", w.lang.Date(l.StartsAt))
		}
		if l.Called && l.State == sig.MeetingPlanned {
			row.Answer, row.Waits = answerWords(w, l.Answer), l.Answer == "" && now.Before(l.StartsAt)
		}
		rows = append(rows, row)
	}
	return rows
}

// meetingState is the state in words, and the status that it is drawn with.
func meetingState(w itemWords, state sig.MeetingState, now, end time.Time) (text, kind string) {
	key := string(state)
	switch {
	case state == sig.MeetingCancelled, state == sig.MeetingDropped:
		kind = "closed"
	case state == sig.MeetingProposed:
		kind = "waiting"
	case state == sig.MeetingLive:
		kind = "may"
	case state == sig.MeetingEnded:
		kind = "ended"
	case !now.Before(end):
		key, kind = "over", "ended"
	default:
		kind = "upcoming"
	}
	return w.lang.T("meeting.state." + key), kind
}

func answerWords(w itemWords, answer sig.InvitationAnswer) string {
	if answer == "" {
		return w.lang.T("meeting.answer.none")
	}
	return w.lang.T("meeting.answer." + string(answer))
}

// called is a function as the pages of a meeting and a plan name it: under
// protected identity the family reads no name of a unit. Staff do, who would else
// call the wrong one of two that have the same function.
func (w itemWords) called(s sig.Seat, protected bool) string {
	if protected && !w.staff {
		return w.function(s.Function)
	}
	return w.seat(s)
}

func (w itemWords) calledAll(seats []sig.Seat, protected bool, others ...string) string {
	names := others
	for _, s := range seats {
		names = append(names, w.called(s, protected))
	}
	slices.Sort(names)
	return w.lang.List(slices.Compact(names))
}

func numbers(w itemWords, positions []int) string {
	var list []string
	for _, p := range positions {
		list = append(list, strconv.Itoa(p))
	}
	return w.lang.List(list)
}

// refusalWords says why a function may not be there for a point.
func refusalWords(w itemWords, reason string) string {
	if key := "meeting.reason." + reason; w.lang.Has(key) {
		return w.lang.T(key)
	}
	return w.lang.T("reason." + reason)
}

// callID is the id of a function's box in the form.
func callID(s sig.Seat) string { return "call-" + string(s.Unit) + "-" + string(s.Function) }

// atCalls moves the faults of called functions to the boxes that were ticked.
func atCalls(err error, in meeting.NewMeeting) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i, f := range wrong.Fields {
		number, ok := strings.CutPrefix(f.Name, "call.")
		if n, e := strconv.Atoi(number); ok && e == nil && n < len(in.Call) {
			wrong.Fields[i].Name = callID(in.Call[n])
		}
	}
	return wrong
}

var sampleMeetings = []meetingRow{
	{Path: "/x", When: "10 december 2026, 14.00–15.00", Youth: "Amir Rahimi", Number: "7KMN-4TRX", State: "Planerat", Kind: "upcoming", Answer: "Har inte svarat"},
	{Path: "/x", When: "11 december 2026, 9.00–10.00", Youth: "Lina Berggren", Number: "9ABC-2DEF", State: "Inställt", Kind: "closed"},
}
