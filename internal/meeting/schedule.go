package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Schedule calls the chosen functions, each to every point that it may be there
// for. One that may be there for none is a no to the whole, answered at its
// field with the test that failed, and recorded. A repeat with the same key is
// the same meeting. Of a series, the later meetings are made as far as the
// consent reaches.
func (s *Service) Schedule(ctx context.Context, actor sig.Actor, in NewMeeting) (sig.MeetingID, error) {
	made, err := s.ScheduleSeries(ctx, actor, in)
	return made.First, err
}

// ScheduleSeries is Schedule, and tells what became of the later meetings.
func (s *Service) ScheduleSeries(ctx context.Context, actor sig.Actor, in NewMeeting) (Made, error) {
	if err := in.check(); err != nil {
		return Made{}, err
	}
	var made Made
	id := sig.MeetingID{UUID: idFrom(actor, in.Key, "meeting")}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(in.Intervention)); err != nil {
			return err
		}
		m, err := s.begin(ctx, tx, ledger.Entry{
			Kind: ledger.ScheduleMeeting, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectMeeting, id),
		})
		if err != nil {
			return err
		}
		if err := m.mustMeet(); err != nil {
			return err
		}
		if _, err := tx.MeetingParts(ctx, in.Intervention, id); !errors.Is(err, postgres.ErrNoRows) {
			return err // the same form, sent twice
		}
		m.held(&in)
		plan, err := m.everyTime(ctx, &in, id)
		if err != nil {
			return err
		}
		if err := m.schedule(ctx, id, &in, plan); err != nil {
			return err
		}
		made.Later, err = m.scheduleLater(ctx, &in)
		return err
	})
	made.First = id
	return made, err
}

// refused records a no of the policy; what is wrong with the input alone is none.
func (m *matter) refused(err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || !slices.ContainsFunc(wrong.Fields, func(f fault.Field) bool { return reasonOf(f.Code) != "" }) {
		return err
	}
	for _, f := range wrong.Fields {
		if reason := reasonOf(f.Code); reason != "" {
			return m.tx.RefuseRecorded(m.entry, reason, err)
		}
	}
	return err
}

const reasonPrefix = "reason."

func reasonOf(code string) string {
	if len(code) > len(reasonPrefix) && code[:len(reasonPrefix)] == reasonPrefix {
		return code[len(reasonPrefix):]
	}
	return ""
}

// allCalled refuses a meeting to which somebody is called for nothing.
func (m *matter) allCalled(plan *Plan, id sig.MeetingID) error {
	var noes fault.Check
	for _, f := range plan.Functions {
		if f.Called() {
			continue
		}
		why := f.Why()
		noes.Fail(fmt.Sprintf("call.%d", f.index), reasonPrefix+string(why))
		e := ledger.Entry{
			Kind: ledger.InviteFunction, Intervention: m.facts.Intervention, Object: ledger.Of(ledger.ObjectMeeting, id),
			Recipient: ledger.Recipient(f.Seat), Categories: categoriesOf(plan, &f, false),
		}
		if err := m.tx.Record(e.Refuse(string(why))); err != nil {
			return err
		}
	}
	if err := noes.Err(); err != nil {
		return m.tx.Refuse(err)
	}
	return nil
}

// categoriesOf are the kinds of information of the points that a function is
// called to, or of all.
func categoriesOf(plan *Plan, f *Function, called bool) []sig.Category {
	var list []sig.Category
	for i, p := range plan.Points {
		if (!called || f.Points[i].Allowed) && !slices.Contains(list, p.Category) {
			list = append(list, p.Category)
		}
	}
	return list
}

