package consenting_test

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// until moves the clock to an instant and lets the alarms ring.
func (w *world) until(value string) {
	w.t.Helper()
	w.db.FreezeClock(w.t, stockholm(value))
	w.alarmsRing()
}

// T23: nobody renews. Reminders thirty, fourteen and three days before; at
// midnight sharing stops, fourteen days later it closes.
func TestExpiryWithoutRenewal(t *testing.T) {
	w := inForce(t)
	copyID, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")
	reminded := func() int {
		return one[int](w, `select count(*)::int from sig.mail where kind = 'expiry_reminder'`)
	}
	for n, day := range []string{"2027-05-01 00:00:00", "2027-05-17 00:00:00", "2027-05-28 00:00:00"} {
		w.db.FreezeClock(t, stockholm(day).Add(-1000))
		w.alarmsRing()
		if got := reminded(); got != n {
			t.Errorf("a microsecond before %s: %d reminders", day, got)
		}
		w.until(day)
		if got := reminded(); got != n+1 {
			t.Errorf("at %s: %d reminders, want %d", day, got, n+1)
		}
	}
	w.db.FreezeClock(t, stockholm("2027-06-01 00:00:00").Add(-1000))
	w.alarmsRing()
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, copyID); err != nil {
		t.Errorf("a microsecond before midnight Berg still reads: %v", err)
	}
	w.db.FreezeClock(t, stockholm("2027-06-01 00:00:00"))
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, copyID); err == nil {
		t.Error("at midnight Berg reads, before any alarm")
	}
	if got := w.shown("Sara"); got.InForce != nil || got.Can(consenting.ActionWithdraw) {
		t.Error("at midnight, before any alarm, the page shows a consent in force")
	}
	w.alarmsRing()
	if w.state() != sig.InterventionSharingStopped {
		t.Fatalf("at midnight the intervention is %s", w.state())
	}
	if got := one[time.Time](w, `select ended_at from sig.consent where state = 'expired'`); !got.Equal(stockholm("2027-06-01 00:00:00")) {
		t.Errorf("expired at %s", got)
	}
	w.db.FreezeClock(t, stockholm("2027-05-20 12:00:00")) // a clock that goes back revives nothing
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, copyID); err == nil {
		t.Error("with the clock set back Berg reads again")
	}
	w.db.FreezeClock(t, stockholm("2027-06-15 00:00:00").Add(-1000))
	w.alarmsRing()
	if w.state() != sig.InterventionSharingStopped {
		t.Fatalf("within the grace period the intervention is %s", w.state())
	}
	w.until("2027-06-15 00:00:00")
	w.ended(sig.ClosedConsentExpired)
	w.until("2027-07-01 00:00:00")
	if n := one[int](w, `select count(*)::int from sig.received where body_sealed is null and deleted_at is not null`); n != 1 {
		t.Errorf("thirty days after the cut %d copies are deleted, want one", n)
	}
	if n := one[int](w, `select count(*)::int from sig.received`); n != 1 {
		t.Error("the receipt row of the copy went as well")
	}
}

// TestExpiryThatNobodySawTo: the clock has gone on for a month with no replica
// awake; the first act finds everything as it should have been.
func TestExpiryThatNobodySawTo(t *testing.T) {
	w := inForce(t)
	w.db.SetClock(t, stockholm("2027-07-20 12:00:00"))
	r := w.takesBack("Sara", everything)
	if r.Effective {
		t.Error("a withdrawal after the end took effect")
	}
	w.ended(sig.ClosedConsentExpired)
	if got := one[time.Time](w, `select state_since from sig.intervention where id = $1`, w.intervention); !got.Equal(stockholm("2027-06-15 00:00:00")) {
		t.Errorf("closed since %s", got)
	}
}

// T23, variant: renewed within the grace period. What expiry cut and the
// renewal covers comes back; what it does not cover stays cut.
func TestRenewalWithinGrace(t *testing.T) {
	w := inForce(t)
	toPolice, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")
	toSchool, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the counsellor")
	w.until("2027-06-01 00:00:00")
	w.db.SetClock(t, stockholm("2027-06-05 09:00:00"))
	view, err := w.consent.Amend(w.ctx(), w.actors["coordinator"], w.intervention)
	w.must(err, "the coordinator begins a renewal")
	if got := view.Preparing.Rows[0]; !got.From.Equal(stockholm("2027-06-05 00:00:00")) || !got.To.Equal(stockholm("2027-12-05 00:00:00")) {
		t.Errorf("the renewal is proposed from %s to %s", got.From, got.To)
	}
	d := c1()
	d.Grants = d.Grants[:2]
	for n := range d.Grants {
		d.Grants[n].From, d.Grants[n].To = stockholm("2027-06-05 00:00:00"), stockholm("2027-12-05 00:00:00")
	}
	id := w.prepares(d, "Sara", "Omid", "youth")
	w.allSign(id, "Sara", "Omid", "youth")
	if w.state() != sig.InterventionActive {
		t.Fatalf("renewed by all, the intervention is %s", w.state())
	}
	if got := w.shown("coordinator").InForce; got.Change != consenting.ChangeRenewal {
		t.Errorf("the version in force is a %s", got.Change)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, toPolice); err != nil {
		t.Errorf("Berg's copy did not come back: %v", err)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["kurator"], w.intervention, toSchool); err == nil {
		t.Error("the counsellor's copy came back though nobody renewed the row")
	}
	if got := one[string](w, `select coalesce(cut_by, 'not cut') from sig.received where id = $1`, toSchool); got != "narrowing" {
		t.Errorf("the counsellor's copy is %s; the school's registrar loses the rest of the thirty days", got)
	}
	w.until("2027-06-15 00:00:00")
	if w.state() != sig.InterventionActive {
		t.Fatalf("the old grace period closed a renewed intervention: %s", w.state())
	}
}

