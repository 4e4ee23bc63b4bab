package consenting_test

import (
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// kim turned twelve in the summer.
func kim(t *testing.T) *world {
	t.Helper()
	return newWorld(t, family{born: "2014-06-05", guardians: []string{"Helena", "Johan"}})
}

// T03: Kim, twelve, found mature, says no. That holds it up until the social
// secretary overrides it with a written reason.
func TestTwelveYearOldSaysNo(t *testing.T) {
	w := kim(t)
	view, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, c1())
	w.must(err, "the coordinator saves the draft")
	id := view.Preparing.ID
	if view.Gap != sig.MaturityUnknown {
		t.Errorf("the page says %q, want that Kim's maturity must be assessed first", view.Gap)
	}
	_, err = w.consent.Explain(w.ctx(), w.actors["coordinator"], id, consenting.Explaining{
		Signer: w.ref("Helena"), Method: consenting.MethodMeeting, Language: "sv",
	})
	w.refused(err, fault.Conflict, "error.signers_maturity_unassessed", "explain before the assessment")
	_, err = w.consent.AssessMaturity(w.ctx(), w.actors["coordinator"], w.intervention, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår"})
	w.refused(err, fault.Denied, "error.denied", "the coordinator assesses")
	_, err = w.consent.AssessMaturity(w.ctx(), w.actors["secretary"], w.intervention, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det gäller"})
	w.must(err, "the social secretary assesses")

	w.explains(id, "Helena", "Johan", "youth")
	w.allSign(id, "Helena")
	_, err = w.consent.Refuse(w.ctx(), w.actors["youth"], id)
	w.must(err, "Kim says no")
	w.allSign(id, "Johan")
	if got := w.shown("coordinator").Preparing; got.State != sig.ConsentPartiallySigned {
		t.Fatalf("with Kim's no the version is %s", got.State)
	}
	if !w.shown("secretary").Preparing.Can(consenting.ActionOverride) || w.shown("coordinator").Preparing.Can(consenting.ActionOverride) {
		t.Error("the social secretary, and nobody else, is offered to override")
	}
	_, err = w.consent.OverrideRefusal(w.ctx(), w.actors["secretary"], id, "  ")
	w.refused(err, fault.Invalid, "error.check_fields", "override without a reason")
	_, err = w.consent.OverrideRefusal(w.ctx(), w.actors["secretary"], id, "skyddet väger tyngre")
	w.must(err, "the social secretary overrides")
	if got := w.state(); got != sig.InterventionAwaitingDecision {
		t.Fatalf("after the override the intervention is %s", got)
	}
	reason := one[[]byte](w, `select override_reason_sealed from sig.consent_signer where consent = $1 and kind = 'youth'`, id)
	if len(reason) == 0 || string(reason) == "skyddet väger tyngre" {
		t.Error("the reason is not sealed")
	}
	w.decides()
	w.takesBack("youth", everything) // 3.7.8: a mature twelve-year-old takes back alone
	w.ended(sig.ClosedConsentWithdrawn)
}

// T03, the other way out: the scope shrinks. The version that Kim said no to is
// ended, and a narrower one asks anew.
func TestTheScopeShrinksAfterANo(t *testing.T) {
	w := kim(t)
	_, err := w.consent.AssessMaturity(w.ctx(), w.actors["secretary"], w.intervention, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår"})
	w.must(err, "the social secretary assesses")
	id := w.prepares(c1(), "Helena", "Johan", "youth")
	w.allSign(id, "Helena", "Johan")
	_, err = w.consent.Refuse(w.ctx(), w.actors["youth"], id)
	w.must(err, "Kim says no")
	w.must(w.consent.Discard(w.ctx(), w.actors["coordinator"], w.intervention), "the coordinator takes the version away")
	small := c1()
	small.Grants = small.Grants[:2]
	second := w.prepares(small, "Helena", "Johan", "youth")
	w.allSign(second, "Helena", "Johan", "youth")
	if got := w.state(); got != sig.InterventionAwaitingDecision {
		t.Fatalf("the intervention is %s", got)
	}
}

// T03, variant: Elin, eleven. The guardians suffice; she is heard, and cannot
// take back by herself.
func TestElevenYearOldIsHeard(t *testing.T) {
	w := newWorld(t, family{born: "2015-09-01", guardians: []string{"Mona", "Per"}})
	id := w.prepares(c1(), "Mona", "Per")
	_, err := w.consent.Explain(w.ctx(), w.actors["coordinator"], id, consenting.Explaining{
		Signer: w.ref("youth"), Method: consenting.MethodMeeting, Language: "sv", View: "jag vill att läraren får veta",
	})
	w.must(err, "the coordinator tells Elin and listens")
	text, err := w.consent.Text(w.ctx(), w.actors["youth"], id)
	w.must(err, "Elin reads")
	_, err = w.consent.Sign(w.ctx(), w.actors["youth"], id, text.TextHash, w.freshLogin("youth", text.TextHash))
	w.refused(err, fault.NotFound, "error.not_found", "Elin signs")
	w.allSign(id, "Mona", "Per")
	w.decides()
	view := one[[]byte](w, `select view_sealed from sig.consent_signer where consent = $1 and kind = 'youth'`, id)
	if len(view) == 0 {
		t.Error("Elin's view was not recorded")
	}
	if w.shown("youth").Can(consenting.ActionWithdraw) {
		t.Error("Elin is offered to take back alone")
	}
	if r := w.takesBack("youth", everything); r.Effective {
		t.Error("Elin's withdrawal took effect")
	}
	if w.state() != sig.InterventionActive {
		t.Fatalf("the intervention is %s", w.state())
	}
}

// TestBirthdayBetweenSignatures: who must sign is decided when the last one
// signs. Amir turns fifteen while the version goes round.
func TestBirthdayBetweenSignatures(t *testing.T) {
	w := newWorld(t, family{born: "2011-12-01", guardians: []string{"Sara", "Omid"}})
	_, err := w.consent.AssessMaturity(w.ctx(), w.actors["secretary"], w.intervention, consenting.Assessment{Outcome: sig.NotMature, Reason: "förstår inte"})
	w.must(err, "the social secretary assesses")
	id := w.prepares(c1(), "Sara", "Omid")
	w.allSign(id, "Sara")
	w.db.SetClock(t, stockholm("2026-12-01 00:00:00"))
	w.allSign(id, "Omid")
	if w.state() != sig.InterventionConsentPending {
		t.Fatalf("without the yes of a fifteen-year-old the intervention is %s", w.state())
	}
	w.explains(id, "youth")
	w.allSign(id, "youth")
	if w.state() != sig.InterventionAwaitingDecision {
		t.Fatalf("with it the intervention is %s", w.state())
	}
}

// TestAdultSignsAlone: from 18 the parents have no standing, at the very
// instant.
func TestAdultSignsAlone(t *testing.T) {
	w := newWorld(t, family{born: "2009-01-20", guardians: []string{"Petra", "Anders"}})
	w.db.FreezeClock(t, stockholm("2027-01-20 00:00:00").Add(-1000))
	d := consenting.Draft{Grants: []consenting.DraftGrant{row(police, coordinator, sig.CategoryPlanGoals)}}
	view, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, d)
	w.must(err, "the coordinator saves the draft")
	if n := view.Preparing.MustSign; n != 3 {
		t.Errorf("the day before, %d must sign, want 3", n)
	}
	w.db.FreezeClock(t, stockholm("2027-01-20 00:00:00"))
	if n := w.shown("coordinator").Preparing.MustSign; n != 1 {
		t.Errorf("at 18, %d must sign, want Lina alone", n)
	}
	_, err = w.consent.Show(w.ctx(), w.actors["Petra"], w.intervention)
	w.refused(err, fault.NotFound, "error.not_found", "the mother of an adult looks")
}

// TestTheOwnYesIsEnoughAtEighteen: Lina signs at seventeen, her mother does
// not. On the birthday nobody is left to sign, and the board is to decide.
func TestTheOwnYesIsEnoughAtEighteen(t *testing.T) {
	w := newWorld(t, family{born: "2008-12-02", guardians: []string{"Petra", "Anders"}})
	w.exec(`insert into sig.alarm (id, kind, intervention, object_id, due_at) values (gen_random_uuid(), 'comes_of_age', $1, $1, $2)`,
		w.intervention, stockholm("2026-12-02 00:00:00"))
	w.allSign(w.prepares(c1(), "Petra", "Anders", "youth"), "youth", "Anders")
	w.alarmsRing()
	if got := w.state(); got != sig.InterventionConsentPending {
		t.Fatalf("the day before, without Petra, the intervention is %s", got)
	}
	w.db.SetClock(t, stockholm("2026-12-02 00:00:00"))
	w.alarmsRing()
	if got := w.shown("coordinator").Preparing; w.state() != sig.InterventionAwaitingDecision || got.State != sig.ConsentSigned {
		t.Fatalf("at 18 the version is %s, the intervention is %s", got.State, w.state())
	}
	if n := one[int](w, `select count(*) from sig.task where kind = 'decide_measure' and done_at is null`); n != 1 {
		t.Errorf("the social secretary has %d tasks to decide", n)
	}
}

// TestAssessedAnewAsNotMature: Kim is asked as a mature twelve-year-old, and is
// then found not to be. The guardians have signed, and that is enough.
func TestAssessedAnewAsNotMature(t *testing.T) {
	w := kim(t)
	assess := func(outcome sig.MaturityOutcome) {
		t.Helper()
		_, err := w.consent.AssessMaturity(w.ctx(), w.actors["secretary"], w.intervention, consenting.Assessment{Outcome: outcome, Reason: "samtal den 1 december"})
		w.must(err, "the social secretary assesses")
	}
	assess(sig.Mature)
	w.allSign(w.prepares(c1(), "Helena", "Johan", "youth"), "Helena", "Johan")
	if got := w.state(); got != sig.InterventionConsentPending {
		t.Fatalf("without Kim's yes the intervention is %s", got)
	}
	assess(sig.NotMature)
	if got := w.state(); got != sig.InterventionAwaitingDecision {
		t.Fatalf("with the yes of all who must sign the intervention is %s", got)
	}
}

// TestFifteenBeforeTheDecision: Amir turns fifteen after both guardians have
// signed and before the decision. The board is told who is missing, and that
// granting would be refused.
func TestFifteenBeforeTheDecision(t *testing.T) {
	w := newWorld(t, family{born: "2011-12-02", guardians: []string{"Sara", "Omid"}})
	_, err := w.consent.AssessMaturity(w.ctx(), w.actors["secretary"], w.intervention, consenting.Assessment{Outcome: sig.NotMature, Reason: "förstår inte"})
	w.must(err, "the social secretary assesses")
	w.allSign(w.prepares(c1(), "Sara", "Omid"), "Sara", "Omid")
	if names := w.shown("secretary").Unsigned; len(names) > 0 {
		t.Fatalf("with the yes of all who must sign, %v are missing", names)
	}
	w.db.SetClock(t, stockholm("2026-12-02 00:00:00"))
	if names := w.shown("secretary").Unsigned; len(names) != 1 || names[0] != "Amir" {
		t.Errorf("on the birthday the board is told that %v must sign, want Amir", names)
	}
	_, err = w.consent.Decide(w.ctx(), w.actors["secretary"], w.intervention, consenting.Decision{On: sig.Date{Year: 2026, Month: 12, Day: 2}, Reference: "SN 1"})
	w.refused(err, fault.Conflict, "error.signer_missing", "grant without Amir's yes")
}

// TestAgeTableIsTheMunicipalitys: its administrator sets a row for a day to
// come, it is logged, and from that day it decides; nobody else can.
func TestAgeTableIsTheMunicipalitys(t *testing.T) {
	w := kim(t)
	admin := w.actors["colleague"]
	w.exec(`update sig.assignment set function = 'administrator' where id = $1`, admin.Assignment)
	admin.Function = sig.RoleAdministrator
	rule := sig.AgeRule{
		FromAge: 12, GuardiansSign: true, YouthSigns: sig.YouthSignsNo, InForceFrom: sig.Date{Year: 2026, Month: 11, Day: 25},
		Municipality: "0182", // is not asked for: the own municipality counts
	}
	err := w.consent.SetAgeRule(w.ctx(), w.actors["coordinator"], rule)
	w.refused(err, fault.NotFound, "error.not_found", "the coordinator changes the table")
	pretender := w.actors["coordinator"]
	pretender.Function = sig.RoleAdministrator
	if err := w.consent.SetAgeRule(w.ctx(), pretender, rule); err == nil {
		t.Error("the second wall let somebody who is no administrator change the table")
	}
	past := rule
	past.InForceFrom = sig.Date{Year: 2026, Month: 11, Day: 20}
	w.refused(w.consent.SetAgeRule(w.ctx(), admin, past), fault.Invalid, "error.check_fields", "a row that is in force already")
	nobody := rule
	nobody.GuardiansSign = false
	w.refused(w.consent.SetAgeRule(w.ctx(), admin, nobody), fault.Invalid, "error.check_fields", "a row by which nobody signs")
	w.must(w.consent.SetAgeRule(w.ctx(), admin, rule), "the administrator sets a row")

	if got := w.shown("coordinator").Gap; got != sig.MaturityUnknown {
		t.Errorf("before its day the row holds: gap %q", got)
	}
	w.db.SetClock(t, stockholm("2026-11-25 00:00:00"))
	view, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, c1())
	w.must(err, "the coordinator saves a draft")
	if view.Gap != sig.NoGap || view.Preparing.MustSign != 2 {
		t.Errorf("from its day: %d must sign, gap %q", view.Preparing.MustSign, view.Gap)
	}
	if n := one[int](w, `select count(*)::int from sig.ledger where kind = 'change_policy' and outcome = 'allowed'`); n != 1 {
		t.Errorf("%d changes are logged, want one", n)
	}
	rules, err := w.consent.AgeTable(w.ctx(), admin)
	w.must(err, "the administrator looks at the table")
	if len(rules) != 5 || rules[4].Municipality != "0180" {
		t.Errorf("the table: %+v", rules)
	}
}
