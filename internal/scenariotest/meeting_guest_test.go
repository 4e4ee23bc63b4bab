package scenariotest

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/mailcatch"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

var guestLink = regexp.MustCompile(`https://sig\.example/guest/([A-Za-z0-9_-]{43})`)

// guestMail is the latest mail to a guest: its method and the link's secret. No
// byte of any mail or entry tells what it must not.
func (p *post) guestMail(to string) (method string, secret meeting.Secret) {
	p.c.t.Helper()
	for _, m := range p.catcher.Messages() {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		if len(m.To) != 1 || m.To[0] != to {
			continue
		}
		p.tellsNobody(m, letter)
		e := p.guestEntry(m, letter)
		method = e.method
		links := guestLink.FindAllStringSubmatch(letter.Text, -1)
		if want := map[string]int{"REQUEST": 1}[e.method]; len(links) != want || guestLink.MatchString(letter.Calendar) {
			p.c.t.Errorf("%d links in a mail with %s, or one in the entry:\n%s", len(links), e.method, letter.Text)
		}
		if len(links) == 1 {
			raw, err := base64.RawURLEncoding.DecodeString(links[0][1])
			p.c.must(err, "read a link")
			copy(secret[:], raw)
		}
	}
	return method, secret
}

func (p *post) guestEntry(m mailcatch.Message, letter mailcatch.Letter) entry {
	p.c.t.Helper()
	cal, err := ics.ParseCalendar(strings.NewReader(letter.Calendar))
	p.c.must(err, "another program reads a calendar entry")
	event := cal.Events()[0]
	if to := event.Attendees(); len(cal.Events()) != 1 || len(to) != 1 || to[0].Email() != m.To[0] || letter.Subject != "Möte" {
		p.c.t.Errorf("to %v the entry says:\n%s", m.To, letter.Calendar)
	}
	return entry{method: letter.Method}
}

func (p *post) tellsNobody(m mailcatch.Message, letter mailcatch.Letter) {
	p.c.t.Helper()
	whole := string(m.Raw) + letter.Subject + letter.Text + strings.ReplaceAll(letter.Calendar, "\r\n ", "")
	for _, told := range []string{"MARKER-GOALS", "MARKER-SEEN", "marker-link", "Amir", "Rahimi", "Sara", "Polis", "Tolk", "Dari", "Farsta stads", p.c.id.String()} {
		if strings.Contains(whole, told) {
			p.c.t.Errorf("a guest's mail tells %q:\n%s", told, whole)
		}
	}
}

// visit is what a guest's page shows, "none" where the link holds no more.
func (c *city) visit(secret meeting.Secret) string {
	c.t.Helper()
	v, err := c.Meeting.VisitByLink(c.ctx(), secret)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return "none"
	}
	c.must(err, "a guest opens the link")
	if v.Reserve {
		if v.Place+v.Link != "" || len(v.Points) > 0 {
			c.t.Errorf("before the reservation the page shows %+v", v)
		}
		return "reserve"
	}
	parts := []string{v.Place, v.Link}
	for _, p := range v.Points {
		parts = append(parts, fmt.Sprintf("%d %s %s", p.Position, p.Category, p.Text))
	}
	return strings.Join(parts, " | ")
}

const parwin, aunt, trainer = "parwin@tolk.example", "leila@mail.example", "tomas@klubben.example"

func (c *city) interpreter(id sig.MeetingID) meeting.NewInterpreter {
	return meeting.NewInterpreter{
		Key: uuid.NewString(), Intervention: c.id, Meeting: id, Language: "prs", Name: "Parwin Sadat", Identity: "KAM-10442", Email: parwin, Unrelated: true,
	}
}

