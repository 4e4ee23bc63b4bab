package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// radar is what the radar says to somebody: the kinds with their urgency, in order.
func (c *city) radar(who string) []string {
	c.t.Helper()
	r, err := c.Casework.Radar(c.ctx(), c.as(who))
	c.must(err, who+" looks at the radar")
	var said []string
	for _, l := range r.Lines {
		line := string(l.Kind) + " " + string(l.Urgency)
		if l.Name != "" {
			line += " " + l.Name
		}
		if l.Function != "" {
			line += fmt.Sprintf(" %s %t", l.Function, l.Staffed)
		}
		said = append(said, line)
	}
	return said
}

func (c *city) radarSays(who, when string, want ...string) {
	c.t.Helper()
	if got := c.radar(who); !slices.Equal(got, want) {
		c.t.Errorf("%s: the radar says %q, want %q", when, got, want)
	}
}

// The consent radar: a consent comes nearer its end, ends, and can be renewed
// for a time; the page says so to its coordinator and to nobody else.
func TestTheRadarSeesAConsentEnd(t *testing.T) {
	c := inForce(t)
	c.told(karin, sample.Police, sig.CategoryPlanGoals) // never asked about: goals are read in the plan
	c.radarSays(karin, "on 3 December")
	for _, step := range []struct{ day, says string }{
		{"2027-05-01 23:59:59", ""}, {"2027-05-02 00:00:00", "ends later"}, {"2027-05-17 23:59:59", "ends later"},
		{"2027-05-18 00:00:00", "ends fortnight"}, {"2027-05-25 00:00:00", "ends week"}, {"2027-06-01 00:00:00", "stopped fortnight"},
		{"2027-06-08 00:00:00", "stopped week"}, {"2027-06-15 00:00:00", ""},
	} {
		c.until(step.day)
		got := slices.DeleteFunc(c.radar(karin), func(s string) bool { return strings.HasPrefix(s, "unused") })
		if s := strings.Join(got, ", "); s != step.says {
			t.Errorf("on %s the radar says %q, want %q", step.day, s, step.says)
		}
		c.nobodyElseHasARadar()
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_consent' and intervention = $1 and detail ? 'radar'`, c.id); n != 7 {
		t.Errorf("%d rows of the ledger for 7 looks at the case", n)
	}
}

func (c *city) nobodyElseHasARadar() {
	c.t.Helper()
	c.radarSays("coordinator-skarholmen", "of another board")
	for _, who := range []string{nadia, berg, malin, "administrator-farsta", "registrar-farsta", "log-reviewer-farsta"} {
		if r, err := c.Casework.Radar(c.ctx(), c.as(who)); fault.KindOf(err) != fault.NotFound || len(r.Lines) > 0 {
			c.t.Errorf("%s, who coordinates nothing, looks at the radar: %v", who, err)
		}
	}
}

// Whoever has been asked and has not answered for a week is silent; a version
// that nobody has explained asks nobody.
func TestTheRadarSeesSilence(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(c1()...), "amir", "sara")
	c.db.SetClock(t, stockholm("2026-11-30 08:00:00"))
	c.radarSays(karin, "after six days")
	c.db.SetClock(t, stockholm("2026-11-30 09:30:00"))
	c.radarSays(karin, "after a week", "silent fortnight Omid Rahimi")
	c.signs(one[sig.ConsentID](c, `select id from sig.consent`), "omid")
	c.radarSays(karin, "when he has signed")
}

