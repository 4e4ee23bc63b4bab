package closing

import (
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Visits reports whether the matrix lets a private guest be there for a point,
// now or once the row begins, and at the meeting's own time.
func (c *Coverage) Visits(call postgres.GuestCall) bool {
	places := make([]sig.Place, 3)
	for i, seat := range []sig.Seat{call.Host, call.Teller, call.Club} {
		if seat.IsZero() {
			continue
		}
		unit := c.directory.CurrentUnit(seat.Unit, seat.Function, c.request.Now, time.Time{})
		place, ok := c.directory.Place(unit, seat.Function)
		if !ok {
			return false
		}
		places[i] = place
	}
	r := c.request
	r.Action = policy.VisitPoint
	r.Meeting = policy.Meeting{Host: places[0], Teller: places[1], Category: call.Category, Start: call.StartsAt, FamilyAlone: call.FamilyAlone}
	for _, to := range Visitors(r.Consent.Grants, call.Origins, places[2]) {
		r.Recipient = to
		if d := policy.Decide(&r); d.Allowed || d.Reason == policy.NotYetValid {
			return true
		}
	}
	return false
}

// Visitors are the recipients that a private guest is: once for every row that
// names the person, or the association once. The reservation counts as accepted.
func Visitors(grants []sig.Grant, origins []sig.GrantID, club sig.Place) []policy.Recipient {
	if len(origins) == 0 {
		return []policy.Recipient{{Place: club, Reserved: true}}
	}
	var list []policy.Recipient
	for _, g := range grants {
		if g.Private != "" && slices.Contains(origins, g.Origin) {
			list = append(list, policy.Recipient{PrivateGrant: g.ID, Reserved: true})
		}
	}
	return list
}

// narrowGuests ends the calls of private guests who have lost their ground, and
// with them their links, and gives one call of each.
func narrowGuests(tx *postgres.Tx, i *postgres.Intervention, coverage *Coverage, calls []postgres.GuestCall, by string, at time.Time) ([]postgres.GuestCall, error) {
	kept, seen := map[sig.GuestID]bool{}, map[sig.GuestID]bool{}
	for _, call := range calls {
		kept[call.Guest] = kept[call.Guest] || coverage.Visits(call)
	}
	var ended []postgres.GuestCall
	for _, call := range calls {
		if kept[call.Guest] || seen[call.Guest] {
			continue
		}
		seen[call.Guest], ended = true, append(ended, call)
		tx.EndGuest(call.Guest, by, at)
		err := tx.Record(ledger.Entry{Kind: ledger.EndGuest, Reason: by, Intervention: i.ID, Object: ledger.Of(ledger.ObjectMeeting, call.Meeting)})
		if err != nil {
			return nil, err
		}
	}
	return ended, nil
}
