package meeting

import (
	"context"
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// everyGuest is who comes, or was to come, without an account; the board's.
func (m *matter) everyGuest(ctx context.Context, row *postgres.MeetingParts) ([]Guest, error) {
	if !m.onBoard() {
		return nil, nil
	}
	v, err := m.visit(ctx, row)
	if err != nil {
		return nil, err
	}
	return v.guests, nil
}

// atDoor are the guests who are called, or here.
func atDoor(guests []Guest) []Guest {
	return slices.DeleteFunc(slices.Clone(guests), func(g Guest) bool { return g.EndedAt != nil && !g.Here })
}

// AttendGuest notes that a guest came, or left. A private guest who has not
// accepted the reservation, or may be there for no point, is not let in.
func (s *Service) AttendGuest(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, guest sig.GuestID, came bool) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.NoteAttendance, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			v, err := m.visit(ctx, row)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(v.guests, func(g Guest) bool { return g.ID == guest })
			switch {
			case at < 0:
				return fault.Missing()
			case row.State != sig.MeetingLive:
				return conflict("error.room_not_open")
			case v.guests[at].Here == came:
				return nil
			case !came:
				m.tx.GuestLeft(guest)
			case !v.guests[at].Coming():
				why := policy.NoReservation
				if !v.guests[at].ReservedAt.IsZero() {
					why = policy.NoGrantToRecipient
				}
				return m.tx.RefuseRecorded(m.entry, string(why), conflict("error.room_guest_not_in"))
			default:
				m.tx.GuestCame(&row.Meeting, guest)
			}
			e := m.entry
			e.Detail = ledger.Detail{"guest": guest.String(), "what": map[bool]string{true: "came", false: "left"}[came]}
			if err := m.tx.Record(e); err != nil {
				return err
			}
			return m.tell(ctx, nil)
		})
}

// guestsHear are the guests who are in the room when something is told under a
// point; a private one who may not hear it is a no to the whole, and so is, where
// the family is alone, an interpreter who comes for nobody of it.
func (j *judge) guestsHear(ctx context.Context, point int) (here []sig.GuestID, not error, why policy.Reason, err error) {
	var v *visit
	var needs []postgres.LanguageNeed
	err = j.m.tx.AsSystem("room", func() (err error) { // whoever tells does not see who the guests are
		if v, err = j.m.visit(ctx, j.row); err != nil {
			return err
		}
		needs, err = j.m.tx.Languages(ctx, j.row.Intervention, j.row.ID)
		return err
	})
	if err != nil {
		return nil, nil, "", err
	}
	var noes fault.Check
	for _, g := range v.rows {
		if !g.Here {
			continue
		}
		here = append(here, g.ID)
		if g.Kind == sig.GuestInterpreter && !j.m.interpretsAt(j.row, point, g.Language, needs) {
			why = policy.FamilyAlone
			noes.Fail("here."+g.ID.String(), "error.room_guest_must_leave")
		}
		if g.Kind == sig.GuestPrivate {
			if d := v.hears(g.Origins, g.Club, point, g.ReservedAt != nil); !d.Allowed {
				why = d.Reason
				noes.Fail("here."+g.ID.String(), "error.room_guest_must_leave")
			}
		}
	}
	return here, noes.Err(), why, nil
}

// interpretsAt reports whether an interpreter stays for a point: for one that is
// for the family alone, only whoever comes for the host or for somebody of it who is
// there. Of what the youth disposes over alone that is no guardian.
func (m *matter) interpretsAt(row *postgres.MeetingParts, point int, language string, needs []postgres.LanguageNeed) bool {
	p := row.Points[point]
	return !p.FamilyAlone || slices.ContainsFunc(needs, func(n postgres.LanguageNeed) bool {
		hosts := n.Invitation != nil && slices.ContainsFunc(row.Invitations, func(v postgres.Invitation) bool {
			return v.ID == *n.Invitation && m.current(v.Seat) == m.current(row.Host)
		})
		return n.Language == language && (n.Youth != nil || hosts || n.Guardian != nil && !slices.Contains(m.facts.Alone, p.Category))
	})
}

// guestsMust are the guests who are here and have to leave before a point.
func (m *matter) guestsMust(row *postgres.MeetingParts, point int, guests []Guest, needs []postgres.LanguageNeed) []Guest {
	return slices.DeleteFunc(slices.Clone(guests), func(g Guest) bool {
		return !g.Here || g.Kind == sig.GuestPrivate && slices.Contains(g.Points, row.Points[point].Position) ||
			g.Kind == sig.GuestInterpreter && m.interpretsAt(row, point, g.Language, needs)
	})
}
