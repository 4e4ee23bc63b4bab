package scenariotest

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// toLookAt are the meetings that Karin is asked to look at.
func (c *city) toLookAt() string {
	c.t.Helper()
	return one[string](c, `select coalesce(string_agg(object::text, ',' order by object), '') from sig.task where kind = 'review_meeting' and function = 'coordinator' and done_at is null`)
}

// herRow is the aunt's, as it stands in the version in force.
func (c *city) herRow() sig.GrantID {
	c.t.Helper()
	return sig.GrantID{UUID: one[uuid.UUID](c, `select g.id from sig.consent_grant g join sig.consent c on c.id = g.consent where c.state = 'active' and g.private_kind = 'close_contact'`)}
}

// T19 and T30: a narrowing that takes the row which names a guest ends the
// visit in the same transaction. The link says nothing more, the guest gets the
// cancellation, and the coordinator is asked to look at the meeting, once, and
// only where it lies ahead. Who keeps a ground notices nothing.
func TestT19ANarrowingTakesAGuestsGround(t *testing.T) {
	club := row(sample.Coordinator, clubSeat, sig.CategoryPlanGoals, sig.CategoryMeetingLogistics)
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals), club)
	p := c.post()
	over := c.schedules(c.meets("2026-12-04 14:00:00", three, goals))
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals))
	without := c.schedules(c.meets("2026-12-11 14:00:00", three, goals))
	calls := func(id sig.MeetingID) (hers, his meeting.Secret) {
		t.Helper()
		for _, o := range c.guests(id).Offers {
			in := meeting.NewGuest{Key: uuid.NewString(), Intervention: c.id, Meeting: id, Offer: o.Key, Email: aunt}
			if !o.Club.IsZero() {
				in.Name, in.Email = "Tomas Boll", trainer
			}
			_, err := c.Meeting.CallGuest(c.ctx(), c.as(karin), in)
			c.must(err, "call a guest")
		}
		p.empties()
		_, hers = p.guestMail(aunt)
		_, his = p.guestMail(trainer)
		for _, secret := range []meeting.Secret{hers, his} {
			c.must(c.Meeting.AnswerAsGuest(c.ctx(), secret, meeting.GuestSaid{Reserve: true, Answer: sig.InvitationAccepted}), "a guest says yes")
		}
		return hers, his
	}
	calls(over)
	hers, his := calls(id)
	seen := c.visit(his)
	c.db.FreezeClock(t, stockholm("2026-12-05 09:00:00")) // the first is over
	c.withdraws("sara", sig.WithdrawalScope{Rows: []sig.GrantID{c.herRow()}})
	if a, b := c.visit(hers), c.visit(his); a != "none" || b != seen || b == "none" {
		t.Errorf("the aunt sees %q; the trainer %q, and saw %q", a, b, seen)
	}
	if got := one[string](c, `select string_agg(kind || ' ' || ended_by || ' ' || to_char(ended_at at time zone 'Europe/Stockholm', 'MM-DD HH24:MI'), ',') from sig.meeting_guest where meeting = $1 and ended_at is not null`, id); got != "private withdrawal 12-05 09:00" {
		t.Errorf("ended are %s", got)
	}
	if got := c.toLookAt(); got != id.String() {
		t.Errorf("Karin is asked to look at %s, want %s; not %s, which is over, nor %s", got, id, over, without)
	}
	p.empties()
	if a, _ := p.guestMail(aunt); a != "CANCEL" {
		t.Errorf("the aunt's last mail is a %s", a)
	}
	if b, _ := p.guestMail(trainer); b != "REQUEST" {
		t.Errorf("the trainer's last mail is a %s", b)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'end_guest' and object_id = $1 and reason = 'withdrawal'`, id); n != 1 {
		t.Errorf("%d rows in the ledger for the aunt", n)
	}
	c.must(c.Meeting.Review(c.ctx(), c.as(karin), c.id, id), "Karin lets it stand")
	if got := c.toLookAt(); got != "" {
		t.Errorf("Karin is asked again about %s", got)
	}
	// A function and a guest at once: the same meeting is asked about once.
	c.withdraws("omid", sig.WithdrawalScope{Category: sig.CategoryPlanGoals})
	if got, n := c.visit(his), one[int](c, `select count(*)::int from sig.task where kind = 'review_meeting' and object = $1 and done_at is null`, id); got != "none" || n != 1 {
		t.Errorf("the trainer, without goals, sees %q; %d tasks", got, n)
	}
}

// Sharing that stops by itself at a row's end does the same, from that instant.
func TestAGuestsCallEndsWithTheSharing(t *testing.T) {
	c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
	p := c.post()
	c.db.SetClock(t, stockholm("2027-05-30 10:00:00"))
	id := c.schedules(c.meets("2027-05-31 23:30:00", three, goals))
	hers := c.callsAunt(id, p)
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Reserve: true}), "the aunt accepts the reservation")
	c.until("2027-06-01 00:00:00")
	if got := c.visit(hers) + " " + one[string](c, `select ended_by || ' ' || (ended_at = $2)::text from sig.meeting_guest where meeting = $1`, id, stockholm("2027-06-01 00:00:00")); got != "none sharing_stopped true" {
		t.Errorf("at the end: %s", got)
	}
	p.empties()
	if got, _ := p.guestMail(aunt); got != "CANCEL" {
		t.Errorf("the aunt's last mail is a %s", got)
	}
	if got := c.toLookAt(); got != id.String() {
		t.Errorf("Karin is asked to look at %q", got)
	}
}
