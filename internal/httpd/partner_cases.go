package httpd

import (
	"time"

	"sigportal/internal/casework"
)

// casesData lists the interventions that the reader has a part in.
type casesData struct {
	Base
	Cases []caseRow
}

// caseRow is one intervention in a list.
type caseRow struct {
	Path, Number, Youth, Programme, State, Board string
	Since, Until                                 time.Time
	Ended                                        bool
	Kind                                         string // the status that the state is drawn with
}

var sampleCases = []caseRow{
	{"/x/1", "7KMN-4TRX", "Amir Rahimi", "Social insatsgrupp (SIG)", "Pågår", "Farsta stadsdelsnämnd",
		time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), time.Date(2027, 5, 31, 22, 0, 0, 0, time.UTC), false, "may"},
	{"/x/2", "9ABC-2DEF", "Lina Berggren", "SSPF", "Avslutad", "Farsta stadsdelsnämnd",
		time.Date(2026, 10, 3, 9, 0, 0, 0, time.UTC), time.Time{}, true, "closed"},
}

var casesPage = page("partner_cases", func(b Base) []casesData {
	return []casesData{{b, sampleCases}, {Base: b}}
})

// casesList shows them to partners and the board alike, open ones first.
func (a *App) casesList(r *Request) error {
	found, err := a.deps.Casework.Cases(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	return casesPage.Send(r, casesData{r.Base("intervention.list.title"), caseRows(w, found)})
}

func caseRows(w itemWords, lines []casework.CaseLine) []caseRow {
	var rows []caseRow
	for _, l := range lines {
		row := caseRow{
			Path: casePath(l.ID), Number: l.CaseNumber, Youth: l.YouthName, Programme: w.lang.T("programme." + string(l.Programme)),
			State: w.lang.T("state.intervention." + string(l.State)), Board: w.authority(l.Board), Since: l.StateSince, Ended: l.State.Ended(), Kind: stateKind(l.State),
		}
		if l.ConsentTo != nil {
			row.Until = *l.ConsentTo
		}
		rows = append(rows, row)
	}
	return rows
}
