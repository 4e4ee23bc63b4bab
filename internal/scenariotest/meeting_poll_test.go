package scenariotest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/mailcatch"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// polls is a meeting of an hour whose time is to be asked about.
func (c *city) polls(call []sig.Seat, points []meeting.NewPoint, at ...string) meeting.NewMeeting {
	in := c.meets("2026-12-10 14:00:00", call, points...)
	in.Start, in.End = time.Time{}, time.Time{}
	for _, one := range at {
		start := stockholm(one)
		in.Poll = append(in.Poll, meeting.Span{Start: start, End: start.Add(time.Hour)})
	}
	return in
}

// polled are the mails that ask, by address, with the secret of a guest's link;
// none of them tells what it must not.
func (p *post) polled() map[string]meeting.Secret {
	p.c.t.Helper()
	found := map[string]meeting.Secret{}
	for _, m := range p.catcher.Messages() {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		if !asksAboutTimes(letter) {
			continue
		}
		p.tellsNobody(m, letter)
		if letter.Calendar != "" || len(m.To) != 1 || strings.Contains(letter.Text, "2026") || strings.Contains(letter.Text, p.c.number("amir").String()) {
			p.c.t.Errorf("to %v the question says:\n%s\n%s", m.To, letter.Text, letter.Calendar)
		}
		if _, twice := found[m.To[0]]; twice {
			p.c.t.Errorf("%s is asked twice", m.To[0])
		}
		var secret meeting.Secret
		if links := guestLink.FindAllStringSubmatch(letter.Text, -1); len(links) == 1 {
			raw, err := base64.RawURLEncoding.DecodeString(links[0][1])
			p.c.must(err, "read a link")
			copy(secret[:], raw)
		} else if len(links) > 1 {
			p.c.t.Errorf("%d links in one mail", len(links))
		}
		found[m.To[0]] = secret
	}
	return found
}

func asksAboutTimes(letter mailcatch.Letter) bool {
	return letter.Subject == "Möte" && strings.Contains(letter.Text, "vilka tider som passar")
}

// said is who has answered what to a poll, as Karin sees it.
func (c *city) said(id sig.MeetingID) string {
	c.t.Helper()
	var parts []string
	g := c.guests(id)
	for _, f := range g.Called {
		if f.SuitsAt != nil {
			parts = append(parts, fmt.Sprintf("%s %v", f.Seat.Function, f.Suits))
		}
	}
	for _, one := range g.Guests {
		if one.SuitsAt != nil {
			parts = append(parts, fmt.Sprintf("%s %v", one.Name, one.Suits))
		}
	}
	return strings.Join(parts, ", ")
}

// Three times are asked about; who has an account answers on a page, who has
// none by one link; the coordinator sees who said what and calls with one act.
func TestATimeIsAskedAboutAndChosen(t *testing.T) {
	c := inForce(t)
	p := c.post()
	id := c.schedules(c.polls(three, []meeting.NewPoint{goals, seen}, "2026-12-14 14:00:00", "2026-12-10 14:00:00", "2026-12-11 09:00:00"))
	interpreter, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin adds the interpreter")
	p.empties()
	asked := p.polled()
	if _, berg := asked["kent.berg@polisen.example"]; len(asked) != 3 || !berg || asked[parwin] == (meeting.Secret{}) {
		t.Fatalf("asked are %v", asked)
	}
	if len(p.calls()) != 0 {
		t.Error("somebody is called before a time is chosen")
	}
	for _, who := range []string{"sara", "amir"} {
		if got := c.familySees(who); len(got) != 0 {
			t.Errorf("%s sees %v before a time is chosen", who, got)
		}
	}
	c.must(c.Meeting.AnswerPoll(c.ctx(), c.as(berg), c.id, id, []int{2, 1, 2}), "Berg answers")
	c.must(c.Meeting.AnswerPoll(c.ctx(), c.as(malin), c.id, id, nil), "none suits the school")
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), asked[parwin], meeting.GuestSaid{Poll: true, Suits: []int{2, 3}}), "the interpreter answers")
	if got, want := c.said(id), "community_police [1 2], school_counsellor [], Parwin Sadat [2 3]"; got != want {
		t.Errorf("Karin sees %s, want %s", got, want)
	}
	open, err := c.Meeting.Open(c.ctx(), c.as(berg), c.id, id)
	c.must(err, "Berg looks")
	if len(open.Called) != 1 || len(open.Poll) != 3 || !open.Poll[0].Start.Equal(stockholm("2026-12-10 14:00:00")) || open.Actions.Choose || open.Actions.Answer {
		t.Errorf("Berg sees %+v", open)
	}
	c.refusedWith(c.Meeting.AnswerPoll(c.ctx(), c.as(berg), c.id, id, []int{4}), "suits error.choose_one", "a time that nobody asked about")
	c.refusedWith(c.Meeting.AnswerPoll(c.ctx(), c.as(lind), c.id, id, []int{1}), "error.not_found", "somebody without a part")
	c.refusedWith(c.Meeting.ChooseTime(c.ctx(), c.as(berg), c.id, id, 2), "error.not_found", "the police chooses")
	c.refusedWith(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 4), "time error.choose_one", "a fourth time")
	c.must(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 2), "Karin chooses")
	c.must(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 2), "the same form again")
	c.refusedWith(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 1), "error.poll_is_over", "another time afterwards")
	c.refusedWith(c.Meeting.AnswerPoll(c.ctx(), c.as(berg), c.id, id, []int{1}), "error.poll_is_over", "an answer afterwards")
	c.refusedWith(c.Meeting.DropPoll(c.ctx(), c.as(karin), c.id, id), "error.poll_is_over", "none afterwards")
	p.empties()
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'meeting' and sequence = 1 and about_at = $1`, stockholm("2026-12-11 09:00:00")); n != 3 {
		t.Errorf("%d calls are to the chosen time", n)
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind in ('meeting', 'meeting_guest') and method = 'request' and sent_at is not null`); n != 4 {
		t.Errorf("%d calls left, want those of three functions and the interpreter", n)
	}
	v, err := c.Meeting.VisitByLink(c.ctx(), asked[parwin])
	c.must(err, "the interpreter opens the link again")
	if len(v.Poll) != 0 || !v.Start.Equal(stockholm("2026-12-11 09:00:00")) {
		t.Errorf("behind the link: %+v", v)
	}
	quick := c.schedules(c.polls(three, []meeting.NewPoint{goals, seen}, "2026-12-15 14:00:00", "2026-12-16 09:00:00"))
	c.must(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, quick, 1), "Karin chooses before the question has left")
	p.empties()
	p.polled() // nobody is asked a second time
	c.must(c.Meeting.EndGuest(c.ctx(), c.as(karin), c.id, id, interpreter), "take the interpreter's call back")
	if got := c.visit(asked[parwin]); got != "none" {
		t.Errorf("after its end the link shows %s", got)
	}
}

