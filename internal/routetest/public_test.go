package routetest

import "net/http"

// publicArea is what anybody may open: pages that know nothing of anybody, and
// the ways in and out.
func (w *world) publicArea() {
	w.readDocument()
	w.try(
		row{route: "GET /", says: []string{"E-legitimation för privatpersoner"}},
		row{route: "GET /accessibility", says: []string{"Tillgänglighet"}},
		row{route: "GET /privacy", says: []string{"uppgifter"}},
		row{route: "GET /help", says: []string{"08-\u2060000\u00a000\u00a000", `href="tel:080000000"`}},
		row{route: "GET /key", says: []string{"routes.example"}},
		row{route: "GET /key.txt", says: []string{"routes.example"}},
		row{route: "GET /healthz"},
		row{route: "GET /.well-known/authzen-configuration", says: []string{w.origin + "/access/v1/evaluation"}},
		row{route: "GET /api/v1/openapi.json", says: []string{`"openapi": "3.1.0"`}},
		row{route: "POST /language", form: form("language", "en", "next", "/help"), want: http.StatusSeeOther, input: &input{free: []string{"next"}, optional: []string{"next"}}},
	)
}
