package directory

import (
	"fmt"
	"slices"

	"sigportal/internal/sig"
)

func sameAssignment(a, b sig.Assignment) bool {
	return a.Issuer == b.Issuer && a.StaffKey == b.StaffKey && a.Unit == b.Unit &&
		a.Function == b.Function && a.From.Equal(b.From)
}

func (c *comparison) assignments() {
	for _, h := range c.have.Assignments {
		listed := slices.ContainsFunc(c.file.Directory.Assignments, func(a sig.Assignment) bool { return sameAssignment(a, h) })
		if over := !c.now.Before(h.To); !listed && !over && c.speaksOf(h.Authority) {
			c.missing(h.Authority, assignmentLabel(h), "give it an end (to:) instead of leaving it out")
		}
	}
	for _, a := range c.file.Directory.Assignments {
		at := slices.IndexFunc(c.have.Assignments, func(h sig.Assignment) bool { return sameAssignment(a, h) })
		if at < 0 {
			c.newAssignment(a)
		} else {
			c.oldAssignment(c.have.Assignments[at], a)
		}
	}
}

func (c *comparison) newAssignment(a sig.Assignment) {
	a.ID = sig.NewAssignmentID()
	what := assignmentLabel(a)
	for _, h := range c.have.Assignments {
		if h.Issuer == a.Issuer && h.StaffKey == a.StaffKey && h.Unit == a.Unit && h.Function == a.Function &&
			a.From.Before(h.To) && h.From.Before(a.To) {
			c.refuse(c.file.line(what), what, "it overlaps the one in the directory from %s to %s", instant(h.From), instant(h.To))
			return
		}
	}
	text := a.Name
	if len(a.Leads) > 0 {
		text += ", leads " + keys(a.Leads)
	}
	if a.To.Before(sig.Forever) {
		text += ", until " + instant(a.To)
	}
	c.note(Added, what, "%s", text)
	c.plan.write.Assignments = append(c.plan.write.Assignments, a)
}

// oldAssignment compares what may change. An end that lies behind becomes the
// instant of the import: until then the person had access, and the directory
// does not say otherwise afterwards.
func (c *comparison) oldAssignment(had, a sig.Assignment) {
	what := assignmentLabel(a)
	a.ID, a.Person = had.ID, had.Person
	over := !c.now.Before(had.To)
	if over && a.To.After(c.now) {
		c.refuse(c.file.line(what), what, "it ended at %s; begin a new one instead", instant(had.To))
		return
	}
	if over {
		a.To = had.To
	} else if a.To.Before(c.now) {
		a.To = c.now
	}
	if !a.From.Before(a.To) {
		c.refuse(c.file.line(what), what, "it has not begun and cannot end before it does")
		return
	}
	var d diff
	d.text("name", had.Name, a.Name)
	d.text("e-mail", had.Email, a.Email)
	diffKeys(&d, "districts", had.Districts, a.Districts)
	diffKeys(&d, "leads", had.Leads, a.Leads)
	ends := a.To.Before(had.To)
	if a.To.After(had.To) {
		d = append(d, fmt.Sprintf("end %s becomes %s", instant(had.To), instant(a.To)))
	}
	if !c.changed(what, d) && !ends {
		return
	}
	if ends {
		c.note(Ended, what, "%s, from %s on", a.Name, instant(a.To))
		c.plan.ended = append(c.plan.ended, a.ID)
	}
	c.plan.write.Assignments = append(c.plan.write.Assignments, a)
	if !a.Person.IsZero() {
		c.plan.people = append(c.plan.people, a.Person)
	}
}