// What ends the ground ends the question: the mail that waits does not leave,
// links and pages close, and no calendar is told of a meeting that never was.
func TestAPollEndsWithItsGround(t *testing.T) {
	for name, end := range map[string]func(c *city, id sig.MeetingID){
		"taken back": func(c *city, _ sig.MeetingID) { c.withdraws("sara", everything) },
		"dropped": func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.DropPoll(c.ctx(), c.as(karin), c.id, id), "Karin chooses none")
			c.must(c.Meeting.DropPoll(c.ctx(), c.as(karin), c.id, id), "the same form again")
		},
		"the last time has passed": func(c *city, _ sig.MeetingID) { c.db.SetClock(c.t, stockholm("2026-12-11 10:00:00")) },
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t)
			p := c.post()
			id := c.schedules(c.polls(three, []meeting.NewPoint{goals, seen}, "2026-12-10 14:00:00", "2026-12-11 09:00:00"))
			_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
			c.must(err, "Karin adds the interpreter")
			p.empties()
			secret := p.polled()[parwin]
			if got := c.visit(secret); got == "none" {
				t.Fatal("the link does not hold")
			}
			late := c.schedules(c.polls(three, []meeting.NewPoint{goals, seen}, "2026-12-10 16:00:00", "2026-12-11 09:00:00"))
			end(c, id)
			if name == "dropped" {
				end(c, late)
			}
			before := len(p.catcher.Messages())
			p.empties()
			for _, m := range p.catcher.Messages()[before:] {
				letter, err := m.Read()
				c.must(err, "read a mail")
				if asksAboutTimes(letter) || letter.Calendar != "" {
					t.Errorf("to %v leaves %q", m.To, letter.Subject)
				}
			}
			if got := c.visit(secret); got != "none" {
				t.Errorf("the link shows %s", got)
			}
			if err := c.Meeting.AnswerAsGuest(c.ctx(), secret, meeting.GuestSaid{Poll: true, Suits: []int{1}}); fault.KindOf(err) != fault.NotFound {
				t.Errorf("the interpreter answers: %v", err)
			}
			if err := c.Meeting.AnswerPoll(c.ctx(), c.as(berg), c.id, id, []int{1}); err == nil {
				t.Error("the police answers")
			}
			if err := c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 1); err == nil {
				t.Error("a time can be chosen")
			}
			if got := c.familySees("sara"); len(got) != 0 {
				t.Errorf("Sara sees %v", got)
			}
			if got := c.feedOfBerg(); got != "" {
				t.Errorf("in the calendar stands %s", got)
			}
			if name != "the last time has passed" {
				if n := one[int](c, `select count(*)::int from sig.meeting where state = 'dropped'`); n != 2 {
					t.Errorf("%d meetings are dropped", n)
				}
			}
		})
	}
}

func (c *city) feedOfBerg() string {
	c.t.Helper()
	secret, err := c.Meeting.MakeFeed(c.ctx(), c.as(berg))
	c.must(err, "Berg makes an address")
	return c.feed(secret)
}

