package scenariotest

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

func day(year int, month time.Month, d int) sig.Date {
	return sig.Date{Year: year, Month: month, Day: d}
}

// endsFrom records now that a guardian decides no more from a day ahead.
func (c *city) endsFrom(guardian sig.GuardianID, from sig.Date) (*consenting.Case, error) {
	return c.Consenting.EndCustody(c.ctx(), c.as(karin), c.id, consenting.EndedCustody{
		Guardian: guardian, Since: sig.DateOf(c.db.Now(c.t)), Source: "judgment", Reference: "T 4711-26", From: from,
	})
}

// beginsFrom records that Viktor is Amir's guardian from a day ahead.
func (c *city) beginsFrom(replaces sig.GuardianID, from sig.Date) (*consenting.Case, error) {
	c.t.Helper()
	viktor, err := sample.Find("viktor")
	c.must(err, "find Viktor")
	number, err := viktor.Number()
	c.must(err, "read Viktor's number")
	return c.Consenting.RecordGuardian(c.ctx(), c.as(karin), c.id, consenting.NewGuardian{
		Number: number, Name: viktor.Name, Kind: "appointed", Source: "judgment", Reference: "T 4711-26", VerifiedOn: sig.DateOf(c.db.Now(c.t)),
		Replaces: replaces, From: from,
	})
}

