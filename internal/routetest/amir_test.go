package routetest

import (
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// amir is a case in force, in which people have told each other things.
type amir struct {
	id, consent string
	own         string // the coordinator's item, disclosed to the police
	shown       string // the counsellor's item, which the family may see
	sent        string // the coordinator's disclosure to the police
	copied      string // the coordinator's copy of what the police told
	unread      string // the counsellor's copy, which nobody has opened
	policeItem  string
}

func (w *world) amir() amir {
	w.t.Helper()
	ctx := w.t.Context()
	story, err := w.town.InForce(ctx, sample.Families()[0], sig.ProgrammeSIG)
	w.must(err, "bring Amir's consent into force")
	w.must(w.town.Talk(ctx, story.Intervention), "have Amir's people talk")
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day'`) // a form's time has whole minutes
	id := story.Intervention.String()
	sent := func(function, to string) string {
		return w.text(`select id::text from sig.disclosure d where intervention = $1::uuid and function = $2 and recipient_function = $3`, id, function, to)
	}
	item := func(disclosure string) string {
		return w.text(`select item::text from sig.disclosure where id = $1::uuid`, disclosure)
	}
	a := amir{id: id, consent: story.Consent.String(), sent: sent("coordinator", "community_police"), copied: sent("community_police", "coordinator")}
	a.own, a.policeItem = item(a.sent), item(a.copied)
	a.shown = item(sent("school_counsellor", "coordinator"))
	a.unread = sent("coordinator", "school_counsellor")
	return a
}

// outside are employees who have no part in a case of Farsta's: of the same
// board, of another one, of the police elsewhere, and those who look after the
// system and the log.
var outside = []string{
	"caseworker-farsta", "addiction-care-farsta", "coordinator-skarholmen", "police-jarva", "administrator-farsta", "log-reviewer-farsta",
	"deputy-coordinator-farsta", "open-care-farsta",
}

// readingArea opens every page of a case in force.
func (w *world) readingArea() {
	a := w.amir()
	w.a = a
	in := []string{a.id}
	const coordinator, police, secretary = "coordinator-farsta", "police-farsta", "social-secretary-farsta"
	strangers := outside
	w.try(
		row{route: "GET /start", as: coordinator, says: []string{"I dag"}},
		row{route: "GET /start", as: "sara", says: []string{"Amir"}, hides: []string{"Omid"}},
		row{route: "GET /start", as: "loa2", hides: []string{"Amir"}},
		row{route: "GET /hat", as: "deputy-coordinator-farsta", says: []string{"Socialsekreterare"}},
		row{route: "GET /sessions", as: "sara"},
		row{route: "GET /inbox", as: coordinator},
		row{route: "GET /registry", as: "registrar-farsta", barred: []string{coordinator, police, "administrator-farsta"}},
		row{route: "GET /interventions", as: coordinator, says: []string{"Amir"}},
		row{route: "GET /interventions", as: "caseworker-farsta", hides: []string{"Amir"}},
		row{route: "GET /interventions/:id", at: in, as: coordinator, says: []string{"Amir Rahimi"}, barred: strangers},
		row{route: "GET /interventions/:id", at: in, as: police, hides: []string{"Sara Rahimi"}},
		row{route: "GET /interventions/:id/items", at: in, as: coordinator, barred: strangers},
		row{route: "GET /interventions/:id/items/new", at: in, as: police, barred: strangers},
		row{route: "GET /interventions/:id/items/:item", at: []string{a.id, a.own}, as: coordinator, says: []string{"hemma före 22"}, barred: append(strangers, police, "school-counsellor")},
		row{route: "GET /interventions/:id/items/:item/disclose", at: []string{a.id, a.own}, as: coordinator, barred: append(strangers, police)},
		row{route: "GET /interventions/:id/items/:item/visibility", at: []string{a.id, a.own}, as: coordinator, barred: append(strangers, police)},
		row{route: "GET /interventions/:id/disclosures/:disclosure", at: []string{a.id, a.sent}, as: coordinator, barred: append(strangers, "school-counsellor", police)},
		row{route: "GET /interventions/:id/copies/:copy", at: []string{a.id, a.copied}, as: coordinator, says: []string{"Farsta torg"},
			barred: append(strangers, "school-counsellor", "mentor", police)},
		row{route: "GET /interventions/:id/seats", at: in, as: coordinator, barred: strangers},
		row{route: "GET /interventions/:id/journal", at: in, as: coordinator, barred: append(strangers, police)},
		row{route: "GET /interventions/:id/log", at: in, as: coordinator, barred: []string{police, "caseworker-farsta", "administrator-farsta", "registrar-farsta", "coordinator-skarholmen"}, hides: []string{"Farsta torg"}},
		row{route: "GET /review", as: "log-reviewer-farsta", barred: []string{coordinator, police, "administrator-farsta"}, hides: []string{"Rahimi"}},
		row{route: "GET /directory", as: "administrator-farsta", barred: []string{coordinator, police}, hides: []string{"Rahimi"}},
		row{route: "GET /radar", as: coordinator, says: []string{"Samtycken att se till"}, barred: []string{police, secretary, "caseworker-farsta", "administrator-farsta", "log-reviewer-farsta", "registrar-farsta"}},
		row{route: "GET /radar", as: "coordinator-skarholmen", says: []string{"Inget samtycke behöver dig just nu"}, hides: []string{"Amir"}},
		row{route: "GET /search", as: coordinator, hides: []string{"Amir"}},
		row{route: "GET /requests", as: "caseworker-farsta", hides: []string{"Amir"}},
		row{route: "GET /propose", as: coordinator, barred: []string{police, secretary, "caseworker-farsta"}},
		row{route: "GET /interventions/:id/withdrawals/new", at: in, as: coordinator, says: []string{"Sara Rahimi"}, barred: append(strangers, police), known: map[string]int{"field-assistant-farsta": 403}},
	)
	w.familyReads(a)
	w.familyAsks(a)
}

// familyReads opens the pages of the family whose case it is.
func (w *world) familyReads(a amir) {
	w.t.Helper()
	in := []string{a.id}
	others := []string{"maja", "viktor", "disa"}
	w.try(
		row{route: "GET /shared", as: "sara", want: 303},
		row{route: "GET /questions", as: "sara", want: 303},
		row{route: "GET /api/v1/interventions/:id/consent/seats", at: in, as: "sara", says: []string{`"held":true`}, hides: []string{"Kent Berg", `"names"`}, barred: others},
		row{route: "GET /consents/:id", at: []string{a.consent}, as: "sara", says: []string{"Göra och följa upp planen", "Hindra nya brott", "Vem sitter där i dag"}, hides: []string{"Omid", "Kent Berg"}, barred: others},
		row{route: "GET /interventions/:id/diary", at: in, as: "omid", says: []string{"Kommunpolis"}, hides: []string{"Sara"}, barred: others},
		row{route: "GET /consents/:id/paper", at: []string{a.consent}, as: "sara", says: []string{"Göra och följa upp planen", "läxhjälp på tisdagar"}, hides: []string{"Omid"}, barred: others},
		row{route: "GET /consents/:id/paper", at: []string{a.consent}, as: coordinator, hides: []string{"Omid", "Sara"}},
		row{route: "GET /consents/:id/paper.pdf", at: []string{a.consent}, as: "sara", says: []string{"%PDF-"}, barred: others},
		row{route: "GET /api/v1/consents/:consent/paper.pdf", at: []string{a.consent}, as: "sara", query: "language=ar", says: []string{"%PDF-"}, barred: append([]string{"caseworker-farsta"}, others...)},
		row{route: "GET /api/v1/interventions/:id/diary/extract.pdf", at: in, as: "omid", says: []string{"%PDF-"}, barred: others},
		row{route: "GET /api/v1/interventions/:id/diary/extract.pdf", at: in, as: "omid", query: "after=abc", want: 400},
		row{route: "GET /interventions/:id/diary/extract.pdf", at: in, as: "omid", query: "after=abc", want: 400},
		row{route: "GET /interventions/:id/diary/extract.pdf", at: in, as: "omid", says: []string{"%PDF-"}, barred: others},
		row{route: "GET /interventions/:id/diary/extract", at: in, as: "omid", says: []string{"Kommunpolis"}, hides: []string{"Sara"}, barred: others},
		row{route: "GET /interventions/:id/shared/:item", at: []string{a.id, a.shown}, as: "amir", says: []string{"Frånvaro vecka"}, barred: others},
		row{route: "GET /interventions/:id/withdraw", at: in, as: "sara", barred: others},
	)
}
