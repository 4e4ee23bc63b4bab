package routetest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

// timesArea enters when somebody cannot come and looks for times on the pages.
func (w *world) timesArea(in, strange []string, knows map[string]int) {
	const police, page = "police-farsta", "/interventions/:id/meetings/times"
	path := "/interventions/" + in[0] + "/meetings/times"
	var busy string
	w.try(
		row{route: "GET /busy", as: police, says: []string{"Skriv inte varför"}},
		row{route: "POST /busy", as: police, want: seeOther, form: form("key", uuid.NewString(), "weekly", "true", "weekday", "1", "from", "09:00", "to", "12:00"),
			input: &input{from: "/busy", action: "/busy", optional: []string{"weekly", "weekday", "from", "to", "start", "end"}}},
		row{route: "POST /busy", as: police, want: seeOther, form: form("key", uuid.NewString(), "start", w.clock(5, "08:00"), "end", w.clock(6, "17:00"))},
		row{route: "POST /busy", as: police, want: http.StatusUnprocessableEntity, form: form("key", uuid.NewString(), "start", w.clock(6, "08:00"), "end", w.clock(5, "17:00")),
			says: []string{"måste sluta efter"}},
		row{route: "GET /busy", as: police, says: []string{"Varje måndag, 09.00–12.00"}, then: func(got answer) {
			busy = strings.TrimSuffix(strings.TrimPrefix(got.page().Find(`form[action^="/busy/"]`).First().AttrOr("action", ""), "/busy/"), "/end")
		}},
		row{route: "GET /busy", as: coordinator, hides: []string{"Varje måndag"}},
		row{route: "GET " + page, at: in, as: coordinator, says: []string{"Kommunpolis"}, barred: strange, known: knows},
	)
	w.try(
		row{route: "POST " + page, at: in, as: coordinator, barred: strange, known: knows, says: []string{"Förslag", "Välj tiden"}, hides: []string{"Kent Berg"},
			form:  w.filled(coordinator, path, path, "from", w.day(7), "call", seatValue(sample.Police)),
			input: &input{optional: []string{"call"}}},
		row{route: "POST /busy/:busy/end", at: []string{busy}, as: police, want: seeOther, form: form(), barred: []string{coordinator, "mentor", "police-lead-farsta"},
			input: &input{none: true}},
	)
}

// programsTimes does the same with programs.
func (w *world) programsTimes(in, strange []string, knows map[string]int) {
	const police = "police-farsta"
	var made struct{ ID string }
	w.try(
		row{route: "POST /api/v1/busy", as: police, want: 201, key: uuid.NewString(), body: map[string]any{"weekday": 2, "from_minute": 540, "to_minute": 720},
			then: func(got answer) { w.read(got, &made) }, input: &input{optional: []string{"weekday", "from_minute", "to_minute"}}},
	)
	w.try(
		row{route: "GET /api/v1/busy", as: police, says: []string{made.ID}},
		row{route: "GET /api/v1/busy", as: coordinator, hides: []string{made.ID}},
		row{route: "POST /api/v1/interventions/:id/meetings/times", at: in, as: coordinator, barred: strange, known: knows, says: []string{`"suits":`}, hides: []string{"Kent"},
			body: map[string]any{"from": w.day(7), "minutes": 60, "call": []any{seatBody(sample.Police)}}},
		row{route: "DELETE /api/v1/busy/:busy", at: []string{made.ID}, as: police, want: 204, barred: []string{coordinator, "mentor", "police-lead-farsta"}},
	)
}
