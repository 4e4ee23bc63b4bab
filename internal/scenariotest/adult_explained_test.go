package scenariotest

import (
	"testing"

	"sigportal/internal/consenting"
)

// T04, in the middle of the signing: from midnight a guardian who has not
// answered is nobody to be heard, and is told nothing of an adult's case; before
// midnight the same is taken.
func TestT04NobodyExplainsAnAdultsCaseToAGuardian(t *testing.T) {
	c := newCity(t, "2027-01-10", "lina")
	c.proposes()
	id := c.explains(c1()...)
	c.signs(id, "petra")
	anders := c.as("anders").Guardian
	explained := consenting.Explaining{Signer: consenting.SignerRef{Guardian: anders}, Method: consenting.MethodPhone, Language: "sv"}
	gone := func() (list []string) {
		for _, s := range c.shown(karin).Preparing.Signers {
			if s.Gone {
				list = append(list, s.Name)
			}
		}
		return list
	}
	birthday := stockholm("2027-01-20 00:00:00")
	c.db.FreezeClock(t, birthday.Add(-1000))
	if got := gone(); len(got) != 0 {
		t.Errorf("before the birthday %v decide no longer", got)
	}
	_, err := c.Consenting.Explain(c.ctx(), c.as(karin), id, explained)
	c.must(err, "Karin explains to Anders before midnight")
	c.db.FreezeClock(t, birthday)
	if got := gone(); len(got) != 1 || got[0] != "Anders Berggren" {
		t.Errorf("from the birthday %v decide no longer", got)
	}
	before := one[int](c, `select count(*)::int from sig.ledger where kind = 'explain_consent' and outcome = 'allowed'`)
	_, err = c.Consenting.Explain(c.ctx(), c.as(karin), id, explained)
	c.refusedWith(err, "error.not_found", "Karin explains an adult's case to Anders")
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'explain_consent' and outcome = 'allowed'`); n != before {
		t.Errorf("%d explanations in the ledger, want %d", n, before)
	}
	_, err = c.Consenting.Explain(c.ctx(), c.as(karin), id, consenting.Explaining{
		Signer: consenting.SignerRef{Youth: c.shown(karin).Youth.ID}, Method: consenting.MethodMeeting, Language: "sv",
	})
	c.must(err, "Karin explains to Lina herself")
}
