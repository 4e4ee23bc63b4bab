package scenariotest

import (
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// phoned records at Karin's desk what somebody said by telephone before.
func (c *city) phoned(who, when string, scope sig.WithdrawalScope) *consenting.Receipt {
	c.t.Helper()
	in := consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as(who).Guardian}, Channel: consenting.ChannelPhone,
		ReceivedAt: stockholm(when), Key: who + when, Scope: scope,
	}
	if view := c.shown(karin); !view.Can(consenting.ActionRecord) {
		c.t.Errorf("Karin is not offered to record what %s said", who)
	}
	_, err := c.Consenting.PreviewRecord(c.ctx(), c.as(karin), in)
	c.must(err, "Karin sees what it does")
	recorded, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), in)
	c.must(err, "Karin records what "+who+" said")
	_, err = c.Consenting.Receipt(c.ctx(), c.as(who), recorded.Reference)
	c.must(err, who+" reads the receipt")
	receipt, err := c.Consenting.Receipt(c.ctx(), c.as(karin), recorded.Reference)
	c.must(err, "Karin reads the receipt")
	return receipt
}

// late is whether a disclosure is flagged, and how many were set to be looked into.
func (c *city) late(id sig.DisclosureID) (flagged bool, incidents int) {
	c.t.Helper()
	return one[bool](c, `select after_withdrawal from sig.disclosure where id = $1`, id),
		one[int](c, `select count(*)::int from sig.incident where disclosure = $1`, id)
}

func (c *city) wantLate(id sig.DisclosureID, want bool, about string) {
	c.t.Helper()
	flagged, incidents := c.late(id)
	if flagged != want || incidents != map[bool]int{true: 1}[want] {
		c.t.Errorf("what was told %s: flagged %v, %d incidents, want flagged %v", about, flagged, incidents, want)
	}
}

// Sara phones two days before the consent ends by its date, an item goes to the
// police the day after, and Karin comes to write it down when it has ended.
func TestSaraPhonedBeforeItExpired(t *testing.T) {
	c := inForce(t)
	c.until("2027-05-28 09:00:00")
	before := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.until("2027-05-30 09:00:00")
	between := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.until("2027-06-02 08:00:00")
	if got := c.shown(karin).State; got != sig.InterventionSharingStopped {
		t.Fatalf("after the last day it is %s", got)
	}
	r := c.phoned("sara", "2027-05-29 16:00:00", everything)
	if !r.Effective || !r.Closes || len(r.Lost) == 0 || len(r.Late) != 1 {
		t.Errorf("Sara's receipt: effective %v, closes %v, %d rows lost, %d told too late", r.Effective, r.Closes, len(r.Lost), len(r.Late))
	}
	c.wantLate(before, false, "before she phoned")
	c.wantLate(between, true, "after she phoned")
	view := c.shown(karin)
	if view.State != sig.InterventionClosing || view.ClosedReason != sig.ClosedConsentWithdrawn {
		t.Errorf("it is %s (%s)", view.State, view.ClosedReason)
	}
	if view.Can(consenting.ActionRenew) {
		t.Error("what Sara took back can be renewed")
	}
	if n := one[int](c, `select count(*)::int from sig.received where cut_by <> 'withdrawal'`); n != 0 {
		t.Errorf("%d copies can come back", n)
	}
	c.phoned("sara", "2027-05-29 16:00:00", everything)
	c.wantLate(between, true, "after she phoned, recorded twice")
	c.phoned("omid", "2027-05-29 20:00:00", everything)
	c.wantLate(between, true, "after Omid phoned as well")
}

