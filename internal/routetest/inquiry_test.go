package routetest

import "regexp"

// familyAsks has a guardian point at a line of the diary and at a text, and ask
// for something besides; who is to answer does, and nobody else finds it.
func (w *world) familyAsks(a amir) {
	w.t.Helper()
	const (
		page             = "/interventions/:id/inquiries"
		reviewer, school = "log-reviewer-farsta", "school-counsellor"
	)
	in := []string{a.id}
	path := "/interventions/" + a.id + "/inquiries"
	others := []string{"maja", "viktor", "disa"}
	diary := w.get("sara", "/interventions/"+a.id+"/diary").body
	line := regexp.MustCompile(`inquiries/new\?(line=[A-Za-z0-9_-]+)`).FindStringSubmatch(diary)
	if line == nil {
		w.t.Fatal("no line of the diary can be pointed at")
	}
	ask := func(from string, more ...string) row {
		form := w.filled("sara", from, path, append([]string{"words", hostile}, more...)...)
		return row{route: "POST " + page, at: in, as: "sara", want: seeOther, barred: others, form: form, input: &input{from: from}}
	}
	wrong := ask(path + "/new?" + line[1])
	w.try(
		row{route: "GET " + page + "/new", at: in, as: "sara", says: []string{"Jag behöver tolk"}, hides: []string{"Det här stämmer inte"}, barred: others},
		row{route: "GET " + page + "/new", at: in, query: "item=" + a.shown, as: "sara", says: []string{"Det här stämmer inte"}, barred: others},
		ask(path+"/new", "kind", "interpreter"),
	)
	if got := w.post("omid", path, wrong.form); got.status != 404 {
		w.t.Errorf("another guardian points with Sara's line: %d", got.status)
	}
	w.try(wrong, ask(path+"/new?item="+a.shown, "kind", "not_right"))
	inquiry := func(kind string) []string {
		return []string{w.text(`select id::text from sig.inquiry where kind = $1`, kind)}
	}
	looks, text := inquiry("looks_wrong"), inquiry("not_right")
	strange := append([]string{coordinator, secretary, "police-farsta"}, but(outside, reviewer)...)
	w.try(
		row{route: "GET " + page, at: in, as: "sara", says: []string{"Det här ser fel ut", "&lt;script&gt;"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "GET " + page, at: in, as: "omid", hides: []string{"Det här ser fel ut"}},
		row{route: "GET /inquiries", as: reviewer, says: []string{looks[0]}, hides: []string{text[0], "Sara", "Amir"}},
		row{route: "GET /inquiries", as: school, says: []string{text[0]}, hides: []string{looks[0]}},
		row{route: "GET /inquiries/:inquiry", at: looks, as: reviewer, says: []string{"Raden som det gäller", "&lt;script&gt;"}, hides: []string{"<script>alert", "Sara", "Rahimi"},
			barred: append([]string{school}, strange...)},
		row{route: "GET /inquiries/:inquiry", at: text, as: school, barred: append([]string{reviewer}, strange...)},
		row{route: "POST /inquiries/:inquiry", at: looks, as: reviewer, want: seeOther, form: form("answer", "MARKER-ANSWER "+hostile),
			barred: append([]string{school}, strange...), input: &input{from: "/inquiries/" + looks[0]}},
		row{route: "GET " + page, at: in, as: "sara", says: []string{"MARKER-ANSWER"}, hides: []string{"<script>alert"}},
	)
}
