package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// namesPlaces reports whether the other guardian learns of a unit or a board
// from what his pages are made of.
func (c *city) namesPlaces(who string) bool {
	c.t.Helper()
	shown := c.shown(who)
	all, err := c.Meeting.OfFamily(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at the meetings")
	told := fmt.Sprintf("%+v %+v", *shown.InForce, *all)
	return strings.Contains(told, "arsta") || strings.Contains(told, "polisen")
}

// T26, in the middle of a case: the family gets protected identity. The
// coordinator marks it, and from that instant the other guardian reads neither
// place nor unit; only the social secretary takes the mark away.
func TestT26ProtectedIdentityBeginsDuringACase(t *testing.T) {
	near := row(sample.Coordinator, sample.Mentor, sig.CategoryLeisureObservation)
	near.Aim.Addition = "läxhjälp i Farstaskolan"
	c := inForce(t, near)
	c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	if !c.namesPlaces("omid") {
		t.Fatal("before the mark Omid reads no unit: nothing is shown by this test")
	}
	for _, who := range []string{jonas, berg, "omid"} {
		if _, err := c.Consenting.Protect(c.ctx(), c.as(who), c.id, sig.ProtectionMarked); err == nil {
			t.Errorf("%s marks it", who)
		}
	}
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, "somewhat")
	c.refusedWith(err, "protection error.choose_one", "Karin chooses what there is not")
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionNone)
	c.must(err, "Karin saves what holds already")
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin marks it")
	if c.namesPlaces("omid") {
		t.Error("Omid still reads where it is")
	}
	if c.shown(karin).Youth.Protection != sig.ProtectionMarked || c.notes("protection_changed") != 1 {
		t.Error("Karin is not told of the mark, or the journal is not")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionNone)
	c.refusedWith(err, "error.denied", "Karin takes it away")
	if c.namesPlaces("omid") {
		t.Error("after Karin's try Omid reads where it is")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(nadia), c.id, sig.ProtectionNone)
	c.must(err, "Nadia takes it away")
	if !c.namesPlaces("omid") {
		t.Error("without the mark Omid reads no unit")
	}
}

// T26: what says where Amir is, and was opened to Omid before the mark, is
// closed from that instant, until it is decided anew for each guardian; other
// things stay open, and the coordinator has the task of looking through them.
func TestT26WhereSomebodyProtectedIsIsDecidedAnew(t *testing.T) {
	c := inForce(t)
	where, goals := c.writes(karin, sig.CategoryWhereabouts), c.writes(karin, sig.CategoryPlanGoals)
	omid := c.as("omid")
	shows := func(item sig.ItemID) error {
		return c.Sharing.DecideVisibility(c.ctx(), c.as(karin), sharing.NewVisibility{
			Intervention: c.id, Item: item, Viewer: postgres.ViewerID{UUID: omid.Guardian.UUID}, Visible: true,
		})
	}
	for _, item := range []sig.ItemID{where, goals} {
		c.must(shows(item), "Karin opens it to Omid")
	}
	reads := func(item sig.ItemID) bool {
		t.Helper()
		open := c.opens("omid", item)
		n, err := c.does("omid", `select from sig.item where id = $1`, item)
		c.must(err, "Omid asks the database")
		if (n == 1) != open {
			t.Errorf("the walls do not agree: %d rows, and %v", n, open)
		}
		return open
	}
	waits := func() bool { _, has := c.tasks(karin)[string(postgres.TaskProtectionFollowed)]; return has }
	if !reads(where) || !reads(goals) {
		t.Fatal("before the mark Omid reads neither")
	}
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin marks it")
	if reads(where) {
		t.Error("Omid reads where Amir is")
	}
	if !reads(goals) {
		t.Error("what says nothing of it is gone too")
	}
	if !waits() {
		t.Error("nobody has the task of looking through the case")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin has looked through it")
	if waits() {
		t.Error("looked through, it is still a task")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(nadia), c.id, sig.ProtectionNone)
	c.must(err, "Nadia takes it away")
	if reads(where) || waits() {
		t.Error("without the mark it is open undecided, or there is a task")
	}
	c.must(shows(where), "Karin decides anew")
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionRegistration)
	c.must(err, "the family is marked again")
	if reads(where) {
		t.Error("the second mark closes nothing")
	}
	c.must(shows(where), "Karin decides under the mark: Omid lives with Amir")
	_, err = c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "the protection is changed")
	if !reads(where) {
		t.Error("what was decided under the mark is gone with a change of its kind")
	}
}

