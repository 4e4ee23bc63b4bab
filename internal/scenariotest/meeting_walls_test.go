package scenariotest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// does runs a statement as somebody's page would, past every service.
func (c *city) does(who, sql string, args ...any) (int64, error) {
	c.t.Helper()
	var rows int64
	err := c.App.Do(c.ctx(), c.as(who), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(c.ctx()); err != nil {
			return err
		}
		tag, err := tx.Exec(c.ctx(), sql, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, err
}

// The database refuses on its own what the policy refuses: calls that the
// consent does not cover, meetings by others than the coordinator, and texts to
// whoever may not be told them.
func TestTheDatabaseRefusesCallsOnItsOwn(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen, attendance))
	const call = `insert into sig.meeting_presence (invitation, point, meeting, intervention)
		select v.id, p.id, v.meeting, v.intervention from sig.meeting_invitation v, sig.meeting_point p
		 where v.meeting = $1 and v.function = $2 and p.meeting = $1 and p.category = $3`
	for _, wrong := range [][2]string{
		{"community_police", "attendance"}, {"school_counsellor", "police_preventive_observation"}, {"field_assistant", "police_preventive_observation"},
	} {
		if _, err := c.does(karin, call, id, wrong[0], wrong[1]); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("Karin's page calls %s to hear %s: %v", wrong[0], wrong[1], err)
		}
	}
	late := uuid.New()
	for _, sql := range []string{
		`insert into sig.meeting (id, intervention, authority, unit, function, assignment, starts_at, ends_at, created_at, changed_at)
			select $2, intervention, authority, unit, function, assignment, '2027-06-02', '2027-06-03', created_at, changed_at from sig.meeting where id = $1`,
		`insert into sig.meeting_point select gen_random_uuid(), $2, intervention, position, category, teller_authority, teller_unit, teller_function
			from sig.meeting_point where meeting = $1 and category = 'plan_goals'`,
		`insert into sig.meeting_invitation (id, meeting, intervention, authority, unit, function, invited_at)
			select gen_random_uuid(), $2, intervention, authority, unit, function, invited_at from sig.meeting_invitation where meeting = $1 and function = 'community_police'`,
	} {
		if n, err := c.does(karin, sql, id, late); n != 1 || err != nil {
			t.Fatalf("lay out a meeting after the consent: %d rows, %v", n, err)
		}
	}
	if _, err := c.does(karin, call, late, "community_police", "plan_goals"); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("Karin's page calls the police to a time after the consent: %v", err)
	}
	for _, sql := range []string{
		`delete from sig.meeting_invitation where meeting = $1`, `delete from sig.meeting_point where meeting = $1`, `delete from sig.meeting where id = $1`,
	} {
		if _, err := c.db.Super().Exec(c.ctx(), sql, late); err != nil {
			t.Fatal(err)
		}
	}
	for who, sql := range map[string]string{
		nadia: `insert into sig.meeting (id, intervention, authority, unit, function, assignment, starts_at, ends_at, created_at, changed_at)
			select gen_random_uuid(), intervention, authority, unit, function, sig.setting_uuid('app.assignment'), starts_at, ends_at, created_at, changed_at from sig.meeting where id = $1`,
		berg: `insert into sig.meeting (id, intervention, authority, unit, function, assignment, starts_at, ends_at, created_at, changed_at)
			select gen_random_uuid(), intervention, authority, unit, function, sig.setting_uuid('app.assignment'), starts_at, ends_at, created_at, changed_at from sig.meeting where id = $1`,
	} {
		if _, err := c.does(who, sql, id); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s's page calls a meeting: %v", who, err)
		}
	}
	for _, sql := range []string{
		`update sig.meeting set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour', sequence = sequence + 1 where id = $1`,
		`update sig.meeting_presence set ended_at = now() where meeting = $1`,
		`update sig.meeting_invitation set ended_at = now(), ended_by = 'by_coordinator' where meeting = $1 and function <> 'community_police'`,
	} {
		if n, err := c.does(berg, sql, id); n != 0 {
			t.Errorf("Berg's page changes %d rows: %v\n%s", n, err, sql)
		}
	}
	if _, err := c.does(berg, `update sig.meeting_invitation set ended_at = now(), ended_by = 'by_coordinator' where meeting = $1`, id); err == nil {
		t.Error("Berg's page ends a call")
	}
	if _, err := c.does(karin, `update sig.meeting set starts_at = starts_at - interval '1 hour' where id = $1`, id); err == nil {
		t.Error("a meeting moves without a higher sequence")
	}
	for _, sql := range []string{`delete from sig.meeting where id = $1`, `update sig.meeting set intervention = gen_random_uuid() where id = $1`,
		`update sig.meeting_point_text set body_sealed = '' where meeting = $1`} {
		if _, err := c.does(karin, sql, id); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("Karin's page: %v\n%s", err, sql)
		}
	}
	const texts = `select from sig.meeting_point_text where meeting = $1`
	for who, want := range map[string]int64{karin: 3, nadia: 1, berg: 2, malin: 2, fredrik: 0, lind: 0, "sara": 0, "amir": 0, "registrar-farsta": 0} {
		if n, err := c.does(who, texts, id); n != want || err != nil {
			t.Errorf("%s's page gets %d texts, want %d: %v", who, n, want, err)
		}
	}
}