func (c *city) ahead() []consenting.CustodyAhead {
	c.t.Helper()
	g, err := c.Consenting.Guardians(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the guardians")
	return g.Ahead
}

// stillIn reports whether a guardian sees the case and may sign in.
func (c *city) stillIn(persona string, actor sig.Actor) bool {
	c.t.Helper()
	_, err := c.Consenting.Show(c.ctx(), actor, c.id)
	_, signs := c.As(c.ctx(), persona, "guardian")
	if (err == nil) != (signs == nil) {
		c.t.Errorf("%s sees the case: %v, may sign in: %v", persona, err, signs)
	}
	return err == nil
}

// A court decides that custody is sole from 28 March 2027, the day on which
// clocks go forward: until the microsecond before its 00:00 Omid sees and may
// take back, from it on he does not, with no alarm; what the others have signed
// goes on.
func TestCustodyBecomesSoleOnADayAhead(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	omid, from := c.as("omid"), day(2027, 3, 28)
	_, err := c.Consenting.EndCustody(c.ctx(), c.as(berg), c.id, consenting.EndedCustody{
		Guardian: omid.Guardian, Since: day(2026, 12, 3), Source: "judgment", From: from,
	})
	c.refusedWith(err, "error.not_found", "the police record a judgment")
	_, err = c.endsFrom(omid.Guardian, day(2026, 12, 3))
	c.refusedWith(err, "from error.date_ahead", "a day that has begun")
	_, err = c.Consenting.EndCustody(c.ctx(), c.as(karin), c.id, consenting.EndedCustody{
		Guardian: omid.Guardian, Since: day(2026, 12, 3), Source: "manual", From: from,
	})
	c.refusedWith(err, "source error.custody_evidence", "without a judgment")
	before := one[int](c, `select count(*)::int from sig.outbox`)
	_, err = c.endsFrom(omid.Guardian, from)
	c.must(err, "Karin records the judgment")
	if one[int](c, `select count(*)::int from sig.outbox`) != before {
		t.Error("open pages were told of what has not happened")
	}
	_, err = c.endsFrom(omid.Guardian, from)
	c.refusedWith(err, "error.custody_ahead_known", "it is recorded twice")
	_, err = c.Consenting.EndCustody(c.ctx(), c.as(karin), c.id, consenting.EndedCustody{Guardian: omid.Guardian, Since: day(2026, 12, 3), Source: "judgment"})
	c.refusedWith(err, "error.custody_ahead_known", "it ends at once as well")
	if a := c.ahead(); len(a) != 1 || a[0].Ends != "Omid Rahimi" || a[0].Pauses || !a[0].At.Equal(stockholm("2027-03-28 00:00:00")) {
		t.Errorf("Karin sees what is to come as %+v", a)
	}
	if c.notes("custody_ahead") != 1 || c.notes("custody_ended") != 0 {
		t.Error("the journal does not say what is to come, or says that it has come")
	}
	c.radarSays(karin, "four months before")
	c.db.SetClock(t, stockholm("2027-03-20 10:00:00"))
	if got := c.radar(karin); len(got) == 0 || got[0] != "guardian_ends fortnight Omid Rahimi" {
		t.Errorf("eight days before the radar says %q", got)
	}
	c.db.FreezeClock(t, from.Start().Add(-time.Microsecond))
	if !c.stillIn("omid", omid) || !c.reads(berg, copyID) {
		t.Error("a microsecond before Omid or the police lost it")
	}
	c.db.FreezeClock(t, from.Start())
	if c.stillIn("omid", omid) {
		t.Error("when custody is sole Omid still sees, before any alarm")
	}
	_, err = c.Consenting.Withdraw(c.ctx(), omid, consenting.WithdrawInput{Intervention: c.id, Scope: everything, Key: "late"})
	c.refusedWith(err, "error.not_found", "Omid takes back")
	if !c.reads(berg, copyID) {
		t.Error("what Sara and Amir have signed does not go on")
	}
	told := one[int](c, `select count(*)::int from sig.outbox where $1 = any (topics)`, omid.Guardian)
	c.ring()
	if one[int](c, `select count(*)::int from sig.outbox where $1 = any (topics)`, omid.Guardian) == told {
		t.Error("Omid's open page was not told")
	}
	if got := c.shown("sara"); got.State != sig.InterventionActive || got.InForce.State != sig.ConsentActive || c.notes("custody_ended") != 1 || len(c.ahead()) != 0 {
		t.Error("after the day the consent does not go on, or the journal does not say what happened")
	}
	if got := one[time.Time](c, `select at from sig.journal_note where kind = 'custody_ended'`); !got.Equal(from.Start()) {
		t.Errorf("the note is of %s", got)
	}
	if got := one[string](c, `select custody from sig.guardianship where name like 'Sara%'`); got != "sole" {
		t.Errorf("Sara's custody is %s", got)
	}
}

// A guardian is replaced from 31 October 2027, on which clocks go back: at its
// 00:00 nothing moves and nothing is read, before any alarm, and it goes on when
// the new one has signed the same text. Another replica's alarm finds nothing.
func TestAGuardianIsReplacedOnADayAhead(t *testing.T) {
	c := newCity(t, "2027-07-01", "amir")
	c.proposes()
	rows := c1()
	for i := range rows {
		rows[i].From, rows[i].To = stockholm("2027-07-01 00:00:00"), stockholm("2027-12-31 00:00:00")
	}
	c.signs(c.explains(rows...), "amir", "sara", "omid")
	c.decides()
	c.seated(partners...)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	omid, from := c.as("omid"), day(2027, 10, 31)
	view, err := c.beginsFrom(omid.Guardian, from)
	c.must(err, "Karin records the judgment")
	if view.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Fatal("what is to come has come")
	}
	_, err = c.beginsFrom(sig.GuardianID{}, from)
	c.refusedWith(err, "error.guardian_known", "Viktor is recorded twice")
	if _, err := c.As(c.ctx(), "viktor", "guardian"); err == nil {
		t.Error("Viktor may sign in before he is a guardian")
	}
	if got := c.stands(); len(got) != 2 || got["Viktor Hage"] != "" {
		t.Errorf("the coordinator sees %v", got)
	}
	if a := c.ahead(); len(a) != 1 || a[0].Ends != "Omid Rahimi" || a[0].Begins != "Viktor Hage" || !a[0].Pauses {
		t.Errorf("Karin sees what is to come as %+v", a)
	}
	c.schedules(c.meets("2027-11-03 14:00:00", network, goals)) // whoever signs in time comes
	c.db.FreezeClock(t, from.Start().Add(-time.Microsecond))
	entitled := func() int64 {
		n, err := c.does(berg, `select from unnest((select sig.my_entitlements()))`)
		c.must(err, "ask what the database lets Berg read")
		return n
	}
	if !c.reads(berg, copyID) || !c.stillIn("omid", omid) || entitled() == 0 {
		t.Error("a microsecond before it is paused already")
	}
	c.db.FreezeClock(t, from.Start())
	if c.reads(berg, copyID) || c.stillIn("omid", omid) || len(c.familySees("sara")) != 0 {
		t.Error("in that instant, before any alarm, something is seen")
	}
	if n := entitled(); n != 0 {
		t.Errorf("the database lets Berg read by %d rows", n)
	}
	_, err = c.tells(karin, sample.Police, sig.CategoryPlanGoals)
	c.refusedWith(err, "recipients.0 reason.consent_suspended", "Karin tells the police")
	if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended || got.InForce.Paused != sig.SuspendedUnsigned {
		t.Errorf("before the alarm the page says %s", got.InForce.State)
	}
	c.ring()
	if got := one[string](c, `select state || ' ' || suspended_for from sig.consent where id = $1`, view.InForce.ID); got != "suspended signer_missing" {
		t.Errorf("what is written down is %s", got)
	}
	if _, asked := c.tasks(karin)["explain_consent"]; !asked || c.notes("signer_missing") != 1 || c.notes("guardian_recorded") != 1 {
		t.Error("nobody is asked to explain, or no note says why it is paused")
	}
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	c.explainsTo(view.InForce.ID, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	c.must(c.Sign(c.ctx(), "viktor", "guardian", view.InForce.ID), "Viktor signs")
	if got := c.shown(karin); got.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Errorf("signed by all, the consent is %s", got.InForce.State)
	}
}

