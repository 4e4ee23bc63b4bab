package directory

import (
	"slices"
	"time"

	"sigportal/internal/sig"
)

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// leaves reports whether a move takes a function to another authority.
func (c *comparison) leaves(m sig.FunctionMove) bool { return crosses(m, c.have, &c.file.Directory) }

func crosses(m sig.FunctionMove, directories ...*sig.Directory) bool {
	for _, d := range directories {
		if u, ok := d.Unit(m.To); ok {
			return u.Authority != m.Authority
		}
	}
	return false
}

// restates reports whether the file says again, with a day that lay behind, what
// an import recorded as leaving at its own instant.
func (c *comparison) restates(m, recorded sig.FunctionMove) bool {
	return m.Function == recorded.Function && m.From == recorded.From && m.To == recorded.To && c.leaves(m) &&
		m.At.Before(recorded.At) && !recorded.At.After(c.now)
}

func (c *comparison) restated(recorded sig.FunctionMove) bool {
	return slices.ContainsFunc(c.file.Directory.Moves, func(m sig.FunctionMove) bool { return c.restates(m, recorded) })
}

// leaving refuses that somebody sits in a function of a unit after it has left
// the unit for another authority: no consent could name that seat.
func (c *comparison) leaving() {
	all := c.plan.after(c.have)
	inside := all.Inside()
	for _, m := range all.Moves {
		if !c.leaves(m) {
			continue
		}
		for _, a := range all.Assignments {
			if a.Function != m.Function || a.Authority != m.Authority || !a.To.After(m.At) {
				continue
			}
			if inside.CurrentUnit(a.Unit, a.Function, latest(m.At, a.From), a.From) == m.From {
				c.refuse(c.file.line(assignmentLabel(a)), assignmentLabel(a),
					"that function leaves %s for another authority at %s; give it an end, or a unit of its own", m.From, instant(m.At))
			}
		}
	}
}
