package scenariotest

import (
	"fmt"
	"strings"
	"testing"

	"sigportal/internal/casework"
	"sigportal/internal/sample"
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
	_, err = c.Consenting.Protect(c.ctx(), c.as(nadia), c.id, sig.ProtectionNone)
	c.must(err, "Nadia takes it away")
	if got := marked(); got != "farsta-sdn none, skarholmen-sdn registration" {
		t.Errorf("after Nadia: %s", got)
	}
}

// A proposal in another board is marked from its first line, whatever its
// coordinator knew.
func TestT26AnotherBoardsProposalIsBornMarked(t *testing.T) {
	c := newCity(t, "2026-11-23", "maja")
	c.proposes()
	c.proposesElsewhere("maja", "Maja Wallin", "viktor")
	if n := one[int](c, `select count(*)::int from sig.youth where protection = 'marked'`); n != 2 {
		t.Errorf("%d boards have Maja marked, want both", n)
	}
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
