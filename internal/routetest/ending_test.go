package routetest

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

// changingArea amends and pauses Amir's consent on the board's pages, and with
// programs.
func (w *world) changingArea() {
	in := []string{w.a.id}
	page := "/interventions/" + w.a.id
	strange := append([]string{"police-farsta"}, outside...)
	programs := append(outside, "police-farsta", "sara")
	knows := map[string]int{secretary: 403}
	w.narrowingArea(in, strange, programs, knows)
	w.renewingArea(strange, programs, knows)
	w.try(
		row{route: "POST /interventions/:id/amend", at: in, as: coordinator, want: seeOther, form: form(), barred: strange, known: knows},
		row{route: "GET /interventions/:id/consent/preview", at: in, as: coordinator, barred: strange},
		row{route: "POST /interventions/:id/consent/discard", at: in, as: coordinator, want: seeOther, form: form(), barred: strange, known: knows},
		row{route: "GET /interventions/:id/suspend", at: in, as: coordinator, says: []string{"pressats"}, barred: strange},
		row{route: "POST /interventions/:id/suspend", at: in, as: coordinator, want: seeOther, form: form("why", "suspected_coercion"), barred: strange, input: &input{from: page + "/suspend"}},
	)
	if got := w.get(coordinator, page+"/copies/"+w.a.copied); got.status == http.StatusOK {
		w.t.Error("a copy is read while the consent is paused")
	}
	w.try(
		row{route: "POST /interventions/:id/resume", at: in, as: coordinator, want: seeOther, form: form(), barred: strange},
		row{route: "POST " + apiCase + "/consent/suspension", at: in, as: coordinator, barred: programs, body: map[string]any{"why": "maturity_in_doubt"}},
		row{route: "DELETE " + apiCase + "/consent/suspension", at: in, as: coordinator, barred: programs},
	)
}

// narrowingArea: forty days after Amir's consent began, what nobody has told by
// it is taken out of a draft, on the page and by a program.
func (w *world) narrowingArea(in, strange, programs []string, knows map[string]int) {
	shift := func(by string) {
		w.exec(`update sig.consent set activated_at = activated_at + $2::interval where intervention = $1::uuid`, w.a.id, by)
		w.exec(`update sig.consent_grant set valid_from = valid_from + $2::interval, valid_to = valid_to + $2::interval where intervention = $1::uuid`, w.a.id, by)
	}
	shift("-40 days")
	w.try(
		row{route: "GET /interventions/:id", at: in, as: coordinator, says: []string{"Har aldrig använts"}},
		row{route: "GET /radar", as: coordinator, says: []string{"som ingen har lämnat ut sedan"}, barred: []string{secretary}},
		row{route: "GET /consents/:id", at: []string{w.a.consent}, as: "sara", says: []string{"Du ser inte att någon har berättat det här"}},
		row{route: "POST /interventions/:id/narrow", at: in, as: coordinator, want: seeOther, form: form(), barred: strange, known: knows},
		row{route: "GET /interventions/:id/consent", at: in, as: coordinator, hides: []string{"Ingen har lämnat ut det här sedan"}},
		row{route: "POST /interventions/:id/consent/discard", at: in, as: coordinator, want: seeOther, form: form(), barred: strange, known: knows},
		row{route: "POST /interventions/:id/amend", at: in, as: coordinator, want: seeOther, form: form()},
		row{route: "GET /interventions/:id/consent", at: in, as: coordinator, says: []string{"Ingen har lämnat ut det här sedan"}},
		row{route: "POST /interventions/:id/consent/discard", at: in, as: coordinator, want: seeOther, form: form()},
		row{route: "POST " + apiCase + "/consent/narrowing", at: in, as: coordinator, barred: programs, known: knows, says: []string{`"change":"`, `"unused":["`}},
		row{route: "DELETE " + apiCase + "/consent/draft", at: in, as: coordinator, want: 204, barred: programs, known: knows},
	)
	shift("40 days")
}

