package routetest

import (
	"net/http"
	"strings"
)

// guardiansArea records who decides for Amir, on the board's pages and with
// programs: the coordinator a new guardian and an end of custody, the social
// secretary that somebody is prevented.
func (w *world) guardiansArea() {
	strange := append([]string{"police-farsta", "school-counsellor"}, outside...)
	programs := append([]string{"sara", "police-farsta"}, outside...)
	in := []string{w.a.id}
	page := "/interventions/" + w.a.id + "/guardians"
	omid := w.text(`select id::text from sig.guardianship where name like 'Omid%' and youth = (select youth from sig.intervention where id = $1::uuid)`, w.a.id)
	one := []string{w.a.id, omid}
	today := w.text(`select (sig.now() at time zone 'Europe/Stockholm')::date::text`)
	soon := w.text(`select ((sig.now() at time zone 'Europe/Stockholm')::date + 20)::text`)
	knows := map[string]int{coordinator: 403}
	w.try(
		row{route: "GET /interventions/:id/guardians", at: in, as: coordinator, says: []string{"Omid Rahimi", "Har sagt ja"}, barred: strange},
		row{route: "GET " + apiCase + "/guardians", at: in, as: coordinator, says: []string{omid, `"given"`}, barred: programs},
		row{route: "GET /interventions/:id/guardians/:guardian/prevented", at: one, as: secretary, says: []string{"Omid Rahimi"}, barred: strange, known: knows},
		row{route: "POST /interventions/:id/guardians/:guardian/prevented", at: one, as: secretary, want: seeOther, barred: strange, known: knows,
			form:  w.filled(secretary, page+"/"+omid+"/prevented", page+"/"+omid+"/prevented", "until", soon, "reason", hostile, "not_drastic", "on"),
			input: &input{from: page + "/" + omid + "/prevented"}},
		row{route: "POST /interventions/:id/guardians/:guardian/decides", at: one, as: secretary, want: seeOther, form: form(), barred: strange, known: knows, input: &input{none: true}},
		row{route: "PUT " + apiCase + "/guardians/:guardian/prevention", at: one, as: secretary, want: 204, barred: programs, known: knows,
			body: map[string]any{"until": soon, "reason": hostile, "not_drastic": true}},
		row{route: "DELETE " + apiCase + "/guardians/:guardian/prevention", at: one, as: secretary, want: 204, barred: programs, known: knows},
		row{route: "GET /interventions/:id/guardians/new", at: in, as: coordinator, barred: strange},
		row{route: "POST /interventions/:id/guardians", at: in, as: coordinator, want: seeOther, barred: strange,
			form:  w.filled(coordinator, page+"/new", page, "name", "Nils Ek", "number", w.number("johan"), "kind", "appointed", "source", "judgment", "verified_on", today),
			input: &input{from: page + "/new", optional: []string{"email", "phone", "replaces", "reference", "from"}}},
		row{route: "POST " + apiCase + "/guardians", at: in, as: coordinator, barred: programs,
			body: map[string]any{"name": "Eva Ek", "number": w.number("helena"), "kind": "parent", "source": "population_register", "verified_on": today}},
	)
	other := func(name string) []string {
		return []string{w.a.id, w.text(`select id::text from sig.guardianship where name = $1 and youth = (select youth from sig.intervention where id = $2::uuid)`, name, w.a.id)}
	}
	nils, eva := other("Nils Ek"), other("Eva Ek")
	ends := page + "/" + nils[1] + "/end"
	w.try(
		row{route: "GET /interventions/:id/guardians/:guardian/end", at: nils, as: coordinator, says: []string{"Nils Ek"}, barred: strange},
		row{route: "POST /interventions/:id/guardians/:guardian/end", at: nils, as: coordinator, want: seeOther, barred: strange,
			form:  w.filled(coordinator, ends, ends, "since", today, "source", "judgment", "reference", "T 4711-26 <b>"),
			input: &input{from: ends, optional: []string{"reference", "from"}}},
		row{route: "PUT " + apiCase + "/guardians/:guardian/end", at: eva, as: coordinator, want: 204, barred: programs,
			body: map[string]any{"since": today, "source": "judgment"}},
	)
	w.custodyAhead(omid, soon, strange, programs)
	if state := w.text(`select state from sig.consent where intervention = $1::uuid and state in ('active', 'suspended')`, w.a.id); state != "active" {
		w.t.Errorf("with those back who have signed, the consent is %s", state)
	}
}

