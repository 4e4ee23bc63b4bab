package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/directory"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// jonasMoves is the city's file in which the field assistants of Farsta go to
// the culture and leisure board on 1 February.
func (c *city) jonasMoves() *directory.File {
	c.t.Helper()
	const stays = `email: jonas.dahl@farsta.example, function: field_assistant, from: 2026-01-01}`
	const comes = `              - {issuer: staff, staff_key: elsa.norr@kulturfritid.example`
	text := string(sample.FileText())
	for _, one := range []string{stays, comes} {
		if !strings.Contains(text, one) {
			c.t.Fatalf("the city's file has no %q", one)
		}
	}
	text = strings.ReplaceAll(text, stays, strings.TrimSuffix(stays, "}")+", to: 2027-01-31}")
	text = strings.Replace(text, comes, `              - {issuer: staff, staff_key: jonas.dahl@farsta.example, name: Jonas Dahl, email: jonas.dahl@kulturfritid.example, function: field_assistant, from: 2027-02-01}
`+comes, 1)
	file, err := directory.Read("city.yaml", strings.NewReader(text))
	c.must(err, "read the reorganised city")
	return file
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
	want := "stops    case " + number + ", field_assistant at farsta-falt, from 2027-02-01 on: 2 rows of the consent in force stop, because nobody sits there (they go to kulturfritid, another authority); 1 participation ends\n"
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

// A change that no consent names stops nothing.
func TestAReorganisationThatTouchesNobody(t *testing.T) {
	c := inForce(t)
	const stays = "email: leo.strom@jarva.example, function: field_assistant, leads: [field_assistant], from: 2026-01-01}"
	text := strings.ReplaceAll(string(sample.FileText()), stays, strings.TrimSuffix(stays, "}")+", to: 2027-01-31}")
	file, err := directory.Read("city.yaml", strings.NewReader(text))
	c.must(err, "read the changed city")
	plan, err := directory.Preview(c.ctx(), c.db.Owner(), file)
	c.must(err, "try it")
	if len(plan.Changes) != 1 || len(plan.Breaks) != 0 {
		t.Errorf("%+v", plan)
	}
}
