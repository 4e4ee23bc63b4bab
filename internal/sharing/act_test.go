package sharing_test

import (
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

func (w *world) openApprovals() int {
	w.t.Helper()
	var n int
	err := w.db.Super().QueryRow(w.t.Context(), `select count(*) from sig.task where kind = 'approve_disclosure' and done_at is null`).Scan(&n)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// waits has Maja's kind of item wait: whereabouts of somebody protected.
func (w *world) waits() (sig.ItemID, sig.DisclosureID) {
	w.t.Helper()
	w.exec(`update sig.youth set protection = 'marked'`)
	w.grant(9, coordinatorSeat, counsellorSeat, "whereabouts")
	item := w.writes("coordinator", "MARKER", sig.CategoryWhereabouts)
	return item, w.sends("coordinator", item, counsellorSeat)
}

// What waits is shown with who may do what: never its own officer approves.
func TestTheActOffersWhatWouldBeAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item, id := w.waits()
	own, err := w.service.Act(t.Context(), w.staff["coordinator"], w.intervention, id)
	if err != nil || len(own.Parts) != 1 {
		t.Fatalf("the officer's own act: %+v, %v", own, err)
	}
	if part := own.Parts[0]; !own.Mine || own.Item != item || part.State != "queued" || part.Approve || !part.Cancel || own.Necessity != "behövs för planen" {
		t.Errorf("the officer sees %+v", own)
	}
	other, err := w.service.Act(t.Context(), w.staff["secretary"], w.intervention, id)
	if err != nil || !other.Parts[0].Approve || other.Mine {
		t.Errorf("the second officer sees %+v, %v", other, err)
	}
	if w.openApprovals() == 0 {
		t.Error("nobody is asked to approve")
	}
	if err := w.service.Approve(t.Context(), w.staff["secretary"], w.intervention, id); err != nil {
		t.Fatal(err)
	}
	if n := w.openApprovals(); n != 0 {
		t.Errorf("%d questions stay on Today after the answer", n)
	}
	sent, err := w.service.Act(t.Context(), w.staff["secretary"], w.intervention, id)
	if err != nil || sent.Parts[0].State != "sent" || sent.Parts[0].Approve || sent.Parts[0].Cancel {
		t.Errorf("afterwards: %+v, %v", sent, err)
	}
	if got := sent.Parts[0].Readers; len(got) != 1 || got[0] != "counsellor" {
		t.Errorf("readers %v, want the counsellor", got)
	}
	for _, stranger := range []string{"berg", "counsellor", "lind", "registrar"} {
		if _, err := w.service.Act(t.Context(), w.staff[stranger], w.intervention, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees the act: %v", stranger, err)
		}
	}
}

func TestTakingBackWhatWaitsEndsTheQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.waits()
	if err := w.service.CancelWaiting(t.Context(), w.staff["coordinator"], w.intervention, id); err != nil {
		t.Fatal(err)
	}
	if n := w.openApprovals(); n != 0 {
		t.Errorf("%d questions stay on Today", n)
	}
	act, err := w.service.Act(t.Context(), w.staff["secretary"], w.intervention, id)
	if err != nil || act.Parts[0].State != "cancelled" || act.Parts[0].Approve {
		t.Errorf("afterwards: %+v, %v", act, err)
	}
}

// The dry run asks what sending asks, sends nothing, and tells where.
func TestCheckingSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("coordinator", "MARKER", sig.CategoryPlanGoals)
	in := sharing.NewDisclosure{Intervention: w.intervention, Item: item, Recipients: []sig.Seat{policeSeat}, Necessity: "behövs"}
	chosen, err := w.service.CheckDisclosure(t.Context(), w.staff["coordinator"], in)
	if err != nil || len(chosen) != 1 || len(chosen[0].Readers) != 1 || chosen[0].Readers[0] != "berg" {
		t.Fatalf("check: %+v, %v", chosen, err)
	}
	in.Recipients = append(in.Recipients, jarvaSeat)
	if _, err := w.service.CheckDisclosure(t.Context(), w.staff["coordinator"], in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a recipient without a row is checked: %v", err)
	}
	var sent int
	if err := w.db.Super().QueryRow(t.Context(), `select count(*) from sig.disclosure`).Scan(&sent); err != nil || sent != 0 {
		t.Errorf("checking has sent %d (%v)", sent, err)
	}
}
