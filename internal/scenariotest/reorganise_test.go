package scenariotest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// falls is the change of the city's file by which the field assistants of Farsta
// go to the culture and leisure board on 1 February, without a word on whether
// the function goes with its people.
func falls() []string {
	const stays = `email: jonas.dahl@farsta.example, function: field_assistant, from: 2026-01-01}`
	const comes = `              - {issuer: staff, staff_key: elsa.norr@kulturfritid.example`
	return []string{
		stays, strings.TrimSuffix(stays, "}") + ", to: 2027-01-31}",
		comes, `              - {issuer: staff, staff_key: jonas.dahl@farsta.example, name: Jonas Dahl, email: jonas.dahl@kulturfritid.example, function: field_assistant, from: 2027-02-01}
` + comes,
	}
}

// theFunction says that the function goes.
var theFunction = []string{"districts:\n  - {id: farsta,", `function_moves:
  - {function: field_assistant, from_unit: farsta-falt, to_unit: kulturfritid-falt, at: 2027-02-01}
districts:
  - {id: farsta,`}

// fileWith is the city's file with texts replaced, pair by pair.
func (c *city) fileWith(oldNew ...string) *directory.File {
	c.t.Helper()
	file, err := directory.Read("city.yaml", strings.NewReader(c.cityText(oldNew...)))
	c.must(err, "read the changed city")
	return file
}

func (c *city) jonasMoves() *directory.File {
	c.t.Helper()
	return c.fileWith(append(falls(), theFunction...)...)
}

// A function moves to another board (domain 3.3): the dry run says beforehand
// which rows stop and whose part ends, in numbers; done, the board's journal has
// a note and its coordinator a task, in the same run, for each intervention that
// names the function and for no other.
func TestAFunctionMovesToAnotherBoard(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals), row(sample.Principal, sample.FieldAssistant, sig.CategoryAttendance))
	plan, err := directory.Preview(c.ctx(), c.db.Owner(), c.jonasMoves())
	c.must(err, "try the reorganisation")
	var said strings.Builder
	c.must(plan.Write(&said), "write it")
	number := c.shown(karin).CaseNumber
	want := "stops    case " + number + ", field_assistant at farsta-falt, from 2027-02-01 on: 2 rows of the consent in force end, because the function goes to kulturfritid, another authority; 1 participation ends\n"
	if !strings.Contains(said.String(), want) {
		t.Errorf("the dry run says\n%s\nwant in it\n%s", said.String(), want)
	}
	if c.notes("function_moved") != 0 || len(plan.Breaks) != 1 {
		t.Errorf("%d journal notes of a dry run, %d interventions", c.notes("function_moved"), len(plan.Breaks))
	}
	_, err = directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	if due, given := c.tasks(karin)["function_moved"]; c.notes("function_moved") != 1 || !given || due.String() != "2027-02-01" {
		t.Errorf("%d journal notes; Karin's tasks %v", c.notes("function_moved"), c.tasks(karin))
	}
	if _, given := c.tasks(berg)["function_moved"]; given {
		t.Error("the police have the task")
	}
	_, err = directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise again")
	if c.notes("function_moved") != 1 {
		t.Errorf("%d journal notes after the same file again", c.notes("function_moved"))
	}
}

