package httpd

import (
	"errors"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// consentSignFinish is where the fresh login comes back to, and signs. It is a
// GET that changes something, as every return from a login is; nobody else can
// make the browser do it, since the proof in the address opens only in this
// session, once, for this text.
func (a *App) consentSignFinish(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	proof, err := signProof(r)
	if err != nil {
		return signStopped(r, id, err)
	}
	_, err = a.deps.Consenting.Sign(r.Context(), r.Actor(), id, r.Query("text"), proof)
	wrong, ok := errors.AsType[*fault.Error](err)
	switch {
	case ok && wrong.Kind == fault.Conflict:
		return a.signedAlready(r, wrong)
	case ok && wrong.Kind == fault.StepUp:
		return signStopped(r, id, wrong)
	case err != nil:
		return err
	}
	return r.SeeOther(consentPath(id)+"/signed", "")
}

// signedAlready answers the same address opened again with the thanks of the
// first time; to anybody else it says that nothing was signed.
func (a *App) signedAlready(r *Request, wrong *fault.Error) error {
	t, err := a.question(r)
	if err != nil {
		return err
	}
	if t.Me.Answer == sig.AnswerSigned {
		return r.SeeOther(consentPath(t.ID)+"/signed", "")
	}
	return signStopped(r, t.ID, wrong)
}

// signProof is the handle of the fresh login, as package login puts it into
// the address.
func signProof(r *Request) (consenting.StepUpID, error) {
	var id consenting.StepUpID
	if err := id.UnmarshalText([]byte(r.Query("step_up"))); err != nil || id.IsZero() {
		return id, fault.New(fault.StepUp, "error.step_up")
	}
	return id, nil
}

// signedData thanks for a yes.
type signedData struct {
	Base
	When string
	Next string
	Path string
}

// consentSigned is the page after signing.
func (a *App) consentSigned(r *Request) error {
	t, err := a.question(r)
	if err != nil {
		return err
	}
	if t.Me.Answer != sig.AnswerSigned {
		return r.SeeOther(consentPath(t.ID), "")
	}
	data := signedData{Base: r.Base("citizen.sign.done.title"), Path: consentPath(t.ID)}
	data.show(familyWords{Language: r.lang}, t)
	return signedPage.Send(r, data)
}

func (d *signedData) show(w familyWords, t *consenting.Text) {
	d.When = w.T("citizen.sign.done.text", "time", w.DateTime(t.Me.AnsweredAt))
	switch t.State {
	case sig.ConsentPartiallySigned:
		d.Next = w.T("citizen.sign.done.waiting")
	case sig.ConsentSigned:
		d.Next = w.T("citizen.sign.done.all")
	case sig.ConsentActive:
		d.Next = w.T("citizen.sign.done.active")
	default:
	}
}

var signedPage = page("consent_sign_done", func(b Base) []signedData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("citizen.sign.done.title")
	var list []signedData
	for _, state := range []sig.ConsentState{sig.ConsentPartiallySigned, sig.ConsentSigned, sig.ConsentActive} {
		t := sampleQuestion()
		t.State, t.Me = state, t.Signers[0]
		d := signedData{Base: b, Path: "/x"}
		d.show(w, t)
		list = append(list, d)
	}
	return list
})
