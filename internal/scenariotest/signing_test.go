package scenariotest

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// T01, full consent of a 15-year-old: on 3 December the police officer tells
// the coordinator what the consent names. The ledger says which item, from
// whom, to whom and on what ground.
func TestT01FullConsent(t *testing.T) {
	c := inForce(t)
	copyID := c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	if !c.reads(karin, copyID) {
		t.Error("Karin cannot read what the police told her")
	}
	if c.reads(agneta, copyID) {
		t.Error("the principal reads what the police told the coordinator")
	}
	_, err := c.tells(berg, sample.Coordinator, sig.CategoryPoliceSuspicion)
	c.refusedWith(err, "recipients.0 reason.category_not_covered", "a category that nobody consented to")
	c.toldWhatToDo("category_not_covered")

	page, err := c.Sharing.Diary(c.ctx(), c.as(karin), c.id, sharing.DiaryPlace{})
	c.must(err, "Karin looks at what was shared")
	line := page.Rows[len(page.Rows)-1] // the oldest: the disclosure; then Karin's read
	if line.Kind != "disclose" || line.Actor != sample.Police || line.Recipient != sample.Coordinator || line.Basis != "consent" ||
		line.Disclosure == nil || *line.Disclosure != copyID {
		t.Errorf("the ledger's line of the disclosure: %+v", line)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger l join sig.disclosure d on d.id = l.object_id
		where l.kind = 'disclose' and d.id = $1 and l.detail->>'item' = d.item::text and l.consent = d.consent`, copyID); n != 1 {
		t.Error("the ledger does not say which item, by which version of the consent")
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'disclose' and outcome = 'refused' and reason = 'category_not_covered'`); n != 1 {
		t.Errorf("%d refusals in the ledger, want one", n)
	}
}

