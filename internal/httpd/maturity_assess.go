package httpd

import (
	"slices"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// maturityData is the assessment of a young person's age and maturity.
type maturityData struct {
	Base
	Top      caseTop
	Age      int
	Before   string // the assessment that counts now
	Outcomes []fieldChoice
	Alone    []fieldChoice // the categories over which the young person may dispose alone; none under 12
}

// maturityShow shows the form to the social secretary.
func (a *App) maturityShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionAssess)
	if err != nil {
		return err
	}
	data := maturityData{Base: r.Base("consent.maturity.title")}
	data.fill(c)
	return maturityPage.Send(r, data)
}

func (d *maturityData) fill(c *consenting.Case) {
	d.Top, d.Age = caseTopOf(c), c.Youth.Age
	if c.Maturity != "" {
		d.Before = d.T("maturity." + string(c.Maturity))
	}
	for _, m := range []sig.MaturityOutcome{sig.Mature, sig.NotMature} {
		d.Outcomes = append(d.Outcomes, fieldChoice{
			Value: string(m), Text: d.T("maturity." + string(m)), Hint: d.T("board.maturity." + string(m)),
		})
	}
	if c.Youth.Age < consenting.AloneFrom || c.Youth.Age >= 18 {
		return
	}
	for _, k := range sig.Categories() {
		d.Alone = append(d.Alone, fieldChoice{Value: string(k), Text: d.T("category." + string(k)), Chosen: slices.Contains(c.Alone, k)})
	}
}

// maturityMake records the assessment; it counts for who must sign from now on.
func (a *App) maturityMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Outcome string         `form:"outcome,max=20"`
		Alone   []sig.Category `form:"alone"`
		Reason  string         `form:"reason,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.maturityShow)
	}
	if err := chosenAndWritten(in.Outcome, in.Reason); err != nil {
		return r.Again(err, a.maturityShow)
	}
	_, err := a.deps.Consenting.AssessMaturity(r.Context(), r.Actor(), id, consenting.Assessment{
		Outcome: sig.MaturityOutcome(in.Outcome), Alone: in.Alone, Reason: in.Reason,
	})
	if err != nil {
		return r.Late(err, a.maturityShow)
	}
	return r.SeeOther(casePath(id), "flash.maturity_assessed")
}

// chosenAndWritten says both faults at once where a form has a choice and a
// reason.
func chosenAndWritten(choice, reason string) error {
	var check fault.Check
	if choice == "" {
		check.Fail("outcome", "error.choose_one")
	}
	if reason == "" {
		check.Fail("reason", "error.required")
	}
	return check.Err()
}

// refusalOverride goes against the no of a mature 12–14-year-old, with reasons.
func (a *App) refusalOverride(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Reason string `form:"reason,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.explainShow)
	}
	c, err := a.deps.Consenting.OverrideRefusal(r.Context(), r.Actor(), id, in.Reason)
	if err != nil {
		return r.Late(err, a.explainShow)
	}
	return r.SeeOther(casePath(c.ID), "flash.saved")
}

var maturityPage = page("maturity_assess", func(b Base) []maturityData {
	of := func(change func(*consenting.Case)) maturityData {
		d := maturityData{Base: b}
		d.fill(sampleBoardCase(change))
		return d
	}
	return []maturityData{of(func(*consenting.Case) {}), of(func(c *consenting.Case) { c.Maturity, c.Alone = sig.Mature, []sig.Category{sig.CategorySubstanceUse} })}
})
