package consenting_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

var everything = sig.WithdrawalScope{Whole: true}

// ended checks what an intervention that closed by a withdrawal must look like
// from every side (domain 3.4, Closing 1–3).
func (w *world) ended(reason sig.ClosedReason) {
	w.t.Helper()
	got := one[string](w, `select state || ' ' || coalesce(closed_reason, '') from sig.intervention where id = $1`, w.intervention)
	if want := "closing " + string(reason); got != want {
		w.t.Fatalf("the intervention is %q, want %q", got, want)
	}
	for what, sql := range map[string]string{
		"versions in force":                    `select count(*)::int from sig.consent where state in ('active', 'suspended')`,
		"versions in preparation":              `select count(*)::int from sig.consent where state in ('draft', 'explained', 'partially_signed', 'signed')`,
		"waiting disclosures":                  `select count(*)::int from sig.disclosure where state = 'queued'`,
		"copies by consent that are not cut":   `select count(*)::int from sig.received where basis = 'consent' and cut_at is null`,
		"alarms about the consent still armed": `select count(*)::int from sig.alarm where kind in ('consent_expires', 'grant_ends', 'expiry_reminder', 'sharing_stopped_grace_ends') and done_at is null and cleared_at is null`,
	} {
		if n := one[int](w, sql); n != 0 {
			w.t.Errorf("%s: %d, want none", what, n)
		}
	}
	if n := one[int](w, `select count(*)::int from sig.task where kind = 'consider_other_measures' and authority = 'farsta-sdn'
		and function = 'social_secretary' and done_at is null`); n != 1 {
		w.t.Errorf("the social secretary has %d tasks to consider other measures, want one", n)
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceObservation); err == nil {
		w.t.Error("the police could still disclose")
	}
}

// T15: one of two guardians takes everything back. It ends at once for all;
// others are told that it ended, not who ended it.
func TestOneGuardianTakesBack(t *testing.T) {
	w := inForce(t)
	toPolice, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")
	_, err = w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, toPolice)
	w.must(err, "Berg reads")
	w.db.FreezeClock(t, stockholm("2027-02-10 09:12:00"))

	r := w.takesBack("Omid", everything)

	w.ended(sig.ClosedConsentWithdrawn)
	if !r.Effective || !r.Whole || !r.Closes || !r.ReceivedAt.Equal(stockholm("2027-02-10 09:12:00")) || len(r.Lost) != 6 {
		t.Fatalf("Omid's receipt: %+v", r)
	}
	if due := one[time.Time](w, `select due_on from sig.task where kind = 'consider_other_measures'`); due.Format(time.DateOnly) != "2027-02-11" {
		t.Errorf("the task is due %s, want the next working day", due.Format(time.DateOnly))
	}
	if got := one[int](w, `select count(*)::int from sig.disclosure where state = 'sent'`); got != 1 {
		t.Errorf("earlier disclosures stand: %d, want 1", got)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, toPolice); err == nil {
		t.Error("Berg could read the copy after the withdrawal")
	}
	until := one[time.Time](w, `select registrar_until from sig.received where id = $1`, toPolice)
	if want := stockholm("2027-03-12 09:12:00"); !until.Equal(want) {
		t.Errorf("the registrar reads until %s, want %s", until, want)
	}
	if seen := w.shown("berg"); seen.State != sig.InterventionClosed || seen.ClosedReason != "" || len(seen.Receipts) != 0 {
		t.Errorf("Berg sees %s, reason %q, %d receipts: only that it ended", seen.State, seen.ClosedReason, len(seen.Receipts))
	}
	if sara := w.shown("Sara"); len(sara.Receipts) != 0 || sara.ClosedReason != "" {
		t.Errorf("Sara sees who took back: %+v", sara.Receipts)
	}
	if n := one[int](w, `select count(*)::int from sig.mail where kind = 'collaboration_ended'`); n != 8 {
		t.Errorf("%d mails say that it ended, want one for each of five staff, two guardians and Amir", n)
	}
	if n := one[int](w, `select count(*)::int from sig.outbox o, sig.assignment a where a.name = 'berg' and a.id = any (o.topics)`); n == 0 {
		t.Error("Berg's open page was not told")
	}
}

