package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// outcomeData is what other measures were considered after a case has ended.
type outcomeData struct {
	Base
	Top      caseTop
	Ended    time.Time
	Reason   string
	Outcomes []fieldChoice
}

// outcomeShow shows the form to the social secretary.
func (a *App) outcomeShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionOutcome)
	if err != nil {
		return err
	}
	data := outcomeData{Base: r.Base("task.consider_other_measures")}
	data.fill(familyWords{Language: r.lang}, c)
	return outcomePage.Send(r, data)
}

func (d *outcomeData) fill(w familyWords, c *consenting.Case) {
	d.Top, d.Ended, d.Reason = caseTopOf(c), c.StateSince, w.closed(c)
	for _, o := range []consenting.Outcome{
		consenting.OutcomeNewInquiry, consenting.OutcomeOtherMeasure, consenting.OutcomeLVU, consenting.OutcomeNoFurther,
	} {
		d.Outcomes = append(d.Outcomes, fieldChoice{Value: string(o), Text: w.T("task.outcome." + string(o))})
	}
}

// outcomeMake records it, which closes the case for good.
func (a *App) outcomeMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Outcome string `form:"outcome,max=20"`
		Reason  string `form:"reason,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.outcomeShow)
	}
	if _, err := a.deps.Consenting.RecordOutcome(r.Context(), r.Actor(), id, consenting.Outcome(in.Outcome), in.Reason); err != nil {
		return r.Again(err, a.outcomeShow)
	}
	return r.SeeOther(casePath(id), "flash.task_done")
}

var outcomePage = page("outcome_record", func(b Base) []outcomeData {
	d := outcomeData{Base: b}
	d.fill(familyWords{Language: b.Language}, sampleBoardCase(func(c *consenting.Case) {
		c.State, c.ClosedReason, c.InForce = sig.InterventionClosing, sig.ClosedConsentWithdrawn, nil
	}))
	return []outcomeData{d}
})
