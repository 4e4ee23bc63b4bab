package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// How many times are asked about.
const (
	pollAtLeast = 2
	PollAtMost  = 3
)

// checkWhen looks at the times: of the meeting, or of the poll, which are put in
// their order. Until one is chosen, the last is the meeting's own.
func (n *NewMeeting) checkWhen(c *fault.Check) {
	if len(n.Poll) == 0 {
		checkTimes(c, n.Start, n.End)
		n.Repeat.check(c)
		return
	}
	if n.Repeat != (Repeat{}) {
		c.Fail("weeks", "error.choose_one")
	}
	if len(n.Poll) < pollAtLeast || len(n.Poll) > PollAtMost {
		c.Fail("poll.0.start", "error.poll_times", "max", PollAtMost)
		return
	}
	for i, at := range n.Poll {
		var one fault.Check
		checkTimes(&one, at.Start, at.End)
		if wrong, ok := errors.AsType[*fault.Error](one.Err()); ok {
			for _, f := range wrong.Fields {
				c.Fail(fmt.Sprintf("poll.%d.%s", i, f.Name), f.Code)
			}
		}
		if slices.ContainsFunc(n.Poll[:i], func(had Span) bool { return had.Start.Equal(at.Start) }) {
			c.Fail(fmt.Sprintf("poll.%d.start", i), "error.poll_twice")
		}
	}
	given := n.Poll
	n.given = make([]int, len(given))
	for i := range given {
		n.given[i] = i
	}
	slices.SortFunc(n.given, func(a, b int) int { return given[a].Start.Compare(given[b].Start) })
	n.Poll = nil
	for _, i := range n.given {
		n.Poll = append(n.Poll, given[i])
	}
	last := n.Poll[len(n.Poll)-1]
	n.Start, n.End = last.Start, last.End
}

// plans is plan, of a poll at each of its times: who could not be called at one
// of them cannot be asked.
func (m *matter) plans(ctx context.Context, in *NewMeeting) (*Plan, error) {
	out, err := m.plan(ctx, in)
	if err != nil {
		return nil, atPoll(err, in, len(in.Poll)-1)
	}
	for i, at := range in.Poll {
		one := *in
		one.Start, one.End = at.Start, at.End
		plan, err := m.plan(ctx, &one)
		if err != nil {
			return nil, atPoll(err, in, i)
		}
		for n := range plan.Functions {
			if !plan.Functions[n].Called() {
				out.Functions[n] = plan.Functions[n]
			}
		}
	}
	return out, nil
}

// everyTime judges the calls at the meeting's time, or at each that is asked
// about: one that could not be chosen is not asked about.
func (m *matter) everyTime(ctx context.Context, in *NewMeeting, id sig.MeetingID) (*Plan, error) {
	times := in.Poll
	if len(times) == 0 {
		times = []Span{{Start: in.Start, End: in.End}}
	}
	var plan *Plan
	for i, at := range times {
		one := *in
		one.Start, one.End = at.Start, at.End
		var err error
		if plan, err = m.plan(ctx, &one); err != nil {
			return nil, atPoll(m.refused(err), in, i)
		}
		if err := m.allCalled(plan, id); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// atPoll moves a fault of the time to the field of the poll where it was given.
func atPoll(err error, in *NewMeeting, i int) error {
	if wrong, ok := errors.AsType[*fault.Error](err); ok && len(in.Poll) > 0 {
		for n, f := range wrong.Fields {
			if f.Name == "start" || f.Name == "end" {
				wrong.Fields[n].Name = fmt.Sprintf("poll.%d.%s", in.given[i], f.Name)
			}
		}
	}
	return err
}

// suits holds an answer to the times that were asked about.
func suits(row *postgres.MeetingParts, chosen []int) ([]int, error) {
	chosen = slices.Clone(chosen)
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	for _, n := range chosen {
		if n < 1 || n > len(row.Poll) {
			var c fault.Check
			c.Fail("suits", "error.choose_one")
			return nil, c.Err()
		}
	}
	return chosen, nil
}

// AnswerPoll says for the actor's own function which of the times suit, counted
// from 1; none is an answer too. The last answer counts.
func (s *Service) AnswerPoll(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, chosen []int) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.AnswerInvitation, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			mine := m.mine(row)
			switch {
			case len(mine) == 0:
				return m.tx.RefuseMissing(m.entry)
			case row.State != sig.MeetingProposed || !m.tx.Now().Before(row.EndsAt):
				return conflict("error.poll_is_over")
			}
			chosen, err := suits(row, chosen)
			if err != nil {
				return err
			}
			for _, v := range mine {
				if err := m.tx.SuitsCall(ctx, row.ID, v.ID, chosen); err != nil {
					return err
				}
			}
			e := m.entry
			e.Detail = ledger.Detail{"poll": len(chosen)}
			if err := m.tx.Record(e); err != nil {
				return err
			}
			return m.tell(ctx, []sig.Seat{m.current(row.Host)})
		})
}

