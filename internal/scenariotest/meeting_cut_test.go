package scenariotest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// ended is when and by what somebody's function lost its call, "" if it has not.
func (c *city) lostCall(who string, id sig.MeetingID) string {
	c.t.Helper()
	ended, err := c.Meeting.Ended(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	c.must(err, who+" asks why a meeting is gone")
	return ended.By + " " + ended.At.In(sig.Stockholm).Format("2006-01-02 15:04")
}

// calledNow lists the called functions with their points, as the board sees
// them.
func (c *city) calledNow(id sig.MeetingID) []string {
	c.t.Helper()
	open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks at a meeting")
	var list []string
	for _, v := range open.Called {
		if v.EndedAt == nil {
			list = append(list, fmt.Sprintf("%s %v", v.Seat.Function, v.Points))
		}
	}
	slices.Sort(list)
	return list
}

// T15 with meetings: when Omid withdraws, the meeting in two days is called off
// in the same transaction, one that has been stays as it was held, and nobody
// outside the board sees either any more.
func TestT15AWithdrawalCallsMeetingsOff(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-01 09:00:00"))
	past := c.schedules(c.meets("2027-02-03 14:00:00", network, goals, seen))
	ahead := c.schedules(c.meets("2027-02-12 14:00:00", network, goals, seen, attendance))
	c.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))
	c.withdraws("omid", everything)
	if got := one[string](c, `select state || ' ' || cancel_reason || ' ' || sequence || ' ' || (cancelled_at = sig.now()) from sig.meeting where id = $1`, ahead); got != "cancelled collaboration_ended 1 true" {
		t.Errorf("the meeting ahead is %s", got)
	}
	if got := one[string](c, `select state from sig.meeting where id = $1`, past); got != "planned" {
		t.Errorf("the meeting that has been is %s now", got)
	}
	for _, id := range []sig.MeetingID{past, ahead} {
		for _, who := range []string{berg, malin, agneta} {
			if got := c.seesOf(who, id); got != "" {
				t.Errorf("%s still sees %q", who, got)
			}
			if got := c.lostCall(who, id); got != "withdrawal 2027-02-10 09:12" {
				t.Errorf("%s is told %q", who, got)
			}
		}
	}
	if got := c.lostCall(fredrik, ahead) + c.lostCall(lind, ahead) + c.lostCall("sara", ahead); got != "" {
		t.Errorf("somebody who was never called is told %q", got)
	}
	if c.seesOf(karin, ahead) == "" {
		t.Error("the board does not see its own agenda")
	}
	for _, who := range []string{berg, malin} {
		week, err := c.Meeting.Week(c.ctx(), c.as(who), sig.Date{Year: 2027, Month: 2, Day: 12})
		c.must(err, who+" looks at the week")
		if len(week.Lines) != 0 {
			t.Errorf("%s's week still has %d meetings", who, len(week.Lines))
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'cancel_meeting' and object_id = $1 and actor = 'system'`, ahead); n != 1 {
		t.Errorf("%d rows in the ledger for the cancellation", n)
	}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2027-02-20 14:00:00", []sig.Seat{sample.Coordinator}, goals))
	c.refusedWith(err, "points.0.teller reason.case_ended", "Karin calls a meeting of what has ended")
	if err := c.Meeting.Answer(c.ctx(), c.as(berg), c.id, ahead, sig.InvitationAccepted); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Berg answers a meeting that is gone: %v", err)
	}
}

// T19 with meetings: the school is out. It sees no meeting times any more, the
// others keep theirs, a point of the school's goes for everybody who was called
// to it, and the coordinator is asked to look.
func TestT19WithoutTheSchoolAtMeetings(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-09 09:00:00"))
	id := c.schedules(c.meets("2027-02-12 14:00:00", network, goals, seen, attendance))
	inside := c.schedules(c.meets("2027-02-13 14:00:00", []sig.Seat{sample.Coordinator, sample.FieldAssistant}, goals))
	c.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))
	c.withdraws("sara", theSchool)
	want := []string{"community_police [1 2]", "coordinator [1 2]", "field_assistant [1]", "social_secretary [1]"}
	if got := c.calledNow(id); !slices.Equal(got, want) {
		t.Errorf("called are %v, want %v", got, want)
	}
	for _, who := range []string{malin, agneta} {
		if got := c.seesOf(who, id); got != "" {
			t.Errorf("%s still sees %q", who, got)
		}
		if got := c.lostCall(who, id); got != "withdrawal 2027-02-10 09:12" {
			t.Errorf("%s is told %q", who, got)
		}
	}
	if got := c.seesOf(berg, id); got != "1 MARKER-GOALS, 2 MARKER-SEEN, MARKER-PLACE, Farsta torg 1" {
		t.Errorf("Berg, from whom nobody took anything, sees %q", got)
	}
	if got := one[string](c, `select string_agg(object::text, ',') from sig.task where kind = 'review_meeting' and function = 'coordinator' and done_at is null`); got != id.String() {
		t.Errorf("Karin is asked to look at %s, want %s and not %s", got, id, inside)
	}
	if _, asked := c.tasks(nadia)["review_meeting"]; asked {
		t.Error("Nadia is asked to look at a meeting that is Karin's")
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'end_invitation' and object_id = $1 and reason = 'withdrawal'`, id); n != 3 {
		t.Errorf("%d rows in the ledger for counsellor, principal and the coordinator's own point, want three", n)
	}
	if err := c.Meeting.Review(c.ctx(), c.as(nadia), c.id, id); fault.KindOf(err) != fault.Denied {
		t.Errorf("Nadia lets it stand: %v", err)
	}
	c.must(c.Meeting.Review(c.ctx(), c.as(karin), c.id, id), "Karin lets it stand")
	if _, asked := c.tasks(karin)["review_meeting"]; asked {
		t.Error("Karin is asked again")
	}
}

