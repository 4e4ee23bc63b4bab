package sig

type seatNameKey struct{}

// SeatNameID names a registrar's decision that families are shown a name.
type SeatNameID = ID[seatNameKey]

// SeatName is such a decision in force: for whoever takes part in the function
// of the unit, or for one holder of it.
type SeatName struct {
	Seat   Seat         // where it sits now
	Holder AssignmentID // zero: whoever takes part there
}
