package httpd

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// consentSave saves the draft, or does what a button beside the rows says and
// shows the form again with everything that was typed.
func (a *App) consentSave(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in consentForm
	err := r.Form(&in)
	if isMalformed(err) {
		return err
	}
	if rearrange(r.fields.typed, in.Do) {
		r.status = fiber.StatusOK
		return a.consentEdit(r)
	}
	if err != nil {
		return r.Again(err, a.consentEdit)
	}
	if err := in.ours(); err != nil {
		return err
	}
	if err := in.days(); err != nil {
		return r.Again(err, a.consentEdit)
	}
	before, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	after, err := a.deps.Consenting.SaveDraft(r.Context(), r.Actor(), id, in.draft(before))
	if err != nil {
		return a.consentStands(r, atFields(err), a.consentForm)
	}
	if after.InForce != nil {
		return r.SeeOther(casePath(id)+"/consent/preview", "flash.consent_saved")
	}
	return r.SeeOther(casePath(id), "flash.consent_saved")
}

// isMalformed reports whether what came is no form of ours at all.
func isMalformed(err error) bool {
	wrong, ok := errors.AsType[*fault.Error](err)
	return err != nil && (!ok || wrong.Kind != fault.Invalid)
}

// consentStands answers a matrix that was not saved. Whoever saves over a draft
// that was not seen gets both, status 409: what stands there, and the own rows in
// the form. Nothing was overwritten; saving once more puts the form in its place.
func (a *App) consentStands(r *Request, err error, form func(*Request, *consenting.Case) (*consentEditData, error)) error {
	show := func(r *Request) error {
		c, err := a.boardCase(r, consenting.ActionPrepare)
		if err != nil {
			return err
		}
		data, err := form(r, c)
		if err != nil {
			return err
		}
		return consentEditPage.Send(r, *data)
	}
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || wrong.Code != "error.draft_has_changed" {
		return r.Again(err, show)
	}
	c, err := a.boardCase(r, consenting.ActionPrepare)
	if err != nil {
		return err
	}
	r.status, r.fields = fiber.StatusConflict, r.readFields(wrong)
	seen := ""
	if c.Preparing != nil {
		seen = c.Preparing.Mark
	}
	r.fields.typed.Set("seen", seen)
	data, err := form(r, c)
	if err != nil {
		return err
	}
	data.Gone = c.Preparing == nil
	if c.Preparing != nil {
		data.Newer = boardVersionOf(familyWords{Language: r.lang}, c, c.Preparing)
	}
	return consentEditPage.Send(r, *data)
}
