package scenariotest

import (
	"testing"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// TestARowThatEndsBesideAnotherTakesNothing: of two rows that let the police be
// told of a meeting and of the plan, the one that ends first ends nothing: the
// database, asked alone, tells them of no end while the other holds, and of
// that one's at its own instant.
func TestARowThatEndsBesideAnotherTakesNothing(t *testing.T) {
	short := row(sample.Coordinator, sample.Police, sig.CategoryPlanGoals, sig.CategoryMeetingLogistics)
	short.To = stockholm("2026-12-20 00:00:00")
	c := inForce(t, short)
	id := c.schedules(c.meets("2027-03-01 14:00:00", network, goals))
	c.plans(c.aPlan())
	ends := func(sql string, args ...any) int64 {
		t.Helper()
		n, err := c.does(berg, sql, args...)
		c.must(err, "ask for ends")
		return n
	}
	for at, want := range map[string]int64{"2026-12-19 23:59:59": 0, "2026-12-20 00:00:00": 0, "2027-06-01 00:00:00": 1} {
		c.db.FreezeClock(t, stockholm(at))
		if n := ends(`select from sig.my_hidden_plan($1)`, c.id); n != want {
			t.Errorf("%s: %d ends of the plan, want %d", at, n, want)
		}
		if n := ends(`select from sig.my_ended_calls($1)`, id); n != want {
			t.Errorf("%s: %d ends of the call, want %d", at, n, want)
		}
	}
}