// renewingArea renews Amir's consent among several, on the pages and by a program.
func (w *world) renewingArea(strange, programs []string, knows map[string]int) {
	to, none := w.day(100), uuid.NewString()
	sent := func(to string) url.Values { return form("interventions", w.a.id, "interventions", none, "to", to) }
	both := map[string]any{"interventions": []string{w.a.id, none}, "to": to}
	page := append(but(but(strange, "coordinator-skarholmen"), "deputy-coordinator-farsta"), secretary)
	ends := func(by string) {
		w.exec(`update sig.consent_grant set valid_to = valid_to + $2::interval where intervention = $1::uuid`, w.a.id, by)
	}
	w.try(row{route: "GET /renewals", as: "coordinator-skarholmen", says: []string{"Inget samtycke går ut"}, hides: []string{"Amir"}})
	ends("-150 days")
	w.try(
		row{route: "GET /renewals", as: coordinator, says: []string{"Amir Rahimi", "Ny sista dag"}, barred: page},
		row{route: "POST /renewals/preview", as: coordinator, form: sent(to), barred: page, says: []string{"Amir Rahimi", "Kan inte förnyas", "Inget ändras", "Sara Rahimi"}, hides: []string{"Utkastet finns"},
			input: &input{from: "/renewals", action: "/renewals/preview"}},
		row{route: "POST /renewals/preview", as: coordinator, form: sent(w.day(300)), want: http.StatusUnprocessableEntity, says: []string{"Så länge får"}},
		row{route: "POST /renewals", as: coordinator, form: sent(to), barred: page, says: []string{"Utkastet finns", "Kan inte förnyas"},
			input: &input{from: "/renewals", action: "/renewals/preview", brief: true}},
		row{route: "POST /renewals", as: coordinator, form: sent(to), says: []string{"Utkastet finns"}},
		row{route: "POST /interventions/:id/consent/discard", at: []string{w.a.id}, as: coordinator, want: seeOther, form: form()},
		row{route: "POST /api/v1/renewals/preview", as: coordinator, body: both, barred: programs, known: knows, says: []string{`"done":false`, `"error.not_found"`, "Omid Rahimi"}},
		row{route: "POST /api/v1/renewals", as: coordinator, body: both, barred: programs, known: knows, says: []string{`"done":true`, `"error.not_found"`}},
		row{route: "DELETE " + apiCase + "/consent/draft", at: []string{w.a.id}, as: coordinator, want: 204},
	)
	ends("150 days")
}

// withdrawingArea takes back parts of Amir's consent and then all of it, by
// the family and for them; each receipt is its reader's.
func (w *world) withdrawingArea() {
	a := w.a
	in := []string{a.id}
	others := []string{"petra", "kim", "disa"}
	strange := append([]string{"police-farsta"}, outside...)
	page, count := "/interventions/"+a.id+"/withdraw", `select count(*)::text from sig.withdrawal where intervention = $1::uuid`
	var receipt string
	w.twice(row{route: "POST /interventions/:id/withdraw", at: in, as: "sara", want: seeOther, barred: others, then: func(got answer) { receipt = location(got) },
		form: w.filled("sara", page, page, "scope", "to:"+seatValue(sample.Mentor))}, count, a.id)
	family := map[string]int{"omid": 404, "amir": 404}
	w.try(
		row{route: "GET /receipts/:reference", at: []string{receipt}, as: "sara", says: []string{receipt}, barred: append([]string{}, others...), known: family},
		row{route: "GET /api/v1/receipts/:reference/receipt.pdf", at: []string{receipt}, as: "sara", says: []string{"%PDF-"}, barred: others, known: family},
		row{route: "GET /receipts/:reference/receipt.pdf", at: []string{receipt}, as: "sara", says: []string{"%PDF-"}, barred: others, known: family},
		row{route: "GET /receipts/:reference/file", at: []string{receipt}, as: "sara", barred: others, known: family},
		row{route: "GET /api/v1/receipts/:reference", at: []string{receipt}, as: "sara", says: []string{receipt}, barred: append(others, "police-farsta", "caseworker-farsta", "coordinator-skarholmen"), known: family},
		row{route: "GET /api/v1/receipts/:reference/proof", at: []string{receipt}, as: "sara", barred: append(others, "police-farsta", "caseworker-farsta"), known: family},
	)
	w.recordsByPhone(strange)
	w.programsWithdraw(others, strange, count)
}

// recordsByPhone: the coordinator writes down what came by telephone.
func (w *world) recordsByPhone(strange []string) {
	a := w.a
	in := []string{a.id}
	page := "/interventions/" + a.id + "/withdrawals/new"
	record := w.filled(coordinator, page, page, "signer", w.choice(coordinator, page, "Omid Rahimi"), "scope", "what:attendance", "channel", "phone")
	knows := map[string]int{"field-assistant-farsta": 403}
	w.try(row{route: "POST /interventions/:id/withdrawals/new", at: in, as: coordinator, form: record, barred: strange, known: knows, says: []string{"Omid Rahimi"}})
	record.Set("checked", "true")
	var reference string
	w.twice(row{route: "POST /interventions/:id/withdrawals/new", at: in, as: coordinator, form: record, want: seeOther, barred: strange, known: knows,
		then: func(got answer) { reference = location(got) }}, `select count(*)::text from sig.withdrawal where intervention = $1::uuid`, a.id)
	w.try(row{route: "GET /interventions/:id/withdrawals/:reference", at: []string{a.id, reference}, as: coordinator, barred: strange})
}

