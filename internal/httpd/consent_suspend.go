package httpd

import (
	"context"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// suspendData is the pause of a consent, with its reason.
type suspendData struct {
	Base
	Top     caseTop
	Reasons []fieldChoice
}

var suspendPage = page("consent_suspend", func(b Base) []suspendData {
	d := suspendData{Base: b}
	d.fill(sampleBoardCase(func(*consenting.Case) {}))
	return []suspendData{d}
})

// consentSuspendShow asks why.
func (a *App) consentSuspendShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionSuspend)
	if err != nil {
		return err
	}
	data := suspendData{Base: r.Base("consent.suspend.title")}
	data.fill(c)
	return suspendPage.Send(r, data)
}

func (d *suspendData) fill(c *consenting.Case) {
	d.Top = caseTopOf(c)
	for _, why := range sig.Suspensions() {
		d.Reasons = append(d.Reasons, fieldChoice{Value: string(why), Text: d.T("suspension." + string(why))})
	}
}

// consentSuspend pauses the consent in force.
func (a *App) consentSuspend(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Why string `form:"why,max=40"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.consentSuspendShow)
	}
	if _, err := a.deps.Consenting.Suspend(r.Context(), r.Actor(), id, sig.Suspension(in.Why)); err != nil {
		return r.Again(err, a.consentSuspendShow)
	}
	return r.SeeOther(casePath(id), "flash.consent_suspended")
}

// consentResume lets a paused consent hold again.
func (a *App) consentResume(r *Request) error {
	return a.oneButton(r, func(ctx context.Context, id sig.InterventionID) error {
		_, err := a.deps.Consenting.Resume(ctx, r.Actor(), id)
		return err
	}, "", "flash.consent_resumed")
}
