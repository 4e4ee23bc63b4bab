package routetest

import (
	"net/http"
	"strings"
)

// ownArea has the social secretary find that Amir decides over something alone,
// the coordinator ask him about it, on a page and with a program, and Amir give
// it and take it back in the office. At home, and for guardians, there is none
// of it.
func (w *world) ownArea() {
	in := []string{w.a.id}
	strange := append([]string{"police-farsta"}, outside...)
	programs := append([]string{"sara", "police-farsta"}, outside...)
	family := []string{"sara", "omid", "petra", "kim"}
	knows := map[string]int{secretary: 403}
	page, mine := "/interventions/"+w.a.id+"/own", "/interventions/"+w.a.id+"/mine"
	maturity := "/interventions/" + w.a.id + "/maturity"
	f := w.filled(secretary, maturity, maturity, "outcome", "mature", "alone", "health_psychiatric", "alone", "whereabouts", "reason", hostile)
	if got := w.post(secretary, maturity, f); got.status != seeOther {
		w.t.Fatalf("assess what Amir decides over alone: %d: %s", got.status, brief(got))
	}
	seats := w.get(coordinator, page).page().Find("#discloser option")
	last := w.text(`select ((sig.now() at time zone 'Europe/Stockholm')::date + 20)::text`)
	asks := w.filled(coordinator, page, page, "discloser", seats.Eq(1).AttrOr("value", ""), "recipient", seats.Eq(2).AttrOr("value", ""),
		"categories", "health_psychiatric", "purpose", "health", "addition", "planera stödet", "to", last)
	newest := func() []string {
		return []string{w.a.id, w.text(`select id::text from sig.own_consent where intervention = $1::uuid and ended_at is null order by proposed_at desc limit 1`, w.a.id)}
	}
	w.try(
		row{route: "GET /interventions/:id/own", at: in, as: coordinator, barred: append(strange, family...)},
		row{route: "POST /interventions/:id/own", at: in, as: coordinator, want: seeOther, barred: append(strange, family...), known: knows, form: asks, input: &input{optional: []string{"addition"}}},
		row{route: "GET " + apiCase + "/own", at: in, as: coordinator, says: []string{`"health_psychiatric"`, `"purpose":"health"`, `"addition":"planera stödet"`}, barred: programs},
	)
	w.try(row{route: "DELETE " + apiCase + "/own/:own", at: newest(), as: coordinator, want: 204, barred: programs})
	seat := func(n int) map[string]any {
		parts := strings.Split(seats.Eq(n).AttrOr("value", ""), "/")
		return map[string]any{"authority": parts[0], "unit": parts[1], "function": parts[2]}
	}
	w.try(row{route: "POST " + apiCase + "/own", at: in, as: coordinator, want: 204, barred: programs, known: knows, body: map[string]any{
		"discloser": seat(1), "recipient": seat(2), "categories": []string{"health_psychiatric"}, "purpose": "other", "addition": hostile, "last_day": last,
	}})
	if got := w.get("amir", mine); got.status != 404 {
		w.t.Errorf("at home Amir's own page is answered %d", got.status)
	}
	if got := w.post(coordinator, "/interventions/"+w.a.id+"/at-home", form("act", "office")); got.status != seeOther {
		w.t.Fatalf("open the page in the office: %d: %s", got.status, brief(got))
	}
	w.entersOffice(mine)
	at := newest()
	yes := mine + "/" + at[1] + "/yes"
	hers := w.filled("amir", mine, yes)
	w.try(
		row{route: "GET /interventions/:id/mine", at: in, as: "amir", barred: family, hides: []string{"<script>alert"}},
		row{route: "POST /interventions/:id/mine/:own/yes", at: at, as: "amir", want: seeOther, form: hers, barred: family, input: &input{from: mine, conflict: []string{"text"}}},
	)
	query := w.freshLogin("amir", yes, hers)
	w.try(
		row{route: "GET /interventions/:id/mine/:own/yes/finish", at: at, query: query, as: "amir", want: seeOther, barred: family},
		row{route: "POST /interventions/:id/mine/:own/no", at: at, as: "amir", want: seeOther, form: form(), barred: family, input: &input{none: true}},
	)
	if got := w.post(coordinator, page, asks); got.status != seeOther {
		w.t.Fatalf("ask again: %d: %s", got.status, brief(got))
	}
	ends := row{route: "POST /interventions/:id/own/:own/end", as: coordinator, want: seeOther, barred: append(strange, family...)}
	taken, now := ends, w.text(`select to_char(sig.now() at time zone 'Europe/Stockholm', 'YYYY-MM-DD"T"HH24:MI')`)
	taken.at = w.given(newest())
	form1 := page + "/" + taken.at[1] + "/end"
	w.try(row{route: "GET /interventions/:id/own/:own/end", at: taken.at, as: coordinator, says: []string{"Hur kom det?"}, barred: append(strange, family...)})
	taken.form = form("channel", "phone", "received_at", now)
	taken.input = &input{from: form1, action: form1}
	w.try(taken)
	for range 2 {
		if got := w.post(coordinator, page, asks); got.status != seeOther {
			w.t.Fatalf("ask again: %d: %s", got.status, brief(got))
		}
	}
	ends.at, ends.form, ends.input = newest(), form(), &input{none: true}
	w.try(ends)
	w.try(row{route: "POST " + apiCase + "/own/:own/end", at: w.given(newest()), as: coordinator, want: 204, barred: programs,
		body: map[string]any{"channel": "phone", "received_at": w.text(`select to_char(sig.now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)}})
}

// given is a row to which the young person has said yes two hours ago.
func (w *world) given(at []string) []string {
	w.exec(`update sig.own_consent set given_at = sig.now() - interval '2 hours', auth_time = sig.now(), language = 'sv', wording = sha256('') where id = $1::uuid`, at[1])
	return at
}

// entersOffice has Amir type the number on Karin's page in a window of his own;
// it opens nothing to Sara, nor the window at home.
func (w *world) entersOffice(mine string) {
	at := "/interventions/" + w.a.id + "/at-home"
	number := strings.ReplaceAll(words(w.get(coordinator, at).page(), ".spelled"), " ", "")
	typed := number[:2] + " " + number[2:]
	if got := w.post("sara", officeForm, form("number", typed)); got.status != http.StatusUnprocessableEntity {
		w.t.Errorf("Sara types Amir's number: %d: %s", got.status, brief(got))
	}
	if got := w.get("amir", mine); got.status != http.StatusNotFound {
		w.t.Errorf("the window that stands open at home is answered %d once the office is open", got.status)
	}
	w.try(
		row{route: "GET " + officeForm, as: "amir", hides: []string{number}},
		row{route: "POST " + officeForm, as: "amir", want: seeOther, form: form("number", typed), then: func(got answer) {
			c, err := http.ParseSetCookie(got.header.Get("Set-Cookie"))
			w.must(err, "read the cookie of the office")
			w.sessions["amir"] = &session{cookie: c.Name + "=" + c.Value}
		}},
	)
}

const officeForm = "/office"
