package policy

import "sigportal/internal/sig"

// Outlook is how much somebody may know of what a change of the directory would
// end, before it is made.
type Outlook string

// The outlooks. Whoever keeps the directory or the registry of a board has no
// part in its interventions, and learns how many there are and nothing of any.
const (
	OutlookNone   Outlook = ""
	OutlookOwn    Outlook = "own"    // the interventions that the actor coordinates, in full
	OutlookCounts Outlook = "counts" // how many of the own authority's
)

// Foresees says which one an actor has, in the hat worn, who coordinates
// interventions or none.
func Foresees(function sig.Function, coordinates bool) Outlook {
	switch {
	case function == sig.RoleAdministrator, function == sig.RoleRegistrar:
		return OutlookCounts
	case function == sig.RoleCoordinator, coordinates && function != sig.RoleLogReviewer:
		return OutlookOwn
	}
	return OutlookNone
}
