package scenariotest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/meeting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// ours is a point for the family alone: Amir says in his own words what he thinks
// of the goals, with Karin who holds the meeting.
var ours = meeting.NewPoint{Category: sig.CategoryPlanGoals, Text: "MARKER-OURS", FamilyAlone: true}

// A coordinator plans a point for the family alone. Everybody else is refused it,
// with the reason; the family sees that nobody else is there; the board sees its
// own agenda, and for whoever comes from outside there is no such point.
func TestAPointForTheFamilyAloneIsPlanned(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals, ours, seen)
	plan, err := c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.must(err, "Karin looks at who could come")
	for _, f := range plan.Functions {
		want := "family_alone"
		if f.Seat == sample.Coordinator {
			want = "by_need"
		}
		if got := string(f.Points[1].Reason); got != want {
			t.Errorf("%s at the family's point: %s, want %s", f.Seat.Function, got, want)
		}
	}
	id := c.schedules(in)
	if got, want := c.calledNow(id), []string{"community_police [1 3]", "coordinator [1 2 3]", "field_assistant [1]", "principal [1]",
		"school_counsellor [1]", "social_secretary [1]"}; !slices.Equal(got, want) {
		t.Errorf("called are %v, want %v", got, want)
	}
	const place = ", MARKER-PLACE, Farsta torg 1"
	board := "1 MARKER-GOALS, 2 MARKER-OURS, 3 MARKER-SEEN" + place
	for who, want := range map[string]string{
		karin: board, nadia: "1 MARKER-GOALS, 2 , 3 " + place, jonas: "1 MARKER-GOALS, 2 , 3 " + place, berg: "1 MARKER-GOALS, 2 MARKER-SEEN" + place, malin: "1 MARKER-GOALS" + place,
		fredrik: "", lind: "", elsa: "", "sara": "", "amir": "", "log-reviewer-farsta": "",
	} {
		if got := c.seesOf(who, id); got != want {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	family := []string{"12-10 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: community_police coordinator field_assistant principal school_counsellor social_secretary" +
		"; plan_goals: coordinator; police_preventive_observation: community_police coordinator"}
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := c.familySees(who); !slices.Equal(got, family) {
			t.Errorf("%s sees %q, want %q", who, got, family)
		}
	}
	all, err := c.Meeting.OfFamily(c.ctx(), c.as("sara"), c.id)
	c.must(err, "Sara looks at the meetings")
	if p := all.Meetings[0].Points; p[0].FamilyAlone || !p[1].FamilyAlone || p[2].FamilyAlone || p[1].Alone {
		t.Errorf("Sara is not told at which point nobody else is there: %+v", p)
	}
	for _, tc := range []struct {
		what string
		in   meeting.NewMeeting
		want string
	}{
		{"the police tell at the family's point", c.meets("2026-12-11 14:00:00", network, meeting.NewPoint{
			Category: sig.CategoryPoliceObservation, Teller: sample.Police, Text: "x", FamilyAlone: true}), "points.0.teller reason.family_alone"},
		{"the police are called to the family's point alone", c.meets("2026-12-11 14:00:00", three, ours), "call.1 reason.family_alone, call.2 reason.family_alone"},
		{"the police are called to the family's point and to what they may not be told", c.meets("2026-12-11 14:00:00", three[:2], ours, attendance),
			"call.1 reason.no_grant_recipient"},
		{"nobody is called to what the police tell", c.meets("2026-12-11 14:00:00", nil, ours, seen), "call error.choose_some"},
	} {
		_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), tc.in)
		c.refusedWith(err, tc.want, tc.what)
	}
	c.toldWhatToDo("family_alone")
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'invite_function' and outcome = 'refused' and reason = 'family_alone' and recipient_function = 'community_police'`); n != 1 {
		t.Errorf("%d refusals of the police in the ledger, want one", n)
	}
}

// A meeting of nothing else is the family's and Karin's: nobody has to be called,
// the family is told when it is off, and nobody can be called to it later.
func TestAMeetingForTheFamilyAlone(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", nil, ours))
	if got := c.calledNow(id); !slices.Equal(got, []string{"coordinator [1]"}) {
		t.Errorf("called are %v", got)
	}
	want := []string{"12-10 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: coordinator"}
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := c.familySees(who); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	for _, who := range []string{berg, malin, fredrik} {
		if got := c.seesOf(who, id); got != "" {
			t.Errorf("%s sees %q", who, got)
		}
	}
	c.refusedWith(c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.Police}), "call.0 reason.family_alone", "Karin calls the police to it later")
	open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin opens it")
	c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{
		Intervention: c.id, Meeting: id, Sequence: open.Sequence, Start: open.Start.Add(24 * time.Hour), End: open.End.Add(24 * time.Hour), Place: open.Place,
	}), "Karin moves it")
	if got := c.familySees("sara"); !slices.Equal(got, []string{"12-11 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: coordinator"}) {
		t.Errorf("after the move Sara sees %q", got)
	}
	for _, who := range []string{"sara", "amir", karin} {
		p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(who), c.id, consenting.SignerRef{Guardian: c.as("omid").Guardian}, everything)
		c.must(err, who+" asks what it would do")
		if got := lost(p.MeetingsOff, p.Calls); got != "1 off; " {
			t.Errorf("the preview tells %s %q", who, got)
		}
	}
	r := c.withdraws("omid", everything)
	if got := lost(r.MeetingsOff, r.Calls); got != "1 off; " {
		t.Errorf("Omid's receipt says %q", got)
	}
}

// Of what Amir disposes over alone no guardian is there, whomever the point is for:
// it is his and Karin's, and he sees it where nobody at home looks on.
func TestAPointForTheYouthAlone(t *testing.T) {
	c, _, _, _ := alone(t)
	his := meeting.NewPoint{Category: sig.CategoryPupilHealth, Text: "MARKER-HIS", FamilyAlone: true}
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, his))
	c.schedules(c.meets("2026-12-11 14:00:00", nil, his))
	if got := c.calledNow(id); !slices.Contains(got, "community_police [1]") || !slices.Contains(got, "school_counsellor [1]") || !slices.Contains(got, "coordinator [1 2]") {
		t.Errorf("called are %v: by his own yes Berg and the counsellor may be told it, and it is not for them", got)
	}
	c.nobodyAtHomeSees([]string{"12-10 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: community_police coordinator field_assistant principal school_counsellor social_secretary"})
	c.inTheOffice()
	all, err := c.Meeting.OfFamily(c.ctx(), c.as("amir"), c.id)
	c.must(err, "Amir looks in the office")
	if len(all.Meetings) != 2 || len(all.Meetings[0].Points) != 2 || !all.Meetings[0].Points[1].Alone || !all.Meetings[1].Points[0].FamilyAlone {
		t.Errorf("in the office Amir sees %+v", all.Meetings)
	}
	if got := c.familySees("sara"); len(got) != 1 {
		t.Errorf("Sara sees %q", got)
	}
}

// ids are what two meetings differ in although they are alike.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|CaseNumber:[A-Z0-9-]+`)

