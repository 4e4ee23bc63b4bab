package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// promises is a commitment of a function by 15 February 2027.
func promises(seat sig.Seat, text string) plan.NewCommitment {
	return plan.NewCommitment{Seat: seat, DueOn: sig.Date{Year: 2027, Month: 2, Day: 15}, Text: text}
}

// aPlan is the first version of Amir's plan: two goals, his own words, and one
// commitment of each function.
func (c *city) aPlan() plan.New {
	return plan.New{
		Intervention: c.id, FollowUp: sig.Date{Year: 2027, Month: 3, Day: 1}, Goals: []string{"GOAL-HOME", "GOAL-SCHOOL"}, Words: "WORDS-AMIR",
		Add: []plan.NewCommitment{
			promises(sample.Coordinator, "DO-KARIN"), promises(sample.Police, "DO-POLICE"), promises(sample.Counsellor, "DO-SCHOOL"),
		},
	}
}

func (c *city) plans(in plan.New) {
	c.t.Helper()
	c.must(c.Plan.Write(c.ctx(), c.as(karin), in), "Karin writes the plan")
}

// planOf is what somebody sees of the plan: goals, words, and commitments with
// their state; "" when there is none for them, "-" when there is no case.
func (c *city) planOf(who string) string {
	c.t.Helper()
	open, err := c.Plan.Open(c.ctx(), c.as(who), c.id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return "-"
	}
	c.must(err, who+" opens the plan")
	var parts []string
	for _, t := range slices.Concat(open.Goals, open.Words) {
		parts = append(parts, t.Text)
	}
	var done []string
	for _, one := range open.Commitments {
		done = append(done, fmt.Sprintf("%s %s", one.Text, one.State))
	}
	slices.Sort(parts)
	slices.Sort(done)
	return strings.Join(append(parts, done...), ", ")
}

// commitment finds the id of a commitment by its text, as the board sees it.
func (c *city) commitment(text string) sig.CommitmentID {
	c.t.Helper()
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin opens the plan")
	for _, one := range open.Commitments {
		if one.Text == text {
			return one.ID
		}
	}
	c.t.Fatalf("no commitment %s", text)
	return sig.CommitmentID{}
}

const (
	wholePlan  = "GOAL-HOME, GOAL-SCHOOL, WORDS-AMIR, DO-KARIN open, DO-POLICE open, DO-SCHOOL open"
	policePlan = "GOAL-HOME, GOAL-SCHOOL, DO-POLICE open"
	schoolPlan = "GOAL-HOME, GOAL-SCHOOL, DO-SCHOOL open"
)