// T15, the reader's part of the receipt: what Omid may not see of the items is
// not counted for him, and staff of the board see what they disclosed.
func TestReceiptCountsOnlyWhatItsReaderMaySee(t *testing.T) {
	w := inForce(t)
	hidden, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police something hidden from the family")
	open, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police something that Omid may see")
	item := one[uuid.UUID](w, `select item from sig.disclosure where id = $1`, open)
	w.exec(`insert into sig.item_visibility (item, intervention, authority, viewer, viewer_kind, visible, decided_by, decided_at)
		values ($1, $2, 'farsta-sdn', $3, 'guardian', true, $4, sig.now())`,
		item, w.intervention, w.guardians["Omid"], w.actors["coordinator"].Assignment)
	for _, id := range []sig.DisclosureID{hidden, open} {
		_, err = w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, id)
		w.must(err, "Berg reads")
	}
	preview, err := w.consent.PreviewWithdrawal(w.ctx(), w.actors["Omid"], w.intervention, consenting.SignerRef{}, everything)
	w.must(err, "Omid looks at what would happen")
	if preview.Consequence != sig.Closes || !preview.HasStanding || preview.Copies != 1 || preview.AlreadyRead != 1 ||
		len(preview.Hidden) != 1 || preview.Hidden[0].Copies != 1 || preview.Hidden[0].Party.Seat.Function != sig.RolePolice {
		t.Errorf("Omid's preview: %+v", preview)
	}
	if w.state() != sig.InterventionActive {
		t.Fatal("looking at a preview changed something")
	}
	r := w.takesBack("Omid", everything)
	if r.Copies != 1 || len(r.AlreadyRead) != 1 || r.AlreadyRead[0].Function != sig.RolePolice {
		t.Errorf("Omid's receipt: %d copies, read %+v; want the one he may know of", r.Copies, r.AlreadyRead)
	}
	staff, err := w.consent.Receipt(w.ctx(), w.actors["coordinator"], r.Reference)
	w.must(err, "the coordinator looks at the receipt")
	if staff.Copies != 2 || len(staff.AlreadyRead) != 2 {
		t.Errorf("the coordinator's view: %d copies, %d read; want two of each", staff.Copies, len(staff.AlreadyRead))
	}
	for _, name := range []string{"Sara", "berg", "colleague"} {
		_, err := w.consent.Receipt(w.ctx(), w.actors[name], r.Reference)
		w.refused(err, fault.NotFound, "error.not_found", name+" looks at Omid's receipt")
	}
}

// T16: Amir, fifteen, takes back against both parents. Nobody restores it.
func TestYouthTakesBackAgainstTheParents(t *testing.T) {
	w := inForce(t)
	w.db.SetClock(t, stockholm("2027-02-10 09:12:00"))
	// On 15 March 2027 he turns 16; in February 2027 he is fifteen.
	w.takesBack("youth", everything)
	w.ended(sig.ClosedConsentWithdrawn)
	view := w.shown("coordinator")
	for _, a := range []consenting.Action{"prepare", "amend", "renew", "resume", "decide"} {
		if view.Can(a) {
			t.Errorf("the coordinator is offered %s after the withdrawal", a)
		}
	}
	_, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, c1())
	w.refused(err, fault.Conflict, "error.intervention_ended", "the coordinator tries to go on")
	_, err = w.consent.Amend(w.ctx(), w.actors["coordinator"], w.intervention)
	w.refused(err, fault.Conflict, "error.nothing_in_force", "the coordinator tries to restore it")
}

