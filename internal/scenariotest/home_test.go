package scenariotest

import (
	"strings"
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
		cases, listed := c.Casework.Cases(c.ctx(), amir)
		c.must(listed, "Amir lists cases")
		page, diary := c.Sharing.Diary(c.ctx(), amir, c.id, sharing.DiaryPlace{})
		if (err == nil) != (len(cases) == 1) || (err == nil) != (diary == nil && page != nil) {
			t.Errorf("the consent says %v, the list %d, the diary %v", err, len(cases), diary)
		}
		return err == nil
	}
	if _, err := c.As(c.ctx(), "amir", "youth"); err == nil || sees() {
		t.Fatal("switched off, the view is still there")
	}
	c.refusedWith(set(amir, consenting.HomeShow), "error.not_found", "whoever holds the phone switches it on")
	if !c.reads(berg, copyID) || c.shown("sara").InForce == nil {
		t.Error("something else ended with it")
	}
	c.must(set(c.as(karin), consenting.HomeOffice), "Karin opens it in the office")
	open := c.db.Now(t)
	h, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin reads the number")
	for _, when := range []string{"before", "after"} {
		if _, err := c.As(c.ctx(), "amir", "youth"); err == nil {
			t.Errorf("%s the number was typed at Karin's, his eID finds a page elsewhere", when)
		}
		if when == "before" {
			_, amir, err = c.EnterOffice(c.ctx(), "amir", h.Number)
			c.must(err, "Amir types the number at Karin's")
		}
	}
	h, err = c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the switch")
	if !sees() || !h.Hidden || !h.ByYouth || h.OfficeUntil.Before(open) || h.TakenAt.Before(open) {
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
	amir = c.as("amir")
	if !sees() {
		t.Error("switched on, the view is not there")
	}
	for kind, n := range map[string]int{"home_hidden": 1, "home_office": 1, "home_shown": 1} {
		if c.notes(kind) != n {
			t.Errorf("%d journal notes %s, want %d", c.notes(kind), kind, n)
		}
	}
}

// The hour in the office is a place: whoever signs in with Amir's eID elsewhere
// while it lasts, even before him, reads nothing of what is his alone, and Karin
// sees that her number was typed. It is typed once, and is of that hour alone.
func TestTheHourInTheOfficeIsOfWhoTypesItsNumber(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	c.asksAmir()
	looks := func(who sig.Actor) error {
		_, err := c.Consenting.Own(c.ctx(), who, c.id)
		return err
	}
	signsIn := func() sig.Actor {
		_, who, err := c.OpenSession(c.ctx(), "amir", "youth")
		c.must(err, "somebody signs in with Amir's eID")
		return who
	}
	before := signsIn()
	c.must(c.Consenting.SetAtHome(c.ctx(), c.as(karin), c.id, consenting.HomeOffice), "Karin opens the hour")
	first := signsIn()
	c.refusedWith(looks(first), "error.not_found", "the first sign-in, without the number")
	old, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin reads the number")
	if !old.TakenAt.IsZero() || len(old.Number) != 6 {
		t.Fatalf("a sign-in without the number has the hour: %+v", old)
	}
	c.inTheOffice()
	elsewhere := signsIn()
	c.must(looks(*c.office), "Amir reads in the office")
	for name, who := range map[string]sig.Actor{"before the hour": before, "after the hour was opened": first, "after Amir": elsewhere, "without a session": c.atHome("amir")} {
		c.refusedWith(looks(who), "error.not_found", "a sign-in "+name)
	}
	h, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the switch")
	if h.TakenAt.IsZero() || h.Hidden || h.Number != "" {
		t.Errorf("Karin is not told that Amir typed her number: %+v", h)
	}
	one[string](c, `update sig.session set created_at = created_at - interval '40 minutes' where id = (select office_session from sig.youth_home) returning id::text`)
	if again, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id); err != nil || !again.TakenAt.Equal(h.TakenAt) {
		t.Errorf("when Amir had signed in is told as when he typed the number: %v, want %v (%v)", again.TakenAt, h.TakenAt, err)
	}
	hers := one[string](c, `select office_session::text from sig.youth_home`)
	for name, number := range map[string]string{"of the hour before": old.Number, "none": "", "any": "000000"} {
		if _, _, err := c.EnterOffice(c.ctx(), "amir", number); err == nil && number != h.Number {
			t.Errorf("a second time, by the number %s, the page opens", name)
		}
	}
	if now := one[string](c, `select office_session::text from sig.youth_home`); now != hers {
		t.Error("the hour has gone to another")
	}
	first = *c.office
	c.inTheOffice()
	c.refusedWith(looks(first), "error.not_found", "the hour before")
	c.must(looks(*c.office), "Amir reads in the hour that was opened again")
	c.homeAgain()
	c.refusedWith(looks(first), "error.not_found", "after the hour")
}

// Five wrong numbers, and the hour is over; Sara's tries are none of Amir's.
func TestWrongNumbersCloseTheHourInTheOffice(t *testing.T) {
	c := inForce(t)
	c.must(c.Consenting.SetAtHome(c.ctx(), c.as(karin), c.id, consenting.HomeOffice), "Karin opens the hour")
	hour := func() *consenting.AtHome {
		t.Helper()
		h, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
		c.must(err, "Karin looks at the switch")
		return h
	}
	h := hour()
	wrong := strings.Map(func(d rune) rune { return '0' + '9' - d }, h.Number)
	tries := func(who, number string) error {
		_, _, err := c.EnterOffice(c.ctx(), who, number)
		return err
	}
	for range 6 {
		if tries("sara", h.Number) == nil {
			t.Fatal("Sara opens it by the right number")
		}
	}
	for n := range 4 {
		if tries("amir", wrong) == nil || hour().Closed {
			t.Fatalf("wrong number %d opens it or closes it for good", n+1)
		}
	}
	if tries("amir", wrong) == nil || !hour().Closed || !hour().OfficeUntil.IsZero() || hour().Number != "" {
		t.Fatal("after five wrong numbers it is still open")
	}
	if tries("amir", h.Number) == nil {
		t.Error("after five wrong numbers the right one opens it")
	}
	c.inTheOffice()
	if hour().Closed || hour().TakenAt.IsZero() {
		t.Error("opened again it is not open")
	}
}
