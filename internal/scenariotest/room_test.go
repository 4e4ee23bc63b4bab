package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// room is what somebody sees of a room; nil where there is none for them.
func (c *city) room(who string, id sig.MeetingID) *meeting.Room {
	c.t.Helper()
	r, err := c.Meeting.Room(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	c.must(err, who+" looks into the room")
	return r
}

// live is a meeting of the network whose room Karin has opened at its start,
// with those functions in it.
func (c *city) live(in meeting.NewMeeting, here ...sig.Seat) sig.MeetingID {
	c.t.Helper()
	id := c.schedules(in)
	c.db.FreezeClock(c.t, in.Start)
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	for _, seat := range here {
		c.comes(id, seat)
	}
	return id
}

func (c *city) attend(id sig.MeetingID, seat sig.Seat) meeting.Attend {
	c.t.Helper()
	for _, d := range c.room(karin, id).Door {
		if d.Seat == seat {
			in := meeting.Attend{Intervention: c.id, Meeting: id, Invitation: d.Invitation}
			if len(d.People) > 0 {
				in.Person = d.People[0].Assignment
			}
			return in
		}
	}
	c.t.Fatalf("%v is not called", seat)
	return meeting.Attend{}
}

func (c *city) comes(id sig.MeetingID, seat sig.Seat) {
	c.t.Helper()
	c.must(c.Meeting.Came(c.ctx(), c.as(karin), c.attend(id, seat)), "Karin notes who came")
}

func (c *city) goes(id sig.MeetingID, seat sig.Seat) {
	c.t.Helper()
	c.must(c.Meeting.Left(c.ctx(), c.as(karin), c.attend(id, seat)), "Karin notes who left")
}

func (c *city) point(id sig.MeetingID, position int) sig.PointID {
	return sig.PointID{UUID: one[uuid.UUID](c, `select id from sig.meeting_point where meeting = $1 and position = $2`, id, position)}
}

// says stamps something under a point, over whatever draft stands there.
func (c *city) says(who string, id sig.MeetingID, position int, text string) ([]string, error) {
	c.t.Helper()
	in := meeting.NewTold{
		Key: uuid.NewString(), Intervention: c.id, Meeting: id, Point: c.point(id, position), Text: text, Necessity: "Network meeting", WeakerReason: "They must know",
	}
	if r := c.room(who, id); r != nil {
		for i, p := range r.Points {
			if r.Open.Points[i].ID == in.Point && p.Draft != nil {
				in.Version = p.Draft.Version
			}
		}
	}
	sent, err := c.Meeting.Tell(c.ctx(), c.as(who), in)
	var told []string
	for _, s := range sent {
		told = append(told, string(s.Recipient.Function))
	}
	slices.Sort(told)
	return told, err
}

// holds counts the copies that somebody has whose text holds a marker.
func (c *city) holds(who, marker string) int {
	c.t.Helper()
	page, err := c.Sharing.Inbox(c.ctx(), c.as(who), &c.id, nil)
	c.must(err, who+" looks into the inbox")
	n := 0
	for _, line := range page.Lines {
		copied, err := c.Sharing.OpenCopy(c.ctx(), c.as(who), line.Intervention, line.ID)
		c.must(err, who+" opens a copy")
		if strings.Contains(copied.Text, marker) {
			n++
		}
	}
	return n
}

// The door shows who is called, what each may be there for and why not, who has
// taken a seat over since, and the order in which the fewest have to leave.
func TestTheDoorShowsWhoMayBeLetIn(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals, seen, attendance)
	id := c.schedules(in)
	if err := c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id); said(err) != "error.room_too_early" {
		t.Errorf("Karin opens the room days before: %v", err)
	}
	c.db.FreezeClock(t, in.Start.Add(-10*time.Minute))
	r := c.room(karin, id)
	if !r.Room.Open || !r.Consent.InForce || !r.Until.Equal(stockholm("2027-06-01 00:00:00")) {
		t.Errorf("before the meeting Karin may open it: %v, in force %v until %v", r.Room.Open, r.Consent.InForce, r.Until)
	}
	want := map[sig.Function]string{
		sig.RoleCoordinator: "[1 2 3] []", sig.RoleSocialSecretary: "[1] [{2 no_grant_recipient} {3 no_grant_recipient}]",
		sig.RoleFieldAssistant: "[1] [{2 no_grant_recipient} {3 no_grant_recipient}]", sig.RolePolice: "[1 2] [{3 no_grant_recipient}]",
		sig.RoleSchoolCounsellor: "[1 3] [{2 no_grant_recipient}]", sig.RolePrincipal: "[1 3] [{2 no_grant_recipient}]",
	}
	for _, d := range r.Door {
		if got := fmt.Sprintf("%v %v", d.In, d.Out); got != want[d.Seat.Function] {
			t.Errorf("%s: %s, want %s", d.Seat.Function, got, want[d.Seat.Function])
		}
		for _, p := range d.People {
			if p.New || p.Here {
				t.Errorf("%s is new %v, here %v", p.Name, p.New, p.Here)
			}
		}
	}
	if fmt.Sprint(r.Order, r.Leave) != "[2 3 1] 1" {
		t.Errorf("the order is %v with %d leavings", r.Order, r.Leave)
	}
	for _, who := range []string{berg, malin} {
		r := c.room(who, id)
		if len(r.Door) != 0 || r.Order != nil || r.Room != (meeting.RoomActions{}) {
			t.Errorf("%s sees the door: %+v", who, r)
		}
	}
	for _, who := range []string{fredrik, lind, elsa, "sara", "amir"} {
		if c.room(who, id) != nil {
			t.Errorf("%s sees the room", who)
		}
	}
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", lind: "error.not_found"} {
		c.refusedWith(c.Meeting.OpenRoom(c.ctx(), c.as(who), c.id, id), code, who+" opens the room")
	}
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens it again")
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'open_room' and outcome = 'allowed'`); n != 1 {
		t.Errorf("%d rows for the opening", n)
	}
}

// What is told in the room is an item of its teller and goes to exactly those
// who are there and may hear it, as any disclosure.
func TestToldInTheRoomIsADisclosureToThoseWhoAreThere(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen, attendance), sample.Police)
	told, err := c.says(berg, id, 2, "MARKER-TOLD")
	c.must(err, "Berg tells point 2")
	if fmt.Sprint(told) != "[coordinator]" {
		t.Errorf("point 2 went to %v", told)
	}
	c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
	c.comes(id, sample.Counsellor)
	if _, err := c.says(berg, id, 2, "MARKER-MORE"); !strings.Contains(said(err), "error.room_must_leave") {
		t.Errorf("Berg tells while the counsellor is there: %v", err)
	}
	told, err = c.says(karin, id, 1, "MARKER-PLAN")
	c.must(err, "Karin tells point 1")
	if fmt.Sprint(told) != "[community_police school_counsellor]" {
		t.Errorf("point 1 went to %v", told)
	}
	c.goes(id, sample.Counsellor)
	_, err = c.says(berg, id, 2, "MARKER-MORE")
	c.must(err, "Berg tells when the counsellor has left")
	for who, want := range map[string][3]int{karin: {1, 1, 0}, berg: {0, 0, 1}, malin: {0, 0, 1}, agneta: {}, nadia: {}, jonas: {}} {
		if got := [3]int{c.holds(who, "MARKER-TOLD"), c.holds(who, "MARKER-MORE"), c.holds(who, "MARKER-PLAN")}; got != want {
			t.Errorf("%s holds %v, want %v", who, got, want)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'disclose' and outcome = 'allowed' and consent is not null`); n != 4 {
		t.Errorf("%d rows for disclosures, want one for each recipient: 4", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'tell_in_room' and outcome = 'refused' and reason = 'no_grant_recipient'`); n != 1 {
		t.Errorf("%d refusals", n)
	}
	if got := one[string](c, `select string_agg(i.authority || ' ' || i.function || ' ' || array_to_string(i.categories, ','), '; ' order by t.told_at, i.id::text)
		from sig.meeting_told t join sig.item i on i.id = t.item where i.function = 'community_police'`); !strings.Contains(got, "community_police police_preventive_observation") {
		t.Errorf("Berg's items are %q", got)
	}
	for who, code := range map[string]string{nadia: "error.denied", malin: "error.not_found", lind: "error.not_found"} {
		_, err := c.says(who, id, 2, "MARKER-NO")
		c.refusedWith(err, code, who+" tells the police's point")
	}
	if stays := c.room(karin, id).Here; len(stays) != 3 || stays[1].Name != "Kent Berg" || !stays[1].To.IsZero() || stays[2].To.IsZero() || stays[2].Why != "noted" {
		t.Errorf("the stays are %+v", stays)
	}
}

// Who is called to the first point alone has to leave for the second, in the board
// as elsewhere, though nothing else would keep it from them: the door says so, and
// what is told there makes no copy for them, which the database sees to as well.
func TestWhoIsCalledToAnotherPointHearsNothing(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, goals), sample.SocialSecretary, sample.Police)
	c.superDoes(`update sig.meeting_presence r set ended_at = sig.now() from sig.meeting_invitation v, sig.meeting_point p
		where v.id = r.invitation and p.id = r.point and p.position = 2 and v.function in ('social_secretary', 'community_police')`)
	room := c.room(karin, id)
	for _, d := range room.Door {
		want := "[1 2] []"
		if d.Seat == sample.SocialSecretary || d.Seat == sample.Police {
			want = "[1] [{2 not_called}]"
		}
		if got := fmt.Sprint(d.In, " ", d.Out); got != want {
			t.Errorf("%s: %s, want %s", d.Seat.Function, got, want)
		}
	}
	if must := room.Points[1].Must; len(must) != 2 {
		t.Errorf("%v have to leave for point 2", must)
	}
	told, err := c.says(karin, id, 1, "MARKER-FIRST")
	c.must(err, "Karin tells point 1")
	if fmt.Sprint(told) != "[community_police social_secretary]" {
		t.Errorf("point 1 went to %v", told)
	}
	for _, seat := range []sig.Seat{sample.SocialSecretary, sample.Police} {
		_, err := c.says(karin, id, 2, "MARKER-SECOND")
		if want := "here." + string(seat.Unit) + "." + string(seat.Function) + " error.room_must_leave"; !strings.Contains(said(err), want) {
			t.Errorf("Karin tells point 2 while %s is there: %v", seat.Function, err)
		}
		c.goes(id, seat)
	}
	c.comes(id, sample.Counsellor)
	told, err = c.says(karin, id, 2, "MARKER-SECOND")
	c.must(err, "Karin tells point 2 when they have left")
	if fmt.Sprint(told) != "[school_counsellor]" {
		t.Errorf("point 2 went to %v", told)
	}
	for who, want := range map[string][2]int{nadia: {1, 0}, berg: {1, 0}, malin: {0, 1}} {
		if got := [2]int{c.holds(who, "MARKER-FIRST"), c.holds(who, "MARKER-SECOND")}; got != want {
			t.Errorf("%s holds %v, want %v", who, got, want)
		}
	}
	item := c.writes(karin, sig.CategoryPlanGoals)
	_, err = c.discloses(karin, item, sample.SocialSecretary)
	c.must(err, "Karin tells Nadia something outside the room")
	for position, refused := range map[int]bool{1: false, 2: true} {
		_, err := c.does(karin, `insert into sig.meeting_told (item, point, meeting, intervention, authority, told_at, told_by)
			select $3, p.id, p.meeting, p.intervention, p.teller_authority, sig.now(), sig.setting_uuid('app.assignment') from sig.meeting_point p
			 where p.meeting = $1 and p.position = $2`, id, position, item)
		if got := err != nil && strings.Contains(err.Error(), "not called to the point"); got != refused || err != nil && !refused {
			t.Errorf("Karin's page stamps what Nadia has a copy of under point %d: %v", position, err)
		}
		c.superDoes(`delete from sig.meeting_told where item = '` + item.String() + `'`)
	}
}

// A draft is sealed, is the teller's seat's alone, and nobody saves over a
// version that was not seen.
func TestDraftsAreKeptAndNeverOverwrittenUnseen(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
	save := func(who string, position, version int, internal bool, text string) error {
		_, err := c.Meeting.SaveDraft(c.ctx(), c.as(who), meeting.NewDraft{
			Intervention: c.id, Meeting: id, Point: c.point(id, position), Internal: internal, Version: version, Text: text,
		})
		return err
	}
	c.must(save(berg, 2, 0, false, "MARKER-FIRST"), "Berg writes")
	c.must(save(berg, 2, 0, false, "MARKER-FIRST"), "Berg's form is sent twice")
	c.must(save(berg, 2, 1, false, "MARKER-SECOND"), "Berg goes on")
	newer, ok := meeting.AsNewer(save(berg, 2, 1, false, "MARKER-OTHER"))
	if !ok || newer.Version != 2 || newer.Text != "MARKER-SECOND" {
		t.Errorf("who had seen the first version alone is answered %+v", newer)
	}
	if fault.KindOf(newer) != fault.Conflict {
		t.Errorf("that is a %v", fault.KindOf(newer))
	}
	if _, ok := meeting.AsNewer(save(berg, 2, 0, false, "MARKER-OTHER")); !ok {
		t.Error("somebody starts from nothing over what stands there")
	}
	in := meeting.NewTold{Key: "k", Intervention: c.id, Meeting: id, Point: c.point(id, 2), Version: 1, Text: "MARKER-OLD", Necessity: "Network meeting"}
	if _, err := c.Meeting.Tell(c.ctx(), c.as(berg), in); fault.KindOf(err) != fault.Conflict {
		t.Errorf("Berg stamps over what he has not seen: %v", err)
	}
	if got := c.room(berg, id).Points[1]; got.Draft == nil || got.Draft.Text != "MARKER-SECOND" || !got.Tell {
		t.Errorf("Berg sees %+v", got)
	}
	for _, who := range []string{karin, nadia} {
		for _, p := range c.room(who, id).Points {
			if p.Draft != nil || p.Note != nil {
				t.Errorf("%s sees a draft of the police's under point %d", who, p.Position)
			}
		}
	}
	c.must(save(karin, 2, 0, true, "MARKER-NOTE"), "Karin keeps a note")
	c.must(save(karin, 1, 0, true, "MARKER-CALLED"), "Karin keeps a note where Nadia is called")
	if n := c.room(nadia, id).Points[0].Note; n == nil || n.Text != "MARKER-CALLED" {
		t.Errorf("Nadia sees the board's note as %+v", n)
	}
	if n := c.room(nadia, id).Points[1].Note; n != nil {
		t.Error("Nadia sees the board's note on a point for which she leaves")
	}
	if n := c.room(berg, id).Points[1].Note; n != nil {
		t.Error("Berg sees the board's note")
	}
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.denied", malin: "error.not_found"} {
		if who == berg {
			code = "error.not_found"
		}
		c.refusedWith(save(who, 2, 1, true, "x"), code, who+" writes the board's note")
	}
	in.Version, in.Text = 2, "MARKER-STAMPED"
	_, err := c.Meeting.Tell(c.ctx(), c.as(berg), in)
	c.must(err, "Berg stamps")
	_, err = c.Meeting.Tell(c.ctx(), c.as(berg), in)
	c.must(err, "Berg's stamp is sent twice")
	if n := one[int](c, `select count(*)::int from sig.meeting_told`); n != 1 {
		t.Errorf("%d stamps of one form", n)
	}
	if got := c.room(berg, id).Points[1]; got.Draft.Text != "" || got.Draft.Version != 3 || len(got.Told) != 1 || !got.Told[0].Copy.IsZero() {
		t.Errorf("after the stamp Berg sees %+v", got)
	}
	if got := c.room(karin, id).Points[1]; len(got.Told) != 1 || got.Told[0].Copy.IsZero() {
		t.Errorf("Karin's copy is %+v", got.Told)
	}
	if got := c.room(malin, id).Points; len(got) != 1 || len(got[0].Told) != 0 {
		t.Errorf("Malin sees %+v", got)
	}
	if n := one[int](c, `select count(*)::int from sig.meeting_draft where position('MARKER' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("a draft lies in clear in the database")
	}
}

// T17 in the room: at the exact end nothing is stamped any more, what was
// stamped before stays, later text is the board's own, and whoever is from
// outside is shown nothing.
func TestT17TheRoomStopsAtTheExactEnd(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-05-31 08:00:00"))
	id := c.live(c.meets("2027-05-31 23:30:00", network, goals, seen), sample.Police, sample.SocialSecretary)
	end := stockholm("2027-06-01 00:00:00")
	if r := c.room(berg, id); !r.Until.Equal(end) {
		t.Errorf("Berg's page stops at %s", r.Until)
	}
	c.db.FreezeClock(t, end.Add(-time.Microsecond))
	_, err := c.says(karin, id, 1, "MARKER-IN-TIME")
	c.must(err, "Karin tells a microsecond before the end")
	if got := c.holds(berg, "MARKER-IN-TIME"); got != 1 {
		t.Errorf("Berg holds %d copies of what was stamped in time", got)
	}
	c.db.FreezeClock(t, end)
	for _, alarm := range []string{"before", "after"} {
		if _, err := c.says(karin, id, 1, "MARKER-LATE"); said(err) != "error.room_stopped" {
			t.Errorf("%s the alarm Karin tells after the end: %v", alarm, err)
		}
		if c.room(berg, id) != nil {
			t.Errorf("%s the alarm Berg is still in the room", alarm)
		}
		if _, err := c.says(berg, id, 2, "MARKER-LATE"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s the alarm Berg tells after the end: %v", alarm, err)
		}
		c.db.FreezeClock(t, end.Add(90*time.Second)) // and the alarm is late
		c.ring()
	}
	r := c.room(karin, id)
	if !r.SharingEndedAt.Equal(end) || r.State != sig.MeetingLive || r.Room.Attend || !r.Room.Note {
		t.Errorf("the room is %s, stopped at %s: %+v", r.State, r.SharingEndedAt, r.Room)
	}
	_, err = c.Meeting.SaveDraft(c.ctx(), c.as(karin), meeting.NewDraft{Intervention: c.id, Meeting: id, Point: c.point(id, 1), Internal: true, Text: "MARKER-LATE"})
	c.must(err, "Karin keeps what came later for the board")
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	if n := one[int](c, `select count(*)::int from sig.meeting_told`); n != 1 {
		t.Errorf("%d things were told", n)
	}
	if n := one[int](c, `select count(*)::int from sig.received where item in (select id from sig.item where created_at >= $1)`, end); n != 0 {
		t.Errorf("%d copies of what came after the end", n)
	}
}

// T15 and T19 in the room: a withdrawal takes whoever lost the ground out of
// it at once; the others go on, unless everything was taken back.
func TestAWithdrawalStopsTheRoom(t *testing.T) {
	t.Run("T19 the school", func(t *testing.T) {
		c := inForce(t)
		id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen, attendance), sample.Police, sample.Counsellor)
		c.withdraws("sara", theSchool)
		if c.room(malin, id) != nil || c.lostCall(malin, id) == "" {
			t.Error("Malin is still in the room, or not told why she is not")
		}
		told, err := c.says(karin, id, 1, "MARKER-WITHOUT")
		c.must(err, "Karin goes on")
		if fmt.Sprint(told) != "[community_police]" || c.holds(malin, "MARKER-WITHOUT") != 0 {
			t.Errorf("it went to %v", told)
		}
		if got := one[string](c, `select left_why from sig.meeting_attendance a join sig.meeting_invitation v on v.id = a.invitation where v.function = 'school_counsellor'`); got != "cut" {
			t.Errorf("the counsellor left because %q", got)
		}
		if err := c.Meeting.Came(c.ctx(), c.as(karin), c.attend(id, sample.Counsellor)); said(err) != "error.room_not_called" {
			t.Errorf("the counsellor is let in again: %v", err)
		}
		if !c.room(karin, id).SharingEndedAt.IsZero() {
			t.Error("the whole room has stopped")
		}
	})
	t.Run("T15 everything", func(t *testing.T) {
		c := inForce(t)
		id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
		_, err := c.says(karin, id, 1, "MARKER-BEFORE")
		c.must(err, "Karin tells")
		c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
		c.withdraws("omid", everything)
		if c.room(berg, id) != nil || c.holds(berg, "MARKER-BEFORE") != 0 {
			t.Error("Berg is in the room, or holds a copy")
		}
		r := c.room(karin, id)
		if r.SharingEndedAt.IsZero() || r.State != sig.MeetingLive || len(r.Points[0].Told) != 1 {
			t.Errorf("Karin's room is %s, stopped %s, with %d told", r.State, r.SharingEndedAt, len(r.Points[0].Told))
		}
		if _, err := c.says(karin, id, 1, "MARKER-AFTER"); said(err) != "error.room_stopped" {
			t.Errorf("Karin tells after it: %v", err)
		}
		if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'stop_room' and actor = 'system' and object_id = $1`, id); n != 1 {
			t.Errorf("%d rows for the stop", n)
		}
	})
}

// T07 and T12 in the room: field assistants stay for the police's point only by
// a row from the police to them, and whoever took a seat over is said to be new.
func TestT07JonasLeavesWithoutARow(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.FieldAssistant)
	if _, err := c.says(berg, id, 2, "MARKER-NO"); !strings.Contains(said(err), "error.room_must_leave") {
		t.Errorf("Berg tells while Jonas is there: %v", err)
	}
}

func TestT07T12WhoStaysAndWhoIsNew(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPoliceObservation))
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.FieldAssistant)
	told, err := c.says(berg, id, 2, "MARKER-ROW")
	c.must(err, "Berg tells by the row")
	if fmt.Sprint(told) != "[coordinator field_assistant]" {
		t.Errorf("it went to %v", told)
	}
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.participation set valid_from = sig.now() where function = 'community_police'`); err != nil {
		t.Fatal(err)
	}
	for _, d := range c.room(karin, id).Door {
		for _, p := range d.People {
			if p.New != (d.Seat.Function == sig.RolePolice) {
				t.Errorf("%s of %s is new: %v", p.Name, d.Seat.Function, p.New)
			}
		}
	}
}

// While the consent is paused nobody from outside is let in, and nothing is
// stamped; when it goes on, the room does.
func TestAPauseLetsNobodyIn(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.SocialSecretary)
	police := c.attend(id, sample.Police)
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
	c.must(err, "Nadia pauses the consent")
	c.refusedWith(c.Meeting.Came(c.ctx(), c.as(karin), police), "error.room_not_covered", "Karin lets the police in")
	if _, err := c.says(karin, id, 1, "MARKER-PAUSED"); said(err) != "error.room_stopped" {
		t.Errorf("Karin tells during the pause: %v", err)
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	c.must(c.Meeting.Came(c.ctx(), c.as(karin), police), "Karin lets the police in")
	told, err := c.says(karin, id, 1, "MARKER-ON")
	c.must(err, "Karin tells")
	if fmt.Sprint(told) != "[community_police social_secretary]" {
		t.Errorf("it went to %v", told)
	}
}
