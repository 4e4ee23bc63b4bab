package twintest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/replica"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// toldOnce is the one time that something was told by a row, and nobody in the
// family may see it.
var toldOnce = secret{name: "the only thing that was ever told by a row", act: func(w *world) {
	const berg = "police-farsta"
	item, err := w.town.Sharing.WriteItem(w.t.Context(), w.as(berg, ""), sharing.NewItem{
		Key: uuid.NewString(), Intervention: w.id, Categories: []sig.Category{sig.CategoryPoliceObservation}, Text: "Det här får ingen hemma veta.",
	})
	w.must(err, "write an item")
	_, err = w.town.Sharing.Disclose(w.t.Context(), w.as(berg, ""), sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: w.id, Item: item, Recipients: []sig.Seat{sample.FieldAssistant}, Necessity: "behövs på kvällen",
	})
	w.must(err, "tell the field assistants")
}}

// aMonthLater is what somebody sees of the consent 40 days after the story, in
// which something was told or was not.
func aMonthLater(t *testing.T, b build, persona string, kept ...secret) []exchange {
	t.Helper()
	w := newWorld(t, b)
	w.happens()
	w.step()
	for _, s := range kept {
		s.act(w)
	}
	w.minutes += 40 * 24 * 60
	w.step()
	w.settle()
	o := w.observer(persona, observers[persona])
	start := o.ask(http.MethodGet, "/start", nil)
	for _, path := range leadsTo(start) {
		if strings.HasPrefix(path, "/consents/") {
			o.ask(http.MethodGet, path, nil)
		}
	}
	o.api()
	return masked(o.wrote)
}

// TestWhatIsNeverUsedHidesWhatIsHidden: "you do not see that anybody has told
// this" stands in both portals, the one in which it was told and the one in
// which it was not; and a wall with a hole is told apart by it.
func TestWhatIsNeverUsedHidesWhatIsHidden(t *testing.T) {
	whole := build{program: replica.Build(t)}
	open := build{program: whole.program, planted: `create policy planted on sig.disclosure for select to sig_app using (true)`}
	for persona := range observers {
		t.Run(persona, func(t *testing.T) {
			t.Parallel()
			without := aMonthLater(t, whole, persona)
			said := 0
			for _, x := range without {
				if strings.Contains(x.What, "/consents/") {
					said += strings.Count(x.Body, "Du ser inte att någon har berättat det här sedan")
				}
			}
			if said != 4 {
				t.Errorf("%s reads of %d rows that nobody is seen to have told something by them, want 4", persona, said)
			}
			if told := difference(without, aMonthLater(t, whole, persona, toldOnce)); told != "" {
				t.Errorf("%s can tell %s:\n%s", persona, toldOnce.name, told)
			}
			if told := difference(aMonthLater(t, open, persona), aMonthLater(t, open, persona, toldOnce)); !strings.Contains(told, "/consents/") {
				t.Errorf("a hole in the wall is not seen by %s: %s", persona, told)
			}
		})
	}
}
