package routetest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// guestsArea calls an interpreter to a meeting on the pages, and reads and
// answers by the link of the mail.
func (w *world) guestsArea(at, others []string) {
	const police, page = "police-farsta", "/interventions/:id/meetings/:meeting"
	knows := map[string]int{secretary: 403, police: 404}
	sees := map[string]int{police: 404}
	one := "/interventions/" + at[0] + "/meetings/" + at[1]
	w.try(row{route: "GET " + page + "/guests", at: at, as: coordinator, says: []string{"Sara Rahimi", "Tolk och gäster"}, barred: others, known: sees},
		row{route: "GET " + page + "/guests", at: at, as: secretary, hides: []string{"Kalla tolken"}})
	person := w.get(coordinator, one+"/guests").page().Find("#person option").Eq(1).AttrOr("value", "")
	w.try(row{route: "POST " + page + "/guests/language", at: at, as: coordinator, want: seeOther, barred: others, known: knows,
		form: form("person", person, "needs", "prs"), input: &input{from: one + "/guests", action: one + "/guests/language", optional: []string{"needs"}}})
	interpreter := form("key", uuid.NewString(), "language", "prs", "name", hostile, "identity", "KAM-10442", "email", "parwin@tolk.example", "unrelated", "true")
	w.try(row{route: "POST " + page + "/guests/interpreter", at: at, as: coordinator, want: seeOther, barred: others, known: knows, form: interpreter,
		input: &input{from: one + "/guests", action: one + "/guests/interpreter", optional: []string{"same_surname"}}})
	w.try(row{route: "POST " + page + "/guests/private", at: at, as: coordinator, want: http.StatusUnprocessableEntity, barred: others, known: knows,
		form: form("key", uuid.NewString(), "offer", "nobody", "guest_email", "leila@mail.example"), says: []string{"nämner inte den personen"}, input: &input{none: true}})
	w.clubInConsent(at[0], func() {
		w.try(row{route: "POST " + page + "/guests/private", at: at, as: coordinator, want: seeOther, barred: others, known: knows,
			form:  form("key", uuid.NewString(), "offer", clubOffer, "guest_name", hostile, "guest_email", "tomas@klubben.example", "mail_language", "sv"),
			input: &input{from: one + "/guests", action: one + "/guests/private", optional: []string{"mail_language"}}})
	})
	var guest string
	w.must(w.db.Super().QueryRow(w.t.Context(), `select id::text from sig.meeting_guest where meeting = $1::uuid and kind = 'interpreter'`, at[1]).Scan(&guest), "find the guest")
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	hash := sha256.Sum256(secret)
	_, err := w.db.Super().Exec(w.t.Context(), `insert into sig.meeting_guest_link (secret_hash, guest, made_at) values ($1, $2::uuid, sig.now())`, hash[:], guest)
	w.must(err, "have the mail sent")
	link := base64.RawURLEncoding.EncodeToString(secret)
	untold := []string{"Amir", "Rahimi", "Polis", "Kent", at[0], at[1], "MARKER-SEEN", "<script>"}
	const route = "/guest/:secret"
	for _, wrong := range []string{base64.RawURLEncoding.EncodeToString(hash[:]), link[1:], link + "A", "%00", "' or 1=1; --"} {
		w.try(row{route: "GET " + route, at: []string{wrong}, want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold},
			row{route: "POST " + route, at: []string{wrong}, form: form(), want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold})
	}
	w.try(
		row{route: "GET " + route, at: []string{link}, says: []string{"tystnadsplikt", "dari"}, hides: untold},
		row{route: "POST " + route, at: []string{link}, form: form("answer", "accepted"), says: []string{"Svaret är sparat"}, hides: untold,
			input: &input{from: "/guest/" + link, action: "/guest/" + link}},
		row{route: "POST " + page + "/room/guests", at: at, as: coordinator, want: http.StatusConflict, form: form("guest", guest, "what", "came"), barred: others,
			known: knows, input: &input{none: true}},
		row{route: "POST " + page + "/guests/:guest/end", at: append(at[:2:2], guest), as: coordinator, want: seeOther, form: form(), barred: others, known: knows,
			input: &input{none: true}},
		row{route: "GET " + route, at: []string{link}, want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold},
	)
}

