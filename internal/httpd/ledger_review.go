package httpd

import (
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/oversight"
)

// reviewData is what a log reviewer starts from: breaches, and interventions by
// number. It names nobody.
type reviewData struct {
	Base
	Alarm     time.Time // since when the ledger contradicts its signed head
	Incidents []incidentRow
	Searches  []searchRow
	Cases     []reviewRow
	Next      string
}

type incidentRow struct {
	Path, Case, Text string
	At               time.Time
}

// searchRow is a search that found no case of the searcher's own.
type searchRow struct {
	Officer, Seat, By string
	At                time.Time
}

type reviewRow struct {
	Path, Number, Programme, State, Kind string
	Since                                time.Time
}

// reviewShow shows it to the authority's log reviewer.
func (a *App) reviewShow(r *Request) error {
	var after string
	if _, err := r.pageAfter("review", &after); err != nil {
		return err
	}
	found, err := a.deps.Oversight.Review(r.Context(), r.Actor(), after)
	if err != nil {
		return err
	}
	data := reviewData{Base: r.Base("ledger.review.title")}
	data.fill(found)
	if len(found.Searches) > 0 {
		w, err := r.itemWords()
		if err != nil {
			return err
		}
		for _, s := range found.Searches {
			data.Searches = append(data.Searches, searchRow{s.Officer, w.place(s.Function, s.Unit), r.lang.T(searchFields[s.By]), s.At})
		}
	}
	if found.Next != "" {
		if data.Next, err = r.nextPage("review", found.Next); err != nil {
			return err
		}
	}
	return reviewPage.Send(r, data)
}

// searchFields are what may be searched on, in words.
var searchFields = map[casework.SearchBy]string{
	casework.SearchName: "search.name", casework.SearchNumber: "search.pin", casework.SearchCaseNumber: "search.case",
}

func (d *reviewData) fill(found *oversight.Review) {
	d.Alarm = found.Alarm
	for _, n := range found.Incidents {
		d.Incidents = append(d.Incidents, incidentRow{casePath(n.Intervention) + "/log", n.CaseNumber, d.T("incident." + n.Kind), n.OpenedAt})
	}
	for _, c := range found.Cases {
		d.Cases = append(d.Cases, reviewRow{
			Path: casePath(c.ID) + "/log", Number: c.CaseNumber, Programme: d.T("programme." + string(c.Programme)),
			State: d.T("state.intervention." + string(c.State)), Kind: stateKind(c.State), Since: c.StateSince,
		})
	}
}

var reviewPage = page("ledger_review", func(b Base) []reviewData {
	full := reviewData{Base: b, Next: "/review?after=x"}
	full.fill(&oversight.Review{
		Alarm:     sampleNow,
		Incidents: []oversight.Incident{{Intervention: sampleCase, CaseNumber: "7KMN-4TRX", Kind: "disclosed_after_withdrawal", OpenedAt: sampleNow}},
		Cases: []oversight.Case{
			{ID: sampleCase, CaseNumber: "7KMN-4TRX", Programme: "sig", State: "active", StateSince: sampleNow},
			{ID: sampleCase, CaseNumber: "9ABC-2DEF", Programme: "sspf", State: "closed", StateSince: sampleNow},
		},
	})
	full.Searches = []searchRow{{"Gun Ask", "Socialsekreterare, Enheten för barn och unga, Skarpnäck", b.T("search.pin"), sampleNow}}
	return []reviewData{full, {Base: b}}
})
