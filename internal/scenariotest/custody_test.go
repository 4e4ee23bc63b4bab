package scenariotest

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// notes counts the board's journal notes of a kind.
func (c *city) notes(kind string) int {
	c.t.Helper()
	return one[int](c, `select count(*)::int from sig.journal_note where intervention = $1 and kind = $2`, c.id, kind)
}

// endsCustody records that a guardian does not decide any more.
func (c *city) endsCustody(guardian sig.GuardianID) *consenting.Case {
	c.t.Helper()
	view, err := c.Consenting.EndCustody(c.ctx(), c.as(karin), c.id, consenting.EndedCustody{
		Guardian: guardian, Since: sig.DateOf(c.db.Now(c.t)), Source: "judgment", Reference: "T 4711-26",
	})
	c.must(err, "Karin records the judgment")
	return view
}

// newGuardian records Viktor as Amir's guardian, in somebody's place.
func (c *city) newGuardian(replaces sig.GuardianID) *consenting.Case {
	c.t.Helper()
	viktor, err := sample.Find("viktor")
	c.must(err, "find Viktor")
	number, err := viktor.Number()
	c.must(err, "read Viktor's number")
	view, err := c.Consenting.RecordGuardian(c.ctx(), c.as(karin), c.id, consenting.NewGuardian{
		Number: number, Name: viktor.Name, Kind: "appointed", Source: "judgment", VerifiedOn: sig.DateOf(c.db.Now(c.t)), Replaces: replaces, Reference: "T 815-26",
	})
	c.must(err, "Karin records a new guardian")
	return view
}

