package routetest

import (
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
