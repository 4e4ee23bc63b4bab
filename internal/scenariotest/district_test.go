package scenariotest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// samir coordinates in Skärholmen, where Amir moves; ove keeps the registry there.
const samir, ove = "coordinator-skarholmen", "registrar-skarholmen"

var samirs = sig.Seat{Authority: "skarholmen-sdn", Unit: "skarholmen-unga", Function: sig.RoleCoordinator}

// planned is a plan with two goals, what three functions have promised and the
// young person's own words; one goal is hidden from Omid.
func (c *city) planned() {
	c.t.Helper()
	day := sig.DateOf(c.db.Now(c.t)).AddDays(60)
	c.must(c.Plan.Write(c.ctx(), c.as(karin), plan.New{
		Intervention: c.id, FollowUp: day, Goals: []string{"MARKER-HOME", "MARKER-HIDDEN"}, Words: "MARKER-WORDS",
		Add: []plan.NewCommitment{
			{Seat: sample.Coordinator, DueOn: day, Text: "MARKER-OURS"}, {Seat: sample.Police, DueOn: day, Text: "MARKER-POLICE"},
			{Seat: sample.Principal, DueOn: day, Text: "MARKER-SCHOOL"},
		},
	}), "Karin writes the plan")
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "open it")
	i := slices.IndexFunc(open.Goals, func(t plan.Text) bool { return t.Text == "MARKER-HIDDEN" })
	c.must(c.Plan.DecideVisibility(c.ctx(), c.as(karin), c.id, plan.Decision{
		Text: open.Goals[i].ID, Viewer: plan.ViewerID{UUID: c.as("omid").Guardian.UUID}, Ground: plan.Grounds[0],
	}), "hide a goal from Omid")
}

// sends hands the plan's copy over.
func (c *city) sends(by sig.Actor, to sig.Seat, key string) (sig.ItemID, error) {
	c.t.Helper()
	return c.Plan.HandOver(c.ctx(), by, c.id, plan.Handing{
		Key: key, To: to, Necessity: "Amir flyttar till Skärholmen", Goals: "Mål", Promised: "Socialtjänsten ska göra",
	})
}

// T13, the youth moves to another district: the old board ends it, nothing
// transfers by itself, and without a row of the consent no copy of the plan goes
// to the new one.
func TestT13TheYouthMoves(t *testing.T) {
	c := inForce(t)
	c.planned()
	offered, err := c.Plan.Copy(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at what could go")
	if len(offered.To) != 0 {
		t.Errorf("a copy may go to %v, which no row names", offered.To)
	}
	for what, to := range map[string]sig.Seat{"Skärholmen without a row": samirs, "the police": sample.Police, "nobody": {}} {
		_, err := c.sends(c.as(karin), to, "k")
		c.refusedWith(err, "to error.choose_one", "a copy to "+what)
	}
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	item := c.writes(karin, sig.CategoryPlanGoals)
	_, err = c.Consenting.End(c.ctx(), c.as(nadia), c.id, consenting.Ending{Reason: sig.ClosedMoved, On: sig.DateOf(c.db.Now(t)), Reference: "FSDN 2027/9"})
	c.must(err, "Nadia ends it, because Amir moves")
	if got := c.shown(karin); got.State != sig.InterventionClosing || got.ClosedReason != sig.ClosedMoved || c.reads(berg, copyID) {
		t.Errorf("after the move it is %s, %s", got.State, got.ClosedReason)
	}
	if _, due := c.tasks(nadia)["consider_other_measures"]; !due || c.notes("measure_ended") != 1 {
		t.Error("nobody considers other measures, or no note says that it ended")
	}
	_, err = c.discloses(karin, item, sample.Police)
	c.refusedWith(err, "recipients.0 reason.case_ended", "Karin tells on after the move")
	if _, err := c.Sharing.Head(c.ctx(), c.as(samir), c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the new board sees the old one's case: %v", err)
	}
	if n := one[int](c, `select count(*)::int from sig.youth`); n != 1 {
		t.Errorf("%d records of Amir; the new board's comes when it proposes", n)
	}
}

// T13 with a row: the frozen copy holds the goals and what the board itself has
// promised, and nothing that is hidden or another's own. The new board has its
// own intervention and consent, and of the old one that copy alone.
func TestT13ThePlanGoesAlong(t *testing.T) {
	along := row(sample.Coordinator, samirs, sig.CategoryPlanGoals)
	along.Districts = []sig.DistrictID{"farsta", "skarholmen"}
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(append(c1(), along)...), "amir", "sara", "omid")
	c.db.SetClock(t, stockholm("2026-11-30 15:00:00"))
	c.decides()
	c.seated(partners...)
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	c.planned()
	hidden := c.told(karin, sample.Police, sig.CategoryPoliceObservation)
	c.must(c.Casework.GivePart(c.ctx(), c.as(samir), c.id, c.as(samir).Assignment, "Amir flyttar hit"), "Samir lets himself in")
	for who, code := range map[string]string{berg: "error.not_found", "sara": "error.not_found", jonas: "error.denied"} {
		_, err := c.sends(c.as(who), samirs, "k")
		c.refusedWith(err, code, who+" sends the plan")
	}
	item, err := c.sends(c.as(karin), samirs, "once")
	c.must(err, "Karin sends the copy")
	again, err := c.sends(c.as(karin), samirs, "once")
	c.must(err, "Karin's form is sent twice")
	if n := one[int](c, `select count(*)::int from sig.received where authority = 'skarholmen-sdn'`); n != 1 || again != item {
		t.Errorf("%d copies of two sendings", n)
	}
	copyID := sig.DisclosureID{UUID: one[uuid.UUID](c, `select id from sig.received where authority = 'skarholmen-sdn'`)}
	open, err := c.Sharing.OpenCopy(c.ctx(), c.as(samir), c.id, copyID)
	c.must(err, "Samir opens it")
	for text, goes := range map[string]bool{"MARKER-HOME": true, "MARKER-OURS": true, "MARKER-HIDDEN": false, "MARKER-POLICE": false, "MARKER-SCHOOL": false, "MARKER-WORDS": false} {
		if strings.Contains(open.Text, text) != goes {
			t.Errorf("%s goes along: %v, want %v:\n%s", text, !goes, goes, open.Text)
		}
	}
	c.must(c.Plan.Write(c.ctx(), c.as(karin), plan.New{
		Intervention: c.id, Version: 1, FollowUp: sig.DateOf(c.db.Now(t)).AddDays(60), Goals: []string{"MARKER-LATER"},
	}), "the plan changes")
	if open, err = c.Sharing.OpenCopy(c.ctx(), c.as(samir), c.id, copyID); err != nil || strings.Contains(open.Text, "MARKER-LATER") || !strings.Contains(open.Text, "MARKER-HOME") {
		t.Errorf("the copy is not frozen: %v", err)
	}
	_, err = c.Consenting.End(c.ctx(), c.as(nadia), c.id, consenting.Ending{Reason: sig.ClosedMoved, On: sig.DateOf(c.db.Now(t)), Reference: "FSDN 2027/9"})
	c.must(err, "Nadia ends it, because Amir moves")
	c.newBoardBegins(item, copyID, hidden)
}

