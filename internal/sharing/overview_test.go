package sharing_test

import (
	"testing"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

func (w *world) overview(name string) *sharing.Overview {
	w.t.Helper()
	o, err := w.service.Overview(w.t.Context(), w.staff[name], w.intervention)
	if err != nil {
		w.t.Fatalf("%s looks at the case: %v", name, err)
	}
	return o
}

// A partner sees the rows of the own function and until when, and none of
// those between others.
func TestThePartnerSeesTheOwnRowsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.overview("counsellor")
	if len(o.Parts) != 2 || o.Stop != nil || o.OnBoard() {
		t.Fatalf("the counsellor sees %+v", o)
	}
	for _, p := range o.Parts {
		if p.Other != coordinatorSeat || p.State != "may" || p.To.IsZero() {
			t.Errorf("a row %+v", p)
		}
	}
	if o := w.overview("coordinator"); !o.OnBoard() {
		t.Error("the coordinator is not on the board")
	}
	for _, stranger := range []string{"lind", "registrar", "colleague"} {
		if _, err := w.service.Overview(t.Context(), w.staff[stranger], w.intervention); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees the case: %v", stranger, err)
		}
	}
}

// A copy that has not been opened stays on Today, however many came after it and
// were opened.
func TestAnUnopenedCopyStaysOnToday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	today := &casework.Service{DB: w.service.DB, Sealer: w.service.Sealer}
	item := w.writes("berg", "Sedd vid centrum.", sig.CategoryPoliceObservation)
	first := w.sends("berg", item, coordinatorSeat)
	for range 21 {
		later := w.sends("berg", item, coordinatorSeat)
		if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, later); err != nil {
			t.Fatal(err)
		}
	}
	got, err := today.Today(t.Context(), w.staff["coordinator"])
	if err != nil || len(got.New) != 1 || got.New[0].ID != first {
		t.Errorf("on Today: %d copies, %v; want the one unopened", len(got.New), err)
	}
	if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, first); err != nil {
		t.Fatal(err)
	}
	if got, err := today.Today(t.Context(), w.staff["coordinator"]); err != nil || len(got.New) != 0 {
		t.Errorf("after it was opened: %d copies, %v; want none", len(got.New), err)
	}
}

// After the last day a row says that it has ended.
func TestARowSaysThatItHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.FreezeClock(t, time.Date(2027, 6, 1, 0, 0, 0, 0, sig.Stockholm))
	for _, p := range w.overview("counsellor").Parts {
		if p.State != "ended" {
			t.Errorf("at the end a row is %q", p.State)
		}
	}
}

// What a cut took away is told as hidden, to those who had it.
func TestHiddenCopiesAreToldToThoseWhoHadThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sends("coordinator", w.writes("coordinator", "MARKER", sig.CategoryPlanGoals), policeSeat)
	if o := w.overview("berg"); len(o.Hidden) != 0 || len(o.Inbox) != 1 {
		t.Errorf("before: %+v", o)
	}
	w.exec(`update sig.received set cut_at = sig.now(), cut_by = 'narrowing', registrar_until = sig.now() + interval '30 days'`)
	o := w.overview("berg")
	if len(o.Hidden) != 1 || o.Hidden[0].ID != id || len(o.Inbox) != 0 || o.Stop != nil {
		t.Errorf("after a narrowing: %+v", o)
	}
	if h, err := w.service.Hidden(t.Context(), w.staff["berg"], w.intervention, id); err != nil || sharing.Why(h.By) != "cutoff.narrowed" {
		t.Errorf("why: %+v, %v", h, err)
	}
	for _, other := range []string{"counsellor", "coordinator", "lind", "registrar"} {
		if _, err := w.service.Hidden(t.Context(), w.staff[other], w.intervention, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s learns of the police's copy: %v", other, err)
		}
	}
	w.exec(`update sig.consent set state = 'withdrawn', ended_at = sig.now()`)
	w.exec(`update sig.intervention set state = 'closing', state_since = sig.now(), closed_reason = 'consent_withdrawn'`)
	if o := w.overview("counsellor"); o.Stop == nil || o.Stop.Why != "cutoff.withdrawn" || o.Live() {
		t.Errorf("whoever received nothing hears %+v", o.Stop)
	}
}

// The list is the registrar's, of the own authority, while the window lasts.
func TestTheRegistrarsList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sends("coordinator", w.writes("coordinator", "MARKER", sig.CategoryPlanGoals), policeSeat)
	lines := func() []sharing.RegistryCopy {
		t.Helper()
		page, err := w.service.Registry(t.Context(), w.staff["registrar"], nil)
		if err != nil {
			t.Fatal(err)
		}
		return page.Lines
	}
	if got := lines(); len(got) != 0 {
		t.Errorf("before the cut: %+v", got)
	}
	w.exec(`update sig.received set cut_at = sig.now(), cut_by = 'withdrawal', registrar_until = sig.now() + interval '30 days'`)
	if got := lines(); len(got) != 1 || got[0].ID != id || got[0].CaseNumber != "ABCD-2345" || got[0].Sender != "farsta-unga" {
		t.Errorf("after the cut: %+v", got)
	}
	if _, err := w.service.Registry(t.Context(), w.staff["berg"], nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an officer sees the list: %v", err)
	}
	w.db.Advance(t, 31*24*time.Hour)
	if got := lines(); len(got) != 0 {
		t.Errorf("after the window: %+v", got)
	}
}
