package sig

import "slices"

// SchoolPeriod is a term, or a break within one, of a school unit or, without a
// unit, of every unit of its authority that has no terms of its own. Days count
// from the first to the last.
type SchoolPeriod struct {
	Authority   AuthorityID
	Unit        UnitID
	Break       bool
	Name        string // of a break
	First, Last Date
}

// Covers reports whether the day is one of the period's.
func (p *SchoolPeriod) Covers(d Date) bool { return p.First.Compare(d) <= 0 && d.Compare(p.Last) <= 0 }

// SchoolBreak tells whether a unit is on a break on a day: within a term's break,
// or between two terms that the directory gives. Before the first of them and
// after the last nothing is known, and the answer is no.
func SchoolBreak(periods []SchoolPeriod, authority AuthorityID, unit UnitID, day Date) bool {
	own := slices.ContainsFunc(periods, func(p SchoolPeriod) bool { return p.Unit == unit && unit != "" })
	before, in, after := false, false, false
	for i := range periods {
		p := &periods[i]
		switch {
		case p.Authority != authority, own && p.Unit != unit, !own && p.Unit != "":
		case p.Break:
			if p.Covers(day) {
				return true
			}
		case p.Covers(day):
			in = true
		case p.Last.Compare(day) < 0:
			before = true
		default:
			after = true
		}
	}
	return !in && before && after
}
