package routetest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// T27 at every way out: what Amir told the counsellor about Omid is found by
// Omid on no page, in no answer to a program, no extract, no file and no mail,
// nor by whoever sits at home with Amir's eID; where it is asked for by name it
// is what does not exist. Sara, decided about on her own, reads it. The file
// that Omid asks for is given in part, and he is told how a court can try that.
func TestT27WhatIsHiddenFindsNoWayOut(t *testing.T) {
	w := newWorld(t)
	w.planted = []string{"MARKER"}
	a := w.amir()
	at := map[string]string{
		"id": a.id, "consent": a.consent, "item": a.shown, "meeting": uuid.NewString(), "own": uuid.NewString(), "event": uuid.NewString() + ".ics",
	}
	w.tellsMalin(a, at)
	at["hidden"] = at["told"]
	for _, who := range []string{"omid", "amir"} {
		if pages := w.visitsAll(who, at); pages < 15 {
			t.Errorf("%s saw %d pages, want 15 or more", who, pages)
		}
		for _, path := range []string{"/interventions/" + a.id + "/shared/", "/api/v1/interventions/" + a.id + "/shared/"} {
			hidden, unknown := w.get(who, path+at["told"]), w.get(who, path+uuid.NewString())
			if hidden.status != unknown.status || hidden.status != http.StatusNotFound || len(hidden.body) != len(unknown.body) {
				t.Errorf("%s asks for it by name: %d with %d bytes; what does not exist: %d with %d", who, hidden.status, len(hidden.body), unknown.status, len(unknown.body))
			}
		}
	}
	if got := w.get("sara", "/interventions/"+a.id+"/shared/"+at["told"]); got.status != http.StatusOK || !strings.Contains(got.body, "MARKER-TOLD") {
		t.Errorf("Sara reads it: %s", brief(got))
	}
	w.asksForTheFile(a)
	w.silent("omid", w.get("omid", "/interventions/"+a.id+"/inquiries"), "the answer to his request for the file")
	if n := w.text(`select count(*)::text from sig.mail m join sig.guardianship g on g.id = m.guardian where g.name like 'Omid%' and m.object_id = $1::uuid`, at["told"]); n != "0" {
		t.Errorf("%s mails to Omid about it", n)
	}
}

// tellsMalin is what Amir tells and the counsellor writes, hides from Omid,
// shows Sara, and tells the coordinator, who reads it.
func (w *world) tellsMalin(a amir, at map[string]string) {
	w.t.Helper()
	ctx := w.t.Context()
	as := func(persona, hat string) sig.Actor {
		actor, err := w.town.As(ctx, persona, hat)
		w.must(err, "sign in "+persona)
		return actor
	}
	malin, amir := as("school-counsellor", ""), as("amir", "youth")
	id := sig.InterventionID{UUID: uuid.MustParse(a.id)}
	item, err := w.town.Sharing.WriteItem(ctx, malin, sharing.NewItem{
		Key: uuid.NewString(), Intervention: id, Categories: []sig.Category{sig.CategoryAttendance}, Text: "MARKER-TOLD Omid slår honom.",
	})
	w.must(err, "write it down")
	for viewer, decided := range map[uuid.UUID]sharing.NewVisibility{
		as("omid", "guardian").Guardian.UUID: {Ground: "osl_12_3_severe_harm", Reason: "MARKER-REASON"},
		as("sara", "guardian").Guardian.UUID: {Visible: true},
		amir.Youth.UUID:                      {Visible: true}, // and not released for a screen at home
	} {
		decided.Intervention, decided.Item, decided.Viewer = id, item, sharing.ViewerID{UUID: viewer}
		w.must(w.town.Sharing.DecideVisibility(ctx, malin, decided), "decide who sees it")
	}
	_, err = w.town.Sharing.Disclose(ctx, malin, sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: id, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "MARKER-NEED",
	})
	w.must(err, "tell the coordinator")
	at["told"] = item.String()
	copied := w.text(`select id::text from sig.disclosure where item = $1::uuid`, at["told"])
	if got := w.get("coordinator-farsta", "/interventions/"+a.id+"/copies/"+copied); !strings.Contains(got.body, "MARKER-TOLD") {
		w.t.Fatalf("the coordinator does not read it: %s", brief(got))
	}
}

// asksForTheFile has Omid ask to see the file, and the registrar give a part.
func (w *world) asksForTheFile(a amir) {
	w.t.Helper()
	page := "/interventions/" + a.id + "/inquiries"
	if got := w.post("omid", page, w.filled("omid", page+"/new", page, "kind", "file", "words", "Jag vill se allt.")); got.status != seeOther {
		w.t.Fatalf("Omid asks for the file: %s", brief(got))
	}
	asked := w.text(`select id::text from sig.inquiry where kind = 'file'`)
	one := "/inquiries/" + asked
	if got := w.post("registrar-farsta", one, form("answer", "x")); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Välj vad beslutet blir.") {
		w.t.Errorf("the file is given without a decision: %s", brief(got))
	}
	if got := w.post("registrar-farsta", one, form("answer", "En del är sekretess enligt 12 kap. 3 § OSL.", "outcome", "in_part")); got.status != seeOther {
		w.t.Fatalf("the registrar answers: %s", brief(got))
	}
	answer := w.get("omid", page).page()
	text := words(answer, "main")
	for _, says := range []string{"En del är sekretess", "Du får en del, men inte allt.", "kammarrätten", "inom tre veckor"} {
		if !strings.Contains(text, says) {
			w.t.Errorf("Omid's answer does not say %q: %s", says, text)
		}
	}
	for _, who := range []string{"sara", "amir"} {
		if slices.Contains(strings.Fields(w.get(who, page).body), "kammarrätten") {
			w.t.Errorf("%s reads what Omid asked", who)
		}
	}
}