// stands are the guardians' standpoints as the board sees them, by name.
func (c *city) stands() map[string]consenting.Standpoint {
	c.t.Helper()
	g, err := c.Consenting.Guardians(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the guardians")
	out := map[string]consenting.Standpoint{}
	for _, line := range g.Lines {
		if line.Decides {
			out[line.Name] = line.Answer
		}
	}
	return out
}

// Custody becomes sole (domain 3.3): Omid's view and standing end with the
// record, nobody needs his signature any more, and what the others have signed
// goes on.
func TestCustodyBecomesSole(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	omid := c.as("omid")
	_, err := c.Consenting.EndCustody(c.ctx(), c.as(berg), c.id, consenting.EndedCustody{Guardian: omid.Guardian, Since: sig.DateOf(c.db.Now(t)), Source: "judgment"})
	c.refusedWith(err, "error.not_found", "the police record a judgment")
	before := one[int](c, `select count(*)::int from sig.outbox where $1 = any (topics)`, omid.Guardian)
	c.endsCustody(omid.Guardian)
	if _, err := c.Consenting.Show(c.ctx(), omid, c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Omid still sees the consent: %v", err)
	}
	if _, err := c.Sharing.Head(c.ctx(), omid, c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Omid still sees the case: %v", err)
	}
	if _, err := c.As(c.ctx(), "omid", "guardian"); err == nil {
		t.Error("Omid can still sign in as a guardian")
	}
	_, err = c.Consenting.Withdraw(c.ctx(), omid, consenting.WithdrawInput{Intervention: c.id, Scope: everything, Key: "late"})
	c.refusedWith(err, "error.not_found", "Omid takes back")
	if one[int](c, `select count(*)::int from sig.outbox where $1 = any (topics)`, omid.Guardian) == before {
		t.Error("Omid's open page was not told")
	}
	if got := c.shown("sara"); got.State != sig.InterventionActive || got.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Error("what Sara and Amir have signed does not go on")
	}
	if c.notes("custody_ended") != 1 || one[int](c, `select count(*)::int from sig.ledger where kind = 'record_guardian' and intervention = $1 and outcome = 'allowed'`, c.id) != 1 {
		t.Error("the journal and the ledger do not have one row each")
	}
	if got := one[string](c, `select custody from sig.guardianship where name like 'Sara%'`); got != "sole" {
		t.Errorf("Sara's custody is %s", got)
	}
	_, err = c.Consenting.EndCustody(c.ctx(), c.as(karin), c.id, consenting.EndedCustody{Guardian: omid.Guardian, Since: sig.DateOf(c.db.Now(t)), Source: "judgment"})
	c.refusedWith(err, "error.not_found", "what has ended ends again")

	// The last one goes too: nobody decides, and nothing may be shared.
	c.endsCustody(c.as("sara").Guardian)
	if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended || got.InForce.Paused != sig.SuspendedUnsigned || c.reads(berg, copyID) {
		t.Error("a child without any guardian is shared about")
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.refusedWith(err, "error.signer_missing", "Nadia presses on without a guardian")
}

// A child decides for nobody: not for itself, and not for another. The yes in
// force stands, and nobody is asked for one more.
func TestAChildIsNobodysGuardian(t *testing.T) {
	c := inForce(t)
	today := sig.DateOf(c.db.Now(t))
	records := func(persona string, from sig.Date) error {
		p, err := sample.Find(persona)
		c.must(err, "find "+persona)
		number, err := p.Number()
		c.must(err, "read the number of "+persona)
		_, err = c.Consenting.RecordGuardian(c.ctx(), c.as(karin), c.id, consenting.NewGuardian{
			Number: number, Name: p.Name, Kind: "appointed", Source: "judgment", VerifiedOn: today, Reference: "T 815-26", From: from,
		})
		return err
	}
	for _, child := range []string{"amir", "kim"} {
		c.refusedWith(records(child, sig.Date{}), "number error.guardian_under_age", child+" is recorded as Amir's guardian")
	}
	// Lina is 18 from 20 January 2027 on: from that day, and not from the day before.
	c.refusedWith(records("lina", day(2027, 1, 19)), "number error.guardian_under_age", "Lina from the day before she is of age")
	if got := c.shown("sara"); got.InForce.State != sig.ConsentActive || len(c.ahead()) != 0 {
		t.Errorf("what was refused has paused the consent: %s", got.InForce.State)
	}
	if _, err := c.As(c.ctx(), "amir", "guardian"); err == nil {
		t.Error("Amir may choose to be his own guardian")
	}
	c.must(records("lina", day(2027, 1, 20)), "Karin records Lina from the day on which she is of age")
	_, err := c.db.Super().Exec(c.ctx(), `insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
		select gen_random_uuid(), y.id, y.authority, y.name, y.pin_hash, 'x', 'joint', 'manual', '2026-01-01', sig.now() from sig.youth y where y.name like 'Amir%'`)
	if err == nil || !strings.Contains(err.Error(), "never their own guardian") {
		t.Errorf("the database takes a child as its own guardian: %v", err)
	}
}

// The case has ended, by Omid's own withdrawal, and a court gives Sara the custody
// alone: Omid, who could still read what is shown to the family, reads no more.
// Nobody new is recorded in a case that has ended.
func TestCustodyEndsAfterTheCase(t *testing.T) {
	c := inForce(t)
	omid := c.as("omid")
	c.withdraws("omid", everything)
	if !c.stillIn("omid", omid) || !c.shown(karin).Can(consenting.ActionEndCustody) || c.shown(karin).Can(consenting.ActionCustody) {
		t.Fatal("in the ended case Omid reads no more, or Karin may not record the judgment, or may record somebody new")
	}
	viktor, err := sample.Find("viktor")
	c.must(err, "find Viktor")
	number, err := viktor.Number()
	c.must(err, "read Viktor's number")
	_, err = c.Consenting.RecordGuardian(c.ctx(), c.as(karin), c.id, consenting.NewGuardian{
		Number: number, Name: viktor.Name, Kind: "appointed", Source: "judgment", VerifiedOn: sig.DateOf(c.db.Now(t)),
	})
	c.refusedWith(err, "error.intervention_ended", "Karin records a new guardian")
	c.endsCustody(omid.Guardian)
	if c.stillIn("omid", omid) {
		t.Error("Omid still reads the ended case")
	}
	if _, err := c.Sharing.Head(c.ctx(), omid, c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Omid still sees the case: %v", err)
	}
	if got := c.shown("sara"); got.State != sig.InterventionClosed || c.notes("custody_ended") != 1 || c.notes("signer_missing") != 0 {
		t.Errorf("for Sara the case is %s, or the journal does not say what happened", got.State)
	}

	// On a day ahead it ends by itself, and can be taken back before.
	sara, from := c.as("sara").Guardian, day(2027, 3, 1)
	_, err = c.endsFrom(sara, from)
	c.must(err, "Karin records a judgment for a day ahead")
	_, err = c.Consenting.TakeCustodyBack(c.ctx(), c.as(karin), c.id, c.ahead()[0].ID, "hovrätten har stoppat domen")
	c.must(err, "Karin takes it back")
	c.until("2027-03-01 00:00:00")
	if !c.stillIn("sara", c.as("sara")) {
		t.Error("what was taken back came about")
	}
}

// A version that waited for one who does not decide any more waits no longer.
func TestASignatureThatIsNotNeededAnyMore(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(c1()...), "amir", "sara")
	if got := c.stands(); got["Omid Rahimi"] != consenting.StandsSilent || got["Sara Rahimi"] != consenting.StandsGiven {
		t.Errorf("the coordinator sees %v", got)
	}
	view := c.endsCustody(c.as("omid").Guardian)
	if view.State != sig.InterventionAwaitingDecision {
		t.Fatalf("signed by all who decide, the intervention is %s", view.State)
	}
	c.decides()
}

