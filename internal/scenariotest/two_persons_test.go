package scenariotest

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// T26, domain 3.6: where somebody protected is waits for a second officer, who is
// a second person. Maria takes part under two functions: what she tells under one
// she does not let leave under the other, and neither does the database.
func TestT26ASecondOfficerIsASecondPerson(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, sample.Counsellor, sig.CategoryWhereabouts))
	c.marks()
	hat := func(name string) sig.Actor {
		a, err := c.As(c.ctx(), maria, name)
		c.must(err, "Maria signs in")
		c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, a.Assignment, "arbetar med den unge"), "Karin lets Maria in")
		return a
	}
	coordinates, decides := hat("coordinator"), hat("social_secretary")
	item, err := c.Sharing.WriteItem(c.ctx(), coordinates, sharing.NewItem{Key: uuid.NewString(), Intervention: c.id, Categories: []sig.Category{sig.CategoryWhereabouts}, Text: "MARKER-WHERE"})
	c.must(err, "Maria writes")
	sent, err := c.Sharing.Disclose(c.ctx(), coordinates, sharing.NewDisclosure{Key: uuid.NewString(), Intervention: c.id, Item: item, Recipients: []sig.Seat{sample.Counsellor}, Necessity: "skolan hämtar"})
	c.must(err, "Maria tells the counsellor")
	id := sent[0].ID
	for _, as := range []sig.Actor{coordinates, decides} {
		c.refusedWith(c.Sharing.Approve(c.ctx(), as, c.id, id), "error.approver_is_another", "Maria approves as "+string(as.Function))
		if act, err := c.Sharing.Act(c.ctx(), as, c.id, id); err != nil || act.Parts[0].Approve {
			t.Errorf("Maria as %s is offered to approve what she told (%v)", as.Function, err)
		}
		if _, err := c.db.Super().Exec(c.ctx(), `update sig.disclosure set state = 'sent', sent_at = now(), approved_by = $2 where id = $1`, id, as.Assignment); err == nil {
			t.Errorf("the database lets Maria approve as %s", as.Function)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.mail m join sig.assignment a on a.id = m.assignment where m.kind = 'approval_needed' and a.name = 'Maria Sand'`); n != 0 {
		t.Errorf("Maria is asked %d times to approve what she told", n)
	}
	if act, err := c.Sharing.Act(c.ctx(), c.as(nadia), c.id, id); err != nil || !act.Parts[0].Approve {
		t.Errorf("Nadia is not offered to approve it: %v", err)
	}
	c.must(c.Sharing.Approve(c.ctx(), c.as(nadia), c.id, id), "Nadia approves")
}
