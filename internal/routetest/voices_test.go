package routetest

import "sigportal/internal/sig"

// voicesArea lets the young person, and the coordinator in their words, say
// something before a meeting. Those who were chosen read it, and nobody else.
func (w *world) voicesArea(at []string) {
	const (
		police, counsellor, mentor = "police-farsta", "school-counsellor", "mentor"
		own                        = "/interventions/:id/our-meetings/:meeting/voice"
		theirs                     = "/interventions/:id/meetings/:meeting/voice"
	)
	page, write := "/interventions/"+at[0]+"/our-meetings/"+at[1]+"/voice", "/interventions/"+at[0]+"/meetings/"+at[1]+"/voice/write"
	family := []string{"sara", "maja", "viktor", "disa"}
	others := append([]string{mentor}, outside...)
	knows := map[string]int{secretary: 403, police: 404}
	reader := w.called(at[1], sig.RolePolice)
	optional := []string{"answers.0.text", "answers.1.text", "answers.2.text", "answers.3.text", "answers.4.text"}
	w.try(
		row{route: "GET " + theirs + "/write", at: at, as: coordinator, says: []string{"Kommunpolis", "den unges egna ord"}, barred: others, known: knows},
		row{route: "POST " + theirs + "/write", at: at, as: coordinator, want: seeOther, barred: others, known: knows,
			form:  w.filled(coordinator, write, write, "answers.0.text", "MARKER-WRITTEN", "readers", reader),
			input: &input{optional: optional}},
		row{route: "GET " + theirs, at: at, as: police, says: []string{"MARKER-WRITTEN", "Skrivet av samordnaren"},
			barred: append([]string{coordinator, secretary, counsellor}, others...)},
		row{route: "POST " + theirs + "/write/take-back", at: at, as: coordinator, want: seeOther, form: form(), barred: others, known: knows, input: &input{none: true}},
		row{route: "GET " + own, at: at, as: "amir", says: []string{"Kommunpolis", "Vem får läsa"}, hides: []string{"MARKER-WRITTEN"}, barred: family},
		row{route: "POST " + own, at: at, as: "amir", want: seeOther, barred: family,
			form: w.filled("amir", page, page, "answers.0.text", hostile, "answers.1.text", "MARKER-OWN", "readers", reader), input: &input{optional: optional}},
		row{route: "GET " + theirs, at: at, as: police, says: []string{"MARKER-OWN", "&lt;script&gt;", "den unge själv"}, hides: []string{"<script>alert", "MARKER-WRITTEN"},
			barred: append([]string{coordinator, secretary, counsellor}, others...)},
		row{route: "GET " + own, at: at, as: "amir", hides: []string{"MARKER-OWN"}, barred: family},
	)
	w.try(row{route: "POST " + own + "/take-back", at: at, as: "amir", want: seeOther, form: form(), barred: family, input: &input{none: true},
		then: func(answer) {
			if got := w.get(police, "/interventions/"+at[0]+"/meetings/"+at[1]+"/voice"); got.status != 404 {
				w.t.Errorf("what was taken back answers %d", got.status)
			}
		}})
}

// called is a function's call to a meeting, as the database names it.
func (w *world) called(meeting string, f sig.Function) string {
	w.t.Helper()
	var id string
	err := w.db.Super().QueryRow(w.t.Context(), `select id::text from sig.meeting_invitation where meeting = $1::uuid and function = $2`, meeting, f).Scan(&id)
	w.must(err, "find a call")
	return id
}
