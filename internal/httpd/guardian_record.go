package httpd

import (
	"context"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// guardianNewData is the form of a new guardian.
type guardianNewData struct {
	Base
	Top                      caseTop
	Today, Tomorrow          string
	Kinds, Sources, Replaces []fieldChoice
}

// guardianActData is what is recorded about one guardian.
type guardianActData struct {
	Base
	Top         caseTop
	Path        string
	Name, Today string
	Tomorrow    string
	Ended       bool // the case has
	Sources     []fieldChoice
}

var guardianNewPage = page("guardian_new", func(b Base) []guardianNewData {
	d := guardianNewData{Base: b}
	d.fill(&consenting.Guardians{Case: sampleBoardCase(func(*consenting.Case) {}), Lines: []consenting.GuardianLine{{Name: "Omid Rahimi", Decides: true}}})
	return []guardianNewData{d}
})

var guardianEndPage = page("guardian_end", sampleGuardianAct)

var guardianPreventPage = page("guardian_prevent", sampleGuardianAct)

func sampleGuardianAct(b Base) []guardianActData {
	return []guardianActData{{Base: b, Top: sampleTop, Path: "/x", Name: "Omid Rahimi", Today: "2026-12-03", Tomorrow: "2026-12-04", Sources: sourceChoices(b)}}
}

func sourceChoices(b Base) (list []fieldChoice) {
	for _, v := range []string{"population_register", "judgment", "manual"} {
		list = append(list, fieldChoice{Value: v, Text: b.T("guardian.source." + v)})
	}
	return list
}

// guardiansFor gives the guardians to whoever may do something about them.
func (a *App) guardiansFor(r *Request, action consenting.Action) (*consenting.Guardians, error) {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return nil, err
	}
	g, err := a.deps.Consenting.Guardians(r.Context(), r.Actor(), id)
	if err != nil {
		return nil, err
	}
	if !g.Case.Can(action) {
		return nil, fault.New(fault.Denied, "error.denied")
	}
	return g, nil
}

// guardianNew shows the form.
func (a *App) guardianNew(r *Request) error {
	g, err := a.guardiansFor(r, consenting.ActionCustody)
	if err != nil {
		return err
	}
	data := guardianNewData{Base: r.Base("guardians.new.title")}
	data.fill(g)
	return guardianNewPage.Send(r, data)
}

func (d *guardianNewData) fill(g *consenting.Guardians) {
	d.Top, d.Today, d.Sources = caseTopOf(g.Case), sig.DateOf(g.Case.Now).String(), sourceChoices(d.Base)
	d.Tomorrow = sig.DateOf(g.Case.Now).AddDays(1).String()
	for _, v := range []string{"parent", "appointed"} {
		d.Kinds = append(d.Kinds, fieldChoice{Value: v, Text: d.T("guardian.kind." + v)})
	}
	d.Replaces = []fieldChoice{{Value: "", Text: d.T("guardians.replaces.nobody")}}
	for _, one := range g.Lines {
		if one.Decides && !one.Changing {
			d.Replaces = append(d.Replaces, fieldChoice{Value: one.ID.String(), Text: one.Name})
		}
	}
}