// 3.3: to the microsecond, rows to and from the function end when it leaves, by
// both walls; the others stay. The matrix says why, and a new version cannot name
// the old seat again.
func TestRowsEndWhenTheirFunctionLeaves(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals),
		row(sample.FieldAssistant, sample.Police, sig.CategoryLeisureObservation), row(sample.FieldAssistant, sample.Principal, sig.CategoryPlanGoals))
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	c.ring()
	leaves := stockholm("2027-02-01 00:00:00")
	for _, who := range []string{karin, "sara", "amir"} {
		if got := c.leaving(who); got != 3 {
			t.Errorf("%s sees that %d rows will end with the function, want 3", who, got)
		}
	}
	c.db.FreezeClock(t, leaves.Add(-time.Microsecond))
	toJonas, fromJonas := c.told(berg, sample.FieldAssistant, sig.CategoryPlanGoals), c.told(jonas, sample.Police, sig.CategoryLeisureObservation)
	other := c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	if !c.reads(jonas, toJonas) || !c.reads(berg, fromJonas) {
		t.Error("a microsecond before, the rows do not hold")
	}
	jonasBefore := c.as(jonas)
	c.db.FreezeClock(t, leaves)
	c.endedFor(jonasBefore, toJonas, fromJonas, "before any alarm")
	c.ring()
	c.endedFor(jonasBefore, toJonas, fromJonas, "after the alarms")
	if !c.reads(karin, other) || !c.reads(karin, c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)) {
		t.Error("what the function has nothing to do with is cut off too")
	}
	if n := one[int](c, `select count(*)::int from sig.received where id in ($1, $2) and cut_by = 'sharing_stopped' and cut_at = $3
		and registrar_until = sig.now() + interval '30 days'`, toJonas, fromJonas, leaves); n != 2 {
		t.Errorf("%d of two copies are cut at the instant, for the registrar's thirty days", n)
	}
	for _, who := range []string{karin, "sara", "amir"} {
		view := c.shown(who)
		over := 0
		for _, r := range view.InForce.Rows {
			if r.Over && !r.Open && r.Leaves.Equal(leaves) {
				over++
			}
		}
		if view.State != sig.InterventionActive || over != 3 || len(view.InForce.Rows) != 9 {
			t.Errorf("%s sees %s with %d of %d rows ended with the function", who, view.State, over, len(view.InForce.Rows))
		}
	}
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin amends")
	if n := len(c.shown(karin).Preparing.Rows); n != 6 {
		t.Errorf("the new draft has %d rows, want the six that are left", n)
	}
	again := append(c1(), row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	for n := range again {
		again[n].From = leaves
	}
	_, err = c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: again})
	c.refusedWith(err, "grants.7.recipient error.grant_function_left", "a new row to the old seat")
	again[6] = row(sample.Coordinator, elsas, sig.CategoryPlanGoals)
	again[6].From = leaves
	c.signs(c.explains(again...), "amir", "sara", "omid")
	if _, open := c.tasks(karin)["function_moved"]; open {
		t.Error("with the new version in force Karin still has the task")
	}
	c.told(karin, elsas, sig.CategoryPlanGoals)
}

// leaving counts the rows of which somebody is told that they end with a function.
func (c *city) leaving(who string) (n int) {
	c.t.Helper()
	for _, r := range c.shown(who).InForce.Rows {
		if !r.Leaves.IsZero() && r.End().Equal(r.Leaves) && r.End().Before(r.To) && !r.Over {
			n++
		}
	}
	return n
}

// endedFor: nobody tells the old seat, nor reads what it was told or had told.
func (c *city) endedFor(before sig.Actor, toJonas, fromJonas sig.DisclosureID, when string) {
	c.t.Helper()
	_, err := c.tells(berg, sample.FieldAssistant, sig.CategoryPlanGoals)
	c.refusedWith(err, "recipients.0 reason.recipient_moved", when+" the police tell the old seat")
	_, err = c.tells(berg, elsas, sig.CategoryPlanGoals)
	c.refusedWith(err, "recipients.0 reason.no_grant_recipient", when+" the police tell the new one")
	item := c.writes(karin, sig.CategoryPlanGoals)
	if one := c.candidate(karin, item, sample.FieldAssistant); one.Allowed || len(one.People) != 0 {
		c.t.Errorf("%s Karin is offered the old seat: %+v", when, one)
	}
	if _, err := c.Sharing.OpenCopy(c.ctx(), before, c.id, toJonas); fault.KindOf(err) != fault.NotFound {
		c.t.Errorf("%s Jonas reads on with his old hat: %v", when, err)
	}
	if c.reads(jonas, toJonas) || c.reads(elsa, toJonas) || c.reads(berg, fromJonas) {
		c.t.Errorf("%s somebody reads what the function was told, or had told", when)
	}
}

// What an intervention cannot be without goes with the function: sharing stops at
// that instant, and unless there is a new version within the grace period it
// closes (3.3, 3.4). Before the alarm, an act finds the same.
func TestTheLastRowBetweenPoliceAndSocialServicesLeaves(t *testing.T) {
	for name, rung := range map[string]bool{"the alarm rings": true, "an act comes first": false} {
		t.Run(name, func(t *testing.T) { theCoreLeaves(t, rung) })
	}
}

