package scenariotest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// seats are who sits today, as somebody of the family is told.
func (c *city) seats(who string) map[sig.Function]consenting.SeatToday {
	c.t.Helper()
	list, err := c.Consenting.Seats(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks who sits there")
	out := map[sig.Function]consenting.SeatToday{}
	for _, s := range list.Today {
		out[s.Party.Seat.Function] = s
	}
	if len(out) != len(list.Today) {
		c.t.Errorf("%d seats of %d functions", len(list.Today), len(out))
	}
	return out
}

// seatText is the same where the consent is read.
func (c *city) seatText(who string) []consenting.SeatToday {
	c.t.Helper()
	text, err := c.Consenting.Text(c.ctx(), c.as(who), c.shown(who).InForce.ID)
	c.must(err, who+" reads the consent")
	return text.Seats.Today
}

// The family sees that somebody sits, with function and unit; a name only while
// the registrar of that authority has decided so, and to nobody else.
func TestANameIsTheRegistrarsDecision(t *testing.T) {
	c := inForce(t)
	registrar := c.as("registrar-police")
	seats := c.seats("sara")
	if s := seats[sig.RolePolice]; len(seats) != 4 || !s.Held || s.Names != nil || s.Party.Unit != "Lokalpolisområde Farsta" || !s.Until.IsZero() {
		t.Fatalf("before any decision Sara sees %+v", seats)
	}
	before := c.seatText("omid")
	decide := func(who sig.Actor, holder sig.AssignmentID, reason string) error {
		return c.Casework.NameSeat(c.ctx(), who, casework.NewSeatName{Unit: sample.Police.Unit, Function: sig.RolePolice, Holder: holder, Reason: reason})
	}
	bergs, leads := c.as(berg).Assignment, c.as("police-lead-farsta").Assignment
	for who, code := range map[string]string{karin: "error.not_found", berg: "error.not_found", "sara": "error.not_found", "administrator-farsta": "error.not_found"} {
		c.refusedWith(decide(c.as(who), sig.AssignmentID{}, "skäl"), code, who+" decides")
	}
	if err := decide(c.as("registrar-farsta"), sig.AssignmentID{}, "skäl"); err == nil {
		t.Error("another authority's registrar decides")
	}
	if err := decide(registrar, sig.AssignmentID{}, " "); err == nil {
		t.Error("a decision without a reason")
	}
	if err := decide(registrar, c.as(karin).Assignment, "skäl"); err == nil {
		t.Error("a decision about another authority's person")
	}
	c.must(decide(registrar, leads, "Familjer frågar."), "the registrar lets the lead be named")
	if got := c.seatText("omid"); !slices.EqualFunc(got, before, sameSeat) {
		t.Errorf("a decision about who takes no part shows %+v", got)
	}
	c.must(decide(registrar, bergs, "MARKER-REASON Familjer frågar."), "the registrar lets Berg be named")
	c.must(decide(registrar, bergs, "Igen."), "and again")
	for _, who := range []string{"sara", "omid", "amir"} {
		if s := c.seats(who)[sig.RolePolice]; !slices.Equal(s.Names, []string{"Kent Berg"}) {
			t.Errorf("%s sees %v", who, s.Names)
		}
		if s := c.seats(who)[sig.RoleSchoolCounsellor]; s.Names != nil {
			t.Errorf("%s sees the school's names too: %v", who, s.Names)
		}
	}
	_, err := c.Consenting.Seats(c.ctx(), c.as(karin), c.id)
	c.refusedWith(err, "error.not_found", "staff ask for the family's list")
	_, err = c.Consenting.Seats(c.ctx(), c.as("viktor"), c.id)
	c.refusedWith(err, "error.not_found", "another family asks")
	found, err := c.Casework.SeatNames(c.ctx(), registrar)
	c.must(err, "the registrar looks")
	n := slices.IndexFunc(found.Decisions, func(d casework.SeatName) bool { return d.Holder == "Kent Berg" })
	if len(found.Decisions) != 2 || n < 0 || !strings.Contains(found.Decisions[n].Reason, "Familjer frågar") {
		t.Fatalf("the registrar sees %+v", found.Decisions)
	}
	if one[int](c, `select count(*)::int from sig.seat_name where reason_sealed::text like '%4d41524b4552%'`) != 0 {
		t.Error("a reason lies in clear")
	}
	c.refusedWith(c.Casework.UnnameSeat(c.ctx(), c.as("registrar-farsta"), found.Decisions[n].ID, "skäl"), "error.not_found", "another registrar takes it back")
	if err := c.Casework.UnnameSeat(c.ctx(), registrar, found.Decisions[n].ID, ""); err == nil {
		t.Error("it is taken back without a reason")
	}
	c.must(c.Casework.UnnameSeat(c.ctx(), registrar, found.Decisions[n].ID, "Hot."), "the registrar takes it back")
	if got := c.seatText("omid"); !slices.EqualFunc(got, before, sameSeat) {
		t.Errorf("taken back, Omid sees %+v, before %+v", got, before)
	}
	for kind, want := range map[string]int{"name_seat": 2, "unname_seat": 1} {
		if got := one[int](c, `select count(*)::int from sig.ledger where kind = $1 and outcome = 'allowed'`, kind); got != want {
			t.Errorf("%d rows %s in the ledger, want %d", got, kind, want)
		}
	}
}

func sameSeat(a, b consenting.SeatToday) bool {
	return a.Party == b.Party && a.Held == b.Held && a.Until.Equal(b.Until) && slices.Equal(a.Names, b.Names)
}

// Who sits is who takes part now: nobody after the assignment's end, a stand-in
// until a day, and for the function of a unit whoever comes.
func TestWhoSitsThereToday(t *testing.T) {
	c := inForce(t)
	c.must(c.Casework.NameSeat(c.ctx(), c.as("registrar-police"), casework.NewSeatName{Unit: sample.Police.Unit, Function: sig.RolePolice, Reason: "skäl"}), "decide")
	if s := c.seats("sara")[sig.RolePolice]; !slices.Equal(s.Names, []string{"Kent Berg"}) {
		t.Errorf("of the function of the unit Sara sees %v", s.Names)
	}
	c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, c.as("deputy-coordinator-farsta").Assignment, sig.DateOf(stockholm("2026-12-24 12:00:00"))), "Karin names a stand-in")
	if s := c.seats("sara")[sig.RoleCoordinator]; !s.Held || !s.Until.IsZero() {
		t.Errorf("with Karin still there Sara sees %+v", s)
	}
	c.reorganises("email: karin.ek@farsta.example, function: coordinator, from: 2026-01-01}", "email: karin.ek@farsta.example, function: coordinator, from: 2026-01-01, to: 2026-12-09}",
		"email: kent.berg@polisen.example, function: community_police, from: 2026-01-01}", "email: kent.berg@polisen.example, function: community_police, from: 2026-01-01, to: 2026-12-09}")
	c.db.FreezeClock(t, stockholm("2026-12-10 00:00:00").Add(-time.Microsecond))
	if s := c.seats("sara")[sig.RolePolice]; !s.Held {
		t.Errorf("a microsecond before the end: %+v", s)
	}
	c.db.FreezeClock(t, stockholm("2026-12-10 00:00:00"))
	seats := c.seats("sara")
	if s := seats[sig.RolePolice]; s.Held || s.Names != nil {
		t.Errorf("after the end: %+v", s)
	}
	if s := seats[sig.RoleCoordinator]; !s.Held || !s.Until.Equal(stockholm("2026-12-25 00:00:00")) {
		t.Errorf("with the stand-in alone: %+v", s)
	}
}

