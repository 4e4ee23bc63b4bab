package httpd

import (
	"slices"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// protectionData is the mark of protected identity of a young person.
type protectionData struct {
	Base
	Top   caseTop
	Under sig.Protection // what is marked now
	Kinds []fieldChoice

	Followed bool // nobody has looked through the case since the mark was made
}

var protectionPage = page("protection_set", func(b Base) []protectionData {
	of := func(change func(*consenting.Case)) protectionData {
		d := protectionData{Base: b}
		d.fill(sampleBoardCase(change))
		return d
	}
	followed := of(func(c *consenting.Case) { c.Youth.Protection = sig.ProtectionMarked })
	followed.Followed = true
	return []protectionData{
		of(func(c *consenting.Case) { c.Actions = append(c.Actions, consenting.ActionDecide) }),
		of(func(c *consenting.Case) { c.Youth.Protection = sig.ProtectionMarked }),
		followed,
	}
})

// protectionShow asks under which protection the data stand.
func (a *App) protectionShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionProtect)
	if err != nil {
		return err
	}
	tasks, err := a.deps.Casework.TasksOf(r.Context(), r.Actor(), c.ID)
	if err != nil {
		return err
	}
	data := protectionData{Base: r.Base("protection.title")}
	data.fill(c)
	data.Followed = slices.ContainsFunc(tasks, func(t casework.TaskLine) bool { return t.Kind == "protection_followed" })
	return protectionPage.Send(r, data)
}

func (d *protectionData) fill(c *consenting.Case) {
	d.Top, d.Under = caseTopOf(c), c.Youth.Protection
	for _, p := range sig.Protections() {
		one := fieldChoice{Value: string(p), Text: d.T("protection." + string(p))}
		if p == sig.ProtectionNone {
			one.Hint = d.T("protection.none.hint")
		}
		d.Kinds = append(d.Kinds, one)
	}
}

// protectionSet records it, in every view at once.
func (a *App) protectionSet(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Protection string `form:"protection,max=20"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.protectionShow)
	}
	if _, err := a.deps.Consenting.Protect(r.Context(), r.Actor(), id, sig.Protection(in.Protection)); err != nil {
		return r.Late(err, a.protectionShow)
	}
	return r.SeeOther(casePath(id), "flash.protection_set")
}