// Each function sees its own commitments and the goals that the consent lets it
// be told; the young person's own words stay with the board until it is decided
// who sees them, and whoever takes no part finds no case.
func TestThePlanShowsEachFunctionItsOwn(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	for who, want := range map[string]string{
		karin: wholePlan, nadia: wholePlan, jonas: wholePlan, berg: policePlan, malin: schoolPlan, agneta: "GOAL-HOME, GOAL-SCHOOL",
		"amir": "", "sara": "", "omid": "",
		fredrik: "-", lind: "-", elsa: "-", "registrar-farsta": "-", "log-reviewer-farsta": "-",
	} {
		if got := c.planOf(who); got != want {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_plan' and outcome = 'allowed' and basis = 'consent' and consent is not null
		and function = 'community_police' and categories = '{plan_goals}'`); n != 1 {
		t.Errorf("%d rows in the ledger for what Berg read, want one", n)
	}
	if n := one[int](c, `select count(*)::int from sig.plan_text where position('GOAL' in encode(body_sealed, 'escape')) + position('DO-' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Errorf("%d texts lie in clear in the database", n)
	}
}

// Only the board's coordinator and social secretary write the plan, and nobody
// promises anything in it who may not be told of it.
func TestAPlanPromisesForNobodyOutsideTheConsent(t *testing.T) {
	c := inForce(t)
	in := c.aPlan()
	in.Add = append(in.Add, promises(elsas, "DO-ELSA"))
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(karin), in), "add.3.seat reason.no_grant_recipient", "Karin writes down the other board's field assistants")
	c.toldWhatToDo("no_grant_recipient")
	if n := one[int](c, `select count(*)::int from sig.plan`) + one[int](c, `select count(*)::int from sig.commitment`); n != 0 {
		t.Errorf("%d rows after a refusal", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'write_plan' and outcome = 'refused' and reason = 'no_grant_recipient'`); n != 1 {
		t.Errorf("%d refusals in the ledger, want one", n)
	}
	for who, code := range map[string]string{jonas: "error.denied", berg: "error.not_found", lind: "error.not_found", "sara": "error.not_found"} {
		c.refusedWith(c.Plan.Write(c.ctx(), c.as(who), c.aPlan()), code, who+" writes the plan")
	}
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(nadia), c.aPlan()), "error.plan_not_begun", "Nadia writes before Karin")
	c.plans(c.aPlan())
	c.must(c.Plan.Write(c.ctx(), c.as(karin), c.aPlan()), "the same form, sent twice")
	if n := one[int](c, `select count(*)::int from sig.commitment`); n != 3 {
		t.Errorf("%d commitments after the same form twice, want three", n)
	}
	other := c.aPlan()
	other.Goals = []string{"GOAL-OTHER"}
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(nadia), other), "error.plan_has_changed", "Nadia writes without having seen Karin's")
	other.Version, other.Add = 1, nil
	c.must(c.Plan.Write(c.ctx(), c.as(nadia), other), "Nadia writes the second version")
	if got := c.planOf(berg); got != "GOAL-OTHER, DO-POLICE open" {
		t.Errorf("Berg sees %q of the second version", got)
	}
}

// A function reports its own commitment, and no other; a note is a disclosure
// to the board, and needs its row.
func TestAFunctionReportsItsOwnCommitment(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, sample.Mentor, sig.CategoryPlanGoals))
	c.seated([2]string{agneta, fredrik})
	in := c.aPlan()
	in.Add = append(in.Add, promises(sample.Mentor, "DO-MENTOR"))
	c.plans(in)
	ofPolice, ofMentor := c.commitment("DO-POLICE"), c.commitment("DO-MENTOR")
	for who, code := range map[string]string{karin: "error.denied", malin: "error.not_found", fredrik: "error.not_found", lind: "error.not_found", "omid": "error.not_found"} {
		c.refusedWith(c.Plan.Report(c.ctx(), c.as(who), c.id, ofPolice, ""), code, who+" reports for the police")
	}
	c.refusedWith(c.Plan.Report(c.ctx(), c.as(fredrik), c.id, ofMentor, "NOTE"), "note reason.no_grant_recipient", "the mentor tells the board without a row")
	for range 2 {
		c.must(c.Plan.Report(c.ctx(), c.as(berg), c.id, ofPolice, "NOTE-BERG"), "Berg reports")
	}
	c.must(c.Plan.Report(c.ctx(), c.as(fredrik), c.id, ofMentor, ""), "the mentor reports without a note")
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks")
	if done, left, stopped := open.Progress(); done != 2 || left != 2 || stopped != 0 {
		t.Errorf("%d done, %d open, %d stopped", done, left, stopped)
	}
	for _, one := range open.Commitments {
		if want := map[sig.CommitmentID]string{ofPolice: "NOTE-BERG"}[one.ID]; one.Note != want {
			t.Errorf("the note to %s is %q, want %q", one.Text, one.Note, want)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'report_commitment' and outcome = 'allowed' and function = 'community_police'
		and recipient_function = 'coordinator' and categories = '{plan_goals}' and consent is not null`); n != 1 {
		t.Errorf("%d rows in the ledger for what Berg told, want one", n)
	}
}

// T19: the school is out. Its commitments are stopped in the same transaction,
// its people see nothing of the plan any more and are told when it ended; what
// the school had done stays done, and nobody else loses anything.
func TestT19TheSchoolsCommitmentsAreStopped(t *testing.T) {
	c := inForce(t)
	in := c.aPlan()
	in.Add = append(in.Add, promises(sample.Counsellor, "DO-EARLY"))
	c.plans(in)
	c.must(c.Plan.Report(c.ctx(), c.as(malin), c.id, c.commitment("DO-EARLY"), ""), "Malin reports")
	c.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))
	c.withdraws("sara", theSchool)
	for who, want := range map[string]string{
		karin: "GOAL-HOME, GOAL-SCHOOL, WORDS-AMIR, DO-EARLY done, DO-KARIN open, DO-POLICE open, DO-SCHOOL stopped", berg: policePlan, malin: "", agneta: "",
	} {
		if got := c.planOf(who); got != want {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	for who, told := range map[string]bool{malin: true, agneta: true, berg: false} {
		open, err := c.Plan.Open(c.ctx(), c.as(who), c.id)
		c.must(err, who+" looks")
		if (open.Stopped != nil) != told {
			t.Errorf("%s is told of an end: %v, want %v", who, open.Stopped, told)
		}
	}
	if got := one[string](c, `select closed_by || ' ' || (closed_at = sig.now()) from sig.commitment where state = 'stopped'`); got != "withdrawal true" {
		t.Errorf("stopped by %s", got)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'stop_commitment' and actor = 'system' and reason = 'withdrawal' and recipient_function = 'school_counsellor'`); n != 1 {
		t.Errorf("%d rows in the ledger for the stop, want one", n)
	}
	c.refusedWith(c.Plan.Report(c.ctx(), c.as(malin), c.id, c.commitment("DO-SCHOOL"), ""), "error.not_found", "Malin reports what is gone")
	again := in
	again.Version, again.Add = 1, []plan.NewCommitment{promises(sample.Counsellor, "DO-AGAIN")}
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(karin), again), "add.0.seat reason.no_grant_recipient", "Karin writes the school back in")
}

// T19, variant: one category goes. Only the plan's goals carry the plan: with
// another gone the police go on, with that gone they stop.
func TestT19OneCategoryOutOfThePlan(t *testing.T) {
	for category, want := range map[sig.Category]string{
		sig.CategoryPoliceObservation: policePlan, sig.CategoryPlanGoals: "",
	} {
		t.Run(string(category), func(t *testing.T) {
			c := inForce(t)
			c.plans(c.aPlan())
			c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: category})
			if got := c.planOf(berg); got != want {
				t.Errorf("Berg sees %q, want %q", got, want)
			}
			if got := c.planOf(malin); got != schoolPlan {
				t.Errorf("Malin, from whom nobody took anything, sees %q", got)
			}
		})
	}
}

// planTaken is by what and when somebody is told that a cut has hidden the plan.
func (c *city) planTaken(who string) string {
	c.t.Helper()
	open, err := c.Plan.Open(c.ctx(), c.as(who), c.id)
	c.must(err, who+" opens the plan")
	if open.Stopped == nil {
		return ""
	}
	return open.Stopped.By + " " + open.Stopped.At.In(sig.Stockholm).Format("2006-01-02 15:04")
}

// TestOnlyWhatWasThereIsHidden: a function that the plan was never told reads
// that there is none for it, before and after a cut; one that loses the goals
// alone reads that they are hidden, and by what.
func TestOnlyWhatWasThereIsHidden(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, elsas, sig.CategoryMeetingLogistics))
	c.seated([2]string{elsa, elsa})
	c.plans(c.aPlan())
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Principal, Category: sig.CategoryPlanGoals})
	if got := c.planTaken(agneta); !strings.HasPrefix(got, "withdrawal 2026-12-03") {
		t.Errorf("Agneta, who has lost the goals, is told %q", got)
	}
	if got := c.planTaken(elsa); got != "" {
		t.Errorf("Elsa, whom nobody told of a plan, is told %q", got)
	}
	c.withdraws("omid", everything)
	if got := c.planTaken(elsa); got != "" {
		t.Errorf("after the end Elsa is told %q", got)
	}
}

// T15 and the window's end: all that is open is stopped when the collaboration
// ends, and at the exact instant at which the last row does for those outside.
func TestTheEndStopsThePlan(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	c.withdraws("omid", everything)
	if got, want := c.planOf(karin), strings.ReplaceAll(wholePlan, "open", "stopped"); got != want {
		t.Errorf("Karin sees %q, want %q", got, want)
	}
	for _, who := range []string{berg, malin, agneta} {
		if got := c.planOf(who); got != "" {
			t.Errorf("%s still sees %q", who, got)
		}
	}
	for who, want := range map[string]string{berg: "withdrawal", malin: "withdrawal", agneta: "withdrawal", jonas: "", karin: ""} {
		if got, _, _ := strings.Cut(c.planTaken(who), " "); got != want {
			t.Errorf("%s is told that the plan was hidden by %q, want %q", who, got, want)
		}
	}
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(karin), plan.New{Intervention: c.id, Version: 1, FollowUp: sig.Date{Year: 2027, Month: 9, Day: 1}, Goals: []string{"MORE"}}),
		"error.plan_not_active", "Karin writes on")
	t.Run("at the window's end", func(t *testing.T) {
		c := inForce(t)
		c.plans(c.aPlan())
		c.db.FreezeClock(t, stockholm("2027-05-31 23:59:59"))
		if got := c.planOf(berg); got != policePlan {
			t.Errorf("before midnight Berg sees %q", got)
		}
		c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00"))
		if got := c.planOf(berg); got != "" {
			t.Errorf("at midnight, before any alarm, Berg sees %q", got)
		}
		for _, alarm := range []string{"before", "after"} { // Agneta had only the goals
			for _, who := range []string{berg, agneta} {
				if got := c.planTaken(who); got != "sharing_stopped 2027-06-01 00:00" {
					t.Errorf("%s the alarm %s is told that the plan was hidden: %q", alarm, who, got)
				}
			}
			c.db.FreezeClock(t, stockholm("2027-06-01 00:01:00"))
			c.ring()
		}
		want := "GOAL-HOME, GOAL-SCHOOL, WORDS-AMIR, DO-KARIN open, DO-POLICE stopped, DO-SCHOOL stopped"
		if got := c.planOf(karin); got != want {
			t.Errorf("after the alarm Karin sees %q, want %q", got, want)
		}
	})
}

// What the family sees is decided text by text and one by one; not decided is
// not visible, a youth under 18 sees at home only what is released for a screen
// at home, and other words are another text.
func TestTheFamilySeesOfThePlanWhatIsDecided(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	viewers, err := c.Plan.Viewers(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the family")
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin opens the plan")
	texts := map[string]sig.PlanTextID{}
	for _, one := range slices.Concat(open.Goals, open.Words) {
		texts[one.Text] = one.ID
	}
	for _, one := range open.Commitments {
		texts[one.Text] = sig.PlanTextID{UUID: one.ID.UUID}
	}
	decides := func(name, text string, visible, home bool, ground string) {
		t.Helper()
		i := slices.IndexFunc(viewers, func(v plan.Viewer) bool { return strings.HasPrefix(v.Name, name) })
		c.must(c.Plan.DecideVisibility(c.ctx(), c.as(karin), c.id, plan.Decision{
			Text: texts[text], Viewer: viewers[i].ID, Visible: visible, LowRiskAtHome: home, Ground: ground,
		}), "Karin decides for "+name)
	}
	decides("Amir", "GOAL-HOME", true, true, "")
	decides("Amir", "GOAL-SCHOOL", true, false, "")
	decides("Amir", "WORDS-AMIR", true, true, "")
	decides("Sara", "GOAL-HOME", true, false, "")
	decides("Sara", "DO-POLICE", true, false, "")
	decides("Sara", "WORDS-AMIR", false, false, "osl_12_3_severe_harm")
	for who, want := range map[string]string{"amir": "GOAL-HOME, WORDS-AMIR", "sara": "GOAL-HOME, DO-POLICE open", "omid": ""} {
		if got := c.planOf(who); got != want {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	decides("Sara", "DO-POLICE", false, false, "third_party")
	changed := c.aPlan()
	changed.Version, changed.Add, changed.Goals[0] = 1, nil, "GOAL-HARDER"
	c.plans(changed)
	for who, want := range map[string]string{"amir": "WORDS-AMIR", "sara": "", "omid": ""} {
		if got := c.planOf(who); got != want {
			t.Errorf("after the second version %s sees %q, want %q", who, got, want)
		}
	}
	c.refusedWith(c.Plan.DecideVisibility(c.ctx(), c.as(berg), c.id, plan.Decision{Text: texts["GOAL-SCHOOL"], Viewer: viewers[0].ID, Visible: true}),
		"error.not_found", "Berg decides")
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_plan' and basis = 'visibility' and outcome = 'allowed' and object_kind = 'plan'`); n < 2 {
		t.Errorf("%d rows in the ledger for what the family read", n)
	}
}

// The database refuses what the service does, on its own: it gives each page
// only its rows, and stores nothing against the consent.
func TestTheSecondWallKeepsThePlan(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	for _, from := range sig.CommitmentStates() {
		for _, to := range sig.CommitmentStates() {
			legal := one[bool](c, `select exists (select from sig.commitment_transition where from_state = $1 and to_state = $2)`, from, to)
			if legal != from.CanBecome(to) {
				t.Errorf("%s to %s: the database says %v", from, to, legal)
			}
		}
	}
	gets := func(want map[string][2]int64) {
		t.Helper()
		for who, n := range want {
			for i, sql := range []string{`select from sig.plan_text`, `select from sig.commitment`} {
				if got, err := c.does(who, sql); got != n[i] || err != nil {
					t.Errorf("%s's page gets %d rows, want %d: %v\n%s", who, got, n[i], err, sql)
				}
			}
		}
	}
	gets(map[string][2]int64{
		karin: {6, 3}, nadia: {6, 3}, jonas: {6, 3}, berg: {3, 1}, malin: {3, 1}, agneta: {2, 0}, fredrik: {0, 0}, lind: {0, 0}, elsa: {0, 0},
		"amir": {0, 0}, "sara": {0, 0}, "omid": {0, 0}, "registrar-farsta": {0, 0}, "log-reviewer-farsta": {0, 0},
	})
	const promise = `insert into sig.commitment (id, plan, intervention, authority, unit, function, due_on)
		select t.id, t.plan, t.intervention, $1, $2, $3, '2027-02-15' from sig.plan_text t where t.kind = 'goal' limit 1`
	for _, seat := range []sig.Seat{elsas, {Authority: sample.Police.Authority, Unit: sample.Police.Unit, Function: sig.RoleRegistrar}} {
		if _, err := c.does(karin, promise, seat.Authority, seat.Unit, seat.Function); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("Karin's page promises for %s: %v", seat.Function, err)
		}
	}
	for _, who := range []string{jonas, berg} {
		if n, err := c.does(who, promise, sample.Police.Authority, sample.Police.Unit, sample.Police.Function); n != 0 && err == nil {
			t.Errorf("%s's page promises for the police", who)
		}
	}
	if n, err := c.does(malin, `update sig.commitment set state = 'done', closed_at = now(), closed_by = 'reported', reported_by = sig.setting_uuid('app.assignment')
		where function <> 'school_counsellor'`); n != 0 || err != nil {
		t.Errorf("Malin's page reports %d commitments of others: %v", n, err)
	}
	if _, err := c.does(malin, `update sig.commitment set state = 'stopped', closed_at = now(), closed_by = 'by_coordinator'`); err == nil {
		t.Error("Malin's page stops a commitment")
	}
	const note = `insert into sig.commitment_note (commitment, intervention, authority, body_sealed, written_by, written_at)
		values ($1, $2, 'farsta-sdn', 'x', sig.setting_uuid('app.assignment'), now())`
	if _, err := c.does(malin, note, c.commitment("DO-POLICE"), c.id); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("Malin's page writes to the police's commitment: %v", err)
	}
	later := c.aPlan()
	later.Version, later.Goals, later.Add = 1, []string{"GOAL-OTHER"}, nil
	c.plans(later)
	gets(map[string][2]int64{karin: {7, 3}, berg: {2, 1}, agneta: {1, 0}}) // what a version has left behind is the board's
	// The row is narrowed behind the portal's back: the wall asks at every read.
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.consent_grant set categories = '{attendance}' where recipient_function = 'school_counsellor'`); err != nil {
		t.Fatal(err)
	}
	gets(map[string][2]int64{malin: {0, 0}, berg: {2, 1}, agneta: {1, 0}})
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.consent_grant set categories = '{attendance,plan_goals}' where recipient_function = 'school_counsellor'`); err != nil {
		t.Fatal(err)
	}
	c.withdraws("omid", everything)
	gets(map[string][2]int64{karin: {7, 3}, berg: {0, 0}, malin: {0, 0}, agneta: {0, 0}})
	if _, err := c.does(karin, promise, sample.Coordinator.Authority, sample.Coordinator.Unit, sample.Coordinator.Function); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("Karin's page promises in what has ended: %v", err)
	}
}

