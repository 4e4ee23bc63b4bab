package scenariotest

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/oversight"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A called function names a colleague of the same function and unit: with access
// on the day, shown at the door as new in the seat, and out when it is over.
func TestAColleagueComesInstead(t *testing.T) {
	c := inForce(t)
	p := c.post()
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	colleague := c.as("police-lead-farsta").Assignment
	c.db.SetClock(t, stockholm("2026-12-09 10:00:00"))
	found, err := c.Meeting.Substitutes(c.ctx(), c.as(berg), c.id, id)
	c.must(err, "Berg looks for a colleague")
	if len(found) != 1 || found[0].Assignment != colleague {
		t.Fatalf("Berg could send %+v", found)
	}
	if got := c.seesOf("police-lead-farsta", id); got != "" {
		t.Errorf("before, the colleague sees %q", got)
	}
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, c.as(lind).Assignment), "substitute error.choose_one", "the police of another district")
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), c.as(malin), c.id, id, colleague), "substitute error.choose_one", "the school sends the police")
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), c.as(lind), c.id, id, colleague), "error.not_found", "somebody without a part")
	for sql, who := range map[string]sig.AssignmentID{
		`10 years`: colleague, `1 hour`: c.as(lind).Assignment,
	} {
		if _, err := c.does(berg, `insert into sig.participation (id, intervention, assignment, authority, unit, function, granted_by, valid_from, valid_to, meeting)
			select gen_random_uuid(), $1, a.id, a.authority, a.unit, a.function, $3, sig.now(), sig.now() + $4::interval, $5 from sig.assignment a where a.id = $2`,
			c.id, who, c.as(berg).Assignment, sql, id); err == nil {
			t.Errorf("the database lets Berg seat %s for %s", who, sql)
		}
	}
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, colleague), "Berg sends the colleague")
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, colleague), "the same form again")
	if n := one[int](c, `select count(*)::int from sig.participation where assignment = $1`, colleague); n != 1 {
		t.Errorf("the colleague takes part %d times", n)
	}
	if got := c.seesOf("police-lead-farsta", id); got == "" {
		t.Error("the colleague does not see the meeting")
	}
	p.empties()
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'meeting' and method = 'request' and assignment = $1 and sent_at is not null`, colleague); n != 1 {
		t.Errorf("the colleague got %d calls", n)
	}
	fresh := 0
	for _, d := range c.room(karin, id).Door {
		for _, one := range d.People {
			if one.New {
				fresh++
				if one.Assignment != colleague {
					t.Errorf("%s is shown as new", one.Name)
				}
			}
		}
	}
	if fresh != 1 {
		t.Errorf("%d are new in a seat", fresh)
	}
	c.db.SetClock(t, stockholm("2026-12-10 15:00:00"))
	if _, err := c.Meeting.Open(c.ctx(), c.as("police-lead-farsta"), c.id, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after the meeting the colleague still sees it: %v", err)
	}
}

// Whatever happens to the meeting happens to the part of whoever comes instead,
// in the same transaction, and the calendar is told once.
func TestASubstituteGoesWithTheMeeting(t *testing.T) {
	for name, tc := range map[string]struct {
		happens func(c *city, id sig.MeetingID)
		at      string // then
		sees    bool   // the meeting, then
		mails   string
	}{
		"moved to the day after":     {func(c *city, id sig.MeetingID) { c.moves(id, "2026-12-11 14:00:00") }, "2026-12-11 14:30:00", true, "request 0, request 1"},
		"over where it has moved to": {func(c *city, id sig.MeetingID) { c.moves(id, "2026-12-11 14:00:00") }, "2026-12-11 15:00:00", false, "request 0, request 1"},
		"moved ahead":                {func(c *city, id sig.MeetingID) { c.moves(id, "2026-12-10 10:00:00") }, "2026-12-10 11:00:00", false, "request 0, request 1"},
		"called off": {func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "call it off")
		}, "2026-12-09 10:01:00", false, "request 0, cancel 1"},
		"taken back":        {func(c *city, _ sig.MeetingID) { c.withdraws("sara", sig.WithdrawalScope{Whole: true}) }, "2026-12-09 10:01:00", false, "request 0, cancel 1"},
		"the police is out": {func(c *city, _ sig.MeetingID) { c.withdraws("sara", thePolice) }, "2026-12-09 10:01:00", false, "request 0, cancel 1"},
		"the police's call ended": {func(c *city, _ sig.MeetingID) {
			c.superDoes(`update sig.meeting_invitation set ended_at = sig.now(), ended_by = 'narrowing' where function = 'community_police'`)
		}, "2026-12-09 10:01:00", false, "request 0"},
		"ended before its time": {func(c *city, id sig.MeetingID) {
			c.db.FreezeClock(c.t, stockholm("2026-12-10 14:00:00"))
			c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "open the room")
			c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "end it")
			// What looks for ended calls afterwards must not take it out of a calendar.
			other := c.schedules(c.meets("2026-12-17 14:00:00", three, goals, seen))
			c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, other), "call another off")
		}, "2026-12-10 14:01:00", false, "request 0"},
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t)
			p := c.post()
			id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
			c.db.SetClock(t, stockholm("2026-12-09 10:00:00"))
			lead := c.as("police-lead-farsta")
			c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, lead.Assignment), "Berg sends the colleague")
			p.empties()
			told := one[int64](c, `select coalesce(max(id), 0) from sig.outbox`)
			tc.happens(c, id)
			if n := one[int](c, `select count(*)::int from sig.outbox where id > $1 and $2 = any (topics)`, told, lead.Assignment); n == 0 {
				t.Error("the open page of the colleague is not told")
			}
			p.empties()
			c.db.SetClock(t, stockholm(tc.at))
			c.ring()
			p.empties()
			if got := c.seesOf("police-lead-farsta", id) != ""; got != tc.sees {
				t.Errorf("the colleague sees the meeting: %v", got)
			}
			part := one[bool](c, `select bool_or(valid_from <= sig.now() and sig.now() < valid_to) from sig.participation where assignment = $1`, lead.Assignment)
			if part != tc.sees {
				t.Errorf("the colleague takes part: %v", part)
			}
			if open := one[int](c, `select count(*)::int from sig.alarm a join sig.participation p on p.id = a.object_id
				where p.assignment = $1 and a.kind = 'participation_ends' and a.cleared_at is null and a.due_at <> p.valid_to`, lead.Assignment); open != 0 {
				t.Error("the alarm does not go off when the part ends")
			}
			mails := one[string](c, `select coalesce(string_agg(method || ' ' || sequence, ', ' order by sequence), '') from sig.mail
				where kind = 'meeting' and assignment = $1 and sent_at is not null`, lead.Assignment)
			if mails != tc.mails {
				t.Errorf("the colleague got %q, want %q", mails, tc.mails)
			}
		})
	}
}

// Whoever comes instead comes to that one meeting: nothing is sent about those
// that follow or come before, with their places, and no calendar holds them.
func TestASubstituteIsCalledToThatOneMeeting(t *testing.T) {
	c := inForce(t)
	p := c.post()
	before := c.schedules(c.meets("2026-12-08 14:00:00", three, goals, seen))
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	c.schedules(c.meets("2026-12-17 14:00:00", three, goals, seen))
	lead := c.as("police-lead-farsta")
	c.db.SetClock(t, stockholm("2026-12-07 10:00:00"))
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, lead.Assignment), "Berg sends the colleague")
	secret, err := c.Meeting.MakeFeed(c.ctx(), lead)
	c.must(err, "the colleague makes an address")
	has := func(when, mails, days string) {
		t.Helper()
		p.empties()
		got := one[string](c, `select coalesce(string_agg(d.method || ' ' || to_char(d.about_at at time zone 'Europe/Stockholm', 'DD'), ', ' order by d.queued_at, d.about_at), '')
			from sig.mail d where d.kind = 'meeting' and d.assignment = $1 and d.sent_at is not null`, lead.Assignment)
		if got != mails || c.feed(secret) != days {
			t.Errorf("%s the colleague is sent %q, want %q, and reads %q, want %q", when, got, mails, c.feed(secret), days)
		}
		if n := one[int](c, `select count(*)::int from sig.mail where kind = 'meeting_reminder' and cancelled_at is null and assignment = $1
			and about_at > '2026-12-11' and about_at < '2026-12-18'`, lead.Assignment); n != 0 {
			t.Errorf("%s the colleague would be reminded of %d meetings beyond the part", when, n)
		}
	}
	has("at first", "request 10", "10+")
	c.schedules(c.meets("2026-12-09 14:00:00", three, goals, seen))
	has("when another is called", "request 10", "10+")
	c.db.SetClock(t, stockholm("2026-12-07 11:00:00"))
	c.moves(before, "2026-12-09 09:00:00")
	has("when one has moved", "request 10", "10+")
}

// Berg falls ill at the door: once the room is open he may still say who comes
// instead, who is shown there as new, comes in, and is out when the meeting ends;
// never himself under another function of his own.
func TestSomebodyFallsIllAtTheDoor(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", three, goals, seen)
	id := c.live(in)
	c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
	him := c.as(berg)
	other := sig.AssignmentID{UUID: uuid.New()}
	if _, err := c.db.Super().Exec(c.ctx(), `insert into sig.assignment (id, person, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		select $2, person, staff_issuer, staff_key || '2', name, unit, authority, function, valid_from from sig.assignment where id = $1`, him.Assignment, other); err != nil {
		t.Fatal(err)
	}
	colleague := c.as("police-lead-farsta").Assignment
	open, err := c.Meeting.Open(c.ctx(), him, c.id, id)
	c.must(err, "Berg opens the meeting")
	if !open.Actions.Send {
		t.Error("Berg is not shown that somebody else may come")
	}
	found, err := c.Meeting.Substitutes(c.ctx(), him, c.id, id)
	c.must(err, "Berg looks for a colleague")
	if len(found) != 1 || found[0].Assignment != colleague {
		t.Errorf("Berg could send %+v", found)
	}
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), him, c.id, id, other), "substitute error.choose_one", "Berg sends himself under another assignment")
	if may := c.wallSays(him, `select sig.may_send_instead($1, $2, $3, $4, $5, $6, $7)`, c.id, id, other, him.Authority, him.Unit, him.Function, in.End); may {
		t.Error("the database lets Berg send himself under another assignment")
	}
	if may := c.wallSays(him, `select sig.may_send_instead($1, $2, $3, $4, $5, $6, $7)`, c.id, id, colleague, him.Authority, him.Unit, him.Function, in.End); !may {
		t.Error("the database does not let Berg send the colleague")
	}
	c.must(c.Meeting.SendInstead(c.ctx(), him, c.id, id, colleague), "Berg sends the colleague")
	came := meeting.Attend{Intervention: c.id, Meeting: id, Person: colleague}
	for _, d := range c.room(karin, id).Door {
		for _, p := range d.People {
			if p.Assignment == colleague && p.New {
				came.Invitation = d.Invitation
			}
		}
	}
	c.must(c.Meeting.Came(c.ctx(), c.as(karin), came), "Karin lets the colleague in")
	if got := c.seesOf("police-lead-farsta", id); got == "" {
		t.Error("the colleague does not see the meeting")
	}
	c.db.FreezeClock(t, stockholm("2026-12-10 14:40:00"))
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	if got := c.seesOf("police-lead-farsta", id); got != "" {
		t.Errorf("after the meeting the colleague sees %q", got)
	}
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), him, c.id, id, c.as(lind).Assignment), "error.not_found", "somebody is sent to what is over")
	if got := stayed(c.minutes(karin, id).Here); !strings.Contains(got, "community_police 14:05–14:40") {
		t.Errorf("the minutes say that there were %q", got)
	}
}

// wallSays puts a question of the second wall as an actor.
func (c *city) wallSays(who sig.Actor, question string, args ...any) bool {
	c.t.Helper()
	var yes bool
	c.must(c.db.App().Do(c.ctx(), who, func(tx *postgres.Tx) error { return tx.QueryRow(c.ctx(), question, args...).Scan(&yes) }), question)
	return yes
}

// Whoever comes to one meeting reads that meeting, what is told there, and the
// plan as the function sees it: nothing that was told, written or asked before,
// no other meeting, and after it nothing at all.
func TestASubstituteReadsTheMeetingAlone(t *testing.T) {
	const lead = "police-lead-farsta"
	c := inForce(t)
	c.planned()
	before := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	own := c.writes(berg, sig.CategoryPoliceObservation)
	earlier := c.schedules(c.meets("2026-12-08 14:00:00", three, goals, seen))
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	c.schedules(c.meets("2026-12-17 14:00:00", three, goals, seen))
	c.db.FreezeClock(t, stockholm("2026-12-07 10:00:00"))
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, c.as(lead).Assignment), "Berg sends the colleague")
	sees := func(when string, this, told bool, at sig.DisclosureID) {
		t.Helper()
		if got := c.seesOf(lead, id) != ""; got != this {
			t.Errorf("%s the colleague sees the meeting: %v", when, got)
		}
		if got := c.seesOf(lead, earlier); got != "" {
			t.Errorf("%s the colleague sees another meeting: %q", when, got)
		}
		if c.reads(lead, before) || c.opens(lead, own) {
			t.Errorf("%s the colleague reads what was told or written before", when)
		}
		if _, err := c.Sharing.Head(c.ctx(), c.as(lead), c.id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s the colleague opens the case: %v", when, err)
		}
		if at.UUID != uuid.Nil && c.reads(lead, at) != told {
			t.Errorf("%s the colleague reads what was told there: %v", when, !told)
		}
	}
	holds := func(when string, rows map[string]int64) {
		t.Helper()
		for table, want := range rows {
			if n, err := c.does(lead, `select from sig.`+table+` where intervention = $1`, c.id); n != want || err != nil {
				t.Errorf("%s the colleague's page gets %d of %s, want %d: %v", when, n, table, want, err)
			}
		}
	}
	sees("before it", true, false, sig.DisclosureID{})
	if his, theirs := c.planOf(berg), c.planOf(lead); theirs != his || !strings.Contains(theirs, "MARKER-POLICE") {
		t.Errorf("the colleague sees of the plan %q, Berg %q", theirs, his)
	}
	holds("before it", map[string]int64{"received": 0, "item": 0, "disclosure": 0, "task": 0, "meeting_point": 2, "meeting_invitation": 1})
	c.db.FreezeClock(t, stockholm("2026-12-10 14:00:00"))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.comes(id, sample.Police)
	_, err := c.says(karin, id, 1, "MARKER-GOALS-TOLD")
	c.must(err, "Karin tells the goals")
	_, err = c.says(lead, id, 2, "MARKER-SEEN-TOLD")
	c.must(err, "the colleague tells what the police saw")
	there := sig.DisclosureID{UUID: one[uuid.UUID](c, `select r.id from sig.received r join sig.meeting_told t on t.item = r.item where r.function = 'community_police'`)}
	sees("in the room", true, true, there)
	if got := c.holds(lead, "MARKER"); got != 1 {
		t.Errorf("in the room the colleague holds %d copies, want the one told there", got)
	}
	holds("in the room", map[string]int64{"received": 1, "item": 1, "disclosure": 1})
	if !c.reads(berg, before) || !c.opens(berg, own) || !c.reads(berg, there) {
		t.Error("Berg reads less than before")
	}
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	sees("after it", false, false, there)
	if got := c.planOf(lead); got != "-" {
		t.Errorf("after it the colleague sees of the plan %q", got)
	}
	holds("after it", map[string]int64{"received": 0, "item": 0, "disclosure": 0, "meeting_point": 0})
}

// Whoever comes to one meeting in somebody's place has nothing to do with the
// consent: Maria, who comes for Nadia, and the colleague of the police neither read
// its pages nor pause it, and the database shows them no more of it than the rows by
// which the meeting is decided, and takes no change from them.
func TestASubstituteHasNothingToDoWithTheConsent(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen))
	c.db.FreezeClock(t, stockholm("2026-12-07 10:00:00"))
	decides, err := c.As(c.ctx(), maria, "social_secretary")
	c.must(err, "Maria signs in as a social secretary")
	lead := c.as("police-lead-farsta")
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(nadia), c.id, id, decides.Assignment), "Nadia sends Maria")
	c.must(c.Meeting.SendInstead(c.ctx(), c.as(berg), c.id, id, lead.Assignment), "Berg sends the colleague")
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin drafts a change")
	_, err = c.endsFrom(c.as("omid").Guardian, day(2027, 1, 4))
	c.must(err, "Karin records that Omid decides no more from January")
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	c.asksAmir()
	version := sig.ConsentID{UUID: one[uuid.UUID](c, `select id from sig.consent where state = 'active'`)}
	for _, who := range []sig.Actor{decides, lead} {
		if open, err := c.Meeting.Open(c.ctx(), who, c.id, id); err != nil || len(open.Points) == 0 {
			t.Errorf("%s does not see the meeting: %v", who.Function, err)
		}
		_, shows := c.Consenting.Show(c.ctx(), who, c.id)
		_, versions := c.Consenting.ShowVersion(c.ctx(), who, version)
		_, signers := c.Consenting.Signers(c.ctx(), who, c.id)
		_, guardians := c.Consenting.Guardians(c.ctx(), who, c.id)
		_, pauses := c.Consenting.Suspend(c.ctx(), who, c.id, sig.SuspendedMaturity)
		_, log := (&oversight.Service{DB: c.db.App()}).List(c.ctx(), who, c.id, 0)
		for what, err := range map[string]error{"its page": shows, "a version": versions, "who signs": signers, "the guardians": guardians, "the pause": pauses, "the log": log} {
			if err == nil || fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s has %s: %v", who.Function, what, err)
			}
		}
		for table, want := range map[string]bool{
			"consent where state not in ('active', 'suspended')": false, "consent_signer": false, "withdrawal": false, "maturity_assessment": false,
			"consent": true, "consent_grant": true, "guardianship": false, "custody_change": false, "own_consent": false,
		} {
			if got := c.wallSays(who, `select exists (select from sig.`+table+`)`); got != want {
				t.Errorf("the database shows %s of %s: %v", who.Function, table, got)
			}
		}
		if n := c.wallSays(who, `with done as (update sig.consent set state = 'suspended' where state = 'active' returning id) select exists (select from done)`); n {
			t.Errorf("the database lets %s pause the consent", who.Function)
		}
		if n := c.wallSays(who, `with done as (update sig.guardianship set contact_sealed = null where authority is not null returning id) select exists (select from done)`); n {
			t.Errorf("the database lets %s write over the guardians' particulars", who.Function)
		}
	}
	c.shown(nadia)
}

// Nobody coordinates for one meeting: a substitute in the coordinator's seat could
// give parts that last and move the meeting with which the own part ends. For the
// coordinator somebody stands in.
func TestNobodyCoordinatesForAMeeting(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	deputy := c.as("deputy-coordinator-farsta").Assignment
	found, err := c.Meeting.Substitutes(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks for a colleague")
	if len(found) != 0 {
		t.Errorf("Karin could send %+v", found)
	}
	if open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id); err != nil || open.Actions.Send {
		t.Errorf("Karin is offered to send somebody: %v", err)
	}
	c.refusedWith(c.Meeting.SendInstead(c.ctx(), c.as(karin), c.id, id, deputy), "error.not_found", "Karin sends a deputy")
	_, err = c.does(karin, `insert into sig.participation (id, intervention, assignment, authority, unit, function, granted_by, valid_from, valid_to, meeting)
		select gen_random_uuid(), $1, a.id, a.authority, p.unit, 'coordinator', p.assignment, sig.now(), m.ends_at, m.id
		  from sig.assignment a, sig.participation p, sig.meeting m where a.id = $2 and p.assignment = $3 and p.intervention = $1 and m.id = $4`,
		c.id, deputy, c.as(karin).Assignment, id)
	if err == nil || !strings.Contains(err.Error(), "for the coordinator somebody stands in") {
		t.Errorf("Karin's page: %v", err)
	}
}
