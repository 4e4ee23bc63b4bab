package scenariotest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/oversight"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// T07, field assistants in the same board, and the coordinator moves: inside
// the board the meeting time goes by need, without the consent; the police
// reach the field assistant only where the consent has such a row.
func TestT07FieldAssistantsOfTheSameBoard(t *testing.T) {
	c := inForce(t)
	const agenda = "1 MARKER-GOALS, 2 MARKER-SEEN, MARKER-PLACE, Farsta torg 1"
	meets := c.schedules(c.meets("2027-01-14 14:00:00", network, goals, seen))
	c.reorganises("districts:\n  - {id: farsta,", `function_moves:
  - {function: coordinator, from_unit: farsta-unga, to_unit: farsta-oppenvard, at: 2027-01-01}
districts:
  - {id: farsta,`)
	c.db.SetClock(t, stockholm("2027-01-04 09:00:00"))
	moved := sample.Coordinator
	moved.Unit = "farsta-oppenvard"
	const called = "1 MARKER-GOALS, 2 , MARKER-PLACE, Farsta torg 1" // Jonas leaves for the police's point
	for who, want := range map[string]string{karin: agenda, jonas: called, berg: agenda} {
		if got := c.seesOf(who, meets); got != want {
			t.Errorf("after the move %s sees %q of the meeting called before it", who, got)
		}
	}
	c.schedules(c.meets("2027-01-20 14:00:00", []sig.Seat{moved, sample.Police, sample.FieldAssistant}, meeting.NewPoint{
		Category: sig.CategoryPlanGoals, Teller: moved, Text: "MARKER-GOALS",
	}))

	item := c.writes(karin, sig.CategoryMeetingLogistics)
	choice := c.candidate(karin, item, sample.FieldAssistant)
	if !choice.Allowed || !choice.Internal || choice.Reason != policy.ByNeed {
		t.Errorf("Jonas, who takes part: %+v", choice)
	}
	_, err := c.Sharing.Disclose(c.ctx(), c.as(karin), sharing.NewDisclosure{
		Key: "no reason", Intervention: c.id, Item: item, Recipients: []sig.Seat{sample.FieldAssistant},
	})
	c.refusedWith(err, "necessity error.required", "internal, without saying why it is needed")
	copyID, err := c.discloses(karin, item, sample.FieldAssistant)
	c.must(err, "Karin tells Jonas the meeting time")
	if !c.reads(jonas, copyID) {
		t.Error("Jonas cannot read it")
	}
	if got := one[string](c, `select basis from sig.disclosure where id = $1`, copyID); got != "internal_need" {
		t.Errorf("the basis is %s: the consent has nothing to do with it", got)
	}

	_, err = c.tells(berg, sample.FieldAssistant, sig.CategoryPoliceObservation)
	c.refusedWith(err, "recipients.0 reason.no_grant_recipient", "the police tell the field assistant without a row")
	deputy, err := c.As(c.ctx(), maria, "coordinator")
	c.must(err, "Maria signs in as the other coordinator")
	c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, deputy.Assignment, sig.Date{Year: 2027, Month: 1, Day: 31}), "Karin names a stand-in after the move")
	if _, err := c.Casework.Seats(c.ctx(), deputy, c.id); err != nil {
		t.Errorf("whom Karin let stand in after the move does not coordinate: %v", err)
	}
	if fromPolice, err := c.tells(berg, moved, sig.CategoryPoliceObservation); err != nil {
		t.Errorf("the consent did not follow the coordinator to the new unit: %v", err)
	} else if _, err := c.Sharing.OpenCopy(c.ctx(), deputy, c.id, fromPolice); err != nil || !c.reads(karin, fromPolice) {
		t.Errorf("Karin, or who stands in for her, cannot read what came to the new unit: %v", err)
	}
	c.sitsIn(karin, moved.Unit, "Öppenvården, Farsta")
	c.sitsIn(nadia, "farsta-unga", "Enheten för barn och unga, Farsta") // whose function did not move
	next := &city{Town: c.Town, t: t, db: c.db, family: sample.Families()[2]}
	next.proposes()
	if got := next.shown(karin); !got.Can(consenting.ActionPrepare) {
		t.Error("Karin cannot work on a case that she proposed after the move")
	}
}

