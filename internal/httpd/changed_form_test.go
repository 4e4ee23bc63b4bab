package httpd

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

// A form that was sent, changed and sent again from a page left open is another
// act: what was typed the second time is not taken for done. Sent twice as it
// was, it is one.
func TestAFormThatIsChangedAfterItWasSentIsNotTakenForDone(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta")
	key := uuid.NewString()
	items := func() int { return w.count(`select count(*) from sig.item`) }
	had := items()
	for n, text := range []string{"Det första.", "Det första.", "Det andra."} {
		w.post("coordinator-farsta", path+"/items/new", 303, "key", key, "text", text, "categories", "plan_goals")
		if got, want := items()-had, 1+n/2; got != want {
			t.Errorf("sent %d times: %d items, want %d", n+1, got, want)
		}
	}

	key = uuid.NewString()
	takes := func(scope string) string {
		return w.post("sara", path+"/withdraw", 303, "key", key, "scope", scope).Header.Get("Location")
	}
	part := takes("to:utbildning/farsta-skola/mentor")
	if again := takes("to:utbildning/farsta-skola/mentor"); again != part {
		t.Errorf("the same once more leads to %s, the first to %s", again, part)
	}
	if n := w.count(`select count(*) from sig.intervention where state = 'closing'`); n != 0 {
		t.Fatal("the part has closed the intervention")
	}
	if all := takes("all"); all == part || !strings.HasPrefix(all, "/receipts/") {
		t.Errorf("taking back everything after a part leads to %s, the part to %s", all, part)
	}
	if n := w.count(`select count(*) from sig.intervention where state = 'closing'`); n != 1 {
		t.Error("everything was taken back, and the intervention goes on")
	}
}