func (w *world) programsWithdraw(others, strange []string, count string) {
	a := w.a
	in := []string{a.id}
	const withdrawals = apiCase + "/withdrawals"
	part := map[string]any{"scope": map[string]any{"category": "meeting_logistics"}}
	signer := map[string]any{"youth": w.text(`select youth::text from sig.intervention where id = $1::uuid`, a.id)}
	w.try(
		row{route: "POST " + withdrawals + "/preview", at: in, as: "omid", body: part, barred: append(others, strange...), says: []string{"meeting_logistics"}},
		row{route: "POST " + withdrawals + "/preview", at: in, as: coordinator, body: map[string]any{"scope": part["scope"], "signer": signer}},
	)
	w.twice(row{route: "POST " + withdrawals, at: in, as: "omid", want: 201, key: uuid.NewString(), body: part, barred: others}, count, a.id)
	w.twice(row{route: "POST " + withdrawals + "/recorded", at: in, as: coordinator, want: 201, key: uuid.NewString(), barred: append(strange, "petra"),
		body: map[string]any{"scope": map[string]any{"category": "school_wellbeing"}, "signer": signer, "channel": "text", "received_at": w.text(`select to_char(sig.now() - interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)}}, count, a.id)
}

// endingArea: Amir himself takes everything back, and everybody is cut off;
// the registrar takes over what was received, and the board looks for other
// measures. Maja's case ends in the same way with programs.
func (w *world) endingArea() {
	a := w.a
	page := "/interventions/" + a.id + "/withdraw"
	w.try(row{route: "POST /interventions/:id/withdraw", at: []string{a.id}, as: "amir", want: seeOther, form: w.filled("amir", page, page, "scope", "all"), barred: []string{"petra", "kim"}})
	copied := []string{a.id, a.copied}
	if got := w.get(coordinator, "/interventions/"+a.id+"/copies/"+a.copied); got.status == http.StatusOK {
		w.t.Errorf("a copy is read after everything was taken back: %s", brief(got))
	}
	const registrar = "registrar-farsta"
	strange := append(outside, "registrar-police", "registrar-school", "police-farsta", "sara")
	pages := but(strange, "sara")
	w.try(
		row{route: "GET /registry", as: registrar, barred: []string{coordinator, "police-farsta"}},
		row{route: "GET /api/v1/inbox", as: "police-farsta", says: []string{`"by":"withdrawal"`, a.id}, hides: []string{a.sent}},
		row{route: "GET /api/v1/inbox", as: "police-jarva", hides: []string{`"hidden"`, a.id}},
		row{route: "GET /api/v1/registry", as: registrar, says: []string{a.copied}},
		row{route: "GET /api/v1/registry", as: "registrar-police", says: []string{a.sent}, hides: []string{a.copied}},
		row{route: "GET /interventions/:id/copies/:copy", at: copied, as: registrar, says: []string{"Farsta torg"}, barred: pages},
		row{route: "GET /interventions/:id/copies/:copy/export.json", at: copied, as: registrar, says: []string{"Farsta torg"}, barred: append(pages, coordinator)},
		row{route: "POST " + apiCase + "/copies/:copy/export", at: copied, as: registrar, says: []string{"Farsta torg"}, barred: append(strange, coordinator)},
		row{route: "POST /interventions/:id/copies/:copy/transferred", at: copied, as: registrar, want: seeOther, form: form(), barred: append(pages, coordinator)},
		row{route: "POST " + apiCase + "/copies/:copy/transfer", at: []string{a.id, a.sent}, as: "registrar-police", want: 204, barred: append(but(strange, "registrar-police"), coordinator, registrar)},
	)
	outcome := "/interventions/" + a.id + "/outcome"
	knows := map[string]int{coordinator: 403}
	w.try(
		row{route: "GET /interventions/:id/outcome", at: []string{a.id}, as: secretary, barred: pages, known: knows},
		row{route: "POST /interventions/:id/outcome", at: []string{a.id}, as: secretary, want: seeOther, barred: pages, known: knows,
			form: w.filled(secretary, outcome, outcome, "outcome", "no_further", "reason", hostile)},
	)
	all := map[string]any{"scope": map[string]any{"whole": true}}
	if got := w.ask(row{route: "POST " + apiCase + "/withdrawals", body: all, key: uuid.NewString()}.request("disa", []string{w.maja})); got.status != http.StatusCreated {
		w.t.Fatalf("Maja's mother takes everything back: %d: %s", got.status, brief(got))
	}
	w.try(row{route: "POST " + apiCase + "/outcome", at: []string{w.maja}, as: secretary, barred: strange, known: knows, says: []string{`"state":"closed"`},
		body: map[string]any{"outcome": "new_inquiry", "reason": hostile}})
}
