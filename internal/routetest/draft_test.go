package routetest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// draftsArea keeps what is typed into the plan's form, offers it once more to
// its writer alone, and throws it away.
func (w *world) draftsArea() {
	a := w.a
	in := []string{a.id}
	path := "/interventions/" + a.id
	const keep, drop = "POST /interventions/:id/drafts", "POST /interventions/:id/drafts/drop"
	typed := form("goals.0.text", "MARKER-TYPED "+hostile, "version", "1", "key", "x", "draft", uuid.NewString()+".0")
	w.try(row{route: keep, at: in, query: "form=plan%2Fedit", as: coordinator, want: seeOther, barred: outside, form: typed, input: &input{none: true}})
	page := w.get(coordinator, path+"/plan/edit")
	if strings.Contains(page.body, "MARKER-TYPED") || !strings.Contains(page.body, "Du har text som inte är sparad") {
		w.t.Errorf("the draft is not offered, or nobody asked for it: %s", brief(page))
	}
	id := between(page.body, path+"/plan/edit?draft=", `"`)
	if got := w.get(coordinator, path+"/plan/edit?draft="+id); !strings.Contains(got.body, "MARKER-TYPED") || strings.Contains(got.body, "<script>alert") || !strings.Contains(got.body, "Här står ditt utkast") {
		w.t.Errorf("the draft is not brought out: %s", brief(got))
	}
	if got := w.ask(request{who: coordinator, method: "GET", path: path + "/plan/edit", header: map[string]string{"X-Refetch": id}}); strings.Contains(got.body, id) {
		w.t.Error("a window is offered its own draft")
	}
	if got := w.get(secretary, path+"/plan/edit?draft="+id); strings.Contains(got.body, "MARKER-TYPED") || strings.Contains(got.body, "Du har text") {
		w.t.Error("somebody else is offered the draft")
	}
	for _, bad := range []struct {
		query, body string
		want        int
	}{
		{"form=https%3A%2F%2Fother.example", "a=b", http.StatusNotFound}, {"form=..%2F..%2Fstart", "a=b", http.StatusNotFound}, {"", "a=b", http.StatusNotFound},
		{"form=plan%2Fedit", "goals.0.text=%00", http.StatusBadRequest}, {"form=plan%2Fedit", "goals.0.text=%ff", http.StatusBadRequest},
		{"form=plan%2Fedit", "a%E2%80%AE=b", http.StatusBadRequest}, {"form=plan%2Fedit", "a=" + strings.Repeat("b", 300_000), http.StatusBadRequest},
	} {
		got := w.ask(request{who: coordinator, method: "POST", path: path + "/drafts?" + bad.query, kind: formKind, body: []byte(bad.body), header: map[string]string{}})
		if got.status != bad.want {
			w.t.Errorf("a draft %.60q of %q: %d, want %d", bad.body, bad.query, got.status, bad.want)
		}
	}
	on := func(seen, text string, header map[string]string) answer {
		return w.ask(request{who: coordinator, method: "POST", path: path + "/drafts?form=plan%2Fedit", kind: formKind, body: []byte("draft=" + id + seen + "&goals.0.text=" + text), header: header})
	}
	if quiet := on(".1", "MARKER-ON", map[string]string{"X-Draft": "1"}); quiet.status != http.StatusOK || !strings.Contains(quiet.body, id+".2") || strings.Contains(quiet.body, "MARKER") {
		w.t.Errorf("the script is answered %d: %s", quiet.status, quiet.body)
	}
	// Without a script: the window that has not seen it gets its own text back, and the other's beside it.
	apart := on(".1", "MARKER-APART", map[string]string{})
	if apart.status != http.StatusSeeOther {
		w.t.Fatalf("the other window: %d", apart.status)
	}
	both := w.get(coordinator, apart.header.Get("Location"))
	if !strings.Contains(both.body, ">MARKER-APART</textarea>") || !strings.Contains(both.body, ">MARKER-ON</p>") || !strings.Contains(both.body, "Båda texterna finns kvar") {
		w.t.Errorf("two texts: %s", brief(both))
	}
	if quiet := on(".1", "MARKER-THIRD", map[string]string{"X-Draft": "1"}); quiet.status != http.StatusOK || strings.Contains(quiet.body, id) || !strings.Contains(quiet.body, "sparas för sig") {
		w.t.Errorf("the script of the other window is answered %d: %s", quiet.status, quiet.body)
	}
	w.try(row{route: drop, at: in, query: "form=plan%2Fedit", as: coordinator, want: seeOther, form: form("draft", id+".2"), barred: outside, input: &input{none: true}})
	if got := w.get(coordinator, path+"/plan/edit"); strings.Contains(got.body, id) {
		w.t.Error("the draft is still there")
	}
}

// between is what stands in a text between two others.
func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}