// T19, variant: one category out of the police's rows takes their point, and
// leaves the other.
func TestT19OneCategoryOutOfAMeeting(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen))
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation})
	if got := c.seesOf(berg, id); got != "1 MARKER-GOALS, MARKER-PLACE, Farsta torg 1" {
		t.Errorf("Berg sees %q", got)
	}
	if got := c.lostCall(berg, id); got != "" {
		t.Errorf("Berg, who is still called, is told %q", got)
	}
	if _, asked := c.tasks(karin)["review_meeting"]; !asked {
		t.Error("Karin is not asked to look")
	}
	c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{
		Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 14:00:00"), End: stockholm("2026-12-11 15:00:00"),
	}), "Karin moves it")
	if _, asked := c.tasks(karin)["review_meeting"]; asked {
		t.Error("Karin is asked about what she has moved")
	}
}

// T17: the consent ends at 24:00 on its last day, in the middle of a meeting. A
// microsecond before, the police see it; at the end they do not, before any
// alarm rings; when it has rung, the call has ended too.
func TestT17TheExactEndDuringAMeeting(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-05-20 09:00:00"))
	id := c.schedules(c.meets("2027-05-31 23:30:00", network, goals, seen))
	end := stockholm("2027-06-01 00:00:00")
	c.db.FreezeClock(t, end.Add(-time.Microsecond))
	if c.seesOf(berg, id) == "" {
		t.Error("a microsecond before the end Berg sees nothing")
	}
	c.db.FreezeClock(t, end)
	if got := c.seesOf(berg, id); got != "" {
		t.Errorf("at the end Berg sees %q", got)
	}
	for _, late := range []time.Duration{0, 90 * time.Second} { // no alarm has rung: the page says the same as after it
		c.db.FreezeClock(t, end.Add(late))
		if got := c.lostCall(berg, id); got != "sharing_stopped 2027-06-01 00:00" {
			t.Errorf("before the alarm Berg is told %q", got)
		}
		for _, who := range []string{lind, elsa, fredrik} { // who was never called
			if got := c.lostCall(who, id); got != "" {
				t.Errorf("before the alarm %s is told %q", who, got)
			}
		}
	}
	c.ring()
	if got := c.lostCall(berg, id); got != "sharing_stopped 2027-06-01 00:00" {
		t.Errorf("after the alarm Berg is told %q", got)
	}
	if got := c.calledNow(id); !slices.Equal(got, []string{"coordinator [1]", "field_assistant [1]", "social_secretary [1]"}) {
		t.Errorf("called are %v: the board alone, to its own point", got)
	}
}

