package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A function that is called later gets its own call to what it may be told at
// the meeting's time, and nobody else hears of it; one that may be told nothing
// is not called, and whose call has ended is not called again.
func TestCallingMore(t *testing.T) {
	c := inForce(t)
	p := c.post()
	p.empties()
	p.calls()
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals, seen))
	late := c.schedules(c.meets("2027-08-10 14:00:00", []sig.Seat{sample.Coordinator}, goals)) // after the consent's end
	p.empties()
	p.calls()
	more, err := c.Meeting.MoreToCall(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks who could come")
	var can []string
	for _, f := range more.Functions {
		if f.Called() {
			can = append(can, string(f.Seat.Function))
		}
	}
	if got := strings.Join(can, " "); !strings.Contains(got, "school_counsellor") || strings.Contains(got, "community_police") {
		t.Errorf("could be called: %s", got)
	}
	c.must(c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.Counsellor, sample.Counsellor, sample.Police}), "Karin calls the school too")
	p.empties()
	if got := whom(p.calls()); got != "malin REQUEST 0" {
		t.Errorf("by mail came %q", got)
	}
	if got := c.seesOf(malin, id); !strings.Contains(got, "MARKER-GOALS") || strings.Contains(got, "MARKER-SEEN") {
		t.Errorf("Malin sees %q", got)
	}
	invited := `select count(*) filter (where outcome = 'allowed') || ' ' || count(*) filter (where outcome = 'refused') from sig.ledger where kind = 'invite_function'`
	if got := one[string](c, invited); got != "4 0" { // two and one at first, and the school
		t.Errorf("rows of calls: %s", got)
	}
	if err := c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, late, []sig.Seat{sample.Police}); !strings.HasPrefix(said(err), "call.0 reason.") {
		t.Errorf("a call beyond the consent's end: %v %s", err, said(err))
	}
	if got := one[string](c, invited); got != "4 1" {
		t.Errorf("rows of calls after the refusal: %s", got)
	}
	c.withdraws("sara", theSchool)
	c.must(c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.Counsellor}), "an ended call stays ended")
	if got := c.seesOf(malin, id); got != "" {
		t.Errorf("after the withdrawal Malin sees %q", got)
	}
	for who, want := range map[string]fault.Kind{berg: fault.NotFound, fredrik: fault.NotFound, nadia: fault.Denied} {
		if err := c.Meeting.CallMore(c.ctx(), c.as(who), c.id, id, []sig.Seat{sample.Principal}); fault.KindOf(err) != want {
			t.Errorf("%s calls somebody: %v", who, err)
		}
		if _, err := c.Meeting.MoreToCall(c.ctx(), c.as(who), c.id, id); fault.KindOf(err) != want {
			t.Errorf("%s looks who could come: %v", who, err)
		}
	}
	c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "call it off")
	if err := c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.Principal}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("to what is called off: %v", err)
	}
}