// Sara phones about the school alone before the consent ends by its date, and it is
// written down afterwards: a renewal brings back what the police had been told, and
// not what the school had.
func TestWhatTheSchoolWasToldDoesNotComeBackWithARenewal(t *testing.T) {
	c := inForce(t)
	c.until("2027-05-28 09:00:00")
	toSchool, toPolice := c.told(karin, sample.Principal, sig.CategoryPlanGoals), c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.until("2027-06-02 08:00:00")
	if r := c.phoned("sara", "2027-05-29 16:00:00", theSchool); !r.Effective || r.Closes {
		t.Errorf("Sara's receipt: effective %v, closes %v", r.Effective, r.Closes)
	}
	_, err := c.Consenting.Renew(c.ctx(), c.as(karin), []sig.InterventionID{c.id}, sig.DateOf(stockholm("2027-10-31 00:00:00")))
	c.must(err, "Karin renews")
	view := c.shown(karin)
	for _, who := range view.Preparing.Signers {
		c.explainsTo(view.Preparing.ID, who)
	}
	c.signs(view.Preparing.ID, "amir", "sara", "omid")
	for id, back := range map[sig.DisclosureID]bool{toSchool: false, toPolice: true} {
		if got := one[bool](c, `select cut_at is null from sig.received where id = $1`, id); got != back {
			t.Errorf("%s is back: %v, want %v", id, got, back)
		}
	}
}

// Omid phones, something goes to the police, Sara takes everything back in the
// portal, and Omid's call is written down the day after.
func TestOmidPhonedBeforeSaraTookItAllBack(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-02 10:00:00"))
	between := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-03 10:00:00"))
	c.withdraws("sara", everything)
	c.wantLate(between, false, "before Sara took it back")
	c.db.SetClock(t, stockholm("2027-02-04 10:00:00"))
	r := c.phoned("omid", "2027-02-01 10:00:00", everything)
	if !r.Effective || !r.Closes || len(r.Late) != 1 {
		t.Errorf("Omid's receipt: effective %v, closes %v, %d told too late", r.Effective, r.Closes, len(r.Late))
	}
	c.wantLate(between, true, "after Omid phoned")
}

// Omid phones, something goes to the police, Sara takes the school out, which
// brings a version with fewer rows into force, and Omid's call is written down.
// It took effect when he phoned, not when the school went.
func TestOmidPhonedBeforeSaraTookTheSchoolOut(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-02-02 10:00:00"))
	between := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-03 10:00:00"))
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: sample.Principal.Authority}})
	c.db.SetClock(t, stockholm("2027-02-04 10:00:00"))
	r := c.phoned("omid", "2027-02-01 10:00:00", everything)
	if !r.Effective || !r.Closes || len(r.Late) != 1 {
		t.Errorf("Omid's receipt: effective %v, closes %v, %d told too late", r.Effective, r.Closes, len(r.Late))
	}
	c.wantLate(between, true, "after Omid phoned")
	if since := c.shown(karin).StateSince; !since.Equal(stockholm("2027-02-01 10:00:00")) {
		t.Errorf("it ended %s, not when Omid phoned", since)
	}
}

// Omid phones about the school, something goes to the school, Sara takes the
// school out in the portal: nothing is left to end, and what went in between is
// looked into.
func TestOmidPhonedAboutTheSchoolBeforeSaraTookItOut(t *testing.T) {
	c := inForce(t)
	school := sig.WithdrawalScope{Recipient: sig.Seat{Authority: sample.Principal.Authority}}
	c.db.SetClock(t, stockholm("2027-02-02 10:00:00"))
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	between := c.told(karin, sample.Principal, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-03 10:00:00"))
	c.withdraws("sara", school)
	c.db.SetClock(t, stockholm("2027-02-04 10:00:00"))
	r := c.phoned("omid", "2027-02-01 10:00:00", school)
	if !r.Effective || r.Closes || !r.Over || len(r.Late) != 1 {
		t.Errorf("Omid's receipt: effective %v, closes %v, over %v, %d told too late", r.Effective, r.Closes, r.Over, len(r.Late))
	}
	c.wantLate(between, true, "to the school after Omid phoned")
	c.wantLate(toPolice, false, "to the police")
	if view := c.shown(karin); view.State != sig.InterventionActive || view.InForce == nil || view.InForce.Number != 2 {
		t.Errorf("what is in force does not go on: %s, %+v", view.State, view.InForce)
	}
}
