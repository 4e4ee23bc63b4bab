package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// guardiansData is who decides for a young person, and how each one stands: for
// the board alone, since no guardian is told how the other stands.
type guardiansData struct {
	Base
	Top      caseTop
	Conflict bool
	Ahead    []aheadRow
	Rows     []guardianState
	New      string // the way to record a new one
}

// guardianState is one of them.
type guardianState struct {
	Name, Who, Answer, Kind string
	From, To                time.Time
	Over                    bool
	Until                   string // prevented until then
	End, Prevent, Again     string // what may be recorded
}

var guardiansPage = page("guardian_list", func(b Base) []guardiansData {
	g := &consenting.Guardians{Case: sampleBoardCase(func(c *consenting.Case) {
		c.Actions = append(c.Actions, consenting.ActionCustody, consenting.ActionEndCustody, consenting.ActionPrevent)
	}), Conflict: true, Lines: []consenting.GuardianLine{
		{ID: sig.GuardianID{UUID: sampleID}, Name: "Sara Rahimi", Kind: "parent", Custody: "joint", From: sampleNow, To: sig.Forever, Decides: true, Answer: consenting.StandsGiven, Answered: sampleNow},
		{ID: sig.GuardianID{UUID: sampleID}, Name: "Omid Rahimi", Kind: "parent", Custody: "joint", From: sampleNow, To: sig.Forever, Decides: true, Answer: consenting.StandsRefused, Until: sampleNow.AddDate(0, 1, 0)},
		{ID: sig.GuardianID{UUID: sampleID}, Name: "Nils Ek", Kind: "appointed", Custody: "sole", From: sampleNow, To: sampleNow.AddDate(0, 0, 9), Answer: consenting.StandsSilent},
	}}
	full, empty := guardiansData{Base: b}, guardiansData{Base: b}
	g.Ahead = []consenting.CustodyAhead{sampleAhead()}
	full.fill(g)
	empty.fill(&consenting.Guardians{Case: g.Case})
	return []guardiansData{full, empty}
})

func guardiansPath(id sig.InterventionID) string { return casePath(id) + "/guardians" }

// guardiansShow shows them.
func (a *App) guardiansShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	g, err := a.deps.Consenting.Guardians(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := guardiansData{Base: r.Base("guardians.title")}
	data.fill(g)
	return guardiansPage.Send(r, data)
}

func (d *guardiansData) fill(g *consenting.Guardians) {
	w := familyWords{Language: d.Language}
	d.Top, d.Conflict = caseTopOf(g.Case), g.Conflict
	path := guardiansPath(g.Case.ID)
	if g.Case.Can(consenting.ActionCustody) {
		d.New = path + "/new"
	}
	for _, a := range g.Ahead {
		d.Ahead = append(d.Ahead, aheadRowOf(d.Base, g.Case, a))
	}
	decide := 0
	for _, one := range g.Lines {
		if one.Decides {
			decide++
		}
	}
	for _, one := range g.Lines {
		row := guardianState{
			Name: one.Name, From: one.From, Over: !one.Decides, Who: w.Beside(w.T("guardian.kind."+one.Kind), w.T("custody."+one.Custody)),
			Answer: w.T("guardians.answer." + string(one.Answer)), Kind: map[consenting.Standpoint]string{
				consenting.StandsGiven: "signed", consenting.StandsRefused: "removed", consenting.StandsSilent: "missing",
			}[one.Answer],
		}
		if !one.To.Equal(sig.Forever) {
			row.To = one.To
		}
		at := path + "/" + one.ID.String()
		if one.Decides && !one.Changing && g.Case.Can(consenting.ActionEndCustody) {
			row.End = at + "/end"
		}
		switch {
		case !one.Until.IsZero():
			row.Until = w.lastDay(one.Until)
			if g.Case.Can(consenting.ActionPrevent) {
				row.Again = at + "/decides"
			}
		case one.Decides && decide > 1 && g.Case.Can(consenting.ActionPrevent):
			row.Prevent = at + "/prevented"
		}
		d.Rows = append(d.Rows, row)
	}
}
