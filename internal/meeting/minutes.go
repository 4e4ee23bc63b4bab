package meeting

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Minutes are a meeting's minutes as their reader may see them. For the board
// they are the whole text; everybody else gets the points that were told or
// sent to the own function, in their order and without numbers, so that what is
// not theirs leaves no gap.
type Minutes struct {
	*Open
	Version    int // 0: nothing is written
	Approved   int
	ApprovedAt time.Time
	Here       []Stay // who was there: of the reader's own seats; for the board, of everybody
	Points     []MinutesPoint
	Write      bool // the reader may write, approve and send them
	Waiting    bool // there is something approved that has not been sent
}

// MinutesPoint is one point of the minutes.
type MinutesPoint struct {
	ID          sig.PointID
	Position    int
	Category    sig.Category
	FamilyAlone bool         // it goes to no function
	Text        string       // the board's
	Note        string       // the board's own note, which is never told
	Kept        bool         // from the reader, whose function of the board is not called to the point
	Told        []ToldItem   // what was stamped in the room, where the reader opens it
	Sent        []ToldItem   // what was sent of the minutes
	To          []MinutesFor // whom the text would go to now; whoever may send it
}

// MinutesFor is a called function and whether the consent lets the board tell
// it what a point says.
type MinutesFor struct {
	Seat   sig.Seat
	May    bool
	Reason policy.Reason
}

// Minutes opens the minutes of a meeting that was held. The read is in the
// ledger as that of the meeting.
func (s *Service) Minutes(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Minutes, error) {
	var out *Minutes
	err := s.reading(ctx, actor, intervention, id, func(m *matter, open *Open, row *postgres.MeetingParts) (err error) {
		out, err = m.minutes(ctx, open, row)
		return err
	}, sig.MeetingLive, sig.MeetingEnded)
	return out, err
}

func (m *matter) minutes(ctx context.Context, open *Open, row *postgres.MeetingParts) (*Minutes, error) {
	stands, err := m.tx.Minutes(ctx, row.Intervention, row.ID)
	if err != nil {
		return nil, err
	}
	room, err := m.tx.MeetingRoom(ctx, row.Intervention, row.ID)
	if err != nil {
		return nil, err
	}
	texts, err := m.minutesTexts(ctx, row, stands.Texts)
	if err != nil {
		return nil, err
	}
	notes, err := m.openDrafts(ctx, room.Drafts)
	if err != nil {
		return nil, err
	}
	guests, err := m.everyGuest(ctx, row)
	if err != nil {
		return nil, err
	}
	out := &Minutes{Open: open, Version: stands.Version, Approved: stands.Approved, Here: m.stays(row, room, guests), Write: m.may()}
	if stands.ApprovedAt != nil {
		out.ApprovedAt = *stands.ApprovedAt
	}
	var j *judge
	if out.Write {
		if j, err = m.judge(ctx, row); err != nil {
			return nil, err
		}
	}
	for i, p := range row.Points {
		point := MinutesPoint{ID: p.ID, Position: p.Position, Category: p.Category, FamilyAlone: p.FamilyAlone, Text: texts[p.ID], Told: toldOf(room.Told, p.ID)}
		for n, d := range room.Drafts {
			if d.Point == p.ID && d.Kind == postgres.DraftInternal {
				point.Note = notes[n]
			}
		}
		if point.Kept = open.Points[i].Kept; point.Kept && point.Text+point.Note != "" {
			return nil, m.wallsDisagree(policy.NotCalled)
		}
		for _, t := range stands.Sent {
			if t.Point == p.ID {
				point.Sent = append(point.Sent, told(t.SentAt, t.Item, t.Copy))
			}
		}
		if j != nil {
			point.To = j.minutesFor(i)
		}
		if out.OnBoard || len(point.Told)+len(point.Sent) > 0 {
			out.Points = append(out.Points, point)
		}
	}
	out.Waiting = out.Approved == out.Version && len(unsent(stands)) > 0
	return out, nil
}

// unsent are the texts that have not been sent as they stand.
func unsent(stands *postgres.Minutes) []postgres.MinutesText {
	return slices.DeleteFunc(slices.Clone(stands.Texts), func(t postgres.MinutesText) bool {
		return slices.ContainsFunc(stands.Sent, func(s postgres.MinutesSent) bool { return s.Point == t.Point && s.Version == t.From })
	})
}

// minutesFor asks about every function that is called to a point, beside the
// board's coordinator, whether it may read what the board has written about it.
func (j *judge) minutesFor(point int) []MinutesFor {
	p := j.row.Points[point]
	var list []MinutesFor
	for _, v := range j.row.Invitations {
		seat := j.m.current(v.Seat)
		if v.EndedAt != nil || !called(j.row, v.ID, p.ID) || seat == j.m.current(j.row.Host) {
			continue
		}
		r := j.m.request(policy.ReadPoint, about(j.host, j.tellers[point], p.AgendaPoint, j.row.StartsAt))
		r.Recipient = policy.Recipient{Place: j.place(seat), Participates: len(j.readers(seat)) > 0}
		r.Meeting.Called = true
		d := policy.Decide(r)
		if d.Allowed && r.Meeting.Waits(r.Officer) {
			d = policy.Decision{Reason: policy.SecondOfficer} // and the other points are sent
		}
		list = append(list, MinutesFor{Seat: seat, May: d.Allowed, Reason: d.Reason})
	}
	slices.SortFunc(list, func(a, b MinutesFor) int { return cmp.Compare(a.Seat.Function, b.Seat.Function) })
	return list
}

