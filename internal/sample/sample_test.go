package sample_test

import (
	"testing"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

func TestNobodyCanHaveTheNumbersOfTheInventedPeople(t *testing.T) {
	t.Parallel()
	people, err := sample.Personas()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, p := range people {
		if other, twice := seen[p.Issuer+p.Subject]; twice {
			t.Errorf("%s and %s are the same person to the provider", p.ID, other)
		}
		seen[p.Issuer+p.Subject] = p.ID
		if p.PersonalNumber == "" {
			if p.Issuer == sample.IssuerEID {
				t.Errorf("%s has an eID and no personal number", p.ID)
			}
			continue
		}
		n, err := p.Number()
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if other, twice := seen[p.PersonalNumber]; twice {
			t.Errorf("%s and %s share a personal number", p.ID, other)
		}
		seen[p.PersonalNumber] = p.ID
		serial := p.PersonalNumber[8:11]
		if old := n.BirthDate().Year < 1990; old && serial < "980" || !old && serial != "238" && serial != "239" {
			t.Errorf("%s: birth number %s is not of the test series", p.ID, serial)
		}
	}
}

func TestTheYouthsAreAsOldAsTheScenariosSay(t *testing.T) {
	t.Parallel()
	for id, born := range map[string]string{
		"amir": "2011-03-15", "lina": "2009-01-20", "kim": "2014-06-05", "maja": "2010-11-02",
	} {
		p, err := sample.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := p.Number(); err != nil || n.BirthDate().String() != born {
			t.Errorf("%s is born %v, want %s (%v)", id, n.BirthDate(), born, err)
		}
	}
}

// Every person in the directory file can sign in, and everybody who is asked
// for by the scenarios sits where the scenarios need them.
func TestEverybodyInTheFileHasAPersona(t *testing.T) {
	t.Parallel()
	file, err := sample.File()
	if err != nil {
		t.Fatal(err)
	}
	people, err := sample.Personas()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, p := range people {
		keys[p.StaffKey] = true
		if len(p.Functions) == 0 && p.ID != "loa2" {
			t.Errorf("%s has no function", p.ID)
		}
	}
	missing := 0
	for _, a := range file.Directory.Assignments {
		if !keys[a.StaffKey] && a.Function != sig.RoleRegistrar {
			t.Errorf("%s sits in the city and cannot sign in", a.StaffKey)
		}
		if !keys[a.StaffKey] {
			missing++
		}
	}
	if missing > 4 {
		t.Errorf("%d registrars cannot sign in", missing)
	}
	for id, want := range map[string]string{
		"coordinator-farsta": "coordinator@farsta-unga", "police-farsta": "community_police@polis-farsta",
		"police-jarva": "community_police@polis-jarva", "field-assistant-leisure": "field_assistant@kulturfritid-falt",
		"school-counsellor": "school_counsellor@farstaskolan-elevhalsa", "registrar-police": "registrar@polis-registratur",
	} {
		if p, err := sample.Find(id); err != nil || p.Functions[0] != want {
			t.Errorf("%s: %v, want %s (%v)", id, p.Functions, want, err)
		}
	}
}

func TestTheFamiliesAreMadeOfInventedPeople(t *testing.T) {
	t.Parallel()
	for _, f := range sample.Families() {
		for _, id := range append([]string{f.Youth}, f.Guardians[0].Guardian, f.Guardians[1].Guardian) {
			if _, err := sample.Find(id); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := sample.Find("nobody"); err == nil {
		t.Error("the city has somebody called nobody")
	}
}
