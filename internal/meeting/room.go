package meeting

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Room is a meeting as whoever is in it, or at its door, may see it.
type Room struct {
	*Open
	OpenedAt       time.Time
	EndedAt        time.Time
	SharingEndedAt time.Time
	Consent        Consent
	Door           []DoorSeat  // who is called, and may be let in; the board only
	Guests         []Guest     // who comes without an account; the board only
	Here           []Stay      // of the reader's own seats; for the board, of everybody
	Points         []RoomPoint // beside those of Open, in the same order
	Order          []int       // positions, so that the fewest have to leave; the board only
	Leave          int         // how often somebody has to leave in that order
	Until          time.Time   // when the reader's sharing here ends, if it does
	Room           RoomActions
}

// Consent is the version that a meeting relies on.
type Consent struct {
	Version int
	InForce bool // something may be told by it now
	Until   time.Time
}

// DoorSeat is a called function at the door.
type DoorSeat struct {
	Invitation sig.InvitationID
	Seat       sig.Seat
	People     []DoorPerson // who takes part there
	In         []int        // the points that it may be there for now
	Out        []DoorNo
	Until      time.Time // when the first row that lets it in ends
	Here       bool
	EndedAt    *time.Time
	EndedBy    string
}

// DoorPerson is somebody who takes part in a called seat.
type DoorPerson struct {
	Assignment sig.AssignmentID
	Name       string
	New        bool // has taken the seat over since it was called
	Here       bool
}

// DoorNo is a point that a function may not be there for, and why.
type DoorNo struct {
	Position int
	Reason   policy.Reason
}

// Stay is one stay in the room.
type Stay struct {
	Seat  sig.Seat
	Guest *Guest // who comes without an account; nil for a function
	Name  string // empty where the person is not known
	Chair bool   // holds the meeting, and opened its room
	From  time.Time
	To    time.Time // zero while it lasts
	Why   string
}

// rank puts whoever holds the meeting before the functions, and guests last.
func (s *Stay) rank() int {
	switch {
	case s.Chair:
		return 0
	case s.Guest == nil:
		return 1
	default:
		return 2
	}
}

// RoomPoint is what happens under one point.
type RoomPoint struct {
	Position int
	May      []sig.Seat // who of those here may stay; the board only
	Must     []sig.Seat // who of those here has to leave first; the board only
	Guests   []Guest    // who of the guests here has to leave first; the board only
	Tell     bool       // the reader may stamp something now
	Draft    *Draft     // the teller's own
	Note     *Draft     // the board's internal note
	Told     []ToldItem
}

// Draft is a text under a point with the version that was seen.
type Draft struct {
	Version int
	Text    string
	SavedAt time.Time
}

// ToldItem is something that was told, by the address where the reader opens
// it: an item of the own authority, or the own copy.
type ToldItem struct {
	At   time.Time
	Item sig.ItemID
	Copy sig.DisclosureID // zero for whoever told it
}

// RoomActions are what the reader may do with the room.
type RoomActions struct{ Open, Attend, End, Note bool }

// Room opens a meeting's room for its reader. What stands in it is decided as
// the meeting itself is, by both walls and with the same row in the ledger.
func (s *Service) Room(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Room, error) {
	var out *Room
	err := s.reading(ctx, actor, intervention, id, func(m *matter, open *Open, row *postgres.MeetingParts) error {
		rows, err := m.tx.MeetingRoom(ctx, intervention, id)
		if err != nil {
			return err
		}
		out, err = m.room(ctx, open, row, rows)
		return err
	})
	return out, err
}

func (m *matter) room(ctx context.Context, open *Open, row *postgres.MeetingParts, rows *postgres.MeetingRoom) (*Room, error) {
	out := &Room{Open: open, Consent: m.consent()}
	for _, at := range []struct {
		from *time.Time
		to   *time.Time
	}{{rows.OpenedAt, &out.OpenedAt}, {rows.EndedAt, &out.EndedAt}, {rows.SharingEndedAt, &out.SharingEndedAt}} {
		if at.from != nil {
			*at.to = *at.from
		}
	}
	if err := m.door(ctx, out, row, rows); err != nil {
		return nil, err
	}
	guests, err := m.everyGuest(ctx, row)
	if err != nil {
		return nil, err
	}
	out.Guests, out.Here = atDoor(guests), m.stays(row, rows, guests)
	if err := m.roomPoints(ctx, out, row, rows); err != nil {
		return nil, err
	}
	live := row.State == sig.MeetingLive
	out.Room = RoomActions{
		Open:   m.may() && row.State == sig.MeetingPlanned && m.roomTime(row) == "" && m.facts.State == sig.InterventionActive,
		Attend: m.may() && live && out.SharingEndedAt.IsZero(), End: m.may() && live,
		Note: m.may() && (live || row.State == sig.MeetingEnded),
	}
	return out, nil
}

// consent is what the meeting relies on now.
func (m *matter) consent() Consent {
	c := Consent{Version: m.facts.Version}
	for _, g := range m.facts.Rows() {
		if m.facts.ConsentState != sig.ConsentActive || m.tx.Now().Before(g.From) || !m.tx.Now().Before(g.To) {
			continue
		}
		c.InForce = true
		if g.To.After(c.Until) {
			c.Until = g.To
		}
	}
	return c
}

