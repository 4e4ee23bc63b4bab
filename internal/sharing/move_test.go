package sharing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// T07: the board moves the coordinator to another of its units. Consents that
// name the function in the old unit follow, and so does the inbox.
func TestConsentFollowsAFunctionInsideItsBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.sends("berg", w.writes("berg", "FÖRE", sig.CategoryPoliceObservation), coordinatorSeat)
	w.exec(`insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at) values ($1, 'farsta-sdn', 'coordinator', 'farsta-unga', 'farsta-ny', '2027-01-01 00:00+01')`, uuid.New())
	w.db.SetClock(t, time.Date(2027, 1, 4, 9, 0, 0, 0, sig.Stockholm))
	if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, before); err != nil {
		t.Errorf("a copy from before the move: %v", err)
	}
	moved := sig.Seat{Authority: "farsta-sdn", Unit: "farsta-ny", Function: sig.RoleCoordinator}
	for what, seat := range map[string]sig.Seat{"by its old name": coordinatorSeat, "by its new name": moved} {
		id := w.sends("berg", w.writes("berg", "EFTER", sig.CategoryPoliceObservation), seat)
		if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id); err != nil {
			t.Errorf("sent to the function %s: %v", what, err)
		}
	}
	back := w.sends("coordinator", w.writes("coordinator", "SVAR", sig.CategoryPlanGoals), policeSeat)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["berg"], w.intervention, back); err != nil {
		t.Errorf("from the moved function: %v", err)
	}
}

// A function that has gone to another authority is another authority's.
func TestConsentDoesNotFollowToAnotherAuthority(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("berg", "MARKER", sig.CategoryPoliceObservation)
	id := w.sends("berg", item, coordinatorSeat)
	w.exec(`update sig.assignment set authority = 'jarva-sdn', unit = 'jarva-unga' where id = $1`, w.staff["coordinator"].Assignment)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody who went to Järva reads Farsta's copy: %v", err)
	}
}

// T12: officer Berg is transferred at midnight; the copy stays, unread by him.
func TestEndOfAssignmentCutsAtMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sends("coordinator", w.writes("coordinator", "MARKER", sig.CategoryPlanGoals), policeSeat)
	end := time.Date(2027, 2, 1, 0, 0, 0, 0, sig.Stockholm)
	w.exec(`update sig.assignment set valid_to = $1 where id = $2`, end, w.staff["berg"].Assignment)
	successor := w.person("lind-farsta", policeSeat)
	w.db.FreezeClock(t, end.Add(-time.Microsecond))
	if _, err := w.service.OpenCopy(t.Context(), w.staff["berg"], w.intervention, id); err != nil {
		t.Errorf("before midnight: %v", err)
	}
	w.db.FreezeClock(t, end)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["berg"], w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after midnight Berg reads: %v", err)
	}
	if _, err := w.service.OpenCopy(t.Context(), successor, w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the successor reads before participation is set: %v", err)
	}
	w.takesPart("lind-farsta")
	if _, err := w.service.OpenCopy(t.Context(), successor, w.intervention, id); err != nil {
		t.Errorf("the successor reads the function's inbox: %v", err)
	}
}
