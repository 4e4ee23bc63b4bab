package httpd

import (
	"errors"

	"github.com/gofiber/fiber/v2"

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
	before, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	after, err := a.deps.Consenting.SaveDraft(r.Context(), r.Actor(), id, in.draft(before))
	if err != nil {
		return r.Again(atFields(err), a.consentEdit)
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
