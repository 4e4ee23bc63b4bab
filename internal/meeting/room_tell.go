package meeting

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// NewTold is something that was told in the room under a point.
type NewTold struct {
	Key          string // made by the form, so that a repeat is the same act
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Point        sig.PointID
	Version      int // of the draft that was seen
	Text         string
	Necessity    string // why they need it
	WeakerReason string // why it was told although secrecy is weaker somewhere
}

// Tell stamps what was told: an item of the teller's authority with the
// point's category, disclosed to exactly the functions that are here, in one
// transaction and as any other disclosure. Whoever is here and may not hear it
// has to leave first; without a consent in force, or after sharing ended,
// nothing is stamped. A repeat with the same key is the same act.
func (s *Service) Tell(ctx context.Context, actor sig.Actor, in NewTold) ([]sharing.Sent, error) {
	in.Text, in.Necessity, in.WeakerReason = strings.TrimSpace(in.Text), strings.TrimSpace(in.Necessity), strings.TrimSpace(in.WeakerReason)
	var c fault.Check
	checkText(&c, "text", in.Text, MaxTold, true)
	checkText(&c, "necessity", in.Necessity, sharing.MaxReason, true)
	checkText(&c, "weaker_reason", in.WeakerReason, sharing.MaxReason, false)
	if err := c.Err(); err != nil {
		return nil, err
	}
	if in.Key != "" {
		in.Key = strings.Join([]string{in.Key, in.Meeting.String(), in.Point.String()}, " ")
	}
	var sent []sharing.Sent
	err := s.change(ctx, actor, ledger.Entry{Kind: ledger.TellInRoom, Intervention: in.Intervention}, in.Meeting,
		func(m *matter, row *postgres.MeetingParts) error {
			point, err := m.writes(row, in.Point, false)
			if err != nil {
				return err
			}
			m.entry.Categories = []sig.Category{point.Category}
			before, sentBefore, err := m.toldBefore(ctx, row, &in)
			if err != nil || before {
				sent = sentBefore
				return err // the same form, sent twice
			}
			here, err := m.hearers(ctx, row, point)
			if err != nil {
				return err
			}
			sent, err = m.stamp(ctx, row, point, &in, here)
			return err
		})
	return sent, atWeaker(err)
}

// atWeaker moves the question why something is told although secrecy is weaker
// somewhere from the functions to its own field.
func atWeaker(err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	for i, f := range wrong.Fields {
		if f.Code == reasonPrefix+string(policy.WeakerUnanswered) {
			wrong.Fields[i].Name = "weaker_reason"
		}
	}
	return err
}

// toldBefore is whether the same form was sent before, and what became of it.
func (m *matter) toldBefore(ctx context.Context, row *postgres.MeetingParts, in *NewTold) (bool, []sharing.Sent, error) {
	rows, err := m.tx.MeetingRoom(ctx, row.Intervention, row.ID)
	if err != nil {
		return false, nil, err
	}
	id := sharing.WrittenAs(m.tx.Actor, in.Key)
	if in.Key == "" || !slices.ContainsFunc(rows.Told, func(t postgres.MeetingTold) bool { return t.Item == id }) {
		return false, nil, nil
	}
	all, err := m.tx.Disclosures(ctx, row.Intervention)
	if err != nil {
		return false, nil, err
	}
	var sent []sharing.Sent
	for _, d := range all {
		if d.Item == id && d.SentAt != nil {
			sent = append(sent, sharing.Sent{ID: d.ID, Recipient: d.Recipient, At: *d.SentAt})
		}
	}
	return true, sent, nil
}

