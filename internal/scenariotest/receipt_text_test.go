package scenariotest

import (
	"testing"

	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// A receipt says which text in which language its signer had said yes to: of
// whoever signed that text, and of a version that came without a signature of
// theirs the one before it.
func TestAReceiptSaysWhichTextWasSigned(t *testing.T) {
	c := inForce(t)
	text, err := c.Consenting.Text(c.ctx(), c.as("sara"), c.shown("sara").InForce.ID)
	c.must(err, "Sara reads what she signed")
	want := text.TextHash + " · sv " + words.For("sv").Hash()[:8]
	part := c.withdraws("sara", sig.WithdrawalScope{Category: sig.CategoryAttendance})
	c.withdraws("omid", everything)
	whole := c.shown("omid").Receipts[0]
	for who, reference := range map[string]string{"sara": part.Reference, "omid": whole.Reference} {
		r, err := c.Consenting.Receipt(c.ctx(), c.as(who), reference)
		c.must(err, who+" reads the receipt")
		if r.SignedIn != "sv" || r.SignedText != want {
			t.Errorf("%s is told of a text in %q, %q; want %q", who, r.SignedIn, r.SignedText, want)
		}
	}
	_, err = c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked' where id = (select youth from sig.intervention where id = $1)`, c.id)
	c.must(err, "protect")
	_, err = c.db.Super().Exec(c.ctx(), `update sig.consent_signer set seen_hash = null where intervention = $1`, c.id)
	c.must(err, "as it was before both hashes were kept")
	r, err := c.Consenting.Receipt(c.ctx(), c.as("omid"), whole.Reference)
	c.must(err, "Omid reads it again")
	if r.SignedIn != "sv" || r.SignedText != "sv "+words.For("sv").Hash()[:8] {
		t.Errorf("protected, Omid is told of a text that holds places: %q", r.SignedText)
	}
}
