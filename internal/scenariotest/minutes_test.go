package scenariotest

import (
	"fmt"
	"strings"
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

func (c *city) minutes(who string, id sig.MeetingID) *meeting.Minutes {
	c.t.Helper()
	m, err := c.Meeting.Minutes(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	c.must(err, who+" opens the minutes")
	return m
}

func (c *city) writesMinutes(who string, id sig.MeetingID, version int, texts ...string) error {
	return c.Meeting.WriteMinutes(c.ctx(), c.as(who), meeting.NewMinutes{Intervention: c.id, Meeting: id, Version: version, Texts: texts})
}

func (c *city) sendsMinutes(who string, id sig.MeetingID, version int) error {
	return c.Meeting.SendMinutes(c.ctx(), c.as(who), meeting.SendMinutes{
		Intervention: c.id, Meeting: id, Version: version, Necessity: "Minutes", WeakerReason: "They must know",
	})
}

// Minutes are one text with points. Each function gets the points that the
// consent lets the board tell it and no trace of the others; a correction is a
// new version that is approved and sent anew.
func TestMinutesReachEachFunctionInItsOwnPoints(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, seen, goals, attendance), sample.Police)
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-SEEN", "MARKER-GOALS", "MARKER-ATTENDANCE"), "Karin writes")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-SEEN", "MARKER-GOALS", "MARKER-ATTENDANCE"), "Karin's form is sent twice")
	c.refusedWith(c.writesMinutes(karin, id, 0, "MARKER-OTHER", "", ""), "error.minutes_are_newer", "Karin writes over what she has not seen")
	c.refusedWith(c.sendsMinutes(karin, id, 1), "error.minutes_not_approved", "Karin sends what is not approved")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends again")
	for who, want := range map[string][3]int{berg: {1, 1, 0}, malin: {0, 1, 1}, agneta: {0, 1, 1}, jonas: {0, 1, 0}, fredrik: {}} {
		if got := [3]int{c.holds(who, "MARKER-SEEN"), c.holds(who, "MARKER-GOALS"), c.holds(who, "MARKER-ATTENDANCE")}; got != want {
			t.Errorf("%s holds %v, want %v", who, got, want)
		}
	}
	for who, want := range map[string]string{
		berg: "police_preventive_observation plan_goals", malin: "plan_goals attendance", nadia: "police_preventive_observation plan_goals attendance",
	} {
		var got []string
		m := c.minutes(who, id)
		for _, p := range m.Points {
			got = append(got, string(p.Category))
			if who != nadia && (p.Text != "" || len(p.Sent) != 1 || p.To != nil || p.Note != "") {
				t.Errorf("%s sees %+v", who, p)
			}
		}
		if strings.Join(got, " ") != want || m.Write {
			t.Errorf("%s sees %v, want %s", who, got, want)
		}
	}
	for _, who := range []string{fredrik, lind, elsa, "sara", "amir"} {
		if c.minutes(who, id) != nil {
			t.Errorf("%s sees the minutes", who)
		}
	}
	c.must(c.writesMinutes(karin, id, 1, "MARKER-SEEN", "MARKER-CORRECTED", "MARKER-ATTENDANCE"), "Karin corrects")
	c.refusedWith(c.sendsMinutes(karin, id, 2), "error.minutes_not_approved", "Karin sends a correction that is not approved")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-CORRECTED")}; got != [2]int{1, 0} {
		t.Errorf("before the correction is sent Berg holds %v", got)
	}
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 2), "Karin approves the correction")
	c.must(c.sendsMinutes(karin, id, 2), "Karin sends the correction")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-CORRECTED")}; got != [2]int{1, 1} {
		t.Errorf("after it Berg holds %v: what was sent stays, and the correction beside it", got)
	}
	if n := one[int](c, `select count(*)::int from sig.item where corrects is not null`); n != 1 {
		t.Errorf("%d items correct another", n)
	}
	if got := one[string](c, `select string_agg(version::text, ',' order by version) from sig.minutes_sent`); got != "1,1,1,2" {
		t.Errorf("sent are the versions %s: an unchanged point goes once", got)
	}
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", lind: "error.not_found"} {
		c.refusedWith(c.writesMinutes(who, id, 2, "", "", ""), code, who+" writes")
		c.refusedWith(c.Meeting.ApproveMinutes(c.ctx(), c.as(who), c.id, id, 2), code, who+" approves")
		c.refusedWith(c.sendsMinutes(who, id, 2), code, who+" sends")
	}
	if n := one[int](c, `select count(*)::int from sig.minutes_text where position('MARKER' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("minutes lie in clear in the database")
	}
	for who, want := range map[string]string{karin: "1 3 4", nadia: "1 3 4", berg: "0 0 3", malin: "0 0 3", fredrik: "0 0 0", "sara": "0 0 0"} {
		var got []string
		for _, table := range []string{"minutes", "minutes_text where version_to is null", "minutes_sent"} {
			n, err := c.does(who, `select from sig.`+table)
			c.must(err, who+"'s page")
			got = append(got, fmt.Sprint(n))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s's page gets %v, want %s", who, got, want)
		}
	}
}

// After a withdrawal nothing of the minutes is sent, and what was is hidden.
func TestT15MinutesAreNotSentAfterAWithdrawal(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals), sample.Police)
	c.must(c.writesMinutes(karin, id, 0, "MARKER-FIRST"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	c.must(c.writesMinutes(karin, id, 1, "MARKER-SECOND"), "Karin corrects")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 2), "Karin approves")
	c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
	c.withdraws("omid", everything)
	c.refusedWith(c.sendsMinutes(karin, id, 2), "error.minutes_stopped", "Karin sends after it")
	if c.minutes(berg, id) != nil || c.holds(berg, "MARKER") != 0 {
		t.Error("Berg has minutes after the withdrawal")
	}
	if m := c.minutes(karin, id); m == nil || m.Points[0].Text != "MARKER-SECOND" {
		t.Error("Karin has lost what she wrote")
	}
}

// The police told a point themselves, and the board has no row by which to tell
// them what it wrote about it: the minutes go without it, and nothing fails.
func TestMinutesLeaveOutWhomTheBoardMayNotTell(t *testing.T) {
	c := inForce(t)
	c.superDoes(`update sig.consent_grant set categories = array_remove(categories, 'police_preventive_observation')
		where discloser_function = 'coordinator' and recipient_function = 'community_police'`)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
	c.must(c.writesMinutes(karin, id, 0, "MARKER-GOALS", "MARKER-SEEN"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-SEEN")}; got != [2]int{1, 0} {
		t.Errorf("Berg holds %v", got)
	}
	if got := c.minutes(berg, id).Points; len(got) != 1 || got[0].Category != sig.CategoryPlanGoals {
		t.Errorf("Berg's minutes show a gap: %+v", got)
	}
	for _, f := range c.minutes(karin, id).Points[1].To {
		if f.May {
			t.Errorf("%s would be told", f.Seat.Function)
		}
	}
}
