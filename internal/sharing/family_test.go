package sharing_test

import (
	"testing"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

func (w *world) decides(name string, item sig.ItemID, viewer postgres.ViewerID, visible, lowRisk bool) {
	w.t.Helper()
	v := sharing.NewVisibility{Intervention: w.intervention, Item: item, Viewer: viewer, Visible: visible, LowRiskAtHome: lowRisk}
	if !visible {
		v.Ground, v.Reason = "osl_12_3_severe_harm", "Amir berättar att Omid slår honom."
	}
	if err := w.service.DecideVisibility(w.t.Context(), w.staff[name], v); err != nil {
		w.t.Fatalf("%s decides visibility: %v", name, err)
	}
}

func (w *world) seesItem(who sig.Actor, item sig.ItemID) bool {
	w.t.Helper()
	_, err := w.service.OpenItem(w.t.Context(), who, w.intervention, item)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		w.t.Fatalf("open an item: %v", err)
	}
	return err == nil
}

// T27: what Amir told the counsellor is hidden from Omid, decided separately
// for Sara, and not on a screen at home; undecided is not visible.
func TestVisibilityIsDecidedOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sara, omid, amir := w.guardian(w.sara), w.guardian(w.omid), w.youth()
	item := w.writes("counsellor", "MARKER", sig.CategoryAttendance)
	for name, who := range map[string]sig.Actor{"Sara": sara, "Omid": omid, "Amir": amir} {
		if w.seesItem(who, item) {
			t.Errorf("%s sees an item that nobody decided about", name)
		}
	}
	w.decides("counsellor", item, postgres.ViewerID{UUID: w.sara.UUID}, true, false)
	w.decides("counsellor", item, postgres.ViewerID{UUID: w.omid.UUID}, false, false)
	w.decides("counsellor", item, postgres.ViewerID{UUID: w.amir.UUID}, true, false)
	if !w.seesItem(sara, item) {
		t.Error("Sara does not see what was decided visible for her")
	}
	if w.seesItem(omid, item) {
		t.Error("Omid sees what is hidden from him")
	}
	if w.seesItem(amir, item) {
		t.Error("Amir, 15, sees in the portal what was not released as low risk at home")
	}
	w.decides("counsellor", item, postgres.ViewerID{UUID: w.amir.UUID}, true, true)
	if !w.seesItem(amir, item) {
		t.Error("Amir does not see what was released for home")
	}
}

// The diary of a guardian holds disclosures and reads of visible items, and of
// a hidden one nothing at all.
func TestDiaryLeavesNoTraceOfHiddenItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shown := w.writes("counsellor", "MARKER-SHOWN", sig.CategoryAttendance)
	hidden := w.writes("counsellor", "MARKER-HIDDEN", sig.CategoryAttendance)
	for _, item := range []sig.ItemID{shown, hidden} {
		id := w.sends("counsellor", item, coordinatorSeat)
		if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, g := range []sig.GuardianID{w.sara, w.omid} {
		w.decides("counsellor", shown, postgres.ViewerID(g), true, false)
	}
	w.decides("counsellor", hidden, postgres.ViewerID{UUID: w.sara.UUID}, true, false)
	w.decides("counsellor", hidden, postgres.ViewerID{UUID: w.omid.UUID}, false, false)
	lines := func(who sig.Actor) (kinds []string) {
		page, err := w.service.Diary(t.Context(), who, w.intervention, sharing.DiaryPlace{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			kinds = append(kinds, r.Kind)
			if who.Guardian == w.omid && (r.Item == nil || *r.Item != shown) {
				t.Errorf("Omid's diary speaks of %v", r)
			}
		}
		return kinds
	}
	if got := lines(w.guardian(w.sara)); len(got) != 4 {
		t.Errorf("Sara's diary: %v; want two disclosures and two reads", got)
	}
	if got := lines(w.guardian(w.omid)); len(got) != 2 {
		t.Errorf("Omid's diary: %v; want one disclosure and one read", got)
	}
}

// T04: at 00:00 on the 18th birthday the guardians' view is over.
func TestGuardiansViewEndsAtEighteen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("counsellor", "MARKER", sig.CategoryAttendance)
	w.decides("counsellor", item, postgres.ViewerID{UUID: w.sara.UUID}, true, false)
	birthday := time.Date(2029, 3, 15, 0, 0, 0, 0, sig.Stockholm)
	w.db.FreezeClock(t, birthday.Add(-time.Microsecond))
	if !w.seesItem(w.guardian(w.sara), item) {
		t.Error("the view ended before the birthday")
	}
	w.db.FreezeClock(t, birthday)
	if w.seesItem(w.guardian(w.sara), item) {
		t.Error("the guardian still sees an adult's item")
	}
}

// A cut copy is the registrar's alone, for 30 days.
func TestRegistrarReadsOnAfterACut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("coordinator", "MARKER", sig.CategoryPlanGoals)
	id := w.sends("coordinator", item, policeSeat)
	registrar := w.staff["registrar"]
	if _, err := w.service.OpenCopy(t.Context(), registrar, w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("before the cut the registrar reads: %v", err)
	}
	w.exec(`update sig.received set cut_at = sig.now(), cut_by = 'withdrawal', registrar_until = sig.now() + interval '30 days'`)
	w.exec(`update sig.consent set state = 'withdrawn'`)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["berg"], w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after the cut the officer reads: %v", err)
	}
	c, err := w.service.OpenCopy(t.Context(), registrar, w.intervention, id)
	if err != nil || !c.Actions.Transfer {
		t.Fatalf("after the cut the registrar reads: %+v, %v", c, err)
	}
	if err := w.service.MarkTransferred(t.Context(), registrar, w.intervention, id); err != nil {
		t.Errorf("mark as transferred: %v", err)
	}
	if err := w.service.MarkTransferred(t.Context(), registrar, w.intervention, id); err != nil {
		t.Errorf("mark as transferred, pressed twice: %v", err)
	}
	if n := w.rows(`kind = 'transfer_copy' and object_id = $1`, id); n != 1 {
		t.Errorf("%d rows in the ledger for one transfer", n)
	}
	if err := w.service.MarkTransferred(t.Context(), w.staff["berg"], w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the officer marks as transferred: %v", err)
	}
	w.db.Advance(t, 31*24*time.Hour)
	if _, err := w.service.OpenCopy(t.Context(), registrar, w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after 30 days the registrar reads: %v", err)
	}
}
