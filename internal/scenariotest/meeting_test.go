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
	"sigportal/internal/policy"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// The points of the meetings below, by who tells what.
var (
	goals      = meeting.NewPoint{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-GOALS"}
	seen       = meeting.NewPoint{Category: sig.CategoryPoliceObservation, Teller: sample.Police, Text: "MARKER-SEEN"}
	attendance = meeting.NewPoint{Category: sig.CategoryAttendance, Teller: sample.Counsellor, Text: "MARKER-ATTENDANCE"}
)

// network are all whom a meeting of Amir's could be about.
var network = []sig.Seat{sample.Coordinator, sample.SocialSecretary, sample.FieldAssistant, sample.Police, sample.Counsellor, sample.Principal}

// meets is a meeting of an hour at an instant.
func (c *city) meets(at string, call []sig.Seat, points ...meeting.NewPoint) meeting.NewMeeting {
	start := stockholm(at)
	return meeting.NewMeeting{
		Key: uuid.NewString(), Intervention: c.id, Start: start, End: start.Add(time.Hour), Place: "MARKER-PLACE, Farsta torg 1",
		Link: "https://video.example/marker-link", Points: points, Call: call,
	}
}

func (c *city) schedules(in meeting.NewMeeting) sig.MeetingID {
	c.t.Helper()
	id, err := c.Meeting.Schedule(c.ctx(), c.as(karin), in)
	c.must(err, "Karin calls a meeting")
	return id
}

// told lists the texts and places that somebody sees of a meeting, "" when
// there is none for them.
func (c *city) seesOf(who string, id sig.MeetingID) string {
	c.t.Helper()
	open, err := c.Meeting.Open(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	c.must(err, who+" opens a meeting")
	var parts []string
	for _, p := range open.Points {
		parts = append(parts, fmt.Sprintf("%d %s", p.Position, p.Text))
	}
	return strings.Join(append(parts, open.Place), ", ")
}

// A function is called to the points that the consent lets it be told by their
// teller, and sees those and no others, counted without a gap; whoever is not
// called finds nothing.
func TestAMeetingShowsEachFunctionItsOwnPoints(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals, seen, attendance)
	plan, err := c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.must(err, "Karin looks at who could come")
	want := map[sig.Function]string{
		sig.RoleCoordinator: "by_need by_consent by_consent", sig.RoleSocialSecretary: "by_need no_grant_recipient no_grant_recipient",
		sig.RoleFieldAssistant: "by_need no_grant_recipient no_grant_recipient", sig.RolePolice: "by_consent by_consent no_grant_recipient",
		sig.RoleSchoolCounsellor: "by_consent no_grant_recipient by_consent", sig.RolePrincipal: "by_consent no_grant_recipient by_consent",
	}
	for _, f := range plan.Functions {
		var got []string
		for _, p := range f.Points {
			got = append(got, string(p.Reason))
		}
		if strings.Join(got, " ") != want[f.Seat.Function] {
			t.Errorf("%s: %s, want %s", f.Seat.Function, strings.Join(got, " "), want[f.Seat.Function])
		}
	}
	id := c.schedules(in)
	const place = ", MARKER-PLACE, Farsta torg 1"
	all := "1 MARKER-GOALS, 2 MARKER-SEEN, 3 MARKER-ATTENDANCE" + place
	for who, sees := range map[string]string{
		karin: all, nadia: "1 MARKER-GOALS, 2 , 3 " + place, jonas: "1 MARKER-GOALS, 2 , 3 " + place, // the board's own agenda
		berg: "1 MARKER-GOALS, 2 MARKER-SEEN" + place, malin: "1 MARKER-GOALS, 2 MARKER-ATTENDANCE" + place, agneta: "1 MARKER-GOALS, 2 MARKER-ATTENDANCE" + place,
		fredrik: "", lind: "", elsa: "", "sara": "", "amir": "", "registrar-farsta": "", "log-reviewer-farsta": "",
	} {
		if got := c.seesOf(who, id); got != sees {
			t.Errorf("%s sees %q, want %q", who, got, sees)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_meeting' and outcome = 'allowed' and object_id = $1
		and function = 'community_police' and categories = '{plan_goals,police_preventive_observation}' and basis = 'consent' and consent is not null`, id); n != 1 {
		t.Errorf("%d rows in the ledger for what Berg read, want one", n)
	}
	if n := one[int](c, `select count(*)::int from sig.meeting m join sig.meeting_point_text t on t.meeting = m.id
		where position('MARKER' in encode(m.place_sealed, 'escape') || encode(m.link_sealed, 'escape') || encode(t.body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("place, link or text lie in clear in the database")
	}
}

// Whoever holds a meeting comes to it, also where only the others were named, as
// a system that calls by the programming interface may do.
func TestWhoeverHoldsAMeetingIsCalledToIt(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Police}, goals, seen))
	if got, want := c.calledNow(id), []string{"community_police [1 2]", "coordinator [1 2]"}; !slices.Equal(got, want) {
		t.Errorf("called are %v, want %v", got, want)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'invite_function' and outcome = 'allowed' and object_id = $1 and recipient_function = 'coordinator'`, id); n != 1 {
		t.Errorf("%d rows in the ledger for the host's call, want one", n)
	}
	none := c.meets("2026-12-11 14:00:00", nil, goals)
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), none)
	c.refusedWith(err, "call error.choose_some", "Karin calls nobody")
}

// T07 and T08: the field assistants of the culture and leisure board are not
// named: they are refused, with the test that failed, and the refusal stays.
func TestT08AnotherBoardsFunctionIsNotCalled(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police, elsas}, goals)
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), in)
	c.refusedWith(err, "call.2 reason.no_grant_recipient", "Karin calls the other board's field assistants")
	c.toldWhatToDo("no_grant_recipient")
	if n := one[int](c, `select count(*)::int from sig.meeting`); n != 0 {
		t.Errorf("%d meetings after a refusal, want none", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'invite_function' and outcome = 'refused'
		and recipient_authority = 'kulturfritid' and reason = 'no_grant_recipient'`); n != 1 {
		t.Errorf("%d refusals in the ledger, want one", n)
	}
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", lind: "error.not_found", "sara": "error.not_found"} {
		_, err := c.Meeting.Schedule(c.ctx(), c.as(who), c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator}, goals))
		c.refusedWith(err, code, who+" calls a meeting")
	}
}

