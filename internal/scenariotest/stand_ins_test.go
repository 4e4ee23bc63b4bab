package scenariotest

import (
	"slices"
	"testing"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

const (
	maria = "deputy-coordinator-farsta"
	olle  = "caseworker-farsta" // economic aid
)

// The family said yes to the coordinator in the unit for children and the young:
// nobody from economic aid, the adult unit or open care fills that seat for a
// time (T09), and the database says the same by itself.
func TestAStandInWorksInTheUnitOfTheSeat(t *testing.T) {
	c := inForce(t)
	until := sig.Date{Year: 2027, Month: 1, Day: 31}
	for _, elsewhere := range []string{olle, "addiction-care-farsta", "open-care-farsta"} {
		who := c.as(elsewhere).Assignment
		c.refusedWith(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, who, until), "error.stand_in_from_elsewhere", elsewhere+" stands in")
		_, err := c.db.Super().Exec(c.ctx(), `insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to)
			select gen_random_uuid(), p.intervention, $2, p.authority, p.unit, p.function, p.id, p.valid_from, p.valid_to
			  from sig.participation p where p.intervention = $1 and p.function = 'coordinator'`, c.id, who)
		if err == nil {
			t.Errorf("the database seats %s in the coordinator's place", elsewhere)
		}
		if seats, err := c.Casework.Seats(c.ctx(), c.as(karin), c.id); err != nil || slices.ContainsFunc(seats.StandIns, func(a sig.Assignment) bool { return a.ID == who }) {
			t.Errorf("%s is offered to Karin (%v)", elsewhere, err)
		}
	}
	seats, err := c.Casework.Seats(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the seats")
	if !slices.ContainsFunc(seats.StandIns, func(a sig.Assignment) bool { return a.ID == c.as(maria).Assignment }) {
		t.Errorf("Maria is not offered: %v", seats.StandIns)
	}
	c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, c.as(maria).Assignment, until), "Karin names Maria")
}

// Whoever stands in keeps the case going, and does not stay beyond the day that
// was set: no part of their own, no further stand-in, and the coordinator's seat
// is not theirs to end.
func TestAStandInStaysUntilTheDayThatWasSet(t *testing.T) {
	c := inForce(t)
	c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, c.as(maria).Assignment, sig.Date{Year: 2027, Month: 1, Day: 31}), "Karin names Maria")
	stand := c.as(maria)
	c.refusedWith(c.Casework.GivePart(c.ctx(), stand, c.id, stand.Assignment, "vill vara kvar"), "error.stand_in_not_oneself", "Maria lets herself in")
	other, err := c.As(c.ctx(), maria, "social_secretary")
	c.must(err, "Maria signs in under her other function")
	c.refusedWith(c.Casework.GivePart(c.ctx(), stand, c.id, other.Assignment, "vill vara kvar"), "error.stand_in_not_oneself", "Maria lets her other function in")
	c.must(c.Casework.RequestPart(c.ctx(), other, c.number("amir"), "vill vara kvar"), "Maria asks under her other function")
	offered, err := c.Casework.Seats(c.ctx(), stand, c.id)
	c.must(err, "Maria looks at what is asked")
	if len(offered.Requests) != 1 || slices.ContainsFunc(offered.Could, func(a sig.Assignment) bool { return a.Name == "Maria Sand" }) {
		t.Fatalf("%d requests wait; Maria is offered %v", len(offered.Requests), offered.Could)
	}
	c.refusedWith(c.Casework.AnswerRequest(c.ctx(), stand, c.id, offered.Requests[0].ID, true), "error.stand_in_not_oneself", "Maria grants what she asked for")
	if n := one[int](c, `select count(*)::int from sig.part_request where answer is null`); n != 1 {
		t.Errorf("%d requests wait after the refusal, want that one", n)
	}
	c.refusedWith(c.Casework.StandIn(c.ctx(), stand, c.id, c.as(nadia).Assignment, sig.Date{Year: 2027, Month: 1, Day: 31}), "error.not_found", "Maria names a stand-in")
	seats, err := c.Casework.Seats(c.ctx(), stand, c.id)
	c.must(err, "Maria looks at the seats")
	if seats.Actions.StandIn || len(seats.StandIns) > 0 || !seats.Actions.Give {
		t.Errorf("Maria may %+v, and is offered %v", seats.Actions, seats.StandIns)
	}
	for _, p := range seats.Taking {
		if p.Function == sig.RoleCoordinator && p.StandInFor == nil {
			c.refusedWith(c.Casework.EndPart(c.ctx(), stand, c.id, p.ID), "error.stand_in_ends_no_coordinator", "Maria ends Karin's part")
		}
	}
	for _, own := range []sig.Actor{stand, other} {
		_, err = c.db.Super().Exec(c.ctx(), `with me as (select set_config('app.kind', 'staff', false), set_config('app.assignment', $2::text, false))
			insert into sig.participation (id, intervention, assignment, authority, unit, function, valid_from, valid_to)
			select gen_random_uuid(), p.intervention, $3::uuid, p.authority, p.unit, p.function, p.valid_from, 'infinity' from me, sig.participation p
			 where p.intervention = $1 and p.function = 'coordinator' and p.stand_in_for is null`, c.id, stand.Assignment, own.Assignment)
		if err == nil {
			t.Errorf("the database gives Maria a part as %s that she gave herself", own.Function)
		}
	}
	c.must(c.Casework.GivePart(c.ctx(), stand, c.id, c.as(jonas).Assignment, "arbetar med den unge"), "Maria lets Jonas in")
	c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, stand.Assignment, "tar över"), "Karin gives Maria a part of her own")
}