// guardianRecord records a new guardian.
func (a *App) guardianRecord(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Number     string `form:"number,max=20"`
		Name       string `form:"name"`
		Kind       string `form:"kind,max=20"`
		Source     string `form:"source,max=40"`
		VerifiedOn string `form:"verified_on,max=10"`
		Email      string `form:"email"`
		Phone      string `form:"phone,max=40"`
		Replaces   string `form:"replaces,max=40"`
		Reference  string `form:"reference,max=100"`
		From       string `form:"from,max=10"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guardianNew)
	}
	var check fault.Check
	one := consenting.NewGuardian{
		Name: in.Name, Kind: in.Kind, Source: in.Source, Email: in.Email, Phone: in.Phone, VerifiedOn: dayOr(&check, "verified_on", in.VerifiedOn),
		Reference: in.Reference, From: dayAhead(&check, in.From),
	}
	one.Number = numberOr(&check, "number", in.Number)
	if in.Replaces != "" && one.Replaces.UnmarshalText([]byte(in.Replaces)) != nil {
		check.Fail("replaces", "error.choose_one")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.guardianNew)
	}
	if _, err := a.deps.Consenting.RecordGuardian(r.Context(), r.Actor(), id, one); err != nil {
		return r.Again(err, a.guardianNew)
	}
	return r.SeeOther(guardiansPath(id), "flash.saved")
}

// dayAhead is the day from which something holds; none for at once.
func dayAhead(c *fault.Check, text string) sig.Date {
	if text == "" {
		return sig.Date{}
	}
	return dayOr(c, "from", text)
}

func dayOr(c *fault.Check, field, text string) sig.Date {
	day, err := sig.ParseDate(text)
	if err != nil {
		c.Fail(field, "error.bad_date")
	}
	return day
}

// guardianOne shows a form about one guardian who decides.
func (a *App) guardianOne(r *Request, action consenting.Action, title string) (guardianActData, error) {
	var id sig.GuardianID
	if err := pathID(r, "guardian", &id); err != nil {
		return guardianActData{}, err
	}
	g, err := a.guardiansFor(r, action)
	if err != nil {
		return guardianActData{}, err
	}
	for _, one := range g.Lines {
		if one.ID == id && one.Decides && (action != consenting.ActionEndCustody || !one.Changing) {
			data := guardianActData{
				Base: r.Base(title), Top: caseTopOf(g.Case), Path: guardiansPath(g.Case.ID) + "/" + id.String(), Name: one.Name,
				Today: sig.DateOf(g.Case.Now).String(), Tomorrow: sig.DateOf(g.Case.Now).AddDays(1).String(), Ended: g.Case.State.Ended(),
			}
			data.Sources = sourceChoices(data.Base)
			return data, nil
		}
	}
	return guardianActData{}, fault.Missing()
}

// guardianEndShow shows the form of an end.
func (a *App) guardianEndShow(r *Request) error {
	data, err := a.guardianOne(r, consenting.ActionEndCustody, "guardians.end.title")
	if err != nil {
		return err
	}
	return guardianEndPage.Send(r, data)
}

// guardianEnd records that somebody does not decide any more.
func (a *App) guardianEnd(r *Request) error {
	var id sig.InterventionID
	var guardian sig.GuardianID
	if err := pathIDs(r, &id, &guardian); err != nil {
		return err
	}
	var in struct {
		Since     string `form:"since,max=10"`
		From      string `form:"from,max=10"`
		Source    string `form:"source,max=40"`
		Reference string `form:"reference,max=100"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guardianEndShow)
	}
	var check fault.Check
	ended := consenting.EndedCustody{Guardian: guardian, Since: dayOr(&check, "since", in.Since), Source: in.Source, Reference: in.Reference, From: dayAhead(&check, in.From)}
	if err := check.Err(); err != nil {
		return r.Again(err, a.guardianEndShow)
	}
	if _, err := a.deps.Consenting.EndCustody(r.Context(), r.Actor(), id, ended); err != nil {
		return r.Again(err, a.guardianEndShow)
	}
	return r.SeeOther(guardiansPath(id), "flash.saved")
}

func pathIDs(r *Request, id *sig.InterventionID, guardian *sig.GuardianID) error {
	if err := pathID(r, "id", id); err != nil {
		return err
	}
	return pathID(r, "guardian", guardian)
}

// guardianPreventShow shows the form of a guardian who is kept from deciding.
func (a *App) guardianPreventShow(r *Request) error {
	data, err := a.guardianOne(r, consenting.ActionPrevent, "guardians.prevent.title")
	if err != nil {
		return err
	}
	return guardianPreventPage.Send(r, data)
}

// guardianPrevent records it.
func (a *App) guardianPrevent(r *Request) error {
	var id sig.InterventionID
	var guardian sig.GuardianID
	if err := pathIDs(r, &id, &guardian); err != nil {
		return err
	}
	var in struct {
		Until      string `form:"until,max=10"`
		Reason     string `form:"reason,max=4000,lines"`
		NotDrastic bool   `form:"not_drastic"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guardianPreventShow)
	}
	var check fault.Check
	p := consenting.Prevention{Guardian: guardian, Until: dayOr(&check, "until", in.Until), Reason: in.Reason, NotDrastic: in.NotDrastic}
	if err := check.Err(); err != nil {
		return r.Again(err, a.guardianPreventShow)
	}
	if _, err := a.deps.Consenting.Prevent(r.Context(), r.Actor(), id, p); err != nil {
		return r.Again(err, a.guardianPreventShow)
	}
	return r.SeeOther(guardiansPath(id), "flash.saved")
}

// guardianDecides records that somebody decides again.
func (a *App) guardianDecides(r *Request) error {
	var guardian sig.GuardianID
	if err := pathID(r, "guardian", &guardian); err != nil {
		return err
	}
	return a.oneButton(r, func(ctx context.Context, id sig.InterventionID) error {
		_, err := a.deps.Consenting.DecidesAgain(ctx, r.Actor(), id, guardian)
		return err
	}, "/guardians", "flash.saved")
}
