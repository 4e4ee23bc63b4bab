package routetest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// programsOfFamily asks and answers for the family with programs, as
// familyAsks does on the pages.
func (w *world) programsOfFamily() {
	const (
		own, one         = "/api/v1/interventions/:id/inquiries", "/api/v1/inquiries/:inquiry"
		school, reviewer = "school-counsellor", "log-reviewer-farsta"
	)
	in, others := []string{w.a.id}, []string{"maja", "viktor", "disa"}
	strange := append([]string{coordinator, secretary, "police-farsta"}, outside...)
	var made struct{ ID string }
	w.twice(row{route: "POST " + own, at: in, as: "sara", want: 201, key: uuid.NewString(), barred: others,
		body: map[string]any{"kind": "not_right", "item": w.a.shown, "words": hostile}, then: func(got answer) { w.read(got, &made) }},
		`select count(*)::text from sig.inquiry`)
	w.pointsAtARow(own, in)
	at := []string{made.ID}
	w.try(
		row{route: "GET " + own, at: in, as: "sara", says: []string{made.ID, "drop table"}, barred: others},
		row{route: "GET " + own, at: in, as: "omid", hides: []string{made.ID}},
		row{route: "GET /api/v1/inquiries", as: school, says: []string{made.ID}, hides: []string{"drop table", "Sara"}},
		row{route: "GET /api/v1/inquiries", as: reviewer, hides: []string{made.ID}},
		row{route: "GET " + one, at: at, as: school, says: []string{"drop table"}, hides: []string{"Sara", "Rahimi"}, barred: strange},
		row{route: "PUT " + one + "/answer", at: at, as: school, want: 204, key: uuid.NewString(), body: map[string]any{"answer": "MARKER-TOLD"}, barred: strange},
		row{route: "GET " + own, at: in, as: "sara", says: []string{"MARKER-TOLD"}},
	)
}

// pointsAtARow says with a program that a row of the diary looks wrong, which
// the log reviewer answers. Another's row, one of another session and what is
// none answer alike; staff are given nothing to point with.
func (w *world) pointsAtARow(own string, in []string) {
	w.t.Helper()
	rows := func(who string) []struct{ Line string } {
		var page struct{ Rows []struct{ Line string } }
		w.read(w.get(who, "/api/v1/interventions/"+in[0]+"/diary"), &page)
		if len(page.Rows) == 0 {
			w.t.Fatalf("the diary of %s is empty", who)
		}
		return page.Rows
	}
	delete(w.sessions, "sara") // so that one session is enough for all that follows
	hers, his := rows("sara"), rows("omid")
	ask := func(line string) row {
		return row{route: "POST " + own, at: in, as: "sara", want: 201, body: map[string]any{"kind": "looks_wrong", "line": line, "words": hostile}}
	}
	for what, line := range map[string]string{"another's": his[0].Line, "a number": "17", "nothing that is sealed": strings.Repeat("A", len(hers[0].Line))} {
		if got := w.ask(ask(line).request("sara", in)); got.status != http.StatusNotFound {
			w.t.Errorf("the row %s: %d: %s", what, got.status, brief(got))
		}
	}
	var looks struct{ ID string }
	wrong := ask(hers[0].Line)
	wrong.then = func(got answer) { w.read(got, &looks) }
	w.tryOne(wrong)
	if got := w.get("log-reviewer-farsta", "/api/v1/inquiries"); !strings.Contains(got.body, looks.ID) {
		w.t.Errorf("the log reviewer does not see what looks wrong: %s", brief(got))
	}
	if got := w.get(coordinator, "/api/v1/interventions/"+in[0]+"/diary"); got.status == http.StatusOK && strings.Contains(got.body, `"line"`) {
		w.t.Errorf("staff are given a row to point at: %s", brief(got))
	}
}

// programsVoice leaves, reads and takes back the young person's words with
// programs, and lists the family's meetings.
func (w *world) programsVoice(at []string, others []string) {
	const police, voice = "police-farsta", "/api/v1/interventions/:id/meetings/:meeting/voice"
	family := []string{"sara", "omid", "maja", "viktor", "disa"}
	known := map[string]int{secretary: 403, police: 404}
	body := map[string]any{"answers": []string{hostile, "MARKER-VOICE"}, "readers": []string{w.called(at[1], sig.RolePolice)}}
	w.try(
		row{route: "GET /api/v1/interventions/:id/our-meetings", at: at[:1], as: "sara", says: []string{at[1], "plan_goals", "community_police"},
			barred: []string{"maja", "viktor", "disa"}},
		row{route: "GET " + voice + "/form", at: at, as: "amir", says: []string{"community_police", `"may":true`}, barred: append(family, others...), known: known},
		row{route: "GET " + voice + "/form", at: at, as: coordinator, says: []string{"community_police"}},
		row{route: "PUT " + voice, at: at, as: "amir", want: 204, key: uuid.NewString(), body: body, barred: append(family, others...), known: known},
		row{route: "GET " + voice, at: at, as: police, says: []string{"MARKER-VOICE", `"by_youth":true`}, barred: append([]string{coordinator, secretary}, others...)},
		row{route: "GET " + voice + "/form", at: at, as: "amir", hides: []string{"MARKER-VOICE"}},
		row{route: "DELETE " + voice, at: at, as: "amir", want: 204, key: uuid.NewString(), barred: append(family, others...), known: known},
	)
	if got := w.get(police, "/api/v1/interventions/"+at[0]+"/meetings/"+at[1]+"/voice"); got.status != 404 {
		w.t.Errorf("what was taken back answers %d", got.status)
	}
}
