package api

import (
	"context"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// MeetingRoom is a meeting's room as the caller may see it.
type MeetingRoom struct {
	State          string      `json:"state"`
	OpenedAt       *time.Time  `json:"opened_at,omitempty"`
	EndedAt        *time.Time  `json:"ended_at,omitempty"`
	SharingEndedAt *time.Time  `json:"sharing_ended_at,omitempty"`
	ConsentInForce bool        `json:"consent_in_force" doc:"Something can be told by the consent now, as far as the caller sees."`
	Until          *time.Time  `json:"until,omitempty" doc:"When the caller's sharing here ends."`
	Door           []DoorSeat  `json:"door" doc:"The board's coordinator and participants only."`
	Points         []RoomPoint `json:"points"`
	Order          []int       `json:"order" doc:"The positions in the order in which the fewest have to leave; the board only."`
	Stays          []RoomStay  `json:"stays" doc:"Who was there when: all for the board, guests too; the own function for others."`
	Actions        []string    `json:"actions"`
}

// DoorSeat is a called function at the door.
type DoorSeat struct {
	Invitation ID           `json:"invitation"`
	Seat       Seat         `json:"seat"`
	Here       bool         `json:"here"`
	Points     []int        `json:"points" doc:"That it may be there for now."`
	Refused    []DoorNo     `json:"refused"`
	People     []DoorPerson `json:"people"`
	EndedAt    *time.Time   `json:"ended_at,omitempty"`
}

// DoorNo is a point that a function may not be there for.
type DoorNo struct {
	Position int    `json:"position"`
	Reason   string `json:"reason"`
}

// DoorPerson is somebody who takes part in a called function.
type DoorPerson struct {
	Assignment ID     `json:"assignment"`
	Name       string `json:"name"`
	New        bool   `json:"new" doc:"Has taken the seat over since it was called."`
	Here       bool   `json:"here"`
}

// RoomPoint is what stands under one point.
type RoomPoint struct {
	ID           ID         `json:"id"`
	Position     int        `json:"position"`
	Category     string     `json:"category"`
	FamilyAlone  bool       `json:"family_alone,omitempty" doc:"For the young person and the guardians alone, with the host: what is stamped is disclosed to no function."`
	Tell         bool       `json:"tell" doc:"The caller may stamp something here now."`
	MayStay      []Seat     `json:"may_stay"`
	MustGo       []Seat     `json:"must_go"`
	GuestsMustGo []ID       `json:"guests_must_go,omitempty" doc:"Who of the guests here has to leave first; for the board."`
	Draft        *RoomText  `json:"draft,omitempty"`
	Note         *RoomText  `json:"note,omitempty" doc:"The board's own note; it is never told."`
	Told         []RoomTold `json:"told"`
}

// RoomText is a text with its version.
type RoomText struct {
	Version int    `json:"version"`
	Text    string `json:"text"`
}

// RoomTold is something that was told: the caller's own item, or own copy.
type RoomTold struct {
	At   time.Time `json:"at"`
	Item ID        `json:"item"`
	Copy string    `json:"copy,omitempty"`
}

// RoomStay is one stay in the room.
type RoomStay struct {
	Seat  Seat       `json:"seat,omitzero" doc:"Of a function."`
	Guest string     `json:"guest,omitempty" doc:"Of somebody without an account: interpreter or private."`
	Name  string     `json:"name,omitempty"`
	Chair bool       `json:"chair,omitempty" doc:"Held the meeting: opened its room."`
	From  time.Time  `json:"from"`
	To    *time.Time `json:"to,omitempty"`
}

func roomOut(r *meeting.Room) *MeetingRoom {
	out := &MeetingRoom{
		State: string(r.State), OpenedAt: orNil(r.OpenedAt), EndedAt: orNil(r.EndedAt), SharingEndedAt: orNil(r.SharingEndedAt),
		ConsentInForce: r.Consent.InForce, Until: orNil(r.Until), Actions: []string{}, Order: list(r.Order, func(n int) int { return n }),
		Door: list(r.Door, func(d meeting.DoorSeat) DoorSeat {
			return DoorSeat{
				Invitation: idOut(d.Invitation), Seat: seatOut(d.Seat), Here: d.Here, Points: list(d.In, func(n int) int { return n }), EndedAt: d.EndedAt,
				Refused: list(d.Out, func(no meeting.DoorNo) DoorNo { return DoorNo{no.Position, string(no.Reason)} }),
				People: list(d.People, func(p meeting.DoorPerson) DoorPerson {
					return DoorPerson{idOut(p.Assignment), p.Name, p.New, p.Here}
				}),
			}
		}),
		Stays: list(r.Here, stayOut),
	}
	for i, p := range r.Points {
		out.Points = append(out.Points, RoomPoint{
			ID: idOut(r.Open.Points[i].ID), Position: p.Position, Category: string(r.Open.Points[i].Category), FamilyAlone: r.Open.Points[i].FamilyAlone, Tell: p.Tell,
			MayStay: list(p.May, seatOut), MustGo: list(p.Must, seatOut), GuestsMustGo: guestIDs(p.Guests), Draft: textOut(p.Draft), Note: textOut(p.Note),
			Told: list(p.Told, toldOut),
		})
	}
	for _, one := range []struct {
		may  bool
		name string
	}{{r.Room.Open, "open"}, {r.Room.Attend, "attend"}, {r.Room.End, "end"}, {r.Room.Note, "note"}} {
		if one.may {
			out.Actions = append(out.Actions, one.name)
		}
	}
	return out
}

func stayOut(s meeting.Stay) RoomStay {
	out := RoomStay{Name: s.Name, Chair: s.Chair, From: s.From, To: orNil(s.To)}
	if s.Guest != nil {
		out.Guest = string(s.Guest.Kind)
	} else {
		out.Seat = seatOut(s.Seat)
	}
	return out
}

func guestIDs(guests []meeting.Guest) []ID {
	var ids []ID
	for _, g := range guests {
		ids = append(ids, idOut(g.ID))
	}
	return ids
}

func orNil(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func textOut(d *meeting.Draft) *RoomText {
	if d == nil {
		return nil
	}
	return &RoomText{d.Version, d.Text}
}

// Attendance is somebody of a called function who comes or goes.
type Attendance struct {
	Invitation ID   `json:"invitation"`
	Person     ID   `json:"person,omitempty" doc:"An assignment; left out where the person is not known."`
	What       Code `json:"what" doc:"came or left."`
}

// RoomDraft is a text to be kept under a point.
type RoomDraft struct {
	Version  int    `json:"version" minimum:"0" doc:"The one that the caller has seen; 0 where there was none."`
	Text     string `json:"text" maxLength:"8000"`
	Internal bool   `json:"internal,omitempty" doc:"The board's own note, which is never told."`
}

// RoomTelling is something that was told in the room.
type RoomTelling struct {
	Version   int    `json:"version" minimum:"0" doc:"The draft's that the caller has seen."`
	Text      string `json:"text" maxLength:"8000"`
	Necessity string `json:"necessity" maxLength:"5000" doc:"Why those who are there need to know it."`
	Weaker    string `json:"weaker_reason,omitempty" maxLength:"5000" doc:"Why it was told although secrecy is weaker somewhere."`
}

// ToldTo are the functions that were told.
type ToldTo struct {
	Functions []Seat `json:"functions"`
}

// InPoint is the address of a point of a meeting.
type InPoint struct {
	InMeeting
	Point string `path:"point"`
}

func (in InPoint) all() (i sig.InterventionID, m sig.MeetingID, p sig.PointID, err error) {
	if i, m, err = in.ids(); err == nil {
		err = pathID(in.Point, &p)
	}
	return i, m, p, err
}

// PointBody is the address of a point, and what is sent there.
type PointBody[B any] struct {
	InPoint
	Body B
}

func (a *API) registerRooms() {
	const tag = "meetings"
	const path = "/api/v1/interventions/{id}/meetings/{meeting}/room"
	add(a, op{method: "GET", path: path, level: Hat, id: "show-room", tag: tag,
		says: "A meeting's room: who may be let in, who is there, what stands under each point. The read is in the ledger."}, a.roomShow)
	act(a, op{method: "POST", path: path + "/opening", level: Hat, id: "open-room", tag: tag,
		says: "Open the room of a meeting whose time has come."}, a.roomOpen)
	act(a, op{method: "POST", path: path + "/attendance", level: Hat, id: "note-attendance", tag: tag,
		says: "Note that somebody of a called function came or left."}, a.roomAttend)
	act(a, op{method: "POST", path: path + "/end", level: Hat, id: "end-room", tag: tag, says: "Say that the meeting is over."}, a.roomEnd)
	add(a, op{method: "PUT", path: path + "/points/{point}/draft", level: Hat, id: "save-room-draft", tag: tag,
		says: "Keep a text under a point, sealed; nobody is told it. Over a version that was not seen it is a conflict, and nothing is overwritten."}, a.roomDraft)
	add(a, op{method: "POST", path: path + "/points/{point}/told", level: Hat, id: "tell-in-room", tag: tag, created: true,
		says: "Stamp what was told: a disclosure to exactly the functions that are there and may hear it."}, a.roomTell)
}

func (a *API) roomShow(ctx context.Context, who *caller, in *InMeeting) (*MeetingRoom, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	room, err := a.deps.Meeting.Room(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return roomOut(room), nil
}

func (a *API) roomOpen(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.OpenRoom(ctx, who.actor, id, m)
}

func (a *API) roomEnd(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.EndRoom(ctx, who.actor, id, m)
}

func (a *API) roomAttend(ctx context.Context, who *caller, in *MeetingBody[Attendance]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	note := meeting.Attend{Intervention: id, Meeting: m}
	var check fault.Check
	if err := pathID(string(in.Body.Invitation), &note.Invitation); err != nil {
		check.Fail("invitation", "error.bad_id")
	}
	if in.Body.Person != "" {
		if err := pathID(string(in.Body.Person), &note.Person); err != nil {
			check.Fail("person", "error.bad_id")
		}
	}
	if in.Body.What != "came" && in.Body.What != "left" {
		check.Fail("what", "error.choose_one")
	}
	if err := check.Err(); err != nil {
		return err
	}
	if in.Body.What == "left" {
		return a.deps.Meeting.Left(ctx, who.actor, note)
	}
	return a.deps.Meeting.Came(ctx, who.actor, note)
}

func (a *API) roomDraft(ctx context.Context, who *caller, in *PointBody[RoomDraft]) (*RoomText, error) {
	id, m, p, err := in.all()
	if err != nil {
		return nil, err
	}
	saved, err := a.deps.Meeting.SaveDraft(ctx, who.actor, meeting.NewDraft{
		Intervention: id, Meeting: m, Point: p, Internal: in.Body.Internal, Version: in.Body.Version, Text: in.Body.Text,
	})
	if err != nil {
		return nil, err
	}
	return textOut(&saved), nil
}

func (a *API) roomTell(ctx context.Context, who *caller, in *PointBody[RoomTelling]) (ToldTo, error) {
	id, m, p, err := in.all()
	if err != nil {
		return ToldTo{}, err
	}
	sent, err := a.deps.Meeting.Tell(ctx, who.actor, meeting.NewTold{
		Key: who.key, Intervention: id, Meeting: m, Point: p, Version: in.Body.Version, Text: in.Body.Text,
		Necessity: in.Body.Necessity, WeakerReason: in.Body.Weaker,
	})
	return ToldTo{list(sent, func(s sharing.Sent) Seat { return seatOut(s.Recipient) })}, err
}
