package meeting

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Callable is what a meeting that is called already may still be widened by.
type Callable struct {
	Open
	Functions []Function // not called; with the points that each may be there for, and why not the others
}

// MoreToCall answers which functions could still be called to a meeting, to
// whoever may call them. Nobody is called.
func (s *Service) MoreToCall(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Callable, error) {
	open, err := s.Open(ctx, actor, intervention, id)
	if err != nil {
		return nil, err
	}
	options, err := s.Options(ctx, actor, intervention)
	if err != nil {
		return nil, err
	}
	out := &Callable{Open: *open}
	err = s.change(ctx, actor, ledger.Entry{Kind: ledger.PreviewMeeting, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mayCallMore(row); err != nil {
				return err
			}
			for _, seat := range options.Seats {
				if m.everCalled(row, seat) {
					continue
				}
				f, err := m.judged(ctx, row, seat)
				if err != nil {
					return err
				}
				out.Functions = append(out.Functions, f)
			}
			return m.tx.Record(m.entry)
		})
	return out, err
}

func (m *matter) mayCallMore(row *postgres.MeetingParts) error {
	if err := m.mustMeet(); err != nil {
		return err
	}
	if row.State != sig.MeetingPlanned || !m.tx.Now().Before(row.EndsAt) {
		return conflict("error.meeting_is_over")
	}
	return nil
}

// everCalled reports whether the function has a call, also one that has ended:
// an ended call stays ended.
func (m *matter) everCalled(row *postgres.MeetingParts, seat sig.Seat) bool {
	return slices.ContainsFunc(row.Invitations, func(v postgres.Invitation) bool { return m.current(v.Seat) == m.current(seat) })
}

// judged asks the policy about a function and every point of a meeting that is
// stored, at its own time.
func (m *matter) judged(ctx context.Context, row *postgres.MeetingParts, seat sig.Seat) (Function, error) {
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return Function{}, err
	}
	as := NewMeeting{Start: row.StartsAt, End: row.EndsAt}
	var tellers []sig.Place
	for _, p := range row.Points {
		teller, err := m.place(ctx, p.Teller)
		if err != nil {
			return Function{}, err
		}
		as.Points, tellers = append(as.Points, NewPoint{Category: p.Category, Teller: p.Teller, FamilyAlone: p.FamilyAlone}), append(tellers, teller)
	}
	return m.function(ctx, &as, host, tellers, seat)
}

// CallMore calls further functions to a meeting, each to every point that it may
// be there for at the meeting's own time. One that may be there for none is a no
// to the whole, as in Schedule. One that is called already stays so.
func (s *Service) CallMore(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, seats []sig.Seat) error {
	var c fault.Check
	switch {
	case len(seats) == 0:
		c.Fail("call", "error.choose_some")
	case len(seats) > MaxCalls:
		c.Fail("call", "error.too_many", "max", MaxCalls)
	}
	for i, seat := range seats {
		if !seat.Function.HandlesCases() {
			c.Fail(fmt.Sprintf("call.%d", i), "error.bad_id")
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.InviteFunction, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mayCallMore(row); err != nil {
				return err
			}
			if err := m.known(ctx, &NewMeeting{Call: seats}); err != nil {
				return err
			}
			return m.callMore(ctx, row, seats)
		})
}

func (m *matter) callMore(ctx context.Context, row *postgres.MeetingParts, seats []sig.Seat) error {
	plan := &Plan{}
	for _, p := range row.Points {
		plan.Points = append(plan.Points, NewPoint{Category: p.Category, Teller: p.Teller, FamilyAlone: p.FamilyAlone})
	}
	for i, seat := range seats {
		if m.everCalled(row, seat) || slices.ContainsFunc(plan.Functions, func(f Function) bool { return f.Seat == m.current(seat) }) {
			continue
		}
		f, err := m.judged(ctx, row, seat)
		if err != nil {
			return err
		}
		f.index = i
		plan.Functions = append(plan.Functions, f)
	}
	if err := m.allCalled(plan, row.ID); err != nil {
		return err
	}
	for _, f := range plan.Functions {
		v := postgres.Invitation{ID: sig.InvitationID{UUID: uuid.New()}, Seat: f.Seat}
		var points []sig.PointID
		for i, p := range f.Points {
			if p.Allowed {
				points = append(points, row.Points[i].ID)
			}
		}
		m.tx.InsertInvitation(&row.Meeting, v)
		if err := m.tx.PutPresences(ctx, &row.Meeting, v.ID, points); err != nil {
			return err
		}
		m.tx.QueueMeetingCalls(v.ID)
		if err := m.recordCall(plan, &f, row.ID); err != nil {
			return err
		}
	}
	if err := m.looked(ctx, row.ID); err != nil {
		return err
	}
	return m.tell(ctx, plan.seats())
}
