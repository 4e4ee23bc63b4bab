package httpd

import (
	"fmt"
	"strings"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// proposalData is the form of a new intervention.
type proposalData struct {
	Base
	Programmes, Protections, Kinds, Custodies, Sources []fieldChoice
	Guardians                                          []guardianRow
}

// guardianRow is one row of the form for a guardian; people count from one.
type guardianRow struct{ Index, Number int }

var proposalPage = page("proposal", func(b Base) []proposalData {
	one := []fieldChoice{{Value: "sig", Text: "Social insatsgrupp (SIG)"}}
	return []proposalData{{Base: b, Programmes: one, Protections: one, Kinds: one, Custodies: one, Sources: one, Guardians: []guardianRow{{0, 1}, {1, 2}}}}
})

// proposalForm is what the form sends.
type proposalForm struct {
	Programme  string `form:"programme,required"`
	Number     string `form:"number,max=20,required"`
	Name       string `form:"name,required"`
	Protection string `form:"protection,required"`
	Email      string `form:"email"`
	Phone      string `form:"phone,max=40"`
	Contacted  bool   `form:"contacted"`
	Guardians  []struct {
		Number     string `form:"number,max=20"`
		Name       string `form:"name"`
		Kind       string `form:"kind"`
		Custody    string `form:"custody"`
		Source     string `form:"source"`
		VerifiedOn string `form:"verified_on,max=10"`
		Email      string `form:"email"`
		Phone      string `form:"phone,max=40"`
	} `form:"guardians"`
}

// guardianRows is how many guardians the form has room for.
const guardianRows = 2

// proposalShow shows the form to a coordinator; others have no such page.
func (a *App) proposalShow(r *Request) error {
	if r.Actor().Function != sig.RoleCoordinator {
		return fault.Missing()
	}
	data := proposalData{Base: r.Base("intervention.propose.title")}
	choices := func(prefix string, values ...string) (list []fieldChoice) {
		for _, v := range values {
			list = append(list, fieldChoice{Value: v, Text: r.lang.T(prefix + v)})
		}
		return list
	}
	data.Programmes = choices("programme.", "sig", "sspf")
	data.Protections = choices("protection.", "none", "marked", "registration", "fictitious")
	data.Kinds = choices("guardian.kind.", "parent", "appointed")
	data.Custodies = choices("custody.", "joint", "sole")
	data.Sources = choices("guardian.source.", "population_register", "judgment", "manual")
	for n := range guardianRows {
		data.Guardians = append(data.Guardians, guardianRow{n, n + 1})
	}
	return proposalPage.Send(r, data)
}

// proposalMake opens the intervention, or says only that it was received.
func (a *App) proposalMake(r *Request) error {
	if r.Actor().Function != sig.RoleCoordinator {
		return fault.Missing()
	}
	var in proposalForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.proposalShow)
	}
	proposal, rows, err := in.proposal()
	if err != nil {
		return r.Again(err, a.proposalShow)
	}
	out, err := a.deps.Casework.Propose(r.Context(), r.Actor(), proposal)
	if err != nil {
		return r.Again(atRows(err, "guardians", rows), a.proposalShow)
	}
	if out.Received {
		return r.SeeOther("/start", "intervention.propose.received")
	}
	return r.SeeOther(casePath(out.Intervention), "flash.saved")
}

// proposal reads the form; rows says from which of its rows each guardian came.
func (in proposalForm) proposal() (casework.Proposal, []int, error) {
	var c fault.Check
	p := casework.Proposal{
		Programme: sig.Programme(in.Programme), Name: in.Name, Protection: sig.Protection(in.Protection),
		Contact: casework.Contact{Email: in.Email, Phone: in.Phone},
	}
	p.Number = numberOr(&c, "number", in.Number)
	if !in.Contacted {
		c.Fail("contacted", "error.contact_first")
	}
	var rows []int
	for n, g := range in.Guardians {
		if strings.TrimSpace(g.Number+g.Name) == "" {
			continue
		}
		day, err := sig.ParseDate(g.VerifiedOn)
		if err != nil {
			day = sig.Date{}
		}
		rows = append(rows, n)
		p.Guardians = append(p.Guardians, casework.NewGuardian{
			Number: numberOr(&c, fmt.Sprintf("guardians.%d.number", n), g.Number), Name: g.Name, Kind: g.Kind, Custody: g.Custody,
			Source: g.Source, VerifiedOn: day, Contact: casework.Contact{Email: g.Email, Phone: g.Phone},
		})
	}
	return p, rows, c.Err()
}

func numberOr(c *fault.Check, field, text string) sig.PersonalNumber {
	number, err := sig.ParsePersonalNumber(strings.TrimSpace(text))
	if err != nil {
		c.Fail(field, "error.search_personal_number")
	}
	return number
}