// TestRepeatedWithdrawal: the same key, and the same wish under another key,
// answer with the first; there is one event, one end, one mail each.
func TestRepeatedWithdrawal(t *testing.T) {
	w := inForce(t)
	in := consenting.WithdrawInput{Intervention: w.intervention, Scope: everything, Key: "once"}
	first, err := w.consent.Withdraw(w.ctx(), w.actors["Omid"], in)
	w.must(err, "Omid takes back")
	w.db.Advance(t, time.Hour)
	again, err := w.consent.Withdraw(w.ctx(), w.actors["Omid"], in)
	w.must(err, "Omid presses again")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second answer is not the first (-first +second):\n%s", diff)
	}
	in.Key = "another"
	again, err = w.consent.Withdraw(w.ctx(), w.actors["Omid"], in)
	w.must(err, "Omid takes back once more")
	if again.Reference != first.Reference || !again.ReceivedAt.Equal(first.ReceivedAt) {
		t.Errorf("the repeated withdrawal got %s at %s, want the first", again.Reference, again.ReceivedAt)
	}
	in.Key = "sara's"
	sara, err := w.consent.Withdraw(w.ctx(), w.actors["Sara"], in)
	w.must(err, "Sara takes back what has ended")
	if again, err = w.consent.Withdraw(w.ctx(), w.actors["Sara"], in); err != nil || again.Reference != sara.Reference {
		t.Errorf("Sara presses again: %v, %+v", err, again)
	}
	if sara.Effective || sara.Reference == first.Reference {
		t.Errorf("Sara's later withdrawal of nothing: %+v", sara)
	}
	for what, want := range map[string]int{
		`select count(*)::int from sig.withdrawal where effective`:                            1,
		`select count(*)::int from sig.withdrawal`:                                            2,
		`select count(*)::int from sig.ledger where kind = 'close_intervention'`:              1,
		`select count(*)::int from sig.mail where kind = 'collaboration_ended'`:               8,
		`select count(*)::int from sig.task where kind = 'consider_other_measures'`:           1,
		`select count(*)::int from sig.journal_note where kind = 'consent_withdrawn'`:         1,
		`select count(*)::int from sig.journal_note where kind = 'withdrawal_without_effect'`: 1,
	} {
		if got := one[int](w, what); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
}

// T19: Sara takes the school out. It goes on without the school, which loses
// what it had; the police keep theirs.
func TestSchoolOut(t *testing.T) {
	w := inForce(t)
	toSchool, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the counsellor")
	fromSchool, err := w.sends("kurator", coordinator, sig.CategoryAttendance)
	w.must(err, "the counsellor tells the coordinator")
	toPolice, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")

	w.db.SetClock(t, stockholm("2027-02-10 09:12:00"))
	r := w.takesBack("Sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}})

	if w.state() != sig.InterventionActive || r.Closes || len(r.Lost) != 4 {
		t.Fatalf("the school is out: intervention %s, receipt %+v", w.state(), r)
	}
	view := w.shown("coordinator")
	if view.InForce.Change != consenting.ChangeWithdrawal || view.InForce.Number != 2 || len(view.InForce.Rows) != 2 {
		t.Fatalf("in force: %+v", view.InForce)
	}
	if view.InForce.SignedBy != 3 || view.InForce.Reference != "SIG 1/2026" {
		t.Errorf("signatures and decision are carried over: %+v", view.InForce)
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["kurator"], w.intervention, toSchool); err == nil {
		t.Error("the counsellor still reads")
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["coordinator"], w.intervention, fromSchool); err == nil {
		t.Error("the coordinator still reads what came from the school: a recipient goes in both directions")
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, toPolice); err != nil {
		t.Errorf("the police lost what nobody took from them: %v", err)
	}
	if _, err := w.sends("coordinator", counsellor, sig.CategoryPlanGoals); err == nil {
		t.Error("the coordinator could still tell the counsellor")
	}
	if got := w.shown("kurator"); got.InForce != nil && len(got.InForce.Rows) != 0 {
		t.Errorf("the counsellor still sees rows: %+v", got.InForce.Rows)
	}
}

// T19, variant: Amir takes one category from the police alone.
func TestOneCategoryOutForThePolice(t *testing.T) {
	w := inForce(t)
	both, err := w.sends("coordinator", police, sig.CategoryPlanGoals, sig.CategoryPoliceObservation)
	w.must(err, "the coordinator tells the police two categories in one item")
	goals, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police the goals")
	w.takesBack("youth", sig.WithdrawalScope{Recipient: police, Category: sig.CategoryPoliceObservation})

	if w.state() != sig.InterventionActive {
		t.Fatalf("the intervention is %s", w.state())
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceObservation); err == nil {
		t.Error("the police could still tell the category that is gone")
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, both); err == nil {
		t.Error("a copy with two categories is cut as a whole when one of them goes")
	}
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, goals); err != nil {
		t.Errorf("the rest goes on: %v", err)
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPlanGoals); err != nil {
		t.Errorf("the police may still tell the goals: %v", err)
	}
}

