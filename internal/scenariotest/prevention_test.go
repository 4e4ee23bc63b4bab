package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A guardian is prevented (FB 6:13 second paragraph): the other signs alone, for
// no longer than that, to the microsecond; who is prevented still sees and may
// take back.
func TestAGuardianIsPrevented(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	omid := c.as("omid")
	p := consenting.Prevention{Guardian: omid.Guardian, Until: sig.Date{Year: 2027, Month: 1, Day: 31}, Reason: "ligger på sjukhus", NotDrastic: true}
	_, err := c.Consenting.Prevent(c.ctx(), c.as(karin), c.id, p)
	c.refusedWith(err, "error.denied", "the coordinator decides that Omid is prevented")
	for code, wrong := range map[string]func(*consenting.Prevention){
		"reason error.required":              func(p *consenting.Prevention) { p.Reason = " " },
		"not_drastic error.tick_not_drastic": func(p *consenting.Prevention) { p.NotDrastic = false },
		"until error.prevention_window":      func(p *consenting.Prevention) { p.Until = sig.Date{Year: 2027, Month: 2, Day: 23} },
		"guardian error.choose_one":          func(p *consenting.Prevention) { p.Guardian = c.as("amir").Guardian },
	} {
		bad := p
		wrong(&bad)
		_, err := c.Consenting.Prevent(c.ctx(), c.as(nadia), c.id, bad)
		c.refusedWith(err, code, "Nadia records a prevention")
	}
	_, err = c.Consenting.Prevent(c.ctx(), c.as(nadia), c.id, p)
	c.must(err, "Nadia records that Omid is in hospital")
	other := p
	other.Guardian = c.as("sara").Guardian
	_, err = c.Consenting.Prevent(c.ctx(), c.as(nadia), c.id, other)
	c.refusedWith(err, "guardian error.nobody_else_decides", "both are prevented")
	if c.notes("guardian_prevented") != 1 {
		t.Error("no note says that Omid is prevented")
	}
	// The database on its own: who is prevented is the social secretary's to say.
	const says = `insert into sig.guardian_prevented (id, guardianship, intervention, reason_sealed, recorded_by, valid_from, valid_to)
values (gen_random_uuid(), $1, $2, '\x00', sig.setting_uuid('app.assignment'), sig.now(), sig.now() + interval '30 days')`
	for _, who := range []string{karin, berg, "sara", "omid"} {
		if _, err := c.does(who, says, omid.Guardian, c.id); err == nil {
			t.Errorf("the database lets %s say that Omid is prevented", who)
		}
		if n, err := c.does(who, `update sig.guardian_prevented set valid_to = valid_from`); n != 0 {
			t.Errorf("the database lets %s say that Omid decides again: %d, %v", who, n, err)
		}
	}

	view, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: c1()})
	c.must(err, "Karin saves the draft")
	_, err = c.Consenting.Explain(c.ctx(), c.as(karin), view.Preparing.ID, consenting.Explaining{
		Signer: consenting.SignerRef{Guardian: c.as("sara").Guardian}, Method: consenting.MethodMeeting, Language: "sv",
	})
	c.refusedWith(err, "error.past_prevention", "rows that go on when Omid decides again")
	rows := c1()
	for i := range rows {
		rows[i].To = stockholm("2027-02-01 00:00:00")
	}
	c.signs(c.explains(rows...), "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-01 10:00:00"))
	c.decides()
	c.seated(partners...)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	if got := c.shown("omid"); got.InForce == nil || !got.Can(consenting.ActionWithdraw) {
		t.Error("who is prevented does not see the consent, or may not take it back")
	}
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00").Add(-time.Microsecond))
	if !c.reads(berg, copyID) {
		t.Error("a microsecond before the end the police lost it")
	}
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00"))
	if c.reads(berg, copyID) {
		t.Error("when Omid decides again, what Sara signed alone still holds, before any alarm")
	}
	c.ring()
	if got := c.shown(karin); got.State != sig.InterventionSharingStopped {
		t.Errorf("then it is %s", got.State)
	}
}

