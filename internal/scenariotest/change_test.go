package scenariotest

import (
	"slices"
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// Before anybody signs a change, the page says what it would change of what is
// in force, and counts the commitments of the plan that it stops: as many as are
// stopped when it comes, and to a family member those alone that the reader may
// see.
func TestWhoSignsSeesWhatChanges(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	rows := slices.Delete(c1(), 2, 4) // the counsellor is told nothing more, and tells nothing
	id := c.explains(append(rows, row(sample.Coordinator, sample.Mentor, sig.CategoryAttendance))...)
	reads := func(when, who string, commitments int) {
		t.Helper()
		text, err := c.Consenting.Text(c.ctx(), c.as(who), id)
		c.must(err, who+" reads what is asked")
		if text.Before == nil || text.Before.ID != c.shown(who).InForce.ID || text.Change == nil {
			t.Fatalf("%s is not shown what it would change", who)
		}
		if p := text.Change; len(p.Lost) != 2 || len(p.Gained) != 1 || p.Change != consenting.ChangeWidening || p.Consequence != sig.GoesOn {
			t.Errorf("%s is shown %+v", who, p)
		}
		if text.Change.Commitments != commitments {
			t.Errorf("%s: %s is told of %d commitments that stop, want %d", when, who, text.Change.Commitments, commitments)
		}
	}
	p, err := c.Consenting.PreviewAmendment(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at what changes")
	if p.Commitments != 1 {
		t.Errorf("Karin is told of %d commitments that stop, want the counsellor's", p.Commitments)
	}
	reads("hidden from her", "sara", 0)
	c.showsOfThePlan("Sara", "DO-SCHOOL")
	reads("shown to her", "sara", 1)
	reads("hidden from him", "omid", 0)
	c.takesBackCounts()
	c.signs(id, "sara", "omid", "amir")
	if n := one[int](c, `select count(*)::int from sig.commitment where state = 'stopped'`); n != 1 {
		t.Errorf("%d commitments were stopped, want the one that was counted", n)
	}
	text, err := c.Consenting.Text(c.ctx(), c.as("sara"), id)
	c.must(err, "Sara reads what is in force")
	if text.Before != nil || text.Change != nil {
		t.Error("what is in force is shown as a change")
	}
}

// takesBackCounts: taking everything back stops every commitment, and says so
// of those that the reader may see.
func (c *city) takesBackCounts() {
	c.t.Helper()
	for who, want := range map[string]int{"sara": 1, "omid": 0} {
		p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(who), c.id, consenting.SignerRef{}, everything)
		c.must(err, who+" looks at taking everything back")
		if p.Commitments != want {
			c.t.Errorf("%s is told of %d commitments that stop with everything, want %d", who, p.Commitments, want)
		}
	}
	p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(karin), c.id, consenting.SignerRef{Guardian: c.as("sara").Guardian}, everything)
	c.must(err, "Karin looks")
	if p.Commitments != 3 {
		c.t.Errorf("Karin is told of %d commitments that stop with everything, want all three", p.Commitments)
	}
}

// showsOfThePlan decides that a family member sees one commitment.
func (c *city) showsOfThePlan(name, text string) {
	c.t.Helper()
	viewers, err := c.Plan.Viewers(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the family")
	i := slices.IndexFunc(viewers, func(v plan.Viewer) bool { return strings.HasPrefix(v.Name, name) })
	c.must(c.Plan.DecideVisibility(c.ctx(), c.as(karin), c.id, plan.Decision{
		Text: sig.PlanTextID{UUID: c.commitment(text).UUID}, Viewer: viewers[i].ID, Visible: true,
	}), "Karin decides for "+name)
}

// The first consent changes nothing that was before it.
func TestTheFirstConsentIsNoChange(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	id := c.explains(c1()...)
	text, err := c.Consenting.Text(c.ctx(), c.as("sara"), id)
	c.must(err, "Sara reads what is asked")
	if text.Before != nil || text.Change != nil {
		t.Error("a first consent is shown as a change")
	}
}
