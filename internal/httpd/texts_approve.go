package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// approvalForm is an authorised translator's word for exactly the texts that the
// path names.
type approvalForm struct {
	Translator string `form:"translator,max=100"`
	On         string `form:"on,max=10"`
}

// textsApprove records that the texts of a language have been approved.
func (a *App) textsApprove(r *Request) error {
	t, err := a.translation(r)
	if err != nil {
		return err
	}
	var in approvalForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.translationShow)
	}
	on, err := sig.ParseDate(in.On)
	if err != nil {
		var check fault.Check
		check.Fail("on", "error.bad_date")
		return r.Again(check.Err(), a.translationShow)
	}
	err = a.deps.Consenting.Approve(r.Context(), r.Actor(), consenting.Approving{
		Language: t.Tag(), Hash: t.Hash(), Translator: in.Translator, On: on,
	})
	if err != nil {
		return r.Again(err, a.translationShow)
	}
	return r.SeeOther("/texts", "flash.texts_approved")
}

// textsDisapprove takes an approval back.
func (a *App) textsDisapprove(r *Request) error {
	t, err := a.translation(r)
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Consenting.Disapprove(r.Context(), r.Actor(), t.Tag()); err != nil {
		return err
	}
	return r.SeeOther("/texts", "flash.texts_disapproved")
}
