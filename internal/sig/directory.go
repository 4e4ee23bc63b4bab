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
// instant since sits at the instant at: it follows the recorded moves, which
// stay inside one authority. It is the same rule as sig.current_unit in SQL.
func (d *Directory) CurrentUnit(unit UnitID, function Function, at, since time.Time) UnitID {
	for {
		next := -1
		for i, m := range d.Moves {
			if m.From == unit && m.Function == function && m.At.After(since) && !m.At.After(at) &&
				(next < 0 || m.At.Before(d.Moves[next].At)) {
				next = i
			}
		}
		if next < 0 {
			return unit
		}
		unit, since = d.Moves[next].To, d.Moves[next].At
	}
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
