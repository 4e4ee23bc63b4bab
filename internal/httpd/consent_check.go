package httpd

import (
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// consentCheck says what would be wrong with the draft as it stands on screen,
// and how the family would read it. Nothing is saved.
func (a *App) consentCheck(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in consentForm
	err := r.Form(&in)
	if isMalformed(err) {
		return err
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
	c, err := a.boardCase(r, consenting.ActionPrepare)
	if err != nil {
		return err
	}
	if err := a.deps.Consenting.Check(r.Context(), r.Actor(), id, in.draft(c)); err != nil {
		return r.Again(atFields(err), a.consentEdit)
	}
	data, err := a.consentForm(r, c)
	if err != nil {
		return err
	}
	data.Checked, r.status = true, fiber.StatusOK
	return consentEditPage.Send(r, *data)
}
