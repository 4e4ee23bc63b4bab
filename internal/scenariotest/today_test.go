package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// todayOf is what somebody's Today says of own promises, of the meetings of today
// and tomorrow with the own answer, and of other times that wait.
func (c *city) todayOf(who string) string {
	c.t.Helper()
	today, err := c.Casework.Today(c.ctx(), c.as(who))
	c.must(err, who+" looks at Today")
	var parts []string
	for _, p := range today.Promised {
		parts = append(parts, string(p.Seat.Function)+" "+p.DueOn.String()+" "+p.YouthName)
	}
	for _, m := range today.Meetings {
		parts = append(parts, "meets "+m.StartsAt.In(sig.Stockholm).Format("02")+" "+string(m.Answer))
	}
	for _, s := range today.Suggested {
		parts = append(parts, string(s.Function)+" suggests "+s.From.In(sig.Stockholm).Format("02 15"))
	}
	return strings.Join(parts, ", ")
}

// What the own function has promised stands on its people's Today until it is
// done, late or not, and for nobody else; a mail had asked for it while the page
// said that nothing waited. Taken out of the consent, the function finds nothing.
func TestWhatWasPromisedStandsOnToday(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	says := func(when string, want map[string]string) {
		t.Helper()
		for who, want := range want {
			if got := c.todayOf(who); got != want {
				t.Errorf("%s: the Today of %s says %q, want %q", when, who, got, want)
			}
		}
	}
	const police, school = "community_police 2027-02-15 Amir Rahimi", "school_counsellor 2027-02-15 Amir Rahimi"
	says("before the day", map[string]string{berg: police, malin: school, karin: "coordinator 2027-02-15 Amir Rahimi", agneta: "", nadia: "", lind: "", fredrik: ""})
	c.db.FreezeClock(t, stockholm("2027-02-16 09:00:00"))
	says("the day after", map[string]string{berg: police, malin: school})
	c.must(c.Plan.Report(c.ctx(), c.as(malin), c.id, c.commitment("DO-SCHOOL"), ""), "Malin reports")
	says("done", map[string]string{berg: police, malin: ""})
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPlanGoals})
	says("taken back", map[string]string{berg: "", malin: ""})
}

// A meeting of today or tomorrow stands on the Today of whoever is called, with
// an answer that is missing; another time that somebody suggests stands on the
// coordinator's until the meeting has moved.
func TestMeetingsOfTodayAndTomorrowStandOnToday(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals, seen))
	c.schedules(c.meets("2026-12-14 14:00:00", three, goals))
	c.db.FreezeClock(t, stockholm("2026-12-08 23:59:00"))
	if got := c.todayOf(berg); got != "" {
		t.Errorf("two days before, the Today of Berg says %q", got)
	}
	c.db.FreezeClock(t, stockholm("2026-12-09 08:00:00"))
	for who, want := range map[string]string{berg: "meets 10 ", karin: "meets 10 ", nadia: "", malin: "", lind: ""} {
		if got := c.todayOf(who); got != want {
			t.Errorf("the day before, the Today of %s says %q, want %q", who, got, want)
		}
	}
	c.superDoes(`update sig.meeting_invitation set answer = 'tentative', answered_at = sig.now(), answered_by = '` + c.as(berg).Assignment.String() + `',
		proposed_start = '2026-12-11 09:00 Europe/Stockholm', proposed_end = '2026-12-11 10:00 Europe/Stockholm' where function = 'community_police' and meeting = '` + id.String() + `'`)
	for who, want := range map[string]string{berg: "meets 10 tentative", karin: "meets 10 , community_police suggests 11 09", nadia: "", malin: ""} {
		if got := c.todayOf(who); got != want {
			t.Errorf("with a suggestion, the Today of %s says %q, want %q", who, got, want)
		}
	}
	c.moves(id, "2026-12-11 09:00:00")
	if got := c.todayOf(karin); got != "" {
		t.Errorf("moved, the Today of Karin says %q", got)
	}
}
