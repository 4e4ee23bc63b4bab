package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

var (
	everything = sig.WithdrawalScope{Whole: true}
	theSchool  = sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}}
	thePolice  = sig.WithdrawalScope{Recipient: sig.Seat{Authority: "polisen"}}
)

// closes checks, from every side, an intervention that a withdrawal has just
// ended: nothing is told, nothing is read, the social secretary has the task,
// and nobody else learns who ended it.
func (c *city) closes(by string, told map[string]string, copies map[string]sig.DisclosureID) {
	c.t.Helper()
	view := c.shown(karin)
	if view.State != sig.InterventionClosing || view.ClosedReason != sig.ClosedConsentWithdrawn || view.InForce != nil {
		c.t.Fatalf("the intervention is %s (%s), in force %v", view.State, view.ClosedReason, view.InForce)
	}
	for who, copyID := range copies {
		if c.reads(who, copyID) {
			c.t.Errorf("%s still reads", who)
		}
	}
	_, err := c.Sharing.Disclose(c.ctx(), c.as(berg), c.newTo(sample.Coordinator))
	c.refusedWith(err, "recipients.0 reason.case_ended", "the police tell what they had written down")
	if due, has := c.tasks(nadia)["consider_other_measures"]; !has || due.String() != "2027-02-11" {
		c.t.Errorf("Nadia's task to consider other measures is due %s", due)
	}
	for who, why := range told {
		seen, want := c.shown(who), sig.InterventionClosed
		if seen.Board {
			want = sig.InterventionClosing
		}
		if seen.State != want || seen.ClosedReason != "" || len(seen.Receipts) > 0 {
			c.t.Errorf("%s, %s, sees %s, reason %q, %d receipts: that it ended, and no more", who, why, seen.State, seen.ClosedReason, len(seen.Receipts))
		}
	}
	if got := c.shown(by).Receipts; len(got) != 1 {
		c.t.Errorf("%s has %d receipts, want one", by, len(got))
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'collaboration_ended' and assignment = $1`, c.as(berg).Assignment); n != 1 {
		c.t.Errorf("%d mails tell Berg that it ended, want one", n)
	}
}

// T15, one of two guardians withdraws: at 09:12 all grants end, what waits is
// cancelled, the intervention closes, the social secretary gets the task for
// the next working day, what was told before stands, and the others are told
// that it ended, not who ended it.
func TestT15OneGuardianWithdraws(t *testing.T) {
	c := inForce(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	fromPolice := c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	if !c.reads(berg, toPolice) || !c.reads(karin, fromPolice) {
		t.Fatal("before, both read")
	}
	c.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))
	r := c.withdraws("omid", everything)
	if !r.Effective || !r.Whole || !r.Closes || !r.ReceivedAt.Equal(stockholm("2027-02-10 09:12:00")) {
		t.Errorf("Omid's receipt: %+v", r)
	}
	c.closes("omid", map[string]string{"sara": "the other guardian", "amir": "the young person", berg: "of the police"},
		map[string]sig.DisclosureID{berg: toPolice, karin: fromPolice})
	if n := one[int](c, `select count(*)::int from sig.disclosure where state = 'sent'`); n != 2 {
		t.Errorf("%d earlier disclosures stand, want two", n)
	}
	if n := one[int](c, `select count(*)::int from sig.mail where message_id is not null and kind = 'collaboration_ended' and guardian = $1`, c.as("sara").Guardian); n != 1 {
		t.Errorf("%d mails tell Sara that it ended, want one", n)
	}
}

// T16, the youth withdraws against the parents: the same, and staff cannot
// restore it. Only a new consent, signed by all, for a new intervention.
func TestT16YouthWithdrawsAgainstTheParents(t *testing.T) {
	c := inForce(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-10 14:00:00"))
	c.withdraws("amir", everything)
	c.closes("amir", map[string]string{"sara": "a guardian", "omid": "a guardian", berg: "of the police"},
		map[string]sig.DisclosureID{berg: toPolice})

	for _, who := range []string{karin, nadia} {
		view := c.shown(who)
		for _, a := range []consenting.Action{
			consenting.ActionPrepare, consenting.ActionAmend, consenting.ActionRenew, consenting.ActionResume, consenting.ActionDecide, consenting.ActionImport,
		} {
			if view.Can(a) {
				t.Errorf("%s is offered to %s what Amir has ended", who, a)
			}
		}
	}
	_, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.refusedWith(err, "error.nothing_in_force", "Karin amends what has ended")
	_, err = c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: c1()})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("Karin prepares anew in what has ended: %v", err)
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("Nadia takes up again what has ended: %v", err)
	}

	old := c.id
	c.proposes()
	if c.id == old {
		t.Fatal("the new start is the old intervention")
	}
	rows := c1()
	for i := range rows {
		rows[i].From = stockholm("2027-02-10 00:00:00")
	}
	id := c.explains(rows...)
	c.signs(id, "sara", "omid")
	if got := c.shown(karin).State; got != sig.InterventionConsentPending {
		t.Errorf("without Amir's yes the new intervention is %s", got)
	}
	c.signs(id, "amir")
	c.decides()
	c.seated(partners...)
	if got := c.shown(karin).State; got != sig.InterventionActive {
		t.Errorf("with everybody's yes the new intervention is %s", got)
	}
	c.id = old
	if c.reads(berg, toPolice) {
		t.Error("the new consent brought the old copy back")
	}
}

// T19, the school out: a new version without the school; the rest goes on.
func TestT19SchoolOut(t *testing.T) {
	c := inForce(t)
	toSchool := c.told(karin, sample.Counsellor, sig.CategoryPlanGoals)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-10 09:12:00"))
	r := c.withdraws("sara", theSchool)
	view := c.shown(karin)
	if r.Closes || view.State != sig.InterventionActive || view.InForce.Number != 2 || len(view.InForce.Rows) != 2 {
		t.Fatalf("without the school it is %s with %d rows", view.State, len(view.InForce.Rows))
	}
	if c.reads(malin, toSchool) {
		t.Error("the counsellor still reads")
	}
	if !c.reads(berg, toPolice) {
		t.Error("the police lost what nobody took from them")
	}
	if _, err := c.tells(karin, sample.Counsellor, sig.CategoryPlanGoals); err == nil {
		t.Error("Karin could still tell the counsellor")
	}
	if _, err := c.tells(berg, sample.Coordinator, sig.CategoryPoliceObservation); err != nil {
		t.Errorf("the police may still tell: %v", err)
	}
}

// T19, variant: Amir takes one category from the police; the rest goes on.
func TestT19OneCategoryOut(t *testing.T) {
	c := inForce(t)
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation})
	if got := c.shown(karin).State; got != sig.InterventionActive {
		t.Fatalf("the intervention is %s", got)
	}
	_, err := c.tells(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	c.refusedWith(err, "recipients.0 reason.category_not_covered", "the category that is gone")
	if _, err := c.tells(berg, sample.Coordinator, sig.CategoryPlanGoals); err != nil {
		t.Errorf("the rest goes on: %v", err)
	}
}

// T20, the police out: the preview warns that the intervention ends, and it does.
func TestT20PoliceOut(t *testing.T) {
	c := inForce(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2027-02-10 09:12:00"))
	p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("sara"), c.id, consenting.SignerRef{}, thePolice)
	c.must(err, "Sara looks at what would happen")
	if p.Consequence != sig.Closes || len(p.Left) != 0 {
		t.Errorf("the preview does not warn that it ends: %+v", p)
	}
	if got := c.shown(karin).State; got != sig.InterventionActive {
		t.Fatalf("looking at a preview made it %s", got)
	}
	c.withdraws("sara", thePolice)
	c.closes("sara", map[string]string{"omid": "the other guardian", berg: "of the police"}, map[string]sig.DisclosureID{berg: toPolice})
}

// T22, the race: what presses first and waits for the lock behind a withdrawal
// is denied; what holds the lock first goes, and the ledger has it before.
func TestT22Race(t *testing.T) {
	for _, first := range []string{"withdrawal", "disclosure"} {
		t.Run(first, func(t *testing.T) {
			c := inForce(t)
			omid, coordinator, item := c.as("omid"), c.as(karin), c.writes(karin, sig.CategoryPlanGoals)
			var tookBack, sent error
			var copyID sig.DisclosureID
			acts := map[string]func(){
				"withdrawal": func() {
					_, tookBack = c.Consenting.Withdraw(c.ctx(), omid, consenting.WithdrawInput{Intervention: c.id, Scope: everything, Key: "race"})
				},
				"disclosure": func() { copyID, sent = c.sendAs(coordinator, item, sample.Police) },
			}
			second := map[string]string{"withdrawal": "disclosure", "disclosure": "withdrawal"}[first]
			c.inOrder(acts[first], acts[second])

			c.must(tookBack, "Omid takes back")
			withdrawn := c.ledgerRow("withdraw_consent")
			disclosed := c.ledgerRow("disclose")
			if first == "withdrawal" {
				c.refusedWith(sent, "recipients.0 reason.case_ended", "the send behind the withdrawal")
				if disclosed.Outcome != "refused" || disclosed.ID < withdrawn.ID || disclosed.At.Before(withdrawn.At) {
					t.Errorf("the ledger: withdrawal %+v, disclosure %+v", withdrawn, disclosed)
				}
				if n := one[int](c, `select count(*)::int from sig.received`); n != 0 {
					t.Errorf("%d copies were delivered", n)
				}
				return
			}
			c.must(sent, "the send before the withdrawal")
			if disclosed.Outcome != "allowed" || disclosed.ID > withdrawn.ID || !disclosed.At.Before(withdrawn.At) {
				t.Errorf("the ledger: disclosure %+v, withdrawal %+v", disclosed, withdrawn)
			}
			if c.reads(berg, copyID) {
				t.Error("after the withdrawal Berg reads what went before it")
			}
		})
	}
}

// T23, expiry without renewal: reminders thirty, fourteen and three days
// before; at midnight the sharing stops, fourteen days later it closes.
func TestT23ExpiryWithoutRenewal(t *testing.T) {
	c := inForce(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	for n, day := range []string{"2027-05-01", "2027-05-17", "2027-05-28"} { // the last day is 31 May, its end 1 June 00:00
		c.until(day + " 00:00:00")
		if got := one[int](c, `select count(*)::int from sig.mail where kind = 'expiry_reminder'`); got != n+1 {
			t.Errorf("on %s: %d reminders, want %d", day, got, n+1)
		}
	}
	if due := c.tasks(karin)["renew_consent"]; due.String() != "2027-05-31" {
		t.Errorf("Karin is asked to renew by %s, not on the last day", due)
	}
	c.until("2027-05-31 23:59:59")
	if !c.reads(berg, toPolice) {
		t.Error("on the last day Berg cannot read")
	}
	c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00"))
	if c.reads(berg, toPolice) {
		t.Error("at midnight Berg reads, before any alarm")
	}
	c.ring()
	if got := c.shown(karin).State; got != sig.InterventionSharingStopped {
		t.Fatalf("at midnight it is %s", got)
	}
	c.until("2027-06-14 23:59:59")
	if got := c.shown(karin).State; got != sig.InterventionSharingStopped {
		t.Fatalf("within the fourteen days it is %s", got)
	}
	if kept := c.registered("registrar-police"); kept.CutBy != "sharing_stopped" || kept.EndedAt != nil {
		t.Errorf("before it ends the registrar reads %+v", kept)
	}
	c.until("2027-06-15 00:00:00")
	if kept := c.registered("registrar-police"); kept.CutBy != "closed" || kept.EndedAt == nil || !kept.EndedAt.Equal(stockholm("2027-06-15 00:00:00")) ||
		!kept.CutAt.Equal(stockholm("2027-06-01 00:00:00")) {
		t.Errorf("the registrar reads %+v", kept)
	}
	view := c.shown(karin)
	if view.State != sig.InterventionClosing || view.ClosedReason != sig.ClosedConsentExpired {
		t.Fatalf("after them it is %s (%s)", view.State, view.ClosedReason)
	}
	if _, has := c.tasks(nadia)["consider_other_measures"]; !has {
		t.Error("Nadia has no task to consider other measures")
	}
}

// registered is the one copy that a registrar may still move.
func (c *city) registered(who string) sharing.RegistryCopy {
	c.t.Helper()
	page, err := c.Sharing.Registry(c.ctx(), c.as(who), nil)
	c.must(err, who+" looks at the list")
	if len(page.Lines) != 1 {
		c.t.Fatalf("%s finds %d copies", who, len(page.Lines))
	}
	return page.Lines[0]
}

// ledgerLine is what the races look at.
type ledgerLine struct {
	ID      int64
	At      time.Time
	Outcome string
}

func (c *city) ledgerRow(kind string) ledgerLine {
	c.t.Helper()
	var l ledgerLine
	err := c.db.Super().QueryRow(c.ctx(), `select id, at, outcome from sig.ledger where kind = $1 order by id desc limit 1`, kind).Scan(&l.ID, &l.At, &l.Outcome)
	c.must(err, "find the ledger's row of "+strings.ReplaceAll(kind, "_", " "))
	return l
}

// newsOf is what tells somebody that a part was taken back: mails that may leave,
// lines on Today and on the case's page.
func (c *city) newsOf(who string) string {
	c.t.Helper()
	mails := one[int](c, `select count(*)::int from sig.mail where kind = 'consent_news' and assignment = $1 and sig.mail_entitled(id)`, c.as(who).Assignment)
	today, err := c.Casework.Today(c.ctx(), c.as(who))
	c.must(err, who+" looks at Today")
	page := 0
	if view, err := c.Sharing.Overview(c.ctx(), c.as(who), c.id); err == nil {
		page = len(view.Narrowed)
	}
	return fmt.Sprintf("%d mails, %d on Today, %d on the page", mails, len(today.Narrowed), page)
}

func names(list []consenting.Party) []string {
	var out []string
	for _, p := range list {
		out = append(out, string(p.Seat.Function))
	}
	return out
}

// T19, who is told: the school that loses its rows and the coordinator, by mail,
// on Today and on the case's page, and nobody else; the receipt names them, and
// says in which function there was nobody to tell.
func TestT19WhoIsToldOfAPart(t *testing.T) {
	c := inForce(t, row(sample.Mentor, sample.Coordinator, sig.CategoryAttendance))
	c.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))
	r := c.withdraws("sara", theSchool)
	if told, nobody := names(r.Told), names(r.Untold); r.Closes ||
		!slices.Equal(told, []string{"coordinator", "principal", "school_counsellor"}) || !slices.Equal(nobody, []string{"mentor"}) {
		t.Errorf("Sara's receipt says that %v were told and that nobody was there in %v", told, nobody)
	}
	const all, none = "1 mails, 1 on Today, 1 on the page", "0 mails, 0 on Today, 0 on the page"
	for who, want := range map[string]string{karin: all, malin: all, agneta: all, berg: none, nadia: none, jonas: none, lind: none} {
		if got := c.newsOf(who); got != want {
			t.Errorf("%s hears of it by %s, want %s", who, got, want)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'consent_news' and assignment is null`); n != 0 {
		t.Errorf("%d mails went to the family", n)
	}
	c.db.FreezeClock(t, stockholm("2027-02-24 09:12:01"))
	if got := c.newsOf(malin); got != "1 mails, 0 on Today, 0 on the page" {
		t.Errorf("a fortnight later the counsellor still has %s", got)
	}
}

