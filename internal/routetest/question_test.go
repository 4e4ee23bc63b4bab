package routetest

import (
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

// questionsArea puts directed questions and answers them, on the pages and with
// programs. Only the two functions know that anything was asked.
func (w *world) questionsArea() {
	const (
		police, one = "police-farsta", "/directed-questions/:question"
		putting     = "/interventions/:id/directed-questions/new"
	)
	a := w.a
	in := []string{a.id}
	path := "/interventions/" + a.id + "/directed-questions/new"
	others := append([]string{"school-counsellor", "mentor", "field-assistant-farsta", secretary}, outside...)
	ends := w.day(7) + "T16:00"
	var asked string
	put := func() []string {
		form := w.filled(coordinator, path, path, "asked", seatValue(sample.Police), "category", "plan_goals", "ends", ends, "text", hostile, "necessity", hostile)
		w.twice(row{route: "POST " + putting, at: in, as: coordinator, want: seeOther, barred: outside, form: form, input: &input{optional: []string{"weaker_reason"}},
			then: func(got answer) { asked = location(got) }}, `select count(*)::text from sig.directed_question`)
		return []string{asked}
	}
	w.try(row{route: "GET " + putting, at: in, as: coordinator, says: []string{"Lokalpolisområde Farsta"}, hides: []string{"Mentor"}, barred: outside})
	at := put()
	from := "/directed-questions/" + asked
	answers := w.filled(police, from, from+"/answer", "text", hostile, "necessity", hostile)
	w.try(
		row{route: "GET /directed-questions", as: police, says: []string{asked}, hides: []string{"&lt;script&gt;"}},
		row{route: "GET /directed-questions", as: "school-counsellor", hides: []string{asked}},
		row{route: "GET " + one, at: at, as: police, says: []string{"&lt;script&gt;", "Lämna svaret"}, hides: []string{"<script>alert", "Ta tillbaka frågan"}, barred: others},
		row{route: "GET " + one, at: at, as: coordinator, says: []string{"Ta tillbaka frågan"}, hides: []string{"Lämna svaret"}},
		row{route: "POST " + one + "/answer", at: at, as: police, want: seeOther, form: answers, barred: append([]string{coordinator}, others...),
			input: &input{from: from, optional: []string{"weaker_reason", "concerns.0.name", "concerns.0.handled", "concerns.1.name", "concerns.1.handled"}}},
		row{route: "GET " + one, at: at, as: coordinator, says: []string{"Besvarad", "&lt;script&gt;"}, hides: []string{"<script>alert"}},
	)
	w.try(row{route: "POST " + one + "/decline", at: put(), as: police, want: seeOther, form: form(), barred: append([]string{coordinator}, others...), input: &input{none: true}})
	w.try(row{route: "POST " + one + "/take-back", at: put(), as: coordinator, want: seeOther, form: form(), barred: append([]string{police}, others...), input: &input{none: true}})
	w.programsAsk(others)
}

func (w *world) programsAsk(others []string) {
	const (
		police, one = "police-farsta", "/api/v1/questions/:question"
		putting     = "/api/v1/interventions/:id/questions"
	)
	in := []string{w.a.id}
	var made struct{ ID string }
	put := func() []string {
		w.twice(row{route: "POST " + putting, at: in, as: police, want: 201, key: uuid.NewString(), barred: outside,
			body: map[string]any{"asked": seatBody(sample.Coordinator), "category": "plan_goals", "ends_at": w.day(3) + "T12:00:00Z", "text": "MARKER-ASKED", "necessity": hostile},
			then: func(got answer) { w.read(got, &made) }}, `select count(*)::text from sig.directed_question`)
		return []string{made.ID}
	}
	w.try(row{route: "GET " + putting + "/choices", at: in, as: police, says: []string{`"plan_goals"`, string(sample.Coordinator.Unit)}, hides: []string{"attendance"}, barred: outside})
	at := put()
	theirs := append([]string{police}, but(others, secretary)...)
	w.try(
		row{route: "GET /api/v1/questions", as: coordinator, says: []string{made.ID, `"to_us":true`}, hides: []string{"MARKER-ASKED"}},
		row{route: "GET " + one, at: at, as: coordinator, says: []string{"MARKER-ASKED", `"answer"`}, barred: others},
		row{route: "PUT " + one + "/answer", at: at, as: coordinator, want: 204, key: uuid.NewString(), barred: theirs,
			body: map[string]any{"text": "MARKER-ANSWERED", "necessity": hostile, "weaker_reason": "behövs", "concerns": []any{map[string]any{"name": hostile, "handled": "redacted"}}}},
		row{route: "GET " + one, at: at, as: police, says: []string{"MARKER-ANSWERED", `"answered"`}},
		row{route: "POST " + one + "/decline", at: put(), as: coordinator, want: 204, key: uuid.NewString(), barred: theirs},
		row{route: "POST " + one + "/take-back", at: put(), as: police, want: 204, key: uuid.NewString(), barred: append([]string{coordinator}, others...)},
	)
	if got := w.get("registrar-police", "/api/v1/questions"); strings.Contains(got.body, made.ID) {
		w.t.Error("a registrar finds a question")
	}
}
