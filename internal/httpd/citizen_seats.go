package httpd

import (
	"sigportal/internal/consenting"
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
