package httpd

import "sigportal/internal/consenting"

// meetingsOf writes what taking back does to the meetings that the reader may
// see: how many are called off, or who is called no more.
func meetingsOf(w familyWords, off int, calls []consenting.LostCalls) []string {
	var list []string
	if off > 0 {
		list = append(list, w.N("citizen.withdraw.meetings.off", off))
	}
	for _, c := range calls {
		if c.Meetings > 0 {
			list = append(list, w.N("citizen.withdraw.meetings.call", c.Meetings, "recipient", w.short(c.Party)))
		}
		if c.Fewer > 0 {
			list = append(list, w.N("citizen.withdraw.meetings.fewer", c.Fewer, "recipient", w.short(c.Party)))
		}
	}
	return list
}