// T07, the other half: with a row from the police to the field assistants it is
// allowed, and the family reads that function by its name.
func TestT07PoliceToFieldAssistantByARow(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPoliceObservation))
	copyID := c.told(berg, sample.FieldAssistant, sig.CategoryPoliceObservation)
	if !c.reads(jonas, copyID) {
		t.Error("Jonas cannot read what the police told his function")
	}
	if c.reads(karin, copyID) {
		t.Error("Karin reads what was told the field assistant")
	}
	named := false
	for _, r := range c.shown("sara").InForce.Rows {
		named = named || r.Recipient.Seat.Function == sig.RoleFieldAssistant && r.Recipient.Unit == "Fältgruppen, Farsta"
	}
	if !named {
		t.Error("Sara's page does not name the field assistants")
	}
}

// T08, field assistants under the culture and leisure board: the consent names
// coordinator, police and school. To let the field assistant in is refused,
// because it is another authority that the consent does not cover, and the
// coordinator is told that the consent can be amended.
func TestT08FieldAssistantsUnderTheLeisureBoard(t *testing.T) {
	c := inForce(t)
	err := c.Casework.GivePart(c.ctx(), c.as(karin), c.id, c.as(elsa).Assignment, "möter Amir på kvällarna")
	c.refusedWith(err, "assignment error.part_elsewhere", "Karin lets Elsa of the leisure board in")
	sv := words.For("sv")
	for _, says := range []string{"annan myndighet", "samtycket"} {
		if !strings.Contains(sv.T("error.part_elsewhere"), says) {
			t.Errorf("the refusal does not say %q: %s", says, sv.T("error.part_elsewhere"))
		}
	}
	item := c.writes(karin, sig.CategoryPlanGoals)
	_, err = c.discloses(karin, item, elsas)
	c.refusedWith(err, "recipients.0 reason.no_grant_recipient", "Karin tells Elsa")
	c.toldWhatToDo("no_grant_recipient")
	if !strings.Contains(sv.T("reason.no_grant_recipient.todo"), "samtycket") {
		t.Errorf("what to do: %s", sv.T("reason.no_grant_recipient.todo"))
	}
	if !c.shown(karin).Can(consenting.ActionAmend) {
		t.Error("Karin is not offered to amend the consent")
	}
	if _, err := c.Sharing.Head(c.ctx(), c.as(elsa), c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Elsa learns that there is a case: %v", err)
	}

	// The way that the refusal names: the family says yes to such a row.
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin amends")
	rows := append(c1(), row(sample.Coordinator, elsas, sig.CategoryPlanGoals))
	for i := range rows {
		rows[i].From = stockholm("2026-12-03 00:00:00")
	}
	c.signs(c.explains(rows...), "amir", "sara", "omid")
	copyID, err := c.discloses(karin, item, elsas)
	c.must(err, "Karin tells Elsa's function")
	if c.reads(elsa, copyID) {
		t.Error("Elsa reads before anybody in her board has let her in")
	}
	c.seated([2]string{elsa, elsa})
	if !c.reads(elsa, copyID) {
		t.Error("Elsa, let in by the lead of her function, cannot read")
	}
}