// T20: Sara takes the police out. The preview warns, and it closes.
func TestPoliceOutCloses(t *testing.T) {
	w := inForce(t)
	out := sig.WithdrawalScope{Recipient: police}
	preview, err := w.consent.PreviewWithdrawal(w.ctx(), w.actors["Sara"], w.intervention, consenting.SignerRef{}, out)
	w.must(err, "Sara looks at what would happen")
	if preview.Consequence != sig.Closes || len(preview.Left) != 0 || len(preview.Lost) != 6 {
		t.Fatalf("the preview does not warn that it ends: %+v", preview)
	}
	r := w.takesBack("Sara", out)
	w.ended(sig.ClosedConsentWithdrawn)
	if !r.Closes || r.Whole {
		t.Errorf("the receipt: %+v", r)
	}
}

// TestOneDirectionLeft: without one of the two rows it goes on with a warning,
// and without the other as well it closes.
func TestOneDirectionLeft(t *testing.T) {
	w := inForce(t)
	rows := w.shown("Sara").InForce.Rows
	first := sig.WithdrawalScope{Rows: []sig.GrantID{rows[0].ID}}
	preview, err := w.consent.PreviewWithdrawal(w.ctx(), w.actors["Sara"], w.intervention, consenting.SignerRef{}, first)
	w.must(err, "Sara looks")
	if preview.Consequence != sig.OneWayLeft {
		t.Fatalf("one direction left: %s", preview.Consequence)
	}
	w.takesBack("Sara", first)
	if w.state() != sig.InterventionActive {
		t.Fatalf("with one direction left the intervention is %s", w.state())
	}
	rows = w.shown("Sara").InForce.Rows
	w.takesBack("Sara", sig.WithdrawalScope{Rows: []sig.GrantID{rows[0].ID}})
	w.ended(sig.ClosedConsentWithdrawn)
}

