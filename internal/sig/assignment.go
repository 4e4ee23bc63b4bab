package sig

import (
	"slices"
	"time"
)

// Forever is the end of what has no end yet. It is a far instant instead of an
// absent one, so that every window is half-open and compared in one way.
var Forever = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// Assignment is a person in a function in a unit, in time: [From, To).
// Without one, staff reach nothing, and it alone never reaches a case.
type Assignment struct {
	ID        AssignmentID
	Person    PersonID // zero until the first sign-in binds it
	Issuer    string   // key of the provider that vouches for StaffKey
	StaffKey  string
	Name      string
	Email     string
	Unit      UnitID
	Authority AuthorityID
	Function  Function
	Districts []DistrictID // empty: the unit's
	Leads     []Function   // functions of the unit whose participation this person sets
	From, To  time.Time
}

// NewAssignmentID draws the identifier of a new assignment.
func NewAssignmentID() AssignmentID { return NewID[assignmentKind]() }

// ActiveAt reports whether the assignment holds at the instant.
func (a Assignment) ActiveAt(at time.Time) bool {
	return !at.Before(a.From) && at.Before(a.To)
}

// LeadsFunction reports whether the assignment sets participation for a
// function of a unit.
func (a Assignment) LeadsFunction(unit UnitID, function Function) bool {
	return a.Unit == unit && slices.Contains(a.Leads, function)
}
