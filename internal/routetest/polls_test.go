package routetest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

// pollsArea asks about times on the pages, answers with an account and by a
// link, and chooses one time and then none.
func (w *world) pollsArea(in, others []string) {
	const police, page = "police-farsta", "/interventions/:id/meetings/:meeting/poll"
	knows := map[string]int{secretary: 403, police: 404}
	path := "/interventions/" + in[0] + "/meetings"
	ask := w.get(coordinator, path+"/new").page()
	meet := valuesOf(ask.Find(`main form[action="` + path + `/new"]`).First())
	for name, value := range map[string]string{
		"ask": "true", "checked": "true", "poll.0.start": w.clock(7, "14:00"), "poll.0.end": w.clock(7, "15:00"),
		"poll.1.start": w.clock(8, "09:00"), "poll.1.end": w.clock(8, "10:00"),
		"points.0.category": "plan_goals", "points.0.teller": seatValue(sample.Coordinator), "points.0.text": hostile,
	} {
		meet.Set(name, value)
	}
	for _, name := range []string{"start", "end", "weeks", "times", "asks", "more"} {
		meet.Del(name)
	}
	meet["call"] = []string{seatValue(sample.Coordinator), seatValue(sample.Police)}
	asks := func() []string {
		meet.Set("key", uuid.NewString())
		var meeting string
		w.try(row{route: "POST /interventions/:id/meetings/new", at: in, as: coordinator, want: seeOther, form: meet, input: &input{none: true},
			then: func(got answer) { meeting = location(got) }})
		return []string{in[0], meeting}
	}
	at := asks()
	if at[1] == "poll" {
		at[1] = w.text(`select id::text from sig.meeting where state = 'proposed' order by created_at desc limit 1`)
	}
	one := path + "/" + at[1]
	w.try(
		row{route: "POST /interventions/:id/meetings/:meeting/guests/interpreter", at: at, as: coordinator, want: seeOther, input: &input{none: true},
			form: form("key", uuid.NewString(), "language", "prs", "name", hostile, "identity", "KAM-10442", "email", "parwin@tolk.example", "unrelated", "true")},
		row{route: "GET " + page, at: at, as: coordinator, says: []string{"Välj tiden och kalla", "Har inte svarat", "&lt;script&gt;"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "GET " + page, at: at, as: police, says: []string{"Spara svaret"}, hides: []string{"Välj tiden och kalla", "SIG-samordnare", "<script>alert"}},
		row{route: "POST " + page, at: at, as: police, want: seeOther, form: form("suits", "1"), barred: others, known: map[string]int{secretary: 404},
			input: &input{from: one + "/poll", action: one + "/poll", optional: []string{"suits"}}},
	)
	w.pollLink(at)
	w.try(
		row{route: "GET " + page, at: at, as: coordinator, says: []string{"Passar 2 av 3"}},
		row{route: "POST " + page + "/time", at: at, as: coordinator, want: http.StatusUnprocessableEntity, form: form("time", "3"), barred: others, known: knows, input: &input{none: true}},
		row{route: "POST " + page + "/time", at: at, as: coordinator, want: seeOther, form: form("time", "2"), barred: others, known: knows,
			input: &input{from: one + "/poll", action: one + "/poll/time", conflict: []string{"time"}}},
		row{route: "GET " + page, at: at, as: police, hides: []string{"Spara svaret"}},
	)
	at = asks()
	if at[1] == "poll" {
		at[1] = w.text(`select id::text from sig.meeting where state = 'proposed' order by created_at desc limit 1`)
	}
	w.try(
		row{route: "POST " + page + "/end", at: at, as: coordinator, want: seeOther, form: form(), barred: others, known: knows, input: &input{none: true}},
		row{route: "GET " + page, at: at, as: coordinator, hides: []string{"Välj tiden och kalla"}},
	)
}

// pollLink answers by the link of the mail that asks.
func (w *world) pollLink(at []string) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	hash := sha256.Sum256(secret)
	_, err := w.db.Super().Exec(w.t.Context(), `insert into sig.meeting_guest_link (secret_hash, guest, made_at)
		select $1, id, sig.now() from sig.meeting_guest where meeting = $2::uuid`, hash[:], at[1])
	w.must(err, "have the mail sent")
	link := base64.RawURLEncoding.EncodeToString(secret)
	untold := []string{"Amir", "Rahimi", "Polis", "Kent", at[0], at[1], "<script>"}
	const route = "/guest/:secret"
	w.try(
		row{route: "GET " + route, at: []string{link}, says: []string{"Vilka tider passar?"}, hides: untold},
		row{route: "POST " + route, at: []string{link}, form: form("answer", "suits", "suits", "1", "suits", "2"), says: []string{"Svaret är sparat"}, hides: untold, input: &input{none: true}},
		row{route: "POST " + route, at: []string{link}, form: form("answer", "accepted"), want: http.StatusUnprocessableEntity, hides: untold, input: &input{none: true}},
		row{route: "POST " + route, at: []string{link[1:]}, form: form("answer", "suits", "suits", "1"), want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold},
	)
}

// programsPoll does the same with programs.
func (w *world) programsPoll(in, others []string) {
	const police, page = "police-farsta", "/api/v1/interventions/:id/meetings"
	knows := map[string]int{secretary: 403, police: 404}
	now := w.db.Now(w.t)
	span := func(d time.Duration) map[string]any {
		at := now.Add(d).UTC().Truncate(time.Minute)
		return map[string]any{"start": at.Format(time.RFC3339), "end": at.Add(time.Hour).Format(time.RFC3339)}
	}
	body := map[string]any{
		"poll":   []any{span(72 * time.Hour), span(96 * time.Hour)},
		"points": []any{map[string]any{"category": "plan_goals", "teller": seatBody(sample.Coordinator), "text": hostile}},
		"call":   []any{seatBody(sample.Coordinator), seatBody(sample.Police)},
	}
	asks := func() []string {
		var made struct{ ID string }
		w.try(row{route: "POST " + page, at: in, as: coordinator, want: 201, key: uuid.NewString(), body: body, input: &input{none: true},
			then: func(got answer) { w.read(got, &made) }})
		return []string{in[0], made.ID}
	}
	at := asks()
	w.try(
		row{route: "GET " + page + "/:meeting", at: at, as: police, says: []string{`"state":"proposed"`, `"answer_poll"`}},
		row{route: "PUT " + page + "/:meeting/poll/answer", at: at, as: police, want: 204, body: map[string]any{"suits": []any{2}}, barred: others, known: map[string]int{secretary: 404}},
		row{route: "GET " + page + "/:meeting", at: at, as: coordinator, says: []string{`"suits":[2]`, `"choose_time"`}},
		row{route: "PUT " + page + "/:meeting/poll/time", at: at, as: coordinator, want: 204, body: map[string]any{"time": 2}, barred: others, known: knows},
	)
	w.try(row{route: "DELETE " + page + "/:meeting/poll", at: asks(), as: coordinator, want: 204, barred: others, known: knows})
}