// guestSuits is AnswerPoll of somebody without an account, who has accepted the
// reservation first.
func (v *visit) guestSuits(ctx context.Context, g *postgres.Guest, in GuestSaid) error {
	var c fault.Check
	switch {
	case !in.Poll, v.row.State != sig.MeetingProposed:
		c.Fail("answer", "error.choose_one")
		return c.Err()
	case g.Kind == sig.GuestPrivate && g.ReservedAt == nil:
		c.Fail("reserve", "error.guest_reserve_first")
		return c.Err()
	}
	chosen, err := suits(v.row, in.Suits)
	if err != nil {
		return err
	}
	return v.tx.SuitsGuest(ctx, g.ID, chosen)
}

// ChooseTime decides one of the times, counted from 1, and calls everybody who
// was asked: judged anew, at that time. Choosing the same one again changes
// nothing.
func (s *Service) ChooseTime(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, number int) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.MoveMeeting, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			if number < 1 || number > len(row.Poll) {
				var c fault.Check
				c.Fail("time", "error.choose_one")
				return c.Err()
			}
			at := row.Poll[number-1]
			switch {
			case row.State == sig.MeetingPlanned && row.StartsAt.Equal(at.Start) && row.EndsAt.Equal(at.End):
				return nil
			case row.State != sig.MeetingProposed:
				return conflict("error.poll_is_over")
			}
			if err := m.checkAhead(at.Start, ""); err != nil {
				return atTime(err)
			}
			return m.choose(ctx, row, at)
		})
}

func (m *matter) choose(ctx context.Context, row *postgres.MeetingParts, at Span) error {
	if err := m.tx.ChooseTime(ctx, &row.Meeting, at); err != nil {
		return err
	}
	if err := m.callAgain(ctx, row, at.Start); err != nil {
		return atTime(m.refusedMove(err))
	}
	for _, v := range row.Invitations {
		m.tx.QueueMeetingCalls(v.ID)
	}
	m.tx.CallGuestsAgain(row.ID)
	if err := m.looked(ctx, row.ID); err != nil {
		return err
	}
	e := m.entry
	e.Consent, e.Detail = m.facts.Consent, ledger.Detail{"sequence": row.Sequence + 1, "poll": len(row.Poll)}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	return m.tell(ctx, seatsOf(row))
}

// atTime moves a fault of the meeting's start to the choice.
func atTime(err error) error {
	if wrong, ok := errors.AsType[*fault.Error](err); ok {
		for n := range wrong.Fields {
			wrong.Fields[n].Name = "time"
		}
	}
	return err
}

// DropPoll chooses none of the times: the calls and the links end. Doing it
// again changes nothing.
func (s *Service) DropPoll(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.CancelMeeting, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			switch row.State {
			case sig.MeetingDropped:
				return nil
			case sig.MeetingProposed:
			case sig.MeetingPlanned, sig.MeetingLive, sig.MeetingEnded, sig.MeetingCancelled:
				return conflict("error.poll_is_over")
			}
			if err := m.tell(ctx, seatsOf(row)); err != nil {
				return err
			}
			if err := m.tx.DropMeeting(ctx, &row.Meeting); err != nil {
				return err
			}
			return m.tx.Record(m.entry)
		})
}