// T02, one guardian silent: Omid has not signed. The same disclosure is
// denied, the coordinator sees who is missing, and thirty days after the first
// signature the consent has lapsed.
func TestT02OneGuardianSilent(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.db.FreezeClock(t, stockholm("2026-11-23 16:00:00"))
	c.signs(id, "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	_, err := c.tells(karin, sample.Police, sig.CategoryPoliceObservation)
	c.refusedWith(err, "recipients.0 reason.consent_unsigned", "Karin tells the police")
	c.toldWhatToDo("consent_unsigned")
	_, err = c.Sharing.WriteItem(c.ctx(), c.as(berg), sharing.NewItem{
		Key: "early", Intervention: c.id, Categories: []sig.Category{sig.CategoryPoliceObservation}, Text: "Sågs på torget.",
	})
	c.refusedWith(err, "error.not_found", "Berg, for whom there is no case yet, writes")
	view := c.shown(karin).Preparing
	if view.State != sig.ConsentPartiallySigned || view.SignedBy != 2 || view.MustSign != 3 {
		t.Fatalf("the consent is %s, %d of %d have signed", view.State, view.SignedBy, view.MustSign)
	}
	for _, s := range view.Signers {
		if missing := s.Answer == ""; missing != (s.Name == "Omid Rahimi") {
			t.Errorf("%s answered %q", s.Name, s.Answer)
		}
	}
	c.until("2026-12-23 15:59:59")
	if got := c.shown(karin).Preparing; got == nil {
		t.Fatal("it lapsed before the thirty days were over")
	}
	c.until("2026-12-23 16:00:00")
	if past := c.shown(karin).Past; len(past) != 1 || past[0].State != sig.ConsentLapsedUnsigned {
		t.Fatalf("thirty days after the first signature: %+v", past)
	}
	for who, want := range map[string][2]int{karin: {1, 1}, nadia: {0, 1}, jonas: {0, 1}, "coordinator-skarholmen": {}} {
		today, err := c.Casework.Today(c.ctx(), c.as(who))
		c.must(err, who+" looks at Today")
		lapsed := 0
		for _, one := range today.Refused {
			if one.Lapsed && one.Consent == id && !one.Waits && !one.Change {
				lapsed++
			}
		}
		mails := one[int](c, `select count(*)::int from sig.mail where kind = 'consent_news' and object_id = $1 and assignment = $2 and sig.mail_entitled(id)`,
			id, c.as(who).Assignment)
		if got := [2]int{mails, lapsed}; got != want {
			t.Errorf("%s is told by %d mails and %d lines of Today that it lapsed, want %v", who, got[0], got[1], want)
		}
	}
}

// T03, a twelve-year-old says no: Kim is found mature and refuses. That blocks
// it until the social secretary overrides with a written reason.
func TestT03TwelveYearOldSaysNo(t *testing.T) {
	c := newCity(t, "2026-12-01", "kim")
	c.proposes()
	_, err := c.Consenting.AssessMaturity(c.ctx(), c.as(nadia), c.id, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det innebär"})
	c.must(err, "Nadia assesses Kim's maturity")
	id := c.explains(c1()...)
	c.signs(id, "helena", "johan")
	_, err = c.Consenting.Refuse(c.ctx(), c.as("kim"), id)
	c.must(err, "Kim says no")
	if got := c.shown(karin).State; got != sig.InterventionConsentPending {
		t.Fatalf("after Kim's no the intervention is %s", got)
	}
	_, err = c.Consenting.OverrideRefusal(c.ctx(), c.as(nadia), id, " ")
	c.refusedWith(err, "reason error.required", "an override without a reason")
	_, err = c.Consenting.OverrideRefusal(c.ctx(), c.as(karin), id, "behövs")
	c.refusedWith(err, "error.denied", "the coordinator overrides")
	_, err = c.Consenting.OverrideRefusal(c.ctx(), c.as(nadia), id, "risken för Kim väger tyngre")
	c.must(err, "Nadia goes on with a written reason")
	if got := c.shown(karin).State; got != sig.InterventionAwaitingDecision {
		t.Fatalf("after the override the intervention is %s", got)
	}
}

// T03, on the fifteenth birthday: from then on Kim's own yes is needed beside the
// guardians' (domain 3.2), and a no that was gone against before hinders again,
// whether a guardian's yes or the decision is what was left.
func TestT03AnOverriddenNoIsNoYesAtFifteen(t *testing.T) {
	for _, left := range []string{"johan", "the decision"} {
		t.Run(left, func(t *testing.T) {
			c := newCity(t, "2029-05-20", "kim") // fifteen on 5 June 2029
			c.proposes()
			_, err := c.Consenting.AssessMaturity(c.ctx(), c.as(nadia), c.id, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det innebär"})
			c.must(err, "Nadia assesses Kim's maturity")
			rows := c1()
			for i := range rows {
				rows[i].From, rows[i].To = stockholm("2029-05-20 00:00:00"), stockholm("2029-11-01 00:00:00")
			}
			id := c.explains(rows...)
			c.signs(id, "helena")
			_, err = c.Consenting.Refuse(c.ctx(), c.as("kim"), id)
			c.must(err, "Kim says no")
			_, err = c.Consenting.OverrideRefusal(c.ctx(), c.as(nadia), id, "risken för Kim väger tyngre")
			c.must(err, "Nadia goes on with a written reason")
			if left != "johan" {
				c.signs(id, "johan")
			}
			c.db.FreezeClock(t, stockholm("2029-06-05 00:00:00"))
			if left == "johan" {
				c.signs(id, "johan")
				if got := c.shown(karin); got.State != sig.InterventionConsentPending || got.Preparing.Can(consenting.ActionOverride) {
					t.Errorf("signed over the no of a fifteen-year-old, the intervention is %s", got.State)
				}
			} else {
				_, err = c.Consenting.Decide(c.ctx(), c.as(nadia), c.id, consenting.Decision{On: day(2029, 6, 5), Reference: "FSDN 2029/1"})
				c.refusedWith(err, "error.signer_missing", "Nadia decides over the no of a fifteen-year-old")
			}
			for _, s := range c.shown(karin).Preparing.Signers {
				if s.Overridden {
					t.Error("Karin is told that the no hinders nothing")
				}
			}
			_, err = c.db.Super().Exec(c.ctx(), `update sig.consent set state = 'active', activated_at = sig.now() where id = $1`, id)
			if err == nil || !strings.Contains(err.Error(), "from fifteen on") {
				t.Errorf("the database takes it into force: %v", err)
			}
			c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin takes the version away")
		})
	}
}

// T03, the other way out: the scope shrinks, and Kim says yes to less.
func TestT03TheScopeShrinks(t *testing.T) {
	c := newCity(t, "2026-12-01", "kim")
	c.proposes()
	_, err := c.Consenting.AssessMaturity(c.ctx(), c.as(nadia), c.id, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det innebär"})
	c.must(err, "Nadia assesses Kim's maturity")
	id := c.explains(c1()...)
	c.signs(id, "helena", "johan")
	_, err = c.Consenting.Refuse(c.ctx(), c.as("kim"), id)
	c.must(err, "Kim says no")
	c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin takes the refused version away")
	c.signs(c.explains(c1()[:2]...), "kim", "helena", "johan")
	if got := c.shown(karin).State; got != sig.InterventionAwaitingDecision {
		t.Fatalf("with Kim's yes to less the intervention is %s", got)
	}
}

// T03, variant: at eleven the guardians suffice, and what the child says is
// recorded.
func TestT03ElevenYearOldIsHeard(t *testing.T) {
	c := newCity(t, "2026-05-20", "kim") // twelve on 5 June
	c.proposes()
	rows := c1()
	for i := range rows {
		rows[i].From, rows[i].To = stockholm("2026-05-20 00:00:00"), stockholm("2026-11-01 00:00:00")
	}
	view, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: rows})
	c.must(err, "Karin saves the draft")
	for _, who := range view.Preparing.Signers {
		c.explainsTo(view.Preparing.ID, who)
	}
	kim := c.as("kim")
	_, err = c.Consenting.Explain(c.ctx(), c.as(karin), view.Preparing.ID, consenting.Explaining{
		Signer: consenting.SignerRef{Youth: kim.Youth}, Method: consenting.MethodMeeting, Language: "sv", View: "Jag vill inte att läraren vet.",
	})
	c.must(err, "Karin hears Kim")
	c.signs(view.Preparing.ID, "helena", "johan")
	if got := c.shown(karin).State; got != sig.InterventionAwaitingDecision {
		t.Errorf("with both guardians the intervention is %s", got)
	}
	if n := one[int](c, `select count(*)::int from sig.consent_signer where kind = 'youth' and not required and view_sealed is not null`); n != 1 {
		t.Error("what Kim said is not recorded")
	}
	if err := c.Sign(c.ctx(), "kim", "youth", view.Preparing.ID); err == nil {
		t.Error("Kim signed at eleven")
	}
}

// T04, turns 18: Lina signed herself. At midnight the guardians lose their view
// and their signing, the grants stay, and the coordinator is asked to renew.
func TestT04TurnsEighteen(t *testing.T) {
	c := newCity(t, "2026-12-01", "lina")
	c.proposes()
	c.signs(c.explains(c1()...), "lina", "petra", "anders")
	c.decides()
	c.seated(partners...)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	petra := c.as("petra")

	birthday := stockholm("2027-01-20 00:00:00")
	c.db.FreezeClock(t, birthday.Add(-time.Microsecond))
	c.ring()
	if _, err := c.Consenting.Show(c.ctx(), petra, c.id); err != nil {
		t.Errorf("Petra lost her view before the birthday: %v", err)
	}
	if _, asked := c.tasks(karin)["renew_consent"]; asked {
		t.Error("Karin is asked to renew before the birthday")
	}
	c.db.FreezeClock(t, birthday)
	if _, err := c.Consenting.Show(c.ctx(), petra, c.id); err == nil {
		t.Error("the mother of an adult still sees the consent, before any alarm")
	}
	if _, err := c.As(c.ctx(), "petra", "guardian"); err == nil {
		t.Error("the mother of an adult can still sign in as a guardian")
	}
	_, err := c.Consenting.Withdraw(c.ctx(), petra, consenting.WithdrawInput{
		Intervention: c.id, Scope: sig.WithdrawalScope{Whole: true}, Key: "late",
	})
	c.refusedWith(err, "error.not_found", "the mother of an adult takes back")
	told := func() int {
		return one[int](c, `select count(*)::int from sig.outbox where $1 = any (topics)`, petra.Guardian)
	}
	before := told()
	c.ring()
	if _, asked := c.tasks(karin)["renew_consent"]; !asked {
		t.Error("nobody is asked to renew with the adult's own consent")
	}
	if got := c.shown("lina"); got.State != sig.InterventionActive || len(got.InForce.Rows) != 6 || got.SharingEnded.Year() > 1 {
		t.Errorf("Lina's own signature holds: %s", got.State)
	}
	if !c.reads(berg, copyID) {
		t.Error("the police lost what an adult had signed for herself")
	}
	if n := one[int](c, `select count(*)::int from sig.journal_note where kind = 'turned_eighteen'`); n != 1 {
		t.Errorf("%d journal notes say that Lina came of age, want one", n)
	}
	if told() == before {
		t.Error("Petra's open page was not told")
	}
}

// T04, variant: a consent that the young person does not sign cannot reach past
// the eighteenth birthday, so none that only guardians signed outlives them.
func TestT04OnlyGuardiansSign(t *testing.T) {
	c := newCity(t, "2026-12-01", "lina")
	c.proposes()
	err := c.Consenting.SetAgeRule(c.ctx(), c.as("administrator-farsta"), sig.AgeRule{
		FromAge: 15, GuardiansSign: true, YouthSigns: sig.YouthSignsNo, InForceFrom: sig.Date{Year: 2026, Month: 12, Day: 2},
	})
	c.must(err, "the municipality lets guardians alone sign")
	c.db.SetClock(t, stockholm("2026-12-02 09:00:00"))
	view, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: c1()})
	c.must(err, "Karin saves the draft")
	petra := consenting.Explaining{
		Signer: consenting.SignerRef{Guardian: c.as("petra").Guardian}, Method: consenting.MethodMeeting, Language: "sv",
	}
	_, err = c.Consenting.Explain(c.ctx(), c.as(karin), view.Preparing.ID, petra)
	c.refusedWith(err, "error.past_eighteen", "rows that reach past the birthday")
	rows := c1()
	for i := range rows {
		rows[i].To = stockholm("2027-01-20 00:00:00")
	}
	c.signs(c.explains(rows...), "petra", "anders")
	c.decides()
	c.until("2027-01-20 00:00:00")
	if got := c.shown(karin); got.State != sig.InterventionSharingStopped {
		t.Errorf("at 18 the intervention is %s", got.State)
	}
	c.until("2027-02-03 00:00:00")
	if got := c.shown(karin); got.State != sig.InterventionClosing {
		t.Errorf("fourteen days later it is %s", got.State)
	}
}
