package routetest

import "github.com/google/uuid"

// boardEndArea: the board ends Kim's case on its page and Lina's with a
// program, and looks into what was told too late about Amir.
func (w *world) boardEndArea() {
	a := w.a
	knows := map[string]int{coordinator: 403}
	pages := append(but(outside, "deputy-coordinator-farsta"), "police-farsta")
	programs := append(but(pages, "log-reviewer-farsta"), "sara")
	page := "/interventions/" + w.kim + "/end"
	on := w.text(`select (sig.now() at time zone 'Europe/Stockholm')::date::text`)
	w.try(
		row{route: "GET /interventions/:id/end", at: []string{w.kim}, as: secretary, barred: pages, known: knows},
		row{route: "POST /interventions/:id/end", at: []string{w.kim}, as: secretary, want: seeOther, barred: pages, known: knows,
			form: w.filled(secretary, page, page, "reason", "goal_reached", "on", on, "reference", "<script>1</script>")},
		row{route: "POST " + apiCase + "/ending", at: []string{w.lina}, as: secretary, barred: programs, known: knows, says: []string{`"state":"`},
			body: map[string]any{"reason": "moved", "on": on, "reference": "FSDN 2026/431"}},
	)

	late := func() string {
		id := uuid.NewString()
		w.exec(`insert into sig.incident (id, intervention, authority, kind, disclosure, opened_at)
			values ($1, $2::uuid, 'farsta-sdn', 'disclosed_after_withdrawal', $3::uuid, sig.now())`, id, a.id, a.sent)
		return id
	}
	first, second := late(), late()
	list := "/interventions/" + a.id + "/incidents"
	w.try(
		row{route: "GET /interventions/:id/incidents", at: []string{a.id}, as: secretary, says: []string{"Kommunpolis"}, hides: []string{"hemma före 22"}, barred: pages},
		row{route: "POST /interventions/:id/incidents/:incident", at: []string{a.id, first}, as: secretary, want: seeOther, barred: pages, known: knows,
			form: w.filled(secretary, list, list+"/"+first, "done", hostile), input: &input{from: list}},
		row{route: "GET " + apiCase + "/incidents", at: []string{a.id}, as: coordinator, says: []string{first, "plan_goals"}, hides: []string{"hemma före 22"}, barred: programs},
		row{route: "PUT " + apiCase + "/incidents/:incident/done", at: []string{a.id, second}, as: secretary, want: 204, barred: programs, known: knows,
			body: map[string]any{"done": hostile}},
	)
}
