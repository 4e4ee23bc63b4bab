package httpd

import (
	"slices"
	"strconv"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
)

// pollData is the page of a meeting whose time is asked about: to answer, and
// for the coordinator to see who has said what, and to choose.
type pollData struct {
	Base
	Top    caseTop
	Path   string // of the poll
	Back   string // to the meeting
	Times  []pollTime
	Mine   []fieldChoice // the times with which of them suit the own function
	Said   bool
	Answer bool
	Rows   []pollRow
	Board  bool
	Choose bool
}

// pollTime is one of the times, and how many it suits.
type pollTime struct {
	Number int
	When   string
	Suits  string
}

// pollRow is one who was asked, with the answer to each time: "may", "excluded",
// or "waiting" where nothing has been said.
type pollRow struct {
	Name  string
	Cells []pollCell
}

type pollCell struct{ Kind, Text string }

var pollPage = page("meeting_poll", func(b Base) []pollData {
	times := []pollTime{{1, "10 december 2026, 14.00–15.00", b.T("poll.suits", "count", 2, "all", 3)}, {2, "11 december 2026, 09.00–10.00", b.T("poll.suits", "count", 1, "all", 3)}}
	board := pollData{
		Base: b, Top: sampleTop, Path: "/x/poll", Back: "/x", Times: times, Board: true, Choose: true, Answer: true,
		Mine: []fieldChoice{{"1", times[0].When, "", true}, {"2", times[1].When, "", false}},
		Rows: []pollRow{
			{"Kommunpolis, Lokalpolisområde Farsta", []pollCell{{"may", b.T("poll.yes")}, {"excluded", b.T("poll.no")}}},
			{"Leila Rahimi", []pollCell{{"waiting", b.T("poll.waiting")}, {"waiting", b.T("poll.waiting")}}},
		},
	}
	partner := board
	partner.Rows, partner.Board, partner.Choose, partner.Said = nil, false, false, true
	over := partner
	over.Answer = false
	return []pollData{board, partner, over}
})

// pollChoices are the times of a poll as boxes, ticked where they suit.
func pollChoices(w itemWords, times []meeting.Span, suits []int) []fieldChoice {
	var list []fieldChoice
	for i, at := range times {
		list = append(list, fieldChoice{Value: strconv.Itoa(i + 1), Text: meetingTime(w, at.Start, at.End), Chosen: slices.Contains(suits, i+1)})
	}
	return list
}

// pollShow shows the times and, to the board, who has said what.
func (a *App) pollShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.Open(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	if len(open.Poll) == 0 {
		return fault.Missing()
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := pollData{
		Base: r.Base("poll.title"), Path: meetingPath(id, m) + "/poll", Back: meetingPath(id, m), Answer: open.Actions.Suits,
		Board: open.OnBoard, Choose: open.Actions.Choose,
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: !open.State.Over()},
	}
	for _, mine := range open.Mine {
		data.Mine, data.Said = pollChoices(w, open.Poll, mine.Suits), mine.SuitsAt != nil
	}
	asked, yes := 0, make([]int, len(open.Poll))
	add := func(name string, suits []int, said bool) {
		row := pollRow{Name: name}
		asked++
		for i := range open.Poll {
			switch {
			case !said:
				row.Cells = append(row.Cells, pollCell{"waiting", r.lang.T("poll.waiting")})
			case slices.Contains(suits, i+1):
				yes[i]++
				row.Cells = append(row.Cells, pollCell{"may", r.lang.T("poll.yes")})
			default:
				row.Cells = append(row.Cells, pollCell{"excluded", r.lang.T("poll.no")})
			}
		}
		data.Rows = append(data.Rows, row)
	}
	if open.OnBoard {
		for _, c := range open.Called {
			if c.EndedAt == nil {
				add(w.called(c.Seat, open.Protected), c.Suits, c.SuitsAt != nil)
			}
		}
		guests, err := a.deps.Meeting.Guests(r.Context(), r.Actor(), id, m)
		if err != nil {
			return err
		}
		for _, g := range guests.Guests {
			if g.EndedAt == nil {
				add(g.Name, g.Suits, g.SuitsAt != nil)
			}
		}
	}
	for i, at := range open.Poll {
		one := pollTime{Number: i + 1, When: meetingTime(w, at.Start, at.End)}
		if open.OnBoard {
			one.Suits = r.lang.T("poll.suits", "count", yes[i], "all", asked)
		}
		data.Times = append(data.Times, one)
	}
	return pollPage.Send(r, data)
}

// pollAnswer says which times suit the own function.
func (a *App) pollAnswer(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Suits []int `form:"suits,max=1"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.pollShow)
	}
	if err := a.deps.Meeting.AnswerPoll(r.Context(), r.Actor(), id, m, in.Suits); err != nil {
		return r.Again(err, a.pollShow)
	}
	return r.SeeOther(meetingPath(id, m)+"/poll", "flash.poll_answered")
}

// pollChoose decides the time; the calls leave with it.
func (a *App) pollChoose(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Time int `form:"time,max=1,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.pollShow)
	}
	if err := a.deps.Meeting.ChooseTime(r.Context(), r.Actor(), id, m, in.Time); err != nil {
		return r.Again(err, a.pollShow)
	}
	return r.SeeOther(meetingPath(id, m), "flash.meeting_called")
}

// pollDrop chooses no time.
func (a *App) pollDrop(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.DropPoll(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(casePath(id)+"/meetings", "flash.poll_dropped")
}
