package httpd

import (
	"github.com/google/uuid"

	"sigportal/internal/plan"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// planCopyData is the copy of the plan that may go to another board, before it
// goes.
type planCopyData struct {
	Base
	Top      caseTop
	Plan     string // the way back
	Key      string
	Version  int
	Goals    []string
	Promises []commitmentRow
	To       []fieldChoice
}

var planCopyPage = page("plan_copy", func(b Base) []planCopyData {
	full := planCopyData{
		Base: b, Top: sampleTop, Plan: "/x", Key: "key", Version: 2, Goals: []string{"Hemma före 22 på vardagar."},
		Promises: sampleCommitments[:1], To: []fieldChoice{{Value: "a/b/c", Text: "Samordnare, Skärholmen"}},
	}
	nobody := full
	nobody.To = nil
	return []planCopyData{full, nobody, {Base: b, Top: sampleTop, Plan: "/x"}}
})

// planCopyShow shows what would go, and to whom the consent lets it.
func (a *App) planCopyShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	c, err := a.deps.Plan.Copy(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := planCopyData{
		Base: r.Base("plan.copy.title"), Plan: planPath(id), Key: uuid.NewString(), Version: c.Version, Goals: textsOf(c.Goals),
		Top: caseTop{Path: casePath(id), Number: c.CaseNumber, Youth: c.YouthName, Live: true},
	}
	for _, p := range c.Promises {
		data.Promises = append(data.Promises, commitmentRowOf(w, planPath(id), p, false))
	}
	for _, seat := range c.To {
		data.To = append(data.To, fieldChoice{Value: seatValue(seat), Text: w.called(seat, false)})
	}
	return planCopyPage.Send(r, data)
}

// planCopySend sends it. Its text is Swedish, as all that authorities tell each
// other here.
func (a *App) planCopySend(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form struct {
		Key       string `form:"key,max=100"`
		To        string `form:"to,max=200"`
		Necessity string `form:"necessity,max=1000,lines"`
	}
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.planCopyShow)
	}
	sv := words.For("sv")
	item, err := a.deps.Plan.HandOver(r.Context(), r.Actor(), id, plan.Handing{
		Key: r.once(form.Key), To: seatOrNone(form.To), Necessity: form.Necessity, Goals: sv.T("plan.goals"), Promised: sv.T("plan.copy.promised"),
	})
	if err != nil {
		return r.Again(err, a.planCopyShow)
	}
	return r.SeeOther(casePath(id)+"/items/"+item.String(), "flash.plan_copied")
}