// A row that is not open yet carries no call, though it will at the meeting's
// time: being told of the meeting is being told.
func TestARowThatBeginsLaterShowsNoMeeting(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.consent_grant set valid_from = '2026-12-08' where recipient_function = 'community_police'`); err != nil {
		t.Fatal(err)
	}
	if got := c.seesOf(berg, id); got != "" {
		t.Errorf("Berg sees %q before his row begins", got)
	}
	if n, err := c.does(berg, `select from sig.meeting`); n != 0 || err != nil {
		t.Errorf("Berg's page gets %d meetings: %v", n, err)
	}
	c.db.FreezeClock(t, stockholm("2026-12-08 01:00:00"))
	if c.seesOf(berg, id) == "" {
		t.Error("Berg does not see the meeting once his row has begun")
	}
}

// A call that has ended shows nothing, though the consent covers it again.
func TestAnEndedCallStaysEnded(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, attendance))
	const ends = `update sig.meeting_presence r set ended_at = sig.now() from sig.meeting_invitation v, sig.meeting_point p
		where v.id = r.invitation and v.function = 'principal' and p.id = r.point and p.category = $1`
	if _, err := c.db.Super().Exec(c.ctx(), ends, "attendance"); err != nil {
		t.Fatal(err)
	}
	if got := c.seesOf(agneta, id); got != "1 MARKER-GOALS, MARKER-PLACE, Farsta torg 1" {
		t.Errorf("Agneta sees %q", got)
	}
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.meeting_invitation set ended_at = sig.now(), ended_by = 'narrowing' where function = 'principal'`); err != nil {
		t.Fatal(err)
	}
	if got := c.seesOf(agneta, id); got != "" {
		t.Errorf("after the end of the call Agneta sees %q", got)
	}
	if err := c.Meeting.Answer(c.ctx(), c.as(agneta), c.id, id, sig.InvitationAccepted); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Agneta answers a call that has ended: %v", err)
	}
	for _, sql := range []string{
		`update sig.meeting_invitation set ended_at = null, ended_by = null where meeting = $1 and function = 'principal'`,
		`update sig.meeting_invitation set answer = 'accepted', answered_at = sig.now(), answered_by = sig.setting_uuid('app.assignment')
		  where meeting = $1 and function = 'principal'`,
		`update sig.meeting_presence set ended_at = null where meeting = $1 and ended_at is not null`,
	} {
		if _, err := c.does(karin, sql, id); err == nil || !strings.Contains(err.Error(), "23000") {
			t.Errorf("Karin's page changes a call that has ended: %v\n%s", err, sql)
		}
	}
}

// Where the database has a hole, the policy stops: nothing of a meeting reaches
// somebody who is not called, or whom the consent does not let be told a point.
func TestWhereTheDatabaseLetsMeetingsPassThePolicyStops(t *testing.T) {
	for what, tc := range map[string]struct {
		tables []string
		who    string
		call   []sig.Seat
	}{
		"a meeting without its points":   {[]string{"meeting"}, agneta, three},
		"all of a meeting":               {[]string{"meeting", "meeting_point", "meeting_point_text", "meeting_invitation", "meeting_presence"}, agneta, three},
		"another's point":                {[]string{"meeting_point"}, malin, network},
		"a point to which nobody called": {[]string{"meeting_point"}, agneta, network},
		"another's text":                 {[]string{"meeting_point", "meeting_point_text"}, berg, network},
	} {
		t.Run(what, func(t *testing.T) {
			c := inForce(t)
			// Agneta is called to the goals alone; what the counsellor tells she could be told, and is not called to.
			id := c.schedules(c.meets("2026-12-10 14:00:00", tc.call, goals, seen, attendance))
			if _, err := c.db.Super().Exec(c.ctx(), `update sig.meeting_presence r set ended_at = sig.now() from sig.meeting_invitation v, sig.meeting_point p
				where v.id = r.invitation and v.function = 'principal' and p.id = r.point and p.category = 'attendance'`); err != nil {
				t.Fatal(err)
			}
			for _, table := range tc.tables {
				if _, err := c.db.Super().Exec(c.ctx(), `create policy hole on sig.`+table+` for select to sig_app using (true)`); err != nil {
					t.Fatal(err)
				}
			}
			open, err := c.Meeting.Open(c.ctx(), c.as(tc.who), c.id, id)
			d, disagree := errors.AsType[*fault.Disagreement](err)
			if open != nil || !disagree || d.Passed != "database" || d.Object != id.String() || fault.KindOf(err) != fault.Internal {
				t.Errorf("%s sees %+v: %v", tc.who, open, err)
			}
		})
	}
}

// What the board writes about a point goes only to whoever the board may tell
// it: a function that only tells sees that it tells, and no text.
func TestWhoOnlyTellsSeesNoText(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(
		row(sample.Police, sample.Coordinator, sig.CategoryPoliceObservation), row(sample.Coordinator, sample.Police, sig.CategoryPlanGoals),
	), "amir", "sara", "omid")
	c.decides()
	c.seated([2]string{"police-lead-farsta", berg})
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	in := c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals, seen)
	in.Place, in.Link = "", ""
	id := c.schedules(in)
	if got := c.seesOf(berg, id); got != "1 MARKER-GOALS, 2 , " {
		t.Errorf("Berg sees %q: that he tells, and not what the board has written about it", got)
	}
}

// The database and the vocabulary agree on what may become of a meeting.
func TestBothWallsKnowTheSameMeetingStates(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	for _, from := range sig.MeetingStates() {
		for _, to := range sig.MeetingStates() {
			legal := one[bool](c, `select exists (select from sig.meeting_transition where from_state = $1 and to_state = $2)`, from, to)
			if legal != from.CanBecome(to) {
				t.Errorf("%s to %s: the database says %v", from, to, legal)
			}
		}
	}
}
