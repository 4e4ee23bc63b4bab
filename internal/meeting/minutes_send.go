package meeting

import (
	"context"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// SendMinutes is what sending minutes asks for.
type SendMinutes struct {
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Version      int // that was approved and seen
	Necessity    string
	WeakerReason string
}

// SendMinutes tells every called function the points that the consent lets the
// board tell it now, each point as an item with its own disclosures; a point
// that changed since it was sent goes as a correction of what was sent. What
// has been sent as it stands is not sent again. A point for the family alone goes
// to no function: it becomes an item, and whether they may read it is decided as
// of any other.
func (s *Service) SendMinutes(ctx context.Context, actor sig.Actor, in SendMinutes) error {
	in.Necessity, in.WeakerReason = strings.TrimSpace(in.Necessity), strings.TrimSpace(in.WeakerReason)
	var c fault.Check
	checkText(&c, "necessity", in.Necessity, sharing.MaxReason, true)
	checkText(&c, "weaker_reason", in.WeakerReason, sharing.MaxReason, false)
	if err := c.Err(); err != nil {
		return err
	}
	err := s.changeMinutes(ctx, actor, ledger.SendMinutes, in.Intervention, in.Meeting,
		func(m *matter, row *postgres.MeetingParts, stands *postgres.Minutes) error {
			if stands.Version != in.Version || stands.Approved != in.Version {
				return conflict("error.minutes_not_approved")
			}
			if why := m.lapsed(); why != "" {
				return m.tx.RefuseRecorded(m.entry, string(why), conflict("error.minutes_stopped"))
			}
			j, err := m.judge(ctx, row)
			if err != nil {
				return err
			}
			texts, err := m.minutesTexts(ctx, row, stands.Texts)
			if err != nil {
				return err
			}
			points, waiting := 0, unsent(stands)
			var told []sig.Seat
			for i, p := range row.Points {
				at := slices.IndexFunc(waiting, func(t postgres.MinutesText) bool { return t.Point == p.ID })
				to := covered(j.minutesFor(i))
				if at < 0 || len(to) == 0 && !p.FamilyAlone {
					continue
				}
				item, err := m.sendPoint(ctx, row, p, texts[p.ID], lastSent(stands, p.ID), &in, to)
				if err != nil {
					return err
				}
				m.tx.InsertMinutesSent(&row.Meeting, waiting[at], item)
				points, told = points+1, append(told, to...)
			}
			if points == 0 {
				return nil
			}
			if err := m.minutesRow(in.Version, points); err != nil {
				return err
			}
			return m.tell(ctx, told)
		})
	return atWeaker(err)
}

func covered(list []MinutesFor) []sig.Seat {
	var seats []sig.Seat
	for _, f := range list {
		if f.May {
			seats = append(seats, f.Seat)
		}
	}
	return seats
}

// lastSent is the item that a point was sent as before; zero where it was not.
func lastSent(stands *postgres.Minutes, p sig.PointID) sig.ItemID {
	var last sig.ItemID
	for _, s := range stands.Sent {
		if s.Point == p {
			last = s.Item
		}
	}
	return last
}

func (m *matter) sendPoint(
	ctx context.Context, row *postgres.MeetingParts, p postgres.MeetingPoint, text string, before sig.ItemID, in *SendMinutes, to []sig.Seat,
) (sig.ItemID, error) {
	host := m.host()
	if host.Seat() != m.current(row.Host) {
		return sig.ItemID{}, m.tx.RefuseRecorded(m.entry, string(policy.NoStanding), fault.New(fault.Denied, "error.denied"))
	}
	item, _, err := m.said(ctx, &p, host, sharing.NewItem{
		Intervention: row.Intervention, Categories: []sig.Category{p.Category}, Text: text, Corrects: before,
	}, sharing.NewDisclosure{
		Intervention: row.Intervention, Recipients: to, Necessity: in.Necessity, WeakerReason: in.WeakerReason,
	})
	return item, err
}