// TestNewGrantBringsNothingBack: what a withdrawal cut stays cut, whatever is
// consented to later (3.7.4).
func TestNewGrantBringsNothingBack(t *testing.T) {
	w := inForce(t)
	toSchool, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the counsellor")
	w.takesBack("Sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}})
	d := c1()
	for n := range d.Grants {
		d.Grants[n].From = stockholm("2026-12-03 00:00:00")
	}
	id := w.prepares(d, "Sara", "Omid", "youth")
	if got := w.shown("coordinator").Preparing.Change; got != consenting.ChangeWidening {
		t.Fatalf("giving the school back is a %s", got)
	}
	w.allSign(id, "Sara", "Omid", "youth")
	if got := w.shown("coordinator").InForce; len(got.Rows) != 6 {
		t.Fatalf("in force: %d rows", len(got.Rows))
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["kurator"], w.intervention, toSchool); err == nil {
		t.Error("a new grant brought the old copy back")
	}
	if _, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals); err != nil {
		t.Errorf("the coordinator may tell the counsellor anew: %v", err)
	}
}

// TestNarrowingNeedsOne, widening everybody; until then the old version holds.
func TestNarrowingNeedsOne(t *testing.T) {
	w := inForce(t)
	toSchool, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the counsellor")
	_, err = w.consent.Amend(w.ctx(), w.actors["coordinator"], w.intervention)
	w.must(err, "the coordinator amends")
	same := w.shown("coordinator").Preparing.ID
	_, err = w.consent.Explain(w.ctx(), w.actors["coordinator"], same, consenting.Explaining{
		Signer: w.ref("Sara"), Method: consenting.MethodPhone, Language: "sv",
	})
	w.refused(err, fault.Conflict, "error.nothing_changed", "explain what says the same")

	small := c1()
	small.Grants = small.Grants[:2]
	id := w.prepares(small, "Sara")
	p, err := w.consent.PreviewAmendment(w.ctx(), w.actors["coordinator"], w.intervention)
	w.must(err, "the coordinator looks at the change")
	if p.Change != consenting.ChangeNarrowing || p.MustSign != 1 || len(p.Lost) != 4 || len(p.Gained) != 0 || p.Copies != 1 {
		t.Errorf("the preview: %+v", p)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["kurator"], w.intervention, toSchool); err != nil {
		t.Errorf("before anybody signs nothing changes: %v", err)
	}
	w.allSign(id, "Sara")
	if got := w.shown("coordinator").InForce; got.ID != id || got.Change != consenting.ChangeNarrowing {
		t.Fatalf("in force: %+v", got)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["kurator"], w.intervention, toSchool); err == nil {
		t.Error("the counsellor still reads")
	}
	wide := c1()
	for n := range wide.Grants {
		wide.Grants[n].From = stockholm("2026-12-03 00:00:00")
	}
	second := w.prepares(wide, "Sara", "Omid", "youth")
	w.allSign(second, "Sara", "Omid")
	if got := w.shown("coordinator").InForce; got.ID != id {
		t.Fatal("a widening that Amir has not signed is in force")
	}
	w.takesBack("Omid", sig.WithdrawalScope{Category: sig.CategoryPlanGoals})
	if got := w.shown("coordinator"); got.Preparing != nil {
		t.Errorf("a widening that names what was just taken back is still going round: %s", got.Preparing.State)
	}
}