// Custody has changed: who is new and has not signed, who has gone, and nobody
// of whom the consent never wanted a yes.
func TestTheRadarSeesCustodyChange(t *testing.T) {
	c := inForce(t)
	c.newGuardian(c.as("omid").Guardian)
	c.radarSays(karin, "with Viktor for Omid", "guardian_ends week Omid Rahimi", "new_guardian week Viktor Hage")
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	c.explainsTo(c.shown(karin).InForce.ID, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	c.must(c.Sign(c.ctx(), "viktor", "guardian", c.shown(karin).InForce.ID), "Viktor signs")
	c.radarSays(karin, "when Viktor has signed", "guardian_ends week Omid Rahimi")
	c.db.SetClock(t, stockholm("2027-01-20 10:00:00"))
	got := slices.DeleteFunc(c.radar(karin), func(s string) bool { return strings.HasPrefix(s, "unused") })
	if len(got) > 0 {
		t.Errorf("seven weeks later the radar says %q", got)
	}
}

// A seat is vacant when nobody takes part in it: it is said whether its function
// has anybody at all.
func TestTheRadarSeesAVacantSeat(t *testing.T) {
	c := inForce(t)
	part := one[sig.ParticipationID](c, `select id from sig.participation where intervention = $1 and function = 'community_police'`, c.id)
	c.must(c.Casework.EndPart(c.ctx(), c.as("police-lead-farsta"), c.id, part), "Berg's lead ends his part")
	c.radarSays(karin, "without Berg", "vacant fortnight community_police true")
	c.seated([2]string{"police-lead-farsta", berg})
	c.radarSays(karin, "with Berg again")
	principals := one[string](c, `with gone as (update sig.assignment set valid_to = sig.now() - interval '1 minute'
		where function = 'principal' and valid_to > sig.now() and id in (select assignment from sig.participation where intervention = $1) returning unit) select min(unit) from gone`, c.id)
	c.radarSays(karin, "without a principal at "+principals, "vacant fortnight principal false")
}

// Lina is eighteen on 20 January: from 60 days before, to the instant.
func TestTheRadarSeesABirthday(t *testing.T) {
	c := newCity(t, "2026-11-01", "lina")
	c.proposes()
	c.signs(c.explains(c1()...), "lina", "petra", "anders")
	c.decides()
	c.seated(partners...)
	for _, step := range []struct{ day, says string }{
		{"2026-11-20 23:59:59", ""}, {"2026-11-21 00:00:00", "eighteen later"}, {"2027-01-06 00:00:00", "eighteen fortnight"},
		{"2027-01-19 23:59:59", "eighteen week"}, {"2027-01-20 00:00:00", ""},
	} {
		c.until(step.day)
		got := slices.DeleteFunc(c.radar(karin), func(s string) bool { return !strings.HasPrefix(s, "eighteen") && !strings.HasPrefix(s, "fifteen") })
		if s := strings.Join(got, ", "); s != step.says {
			t.Errorf("on %s the radar says %q, want %q", step.day, s, step.says)
		}
	}
	r, err := c.Casework.Radar(c.ctx(), c.as(karin))
	c.must(err, "Karin looks")
	if len(r.Lines) > 0 && r.Lines[0].Kind == casework.RadarEighteen {
		t.Error("the birthday is still to come on the day itself")
	}
}

// A row is never used when nobody has told anything by it for 30 days: told once,
// it is used, whoever reads the radar; and what was cancelled told nobody.
func TestTheRadarSeesWhatIsNeverUsed(t *testing.T) {
	c := inForce(t)
	c.until("2026-12-30 23:59:59")
	c.radarSays(karin, "one second before 30 days")
	unused := func() (rows int) {
		r, err := c.Casework.Radar(c.ctx(), c.as(karin))
		c.must(err, "Karin looks at the radar")
		for _, l := range r.Lines {
			if l.Kind == casework.RadarUnused {
				rows = l.Rows
			}
		}
		return rows
	}
	c.until("2026-12-31 00:00:00")
	if unused() != 6 {
		t.Errorf("%d rows are unused, want all six", unused())
	}
	c.told(malin, sample.Coordinator, sig.CategoryAttendance) // another authority's, which Karin cannot see in its table
	c.told(karin, sample.Police, sig.CategoryPoliceObservation)
	if unused() != 4 {
		t.Errorf("%d rows are unused after two were used, want four", unused())
	}
}
