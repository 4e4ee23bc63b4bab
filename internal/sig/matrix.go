package sig

import (
	"slices"
	"time"
)

// Matrix is what a version lets be told: its rows and what beats them.
type Matrix struct {
	Grants     []Grant
	Exclusions []Exclusion
}

// Permits reports whether one single row lets the discloser tell the recipient
// all of the categories in the districts at the instant, and no exclusion
// beats it. It is the meaning of a matrix by which narrowing is judged; who
// may disclose is decided by policy, which knows the case and the directory.
func (m Matrix) Permits(from, to Seat, categories []Category, districts []DistrictID, at time.Time) bool {
	for _, x := range m.Exclusions {
		if x.Hits(to, categories) {
			return false
		}
	}
	return slices.ContainsFunc(m.Grants, func(g Grant) bool {
		return g.Discloser == from && g.Recipient == to && !to.IsZero() &&
			g.Covers(categories) && containsAll(g.Districts, districts) && g.Open(at)
	})
}

// SubsetOf reports whether the matrix lets nothing be told that the other does
// not, row by row: each row lies within one row of the other, and everything
// that the other excludes stays excluded. One person may narrow; anything that
// is not a subset widens, and needs everybody.
func (m Matrix) SubsetOf(other Matrix) bool {
	for _, g := range m.Grants {
		if !slices.ContainsFunc(other.Grants, g.within) {
			return false
		}
	}
	for _, x := range other.Exclusions {
		if !slices.ContainsFunc(m.Exclusions, x.impliedBy) {
			return false
		}
	}
	return true
}

// Same reports whether two matrices say the same.
func (m Matrix) Same(other Matrix) bool { return m.SubsetOf(other) && other.SubsetOf(m) }

func (g Grant) within(other Grant) bool {
	return g.Discloser == other.Discloser && g.Recipient == other.Recipient && g.Private == other.Private &&
		(g.Private == "" || g.Origin == other.Origin) && // two close persons are told apart by their row's origin
		g.Aim == other.Aim &&
		containsAll(other.Categories, g.Categories) && containsAll(other.Districts, g.Districts) &&
		!g.From.Before(other.From) && !g.To.After(other.To)
}

// impliedBy reports whether another exclusion hits whatever this one hits.
func (x Exclusion) impliedBy(other Exclusion) bool {
	return (other.Recipient.Authority == "" || other.Recipient.Authority == x.Recipient.Authority) &&
		(other.Recipient.Unit == "" || other.Recipient.Unit == x.Recipient.Unit) &&
		(other.Recipient.Function == "" || other.Recipient.Function == x.Recipient.Function) &&
		(other.Category == "" || other.Category == x.Category)
}

// LastEnd is the instant at which the last row ends; zero without rows.
func (m Matrix) LastEnd() time.Time {
	var last time.Time
	for _, g := range m.Grants {
		if g.To.After(last) {
			last = g.To
		}
	}
	return last
}

func containsAll[T comparable](all, some []T) bool {
	for _, one := range some {
		if !slices.Contains(all, one) {
			return false
		}
	}
	return true
}