// Whoever acts in the moment before the alarm finds the consent paused: the act
// writes it down first.
func TestAnActSettlesAChangeOfCustody(t *testing.T) {
	c := inForce(t)
	from := day(2027, 3, 1)
	_, err := c.beginsFrom(sig.GuardianID{}, from)
	c.must(err, "Karin records the judgment")
	c.db.FreezeClock(t, from.Start())
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.refusedWith(err, "error.signer_missing", "Nadia lets it go on before the alarm")
	if got := one[string](c, `select state from sig.consent where intervention = $1 and activated_at is not null`, c.id); got != "suspended" {
		t.Errorf("what is written down is %s", got)
	}
	c.ring()
	if c.notes("guardian_recorded") != 1 || c.notes("signer_missing") != 1 {
		t.Error("the alarm wrote again what the act had written")
	}
}

// A part that is taken back before the day leaves the new version waiting for
// the new guardian all the same.
func TestANarrowedConsentWaitsForTheNewGuardian(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	from := day(2027, 3, 1)
	_, err := c.beginsFrom(sig.GuardianID{}, from)
	c.must(err, "Karin records the judgment")
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sample.Principal})
	c.db.FreezeClock(t, from.Start().Add(-time.Microsecond))
	if !c.reads(berg, copyID) {
		t.Error("a microsecond before it is paused already")
	}
	c.db.FreezeClock(t, from.Start())
	if c.reads(berg, copyID) {
		t.Error("the narrowed version is read without the new guardian")
	}
}

// Nobody is left who decides: from that instant nothing is shared.
func TestTheLastGuardianGoesOnADayAhead(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.endsCustody(c.as("omid").Guardian)
	from := day(2027, 3, 1)
	_, err := c.endsFrom(c.as("sara").Guardian, from)
	c.must(err, "Karin records the judgment")
	c.db.FreezeClock(t, from.Start())
	if c.reads(berg, copyID) {
		t.Error("a child without any guardian is shared about")
	}
	c.ring()
	if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended {
		t.Errorf("then the consent is %s", got.InForce.State)
	}
}

