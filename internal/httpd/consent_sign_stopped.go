package httpd

import (
	"errors"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// signStoppedData says in plain words that nothing was signed, and why.
type signStoppedData struct {
	Base
	Text string
	Path string // the way on
}

// signStopped is the answer to a signature that did not come about.
func signStopped(r *Request, id sig.ConsentID, err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	r.status = statusOf(wrong.Kind)
	title, text := "citizen.sign.other_person.title", wrong.Code
	switch wrong.Code {
	case "error.version_changed", "error.version_is_over":
		title, text = "citizen.sign.changed.title", "citizen.sign.changed.text"
	case "error.step_up_other_person":
		text = "citizen.sign.other_person.text"
	case "error.login_cancelled":
		text = "citizen.sign.cancelled"
	}
	path := "/start"
	if !id.IsZero() {
		path = consentPath(id)
	}
	return signStoppedPage.Send(r, signStoppedData{Base: r.Base(title), Text: r.lang.TArgs(text, wrong.Args), Path: path})
}

// loginCallback answers a login. One that a member of a family began in order
// to sign, and that somebody else came back from or that was given up, is told
// on a page of its own: nothing is signed.
func (a *App) loginCallback(r *Request) error {
	err := a.deps.Login.Callback(r.Ctx)
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || !r.Actor().IsCitizen() {
		return err
	}
	switch wrong.Code {
	case "error.step_up_other_person", "error.login_cancelled":
		return signStopped(r, sig.ConsentID{}, wrong)
	}
	return err
}

var signStoppedPage = page("consent_sign_stopped", func(b Base) []signStoppedData {
	b.Title = b.T("citizen.sign.changed.title")
	return []signStoppedData{{b, b.T("citizen.sign.changed.text"), "/x"}}
})
