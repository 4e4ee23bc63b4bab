package scenariotest

import (
	"testing"

	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A promise that is made in the room goes into the plan as it stands, once,
// whoever wrote in it meanwhile; a function that the consent does not let be
// told of the plan can promise nothing.
func TestAPromiseInTheRoomGoesIntoThePlan(t *testing.T) {
	c := inForce(t)
	due := sig.Date{Year: 2026, Month: 12, Day: 20}
	promise := plan.NewCommitment{Seat: sample.Police, DueOn: due, Text: "MARKER-PROMISE"}
	if err := c.Plan.Promise(c.ctx(), c.as(karin), c.id, promise); said(err) != "error.plan_not_begun" {
		t.Errorf("a promise without a plan: %v", err)
	}
	c.must(c.Plan.Write(c.ctx(), c.as(karin), plan.New{Intervention: c.id, FollowUp: due, Goals: []string{"MARKER-GOAL", "MARKER-OTHER"}, Words: "MARKER-WORDS"}), "Karin writes the plan")
	for range 2 {
		c.must(c.Plan.Promise(c.ctx(), c.as(karin), c.id, promise), "Karin writes a promise")
	}
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin opens the plan")
	if open.Version != 2 || len(open.Goals) != 2 || len(open.Words) != 1 || len(open.Commitments) != 1 || open.Commitments[0].Text != "MARKER-PROMISE" {
		t.Errorf("the plan is %+v", open)
	}
	promise.Seat = elsas
	c.refusedWith(c.Plan.Promise(c.ctx(), c.as(karin), c.id, promise), "add.0.seat reason.no_grant_recipient", "Elsa's board promises")
	promise.Seat = sample.Police
	for who, code := range map[string]string{berg: "error.not_found", malin: "error.not_found", lind: "error.not_found"} {
		c.refusedWith(c.Plan.Promise(c.ctx(), c.as(who), c.id, promise), code, who+" writes in the plan")
	}
}

// At a follow-up meeting that is held after the plan's day, what is promised is
// typed as it is said; the day itself is moved only to one that is to come.
func TestAPromiseAfterTheFollowUpDay(t *testing.T) {
	c := inForce(t)
	in := c.aPlan() // to be followed up on 1 March 2027
	c.plans(in)
	c.db.FreezeClock(t, stockholm("2027-03-04 14:20:00"))
	promise := plan.NewCommitment{Seat: sample.Police, DueOn: sig.Date{Year: 2027, Month: 3, Day: 20}, Text: "MARKER-PROMISE"}
	c.must(c.Plan.Promise(c.ctx(), c.as(karin), c.id, promise), "Karin writes what the police promise")
	in.Version, in.Goals, in.Add = 2, []string{"GOAL-HOME"}, nil
	c.must(c.Plan.Write(c.ctx(), c.as(karin), in), "Karin writes the plan anew and lets the day stand")
	open, err := c.Plan.Open(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin opens the plan")
	if open.Version != 3 || open.FollowUp != in.FollowUp || len(open.Goals) != 1 || c.commitment("MARKER-PROMISE").IsZero() {
		t.Errorf("the plan is %+v", open)
	}
	in.Version, in.FollowUp = 3, sig.Date{Year: 2027, Month: 3, Day: 2}
	c.refusedWith(c.Plan.Write(c.ctx(), c.as(karin), in), "follow_up error.plan_in_the_past", "Karin moves the day to one that has been")
	promise.DueOn, promise.Text = sig.Date{Year: 2027, Month: 3, Day: 3}, "MARKER-LATE"
	c.refusedWith(c.Plan.Promise(c.ctx(), c.as(karin), c.id, promise), "add.0.due error.plan_in_the_past", "Karin writes a promise for yesterday")
}
