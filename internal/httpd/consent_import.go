package httpd

import (
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// importFields are what a consent on paper needs besides its rows.
type importFields struct{ Signers, Methods, Spoken []fieldChoice }

// importShow shows the form in which a consent that was signed on paper before
// the portal is mapped row by row to named functions.
func (a *App) importShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionImport)
	if err != nil {
		return err
	}
	data, err := a.importForm(r, c)
	if err != nil {
		return err
	}
	return consentEditPage.Send(r, *data)
}

func (a *App) importForm(r *Request, c *consenting.Case) (*consentEditData, error) {
	data, err := a.consentForm(r, c)
	if err != nil {
		return nil, err
	}
	people, err := a.deps.Consenting.Signers(r.Context(), r.Actor(), c.ID)
	if err != nil {
		return nil, err
	}
	data.Title, data.Action, data.Discard = r.lang.T("board.import.title"), casePath(c.ID)+"/consent/import", ""
	var e explainData
	e.choices(familyWords{Language: r.lang})
	data.Import = &importFields{Methods: e.Methods, Spoken: e.Spoken}
	for _, s := range people {
		data.Import.Signers = append(data.Import.Signers, fieldChoice{Value: signerValue(s), Text: s.Name})
	}
	return data, nil
}

// importMake takes it over: it then waits for the decision on the measure.
func (a *App) importMake(r *Request) error {
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
		return a.importShow(r)
	}
	if err != nil {
		return r.Again(err, a.importShow)
	}
	if err := in.ours(); err != nil {
		return err
	}
	if err := in.days(); err != nil {
		return r.Again(err, a.importShow)
	}
	c, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	paper := consenting.Import{Draft: in.draft(c), Method: consenting.Method(in.Method), Language: in.Language}
	for _, value := range in.SignedBy {
		if signer, ok := readSigner(value); ok {
			paper.SignedBy = append(paper.SignedBy, signer)
		}
	}
	if _, err := a.deps.Consenting.ImportLegacy(r.Context(), r.Actor(), id, paper); err != nil {
		return a.consentStands(r, atFields(err), a.importForm)
	}
	return r.SeeOther(casePath(id), "flash.consent_imported")
}