// The database alone shows no name without a decision, none of a protected
// family, and nobody's seats to anybody else.
func TestTheDatabaseShowsNoNameByItself(t *testing.T) {
	c := inForce(t)
	names := func(kind, setting, id string) (rows, named int) {
		t.Helper()
		tx, err := c.db.Super().Begin(c.ctx())
		c.must(err, "begin")
		defer func() { _ = tx.Rollback(c.ctx()) }()
		_, err = tx.Exec(c.ctx(), `set local role sig_app`)
		c.must(err, "become the pages")
		_, err = tx.Exec(c.ctx(), `select set_config('app.kind', $1, true), set_config($2, $3, true)`, kind, setting, id)
		c.must(err, "act")
		c.must(tx.QueryRow(c.ctx(), `select count(*)::int, count(name)::int from sig.family_seats($1)`, c.id).Scan(&rows, &named), "ask")
		return rows, named
	}
	sara := c.as("sara").Guardian.String()
	if rows, named := names("guardian", "app.guardian", sara); rows != 4 || named != 0 {
		t.Errorf("without a decision: %d seats, %d names", rows, named)
	}
	c.must(c.Casework.NameSeat(c.ctx(), c.as("registrar-police"), casework.NewSeatName{Unit: sample.Police.Unit, Function: sig.RolePolice, Reason: "skäl"}), "decide")
	if rows, named := names("guardian", "app.guardian", sara); rows != 4 || named != 1 {
		t.Errorf("with a decision: %d seats, %d names", rows, named)
	}
	if rows, _ := names("staff", "app.assignment", c.as(karin).Assignment.String()); rows != 0 {
		t.Errorf("staff are told of %d seats", rows)
	}
	if rows, _ := names("guardian", "app.guardian", c.as("viktor").Guardian.String()); rows != 0 {
		t.Errorf("another family is told of %d seats", rows)
	}
	_, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked' where id = (select youth from sig.intervention where id = $1)`, c.id)
	c.must(err, "protect")
	if _, named := names("guardian", "app.guardian", sara); named != 0 {
		t.Error("a protected family is told a name")
	}
	for f, s := range c.seats("sara") {
		if s.Names != nil || s.Party.Unit != "" || s.Party.Authority != "" || s.Party.Seat.Unit != "" {
			t.Errorf("of %s a protected family is told %+v", f, s)
		}
	}
	c.withdraws("sara", everything)
	if rows, _ := names("guardian", "app.guardian", sara); rows != 0 {
		t.Errorf("after the withdrawal %d seats", rows)
	}
}