// A guardian is replaced: the consent is paused in that instant, nothing moves
// and nothing is read, and it goes on when the new one has signed the same text.
func TestANewGuardianSignsFirst(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	view := c.newGuardian(c.as("omid").Guardian)
	const says = `select string_agg(kind, ' ' order by kind) from sig.journal_note where intervention = $1 and facts->>'reference' = 'T 815-26'`
	if got := one[string](c, says, c.id); got != "custody_ended guardian_recorded" {
		t.Errorf("the judgment stands in the notes %q", got)
	}
	if view.InForce.State != sig.ConsentSuspended || view.InForce.Paused != sig.SuspendedUnsigned {
		t.Fatalf("with a new guardian the consent is %s", view.InForce.State)
	}
	if c.reads(berg, copyID) || len(c.familySees("sara")) != 0 {
		t.Error("something is seen before the new guardian has signed")
	}
	_, err := c.tells(karin, sample.Police, sig.CategoryPlanGoals)
	c.refusedWith(err, "recipients.0 reason.consent_suspended", "Karin tells the police")
	if _, asked := c.tasks(karin)["explain_consent"]; !asked || c.notes("signer_missing") != 1 {
		t.Error("nobody is asked to explain, or no note says why it is paused")
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.refusedWith(err, "error.signer_missing", "Nadia lets it go on")
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	id := view.InForce.ID
	if got, err := c.Consenting.Show(c.ctx(), viktor, c.id); err != nil || got.InForce.Can(consenting.ActionSign) {
		t.Errorf("before it is explained Viktor may sign: %v", err)
	}
	c.explainsTo(id, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	const told = `select count(*)::int from sig.mail where kind = 'consent_to_sign' and object_id = $1 and guardian = $2 and sig.mail_entitled(id)`
	if one[int](c, told, id, viktor.Guardian) != 1 || one[int](c, told, id, c.as("sara").Guardian) != 0 {
		t.Error("Viktor is not told that there is a question, or Sara is asked again")
	}
	c.refusedWith(c.Sign(c.ctx(), "sara", "guardian", id), "error.already_answered", "Sara signs again")
	c.must(c.Sign(c.ctx(), "viktor", "guardian", id), "Viktor signs")
	if got := c.shown(karin); got.InForce.State != sig.ConsentActive || got.InForce.ID != id || !c.reads(berg, copyID) {
		t.Errorf("signed by all, the consent is %s", got.InForce.State)
	}
	if _, asked := c.tasks(karin)["explain_consent"]; asked || c.notes("consent_resumed") != 1 {
		t.Error("the task is still open, or no note says that it goes on")
	}
	if got := c.stands(); got["Viktor Hage"] != consenting.StandsGiven || len(got) != 2 {
		t.Errorf("the coordinator sees %v", got)
	}
	if got := c.shown("sara"); len(got.InForce.Signers) != 1 || got.InForce.Paused != "" {
		t.Error("Sara sees how the other guardian stands")
	}
}

// The new guardian's no ends what stood without it: sharing stops, and within
// fourteen days everybody may agree on something else.
func TestANewGuardianSaysNo(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	id := c.newGuardian(sig.GuardianID{}).InForce.ID // a third, beside Sara and Omid
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	c.explainsTo(id, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	_, err = c.Consenting.Refuse(c.ctx(), viktor, id)
	c.must(err, "Viktor says no")
	if got := c.shown(karin); got.State != sig.InterventionSharingStopped || c.reads(berg, copyID) {
		t.Fatalf("after the no it is %s", got.State)
	}
	g, err := c.Consenting.Guardians(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia looks at the guardians")
	if !g.Conflict {
		t.Error("the coordinator is not shown that they do not agree")
	}
	c.until("2026-12-17 11:00:00")
	if got := c.shown(karin); got.State != sig.InterventionClosing {
		t.Errorf("fourteen days later it is %s", got.State)
	}
}

// What is paused for another reason stays so when a missing signature comes.
func TestASignatureDoesNotLiftAnotherPause(t *testing.T) {
	c := inForce(t)
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedCoercion)
	c.must(err, "Nadia suspects that somebody was pressed")
	id := c.newGuardian(sig.GuardianID{}).InForce.ID
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	c.explainsTo(id, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	c.must(c.Sign(c.ctx(), "viktor", "guardian", id), "Viktor signs")
	if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended || got.InForce.Paused != sig.SuspendedCoercion {
		t.Errorf("the pause for coercion was lifted by a signature: %s", got.InForce.State)
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
}

// narrows has Karin take the principal out of the consent and explain that to
// one guardian, who signs it alone.
func (c *city) narrows(persona string) sig.ConsentID {
	c.t.Helper()
	_, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin makes a new version")
	var fewer []consenting.DraftGrant
	for _, r := range c1() {
		if r.DiscloserFunction != sample.Principal.Function && r.RecipientFunction != sample.Principal.Function {
			fewer = append(fewer, r)
		}
	}
	view, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: fewer, Seen: c.seen()})
	c.must(err, "Karin takes the principal out")
	c.explainsTo(view.Preparing.ID, consenting.Signer{Guardian: c.as(persona).Guardian, Name: persona})
	c.signs(view.Preparing.ID, persona)
	return view.Preparing.ID
}

// A version with fewer rows needs one yes (domain 3.3), and lifts no pause: what
// Viktor has never agreed to waits for him, with the principal or without.
func TestANarrowerVersionStillWaitsForTheNewGuardian(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.newGuardian(c.as("omid").Guardian)
	id := c.narrows("sara")
	got := c.shown(karin)
	if got.InForce.ID != id || got.InForce.State != sig.ConsentSuspended || got.InForce.Paused != sig.SuspendedUnsigned || c.reads(berg, copyID) {
		t.Fatalf("with Sara's yes to less the consent is %s, and Viktor has said nothing", got.InForce.State)
	}
	if _, asked := c.tasks(karin)["explain_consent"]; !asked {
		t.Error("nobody is asked to explain the narrower version to Viktor")
	}
	_, err := c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.refusedWith(err, "error.signer_missing", "Nadia lets it go on")
	viktor, err := c.As(c.ctx(), "viktor", "guardian")
	c.must(err, "Viktor signs in")
	c.explainsTo(id, consenting.Signer{Guardian: viktor.Guardian, Name: "Viktor"})
	c.must(c.Sign(c.ctx(), "viktor", "guardian", id), "Viktor signs")
	if got := c.shown(karin); got.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Errorf("signed by both, the narrower version is %s", got.InForce.State)
	}
	if _, asked := c.tasks(karin)["explain_consent"]; asked {
		t.Error("when Viktor has signed, Karin is still asked to explain")
	}
}

// Nadia suspects that somebody was pressed: no new version takes that pause away,
// whoever has signed it, and the database lets none do so.
func TestANewVersionDoesNotLiftNadiasPause(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedCoercion)
	c.must(err, "Nadia suspects that somebody was pressed")
	paused := func(after string) {
		t.Helper()
		if got := c.shown(karin); got.InForce.State != sig.ConsentSuspended || got.InForce.Paused != sig.SuspendedCoercion || c.reads(berg, copyID) {
			t.Errorf("%s the consent is %s", after, got.InForce.State)
		}
	}
	c.narrows("omid")
	paused("narrowed by Omid alone")
	c.signs(c.explains(c1()...), "amir", "sara", "omid")
	paused("widened by all")
	if c.notes("consent_suspended") != 3 || c.notes("consent_resumed") != 0 {
		t.Error("the journal does not say that each version is paused")
	}
	_, err = c.db.Super().Exec(c.ctx(), `with gone as (update sig.consent set state = 'superseded' where id = $1 returning *)
		insert into sig.consent (id, intervention, version, state, change, previous, prepared_at, activated_at)
		select gen_random_uuid(), intervention, version + 1, 'active', 'narrowing', id, sig.now(), sig.now() from gone`, c.shown(karin).InForce.ID)
	if err == nil || !strings.Contains(err.Error(), "lifts no pause") {
		t.Errorf("the database lets a new version lift the pause: %v", err)
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	if got := c.shown(karin); got.InForce.State != sig.ConsentActive || !c.reads(berg, copyID) {
		t.Errorf("lifted by Nadia, the consent is %s", got.InForce.State)
	}
}

// T04, Nova, born on 29 February 2008, is of age from 28 February 2026 at
// midnight: not from 1 March, and not a microsecond earlier.
func TestT04NovaBornOnALeapDay(t *testing.T) {
	c := newCity(t, "2026-01-12", "lina")
	c.proposes()
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set birth_date = '2008-02-29'`); err != nil {
		t.Fatal(err)
	}
	rows := c1()
	for i := range rows {
		rows[i].From, rows[i].To = stockholm("2026-01-12 00:00:00"), stockholm("2026-06-01 00:00:00")
	}
	c.signs(c.explains(rows...), "lina", "petra", "anders")
	c.decides()
	c.seated(partners...)
	petra, copyID := c.as("petra"), c.told(karin, sample.Police, sig.CategoryPlanGoals)
	midnight := stockholm("2026-02-28 00:00:00")
	c.db.FreezeClock(t, midnight.Add(-time.Microsecond))
	if _, err := c.Consenting.Show(c.ctx(), petra, c.id); err != nil {
		t.Errorf("Petra lost her view before the day: %v", err)
	}
	c.db.FreezeClock(t, midnight)
	if _, err := c.Consenting.Show(c.ctx(), petra, c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("on the day the mother of an adult sees the consent: %v", err)
	}
	c.ring()
	if !c.reads(berg, copyID) || c.shown("lina").State != sig.InterventionActive {
		t.Error("what Nova signed herself does not go on")
	}
	_, err := c.Consenting.RecordGuardian(c.ctx(), c.as(karin), c.id, consenting.NewGuardian{Name: "Nils", Kind: "appointed", Source: "judgment", VerifiedOn: sig.Date{Year: 2026, Month: 2, Day: 1}})
	c.refusedWith(err, "number error.required, name error.youth_is_adult", "a guardian for an adult")
}
