package consenting

import (
	"encoding/hex"
	"testing"
	"time"

	"sigportal/internal/sig"
)

// What was signed while a purpose was a free text is, byte for byte, what a row
// with another purpose says now: its hash was computed by the program of then.
func TestATextThatWasSignedBeforeTheListOfPurposesKeepsItsHash(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	text := func(a sig.Aim) string {
		one := canonicalText{Portal: "sigportal consent", Wording: "sv-1", Consent: "c", Case: "7KMN-4TRX", Version: 1, Rows: []canonicalRow{{
			Number: 1, Discloser: sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: "community_police"},
			Recipient:  sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: "coordinator"},
			Categories: []string{"plan_goals"}, Aim: aimOf(a.Purpose), Purpose: a.Addition, Districts: []string{"farsta"}, From: from, To: from.AddDate(0, 6, 0),
		}}}
		hash, err := one.hash()
		if err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(hash)
	}
	const before = "7c92bc4556a94bbf7047c2db339a34e62ce5afe3ec795e53fe3eeb08c93c22d4"
	if got := text(sig.Aim{Purpose: sig.PurposeOther, Addition: "planera och följa upp insatsen"}); got != before {
		t.Errorf("the hash is %s, and was %s", got, before)
	}
	seen := map[string]sig.Aim{}
	for _, a := range []sig.Aim{
		{Purpose: sig.PurposeOther, Addition: "prevent_crime"}, {Purpose: sig.PurposeCrime}, {Purpose: sig.PurposeCrime, Addition: "prevent_crime"},
		{Purpose: sig.PurposeSchool, Addition: "prevent_crime"}, {Purpose: sig.PurposeSchool},
	} {
		if other, again := seen[text(a)]; again {
			t.Errorf("%v and %v are one text", a, other)
		}
		seen[text(a)] = a
	}
}