// T13 and T26: the mark follows the person. What one board has marked is
// protected in every other board's case at once; taken away by one, it holds in
// the other.
func TestT26TheMarkFollowsToAnotherBoard(t *testing.T) {
	c := inForce(t)
	theirs := c.proposesElsewhere("amir", "Amir Rahimi", "sara")
	marked := func() string {
		return one[string](c, `select string_agg(a.id || ' ' || y.protection, ', ' order by a.id) from sig.youth y join sig.authority a on a.id = y.authority where y.name = 'Amir Rahimi'`)
	}
	if got := marked(); got != "farsta-sdn none, skarholmen-sdn none" {
		t.Fatalf("before: %s", got)
	}
	c.ring()
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionRegistration)
	c.must(err, "Karin marks it")
	if got := marked(); got != "farsta-sdn registration, skarholmen-sdn registration" {
		t.Errorf("after Karin's mark: %s", got)
	}
	seen, err := c.Consenting.Show(c.ctx(), c.as(samir), theirs)
	c.must(err, "Samir looks")
	if seen.Youth.Protection != sig.ProtectionRegistration {
		t.Errorf("Samir reads %q", seen.Youth.Protection)
	}
	c.toldOfMark(theirs, "registration")
	if c.notes("protection_followed") != 0 {
		t.Error("Karin's own journal says that the mark came from somewhere else")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(samir), theirs, sig.ProtectionRegistration)
	c.must(err, "Samir confirms what holds")
	if _, given := c.tasks(samir)["protection_followed"]; given {
		t.Error("Samir still has the task that he has done")
	}
	_, err = c.Consenting.Protect(c.ctx(), c.as(nadia), c.id, sig.ProtectionNone)
	c.must(err, "Nadia takes it away")
	if got := marked(); got != "farsta-sdn none, skarholmen-sdn registration" {
		t.Errorf("after Nadia: %s", got)
	}
}

// toldOfMark: Samir's open pages are nudged, and his journal, his tasks, his mail
// and the ledger say that the young person is protected; nothing says who else
// knows of the child.
func (c *city) toldOfMark(theirs sig.InterventionID, under string) {
	c.t.Helper()
	seen := one[int64](c, `select coalesce(max(id), 0) from sig.outbox`)
	c.ring()
	if n := one[int](c, `select count(*)::int from sig.outbox where id > $1 and $2 = any (topics)`, seen, c.as(samir).Assignment); n != 1 {
		c.t.Errorf("Samir's open pages are nudged %d times", n)
	}
	c.markKnown(theirs, under)
	mails := `select count(*)::int from sig.mail where intervention = $1 and assignment = $2 and kind = 'task_due' and sig.mail_entitled(id)`
	if n := one[int](c, mails, theirs, c.as(samir).Assignment); n != 1 {
		c.t.Errorf("%d mails to Samir", n)
	}
}

func (c *city) markKnown(theirs sig.InterventionID, under string) {
	c.t.Helper()
	journal, err := c.Casework.Journal(c.ctx(), c.as(samir), theirs)
	c.must(err, "Samir reads his journal")
	notes := slices.DeleteFunc(journal.Notes, func(n postgres.JournalNote) bool { return n.Kind != "protection_followed" })
	if len(notes) != 1 || len(notes[0].Facts) != 1 || notes[0].Facts["protection"] != under {
		c.t.Errorf("Samir's journal says %+v", notes)
	}
	if due, given := c.tasks(samir)["protection_followed"]; !given || due.IsZero() {
		c.t.Errorf("Samir's tasks %v", c.tasks(samir))
	}
	rows := `select count(*)::int from sig.ledger where intervention = $1 and kind = 'change_youth' and convert_from(body, 'UTF8') not like '%farsta%'`
	if n := one[int](c, rows, theirs); n != 1 {
		c.t.Errorf("%d rows of the ledger say that the record changed", n)
	}
}