func (m *matter) minutesPlace(row *postgres.MeetingParts, p sig.PointID) seal.Place {
	return seal.Place{Authority: row.Host.Authority, Intervention: row.Intervention, Field: fieldMinutes, Object: p.UUID}
}

func (m *matter) minutesTexts(ctx context.Context, row *postgres.MeetingParts, stands []postgres.MinutesText) (map[sig.PointID]string, error) {
	var sealed []seal.Sealed
	for _, t := range stands {
		sealed = append(sealed, seal.Sealed{Place: m.minutesPlace(row, t.Point), Bytes: t.BodySealed})
	}
	opened, err := m.s.Sealer.OpenAll(ctx, m.tx, sealed)
	if err != nil {
		return nil, err
	}
	texts := map[sig.PointID]string{}
	for i, t := range stands {
		texts[t.Point] = string(opened[i])
	}
	return texts, nil
}

// NewMinutes are minutes over the version that was seen.
type NewMinutes struct {
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Version      int
	Texts        []string // of the points, in their order
}

// WriteMinutes writes the next version; what was approved or sent before stays
// as it was. Nobody is told. Somebody who was faster is a conflict, and the same
// texts, sent twice, are written once.
func (s *Service) WriteMinutes(ctx context.Context, actor sig.Actor, in NewMinutes) error {
	var c fault.Check
	for i := range in.Texts {
		in.Texts[i] = strings.TrimSpace(in.Texts[i])
		checkText(&c, fmt.Sprintf("points.%d.text", i), in.Texts[i], MaxTold, false)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.changeMinutes(ctx, actor, ledger.WriteMinutes, in.Intervention, in.Meeting,
		func(m *matter, row *postgres.MeetingParts, stands *postgres.Minutes) error {
			if len(in.Texts) != len(row.Points) {
				c.Fail("points", "error.malformed")
				return c.Err()
			}
			texts, err := m.minutesTexts(ctx, row, stands.Texts)
			if err != nil {
				return err
			}
			var changed []postgres.MinutesText
			for i, p := range row.Points {
				if in.Texts[i] == texts[p.ID] {
					continue
				}
				if err := m.mustRead(ctx, row, &row.Points[i]); err != nil {
					return err
				}
				t := postgres.MinutesText{Point: p.ID}
				if in.Texts[i] != "" {
					if t.BodySealed, err = m.s.Sealer.Seal(ctx, m.tx, m.minutesPlace(row, p.ID), []byte(in.Texts[i])); err != nil {
						return err
					}
				}
				changed = append(changed, t)
			}
			switch {
			case len(changed) == 0:
				return nil
			case stands.Version != in.Version:
				return conflict("error.minutes_are_newer")
			}
			if err := m.tx.WriteMinutes(ctx, &row.Meeting, in.Version, changed); err != nil {
				return err
			}
			return m.minutesRow(in.Version+1, len(changed))
		})
}

// minutesRow records an act upon a version of minutes.
func (m *matter) minutesRow(version, points int) error {
	e := m.entry
	e.Detail = ledger.Detail{"version": version, "points": points}
	return m.tx.Record(e)
}

// ApproveMinutes approves the version that was seen: it can be sent from now
// on. Doing it again changes nothing.
func (s *Service) ApproveMinutes(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, version int) error {
	return s.changeMinutes(ctx, actor, ledger.ApproveMinutes, intervention, id,
		func(m *matter, row *postgres.MeetingParts, stands *postgres.Minutes) error {
			switch {
			case stands.Version != version:
				return conflict("error.minutes_are_newer")
			case stands.Version == 0:
				return conflict("error.minutes_are_empty")
			case stands.Approved == version:
				return nil
			}
			if err := m.tx.ApproveMinutes(ctx, &row.Meeting, version); err != nil {
				return err
			}
			return m.minutesRow(version, len(stands.Texts))
		})
}

// changeMinutes opens the transaction that every act upon minutes needs.
func (s *Service) changeMinutes(
	ctx context.Context, actor sig.Actor, kind ledger.Kind, intervention sig.InterventionID, id sig.MeetingID,
	do func(*matter, *postgres.MeetingParts, *postgres.Minutes) error,
) error {
	return s.change(ctx, actor, ledger.Entry{Kind: kind, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			if row.State != sig.MeetingLive && row.State != sig.MeetingEnded {
				return conflict("error.room_not_open")
			}
			stands, err := m.tx.Minutes(ctx, intervention, id)
			if err != nil {
				return err
			}
			return do(m, row, stands)
		})
}
