package directory

import (
	"cmp"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"sigportal/internal/sig"
)

// schoolYear are the terms and breaks of one unit or authority, with where they
// stand in the file.
type schoolYear struct {
	periods []sig.SchoolPeriod
	nodes   []*yaml.Node
}

// period reads a term, or a break, which has a name.
func (p *parser) period(n *yaml.Node, isBreak bool, into *schoolYear) {
	one := sig.SchoolPeriod{Break: isBreak}
	what, takes, required := "term", fields{"from": p.date(&one.First), "to": p.date(&one.Last)}, []string{"from", "to"}
	if isBreak {
		what, takes["name"], required = "break", p.text(&one.Name), append(required, "name")
	}
	p.mapping(n, what, takes, required...)
	if one.First.IsZero() || one.Last.IsZero() {
		return
	}
	if one.Last.Compare(one.First) < 0 {
		p.fail(n, "the %s ends before it begins", what)
		return
	}
	for i, had := range into.periods {
		if had.Break == isBreak && had.First.Compare(one.Last) <= 0 && one.First.Compare(had.Last) <= 0 {
			p.fail(n, "the %s overlaps the one on line %d", what, into.nodes[i].Line)
			return
		}
	}
	into.periods, into.nodes = append(into.periods, one), append(into.nodes, n)
}

// year takes what was read, once it is known whose it is. A break lies within
// one term: what lies between two terms is a break already.
func (p *parser) year(authority sig.AuthorityID, unit sig.UnitID, read schoolYear) {
	for i, one := range read.periods {
		if one.Break && !slices.ContainsFunc(read.periods, func(t sig.SchoolPeriod) bool { return !t.Break && t.Covers(one.First) && t.Covers(one.Last) }) {
			p.fail(read.nodes[i], "the break %s lies in none of the terms", one.Name)
		}
		one.Authority, one.Unit = authority, unit
		p.out.Directory.School = append(p.out.Directory.School, one)
	}
}

// school compares the terms and breaks of each authority of the file. They are
// plans and no record: what the file leaves out is gone.
func (c *comparison) school() {
	for _, a := range c.file.Directory.Authorities {
		had, becomes := schoolOf(c.have.School, a.ID), schoolOf(c.file.Directory.School, a.ID)
		if slices.Equal(had, becomes) {
			continue
		}
		sort := Changed
		if len(had) == 0 {
			sort = Added
		}
		c.note(sort, label("terms of", a.ID), "%d terms and breaks, where there were %d", len(becomes), len(had))
		c.plan.schools = append(c.plan.schools, a.ID)
		c.plan.write.School = append(c.plan.write.School, becomes...)
	}
}

func schoolOf(all []sig.SchoolPeriod, authority sig.AuthorityID) []sig.SchoolPeriod {
	var list []sig.SchoolPeriod
	for _, one := range all {
		if one.Authority == authority {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b sig.SchoolPeriod) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), a.First.Compare(b.First), cmp.Compare(fmt.Sprint(a.Break), fmt.Sprint(b.Break)))
	})
	return list
}
