package routetest

import (
	"net/http"
	"net/url"
)

// searchArea: exactly one field, inside the own cases; nothing searched for
// stands in an address, and any other shape is no search.
func (w *world) searchArea() {
	number := w.a.number(w)
	w.try(
		row{route: "POST /search", as: coordinator, form: form("name", "Amir"), says: []string{number}, input: &input{from: "/search", one: true}},
		row{route: "POST /search", as: coordinator, form: form("personal_number", w.number("amir")), says: []string{number}},
		row{route: "POST /search", as: coordinator, form: form("case_number", number), says: []string{"Amir"}},
		row{route: "POST /search", as: "caseworker-farsta", form: form("name", "Amir"), hides: []string{number}},
		row{route: "POST /search", as: "coordinator-skarholmen", form: form("case_number", number), hides: []string{"Amir"}},
		row{route: "POST /api/v1/search", as: coordinator, body: map[string]any{"name": "amir"}, says: []string{w.a.id}},
		row{route: "POST /api/v1/search", as: coordinator, body: map[string]any{"personal_number": w.number("amir")}, says: []string{w.a.id}},
		row{route: "POST /api/v1/search", as: coordinator, body: map[string]any{"case_number": number}, says: []string{w.a.id}},
		row{route: "POST /api/v1/search", as: "police-jarva", body: map[string]any{"case_number": number}, says: []string{`"interventions":[]`}},
		row{route: "POST /api/v1/search", as: "caseworker-farsta", body: map[string]any{"name": "Amir"}, says: []string{`"interventions":[]`}},
	)
	for _, f := range []url.Values{form(), form("name", "Amir", "case_number", number), form("name", "Amir", "case_number", ""), form("name", "Amir", "name", "Lina"), form("q", "Amir"), form("name", "Amir", "q", "")} {
		if got := w.post(coordinator, "/search", f); got.status != http.StatusBadRequest {
			w.t.Errorf("a search for %q: %d, want 400", f.Encode(), got.status)
		}
	}
	for _, body := range []map[string]any{
		{}, {"name": "Amir", "case_number": number}, {"name": "Amir", "case_number": ""}, {"q": "Amir"}, {"name": []string{"Amir"}}, {"name": map[string]any{"$ne": ""}},
		{"name": nil}, {"name": 7}, {"Name": "Amir"}, {"name": "Amir", "limit": 9},
	} {
		if got := w.ask(row{route: "POST /api/v1/search", body: body}.request(coordinator, nil)); got.status != http.StatusBadRequest {
			w.t.Errorf("a search for %v: %d, want 400: %s", body, got.status, brief(got))
		}
	}
	terms := w.text(`select string_agg(detail::text, ' ') from sig.ledger where kind = 'search'`)
	for _, said := range []string{"Amir", "amir", w.number("amir"), number} {
		if contains(terms, said) {
			w.t.Errorf("the ledger keeps %q that was searched for", said)
		}
	}
	for _, by := range []string{"?name=Amir", "?case_number=" + number} {
		if got := w.get(coordinator, "/search"+by); contains(got.body, number) && by == "?name=Amir" {
			w.t.Errorf("a search in the address finds something")
		}
	}
}
