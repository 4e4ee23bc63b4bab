package sig

import (
	"slices"
	"time"
)

// WithdrawalScope is what somebody takes back: everything, or a recipient, a
// category, a category for one recipient, or single rows.
type WithdrawalScope struct {
	Whole bool
	// Recipient may name a whole authority or one function; its empty parts
	// mean any. It is taken back in both directions (3.7.4).
	Recipient Seat
	Category  Category
	Rows      []GrantID // these rows only, each in its own direction
}

// Says reports whether the scope says one thing: everything, or some part. One
// that says both is neither, and nothing is taken back by a guess.
func (s WithdrawalScope) Says() bool {
	part := !s.Recipient.IsZero() || s.Category != "" || len(s.Rows) > 0
	return s.Whole != part
}

// Removed is what a withdrawal took from one row.
type Removed struct {
	Grant      Grant      // as it was
	Categories []Category // what went
	Row        bool       // nothing is left of the row
}

// Apply takes the scope out of the rows: what is left, with the ids that the
// rows had, and what went.
func (s WithdrawalScope) Apply(grants []Grant) (left []Grant, removed []Removed) {
	for _, g := range grants {
		gone := s.takes(g)
		if len(gone) == 0 {
			left = append(left, g)
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(g.Categories), func(c Category) bool { return slices.Contains(gone, c) })
		removed = append(removed, Removed{Grant: g, Categories: gone, Row: len(kept) == 0})
		if len(kept) > 0 {
			g.Categories = kept
			left = append(left, g)
		}
	}
	return left, removed
}

// takes lists the categories that the scope takes from one row.
func (s WithdrawalScope) takes(g Grant) []Category {
	if s.Whole || slices.Contains(s.Rows, g.ID) {
		return slices.Clone(g.Categories)
	}
	if len(s.Rows) > 0 && s.Recipient.IsZero() && s.Category == "" {
		return nil
	}
	if !s.Recipient.IsZero() && !s.Recipient.names(g.Recipient) && !s.Recipient.names(g.Discloser) {
		return nil
	}
	switch {
	case s.Category != "":
		if slices.Contains(g.Categories, s.Category) {
			return []Category{s.Category}
		}
		return nil
	case !s.Recipient.IsZero():
		return slices.Clone(g.Categories)
	default:
		return nil
	}
}

// names reports whether a seat with empty parts speaks of another.
func (s Seat) names(other Seat) bool {
	return (s.Authority == "" || s.Authority == other.Authority) &&
		(s.Unit == "" || s.Unit == other.Unit) &&
		(s.Function == "" || s.Function == other.Function)
}

// Core is whether the two directions between the police and social services
// that an intervention cannot live without are open.
type Core struct{ PoliceTells, SocialTells bool }

// Any reports whether either direction is left.
func (c Core) Any() bool { return c.PoliceTells || c.SocialTells }

// Police reports whether the place is one of the police.
func (p Place) Police() bool { return p.Kind == KindPolice }

// SocialServices reports whether the place is one of social services: a board
// that runs them, in a branch under their secrecy. Another branch of the same
// board, such as culture, is not.
func (p Place) SocialServices() bool { return p.Kind.SocialServices() && p.Regime == RegimeSocial }

// CoreOf looks which directions are left in the rows that have not ended at
// the instant. A row whose every category is excluded tells nothing.
func CoreOf(m Matrix, at time.Time, place func(Seat) Place) Core {
	var core Core
	for _, g := range m.Grants {
		if !at.Before(g.To) || g.Recipient.IsZero() || m.silences(g) {
			continue
		}
		from, to := place(g.Discloser), place(g.Recipient)
		core.PoliceTells = core.PoliceTells || from.Police() && to.SocialServices()
		core.SocialTells = core.SocialTells || from.SocialServices() && to.Police()
	}
	return core
}

func (m Matrix) silences(g Grant) bool {
	for _, c := range g.Categories {
		if !slices.ContainsFunc(m.Exclusions, func(x Exclusion) bool { return x.Hits(g.Recipient, []Category{c}) }) {
			return false
		}
	}
	return true
}

// Consequence is what a withdrawal means for the intervention.
type Consequence string

// The consequences (domain 3.3, 3.7.4, 3.7.5).
const (
	NothingRemoved Consequence = "nothing"      // the scope takes nothing that is in force
	GoesOn         Consequence = "goes_on"      // another actor or a category is gone
	OneWayLeft     Consequence = "one_way_left" // police and social services: one direction is left
	Closes         Consequence = "closes"       // nothing left, or nothing between police and social services
)

// ConsequenceOf says what taking the scope out of the matrix means at the
// instant. Rows that have ended by their own date count neither before nor
// after: only what a withdrawal takes closes an intervention.
func ConsequenceOf(m Matrix, scope WithdrawalScope, at time.Time, place func(Seat) Place) Consequence {
	left, removed := scope.Apply(m.Grants)
	left = live(left, at)
	if len(removed) == 0 && !scope.Whole {
		return NothingRemoved
	}
	if len(left) == 0 {
		return Closes
	}
	before, after := CoreOf(m, at, place), CoreOf(Matrix{left, m.Exclusions}, at, place)
	switch {
	case before.Any() && !after.Any():
		return Closes
	case before != after:
		return OneWayLeft
	default:
		return GoesOn
	}
}

func live(grants []Grant, at time.Time) []Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g Grant) bool { return !at.Before(g.To) })
}