// Only what could be chosen is asked about, each function at each time; a time
// that the consent has ended by, or that stands twice, is a no to the whole.
func TestWhatCanBeAskedAbout(t *testing.T) {
	c := inForce(t)
	points := []meeting.NewPoint{goals, seen}
	for _, tc := range []struct {
		at   []string
		want string
	}{
		{[]string{"2026-12-10 14:00:00"}, "poll.0.start error.poll_times"},
		{[]string{"2026-12-10 14:00:00", "2026-12-10 14:00:00"}, "poll.1.start error.poll_twice"},
		{[]string{"2026-12-10 14:00:00", "2026-12-11 14:00:00", "2026-12-12 14:00:00", "2026-12-13 14:00:00"}, "poll.0.start error.poll_times"},
		{[]string{"2020-12-10 14:00:00", "2026-12-11 14:00:00"}, "poll.0.start error.meeting_in_the_past"},
	} {
		_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.polls(three, points, tc.at...))
		c.refusedWith(err, tc.want, strings.Join(tc.at, ", "))
	}
	if _, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.polls(three, points, "2026-12-10 14:00:00", "2027-06-10 14:00:00")); err == nil {
		t.Error("a time after the consent is asked about")
	}
	in := c.polls([]sig.Seat{sample.Coordinator, sample.Police}, points, "2026-12-10 14:00:00", "2026-12-11 09:00:00")
	in.Key = uuid.NewString()
	first, again := c.schedules(in), c.schedules(in)
	if n := one[int](c, `select count(*)::int from sig.meeting`); first != again || n != 1 {
		t.Errorf("the same form twice gave %d meetings", n)
	}
	if n, err := c.does(berg, `update sig.meeting set state = 'planned', sequence = 1 where id = $1`, first); n != 0 || err != nil {
		t.Errorf("the database lets the police choose: %d, %v", n, err)
	}
	if n, err := c.does(malin, `update sig.meeting_invitation set suits = '{1}', suits_at = sig.now() where meeting = $1`, first); n != 0 || err != nil {
		t.Errorf("the database lets who is not asked answer: %d, %v", n, err)
	}
	if got := c.seesOf(malin, first); got != "" {
		t.Errorf("who is not asked sees %s", got)
	}
}

// Somebody whom the consent names says which times suit after the reservation
// and not before; when the school is out, only the school is asked no more.
func TestWhoIsNamedAndWhoIsOutOfAPoll(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	id := c.schedules(c.polls(three, []meeting.NewPoint{goals, seen}, "2026-12-10 14:00:00", "2026-12-11 09:00:00"))
	_, err := c.Meeting.CallGuest(c.ctx(), c.as(karin), meeting.NewGuest{
		Key: uuid.NewString(), Intervention: c.id, Meeting: id, Offer: c.guests(id).Offers[0].Key, Email: aunt,
	})
	c.must(err, "Karin adds the aunt")
	p.empties()
	hers := p.polled()[aunt]
	if got := c.visit(hers); got != "reserve" {
		t.Fatalf("before the reservation the link shows %s", got)
	}
	v, err := c.Meeting.VisitByLink(c.ctx(), hers)
	c.must(err, "she opens the link")
	if len(v.Poll) != 0 {
		t.Error("the times are shown before the reservation")
	}
	answers := meeting.GuestSaid{Poll: true, Suits: []int{1}}
	c.refusedWith(c.Meeting.AnswerAsGuest(c.ctx(), hers, answers), "reserve error.guest_reserve_first", "she answers before the reservation")
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.meeting_guest set suits = '{1}', suits_at = sig.now()`); err == nil {
		t.Error("the database takes an answer before the reservation")
	}
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Reserve: true}), "she accepts it")
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, answers), "she answers")
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sample.Counsellor})
	if err := c.Meeting.AnswerPoll(c.ctx(), c.as(malin), c.id, id, []int{1}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the school answers: %v", err)
	}
	if got := c.seesOf(malin, id); got != "" {
		t.Errorf("the school sees %s", got)
	}
	c.must(c.Meeting.ChooseTime(c.ctx(), c.as(karin), c.id, id, 1), "Karin chooses")
	p.empties()
	if n := one[int](c, `select count(*)::int from sig.mail m join sig.assignment a on a.id = m.assignment
		where m.kind = 'meeting' and m.sent_at is not null and a.function = 'school_counsellor'`); n != 0 {
		t.Errorf("the school got %d calendar entries of a meeting that it was only asked about", n)
	}
	if method, _ := p.calledGuest(aunt); method != "REQUEST" {
		t.Errorf("the aunt got %q", method)
	}
}

// calledGuest is the latest calendar entry to a guest.
func (p *post) calledGuest(to string) (method string, found bool) {
	p.c.t.Helper()
	for _, m := range p.catcher.Messages() {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		if len(m.To) == 1 && m.To[0] == to && letter.Calendar != "" {
			method, found = letter.Method, true
		}
	}
	return method, found
}
