package httpd

import (
	"net/url"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
)

// signForm is the yes on the check page: to what stood there.
type signForm struct {
	Text       string `form:"text,max=200,required"`
	Understood bool   `form:"understood"`
}

// purposeSign is what the fresh login is for.
const purposeSign = "sign"

// consentSignStart sends the signer to log in anew. Nothing is signed yet: the
// login is bound to the text on screen and comes back to consentSignFinish.
func (a *App) consentSignStart(r *Request) error {
	var form signForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.consentSignCheck)
	}
	t, err := a.question(r)
	if err != nil {
		return err
	}
	seen := consenting.Seen(t.TextHash, r.lang)
	switch {
	case !t.Can(consenting.ActionSign):
		return r.SeeOther(consentPath(t.ID), "")
	case r.app.draft(r.Context(), r.lang):
		return r.SeeOther(consentPath(t.ID)+"/sign", "") // the page says why, and offers Swedish
	case form.Text != seen:
		return signStopped(r, t.ID, fault.New(fault.Conflict, "error.version_changed"))
	case !form.Understood:
		var check fault.Check
		check.Fail("understood", "citizen.sign.tick")
		return r.Again(check.Err(), a.consentSignCheck)
	}
	return a.deps.Login.StartStepUp(r.Ctx, purposeSign, seen,
		consentPath(t.ID)+"/sign/finish?text="+url.QueryEscape(seen))
}
