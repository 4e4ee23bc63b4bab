package httpd

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// What is wrong with one of the times that are asked about stands at that time,
// whichever were left empty and in whatever order they were typed.
func TestWhatIsWrongWithOneOfSeveralTimesStandsAtIt(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("coordinator-farsta")
	at := func(d time.Duration) string { return w.db.Now(t).Add(d).In(sig.Stockholm).Format(clockForm) }
	const hour, day = time.Hour, 24 * time.Hour
	for _, tc := range []struct {
		times [3][2]string
		field string
		says  string
	}{
		{[3][2]string{{at(2 * day), at(2*day + hour)}, {"", ""}, {at(3 * day), at(3*day - hour)}}, "poll.2.end", "sluta efter att det börjar"},
		{[3][2]string{{"", ""}, {at(2 * day), at(3 * day)}, {at(4 * day), at(4*day + hour)}}, "poll.1.end", "högst 12 timmar"},
		{[3][2]string{{"", ""}, {at(2 * day), at(2*day + hour)}, {at(2 * day), at(2*day + hour)}}, "poll.2.start", "står redan ovanför"},
		{[3][2]string{{at(2 * day), at(2*day + hour)}, {at(-day), at(hour - day)}, {"", ""}}, "poll.1.start", "en tid som kommer"},
		{[3][2]string{{at(2 * day), at(2*day + hour)}, {at(day), at(day + hour)}, {at(800 * day), at(800*day + hour)}}, "poll.2.start", "inom ett år"},
		{[3][2]string{{at(800 * day), at(800*day + hour)}, {at(day), at(day + hour)}, {"", ""}}, "poll.0.start", "inom ett år"},
		{[3][2]string{{at(day), at(day + hour)}, {"", ""}, {"i morgon", at(2 * day)}}, "poll.2.start", "datum"},
	} {
		typed := []string{
			"key", "k", "ask", "true", "call", seatValue(sample.Coordinator), "call", seatValue(sample.Police),
			"points.0.category", "plan_goals", "points.0.teller", seatValue(sample.Coordinator), "points.0.text", "MARKER-GOALS",
		}
		for n, one := range tc.times {
			typed = append(typed, fmt.Sprintf("poll.%d.start", n), one[0], fmt.Sprintf("poll.%d.end", n), one[1])
		}
		got := w.read(w.post("coordinator-farsta", casePath(s.Intervention)+"/meetings/new", 422, typed...))
		if href := got.Find(".summary a").AttrOr("href", ""); href != "#"+tc.field {
			t.Errorf("%v: the summary leads to %q, want %s", tc.times, href, tc.field)
		}
		field := got.Find(`[id="` + tc.field + `"]`)
		if field.AttrOr("aria-describedby", "") != tc.field+"-fault" || field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%v: at %s nothing leads to the fault", tc.times, tc.field)
		}
		if text := got.Find(`[id="` + tc.field + `-fault"]`).Text(); !strings.Contains(text, tc.says) {
			t.Errorf("%v: at %s stands %q, want %q", tc.times, tc.field, text, tc.says)
		}
		if n := got.Find(`[id^="poll."][aria-invalid]`).Length(); n != 1 {
			t.Errorf("%v: %d fields are said to be wrong", tc.times, n)
		}
		for n, one := range tc.times {
			if v := got.Find(fmt.Sprintf(`[id="poll.%d.end"]`, n)).AttrOr("value", ""); v != one[1] {
				t.Errorf("%v: the end of time %d came back as %q", tc.times, n+1, v)
			}
		}
	}
}

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
