package directory

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"sigportal/internal/sig"
)

// parser turns nodes into the directory's own types and remembers lines.
type parser struct {
	reader
	out *File
}

// place notes where a thing stands, and refuses a second of the same label.
func (p *parser) place(n *yaml.Node, label string) bool {
	if first, twice := p.out.lines[label]; twice {
		p.fail(n, "%s stands twice, first on line %d", label, first)
		return false
	}
	p.out.lines[label] = n.Line
	return true
}

func (p *parser) top(n *yaml.Node) {
	p.mapping(n, "directory", fields{
		"districts":          p.each("districts", p.district),
		"identity_providers": p.each("identity_providers", p.provider),
		"authorities":        p.each("authorities", p.authority),
		"function_moves":     p.each("function_moves", p.move),
		"vacancies":          p.each("vacancies", p.vacancy),
	}, "authorities")
}

func (p *parser) district(n *yaml.Node) {
	var d sig.District
	p.mapping(n, "district", fields{"id": key(&p.reader, &d.ID), "name": p.text(&d.Name)}, "id", "name")
	if d.ID != "" && p.place(n, label("district", d.ID)) {
		p.out.Directory.Districts = append(p.out.Directory.Districts, d)
	}
}

func (p *parser) provider(n *yaml.Node) {
	var i sig.IdentityProvider
	p.mapping(n, "identity provider", fields{
		"issuer": key(&p.reader, &i.Issuer),
		"kind": word(&p.reader, "kind of provider", func(k sig.ProviderKind) bool {
			return k == sig.ProviderStaff || k == sig.ProviderCitizen
		}, &i.Kind),
		"staff_claim": p.text(&i.StaffClaim),
	}, "issuer", "kind")
	if (i.Kind == sig.ProviderStaff) != (i.StaffClaim != "") {
		p.fail(n, "identity provider %s: staff need a staff_claim, citizens have none", i.Issuer)
	}
	if i.Issuer != "" && p.place(n, label("identity provider", i.Issuer)) {
		p.out.Directory.Providers = append(p.out.Directory.Providers, i)
	}
}

func (p *parser) authority(n *yaml.Node) {
	var a sig.Authority
	var branches []*yaml.Node
	var school schoolYear
	p.mapping(n, "authority", fields{
		"id":           key(&p.reader, &a.ID),
		"kind":         word(&p.reader, "kind of authority", sig.AuthorityKind.Valid, &a.Kind),
		"name":         p.text(&a.Name),
		"municipality": p.text((*string)(&a.Municipality)),
		"districts":    p.districts(&a.Districts),
		"branches":     p.each("branches", func(n *yaml.Node) { branches = append(branches, n) }),
		"terms":        p.each("terms", func(n *yaml.Node) { p.period(n, false, &school) }),
		"breaks":       p.each("breaks", func(n *yaml.Node) { p.period(n, true, &school) }),
	}, "id", "kind", "name")
	a.PublicBody = a.Kind.PublicBody()
	if a.ID == "" || !p.place(n, label("authority", a.ID)) {
		return
	}
	p.out.Directory.Authorities = append(p.out.Directory.Authorities, a)
	p.year(a.ID, "", school)
	for _, b := range branches {
		p.branch(b, a)
	}
}

func (p *parser) branch(n *yaml.Node, a sig.Authority) {
	b := sig.Branch{Authority: a.ID}
	var units []*yaml.Node
	p.mapping(n, "branch", fields{
		"id":          key(&p.reader, &b.ID),
		"name":        p.text(&b.Name),
		"regime":      word(&p.reader, "secrecy regime of a branch", sig.SecrecyRegime.OfBranch, &b.Regime),
		"independent": func(n *yaml.Node) { p.independence(n, &b) },
		"units":       p.each("units", func(n *yaml.Node) { units = append(units, n) }),
	}, "id", "name", "regime")
	if b.ID == "" || !p.place(n, label("branch", b.ID)) {
		return
	}
	p.out.Directory.Branches = append(p.out.Directory.Branches, b)
	for _, u := range units {
		p.unit(u, b)
	}
}

// independence is a decision with a day and a reference, or it is not there.
func (p *parser) independence(n *yaml.Node, b *sig.Branch) {
	p.mapping(n, "independent", fields{
		"on": p.date(&b.IndependentOn), "reference": p.text(&b.IndependentReference),
	}, "on", "reference")
	b.Independent = true
}

