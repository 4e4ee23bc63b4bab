package httpd

import (
	"errors"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
)

// refuseData asks once more before a no.
type refuseData struct {
	Base
	Path string
}

// consentRefuseShow asks.
func (a *App) consentRefuseShow(r *Request) error {
	t, err := a.question(r)
	if err != nil {
		return err
	}
	if !t.Can(consenting.ActionRefuse) {
		return r.SeeOther(consentPath(t.ID), "")
	}
	return refusePage.Send(r, refuseData{r.Base("citizen.decline.title"), consentPath(t.ID)})
}

// consentRefuse says no. It needs no fresh login: a no opens nothing.
func (a *App) consentRefuse(r *Request) error {
	var nothing struct{}
	if err := r.Form(&nothing); err != nil {
		return err
	}
	t, err := a.question(r)
	if err != nil {
		return err
	}
	_, err = a.deps.Consenting.Refuse(r.Context(), r.Actor(), t.ID)
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Conflict {
		return r.SeeOther(consentPath(t.ID), "")
	}
	if err != nil {
		return err
	}
	return r.SeeOther("/start", "flash.declined")
}

var refusePage = page("consent_sign_refuse", func(b Base) []refuseData {
	b.Title = b.T("citizen.decline.title")
	return []refuseData{{b, "/x"}}
})