// What is overdue stands on Today for whoever writes the plan, from the day
// after its day until it is done or stopped; and for nobody else.
func TestOverdueCommitmentsStandOnToday(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	overdue := func(who string) string {
		t.Helper()
		today, err := c.Casework.Today(c.ctx(), c.as(who))
		c.must(err, who+" looks at Today")
		var list []string
		for _, o := range today.Overdue {
			list = append(list, string(o.Seat.Function)+" "+o.DueOn.String()+" "+o.YouthName)
		}
		return strings.Join(list, ", ")
	}
	c.db.FreezeClock(t, stockholm("2027-02-15 23:59:59"))
	if got := overdue(karin); got != "" {
		t.Errorf("on the day itself Today says %q", got)
	}
	c.db.FreezeClock(t, stockholm("2027-02-16 00:00:00"))
	c.must(c.Plan.Report(c.ctx(), c.as(malin), c.id, c.commitment("DO-SCHOOL"), ""), "Malin reports")
	c.must(c.Plan.Stop(c.ctx(), c.as(nadia), c.id, c.commitment("DO-KARIN")), "Nadia stops one")
	for who, want := range map[string]string{
		karin: "community_police 2027-02-15 Amir Rahimi", nadia: "community_police 2027-02-15 Amir Rahimi", jonas: "", berg: "", malin: "", lind: "",
	} {
		if got := overdue(who); got != want {
			t.Errorf("%s's Today says %q, want %q", who, got, want)
		}
	}
}

