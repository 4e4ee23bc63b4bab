package routetest

// programReads asks everything of a case in force that a program may read.
func (w *world) programReads() {
	a := w.a
	in := []string{a.id}
	const coordinator, police = "coordinator-farsta", "police-farsta"
	const one = "GET /api/v1/interventions/:id"
	others := []string{"maja", "viktor", "disa"}
	all := append([]string{"viktor", "disa"}, outside...)
	w.try(
		row{route: "GET /api/v1/me", as: "sara", says: []string{`"kind":"guardian"`}},
		row{route: "GET /api/v1/me", as: coordinator, says: []string{`"function":"coordinator"`}},
		row{route: "GET /api/v1/me", as: "loa2", says: []string{`"kind":"nobody"`}},
		row{route: "GET /api/v1/hats", as: "sara", says: []string{`"kind":"guardian"`, `"worn":true`, "Amir"}, hides: []string{"Omid"}},
		row{route: "GET /api/v1/hats", as: "loa2", says: []string{`"hats":[]`}},
		row{route: "GET /api/v1/review", as: "log-reviewer-farsta", says: []string{`"interventions":[`}, hides: []string{"Rahimi"}, barred: []string{coordinator, "police-farsta", "administrator-farsta"}},
		row{route: "GET /api/v1/sessions", as: "sara", says: []string{`"this":true`}},
		row{route: "GET /api/v1/directory", as: "sara", says: []string{"polis-farsta"}, hides: []string{"Kent Berg"}},
		row{route: "GET /api/v1/directory/consent-options", as: coordinator, says: []string{"polis-farsta"}, barred: nil},
		row{route: "GET /api/v1/today", as: coordinator},
		row{route: "GET /api/v1/radar", as: coordinator, says: []string{`"lines":[`}, barred: []string{"police-farsta", "social-secretary-farsta", "log-reviewer-farsta"}},
		row{route: "GET /api/v1/inbox", as: coordinator, says: []string{a.id}},
		row{route: "GET /api/v1/inbox", as: "caseworker-farsta", hides: []string{a.id}},
		row{route: "GET /api/v1/registry", as: "registrar-farsta", says: []string{`"copies":[]`}, barred: []string{coordinator, police, "administrator-farsta"}},
		row{route: "GET /api/v1/requests", as: "caseworker-farsta", says: []string{`"requests":[]`}},
		row{route: "GET /api/v1/interventions", as: coordinator, says: []string{a.id}},
		row{route: "GET /api/v1/interventions", as: "sara", says: []string{a.id}},
		row{route: "GET /api/v1/interventions", as: "caseworker-farsta", hides: []string{a.id}},
		row{route: one, at: in, as: coordinator, says: []string{a.id}, barred: outside},
		row{route: one + "/consent", at: in, as: coordinator, says: []string{`"must_sign":3`}, barred: all},
		row{route: one + "/consent", at: in, as: "sara", says: []string{"police_preventive_observation"}, hides: []string{"Omid"}},
		row{route: "GET /api/v1/consents/:consent", at: []string{a.consent}, as: "omid", hides: []string{"Sara"}, barred: all},
		row{route: one + "/participations", at: in, as: coordinator, says: []string{"Kent Berg"}, barred: outside},
		row{route: one + "/items", at: in, as: coordinator, says: []string{a.own}, hides: []string{a.policeItem}, barred: all},
		row{route: one + "/items", at: in, as: "amir", says: []string{a.shown}, hides: []string{`"owner":{`}},
		row{route: one + "/items/:item", at: []string{a.id, a.own}, as: coordinator, says: []string{"hemma före 22"}, barred: append([]string{police, "school-counsellor", "mentor"}, all...)},
		row{route: one + "/items/:item", at: []string{a.id, a.shown}, as: "sara", says: []string{"Frånvaro vecka"}, hides: []string{`"staff"`}},
		row{route: one + "/items/:item/candidates", at: []string{a.id, a.own}, as: coordinator, says: []string{`"allowed":true`}, barred: append([]string{police}, outside...)},
		row{route: one + "/disclosures", at: in, as: coordinator, says: []string{a.sent}, hides: []string{a.copied}, barred: outside},
		row{route: one + "/disclosures/:disclosure", at: []string{a.id, a.sent}, as: coordinator, says: []string{"nätverksmötet"}, barred: append([]string{police, "school-counsellor"}, outside...)},
		row{route: one + "/copies", at: in, as: coordinator, says: []string{a.copied}, hides: []string{a.sent}, blank: outside},
		row{route: one + "/copies/:copy", at: []string{a.id, a.copied}, as: coordinator, says: []string{"Farsta torg"}, barred: append([]string{police, "mentor"}, outside...)},
		row{route: one + "/diary", at: in, as: "omid", says: []string{"community_police"}, hides: []string{"Sara"}, barred: append(outside, others...)},
		row{route: one + "/log", at: in, as: coordinator, says: []string{`"lines":[`, `"outcome":"refused"`}, hides: []string{"Farsta torg"}, barred: []string{"police-farsta", "caseworker-farsta", "administrator-farsta", "registrar-farsta", "coordinator-skarholmen"}},
		row{route: one + "/journal", at: in, as: coordinator, barred: append([]string{police}, outside...)},
	)
	w.programsOfFamily()
}