func (m *matter) schedule(ctx context.Context, id sig.MeetingID, in *NewMeeting, plan *Plan) error {
	from := m.host()
	host := from.Seat()
	row := postgres.MeetingParts{Meeting: postgres.Meeting{
		ID: id, Intervention: in.Intervention, Host: host, StartsAt: in.Start, EndsAt: in.End, Poll: in.Poll,
	}}
	if err := m.sealWhere(ctx, &row.Meeting, in.Place, in.Link); err != nil {
		return err
	}
	for i, p := range in.Points {
		point := postgres.MeetingPoint{AgendaPoint: sig.AgendaPoint{
			ID: sig.PointID{UUID: uuid.New()}, Position: i + 1, Category: p.Category, Teller: m.current(p.Teller), FamilyAlone: p.FamilyAlone,
		}}
		at := seal.Place{Authority: host.Authority, Intervention: in.Intervention, Field: fieldPoint, Object: point.ID.UUID}
		var err error
		if point.TextSealed, err = m.s.Sealer.Seal(ctx, m.tx, at, []byte(p.Text)); err != nil {
			return err
		}
		row.Points = append(row.Points, point)
	}
	for _, f := range plan.Functions {
		v := postgres.Invitation{ID: sig.InvitationID{UUID: uuid.New()}, Seat: f.Seat}
		row.Invitations = append(row.Invitations, v)
		for i, p := range f.Points {
			if p.Allowed {
				row.Presences = append(row.Presences, postgres.Presence{Invitation: v.ID, Point: row.Points[i].ID})
			}
		}
	}
	if err := m.tx.InsertMeeting(ctx, row); err != nil {
		return err
	}
	if len(in.Poll) > 0 {
		m.tx.QueuePoll(id)
	} else {
		for _, v := range row.Invitations {
			m.tx.QueueMeetingCalls(v.ID)
		}
	}
	if err := m.record(plan, id); err != nil {
		return err
	}
	return m.tell(ctx, plan.seats())
}

// record leaves a row for the meeting and one for each function called.
func (m *matter) record(plan *Plan, id sig.MeetingID) error {
	e := m.entry
	e.Consent, e.Detail = m.facts.Consent, ledger.Detail{"points": len(plan.Points), "functions": len(plan.Functions)}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	for _, f := range plan.Functions {
		if err := m.recordCall(plan, &f, id); err != nil {
			return err
		}
	}
	return nil
}

func (m *matter) recordCall(plan *Plan, f *Function, id sig.MeetingID) error {
	return m.tx.Record(ledger.Entry{
		Kind: ledger.InviteFunction, Reason: reasonFor(f), Intervention: m.facts.Intervention,
		Object: ledger.Of(ledger.ObjectMeeting, id), Consent: m.facts.Consent,
		Recipient: ledger.Recipient(f.Seat), Categories: categoriesOf(plan, f, true),
	})
}

// reasonFor is the ground of a call: the consent's, where any point has it.
func reasonFor(f *Function) string {
	for _, p := range f.Points {
		if p.Allowed && p.Reason == policy.ByConsent {
			return string(p.Reason)
		}
	}
	return string(policy.ByNeed)
}

func (p *Plan) seats() []sig.Seat {
	var seats []sig.Seat
	for _, f := range p.Functions {
		seats = append(seats, f.Seat)
	}
	return seats
}

// sealWhere seals place and link under the board's key; what is empty stays so.
func (m *matter) sealWhere(ctx context.Context, row *postgres.Meeting, place, link string) error {
	row.PlaceSealed, row.LinkSealed, row.MailPlace = nil, nil, nil
	for _, one := range []struct {
		text, field string
		under       sig.InterventionID
		into        *[]byte
	}{
		{place, fieldPlace, row.Intervention, &row.PlaceSealed}, {link, fieldLink, row.Intervention, &row.LinkSealed},
		{place, fieldMail, sig.InterventionID{}, &row.MailPlace},
	} {
		if one.text == "" {
			continue
		}
		at := seal.Place{Authority: row.Host.Authority, Intervention: one.under, Field: one.field, Object: row.ID.UUID}
		var err error
		if *one.into, err = m.s.Sealer.Seal(ctx, m.tx, at, []byte(one.text)); err != nil {
			return err
		}
	}
	return nil
}

func (m *matter) tell(ctx context.Context, seats []sig.Seat) error {
	return closing.TellSeats(ctx, m.tx, m.facts, seats)
}
