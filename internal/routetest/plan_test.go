package routetest

import (
	"net/url"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// planOf is the plan as a program gets it.
type planOf struct {
	Version     int
	Goals       []struct{ ID, Text string }
	Words       []struct{ ID, Text string }
	Commitments []struct{ ID, Text, State string }
}

func (p planOf) commitment(text string) string {
	for _, c := range p.Commitments {
		if c.Text == text {
			return c.ID
		}
	}
	return ""
}

// planArea writes, reads, reports, stops and shows the plan on the pages. Each
// function sees the goals and its own commitments; who takes no part, nothing.
func (w *world) planArea() {
	const (
		police, counsellor, mentor = "police-farsta", "school-counsellor", "mentor"
		page                       = "/interventions/:id/plan"
	)
	a := w.a
	in := []string{a.id}
	path := "/interventions/" + a.id + "/plan"
	strange := append([]string{police, counsellor, mentor}, but(outside, "deputy-coordinator-farsta")...)
	w.must(w.town.Planned(w.t.Context(), sig.InterventionID{UUID: uuid.MustParse(a.id)}), "have Amir's plan written")
	w.try(
		row{route: "GET " + page, at: in, as: coordinator, says: []string{"fotboll", "samtal i veckan"}, barred: outside},
		row{route: "GET " + page, at: in, as: police, says: []string{"Hemma före 22", "fritidsgården"}, hides: []string{"fotboll", "samtal i veckan", "Skriv i planen"}},
		row{route: "GET " + page + "/edit", at: in, as: coordinator, says: []string{"Kommunpolis"}, barred: strange, known: map[string]int{"field-assistant-farsta": 403}},
		row{route: "GET /interventions/:id/our-plan", at: in, as: "amir", says: []string{"fotboll"}, hides: []string{"Stoppa"}, barred: []string{"maja", "viktor", "disa"}},
	)
	written := w.filled(coordinator, path+"/edit", path+"/edit",
		"goals.2.text", hostile, "follow_up", w.day(60), "add.0.seat", seatValue(sample.Police), "add.0.due", w.day(5), "add.0.text", "MARKER-POLICE",
		"add.1.seat", seatValue(sample.Counsellor), "add.1.due", w.day(6), "add.1.text", hostile)
	w.twice(row{route: "POST " + page + "/edit", at: in, as: coordinator, want: seeOther, barred: strange, known: map[string]int{"field-assistant-farsta": 403}, form: written,
		input: &input{conflict: []string{"version"}, optional: []string{"goals.0.text", "goals.1.text", "goals.2.text", "words"}}},
		`select version::text || ' ' || (select count(*) from sig.commitment where plan = p.id)::text from sig.plan p where intervention = $1::uuid`, a.id)
	var now planOf
	w.read(w.get(coordinator, "/api/v1"+path), &now)
	mine := []string{a.id, now.commitment("MARKER-POLICE")}
	theirs := []string{a.id, now.commitment("Två samtal i veckan, på morgonen.")}
	done := path + "/commitments/" + mine[1] + "/done"
	others := append([]string{counsellor, mentor}, outside...)
	knows := map[string]int{coordinator: 403, secretary: 403}
	w.try(
		row{route: "GET " + page, at: in, as: police, says: []string{"MARKER-POLICE", "&lt;script&gt;"}, hides: []string{"<script>alert", "samtal i veckan"}},
		row{route: "GET " + page + "/changes", at: in, as: coordinator, query: "since=1", says: []string{"MARKER-POLICE", "Nytt", "&lt;script&gt;"},
			hides: []string{"<script>alert"}, barred: append([]string{police, counsellor, mentor}, outside...)},
		row{route: "GET " + page + "/export.json", at: in, as: coordinator, says: []string{"sigportal.plan/1", "MARKER-POLICE", "fotboll"},
			barred: append([]string{police, counsellor, mentor}, outside...)},
		row{route: "GET " + page + "/export.txt", at: in, as: coordinator, says: []string{"Kommunpolis", "MARKER-POLICE", "fotboll"},
			barred: append([]string{police, counsellor, mentor}, outside...)},
		row{route: "GET " + page + "/commitments/:commitment/done", at: mine, as: police, says: []string{"MARKER-POLICE"}, barred: others, known: knows},
		row{route: "POST " + page + "/commitments/:commitment/done", at: mine, as: police, want: seeOther, barred: others, known: knows, form: form("note", hostile),
			input: &input{from: done, action: done, optional: []string{"note"}}},
		row{route: "GET " + page, at: in, as: coordinator, says: []string{"Berättat", "&lt;script&gt;"}, hides: []string{"<script>alert"}},
		row{route: "POST " + page + "/commitments/:commitment/stop", at: theirs, as: coordinator, want: seeOther, form: form(),
			barred: append([]string{police, counsellor, mentor}, but(outside, "deputy-coordinator-farsta")...), known: map[string]int{"field-assistant-farsta": 403}, input: &input{none: true}},
		row{route: "GET " + page + "/visibility", at: in, as: coordinator, says: []string{"Omid Rahimi", "fotboll"}, barred: strange, known: map[string]int{"field-assistant-farsta": 403}},
	)
	shown := w.filled(coordinator, path+"/visibility", path+"/visibility", "members.1.shown", now.Words[0].ID, "members.1.ground", "third_party")
	w.try(row{route: "POST " + page + "/visibility", at: in, as: coordinator, want: seeOther, barred: strange, known: map[string]int{"field-assistant-farsta": 403}, form: shown,
		input: &input{optional: shownFields(shown)}})
	w.copyArea(strange)
}

// movesTo is where a young person of Farsta moves.
var movesTo = sig.Seat{Authority: "skarholmen-sdn", Unit: "skarholmen-unga", Function: sig.RoleCoordinator}

// copyArea sends a copy of the plan to another board's coordinator, on pages and
// by programs, while the consent names that one.
func (w *world) copyArea(strange []string) {
	const page = "/interventions/:id/plan/copy"
	a, in := w.a, []string{w.a.id}
	known := map[string]int{"field-assistant-farsta": 403}
	path := "/interventions/" + a.id + "/plan/copy"
	w.try(row{route: "GET " + page, at: in, as: coordinator, says: []string{"Till en annan nämnd", "ingen rad till en samordnare", "&lt;script&gt;"},
		hides: []string{"fotboll", "samtal i veckan", "<script>alert", "<form method=\"post\" action=\"" + path}, barred: strange, known: known})
	w.namedForAWhile(a.id, movesTo, func() {
		w.try(row{route: "GET " + page, at: in, as: coordinator, says: []string{"Skärholmen"}, hides: []string{"fotboll"}, barred: strange, known: known})
		w.twice(row{route: "POST " + page, at: in, as: coordinator, want: seeOther, barred: strange, known: known,
			form:  form("key", uuid.NewString(), "to", seatValue(movesTo), "necessity", hostile),
			input: &input{from: path, action: path}},
			`select count(*)::text from sig.received where authority = 'skarholmen-sdn' and intervention = $1::uuid`, a.id)
		w.try(row{route: "POST /api/v1" + page, at: in, as: coordinator, want: 201, key: uuid.NewString(), barred: strange, known: known,
			body: map[string]any{"to": seatBody(movesTo), "necessity": hostile}})
	})
}

// shownFields are the fields of the form that may be left as they are.
func shownFields(f url.Values) []string {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	return names
}

// programsPlan does the same with programs.
func (w *world) programsPlan() {
	const police, counsellor, mentor, page = "police-farsta", "school-counsellor", "mentor", "/api/v1/interventions/:id/plan"
	a := w.a
	in := []string{a.id}
	strange := append([]string{police, counsellor, mentor}, but(outside, "deputy-coordinator-farsta")...)
	var now planOf
	w.read(w.get(coordinator, "/api/v1/interventions/"+a.id+"/plan"), &now)
	body := map[string]any{
		"version": now.Version, "follow_up": w.day(70), "goals": []any{hostile, "MARKER-GOAL"}, "words": "MARKER-WORDS",
		"add": []any{
			map[string]any{"seat": seatBody(sample.Police), "due_on": w.day(9), "text": "MARKER-AGAIN"},
			map[string]any{"seat": seatBody(sample.Counsellor), "due_on": w.day(9), "text": hostile},
		},
	}
	known := map[string]int{"field-assistant-farsta": 403}
	w.twice(row{route: "PUT " + page, at: in, as: coordinator, want: 204, key: uuid.NewString(), body: body, barred: strange, known: known,
		input: &input{conflict: []string{"version"}}},
		`select version::text || ' ' || (select count(*) from sig.commitment where plan = p.id)::text from sig.plan p where intervention = $1::uuid`, a.id)
	w.try(row{route: "GET " + page, at: in, as: coordinator, says: []string{"MARKER-WORDS", "MARKER-AGAIN"}, barred: outside,
		then: func(got answer) { w.read(got, &now) }})
	mine := []string{a.id, now.commitment("MARKER-AGAIN")}
	theirs := []string{a.id, now.commitment(hostile)}
	family := w.family(a.id)
	w.try(
		row{route: "GET " + page, at: in, as: police, says: []string{"MARKER-GOAL", "MARKER-AGAIN"}, hides: []string{"MARKER-WORDS"}},
		row{route: "GET " + page + "/changes", at: in, as: coordinator, says: []string{"MARKER-GOAL", "MARKER-AGAIN", "MARKER-WORDS"}, barred: append([]string{police, counsellor, mentor}, outside...)},
		row{route: "PUT " + page + "/commitments/:commitment/report", at: mine, as: police, want: 204, body: map[string]any{"note": hostile},
			barred: append([]string{counsellor, mentor}, outside...), known: map[string]int{coordinator: 403}},
		row{route: "POST " + page + "/commitments/:commitment/stop", at: theirs, as: coordinator, want: 204, barred: strange, known: known},
		row{route: "PUT " + page + "/visibility", at: in, as: coordinator, want: 204, barred: strange, known: known,
			body: map[string]any{"text": now.Goals[0].ID, "viewer": family, "visible": false, "ground": "third_party"}},
	)
}

// family is somebody of a case's family, as the database names them.
func (w *world) family(intervention string) string {
	w.t.Helper()
	var id string
	err := w.db.Super().QueryRow(w.t.Context(), `select youth::text from sig.intervention where id = $1::uuid`, intervention).Scan(&id)
	w.must(err, "find the young person")
	return id
}
