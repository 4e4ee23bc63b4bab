package routetest

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

const seeOther = http.StatusSeeOther

func seatValue(s sig.Seat) string {
	return string(s.Authority) + "/" + string(s.Unit) + "/" + string(s.Function)
}

func seatBody(s sig.Seat) map[string]any {
	return map[string]any{"authority": string(s.Authority), "unit": string(s.Unit), "function": string(s.Function)}
}

// tellingArea writes an item, decides who of the family may see it, stops it
// and tells it, on the pages. Those who take part for others see nothing of it.
func (w *world) tellingArea() {
	a := w.a
	const police = "police-farsta"
	const path = "/interventions/"
	in := []string{a.id}
	page := path + a.id + "/items/new"
	others := append([]string{"coordinator-farsta", "school-counsellor"}, outside...)
	var item string
	w.try(row{
		route: "POST /interventions/:id/items/new", at: in, as: police, want: seeOther, barred: outside,
		form: w.filled(police, page, page, "categories", "police_preventive_observation", "text", hostile, "concerns.0.name", hostile, "concerns.0.handled", "redacted"),
		then: func(got answer) { item = location(got) }, input: &input{optional: []string{"corrects"}},
	})
	at := []string{a.id, item}
	one := path + a.id + "/items/" + item
	w.try(
		row{route: "GET /interventions/:id/items/:item", at: at, as: police, says: []string{"Robert&#39;); drop table", "&lt;script&gt;"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "POST /interventions/:id/items/:item/block", at: at, as: police, want: seeOther, barred: others, form: w.filled(police, one, one+"/block"), input: &input{optional: []string{"blocked"}}},
	)
	w.try(row{route: "POST /interventions/:id/items/:item/block", at: at, as: police, want: seeOther, barred: others, form: form()})
	family := w.filled(police, one+"/visibility", one+"/visibility",
		"members.0.decision", "hidden", "members.0.ground", "third_party", "members.0.reason", hostile)
	w.try(row{route: "POST /interventions/:id/items/:item/visibility", at: at, as: police, want: seeOther, barred: others, form: family,
		input: &input{optional: []string{"members.0.reason", "members.0.decision", "members.1.viewer", "members.2.viewer"}}})
	tell := w.filled(police, one+"/disclose", one+"/disclose", "recipients", seatValue(sample.Coordinator), "necessity", hostile)
	w.try(row{route: "POST /interventions/:id/items/:item/disclose", at: at, as: police, barred: others, form: tell, says: []string{"Karin Ek"}})
	tell.Set("checked", "true")
	w.twice(row{route: "POST /interventions/:id/items/:item/disclose", at: at, as: police, want: seeOther, barred: others, form: tell},
		`select count(*)::text from sig.disclosure where item = $1::uuid`, item)
}

// twice tries a row, and then sends the very same once more: it is one act.
func (w *world) twice(r row, count string, args ...any) {
	w.t.Helper()
	first := w.tryOne(r)
	done := w.text(count, args...)
	again := w.ask(r.request(r.as, r.at))
	if again.status != first.status {
		w.t.Errorf("%s sent twice: %d, then %d: %s", r.route, first.status, again.status, brief(again))
	}
	if n := w.text(count, args...); n != done {
		w.t.Errorf("%s sent twice has had its effect twice: %s, was %s", r.route, n, done)
	}
}

// programsTell does the same with programs, at the school.
func (w *world) programsTell() {
	a := w.a
	const counsellor = "school-counsellor"
	const items = "/api/v1/interventions/:id/items"
	others := append([]string{"coordinator-farsta", "police-farsta"}, outside...)
	var made struct{ ID string }
	w.twice(row{
		route: "POST " + items, at: []string{a.id}, as: counsellor, want: 201, key: uuid.NewString(), barred: append([]string{"disa"}, outside...),
		body: map[string]any{"categories": []string{"attendance"}, "text": hostile, "concerns": []any{map[string]any{"name": hostile, "handled": "redacted"}}},
		then: func(got answer) { w.read(got, &made) },
	}, `select count(*)::text from sig.item where intervention = $1::uuid`, a.id)
	at := []string{a.id, made.ID}
	var viewers struct {
		Staff struct{ Family []struct{ Viewer string } }
	}
	w.try(
		row{route: "GET " + items + "/:item", at: at, as: counsellor, says: []string{`drop table sig.item`}, barred: others, then: func(got answer) { w.read(got, &viewers) }},
		row{route: "PUT " + items + "/:item/blocking", at: at, as: counsellor, want: 204, body: map[string]any{"blocked": true}, barred: others},
	)
	w.try(row{route: "PUT " + items + "/:item/blocking", at: at, as: counsellor, want: 204, body: map[string]any{"blocked": false}, barred: others})
	for _, v := range viewers.Staff.Family {
		w.try(row{route: "PUT " + items + "/:item/visibility", at: at, as: counsellor, want: 204, barred: others,
			body: map[string]any{"viewer": v.Viewer, "visible": false, "ground": "third_party", "reason": hostile}})
	}
	tell := map[string]any{"recipients": []any{seatBody(sample.Coordinator)}, "necessity": hostile}
	w.try(
		row{route: "POST " + items + "/:item/disclosures/check", at: at, as: counsellor, body: tell, barred: others, says: []string{"Karin Ek"}},
	)
	w.twice(row{route: "POST " + items + "/:item/disclosures", at: at, as: counsellor, want: 201, key: uuid.NewString(), body: tell, barred: others, says: []string{`"waiting":false`}},
		`select count(*)::text from sig.disclosure where item = $1::uuid`, made.ID)
}

// read reads an answer for programs.
func (w *world) read(got answer, into any) {
	w.t.Helper()
	if err := json.Unmarshal([]byte(got.body), into); err != nil {
		w.t.Fatalf("the answer is no JSON: %v: %s", err, brief(got))
	}
}