func (p *parser) unit(n *yaml.Node, b sig.Branch) {
	u := sig.Unit{Branch: b.ID, Authority: b.Authority}
	var assignments []*yaml.Node
	var school schoolYear
	p.mapping(n, "unit", fields{
		"id":          key(&p.reader, &u.ID),
		"name":        p.text(&u.Name),
		"districts":   p.districts(&u.Districts),
		"assignments": p.each("assignments", func(n *yaml.Node) { assignments = append(assignments, n) }),
		"terms":       p.each("terms", func(n *yaml.Node) { p.period(n, false, &school) }),
		"breaks":      p.each("breaks", func(n *yaml.Node) { p.period(n, true, &school) }),
	}, "id", "name")
	if u.ID == "" || !p.place(n, label("unit", u.ID)) {
		return
	}
	p.out.Directory.Units = append(p.out.Directory.Units, u)
	p.year(u.Authority, u.ID, school)
	for _, a := range assignments {
		p.assignment(a, u)
	}
}

func (p *parser) assignment(n *yaml.Node, u sig.Unit) {
	a := sig.Assignment{Unit: u.ID, Authority: u.Authority, To: sig.Forever}
	function := func(into *sig.Function) func(*yaml.Node) {
		return word(&p.reader, "function", sig.Function.Valid, into)
	}
	p.mapping(n, "assignment", fields{
		"issuer":    key(&p.reader, &a.Issuer),
		"staff_key": p.text(&a.StaffKey),
		"name":      p.text(&a.Name),
		"email":     p.text(&a.Email),
		"function":  function(&a.Function),
		"districts": p.districts(&a.Districts),
		"leads":     list(&p.reader, "leads", function, &a.Leads),
		"from":      p.instant(false, &a.From),
		"to":        p.instant(true, &a.To),
	}, "issuer", "staff_key", "name", "function", "from")
	if a.Issuer == "" || a.StaffKey == "" || a.Function == "" || a.From.IsZero() {
		return
	}
	if !a.From.Before(a.To) {
		p.fail(n, "%s ends before it begins", assignmentLabel(a))
	}
	if p.place(n, assignmentLabel(a)) {
		p.out.Directory.Assignments = append(p.out.Directory.Assignments, a)
	}
}

func (p *parser) move(n *yaml.Node) {
	var m sig.FunctionMove
	p.mapping(n, "function move", fields{
		"function":  word(&p.reader, "function", sig.Function.Valid, &m.Function),
		"from_unit": key(&p.reader, &m.From),
		"to_unit":   key(&p.reader, &m.To),
		"at":        p.instant(false, &m.At),
	}, "function", "from_unit", "to_unit", "at")
	if m.Function != "" && m.From != "" && m.To != "" && p.place(n, moveLabel(m)) {
		p.out.Directory.Moves = append(p.out.Directory.Moves, m)
	}
}

// vacancy says of a function whose people all go to another authority that they
// alone go: the function waits for somebody, and consents go on naming it.
func (p *parser) vacancy(n *yaml.Node) {
	var v Vacancy
	p.mapping(n, "vacancy", fields{
		"function": word(&p.reader, "function", sig.Function.Valid, &v.Function),
		"unit":     key(&p.reader, &v.Unit),
		"from":     p.instant(false, &v.At),
	}, "function", "unit", "from")
	p.out.vacancies = append(p.out.vacancies, v)
}

func (p *parser) districts(into *[]sig.DistrictID) func(*yaml.Node) {
	return list(&p.reader, "districts", func(d *sig.DistrictID) func(*yaml.Node) { return key(&p.reader, d) }, into)
}

// Labels name things in problems and in the words of a comparison.

func label[T ~string](what string, id T) string { return what + " " + string(id) }

func assignmentLabel(a sig.Assignment) string {
	return fmt.Sprintf("assignment %s/%s as %s in %s from %s", a.Issuer, a.StaffKey, a.Function, a.Unit, instant(a.From))
}

func moveLabel(m sig.FunctionMove) string {
	return fmt.Sprintf("move of %s from %s to %s at %s", m.Function, m.From, m.To, instant(m.At))
}