// TestRowThatEndsBeforeTheOthers: its own date closes nothing, and cuts what it
// alone covered.
func TestRowThatEndsBeforeTheOthers(t *testing.T) {
	w := amir(t)
	d := c1()
	for n := range 2 {
		d.Grants[n].To = stockholm("2027-02-01 00:00:00")
	}
	w.allSign(w.prepares(d, "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.decides()
	w.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	toPolice, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")
	w.until("2027-02-01 00:00:00")
	if w.state() != sig.InterventionActive {
		t.Fatalf("a row's own date took the intervention to %s", w.state())
	}
	if got := one[string](w, `select cut_by from sig.received where id = $1`, toPolice); got != "sharing_stopped" {
		t.Errorf("the copy is cut by %s", got)
	}
	w.takesBack("Sara", sig.WithdrawalScope{Recipient: counsellor})
	if w.state() != sig.InterventionActive {
		t.Fatalf("the counsellor goes, and the police rows had ended by themselves: %s", w.state())
	}
}

// TestOutcomeCloses: the social secretary records what was considered, and
// only that takes Closing to Closed.
func TestOutcomeCloses(t *testing.T) {
	w := inForce(t)
	w.takesBack("Sara", everything)
	_, err := w.consent.RecordOutcome(w.ctx(), w.actors["coordinator"], w.intervention, consenting.OutcomeNewInquiry, "")
	w.refused(err, fault.Denied, "error.denied", "the coordinator records the outcome")
	_, err = w.consent.RecordOutcome(w.ctx(), w.actors["secretary"], w.intervention, consenting.OutcomeNoFurther, "")
	w.refused(err, fault.Invalid, "error.check_fields", "no further measures without a reason")
	view, err := w.consent.RecordOutcome(w.ctx(), w.actors["secretary"], w.intervention, consenting.OutcomeNoFurther, "familjen har egen hjälp")
	w.must(err, "the social secretary records the outcome")
	if view.State != sig.InterventionClosed {
		t.Fatalf("the intervention is %s", view.State)
	}
	if n := one[int](w, `select count(*)::int from sig.task where done_at is null and kind = 'consider_other_measures'`); n != 0 {
		t.Error("the task is still open")
	}
}

// TestNarrowingOfWhatHasEnded: a version that was to narrow one that has
// expired since would give something back. One signature must not do that.
func TestNarrowingOfWhatHasEnded(t *testing.T) {
	w := inForce(t)
	w.db.SetClock(t, stockholm("2027-05-31 22:00:00"))
	small := c1()
	for n := range small.Grants {
		small.Grants[n].To = stockholm("2027-06-01 00:00:00")
	}
	small.Grants = small.Grants[:2]
	id := w.prepares(small, "Sara", "Omid", "youth")
	w.until("2027-06-01 00:00:00")
	text, err := w.consent.Text(w.ctx(), w.actors["Sara"], id)
	w.must(err, "Sara reads")
	_, err = w.consent.Sign(w.ctx(), w.actors["Sara"], id, text.TextHash, w.freshLogin("Sara", text.TextHash))
	w.refused(err, fault.Conflict, "error.consent_is_over", "Sara signs rows that have ended")
	if w.state() != sig.InterventionSharingStopped {
		t.Fatalf("the intervention is %s", w.state())
	}
}

// TestNarrowingOvertakenByWithdrawal: a partial withdrawal between explanation and
// signature makes an old narrowing a widening; it no longer goes round.
func TestNarrowingOvertakenByWithdrawal(t *testing.T) {
	w := inForce(t)
	small := c1()
	small.Grants = small.Grants[:4] // the principal goes
	id := w.prepares(small, "Sara", "Omid", "youth")
	w.takesBack("Omid", sig.WithdrawalScope{Recipient: counsellor})
	_, err := w.consent.Text(w.ctx(), w.actors["Sara"], id)
	w.refused(err, fault.NotFound, "error.not_found", "Sara reads a version that names what Omid took back")
	if got := len(w.shown("coordinator").InForce.Rows); got != 4 {
		t.Fatalf("in force: %d rows, want the police's and the principal's", got)
	}
}

// TestStaleNarrowingNeedsEverybody: explained while there was something to
// narrow, signed by one after that has expired. The renewal that this would be
// needs the others too.
func TestStaleNarrowingNeedsEverybody(t *testing.T) {
	w := amir(t)
	d := c1()
	for n := range 2 {
		d.Grants[n].To = stockholm("2026-12-20 00:00:00")
	}
	d.Grants = d.Grants[:2]
	w.allSign(w.prepares(d, "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.decides()
	w.db.SetClock(t, stockholm("2026-12-10 10:00:00"))
	small := d
	small.Grants = append([]consenting.DraftGrant(nil), d.Grants...)
	small.Grants[0].Categories = small.Grants[0].Categories[:1]
	id := w.prepares(small, "Sara", "Omid", "youth")
	w.exec(`update sig.consent_grant set valid_to = '2026-12-15 00:00+01' where consent <> $1`, id) // the old one ends first
	w.exec(`update sig.alarm set due_at = '2026-12-15 00:00+01' where kind = 'consent_expires'`)
	w.until("2026-12-15 00:00:00")
	w.allSign(id, "Sara")
	if w.state() != sig.InterventionSharingStopped {
		t.Fatalf("one signature took an expired consent to %s", w.state())
	}
	w.allSign(id, "Omid", "youth")
	if w.state() != sig.InterventionActive {
		t.Fatalf("with all three it is %s", w.state())
	}
}