// TestEverythingThatIsLeftIsWhole: taking the last rows one by one ends it like
// a whole withdrawal.
func TestEverythingThatIsLeftIsWhole(t *testing.T) {
	w := amir(t)
	school := consenting.Draft{Grants: []consenting.DraftGrant{
		row(principal, coordinator, sig.CategoryAttendance), row(coordinator, principal, sig.CategoryPlanGoals),
	}}
	w.allSign(w.prepares(school, "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.decides()
	w.takesBack("Sara", sig.WithdrawalScope{Category: sig.CategoryAttendance})
	if w.state() != sig.InterventionActive {
		t.Fatalf("a consent without the police goes on without one row: %s", w.state())
	}
	w.takesBack("Omid", sig.WithdrawalScope{Category: sig.CategoryPlanGoals})
	w.ended(sig.ClosedConsentWithdrawn)
}

// TestWithdrawalByPhone took effect when it was received; what was disclosed
// in between is flagged and becomes an incident.
func TestWithdrawalByPhone(t *testing.T) {
	w := inForce(t)
	before, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "before the call")
	received := stockholm("2026-12-04 16:20:00")
	w.db.SetClock(t, stockholm("2026-12-04 16:40:00"))
	between, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "between the call and its recording")
	w.db.SetClock(t, stockholm("2026-12-07 08:05:00"))
	in := consenting.RecordInput{
		Intervention: w.intervention, Signer: w.ref("Omid"), Scope: everything, Channel: consenting.ChannelPhone,
		ReceivedAt: received, Key: "call",
	}
	for name, kind := range map[string]fault.Kind{"berg": fault.NotFound, "Sara": fault.NotFound, "colleague": fault.NotFound} {
		_, err := w.consent.RecordWithdrawal(w.ctx(), w.actors[name], in)
		w.refused(err, kind, "error.not_found", name+" records a withdrawal")
	}
	late := in
	late.ReceivedAt = stockholm("2026-12-07 09:00:00")
	_, err = w.consent.RecordWithdrawal(w.ctx(), w.actors["coordinator"], late)
	w.refused(err, fault.Invalid, "error.check_fields", "a call that has not come yet")

	r, err := w.consent.RecordWithdrawal(w.ctx(), w.actors["coordinator"], in)
	w.must(err, "the coordinator records the call")
	w.ended(sig.ClosedConsentWithdrawn)
	if !r.ReceivedAt.Equal(received) || r.Channel != consenting.ChannelPhone {
		t.Errorf("the receipt: %+v", r)
	}
	if got := one[time.Time](w, `select state_since from sig.intervention where id = $1`, w.intervention); !got.Equal(received) {
		t.Errorf("it ended %s, want when the call came", got)
	}
	flagged := map[sig.DisclosureID]bool{
		before:  one[bool](w, `select after_withdrawal from sig.disclosure where id = $1`, before),
		between: one[bool](w, `select after_withdrawal from sig.disclosure where id = $1`, between),
	}
	if flagged[before] || !flagged[between] {
		t.Errorf("flagged: before %v, between %v", flagged[before], flagged[between])
	}
	if n := one[int](w, `select count(*)::int from sig.incident where disclosure = $1 and kind = 'disclosed_after_withdrawal'`, between); n != 1 {
		t.Errorf("%d incidents, want one", n)
	}
	if n := one[int](w, `select count(*)::int from sig.mail where kind = 'receipt_ready' and guardian = $1`, w.guardians["Omid"]); n != 1 {
		t.Errorf("%d mails tell Omid of his receipt, want one", n)
	}
	w.until("2026-12-08 00:00:00")
	if n := one[int](w, `select count(*)::int from sig.mail m join sig.assignment a on a.id = m.assignment where m.kind = 'task_due' and a.name = 'secretary'`); n != 1 {
		t.Errorf("%d mails tell the social secretary that the task is due, want one", n)
	}
	if mine := w.shown("Omid").Receipts; len(mine) != 1 || mine[0].Reference != r.Reference {
		t.Errorf("Omid finds the receipt of his call on his page: %+v", mine)
	}
}

// TestWithoutStanding: a grandmother's wish is kept as a message and changes
// nothing; so is that of a guardian whose custody has ended.
func TestWithoutStanding(t *testing.T) {
	w := inForce(t)
	w.exec(`update sig.guardianship set valid_to = '2026-12-02' where id = $1`, w.guardians["Omid"])
	r, err := w.consent.RecordWithdrawal(w.ctx(), w.actors["secretary"], consenting.RecordInput{
		Intervention: w.intervention, Signer: w.ref("Omid"), Scope: everything, Channel: consenting.ChannelPaper,
		ReceivedAt: stockholm("2026-12-02 12:00:00"), Key: "letter",
	})
	w.must(err, "the social secretary records Omid's letter")
	if r.Effective || w.state() != sig.InterventionActive {
		t.Fatalf("a letter of one without custody: effective %v, intervention %s", r.Effective, w.state())
	}
	_, err = w.consent.Withdraw(w.ctx(), w.actors["Omid"], consenting.WithdrawInput{
		Intervention: w.intervention, Scope: everything, Key: "portal",
	})
	w.refused(err, fault.NotFound, "error.not_found", "Omid in the portal: for him there is no intervention any more")
}

