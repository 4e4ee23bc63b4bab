package scenariotest

import (
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// T22 with the plan: what waits for the lock behind a withdrawal is denied, and
// shows nothing; what holds it first stands, and all that it left open is
// stopped by the withdrawal.
func TestT22RaceOfThePlanAndAWithdrawal(t *testing.T) {
	for _, act := range []string{"write", "report", "read"} {
		for _, first := range []string{"withdrawal", act} {
			t.Run(act+", first the "+first, func(t *testing.T) {
				c := inForce(t)
				omid, coordinator, police := c.as("omid"), c.as(karin), c.as(berg)
				c.plans(c.aPlan())
				id := c.commitment("DO-POLICE")
				more := plan.New{
					Intervention: c.id, Version: 1, FollowUp: sig.Date{Year: 2027, Month: 3, Day: 1}, Goals: []string{"GOAL-MORE"},
					Add: []plan.NewCommitment{promises(sample.Police, "DO-MORE")},
				}
				var tookBack, did error
				withdrawal := func() {
					_, tookBack = c.Consenting.Withdraw(c.ctx(), omid, consenting.WithdrawInput{Intervention: c.id, Scope: everything, Key: "race"})
				}
				other := map[string]func(){
					"write":  func() { did = c.Plan.Write(c.ctx(), coordinator, more) },
					"report": func() { did = c.Plan.Report(c.ctx(), police, c.id, id, "NOTE") },
					"read": func() {
						var open *plan.Open
						if open, did = c.Plan.Open(c.ctx(), police, c.id); did == nil && open.Version == 0 {
							did = fault.Missing()
						}
					},
				}[act]
				if first == "withdrawal" {
					c.inOrder(withdrawal, other)
				} else {
					c.inOrder(other, withdrawal)
				}
				c.must(tookBack, "Omid takes back")
				if (did == nil) != (first == act) {
					t.Errorf("the %s: %v", act, did)
				}
				if n := one[int](c, `select count(*)::int from sig.commitment where state = 'open'`); n != 0 {
					t.Errorf("%d commitments are open after the withdrawal", n)
				}
				if n := one[int](c, `select count(*)::int from sig.commitment_note`); (n == 1) != (act == "report" && first == act) {
					t.Errorf("%d notes", n)
				}
				if got := c.planOf(berg); got != "" {
					t.Errorf("Berg sees %q", got)
				}
				if n := one[int](c, `select count(*)::int from sig.ledger l, sig.ledger w where w.kind = 'withdraw_consent' and l.outcome = 'allowed'
					and (l.kind in ('write_plan', 'report_commitment') or l.kind = 'read_plan' and l.basis = 'consent') and l.id > w.id`); n != 0 {
					t.Errorf("%d acts stand in the ledger after the withdrawal", n)
				}
			})
		}
	}
}

// While the consent is paused nobody outside the board sees the plan, and
// nothing is stopped; when it goes on, they do again.
func TestAPauseHidesThePlan(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
	c.must(err, "Nadia pauses the consent")
	for who, want := range map[string]string{berg: "", malin: "", karin: wholePlan} {
		if got := c.planOf(who); got != want {
			t.Errorf("during the pause %s sees %q, want %q", who, got, want)
		}
	}
	c.refusedWith(c.Plan.Report(c.ctx(), c.as(berg), c.id, c.commitment("DO-POLICE"), ""), "error.not_found", "Berg reports during the pause")
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	if got := c.planOf(berg); got != policePlan {
		t.Errorf("after the pause Berg sees %q", got)
	}
}

// When the social secretary has closed the intervention its plan is shut, to
// the board as well, as the board's own items are.
func TestAClosedInterventionShutsThePlan(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	c.withdraws("omid", everything)
	if c.planOf(karin) == "" {
		t.Error("while it closes Karin does not see what was planned")
	}
	_, err := c.Consenting.RecordOutcome(c.ctx(), c.as(nadia), c.id, consenting.OutcomeNoFurther, "målet är nått")
	c.must(err, "Nadia records the outcome")
	for _, who := range []string{karin, nadia, jonas, berg} {
		if got := c.planOf(who); got != "" {
			t.Errorf("%s sees %q of a plan that is shut", who, got)
		}
	}
}
