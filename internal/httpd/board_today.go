package httpd

import (
	"slices"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
)

// boardTodayData is what needs a coordinator or a social secretary now.
type boardTodayData struct {
	Base
	Proposes  bool
	Tasks     []taskRow
	Withdrawn []taskRow // cases that ended and wait for what should come instead
	Undecided []taskRow // items of which nobody has decided who in the family sees them
	Refused   []taskRow // versions to which somebody said no
	Lapsed    []taskRow // versions that not everybody signed in time
	Narrowed  []taskRow // what was taken back in part
	Overdue   []taskRow // commitments of plans whose day has passed
	Unsigned  []unsignedRow
	Radar     picture.Picture
	Ending    []caseRow
	Seats     []seatRow
	New       []inboxRow
	Cases     []caseRow
	Quiet     bool      // nothing waits
	Suggested []taskRow // other times for meetings
	aheadData
}

// unsignedRow is a version that waits for signatures.
type unsignedRow struct {
	Path, Youth, Case, State string
	Missing                  int
	Since                    time.Time
}

// radarDays is how far ahead Today looks for consents that end.
const radarDays = 30

// boardToday shows it.
func (a *App) boardToday(r *Request) error {
	today, err := a.deps.Casework.Today(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	cases, err := a.deps.Casework.Cases(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := boardTodayData{Base: r.Base("today.title"), Proposes: r.Actor().Function == sig.RoleCoordinator}
	data.fill(w, today, cases)
	return boardTodayPage.Send(r, data)
}

func (d *boardTodayData) fill(w itemWords, today *casework.Today, cases []casework.CaseLine) {
	for _, t := range today.Tasks {
		row := taskRowOf(w, t)
		if path := boardTaskPath(t); path != "" {
			row.Path = path
		}
		switch t.Kind {
		case "consider_other_measures":
			d.Withdrawn = append(d.Withdrawn, row)
		case "decide_visibility":
			d.Undecided = append(d.Undecided, row)
		case "set_participation": // those stand among the seats
		default:
			d.Tasks = append(d.Tasks, row)
		}
	}
	for _, c := range cases {
		// The task is the social secretary's; the coordinator is told as well.
		if c.State == sig.InterventionClosing && !slices.ContainsFunc(d.Withdrawn, func(t taskRow) bool { return t.Case == c.CaseNumber }) {
			d.Withdrawn = append(d.Withdrawn, taskRow{
				Path: casePath(c.ID), Text: w.lang.T("board.today.ended.case", "date", c.StateSince), Case: c.CaseNumber, Youth: c.YouthName,
			})
		}
	}
	for _, o := range today.Overdue {
		if !slices.Contains(today.Promised, o) { // the own stand by themselves
			d.Overdue = append(d.Overdue, promisedRow(w, today.Now, o))
		}
	}
	d.aheadData = aheadOf(w, today)
	for _, s := range today.Suggested {
		d.Suggested = append(d.Suggested, taskRow{
			Path: meetingPath(s.Intervention, s.Meeting), Case: s.CaseNumber, Youth: s.YouthName,
			Text: w.lang.Beside(w.function(s.Function), w.lang.T("meeting.answer.proposes", "time", meetingTime(w, s.From, s.To))),
		})
	}
	for _, u := range today.Unsigned {
		d.Unsigned = append(d.Unsigned, unsignedRow{
			Path: casePath(u.Intervention), Youth: u.YouthName, Case: u.CaseNumber, State: w.lang.T("state.consent." + string(u.State)),
			Missing: max(0, u.Must-u.Signed), Since: u.Since,
		})
	}
	d.Refused, d.Lapsed, d.Narrowed = refusedRows(w, today, false), refusedRows(w, today, true), narrowedRows(w, today)
	var endings []picture.Ending
	for _, c := range today.Ending {
		if c.ConsentTo != nil {
			endings = append(endings, picture.Ending{Label: c.YouthName, To: *c.ConsentTo})
		}
	}
	d.Radar = picture.Radar(w.lang, today.Now, radarDays, endings)
	d.Ending = caseRows(w, today.Ending)
	d.Seats, d.New, d.Cases = seatRows(w, today), inboxRows(w, today.New), caseRows(w, cases)
	d.Quiet = len(d.Tasks)+len(d.Withdrawn)+len(d.Refused)+len(d.Lapsed)+len(d.Narrowed)+len(d.Undecided)+len(d.Overdue)+len(d.Unsigned)+len(d.Ending)+len(d.Seats)+len(d.New)+
		len(d.Meetings)+len(d.Promised)+len(d.Suggested) == 0
}

// refusedRows says what somebody said no to, or did not sign in time, and what
// that has done.
func refusedRows(w itemWords, today *casework.Today, lapsed bool) []taskRow {
	var rows []taskRow
	for _, one := range today.Refused {
		if one.Lapsed != lapsed {
			continue
		}
		key := "today.refused.first"
		switch {
		case one.Lapsed && one.Change:
			key = "today.lapsed.change"
		case one.Lapsed:
			key = "today.lapsed.first"
		case one.Waits:
			key = "today.refused.waits"
		case one.Change:
			key = "today.refused.change"
		}
		rows = append(rows, taskRow{
			Path: casePath(one.Intervention), Case: one.CaseNumber, Youth: one.YouthName, Text: w.lang.T(key, "time", w.lang.DateTime(one.At)),
		})
	}
	return rows
}

// narrowedRows says that a part was taken back, and when: not what or by whom.
func narrowedRows(w itemWords, today *casework.Today) []taskRow {
	var rows []taskRow
	for _, one := range today.Narrowed {
		rows = append(rows, taskRow{
			Path: casePath(one.Intervention), Case: one.CaseNumber, Youth: one.YouthName, Text: w.lang.T("narrowed.text", "time", w.lang.DateTime(one.At)),
		})
	}
	return rows
}

var boardTodayPage = page("board_today", func(b Base) []boardTodayData {
	soon := sampleNow.AddDate(0, 0, 12)
	tasks := func(key string) []taskRow {
		return []taskRow{{"/x", b.T(key), "7KMN-4TRX", "Amir Rahimi", "4 december 2026", true}}
	}
	return []boardTodayData{
		{
			Base: b, Proposes: true, Tasks: tasks("task.answer_request"), Withdrawn: tasks("task.consider_other_measures"),
			Refused: tasks("today.refused.change"), Lapsed: tasks("today.lapsed.first"), Narrowed: tasks("today.refused.first"), Undecided: tasks("task.decide_visibility"), Overdue: tasks("function.community_police"),
			Unsigned: []unsignedRow{{"/x", "Lina Berggren", "9ABC-2DEF", b.T("state.consent.partially_signed"), 1, sampleNow}},
			Radar:    picture.Radar(b.Language, sampleNow, radarDays, []picture.Ending{{Label: "Amir Rahimi", To: soon}}),
			Ending:   sampleCases[:1], Seats: []seatRow{{"/x/seats", "7KMN-4TRX", "Kommunpolis, Lokalpolisområde Farsta"}},
			New: sampleInbox[:1], Cases: sampleCases, aheadData: sampleSoon,
			Suggested: []taskRow{{"/x", "Kommunpolis: " + b.T("meeting.answer.proposes", "time", "11 december 2026, 9.00–10.00"), "7KMN-4TRX", "Amir Rahimi", "", false}},
		},
		{Base: b, Quiet: true, Radar: picture.Radar(b.Language, sampleNow, radarDays, nil)},
	}
})
