package directory

import (
	"fmt"
	"regexp"
	"slices"

	"sigportal/internal/sig"
)

var (
	municipalityForm = regexp.MustCompile(`^[0-9]{4}$`)
	emailForm        = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

// check holds the file's parts against each other.
func (p *parser) check() {
	d := &p.out.Directory
	for _, a := range d.Authorities {
		p.knownDistricts(label("authority", a.ID), a.Districts)
		if a.Municipality != "" && !municipalityForm.MatchString(string(a.Municipality)) {
			p.wrong(label("authority", a.ID), "a municipality has four digits")
		}
	}
	for _, u := range d.Units {
		a, _ := d.Authority(u.Authority)
		p.knownDistricts(label("unit", u.ID), u.Districts)
		p.within(label("unit", u.ID), u.Districts, a.Districts, label("authority", a.ID))
	}
	for _, a := range d.Assignments {
		p.checkAssignment(a)
	}
	p.checkOverlaps(d.Assignments)
	p.checkNames(d.Assignments)
	for i := range d.Moves {
		p.checkMove(&d.Moves[i])
	}
}

func (p *parser) wrong(where, format string, args ...any) {
	p.problems = append(p.problems, Problem{
		File: p.file, Line: p.out.line(where), Text: where + ": " + fmt.Sprintf(format, args...),
	})
}

func (p *parser) knownDistricts(where string, districts []sig.DistrictID) {
	for _, id := range districts {
		if _, ok := p.out.Directory.District(id); !ok {
			p.wrong(where, "district %s is not in the file", id)
		}
	}
}

// within refuses districts outside those of the organisation above, where
// that one has any.
func (p *parser) within(where string, inner, outer []sig.DistrictID, above string) {
	if len(outer) == 0 {
		return
	}
	for _, id := range inner {
		if !slices.Contains(outer, id) {
			p.wrong(where, "district %s is not one of %s", id, above)
		}
	}
}

func (p *parser) checkAssignment(a sig.Assignment) {
	where, d := assignmentLabel(a), &p.out.Directory
	i := slices.IndexFunc(d.Providers, func(i sig.IdentityProvider) bool { return i.Issuer == a.Issuer })
	switch {
	case i < 0:
		p.wrong(where, "identity provider %s is not in the file", a.Issuer)
	case d.Providers[i].Kind != sig.ProviderStaff:
		p.wrong(where, "identity provider %s vouches for citizens, not for staff", a.Issuer)
	}
	if a.Email != "" && !emailForm.MatchString(a.Email) {
		p.wrong(where, "the e-mail address is none")
	}
	p.knownDistricts(where, a.Districts)
	place, _ := d.Place(a.Unit, a.Function)
	p.within(where, a.Districts, place.Districts, label("unit", a.Unit))
}

// checkOverlaps refuses that somebody holds the same function in the same unit
// twice at one time: ending one of the two would not end the access.
func (p *parser) checkOverlaps(all []sig.Assignment) {
	type office struct {
		issuer, key string
		unit        sig.UnitID
		function    sig.Function
	}
	held := map[office][]sig.Assignment{}
	for _, a := range all {
		o := office{a.Issuer, a.StaffKey, a.Unit, a.Function}
		for _, b := range held[o] {
			if a.From.Before(b.To) && b.From.Before(a.To) {
				p.wrong(assignmentLabel(a), "overlaps the one on line %d", p.out.line(assignmentLabel(b)))
			}
		}
		held[o] = append(held[o], a)
	}
}

// checkNames refuses two names for one staff key, which are two people.
func (p *parser) checkNames(all []sig.Assignment) {
	first := map[[2]string]sig.Assignment{}
	for _, a := range all {
		who := [2]string{a.Issuer, a.StaffKey}
		if b, ok := first[who]; ok && b.Name != a.Name {
			p.wrong(assignmentLabel(a), "the same staff key has another name on line %d", p.out.line(assignmentLabel(b)))
		} else if !ok {
			first[who] = a
		}
	}
}

// checkMove refuses a move to or from nowhere. One to another authority is a
// move of its authority: consents do not follow it there, they end.
func (p *parser) checkMove(m *sig.FunctionMove) {
	where, d := moveLabel(*m), &p.out.Directory
	from, okFrom := d.Unit(m.From)
	_, okTo := d.Unit(m.To)
	switch {
	case !okFrom:
		p.wrong(where, "unit %s is not in the file", m.From)
	case !okTo:
		p.wrong(where, "unit %s is not in the file", m.To)
	case m.From == m.To:
		p.wrong(where, "it goes nowhere")
	}
	m.Authority = from.Authority
}
