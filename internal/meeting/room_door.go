package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// judge answers, for functions and points of one meeting, who may be there now.
type judge struct {
	m       *matter
	row     *postgres.MeetingParts
	host    sig.Place
	tellers []sig.Place
	seats   map[sig.Seat]postgres.SeatFacts
}

// judge looks up where the functions sit, and who takes part there.
func (m *matter) judge(ctx context.Context, row *postgres.MeetingParts) (*judge, error) {
	seats := []sig.Seat{m.current(row.Host)}
	for _, p := range row.Points {
		seats = append(seats, m.current(p.Teller))
	}
	for _, v := range row.Invitations {
		seats = append(seats, m.current(v.Seat))
	}
	found, err := m.tx.SeatsInCase(ctx, m.facts.Intervention, seats...)
	if err != nil {
		return nil, err
	}
	j := &judge{m: m, row: row, seats: found}
	j.host = j.place(row.Host)
	for _, p := range row.Points {
		j.tellers = append(j.tellers, j.place(p.Teller))
	}
	return j, nil
}

// place is a seat as the directory has it; one that it does not know under that
// authority is nobody's, and no row names it.
func (j *judge) place(seat sig.Seat) sig.Place {
	seat = j.m.current(seat)
	if p := j.seats[seat].Place; p.Authority == seat.Authority {
		return p
	}
	return sig.Place{Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function}
}

// may asks the policy whether a function may be there for a point now, and
// until when its row lets it.
func (j *judge) may(seat sig.Seat, point int) (policy.Decision, time.Time) {
	r := j.m.request(policy.Attend, about(j.host, j.tellers[point], j.row.Points[point].AgendaPoint, j.row.StartsAt))
	r.Recipient = policy.Recipient{Place: j.place(seat), Participates: len(j.readers(seat)) > 0}
	d := policy.Decide(r)
	if d.Allowed && d.Grant >= 0 {
		return d, r.Consent.Grants[d.Grant].To
	}
	return d, time.Time{}
}

// stays asks whether a called function is there for a point: it may be, and is
// called to it. Whoever holds the meeting, and whoever tells, need no call.
func (j *judge) stays(v postgres.Invitation, point int) (policy.Decision, time.Time) {
	d, until := j.may(v.Seat, point)
	p := &j.row.Points[point]
	seat := j.m.current(v.Seat)
	if d.Allowed && seat != j.m.current(j.row.Host) && seat != j.m.current(p.Teller) && !called(j.row, v.ID, p.ID) {
		return policy.Decision{Reason: policy.NotCalled}, time.Time{}
	}
	return d, until
}

func (j *judge) readers(seat sig.Seat) []postgres.Seated { return j.seats[j.m.current(seat)].Readers() }

// door fills in who may be let in, for the board, and for everybody until when
// the own sharing lasts.
func (m *matter) door(ctx context.Context, out *Room, row *postgres.MeetingParts, rows *postgres.MeetingRoom) error {
	j, err := m.judge(ctx, row)
	if err != nil {
		return err
	}
	if !out.OnBoard {
		for i := range row.Points {
			for _, seat := range m.seats() {
				if _, until := j.may(seat, i); !until.IsZero() {
					out.Until = earliest(out.Until, until)
				}
			}
		}
		return nil
	}
	since, err := m.seatedSince(ctx)
	if err != nil {
		return err
	}
	for _, v := range row.Invitations {
		d := DoorSeat{
			Invitation: v.ID, Seat: v.Seat, EndedAt: v.EndedAt, EndedBy: v.EndedBy, Here: isHere(rows, v.ID),
		}
		for _, p := range j.readers(v.Seat) {
			d.People = append(d.People, DoorPerson{
				Assignment: p.Assignment, Name: p.Name, Here: personHere(rows, v.ID, p.Assignment),
				New: since[seated{p.Assignment, m.current(v.Seat)}].After(rows.InvitedAt[v.ID]),
			})
		}
		for i, p := range row.Points {
			decision, until := j.stays(v, i)
			switch {
			case v.EndedAt != nil:
			case decision.Allowed:
				d.In = append(d.In, p.Position)
				d.Until = earliest(d.Until, until)
			default:
				d.Out = append(d.Out, DoorNo{p.Position, decision.Reason})
			}
		}
		out.Until = earliest(out.Until, d.Until)
		out.Door = append(out.Door, d)
	}
	m.order(out, row)
	return nil
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func called(row *postgres.MeetingParts, v sig.InvitationID, p sig.PointID) bool {
	return slices.ContainsFunc(row.Presences, func(r postgres.Presence) bool {
		return r.Invitation == v && r.Point == p && r.EndedAt == nil
	})
}

func isHere(rows *postgres.MeetingRoom, v sig.InvitationID) bool {
	return slices.ContainsFunc(rows.Attendance, func(a postgres.Attendance) bool { return a.Invitation == v && a.LeftAt == nil })
}

func personHere(rows *postgres.MeetingRoom, v sig.InvitationID, who sig.AssignmentID) bool {
	return slices.ContainsFunc(rows.Attendance, func(a postgres.Attendance) bool {
		return a.Invitation == v && a.LeftAt == nil && a.Assignment != nil && *a.Assignment == who
	})
}

type seated struct {
	who  sig.AssignmentID
	seat sig.Seat
}

// seatedSince is from when each participant has taken part in the seat that
// they fill.
func (m *matter) seatedSince(ctx context.Context) (map[seated]time.Time, error) {
	since := map[seated]time.Time{}
	err := m.tx.AsSystem("room", func() error {
		taking, err := m.tx.Participants(ctx, m.facts.Intervention)
		for _, p := range taking {
			since[seated{p.Assignment, m.current(sig.Seat{Authority: p.Authority, Unit: p.Unit, Function: p.Function})}] = p.From
		}
		return err
	})
	return since, err
}

// order proposes in which order to take the points.
func (m *matter) order(out *Room, row *postgres.MeetingParts) {
	stays := make([]uint64, len(row.Points))
	for n, d := range out.Door {
		for i, p := range row.Points {
			if n < 64 && slices.Contains(d.In, p.Position) {
				stays[i] |= 1 << n
			}
		}
	}
	order := Order(stays)
	for _, i := range order {
		out.Order = append(out.Order, row.Points[i].Position)
	}
	out.Leave = Leavings(stays, order)
}

// nobody is the zero person of a stay.
func orNobody(who sig.AssignmentID) *sig.AssignmentID {
	if who.UUID == uuid.Nil {
		return nil
	}
	return &who
}
