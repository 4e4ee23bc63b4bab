package meeting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// OpensBefore is how long before its time a room may be opened: who may be
// there is asked of the meeting's own time too, and a meeting that is held
// earlier is another one.
const OpensBefore = 30 * time.Minute

// roomTime is why now is no time to open the room; empty if it is.
func (m *matter) roomTime(row *postgres.MeetingParts) string {
	switch {
	case m.tx.Now().Before(row.StartsAt.Add(-OpensBefore)):
		return "error.room_too_early"
	case !m.tx.Now().Before(row.EndsAt):
		return "error.meeting_is_over"
	}
	return ""
}

// OpenRoom opens the room: the meeting is live from now on, and whoever opens it
// is there, until it ends or they leave. Without a consent in force nobody
// from outside may be there, and there is no room to open. Doing it again
// changes nothing.
func (s *Service) OpenRoom(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.OpenRoom, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			code := m.roomTime(row)
			switch {
			case row.State == sig.MeetingLive:
				return nil
			case row.State != sig.MeetingPlanned:
				return conflict("error.meeting_is_over")
			case code != "":
				return conflict(code)
			}
			if why := m.lapsed(); why != "" {
				return m.tx.RefuseRecorded(m.entry, string(why), conflict("error.room_consent_lapsed"))
			}
			if err := m.tx.OpenRoom(ctx, intervention, id); err != nil {
				return err
			}
			for _, v := range row.Invitations {
				if v.EndedAt == nil && m.current(v.Seat) == m.current(row.Host) {
					m.tx.Came(&row.Meeting, v.ID, &actor.Assignment)
				}
			}
			e := m.entry
			e.Consent = m.facts.Consent
			if err := m.tx.Record(e); err != nil {
				return err
			}
			return m.tell(ctx, seatsOf(row))
		})
}

// lapsed is why nothing can be told by consent now; empty while something can.
func (m *matter) lapsed() policy.Reason {
	switch {
	case m.facts.State.Ended():
		return policy.CaseEnded
	case m.facts.State != sig.InterventionActive:
		return policy.CaseNotActive
	case m.facts.ConsentState == sig.ConsentSuspended:
		return policy.ConsentSuspended
	case m.facts.ConsentState != sig.ConsentActive:
		return policy.NoConsent
	case !m.consent().InForce:
		return policy.WindowOver
	}
	return ""
}

// EndRoom says that the meeting is over; nobody is in the room then. Doing it
// again changes nothing.
func (s *Service) EndRoom(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.EndRoom, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			switch row.State {
			case sig.MeetingEnded:
				return nil
			case sig.MeetingLive:
			case sig.MeetingProposed, sig.MeetingPlanned, sig.MeetingCancelled, sig.MeetingDropped:
				return conflict("error.room_not_open")
			}
			if err := m.tx.EndRoom(ctx, intervention, id); err != nil {
				return err
			}
			if err := m.tx.Record(m.entry); err != nil {
				return err
			}
			return m.tell(ctx, seatsOf(row))
		})
}

// Attend is somebody of a called seat who comes or goes.
type Attend struct {
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Invitation   sig.InvitationID
	Person       sig.AssignmentID // zero where the person is not known
}

// Came notes that somebody came. Who may be there for no point is not let in.
func (s *Service) Came(ctx context.Context, actor sig.Actor, in Attend) error {
	return s.attend(ctx, actor, in, func(m *matter, row *postgres.MeetingParts, v postgres.Invitation) error {
		if v.EndedAt != nil {
			return conflict("error.room_not_called")
		}
		j, err := m.judge(ctx, row)
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(j.readers(v.Seat), func(p postgres.Seated) bool { return p.Assignment == in.Person })
		if !in.Person.IsZero() && !known {
			return fault.Missing()
		}
		var last policy.Reason
		for i := range row.Points {
			d, _ := j.stays(v, i)
			if d.Allowed {
				m.tx.Came(&row.Meeting, v.ID, orNobody(in.Person))
				return nil
			}
			last = d.Reason
		}
		e := m.entry
		e.Recipient = ledger.Recipient(v.Seat)
		return m.tx.RefuseRecorded(e, string(last), conflict("error.room_not_covered"))
	}, "came")
}

// Left notes that somebody left.
func (s *Service) Left(ctx context.Context, actor sig.Actor, in Attend) error {
	return s.attend(ctx, actor, in, func(m *matter, row *postgres.MeetingParts, v postgres.Invitation) error {
		m.tx.Left(&row.Meeting, v.ID, orNobody(in.Person))
		return nil
	}, "left")
}

// attend notes a coming or a going, once: a repeat, or what is so already,
// changes nothing.
func (s *Service) attend(
	ctx context.Context, actor sig.Actor, in Attend,
	note func(*matter, *postgres.MeetingParts, postgres.Invitation) error, what string,
) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.NoteAttendance, Intervention: in.Intervention}, in.Meeting,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			at := slices.IndexFunc(row.Invitations, func(v postgres.Invitation) bool { return v.ID == in.Invitation })
			if at < 0 {
				return fault.Missing()
			}
			v := row.Invitations[at]
			rows, err := m.tx.MeetingRoom(ctx, in.Intervention, in.Meeting)
			if err != nil {
				return err
			}
			here := slices.ContainsFunc(rows.Attendance, func(a postgres.Attendance) bool {
				same := a.Assignment == nil && in.Person.IsZero() || a.Assignment != nil && *a.Assignment == in.Person
				return a.Invitation == v.ID && a.LeftAt == nil && same
			})
			switch {
			case row.State != sig.MeetingLive:
				return conflict("error.room_not_open")
			case here == (what == "came"):
				return nil
			}
			if err := note(m, row, v); err != nil {
				return err
			}
			e := m.entry
			e.Recipient, e.Detail = ledger.Recipient(v.Seat), ledger.Detail{"what": what}
			if !in.Person.IsZero() {
				e.Detail["assignment"] = in.Person.String()
			}
			if err := m.tx.Record(e); err != nil {
				return err
			}
			return m.tell(ctx, []sig.Seat{m.current(v.Seat)})
		})
}
