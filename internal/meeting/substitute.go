package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Substitute is somebody who could come in the place of whoever fills a called
// seat.
type Substitute struct {
	Assignment sig.AssignmentID
	Name       string
}

// Substitutes lists the colleagues of the actor's own called seat, in the same
// function and unit, who take no part in the case.
func (s *Service) Substitutes(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) ([]Substitute, error) {
	var list []Substitute
	err := s.change(ctx, actor, ledger.Entry{Kind: ledger.SetParticipation, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			found, err := m.substitutes(ctx, row)
			for _, a := range found.could {
				list = append(list, Substitute{a.ID, a.Name})
			}
			return err
		})
	return list, err
}

// substitution is what an own called seat can be filled with.
type substitution struct {
	seats []sig.Seat       // that are called
	could []sig.Assignment // of these seats, and take no part
	taken []sig.AssignmentID
}

func (m *matter) substitutes(ctx context.Context, row *postgres.MeetingParts) (substitution, error) {
	var out substitution
	waits := row.State == sig.MeetingPlanned || row.State == sig.MeetingLive // somebody falls ill at the door
	if !waits || !m.tx.Now().Before(row.EndsAt) || m.facts.State != sig.InterventionActive {
		return out, nil
	}
	for _, call := range m.mine(row) {
		may, err := m.mayCome(ctx, row, call)
		if err != nil {
			return out, err
		}
		if may && call.Seat.Function != sig.RoleCoordinator { // for whom somebody stands in, until a day
			out.seats = append(out.seats, m.current(call.Seat))
		}
	}
	if len(out.seats) == 0 {
		return out, nil
	}
	colleagues, err := m.tx.Colleagues(ctx, m.tx.Actor.Authority)
	if err != nil {
		return out, err
	}
	taking, err := m.tx.Participations(ctx, row.Intervention)
	if err != nil {
		return out, err
	}
	oneself, err := m.tx.SameOfficer(ctx, m.tx.Actor.Assignment)
	if err != nil {
		return out, err
	}
	for _, a := range colleagues {
		switch {
		case slices.Contains(oneself, a.ID), !slices.Contains(out.seats, sig.Seat{Authority: a.Authority, Unit: a.Unit, Function: a.Function}):
		case slices.ContainsFunc(taking, func(p postgres.Participation) bool { return p.Assignment == a.ID }):
			out.taken = append(out.taken, a.ID)
		default:
			out.could = append(out.could, a)
		}
	}
	return out, nil
}

// SendInstead lets a colleague of the same function and unit take part from now
// until the meeting is over, also once its room is open, gets them the call, and
// shows them at the door as new in the seat. Somebody of another function or unit is nobody here. The
// part goes with the meeting: moved with it, ended when it or the call ends.
// Sending the same colleague again changes nothing.
func (s *Service) SendInstead(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, who sig.AssignmentID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.SetParticipation, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			found, err := m.substitutes(ctx, row)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(found.could, func(a sig.Assignment) bool { return a.ID == who })
			switch {
			case len(found.seats) == 0:
				return m.tx.RefuseMissing(m.entry)
			case slices.Contains(found.taken, who):
				return nil // the same form, sent twice
			case at < 0:
				var c fault.Check
				c.Fail("substitute", "error.choose_one")
				return c.Err()
			}
			return m.sendInstead(ctx, row, found.could[at])
		})
}

func (m *matter) sendInstead(ctx context.Context, row *postgres.MeetingParts, a sig.Assignment) error {
	part := sig.ParticipationID{UUID: uuid.New()}
	err := m.tx.InsertParticipation(ctx, postgres.Participation{
		ID: part, Intervention: row.Intervention, Assignment: a.ID, Authority: a.Authority, Unit: a.Unit, Function: a.Function,
		From: m.tx.Now(), To: row.EndsAt, Meeting: row.ID,
	}, nil)
	if err != nil {
		return err
	}
	if err := m.tx.SetAlarm(postgres.AlarmParticipationEnds, row.Intervention, part.UUID, row.EndsAt); err != nil {
		return err
	}
	e := m.entry
	e.Object, e.Detail = ledger.Of(ledger.ObjectAssignment, a.ID), ledger.Detail{"meeting": row.ID.String()}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	m.tx.Nudge(a.ID.UUID)
	m.tx.QueueNewMeetingCalls(row.Intervention)
	return m.tell(ctx, []sig.Seat{m.current(row.Host)})
}
