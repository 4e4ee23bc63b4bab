package policy_test

import (
	"testing"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// A name is shown by the registrar's decision alone, for that seat or that holder.
func TestANameIsShownByDecisionAlone(t *testing.T) {
	t.Parallel()
	seat := policeFarsta.Seat()
	one, another := sig.NewAssignmentID(), sig.NewAssignmentID()
	otherUnit, otherFunction, otherAuthority := seat, seat, seat
	otherUnit.Unit, otherFunction.Function, otherAuthority.Authority = "polis-jarva", sig.RoleMentor, "farsta-sdn"
	for _, tc := range []struct {
		what      string
		decisions []sig.SeatName
		protected bool
		want      bool
	}{
		{"no decision", nil, false, false},
		{"for the function of the unit", []sig.SeatName{{Seat: seat}}, false, true},
		{"for this holder", []sig.SeatName{{Seat: seat, Holder: one}}, false, true},
		{"for this holder, who has moved to another unit", []sig.SeatName{{Seat: otherUnit, Holder: one}}, false, true},
		{"for another holder", []sig.SeatName{{Seat: seat, Holder: another}}, false, false},
		{"for another unit", []sig.SeatName{{Seat: otherUnit}}, false, false},
		{"for another function", []sig.SeatName{{Seat: otherFunction}}, false, false},
		{"by another authority", []sig.SeatName{{Seat: otherAuthority}}, false, false},
		{"for this holder in another function", []sig.SeatName{{Seat: otherFunction, Holder: one}}, false, false},
		{"for this holder by another authority", []sig.SeatName{{Seat: otherAuthority, Holder: one}}, false, false},
		{"among others", []sig.SeatName{{Seat: otherUnit}, {Seat: seat}}, false, true},
		{"a protected identity, for the unit", []sig.SeatName{{Seat: seat}}, true, false},
		{"a protected identity, for the holder", []sig.SeatName{{Seat: seat, Holder: one}}, true, false},
	} {
		if got := policy.NameShown(seat, one, tc.protected, tc.decisions); got != tc.want {
			t.Errorf("%s: %t, want %t", tc.what, got, tc.want)
		}
	}
}
