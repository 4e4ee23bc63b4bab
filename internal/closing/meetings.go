package closing

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Attends reports whether the matrix lets a called function be there for a
// point, now or once the row begins, and at the meeting's own time.
func (c *Coverage) Attends(call postgres.Call) bool {
	places := make([]sig.Place, 3)
	for i, seat := range []sig.Seat{call.Host, call.Teller, call.Seat} {
		unit := c.directory.CurrentUnit(seat.Unit, seat.Function, c.request.Now, time.Time{})
		place, ok := c.directory.Place(unit, seat.Function)
		if !ok {
			return false
		}
		places[i] = place
	}
	r := c.request
	r.Action = policy.Attend
	r.Recipient = policy.Recipient{Place: places[2], Participates: true}
	r.Meeting = policy.Meeting{Host: places[0], Teller: places[1], Category: call.Category, Start: call.StartsAt, FamilyAlone: call.FamilyAlone}
	d := policy.Decide(&r)
	return d.Allowed || d.Reason == policy.NotYetValid
}

// narrowMeetings ends the calls that have lost their ground, at once, and has
// the coordinator look at the meetings that lie ahead without them, once at
// each; guests who have no account are treated as functions are. What was
// not lost stays, and a wider consent later brings nothing back.
func narrowMeetings(tx *postgres.Tx, i *postgres.Intervention, coverage *Coverage, told *postgres.Told, by string, at time.Time) error {
	var lost []postgres.Call
	kept := map[sig.InvitationID]bool{}
	for _, call := range told.Calls {
		if coverage.Attends(call) {
			kept[call.Invitation] = true
		} else {
			lost = append(lost, call)
		}
	}
	ended, err := narrowGuests(tx, i, coverage, told.Guests, by, at)
	if err != nil {
		return err
	}
	if len(lost)+len(ended) > 0 {
		defer tx.QueueMeetingEnds(i.ID)
	}
	asked := map[sig.MeetingID]bool{}
	look := func(meeting sig.MeetingID, ahead bool) {
		if !ahead || asked[meeting] {
			return
		}
		asked[meeting] = true
		tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleCoordinator,
			Kind: postgres.TaskReviewMeeting, Object: meeting.UUID, DueOn: NextWorkingDay(tx.Now()),
		})
	}
	for _, guest := range ended {
		look(guest.Meeting, guest.Ahead)
	}
	for len(lost) > 0 {
		one := lost[0]
		mine := slices.DeleteFunc(slices.Clone(lost), func(c postgres.Call) bool { return c.Invitation != one.Invitation })
		lost = slices.DeleteFunc(lost, func(c postgres.Call) bool { return c.Invitation == one.Invitation })
		if err := endCalls(tx, i, mine, !kept[one.Invitation], by, at); err != nil {
			return err
		}
		look(one.Meeting, one.Ahead)
	}
	return nil
}

// endCalls ends calls of one function to points of one meeting, and the whole
// call where none is left.
func endCalls(tx *postgres.Tx, i *postgres.Intervention, calls []postgres.Call, whole bool, by string, at time.Time) error {
	var points []sig.PointID
	var categories []sig.Category
	for _, c := range calls {
		points = append(points, c.Point)
		if !slices.Contains(categories, c.Category) {
			categories = append(categories, c.Category)
		}
	}
	tx.EndPresences(calls[0].Invitation, points, at)
	if whole {
		tx.EndInvitation(calls[0].Invitation, by, at)
	}
	return tx.Record(ledger.Entry{
		Kind: ledger.EndInvitation, Reason: by, Intervention: i.ID, Object: ledger.Of(ledger.ObjectMeeting, calls[0].Meeting),
		Recipient: ledger.Recipient(calls[0].Seat), Categories: categories,
	})
}