func theCoreLeaves(t *testing.T, rung bool) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals), row(sample.FieldAssistant, sample.Police, sig.CategoryPlanGoals),
		row(sample.Principal, sample.Coordinator, sig.CategoryAttendance), row(sample.Coordinator, sample.Principal, sig.CategoryPlanGoals)), "amir", "sara", "omid")
	c.db.SetClock(t, stockholm("2026-11-30 15:00:00"))
	c.decides()
	c.seated(partners[0], partners[2])
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	c.until("2027-01-31 23:59:59.999999")
	toAgneta := c.told(karin, sample.Principal, sig.CategoryPlanGoals)
	if c.shown(karin).State != sig.InterventionActive || !c.reads(agneta, toAgneta) {
		t.Fatal("sharing stopped too early")
	}
	leaves := stockholm("2027-02-01 00:00:00")
	c.db.FreezeClock(t, leaves)
	if rung {
		c.ring()
	} else { // the next act on the consent writes it down
		_, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
		c.must(err, "Karin amends")
	}
	view := c.shown(karin)
	if view.State != sig.InterventionSharingStopped || !view.StateSince.Equal(leaves) || view.InForce != nil || c.reads(agneta, toAgneta) {
		t.Errorf("rung %v: the intervention is %s since %s, in force %v", rung, view.State, view.StateSince, view.InForce)
	}
	if n := len(view.Past); n == 0 || view.Past[n-1].State != sig.ConsentLapsed || !view.Past[n-1].EndedAt.Equal(leaves) {
		t.Errorf("rung %v: the versions that ended are %+v", rung, view.Past)
	}
	if c.notes("function_left") != 1 {
		t.Errorf("rung %v: %d journal notes of what went with the function", rung, c.notes("function_left"))
	}
	if _, given := c.tasks(karin)["renew_consent"]; !given {
		t.Errorf("rung %v: Karin is not asked for a new version", rung)
	}
	c.until("2027-02-14 23:59:59")
	if c.shown(karin).State != sig.InterventionSharingStopped {
		t.Errorf("rung %v: it closed within the grace period", rung)
	}
	c.until("2027-02-15 00:00:00")
	if c.shown(karin).State != sig.InterventionClosing {
		t.Errorf("rung %v: it is %s after the grace period", rung, c.shown(karin).State)
	}
}

// The import does not guess: where consents name a function whose people all go
// to another board, the file says whether it goes with them. Nobody sits in a
// seat that left; and what lies ahead can be taken back.
func TestTheFileSaysWhetherTheFunctionGoes(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	try := func(file *directory.File) error {
		_, err := directory.Import(c.ctx(), c.db.Owner(), file, "an operator")
		return err
	}
	if err := try(c.fileWith(falls()...)); err == nil || !strings.Contains(err.Error(), "say under function_moves") {
		t.Errorf("the import guesses: %v", err)
	}
	var said strings.Builder
	plan, err := directory.Preview(c.ctx(), c.db.Owner(), c.fileWith(falls()...))
	c.must(err, "try it")
	c.must(plan.Write(&said), "write it")
	if !strings.Contains(said.String(), "say under function_moves that the function goes with them, or under vacancies that it stays") {
		t.Errorf("the dry run does not ask:\n%s", said.String())
	}
	if err := try(c.fileWith(theFunction...)); err == nil || !strings.Contains(err.Error(), "give it an end, or a unit of its own") {
		t.Errorf("Jonas sits on in a function that left: %v", err)
	}
	if c.notes("function_moved") != 0 || one[int](c, `select count(*)::int from sig.function_move`) != 0 {
		t.Error("a refused import left something behind")
	}

	c.must(try(c.jonasMoves()), "reorganise")
	c.ring()
	c.must(try(c.fileWith(falls()[2:]...)), "take it back") // Jonas will do both
	c.ring()
	if _, open := c.tasks(karin)["function_moved"]; open || c.notes("function_stays") != 1 || c.leaving(karin) != 0 {
		t.Errorf("taken back: %d notes, %d rows that end, tasks %v", c.notes("function_stays"), c.leaving(karin), c.tasks(karin))
	}
	c.until("2027-02-02 10:00:00")
	c.told(berg, sample.FieldAssistant, sig.CategoryPlanGoals)
}

// The function stays and waits for somebody: the rows go on naming it, and who
// comes gets its inbox.
func TestOnlyThePeopleGo(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	stays := []string{"districts:\n  - {id: farsta,", "vacancies:\n  - {function: field_assistant, unit: farsta-falt, from: 2027-02-01}\ndistricts:\n  - {id: farsta,"}
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.fileWith(append(falls(), stays...)...), "an operator")
	c.must(err, "let Jonas go")
	c.until("2027-02-02 10:00:00")
	if c.leaving(karin) != 0 || c.shown(karin).InForce.Rows[6].Over {
		t.Error("the rows end though the function stays")
	}
	c.told(berg, sample.FieldAssistant, sig.CategoryPlanGoals)
}

// A change that no consent names stops nothing.
func TestAReorganisationThatTouchesNobody(t *testing.T) {
	c := inForce(t)
	const stays = "email: leo.strom@jarva.example, function: field_assistant, leads: [field_assistant], from: 2026-01-01}"
	plan, err := directory.Preview(c.ctx(), c.db.Owner(), c.fileWith(stays, strings.TrimSuffix(stays, "}")+", to: 2027-01-31}"))
	c.must(err, "try it")
	if len(plan.Changes) != 1 || len(plan.Breaks) != 0 {
		t.Errorf("%+v", plan)
	}
}