// programsGuests does the same with programs.
func (w *world) programsGuests(at, others []string) {
	const police, path = "police-farsta", "/api/v1/interventions/:id/meetings/:meeting"
	knows := map[string]int{secretary: 403, police: 404}
	var found struct{ People []struct{ Person string } }
	var made struct{ ID string }
	w.try(row{route: "GET " + path + "/guests", at: at, as: coordinator, says: []string{"Sara Rahimi"}, barred: others, known: map[string]int{police: 404},
		then: func(got answer) { w.read(got, &found) }})
	w.try(
		row{route: "PUT " + path + "/languages", at: at, as: coordinator, want: 204, barred: others, known: knows,
			body: map[string]any{"person": found.People[0].Person, "language": "so"}},
		row{route: "POST " + path + "/interpreters", at: at, as: coordinator, want: 201, key: uuid.NewString(), barred: others, known: knows,
			body: map[string]any{"language": "so", "name": hostile, "identity": "KAM-1", "email": "i@tolk.example", "unrelated": true},
			then: func(got answer) { w.read(got, &made) }},
	)
	w.clubInConsent(at[0], func() {
		w.try(row{route: "POST " + path + "/guests", at: at, as: coordinator, want: 201, key: uuid.NewString(), barred: others, known: knows,
			body: map[string]any{"offer": clubOffer, "name": hostile, "email": "tomas@klubben.example"}})
	})
	w.try(row{route: "DELETE " + path + "/guests/:guest", at: append(at[:2:2], made.ID), as: coordinator, want: 204, barred: others, known: knows})
}

const clubOffer = "idrottsklubben-fotboll/club_mentor"

// clubInConsent lets the consent in force name the association for a while.
func (w *world) clubInConsent(intervention string, while func()) {
	w.namedForAWhile(intervention, sig.Seat{Authority: "idrottsklubben", Unit: "idrottsklubben-fotboll", Function: sig.FunctionClubMentor}, while)
}

// namedForAWhile lets the consent in force name a seat that the coordinator may
// tell the plan's goals.
func (w *world) namedForAWhile(intervention string, seat sig.Seat, while func()) {
	const mark = `addition = 'named, for a while'`
	w.exec(`
insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
       recipient_authority, recipient_unit, recipient_function, categories, purpose, addition, districts, valid_from, valid_to, origin)
select n.id, c.id, c.intervention, 99, g.discloser_authority, g.discloser_unit, g.discloser_function,
       $2, $3, $4, '{plan_goals}', 'other', 'named, for a while', g.districts || (select districts from sig.authority where id = $2), g.valid_from, g.valid_to, n.id
  from sig.consent c
  join lateral (select * from sig.consent_grant x where x.consent = c.id and x.discloser_function = 'coordinator' limit 1) g on true
  cross join (select gen_random_uuid() as id) n
 where c.intervention = $1::uuid and c.state = 'active'`, intervention, seat.Authority, seat.Unit, seat.Function)
	while()
	w.exec(`alter table sig.consent_grant disable trigger user`)
	w.exec(`alter table sig.disclosure disable trigger user`)
	w.exec(`update sig.disclosure d set grant_id = (select o.id from sig.consent_grant o where o.consent = g.consent and o.row_number = 1)
		from sig.consent_grant g where g.id = d.grant_id and g.` + mark)
	w.exec(`alter table sig.disclosure enable trigger user`)
	w.exec(`delete from sig.consent_grant where ` + mark)
	w.exec(`alter table sig.consent_grant enable trigger user`)
}
