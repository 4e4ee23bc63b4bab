package sig

import (
	"slices"
	"time"
)

// ProviderKind tells the providers that vouch for staff from those that vouch
// for citizens.
type ProviderKind string

// The kinds of identity providers.
const (
	ProviderStaff   ProviderKind = "staff"
	ProviderCitizen ProviderKind = "citizen"
)

// IdentityProvider is an OpenID provider that the directory trusts. Its key is
// not its address: address and keys stand in the configuration.
type IdentityProvider struct {
	Issuer     string
	Kind       ProviderKind
	StaffClaim string // the claim that finds assignments; empty for citizens
}

// Directory is who is who at one moment: organisations, moves and, where they
// were asked for, assignments. It is read in the transaction that uses it and
// never kept.
type Directory struct {
	Districts   []District
	Providers   []IdentityProvider
	Authorities []Authority
	Branches    []Branch
	Units       []Unit
	Moves       []FunctionMove
	Assignments []Assignment
	School      []SchoolPeriod // where it was asked for
}

// Authority finds an authority by its key.
func (d *Directory) Authority(id AuthorityID) (Authority, bool) {
	return find(d.Authorities, func(a Authority) bool { return a.ID == id })
}

// Branch finds a branch by its key.
func (d *Directory) Branch(id BranchID) (Branch, bool) {
	return find(d.Branches, func(b Branch) bool { return b.ID == id })
}

// Unit finds a unit by its key.
func (d *Directory) Unit(id UnitID) (Unit, bool) {
	return find(d.Units, func(u Unit) bool { return u.ID == id })
}

// District finds a district by its key.
func (d *Directory) District(id DistrictID) (District, bool) {
	return find(d.Districts, func(x District) bool { return x.ID == id })
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// CurrentUnit is where a function that was written down in a unit at the
// instant since sits at the instant at: it follows the recorded moves of its own
// authority. One that has left it ends in a unit of another. It is the same rule
// as sig.current_unit in SQL.
func (d *Directory) CurrentUnit(unit UnitID, function Function, at, since time.Time) UnitID {
	home := AuthorityID("")
	for {
		next := d.nextMove(unit, function, home, since)
		if next == nil || next.At.After(at) {
			return unit
		}
		unit, since, home = next.To, next.At, next.Authority
	}
}

// nextMove is the first move of a function out of a unit after an instant, of
// the authority where one is given.
func (d *Directory) nextMove(unit UnitID, function Function, of AuthorityID, since time.Time) *FunctionMove {
	var next *FunctionMove
	for i := range d.Moves {
		m := &d.Moves[i]
		if m.From == unit && m.Function == function && (of == "" || m.Authority == of) && m.At.After(since) &&
			(next == nil || m.At.Before(next.At)) {
			next = m
		}
	}
	return next
}

// Leaves is when a written-down function goes to another authority, as far as
// that is recorded; zero when it stays. Rows that name it end then (domain 3.3).
func (d *Directory) Leaves(seat Seat) time.Time {
	since := time.Time{}
	for {
		next := d.nextMove(seat.Unit, seat.Function, seat.Authority, since)
		if next == nil {
			return time.Time{}
		}
		if u, ok := d.Unit(next.To); !ok || u.Authority != seat.Authority {
			return next.At
		}
		seat.Unit, since = next.To, next.At
	}
}

// Inside is the directory without the moves that leave an authority: where
// people sit while they sit anywhere.
func (d *Directory) Inside() *Directory {
	in := *d
	in.Moves = slices.DeleteFunc(slices.Clone(d.Moves), func(m FunctionMove) bool {
		u, ok := d.Unit(m.To)
		return !ok || u.Authority != m.Authority
	})
	return &in
}

// Ends is when a row ends: by its own date or, if that comes first, when a
// function that it names goes to another authority. moved tells the two apart.
func (d *Directory) Ends(g Grant) (at time.Time, moved bool) {
	at = g.To
	for _, seat := range []Seat{g.Discloser, g.Recipient} {
		if leaves := d.Leaves(seat); !leaves.IsZero() && leaves.Before(at) {
			at, moved = leaves, true
		}
	}
	return at, moved
}

// Live is a matrix whose rows end when they do, whatever their own dates say.
func (d *Directory) Live(m Matrix) Matrix {
	if len(d.Moves) == 0 {
		return m
	}
	m.Grants = slices.Clone(m.Grants)
	for n := range m.Grants {
		m.Grants[n].To, _ = d.Ends(m.Grants[n])
	}
	return m
}

// Place gathers what borders and secrecy depend on for a function in a unit.
// It says nothing about whether anybody sits there.
func (d *Directory) Place(unit UnitID, function Function) (Place, bool) {
	u, ok := d.Unit(unit)
	if !ok {
		return Place{}, false
	}
	b, okBranch := d.Branch(u.Branch)
	a, okAuthority := d.Authority(u.Authority)
	if !okBranch || !okAuthority {
		return Place{}, false
	}
	districts := u.Districts
	if len(districts) == 0 {
		districts = a.Districts
	}
	return Place{
		Authority: a.ID, Kind: a.Kind, PublicBody: a.PublicBody, Branch: b.ID, Independent: b.Independent,
		Regime: b.Regime, Unit: unit, Function: function, Districts: districts,
	}, true
}
