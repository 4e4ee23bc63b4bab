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

// Said is what a called function says to a call: whether it comes, and where it
// suggests one, another time. Words that came beside it are not kept: they would
// be told the coordinator without anybody having asked who may be told them.
type Said struct {
	Answer     sig.InvitationAnswer
	Start, End time.Time // zero where no other time is suggested
}

func (in *Said) check() error {
	var c fault.Check
	if !in.Answer.Valid() {
		c.Fail("answer", "error.choose_one")
	}
	if in.suggests() {
		checkTimes(&c, in.Start, in.End)
	}
	return c.Err()
}

func (in *Said) suggests() bool { return !in.Start.IsZero() || !in.End.IsZero() }

// Answer says for the actor's own function whether it comes; the last answer
// counts.
func (s *Service) Answer(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, answer sig.InvitationAnswer,
) error {
	in := Said{Answer: answer}
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.AnswerInvitation, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			mine := m.mine(row)
			switch {
			case len(mine) == 0:
				return m.tx.RefuseMissing(m.entry)
			case !m.answerable(&row.Meeting):
				return conflict("error.meeting_is_over")
			}
			return m.answer(ctx, row, mine, in, viaPortal)
		})
}

// answerable reports whether a call can be answered: until the meeting's end, or,
// once its room is open, until its own time. A room is opened early by whoever
// prepares it, while others are on their way and may find that they cannot come.
func (m *matter) answerable(row *postgres.Meeting) bool {
	switch now := m.tx.Now(); row.State {
	case sig.MeetingPlanned:
		return now.Before(row.EndsAt)
	case sig.MeetingLive:
		return now.Before(row.StartsAt)
	case sig.MeetingProposed, sig.MeetingEnded, sig.MeetingCancelled, sig.MeetingDropped:
	}
	return false
}

// mine are the calls of the seats that the actor fills.
func (m *matter) mine(row *postgres.MeetingParts) []postgres.Invitation {
	var mine []postgres.Invitation
	for _, v := range row.Invitations {
		if v.EndedAt == nil && slices.Contains(m.seats(), m.current(v.Seat)) {
			mine = append(mine, v)
		}
	}
	return mine
}

// How an answer came. The ledger says it: of a link and of a reply it is known
// to whom the call was sent, and not who sat there.
const (
	viaPortal = "portal"
	viaLink   = "link"
	viaReply  = "reply"
)

func (m *matter) answer(ctx context.Context, row *postgres.MeetingParts, calls []postgres.Invitation, in Said, via string) error {
	if in.suggests() {
		if err := m.checkAhead(in.Start, ""); err != nil {
			return err
		}
	}
	for _, v := range calls {
		if err := m.tx.AnswerInvitation(ctx, row.ID, v.ID, in.Answer, postgres.Proposal{Start: in.Start, End: in.End}); err != nil {
			return err
		}
	}
	e := m.entry
	e.Detail = ledger.Detail{"answer": in.Answer}
	if via != viaPortal {
		e.Detail["via"], e.Detail["sequence"] = via, row.Sequence
	}
	if in.suggests() {
		e.Detail["suggests"] = true
	}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	return m.tell(ctx, nil)
}

// mayCome reports whether the actor may be there for a point that the call is to:
// the first wall, asked once more of an answer that comes without a session.
func (m *matter) mayCome(ctx context.Context, row *postgres.MeetingParts, call postgres.Invitation) (bool, error) {
	host, err := m.place(ctx, row.Host)
	if err != nil {
		return false, err
	}
	for _, p := range row.Points {
		if !slices.ContainsFunc(row.Presences, func(r postgres.Presence) bool {
			return r.Invitation == call.ID && r.Point == p.ID && r.EndedAt == nil
		}) {
			continue
		}
		teller, err := m.place(ctx, p.Teller)
		if err != nil {
			return false, err
		}
		if m.sees(policy.Attend, about(host, teller, p.AgendaPoint, row.StartsAt)).Allowed {
			return true, nil
		}
	}
	return false, nil
}
