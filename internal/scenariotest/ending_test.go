package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// The board ends it because the goal is reached (3.4): the social secretary
// records the decision, all sharing ends in that moment, and what other measures
// were considered is recorded before it is closed.
func TestTheBoardEndsIt(t *testing.T) {
	c := inForce(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	decision := consenting.Ending{Reason: sig.ClosedGoalReached, On: sig.DateOf(c.db.Now(t)), Reference: "FSDN 2026/431"}
	for who, code := range map[string]string{karin: "error.denied", berg: "error.not_found", "sara": "error.not_found", "caseworker-farsta": "error.not_found"} {
		_, err := c.Consenting.End(c.ctx(), c.as(who), c.id, decision)
		c.refusedWith(err, code, who+" ends it")
	}
	for _, reason := range []sig.ClosedReason{"", sig.ClosedConsentWithdrawn, sig.ClosedConsentExpired} { // not for a board to say
		wrong := decision
		wrong.Reason = reason
		_, err := c.Consenting.End(c.ctx(), c.as(nadia), c.id, wrong)
		c.refusedWith(err, "reason error.choose_one", "an end because of "+string(reason))
	}
	if !c.reads(berg, toPolice) {
		t.Fatal("a refused end cut the police off")
	}
	_, err := c.Consenting.End(c.ctx(), c.as(nadia), c.id, decision)
	c.must(err, "Nadia records the decision")
	view := c.shown(nadia)
	if view.State != sig.InterventionClosing || view.ClosedReason != sig.ClosedGoalReached || view.InForce != nil {
		t.Fatalf("the intervention is %s (%s)", view.State, view.ClosedReason)
	}
	if c.reads(berg, toPolice) {
		t.Error("Berg still reads")
	}
	if told := c.toldState("sara", berg); told != "[closed]" {
		t.Errorf("outside the board it is told as %s, which says how far the board has come", told)
	}
	if seen := c.shown("sara"); seen.State != sig.InterventionClosed || seen.ClosedReason != "" {
		t.Errorf("Sara sees %s, reason %q: that it ended, and no more", seen.State, seen.ClosedReason)
	}
	if _, has := c.tasks(nadia)["consider_other_measures"]; !has {
		t.Error("Nadia has no task to consider other measures")
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'collaboration_ended' and guardian is not null`); n != 2 {
		t.Errorf("%d mails tell guardians that it ended, want one for each of two", n)
	}
	_, err = c.Consenting.End(c.ctx(), c.as(nadia), c.id, decision)
	c.refusedWith(err, "error.intervention_ended", "Nadia ends it twice")
	if n := one[int](c, `select count(*)::int from sig.journal_note where kind = 'measure_ended' and facts->>'reference' = 'FSDN 2026/431'`); n != 1 {
		t.Errorf("%d journal notes of the decision, want one", n)
	}
	_, err = c.Consenting.RecordOutcome(c.ctx(), c.as(nadia), c.id, consenting.OutcomeNoFurther, "målet är nått")
	c.must(err, "Nadia records the outcome")
	if got := c.shown(nadia).State; got != sig.InterventionClosed {
		t.Errorf("after the outcome it is %s", got)
	}
}

// A proposal that comes to nothing is never started, whatever has been signed.
func TestTheBoardLetsAProposalGo(t *testing.T) {
	for _, signed := range []string{"nobody", "sara", "everybody"} {
		t.Run(signed, func(t *testing.T) {
			c := newCity(t, "2026-11-23", "amir")
			c.proposes()
			if signed != "nobody" {
				id := c.explains(c1()...)
				c.signs(id, "sara")
				if signed == "everybody" {
					c.signs(id, "omid", "amir")
				}
			}
			_, err := c.Consenting.End(c.ctx(), c.as(nadia), c.id, consenting.Ending{
				Reason: sig.ClosedMoved, On: sig.DateOf(c.db.Now(t)), Reference: "FSDN 2026/431",
			})
			c.must(err, "Nadia lets it go")
			if got := c.shown(nadia); got.State != sig.InterventionNotStarted || got.ClosedReason != sig.ClosedMoved || got.Preparing != nil {
				t.Errorf("it is %s (%s), with %v in preparation", got.State, got.ClosedReason, got.Preparing)
			}
			old := c.id
			if c.proposes(); c.id == old {
				t.Error("a new proposal goes to the one that was let go")
			}
		})
	}
}

// The family of one who has died gets no automatic mail.
func TestNoMailToTheFamilyOfOneWhoHasDied(t *testing.T) {
	c := inForce(t)
	_, err := c.Consenting.End(c.ctx(), c.as(nadia), c.id, consenting.Ending{
		Reason: sig.ClosedDeceased, On: sig.DateOf(c.db.Now(t)), Reference: "FSDN 2026/431",
	})
	c.must(err, "Nadia records it")
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'collaboration_ended' and assignment is null`); n != 0 {
		t.Errorf("%d mails went to the family", n)
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'collaboration_ended'`); n < 5 {
		t.Errorf("only %d of the staff were told", n)
	}
}

// What was told between a call and its recording is an incident (3.3): it
// stands on the social secretary's Today, says who was told what and when it
// was read, and is closed by recording what was done.
func TestAnIncidentIsLookedInto(t *testing.T) {
	c := inForce(t)
	received := stockholm("2026-12-04 16:20:00")
	c.db.SetClock(t, stockholm("2026-12-04 16:40:00"))
	late := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	if !c.reads(berg, late) {
		t.Fatal("nobody has recorded the call yet: Berg reads")
	}
	c.db.SetClock(t, stockholm("2026-12-07 08:05:00"))
	_, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as("omid").Guardian}, Scope: everything,
		Channel: consenting.ChannelPhone, ReceivedAt: received, Key: "call",
	})
	c.must(err, "Karin records Omid's call")
	if due, has := c.tasks(nadia)["review_incident"]; !has || due.String() != "2026-12-08" {
		t.Errorf("the incident on Nadia's Today is due %s", due)
	}
	list := c.incidents(nadia)
	if len(list) != 1 {
		t.Fatalf("Nadia sees %d incidents, want one", len(list))
	}
	n := list[0]
	if n.Kind != "disclosed_after_withdrawal" || !n.ReceivedAt.Equal(received) || n.Told.Recipient != sample.Police || n.Told.Sender != sample.Coordinator ||
		n.Told.ReadAt == nil || !n.CanClose || !cmp.Equal(n.Told.Categories, []sig.Category{sig.CategoryPlanGoals}) {
		t.Errorf("what Nadia is told of it: %+v", n)
	}
	for who, code := range map[string]string{karin: "error.denied", berg: "error.not_found", "omid": "error.not_found", "caseworker-farsta": "error.not_found"} {
		c.refusedWith(c.Casework.CloseIncident(c.ctx(), c.as(who), c.id, n.ID, "ringde"), code, who+" closes it")
	}
	c.refusedWith(c.Casework.CloseIncident(c.ctx(), c.as(nadia), c.id, n.ID, " "), "done error.required", "closed without saying what was done")
	const done = "Polisen har tagit bort kopian. Omid vet."
	c.must(c.Casework.CloseIncident(c.ctx(), c.as(nadia), c.id, n.ID, done), "Nadia closes it")
	c.refusedWith(c.Casework.CloseIncident(c.ctx(), c.as(nadia), c.id, n.ID, "en gång till"), "error.not_found", "closed twice")
	if _, has := c.tasks(nadia)["review_incident"]; has {
		t.Error("it still stands on Nadia's Today")
	}
	if after := c.incidents(karin); len(after) != 1 || after[0].Done != done || after[0].CanClose {
		t.Errorf("what Karin sees of it afterwards: %+v", after)
	}
	if stored := one[[]byte](c, `select done_sealed from sig.incident`); len(stored) == 0 || strings.Contains(string(stored), "Polisen") {
		t.Error("what was done lies open in the database")
	}
	for _, who := range []string{berg, "omid", "caseworker-farsta"} {
		if _, err := c.Casework.Incidents(c.ctx(), c.as(who), c.id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees incidents: %v", who, err)
		}
	}
}

// What was told in the room after a call was heard there by those who were present,
// whether they have opened their copy or not; what was told elsewhere was not.
func TestWhatWasHeardAfterACallIsNotUnread(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals), sample.Coordinator, sample.Police)
	received := stockholm("2026-12-10 13:00:00")
	c.told(karin, sample.Police, sig.CategoryPlanGoals)
	_, err := c.says(karin, id, 1, "MARKER-HEARD")
	c.must(err, "Karin tells it in the room")
	_, err = c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as("omid").Guardian}, Scope: everything,
		Channel: consenting.ChannelPhone, ReceivedAt: received, Key: "call",
	})
	c.must(err, "Karin records Omid's call")
	heard := map[bool]int{}
	for _, n := range c.incidents(nadia) {
		if n.Told.ReadAt != nil {
			t.Errorf("nobody has opened a copy: %+v", n)
		}
		heard[n.Told.Heard]++
	}
	if heard[true] != 1 || heard[false] != 1 {
		t.Errorf("of what was told late %d were heard in the room and %d were not, want one of each", heard[true], heard[false])
	}
}

// Whoever received what was told between an e-mail and its recording sees that
// of that copy, and so does their registrar; the one who took back reads it on
// the receipt as far as it is visible to them, and the board's journal counts it.
func TestWhatWasToldTooLateIsSaidToItsRecipient(t *testing.T) {
	c := inForce(t)
	before := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2026-12-04 16:40:00"))
	item := c.writes(karin, sig.CategoryPlanGoals)
	c.decidesVisible(karin, item, sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: c.as("omid").Guardian.UUID}, Visible: true, LowRiskAtHome: true})
	late, err := c.discloses(karin, item, sample.Police)
	c.must(err, "Karin tells Berg")
	unseen := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2026-12-07 08:05:00"))
	r, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as("omid").Guardian}, Scope: everything,
		Channel: consenting.ChannelEmail, ReceivedAt: stockholm("2026-12-04 16:20:00"), Key: "mail",
	})
	c.must(err, "Karin records Omid's e-mail")
	want := map[sig.DisclosureID]bool{before: false, late: true, unseen: true}
	list, err := c.Sharing.Registry(c.ctx(), c.as("registrar-police"), nil)
	c.must(err, "the registrar of the police looks at what can be moved")
	registered := map[sig.DisclosureID]bool{}
	for _, l := range list.Lines {
		registered[l.ID] = l.Late
		copied, err := c.Sharing.ExportCopy(c.ctx(), c.as("registrar-police"), c.id, l.ID)
		c.must(err, "the registrar takes it over")
		if copied.Late != want[l.ID] {
			t.Errorf("the file of a copy says late: %v, want %v", copied.Late, want[l.ID])
		}
	}
	hidden := map[sig.DisclosureID]bool{}
	view, err := c.Sharing.Overview(c.ctx(), c.as(berg), c.id)
	c.must(err, "Berg looks at the case")
	for _, h := range view.Hidden {
		hidden[h.ID] = h.Late
	}
	inbox, err := c.Sharing.Inbox(c.ctx(), c.as(berg), nil, nil)
	c.must(err, "Berg looks at the inbox")
	if diff := cmp.Diff(want, registered) + cmp.Diff(want, hidden); diff != "" || len(inbox.Hidden) != 1 || inbox.Hidden[0].Late != 2 {
		t.Errorf("what the police are told of it: %s %+v", diff, inbox.Hidden)
	}
	for who, n := range map[string]int{"omid": 1, karin: 2} {
		receipt, err := c.Consenting.Receipt(c.ctx(), c.as(who), r.Reference)
		c.must(err, who+" reads the receipt")
		if len(receipt.Late) != n || receipt.Late[0].Party.Seat != sample.Police || !receipt.Late[0].At.After(r.ReceivedAt) {
			t.Errorf("%s's receipt has %+v told too late, want %d", who, receipt.Late, n)
		}
	}
	if n := one[int](c, `select (facts->>'late')::int from sig.journal_note where kind = 'consent_withdrawn'`); n != 2 {
		t.Errorf("the journal counts %d, want 2", n)
	}
}

// The receipt names who was told too late by the row that it went by: of two close
// persons with the same row but for their names the one who was told, and the
// police also after the coordinator has moved to another unit.
func TestTheReceiptNamesWhoWasToldTooLate(t *testing.T) {
	c := inForce(t, named("Elsa Rahimi", sig.CategoryPlanGoals), named("Moa Lind", sig.CategoryPlanGoals))
	moas := sig.GrantID{UUID: one[uuid.UUID](c, `select g.id from sig.consent_grant g join sig.consent c on c.id = g.consent
		where c.state = 'active' and g.private_kind is not null order by g.row_number desc limit 1`)}
	c.reorganises("districts:\n  - {id: farsta,", `function_moves:
  - {function: coordinator, from_unit: farsta-unga, to_unit: farsta-oppenvard, at: 2026-12-04}
districts:
  - {id: farsta,`)
	c.db.SetClock(t, stockholm("2026-12-04 16:40:00"))
	_, err := c.Sharing.Disclose(c.ctx(), c.as(karin), sharing.NewDisclosure{
		Key: "moa", Intervention: c.id, Item: c.writes(karin, sig.CategoryPlanGoals), Private: []sig.GrantID{moas}, Necessity: "behövs för planen", WeakerReason: "behövs där",
	})
	c.must(err, "Karin tells Moa")
	c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.db.SetClock(t, stockholm("2026-12-07 08:05:00"))
	r, err := c.Consenting.RecordWithdrawal(c.ctx(), c.as(karin), consenting.RecordInput{
		Intervention: c.id, Signer: consenting.SignerRef{Guardian: c.as("omid").Guardian}, Scope: everything,
		Channel: consenting.ChannelEmail, ReceivedAt: stockholm("2026-12-04 16:20:00"), Key: "mail",
	})
	c.must(err, "Karin records Omid's e-mail")
	receipt, err := c.Consenting.Receipt(c.ctx(), c.as(karin), r.Reference)
	c.must(err, "Karin reads the receipt")
	var late []string
	for _, l := range receipt.Late {
		late = append(late, l.Party.PrivateName+string(l.Party.Seat.Function))
	}
	slices.Sort(late)
	if want := []string{"Moa Lind", "community_police"}; !slices.Equal(late, want) || receipt.Copies != 2 {
		t.Errorf("told too late are %q, %d copies; want %q", late, receipt.Copies, want)
	}
}

func (c *city) incidents(who string) []casework.Incident {
	c.t.Helper()
	list, err := c.Casework.Incidents(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at the incidents")
	return list
}

// toldState is the one word by which people outside the board are told how a
// case stands, on every page that says it.
func (c *city) toldState(who ...string) string {
	c.t.Helper()
	var all []sig.InterventionState
	for _, one := range who {
		all = append(all, c.shown(one).State)
		lines, err := c.Casework.Cases(c.ctx(), c.as(one))
		c.must(err, one+" lists the cases")
		for _, l := range lines {
			all = append(all, l.State)
		}
		if c.as(one).Kind == sig.ActorStaff {
			head, err := c.Sharing.Head(c.ctx(), c.as(one), c.id)
			c.must(err, one+" opens the case")
			all = append(all, head.State)
		}
	}
	return fmt.Sprint(slices.Compact(all))
}
