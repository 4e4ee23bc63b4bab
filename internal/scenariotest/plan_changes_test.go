package scenariotest

import (
	"fmt"
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// changed is what somebody of the board sees of the changes since a version.
func (c *city) changed(who string, since int) string {
	c.t.Helper()
	changes, err := c.Plan.Changes(c.ctx(), c.as(who), c.id, since)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	c.must(err, who+" looks at the changes")
	added, gone := changes.Count()
	line := fmt.Sprintf("%d to %d: kept %d, new %d, gone %d", changes.Since, changes.Version, changes.Kept, added, gone)
	for _, one := range append(changes.Goals, changes.Words...) {
		line += fmt.Sprintf("; %q to %q", one.Before, one.Now)
	}
	for _, one := range changes.Promised {
		line += fmt.Sprintf("; %s %s %s", one.Seat.Function, one.Text, one.State)
	}
	return line
}

// The board sees what has changed since any earlier version; for everybody else
// there is no such page, because what no longer stands is told to nobody.
func TestTheBoardSeesWhatHasChangedInThePlan(t *testing.T) {
	c := inForce(t)
	follow := sig.Date{Year: 2027, Month: 3, Day: 1}
	write := func(version int, words string, goals []string, add ...plan.NewCommitment) {
		t.Helper()
		c.plans(plan.New{Intervention: c.id, Version: version, FollowUp: follow, Goals: goals, Words: words, Add: add})
	}
	write(0, "WORDS-ONE", []string{"GOAL-A", "GOAL-B"}, promises(sample.Police, "DO-ONE"))
	if got := c.changed(karin, 0); got != "" {
		t.Errorf("of a first version something has changed: %s", got)
	}
	write(1, "WORDS-ONE", []string{"GOAL-A", "GOAL-BB", "GOAL-C"}, promises(sample.Counsellor, "DO-TWO"))
	write(2, "WORDS-TWO", []string{"GOAL-A", "GOAL-BB"})
	c.must(c.Plan.Report(c.ctx(), c.as(malin), c.id, c.commitment("DO-TWO"), ""), "Malin reports")
	for since, want := range map[int]string{
		0: `2 to 3: kept 4, new 1, gone 2; "GOAL-C" to ""; "WORDS-ONE" to "WORDS-TWO"`,
		2: `2 to 3: kept 4, new 1, gone 2; "GOAL-C" to ""; "WORDS-ONE" to "WORDS-TWO"`,
		1: `1 to 3: kept 2, new 3, gone 2; "GOAL-B" to "GOAL-BB"; "WORDS-ONE" to "WORDS-TWO"; school_counsellor DO-TWO done`,
		3: "", 4: "", -1: "",
	} {
		if got := c.changed(karin, since); got != want {
			t.Errorf("since %d: %s, want %s", since, got, want)
		}
	}
	for who, sees := range map[string]bool{
		nadia: true, jonas: true, berg: false, malin: false, "sara": false, "amir": false, lind: false, "log-reviewer-farsta": false,
	} {
		if got := c.changed(who, 1); (got != "") != sees {
			t.Errorf("%s sees %q of what has changed, want something: %v", who, got, sees)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_plan' and outcome = 'allowed' and detail ? 'versions'`); n != 5 {
		t.Errorf("%d rows in the ledger for five looks at the versions", n)
	}
	c.withdraws("omid", everything)
	_, err := c.Consenting.RecordOutcome(c.ctx(), c.as(nadia), c.id, "no_further", "målet är nått")
	c.must(err, "Nadia records the outcome")
	if got := c.changed(karin, 1); got != "" {
		t.Errorf("of a plan that is shut Karin sees %s", got)
	}
}
