package policy

import (
	"slices"

	"sigportal/internal/sig"
)

// NameShown reports whether a family is told the name of who sits in a seat that
// their consent names: by the registrar's decision alone (domain 6.3; C-579/21),
// and never in a family in which somebody lives under protected identity, because
// a name says at which unit.
func NameShown(seat sig.Seat, holder sig.AssignmentID, protected bool, inForce []sig.SeatName) bool {
	return !protected && slices.ContainsFunc(inForce, func(d sig.SeatName) bool {
		if d.Holder.IsZero() {
			return d.Seat == seat
		}
		return d.Holder == holder && d.Seat.Authority == seat.Authority && d.Seat.Function == seat.Function
	})
}