// T09, a consent that says only "socialtjänst": refused row by row, and an old
// one on paper is mapped by hand, so that economic aid and addiction care for
// adults get nothing from it.
func TestT09OnlySocialtjanst(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	whole := row(sample.Police, sig.Seat{Unit: "farsta-unga"}, sig.CategoryPlanGoals)
	_, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: []consenting.DraftGrant{whole}})
	c.refusedWith(err, "grants.1.recipient error.grant_name_the_function", "a row to the whole unit")
	if !strings.Contains(words.For("sv").T("error.grant_name_the_function", "row", 1), "funktion") {
		t.Error("nobody is told to name the functions")
	}

	var signed []consenting.SignerRef
	for _, g := range []string{"sara", "omid"} {
		signed = append(signed, consenting.SignerRef{Guardian: c.as(g).Guardian})
	}
	signed = append(signed, consenting.SignerRef{Youth: c.as("amir").Youth})
	paper := consenting.Import{Draft: consenting.Draft{Grants: c1()}, Method: consenting.MethodMeeting, Language: "sv", SignedBy: signed}
	wide := paper
	wide.Grants = append(c1(),
		row(sample.Coordinator, sig.Seat{Unit: "farsta-ekonomi", Function: sig.RoleCaseworker}, sig.CategoryPlanGoals),
		row(sample.Coordinator, sig.Seat{Unit: "farsta-vuxen", Function: sig.FunctionAddictionCare}, sig.CategoryPlanGoals))
	_, err = c.Consenting.ImportLegacy(c.ctx(), c.as(karin), c.id, wide)
	c.refusedWith(err, "grants.7.recipient error.grant_function_not_consentable, grants.8.recipient error.grant_not_from_import",
		"economic aid and addiction care from an old paper")
	_, err = c.Consenting.ImportLegacy(c.ctx(), c.as(karin), c.id, paper)
	c.must(err, "Karin maps the paper by hand")
	c.decides()
	if rows := c.shown(karin).InForce.Rows; len(rows) != 6 {
		t.Errorf("%d rows are in force, want the six that were mapped", len(rows))
	}
}

// T10, another's file in the same board: the social secretary opens notes of a
// case in which she takes no part. That is denied and logged; the route is an
// internal request with a reason, and until it is granted nothing shows that
// there is a case.
func TestT10AnothersFileInTheSameBoard(t *testing.T) {
	c := inForce(t)
	siv := "addiction-care-farsta"
	item := c.writes(nadia, sig.CategorySocialFamily)
	refusals := func() int {
		return one[int](c, `select count(*)::int from sig.ledger where kind = 'read_item' and outcome = 'refused' and assignment = $1`, c.as(siv).Assignment)
	}
	if _, err := c.Sharing.OpenItem(c.ctx(), c.as(siv), c.id, item); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Siv opens the notes: %v", err)
	}
	if _, err := c.Sharing.OpenItem(c.ctx(), c.as(nadia), c.id, item); err != nil {
		t.Errorf("Nadia, who takes part, opens them: %v", err)
	}
	if n := refusals(); n != 1 {
		t.Errorf("%d refused reads in the ledger, want one", n)
	}
	number := c.number("amir")
	c.must(c.Casework.RequestPart(c.ctx(), c.as(siv), number, "utreder mammans missbruk"), "Siv asks to take part")
	c.must(c.Casework.RequestPart(c.ctx(), c.as(siv), c.number("maja"), "utreder"), "Siv asks about somebody without a case")
	mine, err := c.Casework.MyRequests(c.ctx(), c.as(siv))
	c.must(err, "Siv looks at her requests")
	if len(mine) != 2 || mine[0].Answer != mine[1].Answer || mine[0].Answer != "" {
		t.Errorf("Siv's two requests differ before an answer: %+v", mine)
	}
	if _, waits := c.tasks(karin)["answer_request"]; !waits {
		t.Error("the request does not stand on Karin's Today")
	}
	seats, err := c.Casework.Seats(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the seats")
	if len(seats.Requests) != 1 || seats.Requests[0].Reason != "utreder mammans missbruk" {
		t.Fatalf("requests before Karin: %+v", seats.Requests)
	}
	c.must(c.Casework.AnswerRequest(c.ctx(), c.as(karin), c.id, seats.Requests[0].ID, false), "Karin refuses")
	if _, err := c.Sharing.OpenItem(c.ctx(), c.as(siv), c.id, item); fault.KindOf(err) != fault.NotFound {
		t.Errorf("refused, Siv opens the notes: %v", err)
	}
}

