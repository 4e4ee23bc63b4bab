package meeting

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Family is the meetings that lie ahead as one member of the family may see
// them: those at which something is told by the consent, or which are for the
// family alone. Nobody else's agenda,
// and no text, is in them.
type Family struct {
	Now       time.Time
	Protected bool // neither place nor names of units are shown
	Meetings  []FamilyMeeting
	Held      []HeldMeeting // those of whose minutes there is something to read
}

// HeldMeeting is a meeting that has been.
type HeldMeeting struct {
	ID         sig.MeetingID
	Start, End time.Time
}

// FamilyMeeting is one of them.
type FamilyMeeting struct {
	ID         sig.MeetingID
	Start, End time.Time
	Off        bool // called off
	Live       bool // it is going on
	Place      string
	Link       string // to the room on the net: under protected identity the only way to be there
	Points     []FamilyPoint
	// Interpreter is that one is called; Language, where one comes for the reader.
	Interpreter bool
	Language    string
	Guest       bool // somebody whom the consent names is called besides
}

// FamilyPoint is what is told about, by whom, to which functions.
type FamilyPoint struct {
	Category    sig.Category
	Teller      sig.Seat
	Called      []sig.Seat
	Alone       bool // the young person disposes over it alone: no guardian is there
	FamilyAlone bool // nobody but the family and the host is there
}

// Next is the first meeting that will be held; nil where there is none.
func (f *Family) Next() *FamilyMeeting {
	for i := range f.Meetings {
		if !f.Meetings[i].Off {
			return &f.Meetings[i]
		}
	}
	return nil
}

// Called lists the functions that are called to any point, each once.
func (m *FamilyMeeting) Called() []sig.Seat {
	var seats []sig.Seat
	for _, p := range m.Points {
		for _, s := range p.Called {
			if !slices.Contains(seats, s) {
				seats = append(seats, s)
			}
		}
	}
	return seats
}

// OfFamily lists the meetings ahead for the young person or a guardian. A point
// that is the board's own affair leaves no gap, and a meeting of nothing else
// does not exist for them.
func (s *Service) OfFamily(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Family, error) {
	var out *Family
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ListMeetings, Intervention: intervention}
		facts, rows, err := tx.ReadFamilyMeetings(ctx, intervention, sig.RequestOf(ctx))
		if errors.Is(err, postgres.ErrNoRows) || err == nil && !actor.IsCitizen() {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry}
		if out, err = m.family(ctx, rows); err != nil {
			return err
		}
		held, err := tx.FamilyMinutes(ctx, intervention)
		for _, p := range held {
			one := HeldMeeting{ID: p.Meeting, Start: p.StartsAt, End: p.EndsAt}
			if !slices.Contains(out.Held, one) {
				out.Held = append(out.Held, one)
			}
		}
		return err
	})
	return out, err
}

func (m *matter) family(ctx context.Context, rows *postgres.FamilyMeetings) (*Family, error) {
	out := &Family{Now: m.tx.Now(), Protected: m.facts.Protected}
	places, err := m.placesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows.Meetings {
		one := FamilyMeeting{ID: row.ID, Start: row.StartsAt, End: row.EndsAt, Off: row.State == sig.MeetingCancelled, Live: row.State == sig.MeetingLive}
		for _, p := range rows.Points {
			if p.Meeting != row.ID {
				continue
			}
			point, err := m.familyPoint(&row, p, rows.Calls, places)
			if err != nil {
				return nil, err
			}
			one.Points = append(one.Points, point)
		}
		if len(one.Points) == 0 {
			return nil, m.wallsDisagree(policy.NotVisible)
		}
		if one.Place, one.Link, err = m.familyWhere(ctx, &row); err != nil {
			return nil, err
		}
		for _, g := range rows.Guests {
			switch {
			case g.Meeting != row.ID:
			case g.Kind == sig.GuestInterpreter:
				one.Interpreter, one.Language = true, cmp.Or(one.Language, g.Language)
			default:
				one.Guest = true
			}
		}
		out.Meetings = append(out.Meetings, one)
	}
	return out, nil
}

// placesOf looks up every seat that the meetings name, where it sits now.
func (m *matter) placesOf(ctx context.Context, rows *postgres.FamilyMeetings) (map[sig.Seat]sig.Place, error) {
	var seats []sig.Seat
	add := func(s sig.Seat) {
		if s = m.current(s); !slices.Contains(seats, s) {
			seats = append(seats, s)
		}
	}
	for _, row := range rows.Meetings {
		add(row.Host)
	}
	for _, p := range rows.Points {
		add(p.Teller)
	}
	for _, c := range rows.Calls {
		add(c.Seat)
	}
	if len(seats) == 0 {
		return nil, nil //nolint:nilnil // no meeting, no place
	}
	return m.tx.PlacesOf(ctx, seats)
}

// familyPoint asks the policy about every call that the second wall returned.
func (m *matter) familyPoint(
	row *postgres.Meeting, p postgres.MeetingPointOf, calls []postgres.CallOf, places map[sig.Seat]sig.Place,
) (FamilyPoint, error) {
	point := FamilyPoint{Category: p.Category, Teller: m.shownSeat(p.Teller), FamilyAlone: p.FamilyAlone,
		Alone: slices.Contains(m.facts.Alone, p.Category),
	}
	theirs := false
	for _, c := range calls {
		if c.Point != p.ID {
			continue
		}
		r := m.request(policy.SeeCall, about(places[m.current(row.Host)], places[m.current(p.Teller)], p.AgendaPoint, row.StartsAt))
		r.Recipient = policy.Recipient{Place: places[m.current(c.Seat)], Participates: true}
		d := policy.Decide(r)
		if !d.Allowed {
			return point, m.wallsDisagree(d.Reason)
		}
		theirs = theirs || d.Reason == policy.ByConsent || d.Reason == policy.ByFamilyAlone
		point.Called = append(point.Called, m.shownSeat(c.Seat))
	}
	if !theirs {
		return point, m.wallsDisagree(policy.NotVisible)
	}
	return point, nil
}

// shownSeat is a seat as the reader may see it: under protected identity the
// family sees the function alone.
func (m *matter) shownSeat(s sig.Seat) sig.Seat {
	if m.facts.Protected && m.tx.Actor.IsCitizen() {
		return sig.Seat{Function: s.Function}
	}
	return s
}

// familyWhere opens where a meeting is. Under protected identity no place is
// shown, and whoever lives elsewhere takes part by the link.
func (m *matter) familyWhere(ctx context.Context, row *postgres.Meeting) (place, link string, err error) {
	out := &Open{}
	err = m.openWhere(ctx, row, out)
	if row.State == sig.MeetingCancelled {
		out.Link = ""
	}
	return out.Place, out.Link, err
}