// T07 with the plan: the function that tells, and one that has promised, move
// inside their own authorities. What was written before goes on under the new
// names, and so does reporting it.
func TestT07ThePlanFollowsAFunctionsMove(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	c.reorganises("districts:\n  - {id: farsta,", `function_moves:
  - {function: coordinator, from_unit: farsta-unga, to_unit: farsta-oppenvard, at: 2027-01-01}
districts:
  - {id: farsta,`)
	c.db.SetClock(t, stockholm("2027-01-04 09:00:00"))
	for who, want := range map[string]string{karin: wholePlan, berg: policePlan, malin: schoolPlan} {
		if got := c.planOf(who); got != want {
			t.Errorf("after the move %s sees %q, want %q", who, got, want)
		}
	}
	c.must(c.Plan.Report(c.ctx(), c.as(karin), c.id, c.commitment("DO-KARIN"), "NOTE"), "Karin reports what she promised before the move")
	c.must(c.Plan.Report(c.ctx(), c.as(berg), c.id, c.commitment("DO-POLICE"), "NOTE"), "Berg tells the function where it sits now")
	c.db.SetClock(t, stockholm("2027-02-01 09:00:00"))
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation})
	if got := c.planOf(malin); got != schoolPlan {
		t.Errorf("after somebody else's narrowing Malin sees %q", got)
	}
}