// whole is a meeting with its room and its case as they are, not only as far as
// the actor sees them: who is in the same room is decided from all of it.
func (m *matter) whole(ctx context.Context, row *postgres.MeetingParts) (*judge, *postgres.MeetingRoom, error) {
	var facts *postgres.CaseFacts
	var all *postgres.MeetingParts
	var rows *postgres.MeetingRoom
	err := m.tx.AsSystem("room", func() (err error) {
		if facts, err = m.tx.CaseFacts(ctx, row.Intervention); err != nil {
			return err
		}
		if all, err = m.tx.MeetingParts(ctx, row.Intervention, row.ID); err != nil {
			return err
		}
		rows, err = m.tx.MeetingRoom(ctx, row.Intervention, row.ID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	facts.Seats = m.facts.Seats
	j, err := (&matter{s: m.s, tx: m.tx, facts: facts, entry: m.entry}).judge(ctx, all)
	return j, rows, err
}

// hearers are the functions that hear what is told under a point now: the host,
// who holds the meeting, and every function that is here and called to the point.
// One that may not hear it, or is called to another point, is a no to the whole.
func (m *matter) hearers(ctx context.Context, row *postgres.MeetingParts, point *postgres.MeetingPoint) ([]sig.Seat, error) {
	j, rows, err := m.whole(ctx, row)
	if err != nil {
		return nil, err
	}
	why := j.m.lapsed()
	if why == "" && rows.SharingEndedAt != nil {
		why = policy.CaseNotActive
	}
	if why != "" {
		return nil, m.tx.RefuseRecorded(m.entry, string(why), conflict("error.room_stopped"))
	}
	n := slices.IndexFunc(j.row.Points, func(p postgres.MeetingPoint) bool { return p.ID == point.ID })
	teller := m.current(point.Teller)
	here := []sig.Seat{m.current(row.Host)}
	var noes fault.Check
	for _, v := range j.row.Invitations {
		if v.EndedAt != nil || !isHere(rows, v.ID) {
			continue
		}
		d, _ := j.stays(v, n)
		if !d.Allowed {
			why = d.Reason
			noes.Fail("here."+string(v.Seat.Unit)+"."+string(v.Seat.Function), "error.room_must_leave",
				"function", string(v.Seat.Function), "reason", string(d.Reason))
			continue
		}
		if seat := m.current(v.Seat); !slices.Contains(here, seat) {
			here = append(here, seat)
		}
	}
	if err := noes.Err(); err != nil {
		return nil, m.tx.RefuseRecorded(m.entry, string(why), err)
	}
	guests, not, why, err := j.guestsHear(ctx, n)
	switch {
	case err != nil:
		return nil, err
	case not != nil:
		return nil, m.tx.RefuseRecorded(m.entry, string(why), not)
	case len(guests) > 0:
		m.guestsHere = guests
	}
	here = slices.DeleteFunc(here, func(s sig.Seat) bool { return s == teller })
	if len(here) == 0 && !point.FamilyAlone {
		noes.Fail("text", "error.room_nobody_here")
		return nil, noes.Err()
	}
	return here, nil
}

// stamp writes the item, its disclosures and the meeting's own row.
func (m *matter) stamp(
	ctx context.Context, row *postgres.MeetingParts, point *postgres.MeetingPoint, in *NewTold, here []sig.Seat,
) ([]sharing.Sent, error) {
	before, err := m.draft(ctx, row, point, postgres.DraftTold)
	if err != nil {
		return nil, err
	}
	if before.Version != in.Version {
		texts, err := m.openDrafts(ctx, []postgres.MeetingDraft{before})
		if err != nil {
			return nil, err
		}
		return nil, m.tx.Refuse(&Newer{Draft: Draft{Version: before.Version, Text: texts[0], SavedAt: before.SavedAt}})
	}
	teller := m.current(point.Teller)
	at := slices.IndexFunc(m.facts.Seats, func(p sig.Place) bool { return p.Seat() == teller })
	item, sent, err := m.said(ctx, point, m.facts.Seats[at], sharing.NewItem{
		Key: in.Key, Intervention: row.Intervention, Categories: []sig.Category{point.Category}, Text: in.Text,
	}, sharing.NewDisclosure{
		Key: in.Key, Intervention: row.Intervention, Recipients: here, Necessity: in.Necessity, WeakerReason: in.WeakerReason,
	})
	if err != nil {
		return nil, err
	}
	m.tx.InsertTold(&row.Meeting, point.ID, item, teller.Authority)
	before.BodySealed = nil
	if err := m.tx.SaveDraft(ctx, &row.Meeting, before); err != nil {
		return nil, err
	}
	e := m.entry
	e.Consent = m.facts.Consent
	e.Detail = ledger.Detail{"point": point.Position, "item": item.String(), "functions": len(here)}
	if len(m.guestsHere) > 0 {
		e.Detail["guests"] = m.guestsHere // an interpreter, or a private recipient whom the row relied on names
	}
	if err := m.tx.Record(e); err != nil {
		return nil, err
	}
	return sent, m.tell(ctx, append(here, teller))
}

// said writes down what was told under a point and tells it to the functions that
// heard it; what was said where the family was alone is told to none.
func (m *matter) said(
	ctx context.Context, point *postgres.MeetingPoint, from sig.Place, item sharing.NewItem, to sharing.NewDisclosure,
) (sig.ItemID, []sharing.Sent, error) {
	told := sharing.Service{DB: m.s.DB, Sealer: m.s.Sealer}
	if point.FamilyAlone {
		id, err := told.KeepHere(ctx, m.tx, from, item)
		return id, nil, err
	}
	return told.TellHere(ctx, m.tx, sharing.Spoken{From: from, Item: item, To: to})
}