// T07, domain 3.1: inside the board no yes is needed, and the family is told which
// functions of the board work with the case. Nobody else is told by this, and
// after the end nobody works with it.
func TestT07TheFamilyIsToldWhoInTheBoardReads(t *testing.T) {
	c := inForce(t)
	says := func(when string, want ...sig.Function) {
		t.Helper()
		for _, who := range []string{"sara", "omid", "amir"} {
			if got := c.shown(who).BoardReads; !slices.Equal(got, want) {
				t.Errorf("%s %s is told %v, want %v", when, who, got, want)
			}
		}
	}
	says("at first", sig.RoleCoordinator, sig.RoleFieldAssistant, sig.RoleSocialSecretary)
	if got := c.shown(berg).BoardReads; got != nil {
		t.Errorf("the police are told %v", got)
	}
	seats, err := c.Casework.Seats(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the seats")
	for _, p := range seats.Taking {
		if p.Function == sig.RoleFieldAssistant {
			c.must(c.Casework.EndPart(c.ctx(), c.as(karin), c.id, p.ID), "Karin ends Jonas's part")
		}
	}
	says("without Jonas", sig.RoleCoordinator, sig.RoleSocialSecretary)
	c.withdraws("sara", everything)
	says("after the end")
}

// Whoever stands in is another person, is in the very seat and nowhere else, and
// leaves it when it ends: Maria, who coordinates too, names nobody under her other
// hat, and when Karin ends Maria's part, Nadia reads no more in her place.
func TestAStandInIsInTheSeatAndEndsWithIt(t *testing.T) {
	c := inForce(t)
	until := sig.Date{Year: 2027, Month: 1, Day: 31}
	stand := c.as(maria)
	other, err := c.As(c.ctx(), maria, "social_secretary")
	c.must(err, "Maria signs in under her other function")
	c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, stand.Assignment, "samordnar också"), "Karin lets Maria coordinate")
	seats, err := c.Casework.Seats(c.ctx(), stand, c.id)
	c.must(err, "Maria looks at the seats")
	if slices.ContainsFunc(seats.StandIns, func(a sig.Assignment) bool { return a.Name == "Maria Sand" }) {
		t.Error("Maria is offered herself")
	}
	c.refusedWith(c.Casework.StandIn(c.ctx(), stand, c.id, other.Assignment, until), "error.stand_in_another_person", "Maria stands in for herself")
	const seated = `insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to)
		select gen_random_uuid(), p.intervention, $2, p.authority, $3, $4, p.id, sig.now(), $5 from sig.participation p
		 where p.intervention = $1 and p.assignment = $6`
	for why, row := range map[string][]any{
		"as herself":              {other.Assignment, "farsta-unga", "coordinator", "2027-01-31"},
		"in another unit":         {c.as(nadia).Assignment, "farsta-oppenvard", "coordinator", "2027-01-31"},
		"in another function":     {c.as(nadia).Assignment, "farsta-unga", "field_assistant", "2027-01-31"},
		"longer than the seat is": {c.as(nadia).Assignment, "farsta-unga", "coordinator", "infinity"},
	} {
		if _, err := c.db.Super().Exec(c.ctx(), seated, append(append([]any{c.id}, row...), stand.Assignment)...); err == nil {
			t.Errorf("the database seats somebody for Maria %s", why)
		}
	}
	c.must(c.Casework.StandIn(c.ctx(), stand, c.id, c.as(nadia).Assignment, until), "Maria names Nadia")
	coordinates := func() int64 {
		n, err := c.does(nadia, `select from unnest(sig.my_seats()) s where s.function = 'coordinator'`)
		c.must(err, "Nadia's page")
		return n
	}
	if coordinates() != 1 {
		t.Error("Nadia is not in Maria's seat")
	}
	if _, err := c.does(karin, `update sig.participation set valid_to = 'infinity' where stand_in_for is not null`); err == nil {
		t.Error("the database lets Nadia stay longer than Maria")
	}
	c.db.FreezeClock(t, stockholm("2026-12-11 09:00:00"))
	if seats, err = c.Casework.Seats(c.ctx(), c.as(karin), c.id); err != nil {
		t.Fatal(err)
	}
	for _, p := range seats.Taking {
		if p.Assignment == stand.Assignment {
			c.must(c.Casework.EndPart(c.ctx(), c.as(karin), c.id, p.ID), "Karin ends Maria's part")
		}
	}
	if seats, err = c.Casework.Seats(c.ctx(), c.as(karin), c.id); err != nil {
		t.Fatal(err)
	}
	if coordinates() != 0 || slices.ContainsFunc(seats.Taking, func(p postgres.Participation) bool { return p.StandInFor != nil }) {
		t.Errorf("Nadia sits in Maria's seat after it ended: %v", seats.Taking)
	}
}