// A higher court stays the judgment: Karin takes the change back before the day,
// with the reason, and nothing happens on it. It can be recorded again.
func TestAChangeOfCustodyIsTakenBack(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	omid, from := c.as("omid"), day(2027, 3, 1)
	for range 2 {
		_, err := c.beginsFrom(omid.Guardian, from)
		c.must(err, "Karin records the judgment")
		change := c.ahead()[0].ID
		_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(berg), c.id, change, "hovrätten")
		c.refusedWith(err, "error.not_found", "the police take it back")
		_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(karin), c.id, change, " ")
		c.refusedWith(err, "reason error.required", "without a reason")
		_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(karin), c.id, change, "hovrätten har stoppat domen")
		c.must(err, "Karin takes it back")
		_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(karin), c.id, change, "en gång till")
		c.refusedWith(err, "error.not_found", "Karin takes it back twice")
	}
	if len(c.ahead()) != 0 || c.notes("custody_stays") != 4 {
		t.Errorf("something is still to come, or %d notes of what was taken back", c.notes("custody_stays"))
	}
	c.db.SetClock(t, stockholm("2027-02-20 10:00:00"))
	for _, line := range c.radar(karin) {
		if strings.Contains(line, "guardian") {
			t.Errorf("the radar tells of what was taken back: %s", line)
		}
	}
	c.until("2027-03-01 00:00:00")
	if !c.stillIn("omid", omid) || !c.reads(berg, copyID) {
		t.Error("what was taken back came about")
	}
	if got := c.stands(); len(got) != 2 || got["Viktor Hage"] != "" {
		t.Errorf("the coordinator sees %v", got)
	}
	if _, err := c.As(c.ctx(), "viktor", "guardian"); err == nil {
		t.Error("Viktor may sign in")
	}

	_, err := c.endsFrom(omid.Guardian, day(2027, 3, 15))
	c.must(err, "Karin records another judgment")
	change := c.ahead()[0].ID
	c.db.FreezeClock(t, stockholm("2027-03-15 00:00:00"))
	_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(karin), c.id, change, "för sent")
	c.refusedWith(err, "error.not_found", "Karin takes back what has happened")
	if c.stillIn("omid", omid) {
		t.Error("it was taken back after it had come about")
	}
}

// The database on its own: who decides from when is the board's to say, and its
// family sees nothing of it.
func TestTheDatabaseKeepsAChangeOfCustody(t *testing.T) {
	c := inForce(t)
	omid := c.as("omid")
	const says = `insert into sig.custody_change (id, intervention, ends, at, source, reference, verified_on, recorded_by, recorded_at)
values (gen_random_uuid(), $1, $2, sig.now() + interval '30 days', 'judgment', '', '2026-12-01', sig.setting_uuid('app.assignment'), sig.now())`
	for _, who := range []string{berg, malin, "sara", "omid", "amir"} {
		if _, err := c.does(who, says, c.id, omid.Guardian); err == nil {
			t.Errorf("the database lets %s record a change of custody", who)
		}
	}
	_, err := c.endsFrom(omid.Guardian, day(2027, 3, 1))
	c.must(err, "Karin records the judgment")
	for _, who := range []string{berg, malin, "sara", "omid", "amir"} {
		if n, err := c.does(who, `select from sig.custody_change`); n != 0 || err != nil {
			t.Errorf("%s sees %d changes of custody, %v", who, n, err)
		}
		if n, _ := c.does(who, `update sig.custody_change set taken_back_at = sig.now(), taken_back_by = sig.setting_uuid('app.assignment'), reason_sealed = '\x00'`); n != 0 {
			t.Errorf("the database lets %s take it back", who)
		}
	}
}

// The young person comes of age before the day: then there is nothing to record.
func TestNoChangeOfCustodyAfterEighteen(t *testing.T) {
	c := newCity(t, "2026-11-01", "lina") // eighteen on 20 January 2027
	c.proposes()
	petra := c.as("petra")
	_, err := c.endsFrom(petra.Guardian, day(2027, 1, 20))
	c.refusedWith(err, "from error.youth_is_adult", "on the birthday")
	_, err = c.endsFrom(petra.Guardian, day(2027, 1, 19))
	c.must(err, "the day before")
}
