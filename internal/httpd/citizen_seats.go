package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// seatToday is a seat that may know something, and who sits there now.
type seatToday struct {
	Who, Authority string
	Now            string
	Named          string // only by a registrar's decision
}

func seatsToday(w familyWords, all []consenting.SeatToday) []seatToday {
	var out []seatToday
	for _, s := range all {
		row := seatToday{Who: w.party(s.Party), Authority: s.Party.Authority, Now: w.T("citizen.seats.vacant")}
		if s.Held {
			row.Now = w.T("citizen.seats.held")
		}
		if !s.Until.IsZero() {
			row.Now = w.T("citizen.seats.stand_in", "until", w.Until(s.Until))
		}
		if len(s.Names) > 0 {
			row.Named = w.T("citizen.seats.named", "names", w.List(s.Names))
		}
		out = append(out, row)
	}
	return out
}

// seatChange is that a seat changed hands.
type seatChange struct{ Who, What string }

// seatNewsFor is for how long a change stands on the start page.
const seatNewsFor = 14 * 24 * time.Hour

func seatChanges(w familyWords, all []consenting.SeatChange) []seatChange {
	var out []seatChange
	for _, c := range all {
		out = append(out, seatChange{w.party(c.Party), w.T("citizen.seats.change."+string(c.Kind), "date", w.Date(c.At), "until", w.Until(c.Until))})
	}
	return out
}

// seatNews are the changes of the last days.
func seatNews(w familyWords, c *consenting.Case) []seatChange {
	n := 0
	for n < len(c.SeatChanges) && c.Now.Sub(c.SeatChanges[n].At) < seatNewsFor {
		n++
	}
	return seatChanges(w, c.SeatChanges[:n])
}

// sampleSeatChanges are made up, for the list of pages.
var sampleSeatChanges = []consenting.SeatChange{
	{Party: samplePolice, Kind: sig.SeatNewPerson, At: sampleNow}, {Party: sampleSchool, Kind: sig.SeatSubstitute, At: sampleNow, Until: sampleNow.AddDate(0, 1, 0)},
	{Party: sampleSchool, Kind: sig.SeatVacant, At: sampleNow.AddDate(0, 0, -3)}, {Party: samplePolice, Kind: sig.SeatLeft, At: sampleNow.AddDate(0, -1, 0)},
}