// The consent must cover the meeting's own time: the window is half open there
// too, and a row that ends during the meeting is said to.
func TestAMeetingIsCoveredAtItsOwnTime(t *testing.T) {
	c := inForce(t)
	for at, want := range map[string]policy.Reason{
		"2027-05-31 23:59:00": policy.ByConsent, "2027-06-01 00:00:00": policy.WindowOver, "2027-06-10 10:00:00": policy.WindowOver,
	} {
		plan, err := c.Meeting.Check(c.ctx(), c.as(karin), c.meets(at, []sig.Seat{sample.Police}, goals))
		c.must(err, "Karin looks ahead")
		answer := plan.Functions[0].Points[0]
		if answer.Reason != want {
			t.Errorf("at %s: %s, want %s", at, answer.Reason, want)
		}
		if ends := stockholm("2027-06-01 00:00:00"); answer.Allowed && !answer.Ends.Equal(ends) {
			t.Errorf("at %s the row ends at %s, want %s", at, answer.Ends, ends)
		}
	}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2027-06-10 10:00:00", []sig.Seat{sample.Police}, goals))
	c.refusedWith(err, "call.0 reason.window_over", "a meeting after the consent")
	_, err = c.Meeting.Check(c.ctx(), c.as(karin), c.meets("2027-06-10 10:00:00", []sig.Seat{sample.Coordinator}, seen))
	c.refusedWith(err, "points.0.teller reason.window_over", "a point that its teller may not tell then")
}

// T07: police and field assistants in one room only where the consent has a row
// from the police to them.
func TestT07APoliceMeetingNeedsAPoliceRow(t *testing.T) {
	without := inForce(t)
	_, err := without.Meeting.Schedule(without.ctx(), without.as(karin), without.meets("2026-12-10 14:00:00", []sig.Seat{sample.FieldAssistant}, seen))
	without.refusedWith(err, "call.0 reason.no_grant_recipient", "Jonas joins what the police tell")
	t.Run("with the row", func(t *testing.T) {
		c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPoliceObservation))
		c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.FieldAssistant}, seen))
	})
}

// T26, protected identity: neither is a place stored, nor is one shown that had
// been stored before.
func TestT26AMeetingAboutSomebodyProtectedHasNoPlace(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{karin, berg} {
		if got := c.seesOf(who, id); got != "1 MARKER-GOALS, " {
			t.Errorf("%s sees %q: the point and no place", who, got)
		}
	}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-11 14:00:00", network, goals))
	c.refusedWith(err, "place error.meeting_place_protected", "Karin writes a place")
	in := c.meets("2026-12-11 14:00:00", network, goals)
	in.Place = ""
	c.schedules(in)
}