// T12, an actor is transferred: Berg goes to Järva on 1 February and loses the
// case at midnight; Lind has the function's inbox once somebody has let her in.
// Jonas goes to Järva's board, which is another authority.
func TestT12ActorTransferred(t *testing.T) {
	c := inForce(t)
	copyID := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	in := c.meets("2027-02-10 14:00:00", network, goals, seen)
	in.Place = ""
	id := c.schedules(in)
	const agenda = "1 MARKER-GOALS, 2 MARKER-SEEN, "
	const (
		bergs  = "name: Kent Berg, email: kent.berg@polisen.example, function: community_police, from: 2026-01-01"
		linds  = "name: Moa Lind, email: moa.lind@polisen.example, function: community_police, leads: [community_police], from: 2026-01-01"
		jonass = "name: Jonas Dahl, email: jonas.dahl@farsta.example, function: field_assistant, from: 2026-01-01"
		unit   = "              - {issuer: police, staff_key: p1100@polisen.example"
		jarva  = "              - {issuer: staff, staff_key: leo.strom@jarva.example"
	)
	c.reorganises(
		bergs, bergs+", to: 2027-01-31", linds, linds+", to: 2027-01-31", jonass, jonass+", to: 2027-01-31",
		unit, "              - {issuer: police, staff_key: p2201@polisen.example, name: Moa Lind, function: community_police, from: 2027-02-01}\n"+unit,
		jarva, "              - {issuer: staff, staff_key: jonas.dahl@farsta.example, name: Jonas Dahl, function: field_assistant, from: 2027-02-01}\n"+jarva,
	)
	bergBefore, jonasBefore := c.as(berg), c.as(jonas)
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00").Add(-time.Microsecond))
	if !c.reads(berg, copyID) || c.seesOf(berg, id) != agenda {
		t.Error("Berg lost the case before midnight")
	}
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00"))
	if _, err := c.Sharing.OpenCopy(c.ctx(), bergBefore, c.id, copyID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("at midnight Berg reads: %v", err)
	}
	if _, err := c.Meeting.Open(c.ctx(), bergBefore, c.id, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("at midnight Berg sees the meeting: %v", err)
	}
	if got := c.as(lind); got.Unit != "polis-farsta" {
		t.Fatalf("Lind sits in %s", got.Unit)
	}
	if c.reads(lind, copyID) || c.seesOf(lind, id) != "" {
		t.Error("Lind reads before anybody has let her in")
	}
	c.seated([2]string{"police-lead-farsta", lind})
	if !c.reads(lind, copyID) || c.seesOf(lind, id) != agenda {
		t.Error("Lind has not got the function's inbox")
	}

	if _, err := c.Sharing.Head(c.ctx(), jonasBefore, c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Jonas's part did not end with his assignment: %v", err)
	}
	if got := c.as(jonas); got.Authority != "jarva-sdn" {
		t.Fatalf("Jonas sits with %s", got.Authority)
	}
	if _, err := c.Sharing.Head(c.ctx(), c.as(jonas), c.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("in Järva Jonas still sees the case: %v", err)
	}
	_, err := c.tells(karin, sig.Seat{Authority: "jarva-sdn", Unit: "jarva-falt", Function: sig.RoleFieldAssistant}, sig.CategoryPlanGoals)
	c.refusedWith(err, "recipients.0 reason.no_grant_recipient", "Karin tells Jonas in Järva")
}

