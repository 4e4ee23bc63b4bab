package meeting

import (
	"context"
	"errors"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Move is another time and place for a meeting.
type Move struct {
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Sequence     int // that the coordinator has seen: nobody overwrites what came between
	Start, End   time.Time
	Place, Link  string
}

// change opens the transaction that every act upon a meeting needs: the lock,
// the clock, the facts and the meeting as it is.
func (s *Service) change(
	ctx context.Context, actor sig.Actor, entry ledger.Entry, id sig.MeetingID, do func(*matter, *postgres.MeetingParts) error,
) error {
	entry.Object = ledger.Of(ledger.ObjectMeeting, id)
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(entry.Intervention)); err != nil {
			return err
		}
		m, err := s.begin(ctx, tx, entry)
		if err != nil {
			return err
		}
		row, err := tx.MeetingParts(ctx, entry.Intervention, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m.count(row)
		return do(m, row)
	})
}

// conflict is the answer to whoever has not seen what a meeting has become.
func conflict(code string) error { return fault.New(fault.Conflict, code) }

// Cancel calls a meeting off. Doing it again changes nothing.
func (s *Service) Cancel(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.CancelMeeting, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			switch {
			case row.State == sig.MeetingCancelled:
				return nil
			case row.State != sig.MeetingPlanned || !m.tx.Now().Before(row.EndsAt):
				return conflict("error.meeting_is_over")
			}
			if err := m.tx.CancelMeeting(ctx, intervention, id, sig.MeetingCancelledByCoordinator); err != nil {
				return err
			}
			m.tx.QueueMeetingEnds(intervention)
			if err := m.tx.Record(m.entry); err != nil {
				return err
			}
			return m.tell(ctx, seatsOf(row))
		})
}

func seatsOf(row *postgres.MeetingParts) []sig.Seat {
	var seats []sig.Seat
	for _, v := range row.Invitations {
		if v.EndedAt == nil {
			seats = append(seats, v.Seat)
		}
	}
	return seats
}

// looked takes the question of what to do with a meeting off the coordinator's
// Today.
func (m *matter) looked(ctx context.Context, id sig.MeetingID) error {
	return m.tx.FinishTask(ctx, m.facts.Intervention, postgres.TaskReviewMeeting, id.UUID)
}

// Review lets a meeting stand as it is, without those who are no longer called.
func (s *Service) Review(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.ReviewMeeting, Intervention: intervention}, id,
		func(m *matter, _ *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			if err := m.looked(ctx, id); err != nil {
				return err
			}
			return m.tx.Record(m.entry)
		})
}

// Move gives a meeting another time and place and judges every call anew, at
// the new time: a function that could be told nothing then is a no to the move.
// Answers were about the old time and are forgotten.
func (s *Service) Move(ctx context.Context, actor sig.Actor, in Move) error {
	var c fault.Check
	in.Place, in.Link = strings.TrimSpace(in.Place), strings.TrimSpace(in.Link)
	checkTimes(&c, in.Start, in.End)
	checkWhere(&c, in.Place, in.Link)
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.MoveMeeting, Intervention: in.Intervention}, in.Meeting,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			if row.State != sig.MeetingPlanned || !m.tx.Now().Before(row.EndsAt) {
				return conflict("error.meeting_is_over")
			}
			if row.Sequence != in.Sequence {
				return m.moved(ctx, row, &in)
			}
			if err := m.checkAhead(in.Start, in.Place); err != nil {
				return err
			}
			return m.move(ctx, row, &in)
		})
}

// moved tells the same form, sent twice, from somebody else's move in between.
func (m *matter) moved(ctx context.Context, row *postgres.MeetingParts, in *Move) error {
	now := &Open{}
	if err := m.openWhere(ctx, &row.Meeting, now); err != nil {
		return err
	}
	if row.Sequence == in.Sequence+1 && row.StartsAt.Equal(in.Start) && row.EndsAt.Equal(in.End) && now.Place == in.Place && now.Link == in.Link {
		return nil
	}
	return conflict("error.meeting_has_moved")
}

func (m *matter) move(ctx context.Context, row *postgres.MeetingParts, in *Move) error {
	to := row.Meeting
	to.StartsAt, to.EndsAt = in.Start, in.End
	if err := m.sealWhere(ctx, &to, in.Place, in.Link); err != nil {
		return err
	}
	if err := m.tx.MoveMeeting(ctx, &to); err != nil {
		return err
	}
	if err := m.callAgain(ctx, row, in.Start); err != nil {
		return m.refusedMove(err)
	}
	m.tx.ClearAnswers(row.ID)
	for _, v := range row.Invitations {
		m.tx.QueueMeetingCalls(v.ID)
	}
	m.tx.QueueMeetingEnds(row.Intervention) // to whose part it does not reach any more
	m.tx.CallGuestsAgain(row.ID)
	if err := m.looked(ctx, row.ID); err != nil {
		return err
	}
	e := m.entry
	e.Consent, e.Detail = m.facts.Consent, ledger.Detail{"sequence": row.Sequence + 1}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	return m.tell(ctx, seatsOf(row))
}

// callAgain judges every call at the new time.
func (m *matter) callAgain(ctx context.Context, row *postgres.MeetingParts, start time.Time) error {
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return err
	}
	for _, v := range row.Invitations {
		if v.EndedAt != nil {
			continue
		}
		to, _, err := m.recipient(ctx, v.Seat)
		if err != nil {
			return err
		}
		var may, not []sig.PointID
		var last policy.Reason
		for _, p := range row.Points {
			teller, err := m.place(ctx, p.Teller)
			if err != nil {
				return err
			}
			r := m.request(policy.Attend, about(host, teller, p.AgendaPoint, start))
			r.Recipient = to
			if d := policy.Decide(r); d.Allowed {
				may = append(may, p.ID)
			} else {
				not, last = append(not, p.ID), d.Reason
			}
		}
		if len(may) == 0 {
			return &uncalled{v.Seat, last}
		}
		m.tx.EndPresences(v.ID, not, m.tx.Now())
		if err := m.tx.PutPresences(ctx, &row.Meeting, v.ID, may); err != nil {
			return err
		}
	}
	return nil
}

// uncalled is a function that could be told nothing at the new time.
type uncalled struct {
	seat   sig.Seat
	reason policy.Reason
}

// Error gives the reason's code.
func (u *uncalled) Error() string { return string(u.reason) }

// refusedMove answers at the field of the time. What had been written goes back
// with it: a refusal commits, so the move must not have been made.
func (m *matter) refusedMove(err error) error {
	if u, ok := errors.AsType[*uncalled](err); ok {
		var c fault.Check
		c.Fail("start", "error.meeting_uncovered_then", "function", string(u.seat.Function), "reason", string(u.reason))
		return c.Err()
	}
	return err
}
