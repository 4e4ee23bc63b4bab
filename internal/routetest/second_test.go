package routetest

import (
	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// anotherFamily is a case whose people are strangers to all the others.
func (w *world) anotherFamily() {
	story, err := w.town.InForce(w.t.Context(), sample.Families()[3], sig.ProgrammeSIG)
	w.must(err, "bring Maja's consent into force")
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day' where id = $1`, story.Intervention)
	w.majaStory, w.maja = story, story.Intervention.String()
}

// secondArea: where a protected child is leaves only when a second officer
// says so. The first may take it back and not approve it.
func (w *world) secondArea() {
	ctx := w.t.Context()
	story := w.majaStory
	w.exec(`insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
			recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, valid_from, valid_to, origin)
		select id, $1, $2, 9, 'farsta-sdn', 'farsta-unga', 'coordinator', 'utbildning', 'farstaskolan-elevhalsa', 'school_counsellor',
			'{whereabouts}', 'safety', '{farsta}', sig.now() - interval '1 day', sig.now() + interval '90 days', id from (select gen_random_uuid() id) i`,
		story.Consent, story.Intervention)
	const coordinator, second = "coordinator-farsta", "second-officer-farsta/social_secretary"
	first, err := w.town.As(ctx, coordinator, "")
	w.must(err, "sign in the coordinator")
	other, err := w.town.As(ctx, "second-officer-farsta", "social_secretary")
	w.must(err, "sign in the second officer")
	w.must(w.town.Casework.GivePart(ctx, first, story.Intervention, other.Assignment, "andra handläggare"), "let the second officer in")
	waits := func() []string {
		item, err := w.town.Sharing.WriteItem(ctx, first, sharing.NewItem{
			Key: uuid.NewString(), Intervention: story.Intervention, Categories: []sig.Category{sig.CategoryWhereabouts}, Text: "MARKER-WHERE",
		})
		w.must(err, "write where Maja is")
		sent, err := w.town.Sharing.Disclose(ctx, first, sharing.NewDisclosure{
			Key: uuid.NewString(), Intervention: story.Intervention, Item: item, Recipients: []sig.Seat{sample.Counsellor}, Necessity: "behövs",
		})
		w.must(err, "disclose where Maja is")
		if !sent[0].Waiting {
			w.t.Fatal("where a protected child is has left without a second officer")
		}
		return []string{w.maja, sent[0].ID.String()}
	}
	others := append([]string{"school-counsellor", "police-farsta"}, outside...)
	const page, program = "/interventions/:id/disclosures/:disclosure", "/api/v1/interventions/:id/disclosures/:disclosure"
	self := map[string]int{coordinator: 403}
	one := waits()
	w.try(
		row{route: "GET " + page, at: one, as: second, says: []string{"MARKER-WHERE"}, barred: others},
		row{route: "POST " + page + "/approve", at: one, as: second, want: seeOther, barred: others, known: self},
		row{route: "POST " + page + "/cancel", at: waits(), as: coordinator, want: seeOther, barred: others},
		row{route: "POST " + program + "/approval", at: waits(), as: second, want: 204, barred: others, known: self},
		row{route: "POST " + program + "/cancellation", at: waits(), as: coordinator, want: 204, barred: others},
	)
	if got := w.get("school-counsellor", "/interventions/"+w.maja+"/copies/"+one[1]); got.status != 200 {
		w.t.Errorf("what was approved has not arrived: %d", got.status)
	}
}