// outsider is everything that the services and calendars tell Berg and Malin of a
// meeting with those points, before it, in its room and afterwards.
func outsider(t *testing.T, points ...meeting.NewPoint) string {
	t.Helper()
	c := inForce(t)
	p := c.post()
	c.db.FreezeClock(t, stockholm("2026-12-03 10:00:00"))
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, points...))
	p.empties()
	told := []string{whom(slices.DeleteFunc(p.calls(), func(e entry) bool { return !strings.HasPrefix(e.to, "kent") && !strings.HasPrefix(e.to, "malin") }))}
	look := func() {
		for _, who := range []string{berg, malin} {
			open, err := c.Meeting.Open(c.ctx(), c.as(who), c.id, id)
			c.must(err, who+" opens the meeting")
			list, err := c.Meeting.Meetings(c.ctx(), c.as(who), c.id)
			c.must(err, who+" lists the meetings")
			told = append(told, fmt.Sprintf("%+v %+v", *open, list.Lines))
			if open.State == sig.MeetingPlanned {
				continue
			}
			room := c.room(who, id)
			room.Open = nil
			minutes := c.minutes(who, id)
			minutes.Open = nil
			told = append(told, fmt.Sprintf("%+v %+v", *room, *minutes))
		}
	}
	look()
	secret, err := c.Meeting.MakeFeed(c.ctx(), c.as(berg))
	c.must(err, "Berg's calendar program gets an address")
	entries, err := c.Meeting.Feed(c.ctx(), secret, meeting.Part{})
	c.must(err, "it reads")
	told = append(told, fmt.Sprintf("%+v", entries))
	c.db.FreezeClock(t, stockholm("2026-12-10 14:00:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.comes(id, sample.Police)
	if _, err := c.says(karin, id, len(points)-1, "MARKER-HEARD"); err != nil {
		t.Fatalf("Karin tells the goals: %v", said(err))
	}
	c.db.FreezeClock(t, stockholm("2026-12-10 14:10:00"))
	c.goes(id, sample.Police)
	if points[0].FamilyAlone {
		if _, err := c.says(karin, id, 1, "MARKER-WORDS"); err != nil {
			t.Fatalf("Karin stamps what Amir said: %v", said(err))
		}
	}
	c.comes(id, sample.Police)
	look()
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends it")
	texts := []string{"MARKER-WRITTEN", ""}
	if points[0].FamilyAlone {
		texts = append([]string{"MARKER-SAID"}, texts...)
	}
	c.must(c.writesMinutes(karin, id, 0, texts...), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	look()
	for _, who := range []string{berg, malin} {
		page, err := c.Sharing.Inbox(c.ctx(), c.as(who), &c.id, nil)
		c.must(err, who+" looks into the inbox")
		told = append(told, fmt.Sprintf("%+v", page.Lines))
	}
	return ids.ReplaceAllString(strings.Join(told, "\n"), "·")
}

// Whoever comes from outside cannot tell a meeting with a point for the family
// alone from one without it: not by the time of the call, a number, a gap or an
// order, nor by what was stamped and sent of it.
func TestNobodyFromOutsideLearnsOfTheFamilysPoint(t *testing.T) {
	var told [2]string
	t.Run("look", func(t *testing.T) {
		for n, points := range [][]meeting.NewPoint{{ours, goals, seen}, {goals, seen}} {
			t.Run(fmt.Sprintf("%d points", len(points)), func(t *testing.T) { told[n] = outsider(t, points...) })
		}
	})
	with, without := told[0], told[1]
	if with != without {
		a, b := strings.Split(with, "\n"), strings.Split(without, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Errorf("with the point:\n%s\nwithout:\n%s", a[i], b[i])
			}
		}
	}
	for _, marker := range []string{"MARKER-HEARD", "MARKER-WORDS", "MARKER-SAID", "MARKER-OURS"} {
		if strings.Contains(with, marker) {
			t.Errorf("%s stands in what they see", marker)
		}
	}
	if !strings.Contains(with, "REQUEST") || !strings.Contains(with, "MARKER-GOALS") || !strings.Contains(with, "plan_goals") {
		t.Errorf("they see nothing at all: the comparison proves nothing:\n%s", with)
	}
}

// In the room: whoever has to leave is named at the door and holds up the stamp;
// an interpreter stays for whom of the family it is; what is stamped, and what the
// minutes say, goes to no function, and to the family as an officer decides.
func TestWhatTheFamilySaysAloneStaysInTheRoom(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, ours, seen))
	interpreter, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls an interpreter")
	c.db.FreezeClock(t, stockholm("2026-12-10 14:00:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.comes(id, sample.Police)
	r := c.room(karin, id)
	if fmt.Sprint(r.Order, r.Leave) != "[2 3 1] 0" {
		t.Errorf("the order is %v with %d leavings: the family first, and nobody has to leave", r.Order, r.Leave)
	}
	if got := fmt.Sprint(seatsOf(r.Points[1].May), seatsOf(r.Points[1].Must)); got != "[coordinator] [community_police]" {
		t.Errorf("at the family's point may stay and must leave %s", got)
	}
	_, err = c.says(karin, id, 2, "MARKER-WORDS")
	c.refusedWith(err, "here.polis-farsta.community_police error.room_must_leave", "Karin stamps while the police are there")
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'tell_in_room' and outcome = 'refused' and reason = 'family_alone'`); n != 1 {
		t.Errorf("%d refusals in the ledger", n)
	}
	c.goes(id, sample.Police)
	c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, interpreter, true), "Parwin comes in")
	c.must(c.Meeting.NeedLanguage(c.ctx(), c.as(karin), c.id, id, c.ofSeat(c.guests(id), sample.Counsellor), "prs"), "Parwin comes for the counsellor")
	_, err = c.says(karin, id, 2, "MARKER-WORDS")
	c.refusedWith(err, "here."+interpreter.String()+" error.room_guest_must_leave", "Karin stamps while somebody else's interpreter is there")
	if p := c.room(karin, id).Points; len(p[0].Guests) != 0 || len(p[1].Guests) != 1 || p[1].Guests[0].Name != "Parwin Sadat" {
		t.Errorf("at the door must leave %+v", p[1].Guests)
	}
	c.must(c.Meeting.NeedLanguage(c.ctx(), c.as(karin), c.id, id, c.person(c.guests(id), "Sara Rahimi"), "prs"), "and for Sara")
	if p := c.room(karin, id).Points; len(p[1].Guests) != 0 {
		t.Errorf("Sara's interpreter must leave: %+v", p[1].Guests)
	}
	in := meeting.NewTold{Key: uuid.NewString(), Intervention: c.id, Meeting: id, Point: c.point(id, 2), Text: "MARKER-WORDS", Necessity: "-"}
	for range 2 { // the same form, sent twice
		told, err := c.Meeting.Tell(c.ctx(), c.as(karin), in)
		c.must(err, "Karin stamps what Amir said")
		if len(told) != 0 {
			t.Errorf("it is told to %v", told)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.meeting_told`); n != 1 {
		t.Errorf("%d stamps", n)
	}
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends it")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-MINUTES", "MARKER-SAID", ""), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	if m := c.minutes(karin, id); m.Waiting || !m.Points[1].FamilyAlone || len(m.Points[1].Sent) != 1 || len(m.Points[1].To) != 0 {
		t.Errorf("Karin's minutes of the family's point are %+v, waiting %v", m.Points[1], m.Waiting)
	}
	if got := fmt.Sprint(c.holds(berg, "MARKER-MINUTES"), c.holds(berg, "MARKER-SAID")+c.holds(berg, "MARKER-WORDS")+c.holds(malin, "MARKER-SAID")); got != "1 0" {
		t.Errorf("of the goals and of what was said alone the functions hold %s", got)
	}
	if n := one[int](c, `select count(*)::int from sig.disclosure d where d.item in (select t.item from sig.meeting_told t union all
		select s.item from sig.minutes_sent s join sig.meeting_point p on p.id = s.point where p.family_alone)`); n != 0 {
		t.Errorf("%d disclosures of what the family said alone", n)
	}
	if got := c.readsMinutes("sara", id); got != "" {
		t.Errorf("before anybody has decided, Sara reads %q", got)
	}
	item := one[sig.ItemID](c, `select s.item from sig.minutes_sent s join sig.meeting_point p on p.id = s.point where p.family_alone`)
	c.decidesVisible(karin, item, sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: c.as("sara").Guardian.UUID}, Visible: true})
	if a, b := c.readsMinutes("sara", id), c.readsMinutes("omid", id); a != "MARKER-SAID" || b != "" {
		t.Errorf("Sara reads %q and Omid %q", a, b)
	}
}

