package scenariotest

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// aloneGoals is Amir's case in which the plan is his alone: everybody's consent
// says nothing of its goals, and he has said that Karin may tell Berg and Malin of
// it until the end of January, and Berg her.
func aloneGoals(t *testing.T) (c *city, toBerg, toMalin sig.GrantID) {
	t.Helper()
	c = newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(
		row(sample.Police, sample.Coordinator, sig.CategoryPoliceObservation), row(sample.Coordinator, sample.Police, sig.CategoryPoliceObservation),
		row(sample.Counsellor, sample.Coordinator, sig.CategoryAttendance), row(sample.Coordinator, sample.Counsellor, sig.CategoryAttendance),
		row(sample.Principal, sample.Coordinator, sig.CategoryAttendance),
	), "amir", "sara", "omid")
	c.db.SetClock(t, stockholm("2026-11-30 15:00:00"))
	c.decides()
	c.seated(partners...)
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	c.must(c.assesses(sig.CategoryPlanGoals), "Nadia finds that the plan is Amir's alone")
	last := sig.Date{Year: 2027, Month: 1, Day: 31}
	toBerg = c.givesAloneOf(sig.CategoryPlanGoals, sample.Coordinator, sample.Police, last)
	c.givesAloneOf(sig.CategoryPlanGoals, sample.Police, sample.Coordinator, last)
	toMalin = c.givesAloneOf(sig.CategoryPlanGoals, sample.Coordinator, sample.Counsellor, last)
	c.homeAgain()
	return c, toBerg, toMalin
}

// A plan that is Amir's alone reaches those of whom he has said so, and nobody
// else; no guardian reads a word of it, whatever is decided. Taken back, what the
// function had promised is stopped in the same transaction, and nobody at home is
// nudged; by its date it is gone to the microsecond.
func TestAnOwnYesCarriesThePlan(t *testing.T) {
	c, toBerg, _ := aloneGoals(t)
	in := c.aPlan()
	in.Add = append(in.Add, promises(sample.Principal, "DO-PRINCIPAL"))
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(karin), in), "add.3.seat reason.no_grant_recipient", "Karin writes down the principal, of whom Amir said nothing")
	c.plans(c.aPlan())
	seen := map[string]string{
		karin: wholePlan, berg: policePlan, malin: schoolPlan, agneta: "", "amir": "", "sara": "", "omid": "", fredrik: "-",
	}
	sees := func() {
		t.Helper()
		for who, want := range seen {
			if got := c.planOf(who); got != want {
				t.Errorf("%s sees %q, want %q", who, got, want)
			}
		}
	}
	sees()
	c.guardiansReadNothing()
	c.must(c.Plan.Report(c.ctx(), c.as(berg), c.id, c.commitment("DO-POLICE"), "gjort"), "Berg tells how it went")
	in = plan.New{Intervention: c.id, Version: 1, FollowUp: sig.Date{Year: 2027, Month: 3, Day: 1}, Goals: []string{"GOAL-HOME", "GOAL-SCHOOL"}, Words: "WORDS-AMIR",
		Add: []plan.NewCommitment{promises(sample.Police, "DO-MORE")}}
	c.plans(in)
	preview, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("sara"), c.id, consenting.SignerRef{}, everything)
	c.must(err, "Sara looks at what taking back would do")
	if preview.Commitments != 0 {
		t.Errorf("Sara is told of %d commitments", preview.Commitments)
	}
	nudged := one[int64](c, `select max(id) from sig.outbox`)
	c.db.FreezeClock(t, stockholm("2026-12-04 11:12:00"))
	c.inTheOffice()
	c.endsAlone("amir", toBerg)
	c.homeAgain()
	c.notNudged(nudged)
	seen[berg] = ""
	seen[karin] = "GOAL-HOME, GOAL-SCHOOL, WORDS-AMIR, DO-KARIN open, DO-MORE stopped, DO-POLICE done, DO-SCHOOL open"
	sees()
	if got := c.planTaken(berg); got != "withdrawal 2026-12-04 11:12" {
		t.Errorf("Berg is told %q", got)
	}
	if n, err := c.does(berg, `select from sig.my_hidden_plan($1) where by = 'withdrawal' and at = $2`, c.id, stockholm("2026-12-04 11:12:00")); n != 1 || err != nil {
		t.Errorf("of the row itself the database says so %d times (%v): what he had promised says it too, and would hide another answer", n, err)
	}
	c.refusedWith(c.Plan.Report(c.ctx(), c.as(berg), c.id, c.commitment("DO-MORE"), ""), "error.not_found", "Berg reports what is gone")
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00").Add(-time.Microsecond))
	sees()
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00"))
	seen[malin] = ""
	sees()
	if got := c.planTaken(malin); !strings.HasPrefix(got, "sharing_stopped 2027-02-01 00:00") {
		t.Errorf("Malin is told %q before anybody has written it down", got)
	}
	c.ring()
	c.notNudged(nudged)
}

