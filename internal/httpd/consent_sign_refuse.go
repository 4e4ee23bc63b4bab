package httpd

import (
	"errors"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// refuseData asks once more before a no.
type refuseData struct {
	Base
	Path     string
	Change   bool   // what is in force goes on
	Weighed  bool   // the social secretary can go on against this no
	TakeBack string // where what is in force can be taken back
}

func refuseDataOf(b Base, t *consenting.Text, kind sig.ActorKind) refuseData {
	d := refuseData{Base: b, Path: consentPath(t.ID), Change: t.BeforeGoesOn}
	d.Weighed = kind == sig.ActorYouth && t.Youth.Age < sig.OwnRightFrom
	if d.Change {
		d.TakeBack = withdrawPath(t.Intervention, sig.GrantID{})
	}
	return d
}

func refuseTitle(t *consenting.Text) string {
	if t.BeforeGoesOn {
		return "citizen.decline.change.title"
	}
	return "citizen.decline.title"
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
	return refusePage.Send(r, refuseDataOf(r.Base(refuseTitle(t)), t, r.Actor().Kind))
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
	if t.BeforeGoesOn {
		return r.SeeOther("/start", "flash.declined_change")
	}
	return r.SeeOther("/start", "flash.declined")
}

var refusePage = page("consent_sign_refuse", func(b Base) []refuseData {
	b.Title = b.T("citizen.decline.title")
	change := b
	change.Title = b.T("citizen.decline.change.title")
	return []refuseData{
		{Base: b, Path: "/x"}, {Base: b, Path: "/x", Weighed: true},
		{Base: change, Path: "/x", Change: true, TakeBack: "/x/withdraw"}, {Base: change, Path: "/x", Change: true, Weighed: true, TakeBack: "/x/withdraw"},
	}
})
