package casework_test

import (
	"errors"
	"testing"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// A coordinator proposes for a youth of the own board and takes part; a
// colleague who proposes again hears only that it was received.
func TestASecondProposalIsOnlyReceived(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	coordinator, deputy := c.signsIn("coordinator-farsta"), c.signsIn("deputy-coordinator-farsta")
	first := c.proposes(coordinator)
	if first.Intervention.IsZero() || first.Received {
		t.Fatalf("first proposal: %+v", first)
	}
	if deputy.Function == sig.RoleCoordinator {
		again, err := c.service.Propose(t.Context(), deputy, c.proposal())
		if err != nil || again != (casework.Proposed{Received: true}) {
			t.Errorf("second proposal: %+v, %v; want received and nothing else", again, err)
		}
	}
	today, err := c.service.Today(t.Context(), coordinator)
	if err != nil || len(today.Tasks) != 1 || today.Tasks[0].Kind != "proposal_received" {
		t.Errorf("the coordinator's Today: %+v, %v", today.Tasks, err)
	}
}

// Another board's coordinator makes its own record and learns nothing of the
// first board's.
func TestEachBoardHasItsOwnRecord(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.proposes(c.signsIn("coordinator-farsta"))
	other, err := c.service.Propose(t.Context(), c.signsIn("coordinator-skarholmen"), c.proposal())
	if err != nil || other.Received || other.Intervention.IsZero() {
		t.Errorf("Skärholmen's own proposal: %+v, %v", other, err)
	}
	cases, err := c.service.Cases(t.Context(), c.signsIn("coordinator-skarholmen"))
	if err != nil || len(cases) != 1 || cases[0].ID != other.Intervention {
		t.Errorf("Skärholmen's cases: %+v, %v; want its own alone", cases, err)
	}
}

// What is wrong with a proposal stands at its fields, and nothing is written.
func TestAProposalSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	in := c.proposal()
	in.Guardians[1].Custody = "sole"
	in.Guardians = append(in.Guardians, in.Guardians[0])
	in.Guardians[2].Number = c.number("kim")
	in.Name, in.Guardians[1].Number, in.Guardians[0].VerifiedOn = " ", in.Guardians[0].Number, sig.Date{Year: 2027, Month: 1, Day: 1}
	_, err := c.service.Propose(t.Context(), c.signsIn("coordinator-farsta"), in)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		t.Fatalf("propose: %v", err)
	}
	got := map[string]string{}
	for _, field := range f.Fields {
		got[field.Name] = field.Code
	}
	for name, code := range map[string]string{
		"guardians.2.number": "error.guardian_under_age", "name": "error.required", "guardians.1.number": "error.same_person_twice", "guardians.0.verified_on": "error.date_not_after_today",
		"guardians.1.custody": "error.sole_custody_of_several",
	} {
		if got[name] != code {
			t.Errorf("field %s: %q, want %q", name, got[name], code)
		}
	}
	var youths int
	if err := c.db.Super().QueryRow(t.Context(), `select count(*) from sig.youth`).Scan(&youths); err != nil || youths != 0 {
		t.Errorf("youths after a refused proposal: %d, %v", youths, err)
	}
}

// T10 and T38: a colleague of the same board without a part sees no case,
// finds nobody, and asks to take part; until the answer nothing shows that
// there is a case, and asking about nobody is answered alike.
func TestAskingForAPartShowsNothing(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	coordinator, colleague := c.signsIn("coordinator-farsta"), c.signsIn("social-secretary-farsta")
	opened := c.proposes(coordinator)

	for by, term := range map[casework.SearchBy]string{
		casework.SearchName: "Rahimi", casework.SearchNumber: c.number("amir").Digits(), casework.SearchCaseNumber: opened.CaseNumber,
	} {
		found, err := c.service.Search(t.Context(), coordinator, by, term)
		if err != nil || len(found) != 1 {
			t.Errorf("the coordinator searches by %s: %d found, %v", by, len(found), err)
		}
		found, err = c.service.Search(t.Context(), colleague, by, term)
		if err != nil || len(found) != 0 {
			t.Errorf("the colleague searches by %s: %d found, %v; want none", by, len(found), err)
		}
	}
	if err := c.service.RequestPart(t.Context(), colleague, c.number("lina"), "behöver veta"); err != nil {
		t.Errorf("asking about nobody: %v", err)
	}
	if err := c.service.RequestPart(t.Context(), colleague, c.number("amir"), "utreder systern"); err != nil {
		t.Fatalf("asking about Amir: %v", err)
	}
	mine, err := c.service.MyRequests(t.Context(), colleague)
	if err != nil || len(mine) != 2 || mine[0].Answer != "" || mine[1].Answer != "" {
		t.Errorf("the colleague's requests: %+v, %v", mine, err)
	}
	seats, err := c.service.Seats(t.Context(), coordinator, opened.Intervention)
	if err != nil || len(seats.Requests) != 1 || seats.Requests[0].Reason != "utreder systern" {
		t.Fatalf("requests before the coordinator: %+v, %v", seats, err)
	}
	if err := c.service.AnswerRequest(t.Context(), coordinator, opened.Intervention, seats.Requests[0].ID, true); err != nil {
		t.Fatalf("grant: %v", err)
	}
	if cases, err := c.service.Cases(t.Context(), colleague); err != nil || len(cases) != 1 {
		t.Errorf("after the grant: %+v, %v", cases, err)
	}
}

// A coordinator lets colleagues of the own board in and nobody else's; a
// stand-in fills the coordinator's seat until the date.
func TestPartsAreGivenInsideTheBoard(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	coordinator := c.signsIn("coordinator-farsta")
	opened := c.proposes(coordinator)
	jonas, police := c.signsIn("field-assistant-farsta"), c.signsIn("police-farsta")
	if err := c.service.GivePart(t.Context(), coordinator, opened.Intervention, jonas.Assignment, "möter Amir"); err != nil {
		t.Errorf("a field assistant of the board: %v", err)
	}
	if err := c.service.GivePart(t.Context(), coordinator, opened.Intervention, police.Assignment, "möter Amir"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("somebody of the police: %v; want what to do instead", err)
	}
	if err := c.service.GivePart(t.Context(), jonas, opened.Intervention, c.signsIn("open-care-farsta").Assignment, "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("given by a participant who does not coordinate: %v", err)
	}
	deputy := c.signsIn("deputy-coordinator-farsta")
	until := sig.Date{Year: 2026, Month: 12, Day: 24}
	if err := c.service.StandIn(t.Context(), coordinator, opened.Intervention, deputy.Assignment, until); err != nil {
		t.Fatalf("stand-in: %v", err)
	}
	if _, err := c.service.Seats(t.Context(), deputy, opened.Intervention); err != nil {
		t.Errorf("the stand-in coordinates: %v", err)
	}
	c.db.SetClock(t, until.End())
	if _, err := c.service.Seats(t.Context(), deputy, opened.Intervention); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after the date: %v; want not found", err)
	}
}
