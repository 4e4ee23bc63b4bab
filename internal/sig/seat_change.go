package sig

import "time"

type seatChangeKey struct{}

// SeatChangeID names one change of who sits in a seat, as a family is told of it.
type SeatChangeID = ID[seatChangeKey]

// SeatChangeKind is what a family is told: no name, and nothing of why.
type SeatChangeKind string

// The kinds of changes.
const (
	SeatNewPerson  SeatChangeKind = "new_person" // somebody who was not there before
	SeatSubstitute SeatChangeKind = "substitute" // somebody until an end, or with another end
	SeatVacant     SeatChangeKind = "vacant"     // nobody any more
	SeatLeft       SeatChangeKind = "left"       // somebody went, and somebody is still there
)

// SeatHolders are the people in a seat, by a key that is not their name: each
// with the end of a stand-in, or nil.
type SeatHolders map[string]*time.Time

// SeatChange is what has changed at an instant from what a family was told last;
// false where nothing has. A stand-in who leaves at the end that was told is no
// news while somebody else is there. until is a stand-in's end.
func SeatChange(told, now SeatHolders, at time.Time) (kind SeatChangeKind, until time.Time, changed bool) {
	left := false
	for who, end := range told {
		if _, stays := now[who]; !stays && (end == nil || end.After(at)) {
			left = true
		}
	}
	for who, end := range now {
		before, known := told[who]
		switch {
		case end == nil && (!known || before != nil):
			kind = SeatNewPerson
		case end != nil && (!known || before == nil || !before.Equal(*end)):
			if kind == "" {
				kind = SeatSubstitute
			}
			if end.After(until) {
				until = *end
			}
		}
	}
	switch {
	case len(now) == 0 && len(told) > 0:
		return SeatVacant, time.Time{}, true
	case kind == SeatSubstitute:
		return kind, until, true
	case kind != "":
		return kind, time.Time{}, true
	case left:
		return SeatLeft, time.Time{}, true
	}
	return "", time.Time{}, false
}
