package sharing_test

import (
	"errors"
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// disagreement is what an error says of the walls, or empty.
func disagreement(err error) fault.Disagreement {
	if d, ok := errors.AsType[*fault.Disagreement](err); ok {
		return *d
	}
	return fault.Disagreement{}
}

// Where one wall has a hole, the other holds, and it is told apart from every
// plain no: which wall, what, where.
func TestWhereTheWallsDisagreeNothingPasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("berg", "MARKER", sig.CategoryPoliceObservation)
	id := w.sends("berg", item, coordinatorSeat)
	open := func(who string) error {
		c, err := w.service.OpenCopy(t.Context(), w.staff[who], w.intervention, id)
		if err == nil {
			t.Logf("%s reads %q", who, c.Text)
		}
		return err
	}
	for _, who := range []string{"mentor", "lind", "colleague", "registrar"} {
		if err := open(who); fault.KindOf(err) != fault.NotFound || disagreement(err) != (fault.Disagreement{}) {
			t.Errorf("%s, whom both walls stop: %v", who, err)
		}
	}

	w.exec(`create policy hole on sig.received for select to sig_app using (true)`)
	err := open("counsellor")
	want := fault.Disagreement{
		Passed: "database", Reason: disagreement(err).Reason, Act: "read_copy", Intervention: w.intervention.String(),
		Object: id.String(), Assignment: w.staff["counsellor"].Assignment.String(),
	}
	if got := disagreement(err); got != want || got.Reason == "" || fault.KindOf(err) != fault.Internal {
		t.Errorf("the database lets pass what the policy stops: %v, %+v", err, got)
	}
	w.exec(`drop policy hole on sig.received`)

	w.exec(`create policy shut on sig.received as restrictive for select to sig_app using (current_setting('app.kind', true) = 'system')`)
	want.Passed, want.Assignment = "policy", w.staff["coordinator"].Assignment.String()
	err = open("coordinator")
	want.Reason = disagreement(err).Reason
	if got := disagreement(err); got != want || fault.KindOf(err) != fault.Internal {
		t.Errorf("the database stops what the policy lets pass: %v, %+v", err, got)
	}
	if err := open("mentor"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the mentor, whom both walls stop, while one is shut: %v", err)
	}
	w.exec(`drop policy shut on sig.received`)
	if err := open("coordinator"); err != nil {
		t.Errorf("once mended, the coordinator: %v", err)
	}
}

// The same for an item that the database shows too many.
func TestWhereTheWallsDisagreeAboutAnItemNothingPasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("counsellor", "MARKER", sig.CategoryAttendance)
	open := func(actor sig.Actor) error {
		_, err := w.service.OpenItem(t.Context(), actor, w.intervention, item)
		return err
	}
	sara := w.guardian(w.sara)
	for name, actor := range map[string]sig.Actor{"the police": w.staff["berg"], "a guardian, for whom it is not decided": sara} {
		if err := open(actor); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s, whom both walls stop: %v", name, err)
		}
	}
	w.exec(`create policy hole on sig.item for select to sig_app using (true)`)
	for name, actor := range map[string]sig.Actor{"the police": w.staff["berg"], "a guardian, for whom it is not decided": sara} {
		if got := disagreement(open(actor)); got.Passed != "database" || got.Reason == "" || got.Object != item.String() {
			t.Errorf("the database lets %s read the school's item: %+v", name, got)
		}
	}
	if err := open(w.staff["counsellor"]); err != nil {
		t.Errorf("the author, whom both walls let pass: %v", err)
	}
}

// Where code goes on to write what the database stops, that is told as well.
func TestAWriteThatTheDatabaseStopsIsADisagreement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`create policy shut on sig.item as restrictive for insert to sig_app with check (false)`)
	_, err := w.service.WriteItem(t.Context(), w.staff["counsellor"], sharing.NewItem{
		Intervention: w.intervention, Categories: []sig.Category{sig.CategoryAttendance}, Text: "MARKER",
	})
	if got := disagreement(err); got.Passed != "policy" || fault.KindOf(err) != fault.Internal {
		t.Errorf("an item that the database stops: %v", err)
	}
}
