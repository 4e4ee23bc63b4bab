package sample_test

import (
	"crypto/sha256"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

func plainHash(digits string) []byte {
	sum := sha256.Sum256([]byte(digits))
	return sum[:]
}

func TestEverybodyInTheCityCanSignIn(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if err := sample.City(t.Context(), d.Owner()); err != nil {
		t.Fatal(err)
	}
	people, err := sample.Personas()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		first, err := sample.SignIn(t.Context(), d.App(), plainHash, p.ID, "")
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if staff := p.StaffKey != ""; staff != (first.Kind == sig.ActorStaff) {
			t.Errorf("%s signs in as %s", p.ID, first.Kind)
		}
		again, err := sample.SignIn(t.Context(), d.App(), plainHash, p.ID, "")
		if err != nil || again.Person != first.Person || again.Assignment != first.Assignment {
			t.Errorf("%s comes back as somebody else: %+v, %+v, %v", p.ID, first, again, err)
		}
	}
	if _, err := sample.SignIn(t.Context(), d.App(), plainHash, "deputy-coordinator-farsta", "social_secretary"); err != nil {
		t.Errorf("the stand-in cannot take the other hat: %v", err)
	}
	if a, err := sample.SignIn(t.Context(), d.App(), plainHash, "police-farsta", "coordinator"); err == nil {
		t.Errorf("Berg is a coordinator: %+v", a)
	}
	// An eID says who somebody is, not that they are a guardian.
	if a, err := sample.SignIn(t.Context(), d.App(), plainHash, "sara", "guardian"); err == nil {
		t.Errorf("Sara is a guardian without a record: %+v", a)
	}
}
