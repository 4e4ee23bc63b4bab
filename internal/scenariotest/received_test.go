package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// A guardian rang on the last evening on which there was standing, and it is
// typed in after the birthday: what is foreseen is what the record then does
// (domain 3.3), to the microsecond of the birthday.
func TestARecordIsForeseenAsOfWhenItWasReceived(t *testing.T) {
	c := newCity(t, "2026-12-01", "lina")
	c.proposes()
	c.signs(c.explains(c1()...), "lina", "petra", "anders")
	c.decides()
	petra := consenting.SignerRef{Guardian: c.as("petra").Guardian}
	birthday := stockholm("2027-01-20 00:00:00")
	c.db.FreezeClock(t, birthday.Add(9*time.Hour))
	c.ring()
	record := func(received time.Time) consenting.RecordInput {
		return consenting.RecordInput{
			Intervention: c.id, Signer: petra, Scope: everything, Channel: consenting.ChannelPhone, ReceivedAt: received, Key: received.String(),
		}
	}
	for _, tc := range []struct {
		received time.Time
		effect   bool
	}{{birthday, false}, {birthday.Add(-time.Microsecond), true}} {
		in := record(tc.received)
		foreseen := in
		foreseen.Channel = "" // as a program asks
		p, err := c.Consenting.PreviewRecord(c.ctx(), c.as(karin), foreseen)
		c.must(err, "Karin looks at what it would do")
		if p.HasStanding != tc.effect || p.Consequence != sig.Closes {
			t.Errorf("received %s, Karin is told: standing %v, %s", tc.received, p.HasStanding, p.Consequence)
		}
		receipt, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), in)
		c.must(err, "Karin records it")
		if receipt.Effective != tc.effect {
			t.Errorf("received %s, it had effect: %v", tc.received, receipt.Effective)
		}
	}
	if got := c.shown(karin).State; got != sig.InterventionClosing {
		t.Errorf("afterwards it is %s", got)
	}
	in := record(birthday)
	in.Channel = ""
	_, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), in)
	c.refusedWith(err, "channel error.choose_one", "Karin records it without saying how it came")
}