// ofSeat is the key of a called function at a meeting.
func (c *city) ofSeat(g *meeting.Guests, seat sig.Seat) string {
	c.t.Helper()
	at := slices.IndexFunc(g.People, func(p meeting.Person) bool { return p.Seat == seat })
	if at < 0 {
		c.t.Fatalf("%v is not called", seat)
	}
	return g.People[at].Key()
}

func seatsOf(list []sig.Seat) []sig.Function {
	var names []sig.Function
	for _, s := range list {
		names = append(names, s.Function)
	}
	return names
}

// The database refuses on its own: no call of anybody else to the family's point,
// nobody from outside who tells there; no row and no text of it for them; and it
// does not become another's point.
func TestTheDatabaseKeepsTheFamilysPoint(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, ours))
	const call = `insert into sig.meeting_presence (invitation, point, meeting, intervention)
		select v.id, p.id, p.meeting, p.intervention from sig.meeting_invitation v join sig.meeting_point p on p.meeting = v.meeting
		 where p.family_alone and v.function = $1`
	for _, function := range []sig.Function{sig.RolePolice, sig.RoleSocialSecretary, sig.RoleFieldAssistant, sig.RolePrincipal} {
		if _, err := c.does(karin, call, function); err == nil {
			t.Errorf("%s is called to the family's point", function)
		}
	}
	const point = `insert into sig.meeting_point (id, meeting, intervention, position, category, teller_authority, teller_unit, teller_function, family_alone)
		values (gen_random_uuid(), $1, $2, $3, 'police_preventive_observation', $4, $5, $6, true)`
	if _, err := c.does(karin, point, id, c.id, 8, sample.Police.Authority, sample.Police.Unit, sample.Police.Function); err == nil {
		t.Error("the police tell at a point for the family alone")
	}
	if _, err := c.does(karin, point, id, c.id, 9, sample.Coordinator.Authority, sample.Coordinator.Unit, sample.Coordinator.Function); err != nil {
		t.Errorf("the host does not: %v", err)
	}
	for _, who := range []string{berg, malin, agneta, fredrik, lind} {
		for _, sql := range []string{
			`select from sig.meeting_point where family_alone`,
			`select from sig.meeting_point_text t where t.point not in (select id from sig.meeting_point where not family_alone)`,
		} {
			if n, err := c.does(who, sql); n != 0 || err != nil {
				t.Errorf("the database shows %s %d rows (%v): %s", who, n, err, sql)
			}
		}
	}
	for _, who := range []string{"sara", "omid", "amir"} {
		if n, err := c.does(who, `select from sig.meeting_point where family_alone and position = 2`); n != 1 || err != nil {
			t.Errorf("the database shows %s %d of the family's own points, %v", who, n, err)
		}
		if n, err := c.does(who, `select from sig.meeting_point_text`); n != 0 || err != nil {
			t.Errorf("the database shows %s %d texts of the board's, %v", who, n, err)
		}
	}
	if n, err := c.does(karin, `update sig.meeting_point set family_alone = false`); err == nil {
		t.Errorf("%d points are everybody's afterwards", n)
	}
}