// guests is what Karin sees of a meeting's guests and needs.
func (c *city) guests(id sig.MeetingID) *meeting.Guests {
	c.t.Helper()
	g, err := c.Meeting.Guests(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks at the guests")
	return g
}

// person is the key of somebody at a meeting.
func (c *city) person(g *meeting.Guests, name string) string {
	c.t.Helper()
	for _, p := range g.People {
		if p.Name == name {
			return p.Key()
		}
	}
	c.t.Fatalf("nobody at the meeting is called %s", name)
	return ""
}

// T25: a Dari interpreter is a guest of one meeting and its texts for its time,
// is no actor and no source, leaves no ledger of an own, and is no relative.
func TestT25AnInterpreterComesToOneMeeting(t *testing.T) {
	c := inForce(t)
	p := c.post()
	c.db.SetClock(t, stockholm("2027-01-07 10:00:00"))
	id := c.schedules(c.meets("2027-01-14 14:00:00", three, goals, seen))
	sara := c.person(c.guests(id), "Sara Rahimi")
	c.must(c.Meeting.NeedLanguage(c.ctx(), c.as(karin), c.id, id, sara, "prs"), "Karin notes that Sara needs Dari")
	c.refusedWith(c.Meeting.NeedLanguage(c.ctx(), c.as(berg), c.id, id, sara, "so"), "error.not_found", "Berg notes a language")

	for _, tc := range []struct {
		what string
		take func(*meeting.NewInterpreter)
		want string
	}{
		{"nobody has asked", func(in *meeting.NewInterpreter) { in.Unrelated = false }, "unrelated error.interpreter_unrelated"},
		{"her mother", func(in *meeting.NewInterpreter) { in.Name = " sara  RAHIMI" }, "name error.interpreter_is_family"},
		{"the young person", func(in *meeting.NewInterpreter) { in.Name = "Amir Rahimi" }, "name error.interpreter_is_family"},
		{"somebody of the same surname", func(in *meeting.NewInterpreter) { in.Name = "Zahra Rahimi" }, "same_surname error.interpreter_same_surname"},
		{"without a number", func(in *meeting.NewInterpreter) { in.Identity = "" }, "identity error.required"},
		{"in no language", func(in *meeting.NewInterpreter) { in.Language = "xx" }, "language error.choose_one"},
	} {
		in := c.interpreter(id)
		tc.take(&in)
		_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), in)
		c.refusedWith(err, tc.want, tc.what)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'invite_guest' and outcome = 'refused' and reason = 'related'`); n != 3 {
		t.Errorf("%d refused relatives in the ledger, want three", n)
	}
	in := c.interpreter(id)
	for _, who := range []string{nadia, berg, "sara"} {
		if _, err := c.Meeting.CallInterpreter(c.ctx(), c.as(who), in); err == nil {
			t.Errorf("%s calls an interpreter", who)
		}
	}
	for range 2 { // the same form, sent twice
		_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), in)
		c.must(err, "Karin calls Parwin")
	}
	p.empties()
	method, secret := p.guestMail(parwin)
	if method != "REQUEST" || one[int](c, `select count(*)::int from sig.mail where kind = 'meeting_guest'`) != 1 {
		t.Fatalf("Parwin got %q", method)
	}
	const where = "MARKER-PLACE, Farsta torg 1 | https://video.example/marker-link"
	if got := c.visit(secret); got != where {
		t.Errorf("a week before, Parwin sees %q: when and where, and no text", got)
	}
	g := c.guests(id)
	if len(g.Guests) != 1 || g.Guests[0].Name != "Parwin Sadat" || g.Guests[0].Identity != "KAM-10442" || g.Guests[0].Language != "prs" || len(g.Guests[0].Points) != 0 {
		t.Errorf("Karin sees %+v", g.Guests)
	}
	for _, one := range g.People {
		if one.Name == "Sara Rahimi" && (one.Language != "prs" || !one.Served) {
			t.Errorf("Sara is %+v", one)
		}
	}

	// Cannot be a source: nobody but a function tells a point.
	source := goals
	source.Teller = sig.Seat{Authority: sample.Coordinator.Authority, Unit: sample.Coordinator.Unit, Function: "interpreter"}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2027-01-15 14:00:00", three, source))
	c.refusedWith(err, "points.0.teller error.bad_id", "the interpreter tells a point")
	if n := one[int](c, `select count(*)::int from sig.assignment where email = $1 or name = 'Parwin Sadat'`, parwin); n != 0 {
		t.Error("the interpreter is an actor")
	}

	// The texts, while being in the open room.
	c.db.SetClock(t, stockholm("2027-01-14 13:50:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "open the room")
	guest := g.Guests[0].ID
	if got := c.visit(secret); got != where {
		t.Errorf("at the door, Parwin reads %q", got)
	}
	c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, guest, true), "Parwin comes in")
	room, err := c.Meeting.Room(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks at the door")
	if len(room.Guests) != 1 || !room.Guests[0].Here {
		t.Errorf("at the door stand %+v", room.Guests)
	}
	if theirs, err := c.Meeting.Room(c.ctx(), c.as(berg), c.id, id); err != nil || len(theirs.Guests) != 0 {
		t.Errorf("Berg sees guests at the door: %+v, %v", theirs.Guests, err)
	}
	if got := c.visit(secret); got != where+" | 1 plan_goals MARKER-GOALS | 2 police_preventive_observation MARKER-SEEN" {
		t.Errorf("in the room, Parwin reads %q", got)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where actor <> 'system' and (person is null and assignment is null and guardian is null and youth is null)`); n != 0 {
		t.Errorf("%d rows of somebody who is nobody", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_meeting' and detail->>'via' = 'guest' and system = 'guests' and object_id = $1
		and categories = '{plan_goals,police_preventive_observation}'`, id); n != 1 {
		t.Errorf("%d rows for what Parwin read", n)
	}
	c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, guest, false), "Parwin leaves")
	if got := c.visit(secret); got != where {
		t.Errorf("after leaving, Parwin reads %q", got)
	}
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "the meeting is over")
	if got := c.visit(secret); got != "none" {
		t.Errorf("after the meeting the link shows %q", got)
	}
}

// A meeting that is cut takes the interpreter's call back, and says so once.
func TestT25AnInterpreterIsToldThatTheMeetingIsCut(t *testing.T) {
	c := inForce(t)
	p := c.post()
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "call Parwin")
	p.empties()
	_, secret := p.guestMail(parwin)
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), secret, meeting.GuestSaid{Answer: sig.InvitationAccepted}), "Parwin says yes")
	if g := c.guests(id).Guests[0]; g.Answer != sig.InvitationAccepted {
		t.Errorf("Karin sees the answer %q", g.Answer)
	}
	move := meeting.Move{Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 09:00:00"), End: stockholm("2026-12-11 10:00:00")}
	c.must(c.Meeting.Move(c.ctx(), c.as(karin), move), "move the meeting")
	p.empties()
	method, secret := p.guestMail(parwin)
	if g := c.guests(id).Guests[0]; method != "REQUEST" || g.Answer != "" {
		t.Errorf("after the move Parwin got %s and is %q", method, g.Answer)
	}
	c.withdraws("sara", everything)
	p.empties()
	if method, _ := p.guestMail(parwin); method != "CANCEL" || c.visit(secret) != "none" {
		t.Errorf("after the withdrawal Parwin got %s and sees %q", method, c.visit(secret))
	}
	if err := c.Meeting.AnswerAsGuest(c.ctx(), secret, meeting.GuestSaid{Answer: sig.InvitationDeclined}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the link still answers: %v", err)
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'meeting_guest' and method = 'cancel'`); n != 1 {
		t.Errorf("%d cancellations, want one", n)
	}
}

