package httpd

import (
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// planReportData is the form on which a function says that its commitment is
// done.
type planReportData struct {
	Base
	Top  caseTop
	Path string // of the commitment
	Plan string
	Row  commitmentRow
	Tell bool // the function may write to the board how it went
}

var planReportPage = page("plan_report", func(b Base) []planReportData {
	one := planReportData{Base: b, Top: sampleTop, Path: "/x", Plan: "/x", Row: sampleCommitments[0], Tell: true}
	silent := one
	silent.Tell = false
	return []planReportData{one, silent}
})

func (r *Request) commitmentAddress() (id sig.InterventionID, c sig.CommitmentID, err error) {
	if err = pathID(r, "id", &id); err == nil {
		err = pathID(r, "commitment", &c)
	}
	return id, c, err
}

// planReportShow shows the form.
func (a *App) planReportShow(r *Request) error {
	id, c, err := r.commitmentAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open.Commitments, func(one plan.Commitment) bool { return one.ID == c })
	switch {
	case i < 0:
		return fault.Missing()
	case !open.Commitments[i].Report:
		return fault.New(fault.Denied, "error.denied")
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	row := commitmentRowOf(w, planPath(id), open.Commitments[i], open.Protected)
	return planReportPage.Send(r, planReportData{
		Base: r.Base("plan.report.title"), Path: row.Path, Plan: planPath(id), Row: row, Tell: open.Commitments[i].Tell,
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true},
	})
}

// planReport says that it is done.
func (a *App) planReport(r *Request) error {
	id, c, err := r.commitmentAddress()
	if err != nil {
		return err
	}
	var form struct {
		Note string `form:"note,max=1000,lines"`
	}
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.planReportShow)
	}
	if err := a.deps.Plan.Report(r.Context(), r.Actor(), id, c, form.Note); err != nil {
		return r.Again(err, a.planReportShow)
	}
	return r.SeeOther(planPath(id), "flash.commitment_done")
}

// planStop stops a commitment that is no longer wanted.
func (a *App) planStop(r *Request) error {
	id, c, err := r.commitmentAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Plan.Stop(r.Context(), r.Actor(), id, c); err != nil {
		return err
	}
	return r.SeeOther(planPath(id), "flash.commitment_stopped")
}