// T22 with meetings: a call that waits for the lock behind a withdrawal is
// denied; one that holds it first is called off by the withdrawal. So are a
// move and an answer that come too late.
func TestT22RaceOfCallsAndAWithdrawal(t *testing.T) {
	for _, act := range []string{"call", "move", "answer"} {
		for _, first := range []string{"withdrawal", act} {
			t.Run(act+", first the "+first, func(t *testing.T) {
				c := inForce(t)
				omid, coordinator, police := c.as("omid"), c.as(karin), c.as(berg)
				id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen))
				var tookBack, did error
				withdrawal := func() {
					_, tookBack = c.Consenting.Withdraw(c.ctx(), omid, consenting.WithdrawInput{Intervention: c.id, Scope: everything, Key: "race"})
				}
				other := map[string]func(){
					"call": func() {
						_, did = c.Meeting.Schedule(c.ctx(), coordinator, c.meets("2026-12-11 14:00:00", network, goals))
					},
					"move": func() {
						did = c.Meeting.Move(c.ctx(), coordinator, meeting.Move{
							Intervention: c.id, Meeting: id, Start: stockholm("2026-12-12 14:00:00"), End: stockholm("2026-12-12 15:00:00"),
						})
					},
					"answer": func() { did = c.Meeting.Answer(c.ctx(), police, c.id, id, sig.InvitationAccepted) },
				}[act]
				if first == "withdrawal" {
					c.inOrder(withdrawal, other)
				} else {
					c.inOrder(other, withdrawal)
				}
				c.must(tookBack, "Omid takes back")
				if (did == nil) != (first == act) {
					t.Errorf("the %s: %v", act, did)
				}
				if n := one[int](c, `select count(*)::int from sig.meeting where state <> 'cancelled'`); n != 0 {
					t.Errorf("%d meetings stand after the withdrawal", n)
				}
				if n := one[int](c, `select count(*)::int from sig.meeting_presence where ended_at is null`); n != 0 {
					t.Errorf("%d calls stand after the withdrawal", n)
				}
				if got := c.seesOf(berg, id); got != "" {
					t.Errorf("Berg sees %q", got)
				}
				if n := one[int](c, `select count(*)::int from sig.ledger l, sig.ledger w where w.kind = 'withdraw_consent' and l.outcome = 'allowed'
					and l.kind in ('schedule_meeting', 'invite_function', 'move_meeting', 'answer_invitation') and l.id > w.id`); n != 0 {
					t.Errorf("%d acts stand in the ledger after the withdrawal", n)
				}
			})
		}
	}
}

// While the consent is paused nobody outside the board sees a meeting; when it
// goes on, they do again.
func TestAPauseHidesMeetings(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
	c.must(err, "Nadia pauses the consent")
	if got := c.seesOf(berg, id); got != "" {
		t.Errorf("Berg sees %q during the pause", got)
	}
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-11 14:00:00", []sig.Seat{sample.Police}, goals))
	c.refusedWith(err, "call.0 reason.consent_suspended", "Karin calls the police during the pause")
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	if c.seesOf(berg, id) == "" {
		t.Error("Berg does not see the meeting after the pause")
	}
}

// A place that was stored before the protection holds up no end.
func TestAnEndTakesAMeetingWithAnOldPlace(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`); err != nil {
		t.Fatal(err)
	}
	c.withdraws("omid", everything)
	if got := one[string](c, `select state from sig.meeting where id = $1`, id); got != "cancelled" {
		t.Errorf("the meeting is %s", got)
	}
}

// What becomes of a meeting, and what the coordinator does about who is called,
// ends the question of what to do with it; nothing else is taken off Today.
func TestAMeetingThatIsMootIsNotLookedAt(t *testing.T) {
	for name, end := range map[string]func(*city, sig.MeetingID){
		"all is taken back": func(c *city, _ sig.MeetingID) { c.withdraws("omid", everything) },
		"it is called off": func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "Karin cancels")
		},
		"it has been held": func(c *city, id sig.MeetingID) {
			c.db.FreezeClock(c.t, stockholm("2026-12-10 14:00:00"))
			c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
			c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
		},
		"more are called": func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.FieldAssistant}), "Karin calls the field assistant")
		},
		"the aunt is called": func(c *city, id sig.MeetingID) {
			_, err := c.Meeting.CallGuest(c.ctx(), c.as(karin), meeting.NewGuest{
				Key: "k", Intervention: c.id, Meeting: id, Offer: c.guests(id).Offers[0].Key, Email: aunt,
			})
			c.must(err, "Karin calls the aunt")
		},
		"its time has passed": func(c *city, _ sig.MeetingID) { c.db.FreezeClock(c.t, stockholm("2026-12-10 15:00:00")) },
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t, named("Leila Rahimi", sig.CategoryPlanGoals))
			id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
			later := c.schedules(c.meets("2026-12-17 14:00:00", three, goals, seen))
			c.withdraws("sara", sig.WithdrawalScope{Recipient: sample.Counsellor})
			asked := func() (about []sig.MeetingID) {
				today, err := c.Casework.Today(c.ctx(), c.as(karin))
				c.must(err, "Karin looks at the day")
				for _, task := range today.Tasks {
					if task.Kind == postgres.TaskReviewMeeting {
						about = append(about, sig.MeetingID{UUID: task.Object})
					}
				}
				return about
			}
			if got := asked(); len(got) != 2 || !slices.Contains(got, id) {
				t.Fatalf("Karin is asked to look at %v", got)
			}
			end(c, id)
			switch got := asked(); {
			case name == "all is taken back":
				if len(got) != 0 {
					t.Errorf("Karin is asked to look at %v", got)
				}
			case !slices.Equal(got, []sig.MeetingID{later}):
				t.Errorf("Karin is asked to look at %v, want the later one alone, %s", got, later)
			}
		})
	}
}
