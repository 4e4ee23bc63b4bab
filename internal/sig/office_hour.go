package sig

import "time"

// OfficeHour is the time for which a young person's own page is open in the
// coordinator's office. It belongs to one session: the one in which the number
// on the coordinator's page was typed. Whoever is of age needs none.
type OfficeHour struct {
	OfAge   bool
	Until   time.Time
	Session SessionID // zero while nobody has typed it
}

// Holds reports whether nobody at home looks on in a session at an instant.
func (h OfficeHour) Holds(session SessionID, at time.Time) bool {
	return h.OfAge || !session.IsZero() && h.Session == session && at.Before(h.Until)
}