// prevents has Nadia record that a guardian is in hospital until the new year.
func (c *city) prevents(persona string) error {
	guardian, err := c.As(c.ctx(), persona, "guardian")
	c.must(err, persona+" signs in")
	_, err = c.Consenting.Prevent(c.ctx(), c.as(nadia), c.id, consenting.Prevention{
		Guardian: guardian.Guardian, Until: day(2026, 12, 31), Reason: "ligger på sjukhus", NotDrastic: true,
	})
	return err
}

// Omid comes to hospital when the consent has gone round already (FB 6:13): he has
// not answered, and what goes on after he decides again does not hold without his
// yes. With rows that end by then Sara's is enough.
func TestAGuardianIsPreventedBeforeAnswering(t *testing.T) {
	c := newCity(t, "2026-12-01", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.signs(id, "amir", "sara")
	c.refusedWith(c.prevents("omid"), "error.past_prevention", "Nadia records that Omid is in hospital")
	if got := c.shown(karin); got.State != sig.InterventionConsentPending || c.notes("guardian_prevented") != 0 {
		t.Errorf("without Omid's yes until May the intervention is %s", got.State)
	}
	c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin takes the version away")
	rows := c1()
	for i := range rows {
		rows[i].To = stockholm("2027-01-01 00:00:00")
	}
	c.signs(c.explains(rows...), "amir", "sara")
	c.must(c.prevents("omid"), "Nadia records that Omid is in hospital")
	if got := c.shown(karin).State; got != sig.InterventionAwaitingDecision {
		t.Errorf("signed by Sara until Omid decides again, the intervention is %s", got)
	}
}

// What is paused for a new guardian's yes does not go on for longer than that one
// is prevented.
func TestANewGuardianIsPreventedBeforeAnswering(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.newGuardian(c.as("omid").Guardian)
	c.refusedWith(c.prevents("viktor"), "error.past_prevention", "Nadia records that Viktor is in hospital")
	if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended || c.reads(berg, copyID) {
		t.Errorf("without Viktor's yes the consent is %s", got.InForce.State)
	}
}

// Omid comes home early: what Sara signed alone is paused until he has signed.
func TestAGuardianDecidesAgain(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	omid := c.as("omid")
	_, err := c.Consenting.Prevent(c.ctx(), c.as(nadia), c.id, consenting.Prevention{
		Guardian: omid.Guardian, Until: sig.Date{Year: 2027, Month: 1, Day: 31}, Reason: "till sjöss", NotDrastic: true,
	})
	c.must(err, "Nadia records that Omid is at sea")
	rows := c1()
	for i := range rows {
		rows[i].To = stockholm("2027-02-01 00:00:00")
	}
	id := c.explains(rows...)
	c.signs(id, "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-01 10:00:00"))
	c.decides()
	c.seated(partners...)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	_, err = c.Consenting.DecidesAgain(c.ctx(), c.as(nadia), c.id, c.as("sara").Guardian)
	c.refusedWith(err, "error.not_found", "Sara, who was never prevented, decides again")
	view, err := c.Consenting.DecidesAgain(c.ctx(), c.as(nadia), c.id, omid.Guardian)
	c.must(err, "Nadia records that Omid is back")
	if view.InForce.State != sig.ConsentSuspended || c.reads(berg, copyID) {
		t.Fatalf("with Omid back the consent is %s", view.InForce.State)
	}
	// A part that is taken back meanwhile leaves the rest waiting for him all the same.
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sample.Principal})
	id = c.shown(karin).InForce.ID
	c.explainsTo(id, consenting.Signer{Guardian: omid.Guardian, Name: "Omid"})
	c.must(c.Sign(c.ctx(), "omid", "guardian", id), "Omid signs")
	if got := c.shown(karin); got.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Errorf("signed by both, the consent is %s", got.InForce.State)
	}
}