// T38, snooping and search: a social secretary of another board finds no match
// for Amir's number, just as for somebody unknown; both searches are in the
// ledger, without the number. A free-text search is no search.
func TestT38SnoopingAndSearch(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-02 13:00:00"))
	gun := "social-secretary-skarpnack"
	for _, youth := range []string{"amir", "maja"} { // Maja has no case anywhere
		found, err := c.Casework.Search(c.ctx(), c.as(gun), casework.SearchNumber, c.number(youth).Digits())
		if err != nil || len(found) != 0 {
			t.Errorf("Gun searches for %s: %d found, %v; want no match", youth, len(found), err)
		}
	}
	found, err := c.Casework.Search(c.ctx(), c.as(karin), casework.SearchNumber, c.number("amir").Digits())
	if err != nil || len(found) != 1 {
		t.Errorf("Karin searches for Amir: %d found, %v", len(found), err)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'search' and assignment = $1`, c.as(gun).Assignment); n != 2 {
		t.Errorf("%d of Gun's searches are in the ledger, want two", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'search' and detail::text like '%' || $1 || '%'`, c.number("amir").Digits()); n != 0 {
		t.Error("the number searched for stands in the ledger")
	}
	c.searchesAreFlagged(gun)
	for _, by := range []casework.SearchBy{"text", "", "everything"} {
		if _, err := c.Casework.Search(c.ctx(), c.as(karin), by, "ungdomar i Farsta"); fault.KindOf(err) != fault.Malformed {
			t.Errorf("a search by %q: %v, want malformed", by, err)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'search'`); n != 3 {
		t.Errorf("%d searches in the ledger, want the three that were any", n)
	}
}

// searchesAreFlagged: the log reviewer of the searcher's own board is shown both
// searches alike, and not the one that found the searcher's own case; another
// board's reviewer, and an officer without that office, see none of them.
func (c *city) searchesAreFlagged(gun string) {
	c.t.Helper()
	officer := c.as(gun)
	reviewer := officer
	reviewer.Assignment, reviewer.Function = sig.AssignmentID{UUID: uuid.New()}, sig.RoleLogReviewer
	_, err := c.db.Super().Exec(c.ctx(), `insert into sig.assignment (id, person, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		select $2, person, staff_issuer, staff_key, 'Rut Lag', unit, authority, 'log_reviewer', valid_from from sig.assignment where id = $1`,
		officer.Assignment, reviewer.Assignment)
	c.must(err, "Skarpnäck appoints a log reviewer")
	reviews := &oversight.Service{DB: c.db.App()}
	found, err := reviews.Review(c.ctx(), reviewer, "")
	c.must(err, "the log reviewer reviews")
	if len(found.Searches) != 2 {
		c.t.Fatalf("%d searches are flagged, want Gun's two", len(found.Searches))
	}
	for _, s := range found.Searches {
		if s.Officer != "Gun Ask" || s.Function != sig.RoleSocialSecretary || s.By != casework.SearchNumber {
			c.t.Errorf("flagged is %+v", s)
		}
	}
	// For whom she searched is not told, so the one with a case reads as the one without.
	for i := range found.Searches {
		found.Searches[i].ID, found.Searches[i].At = 0, time.Time{}
	}
	if found.Searches[0] != found.Searches[1] {
		c.t.Errorf("the flags tell the two apart: %+v", found.Searches)
	}
	lena, err := reviews.Review(c.ctx(), c.as("log-reviewer-farsta"), "")
	c.must(err, "another board's log reviewer reviews")
	if len(lena.Searches) != 0 {
		c.t.Errorf("another board's reviewer sees %+v", lena.Searches)
	}
	if _, err := reviews.Review(c.ctx(), officer, ""); fault.KindOf(err) != fault.NotFound {
		c.t.Errorf("an officer reviews: %v", err)
	}
	// The second wall by itself: Karin's search found her own case.
	for who, want := range map[string]int{"Gun": 0, "Lena": 0, "Skarpnäck's reviewer": 2} {
		actor := map[string]sig.Actor{"Gun": officer, "Lena": c.as("log-reviewer-farsta"), "Skarpnäck's reviewer": reviewer}[who]
		var n int
		c.must(c.db.App().Do(c.ctx(), actor, func(tx *postgres.Tx) error {
			return tx.QueryRow(c.ctx(), `select count(*)::int from sig.ledger where kind = 'search'`).Scan(&n)
		}), who+" asks the ledger")
		if n != want {
			c.t.Errorf("%s is let see %d searches in the ledger, want %d", who, n, want)
		}
	}
}

func (c *city) number(persona string) sig.PersonalNumber {
	c.t.Helper()
	p, err := sample.Find(persona)
	c.must(err, "find "+persona)
	n, err := p.Number()
	c.must(err, "the number of "+persona)
	return n
}
