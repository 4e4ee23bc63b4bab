package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// stayed lists stays as a reader sees them: who, from when to when.
func stayed(list []meeting.Stay) string {
	var lines []string
	for _, s := range list {
		line := string(s.Seat.Function)
		if s.Guest != nil {
			line = string(s.Guest.Kind)
		}
		if s.Name != "" {
			line = s.Name + " " + line
		}
		if s.Chair {
			line += " (held it)"
		}
		line += " " + s.From.In(sig.Stockholm).Format("15:04")
		if !s.To.IsZero() {
			line += "–" + s.To.In(sig.Stockholm).Format("15:04")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

// The minutes say who was there, from when to when: whoever held the meeting
// from the opening of its room, the functions, and those who have no account, as
// an interpreter who goes out and comes back. A function reads its own alone.
func TestTheMinutesSayWhoWasThere(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	parwin, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls Parwin")
	at := func(clock string) { c.db.FreezeClock(t, stockholm("2026-12-10 "+clock+":00")) }
	guest := func(came bool) {
		t.Helper()
		c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, parwin, came), "Parwin comes or goes")
	}
	at("13:50")
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	at("14:00")
	guest(true)
	guest(true) // the same form, sent twice
	c.comes(id, sample.Police)
	at("14:10")
	guest(false)
	at("14:20")
	guest(true)
	c.goes(id, sample.Police)
	const there = "Karin Ek coordinator (held it) 13:50, Kent Berg community_police 14:00–14:20, Parwin Sadat interpreter 14:00–14:10, Parwin Sadat interpreter 14:20"
	if got := stayed(c.room(karin, id).Here); got != there {
		t.Errorf("in the room there were %q, want %q", got, there)
	}
	at("15:00")
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	all := strings.Replace(there, "13:50,", "13:50–15:00,", 1) + "–15:00"
	for who, want := range map[string]string{karin: all, nadia: all, berg: "Kent Berg community_police 14:00–14:20", malin: ""} {
		if got := stayed(c.minutes(who, id).Here); got != want {
			t.Errorf("%s reads that there were %q, want %q", who, got, want)
		}
	}
	for who, want := range map[string]int64{karin: 2, nadia: 2, berg: 0, malin: 0, lind: 0, "sara": 0, "amir": 0, "registrar-farsta": 0} {
		if n, err := c.does(who, `select from sig.meeting_guest_stay where meeting = $1`, id); n != want || err != nil {
			t.Errorf("%s's page gets %d stays of guests, want %d: %v", who, n, want, err)
		}
	}
}

// Whoever holds the meeting may leave it to a colleague, and come back.
func TestWhoeverHoldsAMeetingMayLeaveIt(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", three, goals, seen))
	c.db.FreezeClock(t, stockholm("2026-12-10 14:15:00"))
	c.goes(id, sample.Coordinator)
	c.db.FreezeClock(t, stockholm("2026-12-10 14:30:00"))
	c.comes(id, sample.Coordinator)
	const want = "Karin Ek coordinator (held it) 14:00–14:15, Karin Ek coordinator (held it) 14:30"
	if got := stayed(c.room(karin, id).Here); got != want {
		t.Errorf("there were %q, want %q", got, want)
	}
}

// A guest's stay ends with the call, whatever ended it, and the database lets
// nobody else note one, nor one of a guest who has not promised or is not called.
func TestAGuestsStayEndsWithTheCall(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	parwin, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls Parwin")
	const comes = `insert into sig.meeting_guest_stay (id, meeting, intervention, guest, came_at, came_noted_by)
		select gen_random_uuid(), q.meeting, q.intervention, q.id, now(), sig.setting_uuid('app.assignment') from sig.meeting_guest q where q.id = $1`
	noted := func(who, why string) {
		t.Helper()
		if n, err := c.does(who, comes, parwin); n != 0 || err != nil && !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s notes a guest %s: %d rows, %v", who, why, n, err)
		}
	}
	noted(karin, "before the room is open")
	c.db.FreezeClock(t, stockholm("2026-12-10 14:00:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	for _, who := range []string{nadia, berg} {
		noted(who, "in another's room")
	}
	c.must(c.Meeting.AttendGuest(c.ctx(), c.as(karin), c.id, id, parwin, true), "Parwin comes")
	c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
	c.must(c.Meeting.EndGuest(c.ctx(), c.as(karin), c.id, id, parwin), "Karin takes the call back")
	if got := one[string](c, `select left_why || to_char(left_at at time zone 'Europe/Stockholm', ' HH24:MI') from sig.meeting_guest_stay`); got != "cut 14:05" {
		t.Errorf("the stay ended %q", got)
	}
	noted(karin, "whose call has ended")
	if got := stayed(c.room(karin, id).Here); !strings.HasSuffix(got, "Parwin Sadat interpreter 14:00–14:05") {
		t.Errorf("there were %q", got)
	}
	if n, err := c.does(karin, `update sig.meeting_guest_stay set left_at = now() + interval '1 hour' where meeting = $1`, id); err == nil {
		t.Errorf("an ended stay is moved: %d rows", n)
	}
}
