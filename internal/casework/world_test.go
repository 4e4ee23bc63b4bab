package casework_test

import (
	"bytes"
	"testing"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/dbtest"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// city is the invented city with nobody's case in it yet.
type city struct {
	t       *testing.T
	db      *dbtest.Database
	sealer  *seal.Sealer
	service *casework.Service
}

func newCity(t *testing.T) *city {
	t.Helper()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	db.SetClock(t, time.Date(2026, 11, 23, 9, 0, 0, 0, sig.Stockholm))
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	return &city{t: t, db: db, sealer: sealer, service: &casework.Service{DB: db.App(), Sealer: sealer}}
}

// signsIn takes the steps of a login for one invented person.
func (c *city) signsIn(persona string) sig.Actor {
	c.t.Helper()
	actor, err := sample.SignIn(c.t.Context(), c.db.App(), c.sealer.PINHash, persona, "")
	if err != nil {
		c.t.Fatalf("%s signs in: %v", persona, err)
	}
	return actor
}

func (c *city) number(persona string) sig.PersonalNumber {
	c.t.Helper()
	p, err := sample.Find(persona)
	if err != nil {
		c.t.Fatal(err)
	}
	n, err := p.Number()
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// proposal is a SIG for Amir with his two guardians.
func (c *city) proposal() casework.Proposal {
	guardian := func(persona, name string) casework.NewGuardian {
		return casework.NewGuardian{
			Number: c.number(persona), Name: name, Kind: "parent", Custody: "joint", Source: "population_register",
			VerifiedOn: sig.Date{Year: 2026, Month: 11, Day: 20}, Contact: casework.Contact{Email: persona + "@familj.example"},
		}
	}
	return casework.Proposal{
		Programme: sig.ProgrammeSIG, Number: c.number("amir"), Name: "Amir Rahimi", Protection: sig.ProtectionNone,
		Guardians: []casework.NewGuardian{guardian("sara", "Sara Rahimi"), guardian("omid", "Omid Rahimi")},
	}
}

// proposes opens Amir's case.
func (c *city) proposes(coordinator sig.Actor) casework.Proposed {
	c.t.Helper()
	out, err := c.service.Propose(c.t.Context(), coordinator, c.proposal())
	if err != nil {
		c.t.Fatalf("propose: %v", err)
	}
	return out
}
