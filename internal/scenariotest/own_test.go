package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// asksAmir has Karin write down that the counsellor may tell her about pupil
// health until the end of January, and gives the row.
func (c *city) asksAmir() consenting.OwnRow {
	c.t.Helper()
	c.must(c.Consenting.ProposeOwn(c.ctx(), c.as(karin), c.id, consenting.NewOwn{
		Discloser: sample.Counsellor, Recipient: sample.Coordinator, Categories: []sig.Category{sig.CategoryPupilHealth},
		Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet i skolan"}, LastDay: sig.Date{Year: 2027, Month: 1, Day: 31},
	}), "Karin writes down what Amir is asked alone")
	return c.own(karin).Rows[0]
}

func (c *city) own(who string) *consenting.OwnConsent {
	c.t.Helper()
	own, err := c.Consenting.Own(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at what is Amir's own")
	return own
}

func (c *city) gives(who string, row consenting.OwnRow) error {
	c.t.Helper()
	seen := consenting.Seen(row.TextHash, words.For("sv"))
	_, actor, err := c.OpenSession(c.ctx(), who, c.hat(who))
	c.must(err, who+" signs in")
	if c.office != nil && who == c.family.Youth {
		actor = *c.office
	}
	proof, err := c.ProofIn(c.ctx(), who, actor, seen)
	c.must(err, who+" logs in anew")
	return c.Consenting.GiveOwn(c.ctx(), actor, c.id, row.ID, seen, proof)
}

// inTheOffice opens Amir's page at Karin's for an hour; he signs in there.
func (c *city) inTheOffice() {
	c.t.Helper()
	c.must(c.Consenting.SetAtHome(c.ctx(), c.as(karin), c.id, consenting.HomeOffice), "Karin opens the page in the office")
	h, err := c.Consenting.AtHome(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin reads the number")
	_, amir, err := c.EnterOffice(c.ctx(), c.family.Youth, h.Number)
	c.must(err, "Amir types the number at Karin's")
	c.office = &amir
}

// What is Amir's alone, Amir alone gives and takes back (OSL 12:3; domain 3.2):
// in the office and nowhere else, no guardian knows of it, everybody's consent
// goes on without it, and what was told by it is gone with the withdrawal.
func TestTheYouthAloneGivesAndTakesBack(t *testing.T) {
	c := inForce(t)
	_, err := c.tells(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.refusedWith(err, "recipients.0 reason.category_not_covered", "Malin tells it without anybody's yes")
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	before := map[string]*consenting.Case{"sara": c.shown("sara"), "omid": c.shown("omid")}
	row := c.asksAmir()
	_, err = c.tells(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.refusedWith(err, "recipients.0 reason.category_not_covered", "Malin tells it before Amir's yes")
	for _, who := range []string{"sara", "omid", "amir", berg} { // at home Amir's eID is anybody's
		_, err := c.Consenting.Own(c.ctx(), c.as(who), c.id)
		c.refusedWith(err, "error.not_found", who+" looks at what is Amir's own")
		if n, err := c.does(who, `select from sig.own_consent`); n != 0 || err != nil {
			t.Errorf("the database shows %s %d rows of it (%v)", who, n, err)
		}
	}
	for _, who := range []string{"sara", "amir"} {
		c.refusedWith(c.gives(who, row), "error.not_found", who+" gives it at home")
	}
	c.inTheOffice()
	c.refusedWith(c.gives("omid", row), "error.not_found", "Omid gives it")
	wrong := row
	wrong.TextHash = c.own(karin).Rows[0].TextHash[1:] + "0"
	c.refusedWith(c.gives("amir", wrong), "error.version_changed", "another text")
	nudged := one[int64](c, `select max(id) from sig.outbox`)
	c.must(c.gives("amir", row), "Amir says yes")
	c.refusedWith(c.gives("amir", row), "error.already_answered", "Amir says yes again")
	told := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	if !c.reads(karin, told) {
		t.Fatal("Karin cannot read what Amir has said yes to")
	}
	_, err = c.tells(malin, sample.Police, sig.CategoryPupilHealth)
	c.refusedWith(err, "recipients.0 reason.no_grant_recipient", "the police are told too")
	_, err = c.tells(malin, sample.Coordinator, sig.CategoryPupilHealth, sig.CategoryAttendance)
	c.refusedWith(err, "recipients.0 reason.category_not_covered", "two rows add up")
	for who, was := range before {
		now := c.shown(who)
		if now.InForce.TextHash != was.InForce.TextHash || now.InForce.Number != was.InForce.Number || len(now.InForce.Rows) != len(was.InForce.Rows) || len(now.Past) != len(was.Past) {
			t.Errorf("%s sees another consent", who)
		}
		if n := one[int](c, `select count(*)::int from sig.outbox o where $1 = any (o.topics) and o.id > $2`, c.as(who).Guardian.UUID, nudged); n != 0 {
			t.Errorf("%s's page was nudged %d times", who, n)
		}
	}
	kept := c.told(malin, sample.Coordinator, sig.CategoryAttendance)
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: sample.Principal.Authority, Unit: sample.Principal.Unit, Function: sample.Principal.Function}})
	if !c.reads(karin, told) || !c.reads(karin, kept) {
		t.Error("Sara's withdrawal of something else took it")
	}
	reference, err := c.Consenting.EndOwn(c.ctx(), c.as("amir"), c.id, row.ID)
	c.must(err, "Amir takes it back")
	again, err := c.Consenting.EndOwn(c.ctx(), c.as("amir"), c.id, row.ID)
	c.must(err, "Amir takes it back again")
	if reference == "" || again != reference || c.own("amir").Rows[0].Reference != reference {
		t.Errorf("receipts %q and %q", reference, again)
	}
	if c.reads(karin, told) || !c.reads(karin, kept) {
		t.Error("what Amir took back is still read, or the rest is not")
	}
	if c.shown(karin).State != sig.InterventionActive || c.notes("own_given") != 1 || c.notes("own_ended") != 1 {
		t.Error("the intervention ended, or the journal does not say what happened")
	}
}

// It ends by its own date to the microsecond, daylight or not, with the hour in
// the office, with the assessment, and with everybody's consent.
func TestTheYouthsOwnYesEnds(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	row := c.asksAmir()
	c.inTheOffice()
	c.must(c.gives("amir", row), "Amir says yes")
	first := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.db.Advance(t, consenting.OfficeTime)
	_, err := c.Consenting.EndOwn(c.ctx(), c.as("amir"), c.id, row.ID)
	c.refusedWith(err, "error.not_found", "Amir takes it back at home, where the hour is over")
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00").Add(-time.Microsecond))
	if !c.reads(karin, first) {
		t.Error("a microsecond before its end it cannot be read")
	}
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00"))
	if c.reads(karin, first) {
		t.Error("at its end it can be read")
	}
	c.ring()
	c.db.SetClock(t, stockholm("2027-02-01 08:00:00"))
	second := c.asksUntilMay()
	c.inTheOffice()
	c.must(c.gives("amir", second), "Amir says yes to another")
	told := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.must(c.assesses(sig.CategorySubstanceUse), "Nadia finds that it is another category")
	if c.reads(karin, told) || c.own(karin).Rows[0].EndedBy != "assessment" {
		t.Error("it outlives the assessment that it rests on")
	}
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that it was right before")
	if c.reads(karin, told) {
		t.Error("it comes back with an assessment")
	}
	third := c.asksUntilMay()
	_, err = c.Consenting.EndOwn(c.ctx(), c.as(berg), c.id, third.ID)
	c.refusedWith(err, "error.not_found", "the police take it away")
	c.inTheOffice()
	c.must(c.gives("amir", third), "Amir says yes to a third")
	told = c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.withdraws("omid", everything)
	if c.reads(karin, told) {
		t.Error("it outlives everybody's consent")
	}
}

func (c *city) asksUntilMay() consenting.OwnRow {
	c.t.Helper()
	c.must(c.Consenting.ProposeOwn(c.ctx(), c.as(karin), c.id, consenting.NewOwn{
		Discloser: sample.Counsellor, Recipient: sample.Coordinator, Categories: []sig.Category{sig.CategoryPupilHealth},
		Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet i skolan"}, LastDay: sig.Date{Year: 2027, Month: 5, Day: 15},
	}), "Karin asks Amir again")
	return c.own(karin).Rows[0]
}

// What may be written down at all, and by whom.
func TestWhatAYouthCanBeAskedAlone(t *testing.T) {
	c := inForce(t)
	fine := consenting.NewOwn{
		Discloser: sample.Counsellor, Recipient: sample.Coordinator, Categories: []sig.Category{sig.CategoryPupilHealth},
		Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet"}, LastDay: sig.Date{Year: 2027, Month: 1, Day: 31},
	}
	try := func(who string, change func(*consenting.NewOwn)) error {
		in := fine
		change(&in)
		return c.Consenting.ProposeOwn(c.ctx(), c.as(who), c.id, in)
	}
	as := func(*consenting.NewOwn) {}
	c.refusedWith(try(karin, as), "error.nothing_is_alone", "nothing is Amir's alone")
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia assesses")
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", "sara": "error.not_found", "amir": "error.not_found"} {
		c.refusedWith(try(who, as), code, who+" writes it down")
	}
	c.refusedWith(try(karin, func(in *consenting.NewOwn) { in.Categories = []sig.Category{sig.CategorySubstanceUse} }), "categories error.own_not_alone", "a category that is not Amir's alone")
	c.refusedWith(try(karin, func(in *consenting.NewOwn) { in.Recipient = elsas }), "recipient error.own_other_seat", "a function that everybody's consent does not name")
	c.refusedWith(try(karin, func(in *consenting.NewOwn) { in.Aim = sig.Aim{Addition: " "} }), "purpose error.grant_no_purpose", "without a purpose")
	c.refusedWith(try(karin, func(in *consenting.NewOwn) { in.LastDay = sig.Date{} }), "to error.grant_no_end", "without an end")
	c.must(try(karin, as), "Karin writes it down")
}

// It never outlives everybody's consent, beside which it counts: at the exact end
// of that one's last row nothing is read by it, before anybody has written the end
// down; and nobody is called to a meeting that lies after it.
func TestTheYouthsOwnYesEndsWithEverybodysLastRow(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	c.db.SetClock(t, stockholm("2027-05-20 10:00:00"))
	c.givesAlone(sample.Counsellor, sample.Coordinator, sig.Date{Year: 2027, Month: 6, Day: 30})
	told := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2027-06-01 00:00:00", []sig.Seat{sample.Coordinator}, health))
	c.refusedWith(err, "points.0.teller reason.window_over", "Karin calls to it for the instant at which everybody's consent ends")
	c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00").Add(-time.Microsecond))
	if !c.reads(karin, told) {
		t.Error("a microsecond before everybody's consent ends it cannot be read")
	}
	c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00"))
	if c.reads(karin, told) {
		t.Error("it is read after everybody's consent has ended")
	}
}
