package httpd

import (
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/sig"
)

// partnerTodayData is what waits for somebody who takes part: new copies,
// meetings, seats to fill, what to do and what was promised, own interventions.
type partnerTodayData struct {
	Base
	New      []inboxRow
	Narrowed []taskRow // consents of which a part was taken back
	Seats    []seatRow
	Tasks    []taskRow
	Cases    []caseRow
	aheadData
}

// aheadData is what the reader is called to today or tomorrow, and what the own
// function has promised.
type aheadData struct {
	Meetings []meetingRow
	Promised []taskRow
}

func aheadOf(w itemWords, today *casework.Today) aheadData {
	d := aheadData{Meetings: meetingRows(w, today.Now, today.Meetings)}
	for _, p := range today.Promised {
		d.Promised = append(d.Promised, promisedRow(w, today.Now, p))
	}
	return d
}

func promisedRow(w itemWords, now time.Time, p casework.OverdueLine) taskRow {
	return taskRow{
		Path: casePath(p.Intervention) + "/plan", Text: w.function(p.Seat.Function), Case: p.CaseNumber, Youth: p.YouthName,
		Due: w.lang.Date(p.DueOn.Start()), Overdue: p.DueOn.Compare(sig.DateOf(now)) < 0,
	}
}

var sampleSoon = aheadData{
	Meetings: []meetingRow{{Path: "/x", When: "10 december 2026, 14.00–15.00", Youth: "Amir Rahimi", Number: "7KMN-4TRX", State: "Planerat", Kind: "upcoming", Answer: "Har inte svarat", Waits: true}},
	Promised: []taskRow{{"/x/plan", "Kommunpolis", "7KMN-4TRX", "Amir Rahimi", "5 december 2026", true}},
}

// seatRow is a seat that a consent names and nobody fills.
type seatRow struct{ Path, Case, Seat string }

// taskRow is something to do.
type taskRow struct {
	Path, Text, Case, Youth string
	Due                     string
	Overdue                 bool
}

var partnerTodayPage = page("partner_today", func(b Base) []partnerTodayData {
	return []partnerTodayData{
		{
			Base: b, New: sampleInbox[:1], Narrowed: []taskRow{{"/x", b.T("narrowed.text", "time", b.DateTime(sampleNow)), "7KMN-4TRX", "Amir Rahimi", "", false}}, Seats: []seatRow{{"/x/seats", "7KMN-4TRX", "Kommunpolis, Lokalpolisområde Farsta"}},
			Tasks: []taskRow{
				{"/x/d", b.T("task.approve_disclosure"), "7KMN-4TRX", "Amir Rahimi", "", false},
				{"/x", b.T("task.decide_visibility"), "7KMN-4TRX", "", "3 december 2026", true},
			},
			Cases: sampleCases, aheadData: sampleSoon,
		},
		{Base: b},
	}
})

// staffStart is the start page by function: who keeps records comes straight
// to them, everybody else to what needs them today.
func (a *App) staffStart(r *Request) error {
	switch r.Actor().Function {
	case sig.RoleRegistrar:
		return r.Redirect("/registry", 303)
	case sig.RoleLogReviewer:
		return r.Redirect("/review", 303)
	case sig.RoleAdministrator:
		return r.Redirect("/directory", 303)
	case sig.RoleCoordinator, sig.RoleSocialSecretary:
		return a.boardToday(r)
	default:
		return a.partnerToday(r)
	}
}

// partnerToday shows what needs its reader now.
func (a *App) partnerToday(r *Request) error {
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
	data := partnerTodayData{Base: r.Base("today.title"), New: inboxRows(w, today.New), Narrowed: narrowedRows(w, today), Seats: seatRows(w, today), Cases: caseRows(w, cases), aheadData: aheadOf(w, today)}
	for _, t := range today.Tasks {
		if t.Kind != "set_participation" { // those stand among the seats
			data.Tasks = append(data.Tasks, taskRowOf(w, t))
		}
	}
	return partnerTodayPage.Send(r, data)
}

func seatRows(w itemWords, today *casework.Today) []seatRow {
	var rows []seatRow
	for _, s := range today.Led {
		rows = append(rows, seatRow{casePath(s.Intervention) + "/seats", s.CaseNumber, w.place(s.Function, s.Unit)})
	}
	return rows
}

func taskRowOf(w itemWords, t casework.TaskLine) taskRow {
	row := taskRow{
		Path: casePath(t.Intervention), Text: w.lang.T("task." + string(t.Kind)), Case: t.CaseNumber, Youth: t.YouthName, Overdue: t.Overdue,
	}
	if t.Kind == "approve_disclosure" {
		row.Path = disclosurePath(t.Intervention, sig.DisclosureID{UUID: t.Object})
	}
	if t.Kind == "answer_question" {
		row.Path = questionPath(sig.QuestionID{UUID: t.Object})
	}
	if !t.DueOn.IsZero() {
		row.Due = w.lang.Date(t.DueOn.Start().Add(12 * time.Hour))
	}
	return row
}