// Whoever has no open case with the young person is told nothing: there is no
// page on which to do anything about it.
func TestT26TheMarkTellsNoClosedCase(t *testing.T) {
	c := inForce(t)
	theirs := c.proposesElsewhere("amir", "Amir Rahimi", "sara")
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.intervention set state = 'not_started', closed_reason = 'other' where id = $1`, theirs); err != nil {
		t.Fatal(err)
	}
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin marks it")
	c.ring()
	if n := one[int](c, `select count(*)::int from sig.journal_note where intervention = $1 and kind = 'protection_followed'`, theirs); n != 0 {
		t.Errorf("a case that never began has %d notes of the mark", n)
	}
}

// A proposal in another board is marked from its first line, whatever its
// coordinator knew, and says so.
func TestT26AnotherBoardsProposalIsBornMarked(t *testing.T) {
	c := newCity(t, "2026-11-23", "maja")
	c.proposes()
	theirs := c.proposesElsewhere("maja", "Maja Wallin", "viktor")
	if n := one[int](c, `select count(*)::int from sig.youth where protection = 'marked'`); n != 2 {
		t.Errorf("%d boards have Maja marked, want both", n)
	}
	c.markKnown(theirs, "marked")
}

// What a colleague who proposes the same young person knows of protected identity
// is not lost with the proposal: the open case is marked, and a mark that is there
// is not put in another's place.
func TestT26AProposalBringsTheMark(t *testing.T) {
	c := inForce(t)
	if id := c.proposesAgain("deputy-coordinator-farsta", sig.ProtectionRegistration, "amir", "Amir Rahimi", "sara"); !id.IsZero() {
		t.Fatal("a second case is opened")
	}
	if c.namesPlaces("omid") || c.notes("protection_changed") != 1 {
		t.Error("the open case is not marked, or the journal does not say so")
	}
	c.proposesAgain("deputy-coordinator-farsta", sig.ProtectionMarked, "amir", "Amir Rahimi", "sara")
	c.proposesAgain("deputy-coordinator-farsta", sig.ProtectionNone, "amir", "Amir Rahimi", "sara")
	if got := c.shown(karin).Youth.Protection; got != sig.ProtectionRegistration || c.notes("protection_changed") != 1 {
		t.Errorf("after two proposals more Amir lives under %s", got)
	}
}

// proposesElsewhere is Samir's proposal in Skärholmen, who knows of no mark.
func (c *city) proposesElsewhere(youth, name, guardian string) sig.InterventionID {
	c.t.Helper()
	return c.proposesAgain(samir, sig.ProtectionNone, youth, name, guardian)
}

func (c *city) proposesAgain(by string, under sig.Protection, youth, name, guardian string) sig.InterventionID {
	c.t.Helper()
	proposed, err := c.Casework.Propose(c.ctx(), c.as(by), casework.Proposal{
		Programme: sig.ProgrammeSIG, Number: c.number(youth), Name: name, Protection: under,
		Guardians: []casework.NewGuardian{{
			Number: c.number(guardian), Name: "Vårdnadshavare", Kind: "parent", Custody: "sole", Source: "population_register", VerifiedOn: sig.DateOf(c.db.Now(c.t)),
		}},
	})
	c.must(err, by+" proposes")
	return proposed.Intervention
}

// What the coordinator wrote of a place, before anybody knew that it must not stand
// there, is hidden in a young person's own yes as in everybody's, and so is the hash
// by which it could be guessed; the yes is to what is on the screen.
func TestT26TheOwnYesNamesNoPlace(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	c.inTheOffice()
	for _, addition := range []string{"samtal på Farstaskolan", "samtal om sömn"} {
		c.must(c.Consenting.ProposeOwn(c.ctx(), c.as(karin), c.id, consenting.NewOwn{
			Discloser: sample.Counsellor, Recipient: sample.Coordinator, Categories: []sig.Category{sig.CategoryPupilHealth},
			Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: addition}, LastDay: sig.Date{Year: 2027, Month: 1, Day: 31},
		}), "Karin writes a row down")
	}
	whole := c.own("amir").Rows
	if told := fmt.Sprint(whole); !strings.Contains(told, "Farstaskolan") {
		t.Fatalf("before the mark Amir reads of no place: %s", told)
	}
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin marks it")
	bare := c.own("amir").Rows
	if told := fmt.Sprintf("%+v", bare); strings.Contains(told, "arsta") || !strings.Contains(told, "sömn") || len(bare) != 2 {
		t.Errorf("Amir reads %s", told)
	}
	if told := fmt.Sprint(c.own(karin).Rows); !strings.Contains(told, "Farstaskolan") {
		t.Errorf("Karin reads %s", told)
	}
	c.refusedWith(c.gives("amir", whole[0]), "error.version_changed", "Amir says yes to the text with its places")
	places := func(from, to string) {
		_, err := c.db.Super().Exec(c.ctx(), `update sig.own_consent set addition = $2 where addition = $1`, from, to)
		c.must(err, "another place stands there")
	}
	places("samtal på Farstaskolan", "samtal i Skärholmen")
	if elsewhere := c.own("amir").Rows; elsewhere[0].TextHash != bare[0].TextHash || elsewhere[1].TextHash != bare[1].TextHash {
		t.Error("the hash tells one hidden place from another: it could be guessed and tried")
	}
	places("samtal i Skärholmen", "samtal på Farstaskolan")
	for _, row := range bare {
		if slices.ContainsFunc(whole, func(w consenting.OwnRow) bool { return w.TextHash == row.TextHash }) {
			t.Error("the hash tells what the page hides")
		}
		c.must(c.gives("amir", row), "Amir says yes to what he reads")
	}
}