// Whoever writes down what came by telephone is not mailed about it, and an end
// is told by its own mail alone, to the same functions as the receipt names.
func TestWhoIsToldWhenItIsRecordedAndWhenItEnds(t *testing.T) {
	c := inForce(t)
	recorded, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as("omid").Guardian}, Channel: consenting.ChannelPhone, ReceivedAt: c.db.Now(t), Key: "call",
		Scope: sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation},
	})
	c.must(err, "Karin records Omid's call")
	receipt, err := c.Consenting.Receipt(c.ctx(), c.as("omid"), recorded.Reference)
	c.must(err, "Omid reads the receipt")
	if told := names(receipt.Told); !slices.Equal(told, []string{"coordinator", "community_police"}) || len(receipt.Untold) > 0 {
		t.Errorf("Omid's receipt says that %v were told, and not %v", told, names(receipt.Untold))
	}
	for who, want := range map[string]string{karin: "0 mails, 1 on Today, 1 on the page", berg: "1 mails, 1 on Today, 1 on the page", malin: "0 mails, 0 on Today, 0 on the page"} {
		if got := c.newsOf(who); got != want {
			t.Errorf("%s hears of it by %s, want %s", who, got, want)
		}
	}
	ended := c.withdraws("amir", everything)
	if told := names(ended.Told); !slices.Equal(told, []string{"coordinator", "community_police", "principal", "school_counsellor"}) {
		t.Errorf("Amir's receipt says that %v were told", told)
	}
	if got := c.newsOf(berg); got != "0 mails, 0 on Today, 0 on the page" {
		t.Errorf("once it has ended, Berg is still told of a part: %s", got)
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'consent_news'`); n != 1 {
		t.Errorf("%d mails of news, want the one to Berg", n)
	}
}
