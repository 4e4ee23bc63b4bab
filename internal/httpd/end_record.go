package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// endData is the board's own decision to end the collaboration.
type endData struct {
	Base
	Top     caseTop
	Today   string
	Reasons []fieldChoice
}

// endShow shows the form to the social secretary.
func (a *App) endShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionEnd)
	if err != nil {
		return err
	}
	data := endData{Base: r.Base("board.act.end")}
	data.fill(c)
	return endPage.Send(r, data)
}

func (d *endData) fill(c *consenting.Case) {
	d.Top, d.Today = caseTopOf(c), sig.DateOf(c.Now).String()
	for _, reason := range consenting.EndReasons() {
		d.Reasons = append(d.Reasons, fieldChoice{Value: string(reason), Text: d.T("closed." + string(reason))})
	}
}

// endMake records the decision, and all sharing ends.
func (a *App) endMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Reason    string `form:"reason,max=40"`
		On        string `form:"on,max=10"`
		Reference string `form:"reference,max=100"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.endShow)
	}
	on, err := sig.ParseDate(in.On)
	if err != nil {
		var check fault.Check
		check.Fail("on", "error.bad_date")
		return r.Again(check.Err(), a.endShow)
	}
	ending := consenting.Ending{Reason: sig.ClosedReason(in.Reason), On: on, Reference: in.Reference}
	if _, err := a.deps.Consenting.End(r.Context(), r.Actor(), id, ending); err != nil {
		return r.Again(err, a.endShow)
	}
	return r.SeeOther(casePath(id), "flash.ended")
}

var endPage = page("end_record", func(b Base) []endData {
	d := endData{Base: b}
	d.fill(sampleBoardCase(func(*consenting.Case) {}))
	return []endData{d}
})
