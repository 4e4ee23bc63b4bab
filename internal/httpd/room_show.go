package httpd

import (
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// roomData is a meeting's room, or its door before it is opened.
type roomData struct {
	Base
	Draft       draftBox
	Top         caseTop
	Path        string // of the room
	Meeting     string
	State, Kind string
	When        string
	Protected   bool
	Board       bool
	Version     int       // of the consent in force; 0: none is
	Holds       time.Time // until when
	Until       time.Time // when the reader's own part ends
	Stops       int64     // milliseconds until then, for the page's own timer
	Stopped     time.Time
	Ended       time.Time
	Door        []doorRow
	Guests      []doorGuestRow
	Order       string // empty where the agenda is as good
	Points      []roomPointRow
	Stays       []string
	Early       bool
	Open        bool
	Attend      bool
	End         bool
	Plan        string
	Minutes     string
	Seats       []fieldChoice // who may promise something here; the coordinator's, while the room is open
}

// doorRow is a called function at the door.
type doorRow struct {
	Name, Invitation, In string
	Out                  []string
	People               []doorPersonRow
	Here                 bool
	Ended                time.Time
}

// doorGuestRow is somebody at the door who has no account.
type doorGuestRow struct {
	guestRow
	In, Here bool
}

// doorPersonRow is somebody there who takes part.
type doorPersonRow struct {
	Name, ID  string
	New, Here bool
}

// roomPointRow is one point in the list.
type roomPointRow struct {
	agendaRow
	Path      string
	May, Must string
	Told      []toldRow
}

// toldRow is something that was told, by where the reader opens it.
type toldRow struct {
	Path string
	At   time.Time
}

var sampleRoomPoints = []roomPointRow{
	{agendaRow: sampleAgenda[0], Path: "/x/points/1", May: "SIG-samordnare och Kommunpolis", Told: []toldRow{{"/x", sampleNow}}},
	{agendaRow: agendaRow{Number: 2, Category: "Närvaro i skolan", Teller: "Skolkurator", Text: "Hösten"}, Path: "/x/points/2", Must: "Kommunpolis"},
}

var roomPage = page("room_show", func(b Base) []roomData {
	door := roomData{
		Base: b, Top: sampleTop, Path: "/x/room", Meeting: "/x", State: b.T("meeting.state.planned"), Kind: "upcoming", When: "10 december 2026, 14.00–15.00",
		Board: true, Version: 1, Holds: sampleNow.AddDate(0, 6, 0), Order: "2 och 1", Points: sampleRoomPoints, Open: true, Plan: "/x", Minutes: "/x/minutes",
		Door: []doorRow{
			{Name: "Kommunpolis, Lokalpolisområde Farsta", Invitation: "a", In: "1", Out: []string{"2: nej"}, People: []doorPersonRow{{"Kent Berg", "b", true, false}}},
			{Name: "Rektor, Farstaskolan", Invitation: "c", Ended: sampleNow}, {Name: "Mentor, Farstaskolan", Invitation: "d"},
		},
	}
	early := door
	early.Open, early.Early = false, true
	live := door
	live.Open, live.Attend, live.End, live.State, live.Kind = false, true, true, b.T("meeting.state.live"), "may"
	live.Door = []doorRow{{Name: "Kommunpolis", Invitation: "a", In: "1", Here: true, People: []doorPersonRow{{"Kent Berg", "b", false, true}, {"Eva Ek", "e", false, false}}}}
	live.Guests = []doorGuestRow{
		{guestRow{ID: "g", Name: "Parwin Sadat", What: "Tolk, dari"}, true, true}, {guestRow{ID: "h", Name: "Leila Rahimi", What: b.T("guest.private"), Points: "1"}, true, false},
		{guestRow{ID: "i", Name: "Tomas Boll", What: "Ledare i förening"}, false, false},
	}
	live.Draft = sampleDraft
	live.Seats = []fieldChoice{{"a/b/c", "SIG-samordnare", "", false}}
	live.Stays, live.Until, live.Stops = []string{"Kent Berg kom 14.00"}, sampleNow, 1000
	stopped := live
	stopped.Seats = nil
	stopped.Attend, stopped.Stopped, stopped.Version, stopped.Stops = false, sampleNow, 0, 0
	over := stopped
	over.End, over.Ended, over.Protected = false, sampleNow, true
	partner := roomData{
		Base: b, Top: sampleTop, Path: "/x/room", Meeting: "/x", State: live.State, Kind: "may", When: door.When, Version: 1, Holds: door.Holds,
		Points: sampleRoomPoints[:1], Until: sampleNow, Stops: 1000,
	}
	return []roomData{door, early, live, stopped, over, partner}
})

func roomPath(id sig.InterventionID, m sig.MeetingID) string { return meetingPath(id, m) + "/room" }

// roomOf opens the room of the request's address; whose call has ended is told
// so by the second answer.
func (a *App) roomOf(r *Request) (*meeting.Room, error) {
	id, m, err := r.meetingAddress()
	if err != nil {
		return nil, err
	}
	return a.deps.Meeting.Room(r.Context(), r.Actor(), id, m)
}

// roomGone answers a room that there is none of: with the stop card to those
// whose call has ended.
func (a *App) roomGone(r *Request, err error) error {
	id, m, bad := r.meetingAddress()
	if bad != nil || fault.KindOf(err) != fault.NotFound {
		return err
	}
	return a.meetingHidden(r, id, m, err)
}

// roomShow shows the door of a meeting, and its room once it is open.
func (a *App) roomShow(r *Request) error {
	room, err := a.roomOf(r)
	if err != nil {
		return a.roomGone(r, err)
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	var kept draftBox
	if room.Room.End && room.SharingEndedAt.IsZero() {
		if kept, err = r.drafts(room.Intervention, promiseDraft(room.ID)); err != nil {
			return err
		}
	}
	data := roomData{
		Draft: kept, Base: r.Base("room.title", "date", r.lang.Date(room.Start)), Path: roomPath(room.Intervention, room.ID),
		Meeting: meetingPath(room.Intervention, room.ID), Top: roomTop(room), When: meetingTime(w, room.Start, room.End),
		Protected: room.Protected, Board: room.OnBoard, Until: room.Until, Stops: stopsIn(room), Stopped: room.SharingEndedAt, Ended: room.EndedAt,
		Open: room.Room.Open, Attend: room.Room.Attend, End: room.Room.End,
	}
	data.Early = room.Actions.Cancel && !room.Room.Open
	data.State, data.Kind = meetingState(w, room.State, room.Now, room.End)
	if room.Consent.InForce {
		data.Version, data.Holds = room.Consent.Version, room.Consent.Until
	}
	if !room.OpenedAt.IsZero() {
		data.Minutes = data.Meeting + "/minutes"
		if room.OnBoard {
			data.Plan = planPath(room.Intervention)
		}
	}
	if !slices.IsSorted(room.Order) && room.EndedAt.IsZero() {
		data.Order = numbers(w, room.Order)
	}
	data.fill(w, room)
	if room.Room.End && room.SharingEndedAt.IsZero() {
		seats, err := a.deps.Plan.Options(r.Context(), r.Actor(), room.Intervention)
		if err != nil {
			return err
		}
		for _, s := range seats {
			data.Seats = append(data.Seats, fieldChoice{Value: seatValue(s), Text: w.called(s, room.Protected)})
		}
	}
	return roomPage.Send(r, data)
}

func roomTop(room *meeting.Room) caseTop {
	return caseTop{Path: casePath(room.Intervention), Number: room.CaseNumber, Youth: room.YouthName, Live: !room.State.Over()}
}

// stopsIn is in how many milliseconds the page looks again by itself, because
// what it shows ends then; 0 where that is more than a day ahead.
func stopsIn(room *meeting.Room) int64 {
	left := room.Until.Sub(room.Now)
	if room.Until.IsZero() || left <= 0 || left > 24*time.Hour {
		return 0
	}
	return left.Milliseconds() + 1
}

func (d *roomData) fill(w itemWords, room *meeting.Room) {
	for _, f := range room.Door {
		row := doorRow{Name: w.called(f.Seat, room.Protected), Invitation: f.Invitation.String(), In: numbers(w, f.In), Here: f.Here}
		if f.EndedAt != nil {
			row.Ended = *f.EndedAt
		}
		for _, no := range f.Out {
			row.Out = append(row.Out, w.lang.T("room.door.out", "number", no.Position, "why", refusalWords(w, string(no.Reason))))
		}
		for _, p := range f.People {
			row.People = append(row.People, doorPersonRow{Name: p.Name, ID: p.Assignment.String(), New: p.New, Here: p.Here})
		}
		d.Door = append(d.Door, row)
	}
	for _, g := range room.Guests {
		d.Guests = append(d.Guests, doorGuestRow{guestRowOf(w, g, room.Protected), g.Coming(), g.Here})
	}
	for i := range room.Points {
		d.Points = append(d.Points, roomPointOf(w, d.Path, room, i))
	}
	for _, s := range room.Here {
		d.Stays = append(d.Stays, stayWords(w, s, room.Protected))
	}
}

func roomPointOf(w itemWords, path string, room *meeting.Room, i int) roomPointRow {
	p, in := room.Open.Points[i], room.Points[i]
	row := roomPointRow{
		agendaRow: agendaRow{
			Number: p.Position, Category: w.lang.T("category." + string(p.Category)), Teller: w.called(p.Teller, room.Protected), Text: p.Text, Untold: !p.Told, Kept: p.Kept,
			Alone: p.Alone, Family: p.FamilyAlone,
		},
		Path: path + "/points/" + p.ID.String(),
		May:  w.calledAll(in.May, room.Protected), Must: mustGo(w, in, room.Protected),
	}
	row.Told = toldRows(room.Open, in.Told)
	return row
}

// mustGo names who has to leave first: functions, and guests by their names.
func mustGo(w itemWords, p meeting.RoomPoint, protected bool) string {
	var guests []string
	for _, g := range p.Guests {
		guests = append(guests, g.Name)
	}
	return w.calledAll(p.Must, protected, guests...)
}

func stayWords(w itemWords, s meeting.Stay, protected bool) string {
	var name string
	if s.Guest != nil {
		name = w.lang.Beside(s.Name, guestWhat(w, *s.Guest, protected))
	} else if name = w.called(s.Seat, protected); s.Name != "" {
		name = w.lang.Beside(s.Name, name)
	}
	if s.Chair {
		name = w.lang.T("room.stays.chair", "name", name)
	}
	if s.To.IsZero() {
		return w.lang.T("room.stays.from", "name", name, "from", w.lang.Clock(s.From))
	}
	return w.lang.T("room.stays.to", "name", name, "from", w.lang.Clock(s.From), "to", w.lang.Clock(s.To))
}
