package httpd

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A point about where somebody protected is comes back to its own field, with
// everything that was typed around it.
func TestAPointThatCannotBeToldKeepsWhatWasTyped(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("coordinator-farsta")
	if _, err := w.Consenting.Protect(t.Context(), w.actors["coordinator-farsta"], s.Intervention, sig.ProtectionMarked); err != nil {
		t.Fatal(err)
	}
	at := func(d time.Duration) string { return w.db.Now(t).Add(d).In(sig.Stockholm).Format(clockForm) }
	got := w.read(w.post("coordinator-farsta", casePath(s.Intervention)+"/meetings/new", 422,
		"key", "k", "start", at(48*time.Hour), "end", at(49*time.Hour), "call", seatValue(sample.Coordinator), "call", seatValue(sample.Police),
		"points.0.category", "plan_goals", "points.0.teller", seatValue(sample.Coordinator), "points.0.text", "MARKER-GOALS",
		// The second row is left empty: the fault stands at the third.
		"points.1.category", "", "points.1.teller", "", "points.1.text", "",
		"points.2.category", "whereabouts", "points.2.teller", seatValue(sample.Coordinator), "points.2.text", "MARKER-WHERE"))
	if href := got.Find(".summary a").AttrOr("href", ""); href != "#points.2.category" {
		t.Errorf("the summary leads to %q", href)
	}
	if text := inWords(got, ".summary"); !strings.Contains(text, "Var någon med skyddade uppgifter finns berättas inte på ett möte") {
		t.Errorf("the summary says %q", text)
	}
	if v := got.Find(`select[name="points.2.category"] option[selected]`).AttrOr("value", ""); v != "whereabouts" {
		t.Errorf("the category chosen is %q", v)
	}
	if got.Find(`[name="points.2.text"]`).Text() != "MARKER-WHERE" || got.Find(`[name="points.0.text"]`).Text() != "MARKER-GOALS" {
		t.Error("what was typed is lost")
	}
	if n := got.Find(`input[name="call"][checked]`).Length(); n != 2 {
		t.Errorf("%d boxes are ticked", n)
	}
}
