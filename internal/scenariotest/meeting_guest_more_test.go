package scenariotest

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// callsAunt calls the only person whom the consent names, and gives her link.
func (c *city) callsAunt(id sig.MeetingID, p *post) meeting.Secret {
	c.t.Helper()
	_, err := c.Meeting.CallGuest(c.ctx(), c.as(karin), meeting.NewGuest{
		Key: uuid.NewString(), Intervention: c.id, Meeting: id, Offer: c.guests(id).Offers[0].Key, Email: aunt,
	})
	c.must(err, "call the aunt")
	p.empties()
	_, secret := p.guestMail(aunt)
	return secret
}

// T25 and T26: where the young person has protected identity, a guest's mail and
// page tell neither the place nor whose meeting it is: only when, and the link.
func TestT26GuestsAreToldNoPlaceUnderProtectedIdentity(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	id := c.schedules(c.meets("2027-01-14 14:00:00", three, goals, seen))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`); err != nil {
		t.Fatal(err)
	}
	_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls Parwin")
	hers := c.callsAunt(id, p)
	_, interpreters := p.guestMail(parwin)
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Reserve: true}), "the aunt accepts the reservation")
	for who, secret := range map[string]meeting.Secret{"the aunt": hers, "the interpreter": interpreters} {
		if got := c.visit(secret); !strings.HasPrefix(got, " | https://video.example/marker-link") {
			t.Errorf("%s sees %q", who, got)
		}
	}
	for _, m := range p.catcher.Messages() {
		letter, err := m.Read()
		c.must(err, "read a mail")
		if whole := string(m.Raw) + letter.Text + letter.Calendar; strings.Contains(whole, "MARKER-PLACE") || strings.Contains(whole, "torg") {
			t.Errorf("a mail tells the place: %s", whole)
		}
	}
}

// A private guest's ground ends with the row that names the guest, at its exact
// instant and however late that is written down.
func TestAGuestsGroundEndsWithItsRow(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	c.db.SetClock(t, stockholm("2027-05-30 10:00:00"))
	id := c.schedules(c.meets("2027-05-31 23:30:00", three, goals))
	hers := c.callsAunt(id, p)
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Reserve: true}), "the aunt accepts the reservation")
	c.db.FreezeClock(t, stockholm("2027-05-31 23:59:59"))
	if got := c.visit(hers); !strings.Contains(got, "plan_goals") {
		t.Errorf("before the end she sees %q", got)
	}
	c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00"))
	if got := c.visit(hers); got != "none" {
		t.Errorf("at the end she sees %q", got)
	}
}

// The family sees that an interpreter and somebody whom the consent names are
// called. For whom the interpreter comes is told to that one alone.
func TestTheFamilySeesThatGuestsAreCalled(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	c.db.SetClock(t, stockholm("2027-01-07 10:00:00"))
	id := c.schedules(c.meets("2027-01-14 14:00:00", three, goals, seen))
	c.must(c.Meeting.NeedLanguage(c.ctx(), c.as(karin), c.id, id, c.person(c.guests(id), "Sara Rahimi"), "prs"), "Karin notes that Sara needs Dari")
	type seesOf struct {
		interpreter bool
		language    string
		guest       bool
	}
	expect := func(want map[string]seesOf) {
		t.Helper()
		for who, w := range want {
			all, err := c.Meeting.OfFamily(c.ctx(), c.as(who), c.id)
			c.must(err, who+" looks at the meetings")
			if got := (seesOf{all.Meetings[0].Interpreter, all.Meetings[0].Language, all.Meetings[0].Guest}); got != w {
				t.Errorf("%s sees %+v, want %+v", who, got, w)
			}
		}
	}
	expect(map[string]seesOf{"sara": {}, "omid": {}, "amir": {}})
	_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls Parwin")
	c.callsAunt(id, p)
	expect(map[string]seesOf{"sara": {true, "prs", true}, "omid": {true, "", true}, "amir": {true, "", true}})
	for _, who := range []string{karin, berg, lind} {
		if n, err := c.does(who, `select from sig.my_family_guests($1)`, c.id); err != nil || n != 0 {
			t.Errorf("the database shows %s %d guests as of the family, %v", who, n, err)
		}
	}
	c.must(c.Meeting.EndGuest(c.ctx(), c.as(karin), c.id, id, one[sig.GuestID](c, `select id from sig.meeting_guest where kind = 'interpreter'`)), "Parwin is not to come")
	expect(map[string]seesOf{"sara": {false, "", true}})
}

// A guest's link holds until the meeting's own end, though nobody opened the room.
func TestAGuestsLinkEndsWithTheMeeting(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	c.db.SetClock(t, stockholm("2027-01-07 10:00:00"))
	id := c.schedules(c.meets("2027-01-14 14:00:00", three, goals))
	_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls Parwin")
	hers := c.callsAunt(id, p)
	_, interpreters := p.guestMail(parwin)
	for at, want := range map[string]bool{"2027-01-14 14:59:59": true, "2027-01-14 15:00:00": false} {
		c.db.FreezeClock(t, stockholm(at))
		for who, secret := range map[string]meeting.Secret{"the aunt": hers, "the interpreter": interpreters} {
			if got := c.visit(secret); (got != "none") != want {
				t.Errorf("at %s %s sees %q", at, who, got)
			}
		}
	}
}