// guardiansReadNothing has Karin show the plan to everybody in the family, which
// is refused for guardians, and looks at what they and the database show them.
func (c *city) guardiansReadNothing() {
	c.t.Helper()
	viewers, err := c.Plan.Viewers(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at who may see the plan")
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin opens the plan")
	for _, v := range viewers {
		err := c.Plan.DecideVisibility(c.ctx(), c.as(karin), c.id, plan.Decision{Text: open.Goals[0].ID, Viewer: v.ID, Visible: true})
		if guardian := v.Kind == sig.SignerGuardian; v.Alone != guardian {
			c.t.Errorf("Karin is told %v of %s", v.Alone, v.Name)
		} else if guardian {
			c.refusedWith(err, "error.youth_disposes_alone", "Karin shows it to "+v.Name)
		} else {
			c.must(err, "Karin shows it to "+v.Name)
		}
	}
	both := []plan.Shown{{Viewer: viewers[0].ID, Texts: []sig.PlanTextID{open.Goals[0].ID, open.Goals[1].ID}}, {Viewer: viewers[1].ID, Texts: []sig.PlanTextID{open.Goals[1].ID}}}
	c.refusedWith(c.Plan.Show(c.ctx(), c.as(karin), c.id, both), "error.youth_disposes_alone", "Karin shows it to several at once")
	if n := one[int](c, `select count(*)::int from sig.plan_visibility where visible`); n != 1 {
		c.t.Errorf("%d texts are shown after a refusal, want Amir's one", n)
	}
	c.superDoes(`update sig.plan_visibility set visible = true, low_risk_at_home = true, ground = null`)
	c.superDoes(`insert into sig.plan_visibility (text, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, decided_by, decided_at)
		select t.id, t.intervention, t.authority, g.id, 'guardian', true, true, t.written_by, sig.now() from sig.plan_text t cross join sig.guardianship g
		on conflict on constraint plan_visibility_pk do nothing`)
	for _, who := range []string{"sara", "omid"} {
		if got := c.planOf(who); got != "" {
			c.t.Errorf("%s sees %q of what was decided visible", who, got)
		}
		for _, table := range []string{"plan", "plan_text", "plan_visibility", "commitment", "commitment_note"} {
			if n, err := c.does(who, `select from sig.`+table); n != 0 || err != nil {
				c.t.Errorf("the database shows %s %d rows of %s (%v)", who, n, table, err)
			}
		}
	}
	if got := c.planOf("amir"); got != "GOAL-HOME" {
		c.t.Errorf("Amir sees %q of what was released at home", got)
	}
	c.superDoes(`delete from sig.plan_visibility`)
}

// The assessment that no longer names the plan, and everybody's withdrawal, end it.
func TestAnOwnYesToThePlanEndsWithItsGround(t *testing.T) {
	c, _, _ := aloneGoals(t)
	c.plans(c.aPlan())
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that it is another category")
	for _, who := range []string{berg, malin} {
		if got := c.planOf(who); got != "" {
			t.Errorf("%s sees %q of what the assessment has taken the ground of", who, got)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.commitment where state = 'stopped'`); n != 2 {
		t.Errorf("%d commitments are stopped, want two", n)
	}
}

func TestAnOwnYesToThePlanEndsWithEverybodys(t *testing.T) {
	c, _, _ := aloneGoals(t)
	c.plans(c.aPlan())
	c.withdraws("omid", everything)
	if got := c.planOf(berg) + c.planOf(malin) + c.planOf("omid"); got != "" {
		t.Errorf("they see %q", got)
	}
}

// A question about what is Amir's alone is put and answered by his own yes in both
// directions, within its end; taken back, it stops, and its answer is not given.
func TestAnOwnYesCarriesAQuestion(t *testing.T) {
	c, _, _, karinToBerg := alone(t)
	_, err := c.puts(karin, sample.Police, sig.CategoryPupilHealth, nextWeek)
	c.refusedWith(err, "asked reason.answer_not_covered", "Karin asks before Amir lets Berg answer")
	c.givesAlone(sample.Police, sample.Coordinator, sig.Date{Year: 2026, Month: 12, Day: 9})
	_, err = c.puts(karin, sample.Police, sig.CategoryPupilHealth, nextWeek)
	c.refusedWith(err, "ends reason.answer_ends_before", "Karin asks for longer than Amir lets Berg answer")
	ask := func() sig.QuestionID {
		t.Helper()
		id, err := c.puts(karin, sample.Police, sig.CategoryPupilHealth, "2026-12-10 00:00:00")
		c.must(err, "Karin asks")
		return id
	}
	answered, open := ask(), ask()
	c.must(c.answersQuestion(berg, answered), "Berg answers")
	for _, who := range []string{"sara", "omid", "amir", malin, agneta} {
		if c.asked(who, open) != nil || c.asked(who, answered) != nil {
			t.Errorf("%s finds a question", who)
		}
	}
	if c.holds(karin, "MARKER-ANSWER") != 1 || c.holds(berg, "MARKER-QUESTION") != 2 {
		t.Error("question or answer did not arrive")
	}
	nudged := one[int64](c, `select max(id) from sig.outbox`)
	c.db.Advance(t, time.Minute)
	c.inTheOffice()
	c.endsAlone("amir", karinToBerg)
	if c.holds(berg, "MARKER-QUESTION") != 0 || c.asked(berg, open) != nil {
		t.Error("Berg still reads a question that Amir has taken the ground of")
	}
	if got := c.asked(karin, open); got == nil || got.State != sig.QuestionCut {
		t.Errorf("to Karin the question stands as %+v", got)
	}
	c.refusedWith(c.answersQuestion(berg, open), "error.not_found", "Berg answers what has stopped")
	_, err = c.puts(karin, sample.Police, sig.CategoryPupilHealth, "2026-12-10 00:00:00")
	c.refusedWith(err, "asked reason.category_not_covered", "Karin asks again")
	if c.holds(karin, "MARKER-ANSWER") != 1 {
		t.Error("the answer, which Amir has not taken back, is gone")
	}
	c.notNudged(nudged)
}