// named is a row from the coordinator to a person outside.
func named(name string, categories ...sig.Category) consenting.DraftGrant {
	g := row(sample.Coordinator, sig.Seat{}, categories...)
	g.PrivateKind, g.PrivateName = sig.PrivateCloseContact, name
	return g
}

var clubSeat = sig.Seat{Authority: "idrottsklubben", Unit: "idrottsklubben-fotboll", Function: sig.FunctionClubMentor}

// T30: an association comes as a guest, for goals and practical matters alone,
// and not before the reservation is accepted; so does an aunt, for what her row
// says. A withdrawal takes the links at once.
func TestT30GuestsComeUnderAReservation(t *testing.T) {
	logistics := meeting.NewPoint{Category: sig.CategoryMeetingLogistics, Teller: sample.Coordinator, Text: "MARKER-WHEN"}
	atSchool := meeting.NewPoint{Category: sig.CategoryAttendance, Teller: sample.Coordinator, Text: "MARKER-SCHOOL"}
	club := row(sample.Coordinator, clubSeat, sig.CategoryPlanGoals, sig.CategoryMeetingLogistics, sig.CategoryAttendance)
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals), club)
	p := c.post()
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-10 14:00:00", append(three[:2:2], clubSeat), goals))
	c.refusedWith(err, "call.2 reason.comes_as_guest", "the association is called as a function")
	c.toldWhatToDo("comes_as_guest")
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, logistics, atSchool, seen))
	offers := map[string]meeting.Offer{}
	for _, o := range c.guests(id).Offers {
		offers[o.Name+string(o.Club.Unit)] = o
	}
	if got := fmt.Sprint(offers["Leila Rahimi"].Points, offers[string(clubSeat.Unit)].Points, len(offers)); got != "[1] [1 2] 2" {
		t.Fatalf("the consent lets guests be there for %s", got)
	}
	invite := func(offer, name, email string) (sig.GuestID, error) {
		return c.Meeting.CallGuest(c.ctx(), c.as(karin), meeting.NewGuest{Key: uuid.NewString(), Intervention: c.id, Meeting: id, Offer: offer, Name: name, Email: email})
	}
	_, err = invite("somebody", "Somebody Else", "else@mail.example")
	c.refusedWith(err, "offer error.guest_not_named", "somebody whom the consent does not name")
	_, err = invite(offers[string(clubSeat.Unit)].Key, "", trainer)
	c.refusedWith(err, "name error.required", "nobody of the association")
	leila, err := invite(offers["Leila Rahimi"].Key, "", aunt)
	c.must(err, "call the aunt")
	tomas, err := invite(offers[string(clubSeat.Unit)].Key, "Tomas Boll", trainer)
	c.must(err, "call the trainer")
	p.empties()
	_, hers := p.guestMail(aunt)
	_, his := p.guestMail(trainer)
	if c.visit(hers) != "reserve" || c.visit(his) != "reserve" {
		t.Errorf("before the reservation they see %q and %q", c.visit(hers), c.visit(his))
	}
	c.refusedWith(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Answer: sig.InvitationAccepted}), "reserve error.guest_reserve_first", "she comes without it")
	for _, g := range c.guests(id).Guests {
		if g.Coming() {
			t.Errorf("%s counts as coming", g.Name)
		}
	}
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Reserve: true}), "she accepts the reservation")
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), his, meeting.GuestSaid{Reserve: true}), "he accepts the reservation")
	const where = "MARKER-PLACE, Farsta torg 1 | https://video.example/marker-link | "
	if a, b := c.visit(hers), c.visit(his); a != where+"1 plan_goals " || b != where+"1 plan_goals  | 2 meeting_logistics " {
		t.Errorf("they see %q and %q", a, b)
	}

	c.db.SetClock(t, stockholm("2026-12-10 13:50:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "open the room")
	for _, guest := range []sig.GuestID{leila, tomas} {
		c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, guest, true), "a guest comes in")
	}
	c.comes(id, sample.Police)
	if _, err := c.says(karin, id, 1, "MARKER-PLAN"); err != nil {
		t.Errorf("the goals, which all may hear: %v", said(err))
	}
	if n := one[int](c, `select jsonb_array_length(detail->'guests') from sig.ledger where kind = 'tell_in_room' and outcome = 'allowed'`); n != 2 {
		t.Errorf("the ledger has %d guests who heard it", n)
	}
	if p := c.room(karin, id).Points; len(p[0].Guests) != 0 || len(p[1].Guests) != 1 || len(p[3].Guests) != 2 {
		t.Errorf("of the guests must leave %d, %d and %d", len(p[0].Guests), len(p[1].Guests), len(p[3].Guests))
	}
	if _, err := c.says(berg, id, 4, "MARKER-TOLD"); !strings.Contains(said(err), "error.room_guest_must_leave") {
		t.Errorf("the police tell what they saw while guests are there: %v", said(err))
	}
	if n := one[int](c, `select count(*)::int from sig.meeting_told`); n != 1 {
		t.Errorf("%d things were stamped", n)
	}
	c.withdraws("sara", everything)
	if a, b := c.visit(hers), c.visit(his); a != "none" || b != "none" {
		t.Errorf("after the withdrawal they see %q and %q", a, b)
	}
	if n := one[int](c, `select count(*)::int from sig.meeting_guest where ended_at is null`) + one[int](c, `select count(*)::int from sig.meeting_guest_stay where left_at is null or left_why <> 'cut'`); n != 0 {
		t.Errorf("%d guests are still there", n)
	}
}
