package scenariotest

import (
	"slices"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// widened is a case in which Sara took the school out in February, and where a
// version that has it again, and more, goes round in March: she has signed it.
func widened(t *testing.T, more ...consenting.DraftGrant) (*city, sig.ConsentID, *consenting.Receipt) {
	t.Helper()
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-10 10:00:00"))
	february := c.withdraws("sara", theSchool)
	c.db.SetClock(t, stockholm("2027-03-01 10:00:00"))
	_, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin begins a change")
	id := c.explains(append(c1(), more...)...)
	c.db.SetClock(t, stockholm("2027-03-01 11:00:00"))
	c.signs(id, "sara")
	c.db.SetClock(t, stockholm("2027-03-02 10:00:00"))
	return c, id, february
}

// Sara takes the school back once more before the others have signed. It is not
// February's receipt that she gets, and the version that would bring the school
// back ends: nothing else was new in it.
func TestSaraRegretsTheSchoolBeforeItIsBack(t *testing.T) {
	c, id, february := widened(t)
	p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("sara"), c.id, consenting.SignerRef{}, theSchool)
	c.must(err, "Sara sees what it does")
	if !p.Ahead || p.Consequence != sig.GoesOn || len(p.Lost) == 0 || p.AlreadyRead > 0 {
		t.Errorf("Sara is told beforehand: %+v", p)
	}
	r := c.withdraws("sara", theSchool)
	if r.Reference == february.Reference || !r.Effective || !r.Ahead || r.Closes || len(r.Lost) == 0 {
		t.Errorf("Sara's receipt: %+v", r)
	}
	if got := one[string](c, `select state from sig.consent where id = $1`, id); got != string(sig.ConsentWithdrawn) {
		t.Errorf("what goes round is %s", got)
	}
	if err := c.Sign(c.ctx(), "omid", c.hat("omid"), id); err == nil {
		t.Error("Omid signs what Sara has taken back")
	}
	if view := c.shown(karin); view.State != sig.InterventionActive || view.InForce == nil || view.Preparing != nil {
		t.Errorf("what is in force does not go on: %s", view.State)
	}
}

// The same by telephone, of a version that names more than the school: the rest
// comes into force when all have signed, and the school does not.
func TestSaraPhonesAboutTheSchoolBeforeItIsBack(t *testing.T) {
	c, id, february := widened(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	r := c.phoned("sara", "2027-03-01 16:00:00", theSchool)
	if r.Reference == february.Reference || !r.Effective || !r.Ahead || r.Closes {
		t.Errorf("Sara's receipt: %+v", r)
	}
	if again := c.withdraws("sara", theSchool); again.Reference != r.Reference {
		t.Errorf("asked again, Sara gets %s, not %s", again.Reference, r.Reference)
	}
	c.signs(id, "omid", "amir")
	view := c.shown(karin)
	if view.State != sig.InterventionActive || view.InForce == nil {
		t.Fatalf("it is %s", view.State)
	}
	var assistant bool
	for _, one := range view.InForce.Rows {
		if one.Recipient.Seat.Authority == sample.Principal.Authority || one.Discloser.Seat.Authority == sample.Principal.Authority {
			t.Errorf("the school is back: %+v", one)
		}
		assistant = assistant || one.Recipient.Seat.Function == sample.FieldAssistant.Function
	}
	if !assistant {
		t.Error("what Sara did not take back is gone too")
	}
}

// Sara phones about the school, and signs the version that brings it back before
// Karin comes to write her call down: it is the later yes that counts.
func TestWhatSaraSignedAfterSheHadPhonedStands(t *testing.T) {
	c, id, _ := widened(t)
	c.phoned("sara", "2027-03-01 10:30:00", theSchool)
	c.signs(id, "omid", "amir")
	view := c.shown(karin)
	if view.InForce == nil || view.InForce.ID != id || !slices.ContainsFunc(view.InForce.Rows, func(one consenting.Row) bool {
		return one.Recipient.Seat.Authority == sample.Principal.Authority
	}) {
		t.Errorf("the school that Sara signed for is not back: %+v", view.InForce)
	}
}

// Sara has signed a renewal while sharing has stopped, and takes it back: it
// ends, and nobody is told that the measure has.
func TestARenewalTakenBackDoesNotEndTheMeasure(t *testing.T) {
	c := inForce(t)
	c.until("2027-06-02 08:00:00")
	_, err := c.Consenting.Renew(c.ctx(), c.as(karin), []sig.InterventionID{c.id}, sig.DateOf(stockholm("2027-10-31 00:00:00")))
	c.must(err, "Karin renews")
	view := c.shown(karin)
	id := view.Preparing.ID
	for _, who := range view.Preparing.Signers {
		c.explainsTo(id, who)
	}
	c.signs(id, "sara")
	c.db.SetClock(t, stockholm("2027-06-03 08:00:00"))
	r := c.withdraws("sara", everything)
	if !r.Effective || r.Closes || !r.Ahead {
		t.Errorf("Sara's receipt: %+v", r)
	}
	view = c.shown(karin)
	if view.State != sig.InterventionSharingStopped || view.Preparing != nil || !view.Can(consenting.ActionRenew) {
		t.Errorf("it is %s, going round %+v", view.State, view.Preparing)
	}
}
