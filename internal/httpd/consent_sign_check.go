package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// signCheckData is the last page before a signature: exactly the text that is
// signed, with its hash in the form.
type signCheckData struct {
	Base
	Text    consentText
	Swedish bool // the reader's language is a draft: only Swedish can be signed
	Next    string
	// Interpreter is where to ask for one.
	Interpreter string
}

// consentSignCheck shows it, to who may sign now.
func (a *App) consentSignCheck(r *Request) error {
	t, err := a.question(r)
	if err != nil {
		return err
	}
	if !t.Can(consenting.ActionSign) {
		return r.SeeOther(consentPath(t.ID), "")
	}
	data := signCheckData{Base: r.Base("citizen.sign.check.title"), Text: consentTextOf(familyWords{Language: r.lang}, t, r.Actor().Kind)}
	data.Swedish, data.Next = data.Draft, data.Text.Path+"/sign"
	data.Interpreter = inquiriesPath(t.Intervention) + "/new"
	return signCheckPage.Send(r, data)
}

// question is the version of the path, as the reader may see it.
func (a *App) question(r *Request) (*consenting.Text, error) {
	name := "id"
	if r.Params("consent") != "" { // as the API's neighbours write it
		name = "consent"
	}
	var id sig.ConsentID
	if err := pathID(r, name, &id); err != nil {
		return nil, err
	}
	return a.deps.Consenting.Text(r.Context(), r.Actor(), id)
}

var signCheckPage = page("consent_sign_check", func(b Base) []signCheckData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("citizen.sign.check.title")
	text := consentTextOf(w, sampleQuestion(), sig.ActorGuardian)
	changed := consentTextOf(w, sampleChange(), sig.ActorGuardian)
	return []signCheckData{{Base: b, Text: text, Next: "/x"}, {Base: b, Text: changed, Next: "/x"}, {Base: b, Text: text, Swedish: true, Next: "/x", Interpreter: "/y"}}
})