// Cancelling and moving: the sequence grows, what somebody else has done in
// between is not overwritten, and the answers were to the old time.
func TestAMeetingIsMovedAndCalledOff(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals, seen)
	id := c.schedules(in)
	if again, err := c.Meeting.Schedule(c.ctx(), c.as(karin), in); err != nil || again != id {
		t.Errorf("the same form sent twice: %v, %v", again, err)
	}
	c.must(c.Meeting.Answer(c.ctx(), c.as(berg), c.id, id, sig.InvitationAccepted), "Berg accepts")
	if err := c.Meeting.Answer(c.ctx(), c.as(fredrik), c.id, id, sig.InvitationAccepted); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the mentor, who is not called, answers: %v", err)
	}
	if got := c.answers(id); !slices.Equal(got, []string{"community_police accepted"}) {
		t.Errorf("answers: %v", got)
	}
	move := meeting.Move{Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 09:00:00"), End: stockholm("2026-12-11 10:00:00"), Place: "MARKER-NEW"}
	for range 2 { // the same form, sent twice
		c.must(c.Meeting.Move(c.ctx(), c.as(karin), move), "Karin moves the meeting")
	}
	other := move
	other.Start = stockholm("2026-12-11 09:30:00")
	if err := c.Meeting.Move(c.ctx(), c.as(karin), other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a move of what has moved: %v, want a conflict", err)
	}
	open, err := c.Meeting.Open(c.ctx(), c.as(berg), c.id, id)
	c.must(err, "Berg looks")
	if open.Sequence != 1 || !open.Start.Equal(move.Start) || open.Place != "MARKER-NEW" || open.Link != "" || open.Mine[0].Answer != "" {
		t.Errorf("after the move Berg sees %+v", open)
	}
	late := move
	late.Sequence, late.Start, late.End = 1, stockholm("2027-06-10 09:00:00"), stockholm("2027-06-10 10:00:00")
	err = c.Meeting.Move(c.ctx(), c.as(karin), late)
	c.refusedWith(err, "start error.meeting_uncovered_then", "a move to after the consent")
	if got := one[int](c, `select sequence from sig.meeting where id = $1`, id); got != 1 {
		t.Errorf("a refused move left sequence %d", got)
	}
	for _, who := range []string{nadia, berg} {
		if err := c.Meeting.Cancel(c.ctx(), c.as(who), c.id, id); err == nil {
			t.Errorf("%s calls the meeting off", who)
		}
	}
	for range 2 {
		c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "Karin calls it off")
	}
	open, err = c.Meeting.Open(c.ctx(), c.as(berg), c.id, id)
	c.must(err, "Berg looks")
	if open.State != sig.MeetingCancelled || open.Sequence != 2 || open.Actions != (meeting.Actions{}) {
		t.Errorf("after the cancellation Berg sees %s, sequence %d, may %+v", open.State, open.Sequence, open.Actions)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where object_id = $1 and kind in ('cancel_meeting', 'move_meeting') and outcome = 'allowed'`, id); n != 2 {
		t.Errorf("%d rows in the ledger for one move and one cancellation", n)
	}
}

// answers lists what the called functions have said.
func (c *city) answers(id sig.MeetingID) []string {
	c.t.Helper()
	open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks")
	var list []string
	for _, v := range open.Called {
		if v.Answer != "" {
			list = append(list, string(v.Seat.Function)+" "+string(v.Answer))
		}
	}
	return list
}

// The week of a coordinator holds the meetings of all cases, that of a partner
// the own calls.
func TestAWeekOfMeetings(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals))
	c.schedules(c.meets("2026-12-14 14:00:00", []sig.Seat{sample.Coordinator}, goals))
	for _, w := range []struct {
		who  string
		day  sig.Date
		want int
	}{
		{karin, sig.Date{Year: 2026, Month: 12, Day: 7}, 1}, {karin, sig.Date{Year: 2026, Month: 12, Day: 13}, 1}, {karin, sig.Date{Year: 2026, Month: 12, Day: 14}, 1},
		{berg, sig.Date{Year: 2026, Month: 12, Day: 13}, 1}, {berg, sig.Date{Year: 2026, Month: 12, Day: 14}, 0},
		{malin, sig.Date{Year: 2026, Month: 12, Day: 13}, 0}, {lind, sig.Date{Year: 2026, Month: 12, Day: 13}, 0}, {karin, sig.Date{}, 0},
	} {
		week, err := c.Meeting.Week(c.ctx(), c.as(w.who), w.day)
		c.must(err, w.who+" looks at the week")
		if len(week.Lines) != w.want {
			t.Errorf("%s has %d meetings in the week of %s, want %d", w.who, len(week.Lines), w.day, w.want)
		}
		for _, line := range week.Lines {
			if line.ID == id && (line.YouthName != "Amir Rahimi" || !line.Called) {
				t.Errorf("%s's line: %+v", w.who, line)
			}
		}
	}
}