// stays lists who was in the room when, as far as the reader sees.
func (m *matter) stays(row *postgres.MeetingParts, rows *postgres.MeetingRoom, guests []Guest) []Stay {
	var list []Stay
	for _, a := range rows.Attendance {
		at := slices.IndexFunc(row.Invitations, func(v postgres.Invitation) bool { return v.ID == a.Invitation })
		if at < 0 {
			continue
		}
		stay := Stay{Seat: row.Invitations[at].Seat, Name: a.Name, From: a.CameAt, Why: a.LeftWhy}
		stay.Chair = m.current(stay.Seat) == m.current(row.Host) && a.Assignment != nil && rows.OpenedBy != nil && *a.Assignment == *rows.OpenedBy
		if a.LeftAt != nil {
			stay.To = *a.LeftAt
		}
		list = append(list, stay)
	}
	for _, g := range rows.Guests {
		at := slices.IndexFunc(guests, func(q Guest) bool { return q.ID == g.Guest })
		if at < 0 {
			continue
		}
		stay := Stay{Guest: &guests[at], Name: guests[at].Name, From: g.CameAt, Why: g.LeftWhy}
		if g.LeftAt != nil {
			stay.To = *g.LeftAt
		}
		list = append(list, stay)
	}
	slices.SortStableFunc(list, func(a, b Stay) int {
		return cmp.Or(a.From.Compare(b.From), a.rank()-b.rank(), strings.Compare(a.Name, b.Name))
	})
	return list
}

// roomPoints fills in what stands under each point that the reader sees.
func (m *matter) roomPoints(ctx context.Context, out *Room, row *postgres.MeetingParts, rows *postgres.MeetingRoom) error {
	texts, err := m.openDrafts(ctx, rows.Drafts)
	if err != nil {
		return err
	}
	needs, err := m.languagesHere(ctx, out, row)
	if err != nil {
		return err
	}
	for i, p := range row.Points {
		point := RoomPoint{Position: p.Position, Guests: m.guestsMust(row, i, out.Guests, needs)}
		for n, d := range rows.Drafts {
			if d.Point != p.ID {
				continue
			}
			draft := &Draft{Version: d.Version, Text: texts[n], SavedAt: d.SavedAt}
			if d.Kind == postgres.DraftTold {
				point.Draft = draft
			} else {
				point.Note = draft
			}
		}
		if out.Open.Points[i].Kept && point.Note != nil {
			return m.wallsDisagree(policy.NotCalled)
		}
		point.Told = toldOf(rows.Told, p.ID)
		mine := slices.Contains(m.seats(), m.current(p.Teller))
		point.Tell = mine && row.State == sig.MeetingLive && out.SharingEndedAt.IsZero() && out.Consent.InForce
		if !mine {
			point.Draft = nil
		}
		for _, d := range out.Door {
			if !d.Here || d.EndedAt != nil {
				continue
			}
			if slices.Contains(d.In, p.Position) {
				point.May = append(point.May, d.Seat)
			} else {
				point.Must = append(point.Must, d.Seat)
			}
		}
		out.Points = append(out.Points, point)
	}
	return nil
}

// languagesHere is who needs an interpreter, where one is at the door.
func (m *matter) languagesHere(ctx context.Context, out *Room, row *postgres.MeetingParts) ([]postgres.LanguageNeed, error) {
	if !slices.ContainsFunc(out.Guests, func(g Guest) bool { return g.Kind == sig.GuestInterpreter && g.Here }) {
		return nil, nil
	}
	return m.tx.Languages(ctx, row.Intervention, row.ID)
}

// toldOf is what was told under a point.
func toldOf(all []postgres.MeetingTold, p sig.PointID) []ToldItem {
	var list []ToldItem
	for _, t := range all {
		if t.Point == p {
			list = append(list, told(t.ToldAt, t.Item, t.Copy))
		}
	}
	return list
}

func told(at time.Time, item sig.ItemID, copied *sig.DisclosureID) ToldItem {
	t := ToldItem{At: at, Item: item}
	if copied != nil {
		t.Copy = *copied
	}
	return t
}

// openDrafts opens the texts that the second wall has shown; a stamped one is
// empty.
func (m *matter) openDrafts(ctx context.Context, drafts []postgres.MeetingDraft) ([]string, error) {
	var sealed []seal.Sealed
	var where []int
	for i, d := range drafts {
		if d.BodySealed != nil {
			sealed, where = append(sealed, seal.Sealed{Place: m.draftPlace(d), Bytes: d.BodySealed}), append(where, i)
		}
	}
	texts, err := m.s.Sealer.OpenAll(ctx, m.tx, sealed)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(drafts))
	for n, i := range where {
		out[i] = string(texts[n])
	}
	return out, nil
}

func (m *matter) draftPlace(d postgres.MeetingDraft) seal.Place {
	field := fieldTold
	if d.Kind == postgres.DraftInternal {
		field = fieldInternal
	}
	return seal.Place{Authority: d.Seat.Authority, Intervention: m.facts.Intervention, Field: field, Object: d.Point.UUID}
}