// TestBeforeTheDecision: a withdrawal before the decision on the measure leaves
// the intervention never started (3.7.9).
func TestBeforeTheDecision(t *testing.T) {
	for _, signers := range [][]string{{"Sara"}, {"Sara", "Omid", "youth"}} {
		t.Run(signers[len(signers)-1], func(t *testing.T) {
			w := amir(t)
			w.allSign(w.prepares(c1(), "Sara", "Omid", "youth"), signers...)
			r := w.takesBack("Sara", everything)
			if !r.Effective || w.state() != sig.InterventionNotStarted {
				t.Fatalf("effective %v, intervention %s", r.Effective, w.state())
			}
			_, err := w.consent.Decide(w.ctx(), w.actors["secretary"], w.intervention, consenting.Decision{
				On: sig.Date{Year: 2026, Month: 11, Day: 20}, Reference: "x",
			})
			w.refused(err, fault.Conflict, "error.nothing_to_decide", "the social secretary decides all the same")
		})
	}
}

// TestPartBeforeActivation: what was taken back in part before the decision
// takes effect in the instant in which the version comes into force (3.7.8).
func TestPartBeforeActivation(t *testing.T) {
	w := amir(t)
	w.allSign(w.prepares(c1(), "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.takesBack("Omid", sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}})
	if w.state() != sig.InterventionAwaitingDecision {
		t.Fatalf("the intervention is %s", w.state())
	}
	view := w.decides()
	if view.State != sig.InterventionActive || len(view.InForce.Rows) != 2 || view.InForce.Number != 2 {
		t.Fatalf("in force after the decision: %s, %+v", view.State, view.InForce)
	}
	if n := one[int](w, `select count(*)::int from sig.consent where state = 'active'`); n != 1 {
		t.Fatalf("%d versions in force", n)
	}
}

// TestSuspended: nothing moves while a consent is paused, and it can still be
// taken back.
func TestSuspended(t *testing.T) {
	w := inForce(t)
	copyID, err := w.sends("coordinator", police, sig.CategoryPlanGoals)
	w.must(err, "the coordinator tells the police")
	_, err = w.consent.Suspend(w.ctx(), w.actors["secretary"], w.intervention, sig.SuspendedCoercion)
	w.must(err, "the social secretary pauses it")
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, copyID); err == nil {
		t.Error("Berg reads while it is paused")
	}
	_, err = w.consent.Resume(w.ctx(), w.actors["secretary"], w.intervention)
	w.must(err, "the social secretary takes it up again")
	if _, err := w.sharing.OpenCopy(w.ctx(), w.actors["berg"], w.intervention, copyID); err != nil {
		t.Errorf("Berg reads again: %v", err)
	}
	_, err = w.consent.Suspend(w.ctx(), w.actors["coordinator"], w.intervention, sig.SuspendedCoercion)
	w.must(err, "the coordinator pauses it")
	w.takesBack("Sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}})
	if got := w.shown("coordinator").InForce.State; got != sig.ConsentSuspended {
		t.Errorf("after a part was taken back the paused version is %s", got)
	}
	w.takesBack("Sara", everything)
	w.ended(sig.ClosedConsentWithdrawn)
}

// TestProtectedFamilyGetsNoAutomaticMessage: their page tells them, no mail
// does; the staff are told as always.
func TestProtectedFamilyGetsNoAutomaticMessage(t *testing.T) {
	w := inForce(t)
	w.exec(`update sig.youth set protection = 'marked' where id = $1`, w.youth)
	before := one[int](w, `select count(*)::int from sig.mail where guardian is not null or youth is not null`)
	w.takesBack("Sara", everything)
	if n := one[int](w, `select count(*)::int from sig.mail where guardian is not null or youth is not null`); n != before {
		t.Errorf("%d mails went to a family with protected identity", n-before)
	}
	if n := one[int](w, `select count(*)::int from sig.mail where kind = 'collaboration_ended' and assignment is not null`); n != 5 {
		t.Errorf("%d of five staff were told", n)
	}
	if n := one[int](w, `select count(*)::int from sig.outbox where $1 = any (topics)`, w.guardians["Omid"]); n == 0 {
		t.Error("Omid's open page was not told")
	}
}