// newBoardBegins: after the move Skärholmen's registrar alone can still take the copy
// into Skärholmen's own file, and the new case knows nothing of the old.
func (c *city) newBoardBegins(item sig.ItemID, copyID, hidden sig.DisclosureID) {
	c.t.Helper()
	if _, err := c.Sharing.OpenCopy(c.ctx(), c.as(samir), c.id, copyID); fault.KindOf(err) != fault.NotFound {
		c.t.Errorf("after the end Samir reads on in the old case: %v", err)
	}
	if _, err := c.sends(c.as(karin), samirs, "late"); err == nil {
		c.t.Error("after the end a copy still goes")
	}
	registrar := c.as(ove)
	if _, err := c.Sharing.OpenCopy(c.ctx(), registrar, c.id, copyID); err != nil {
		c.t.Errorf("Skärholmen's registrar cannot take the copy into the own file: %v", err)
	}
	if _, err := c.Sharing.OpenCopy(c.ctx(), registrar, c.id, hidden); fault.KindOf(err) != fault.NotFound {
		c.t.Errorf("Skärholmen's registrar reads what was told the police: %v", err)
	}
	old, before := c.id, one[int](c, `select count(*)::int from sig.youth`)
	proposed, err := c.Casework.Propose(c.ctx(), c.as(samir), casework.Proposal{
		Programme: sig.ProgrammeSIG, Number: c.number("amir"), Name: "Amir Rahimi", Protection: sig.ProtectionNone,
		Guardians: []casework.NewGuardian{{Number: c.number("sara"), Name: "Sara Rahimi", Kind: "parent", Custody: "sole", Source: "population_register", VerifiedOn: sig.DateOf(c.db.Now(c.t))}},
	})
	c.must(err, "Samir proposes")
	if n := one[int](c, `select count(*)::int from sig.youth`); n != before+1 {
		c.t.Errorf("%d records of Amir: each board has its own", n)
	}
	c.id = proposed.Intervention
	if begins := c.shown(samir); begins.State == sig.InterventionActive || begins.InForce != nil || begins.Preparing != nil || len(begins.Past) != 0 {
		c.t.Errorf("the new case begins with %+v", begins)
	}
	overview, err := c.Sharing.Overview(c.ctx(), c.as(samir), c.id)
	c.must(err, "Samir looks at the new case")
	if len(overview.Inbox)+len(overview.Items)+len(overview.Disclosures)+len(overview.Hidden) != 0 {
		c.t.Errorf("the new case holds something of the old: %+v", overview)
	}
	if open, err := c.Plan.Open(c.ctx(), c.as(samir), c.id); err != nil || open.Version != 0 {
		c.t.Errorf("the new case has a plan already: %v", err)
	}
	for _, who := range []string{karin, nadia, berg} {
		if _, err := c.Sharing.Head(c.ctx(), c.as(who), c.id); fault.KindOf(err) != fault.NotFound {
			c.t.Errorf("%s of the old case sees the new one: %v", who, err)
		}
	}
	for what, try := range map[string]func() error{
		"the item": func() error { _, err := c.Sharing.OpenItem(c.ctx(), c.as(samir), old, item); return err },
		"the plan": func() error {
			open, err := c.Plan.Open(c.ctx(), c.as(samir), old)
			if err == nil && open.Version == 0 {
				return fault.Missing()
			}
			return err
		},
		"the other copy": func() error { _, err := c.Sharing.OpenCopy(c.ctx(), c.as(samir), old, hidden); return err },
	} {
		if err := try(); fault.KindOf(err) != fault.NotFound {
			c.t.Errorf("the new board's coordinator opens %s of the old case: %v", what, err)
		}
	}
}
