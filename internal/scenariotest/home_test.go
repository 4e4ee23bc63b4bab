package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// "Visa inget hemma": once it is off, Amir's eID finds nothing, as anybody's
// does whom no authority knows; his consent goes on, his guardians' view too,
// and no mail goes to his phone. In the office it is open for an hour, to the
// microsecond, and only the board switches it on again.
func TestNothingIsShownAtHome(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	amir, sara := c.as("amir"), c.as("sara")
	set := func(who sig.Actor, act consenting.HomeAct) error {
		return c.Consenting.SetAtHome(c.ctx(), who, c.id, act)
	}
	c.refusedWith(set(sara, consenting.HomeHide), "error.not_found", "Sara switches Amir's view off")
	c.refusedWith(set(c.as(berg), consenting.HomeHide), "error.not_found", "the police switch it off")
	c.refusedWith(set(amir, consenting.HomeOffice), "error.not_found", "Amir opens the office")
	c.must(set(amir, consenting.HomeHide), "Amir switches it off")
	sees := func() bool {
		t.Helper()
		_, err := c.Consenting.Show(c.ctx(), amir, c.id)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			t.Fatal(err)
		}
		_, signIn := c.As(c.ctx(), "amir", "youth")
		cases, listed := c.Casework.Cases(c.ctx(), amir)
		c.must(listed, "Amir lists cases")
		page, diary := c.Sharing.Diary(c.ctx(), amir, c.id, sharing.DiaryPlace{})
		if (err == nil) != (signIn == nil) || (err == nil) != (len(cases) == 1) || (err == nil) != (diary == nil && page != nil) {
			t.Errorf("the consent says %v, signing in %v, the list %d, the diary %v", err, signIn, len(cases), diary)
		}
		return err == nil
	}
	if sees() {
		t.Fatal("switched off, the view is still there")
	}
	c.refusedWith(set(amir, consenting.HomeShow), "error.not_found", "whoever holds the phone switches it on")
	if !c.reads(berg, copyID) || c.shown("sara").InForce == nil {
		t.Error("something else ended with it")
	}
	c.must(set(c.as(karin), consenting.HomeOffice), "Karin opens it in the office")
	open := c.db.Now(t)
	h, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the switch")
	if !sees() || !h.Hidden || !h.ByYouth || h.OfficeUntil.Before(open) {
		t.Errorf("in the office it is not open: %+v", h)
	}
	c.db.FreezeClock(t, h.OfficeUntil.Add(-time.Microsecond))
	if !sees() {
		t.Error("a microsecond before the hour is over it is closed")
	}
	c.db.FreezeClock(t, h.OfficeUntil)
	if sees() {
		t.Error("after the hour it is open")
	}
	c.withdraws("sara", everything) // everybody is told by mail, but not Amir's phone
	if n := one[int](c, `select count(*)::int from sig.mail m where m.youth is not null and sig.mail_entitled(m.id)`); n != 0 {
		t.Errorf("%d mails would go to Amir's phone", n)
	}
	if n := one[int](c, `select count(*)::int from sig.mail m where m.guardian is not null and sig.mail_entitled(m.id)`); n == 0 {
		t.Error("nobody else is told either")
	}
	c.must(set(c.as(nadia), consenting.HomeShow), "Nadia switches it on")
	if !sees() {
		t.Error("switched on, the view is not there")
	}
	for kind, n := range map[string]int{"home_hidden": 1, "home_office": 1, "home_shown": 1} {
		if c.notes(kind) != n {
			t.Errorf("%d journal notes %s, want %d", c.notes(kind), kind, n)
		}
	}
}