// custodyAhead records that Omid's custody ends on a day ahead, and takes that
// back, on pages and with programs.
func (w *world) custodyAhead(omid, soon string, strange, programs []string) {
	page := "/interventions/" + w.a.id + "/guardians"
	ends := page + "/" + omid + "/end"
	today := w.text(`select (sig.now() at time zone 'Europe/Stockholm')::date::text`)
	change := func() []string {
		return []string{w.a.id, w.text(`select id::text from sig.custody_change where taken_back_at is null`)}
	}
	w.try(row{route: "PUT " + apiCase + "/guardians/:guardian/end", at: []string{w.a.id, omid}, as: coordinator, want: 204, barred: programs,
		body: map[string]any{"since": today, "source": "judgment", "from": soon, "reference": "T 4711-26 <b>"}})
	at := change()
	back := "/interventions/" + w.a.id + "/custody-changes/" + at[1] + "/take-back"
	w.try(
		row{route: "GET " + apiCase + "/guardians", at: []string{w.a.id}, as: coordinator, says: []string{at[1], "Omid Rahimi"}, barred: programs},
		row{route: "GET /interventions/:id/custody-changes/:change/take-back", at: at, as: coordinator, says: []string{"Omid Rahimi"}, barred: strange},
		row{route: "POST /interventions/:id/custody-changes/:change/take-back", at: at, as: coordinator, want: seeOther, barred: strange,
			form: w.filled(coordinator, back, back, "reason", hostile), input: &input{from: back}},
	)
	if got := w.post(coordinator, ends, w.filled(coordinator, ends, ends, "since", today, "source", "population_register", "from", soon)); got.status != seeOther {
		w.t.Errorf("the coordinator records it again: %d: %s", got.status, brief(got))
	}
	w.try(row{route: "PUT " + apiCase + "/custody-changes/:change/taken-back", at: change(), as: coordinator, want: 204, barred: programs,
		body: map[string]any{"reason": hostile}})
}

// reorganisationArea asks what would end if the field assistants went to another
// board: the coordinator of her cases, the administrator in numbers.
func (w *world) reorganisationArea() {
	strange := []string{"police-farsta", "school-counsellor", "sara", "amir"}
	soon := w.text(`select ((sig.now() at time zone 'Europe/Stockholm')::date + 20)::text`)
	asks := form("seat", "farsta-sdn/farsta-falt/field_assistant", "to", "kulturfritid", "on", soon)
	body := map[string]any{"authority": "farsta-sdn", "unit": "farsta-falt", "function": "field_assistant", "to": "kulturfritid", "on": soon}
	w.try(
		row{route: "GET /reorganisation", as: coordinator, says: []string{"Om en funktion flyttar", "Kultur"}, barred: strange},
		row{route: "GET /reorganisation", as: "administrator-farsta", barred: strange},
		row{route: "POST /reorganisation", as: coordinator, form: asks, says: []string{"skulle upphöra"}, barred: strange, input: &input{from: "/reorganisation"}},
		row{route: "POST /reorganisation", as: "registrar-farsta", form: asks, barred: strange},
		row{route: "POST /api/v1/reorganisation/foresee", as: coordinator, body: body, says: []string{`"whole":false`}, barred: strange},
		row{route: "POST /api/v1/reorganisation/foresee", as: "administrator-farsta", body: body, says: []string{`"whole":true`, `"cases":[]`}, barred: strange},
	)
}

// protectionArea marks Amir's personal data as protected, with a program, and
// takes the mark away on the page, which the coordinator may not.
func (w *world) protectionArea() {
	in := []string{w.a.id}
	strange := append([]string{"police-farsta"}, outside...)
	programs := append([]string{"sara", "omid", "police-farsta"}, outside...)
	page := "/interventions/" + w.a.id + "/protection"
	w.try(
		row{route: "GET /interventions/:id/protection", at: in, as: coordinator, says: []string{"Sekretessmarkering", `value="none" checked`}, barred: strange},
		row{route: "PUT " + apiCase + "/protection", at: in, as: coordinator, want: 204, body: map[string]any{"protection": "marked"}, barred: programs},
		row{route: "POST /interventions/:id/protection", at: in, as: secretary, want: seeOther, barred: strange, form: form("protection", "none"),
			known: map[string]int{coordinator: http.StatusForbidden}, input: &input{from: page}},
	)
}

// homeArea switches Amir's view off at home and on again, by himself and by the
// board, on pages and with programs. While it is off he is nobody.
func (w *world) homeArea() {
	in := []string{w.a.id}
	strange := append([]string{"police-farsta"}, outside...)
	programs := append([]string{"sara", "police-farsta"}, outside...)
	others := []string{"sara", "omid", "petra", "kim"}
	page := "/interventions/" + w.a.id + "/at-home"
	act := func(what string) map[string]any { return map[string]any{"act": what} }
	w.try(
		row{route: "GET /interventions/:id/at-home", at: in, as: coordinator, barred: strange},
		row{route: "GET " + apiCase + "/at-home", at: in, as: coordinator, says: []string{`"hidden":false`}, barred: programs},
		row{route: "PUT " + apiCase + "/at-home", at: in, as: coordinator, want: 204, body: act("hide"), barred: programs},
		row{route: "POST /interventions/:id/at-home", at: in, as: secretary, want: seeOther, barred: strange, form: form("act", "show"), input: &input{from: page, brief: true}},
		row{route: "GET /interventions/:id/hide", at: in, as: "amir", barred: others},
		row{route: "POST /interventions/:id/hide", at: in, as: "amir", want: seeOther, form: form(), barred: others, input: &input{none: true}},
	)
	if got := w.get("amir", "/start"); strings.Contains(got.body, w.a.id) {
		w.t.Errorf("switched off, Amir's start page shows the case: %s", brief(got))
	}
	delete(w.sessions, "amir")
	if got := w.post(coordinator, page, form("act", "show")); got.status != seeOther {
		w.t.Errorf("the coordinator switches it on: %d", got.status)
	}
}