// The coordinator's own function goes: the social secretary is asked to see to
// it, since nobody else of the board is left who could.
func TestTheCoordinatorsOwnFunctionMoves(t *testing.T) {
	c := inForce(t)
	const karins, marias = "email: karin.ek@farsta.example, function: coordinator, from: 2026-01-01}", "email: maria.sand@farsta.example, function: coordinator, from: 2026-01-01}"
	ends := func(line string) string { return strings.TrimSuffix(line, "}") + ", to: 2027-01-31}" }
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.fileWith(karins, ends(karins), marias, ends(marias), "districts:\n  - {id: farsta,", `function_moves:
  - {function: coordinator, from_unit: farsta-unga, to_unit: kulturfritid-falt, at: 2027-02-01}
districts:
  - {id: farsta,`), "an operator")
	c.must(err, "reorganise")
	if due, given := c.tasks(nadia)["function_moved"]; !given || due.String() != "2027-02-01" {
		t.Errorf("Nadia's tasks are %v", c.tasks(nadia))
	}
	if _, given := c.tasks(karin)["function_moved"]; given {
		t.Error("Karin, who goes, has the task")
	}
}

// A consent of which every row goes with a function ends with it, and the radar
// says so beforehand.
func TestTheRadarSeesAConsentEndWithAFunction(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals), row(sample.FieldAssistant, sample.Police, sig.CategoryPlanGoals)), "amir", "sara", "omid")
	c.decides()
	c.seated(partners[0])
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	for _, step := range []struct{ day, says string }{
		{"2027-01-01 23:59:59", ""}, {"2027-01-02 00:00:00", "ends later"}, {"2027-01-25 00:00:00", "ends week"},
	} {
		c.until(step.day)
		got := slices.DeleteFunc(c.radar(karin), func(s string) bool { return !strings.HasPrefix(s, "ends") })
		if s := strings.Join(got, ", "); s != step.says {
			t.Errorf("on %s the radar says %q, want %q", step.day, s, step.says)
		}
	}
}

// jonasIsTheCore is Amir's case in which the police and the social services tell
// each other something by the field assistants alone, and the school is there too.
func jonasIsTheCore(t *testing.T) *city {
	t.Helper()
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals), row(sample.FieldAssistant, sample.Police, sig.CategoryPlanGoals),
		row(sample.Principal, sample.Coordinator, sig.CategoryAttendance), row(sample.Coordinator, sample.Principal, sig.CategoryPlanGoals)), "amir", "sara", "omid")
	c.db.SetClock(t, stockholm("2026-12-01 15:00:00"))
	c.decides()
	c.seated(partners[0], partners[2])
	return c
}

// 3.3: with the last row between police and social services everything stops, to
// the microsecond, by both walls and before any alarm; a move that is taken back
// stops nothing.
func TestTheRestStopsWithTheCoreInTheInstant(t *testing.T) {
	c := jonasIsTheCore(t)
	told := c.told(agneta, sample.Coordinator, sig.CategoryAttendance)
	leaves := stockholm("2027-02-01 00:00:00")
	for _, step := range []struct {
		file *directory.File
		want *time.Time
	}{{c.jonasMoves(), &leaves}, {c.fileWith(falls()...), nil}, {c.jonasMoves(), &leaves}} {
		_, err := directory.Import(c.ctx(), c.db.Owner(), step.file, "an operator")
		c.must(err, "reorganise")
		c.ring()
		got := one[*time.Time](c, `select core_until from sig.consent where intervention = $1`, c.id)
		if (got == nil) != (step.want == nil) || got != nil && !got.Equal(*step.want) {
			t.Fatalf("the consent has its core until %v, want %v", got, step.want)
		}
	}
	c.db.FreezeClock(t, leaves.Add(-time.Microsecond))
	if !c.reads(karin, told) {
		t.Error("a microsecond before, Karin does not read what the principal told her")
	}
	c.told(agneta, sample.Coordinator, sig.CategoryAttendance)
	c.db.FreezeClock(t, leaves)
	if c.reads(karin, told) {
		t.Error("in the instant, before any alarm, Karin reads on")
	}
	if n, err := c.does(karin, `select from sig.received where id = $1`, told); n != 0 || err != nil {
		t.Errorf("in the instant, before any alarm, the database shows Karin %d copies, %v", n, err)
	}
	if _, err := c.tells(agneta, sample.Coordinator, sig.CategoryAttendance); err == nil {
		t.Error("in the instant, before any alarm, the principal tells on")
	}
	c.ring()
	if view := c.shown(karin); view.State != sig.InterventionSharingStopped || !view.StateSince.Equal(leaves) {
		t.Errorf("the intervention is %s since %s", view.State, view.StateSince)
	}
}
