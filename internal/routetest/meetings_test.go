package routetest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// at is a clock time so many days from now, as forms write it.
func (w *world) clock(days int, at string) string { return w.day(days) + "T" + at }

// meetingsArea calls, moves, answers and cancels meetings on the pages. Each
// function sees its own points; who is not called finds nothing.
func (w *world) meetingsArea() {
	const (
		police, counsellor, mentor = "police-farsta", "school-counsellor", "mentor"
		page                       = "/interventions/:id/meetings"
	)
	a := w.a
	in := []string{a.id}
	path := "/interventions/" + a.id + "/meetings"
	strange := append([]string{police, counsellor}, but(outside, "deputy-coordinator-farsta")...)
	knows := map[string]int{secretary: 403}
	w.try(
		row{route: "GET " + page, at: in, as: coordinator, says: []string{"Kalla till möte"}, barred: outside},
		row{route: "GET " + page, at: in, as: police, hides: []string{"Kalla till möte"}},
		row{route: "GET " + page + "/new", at: in, as: coordinator, says: []string{"Kommunpolis"}, barred: strange, known: knows},
	)
	w.timesArea(in, strange, knows)
	meet := w.filled(coordinator, path+"/new", path+"/new",
		"start", w.clock(7, "14:00"), "end", w.clock(7, "15:00"), "place", hostile, "link", "https://video.example/room",
		"points.0.category", "plan_goals", "points.0.teller", seatValue(sample.Coordinator), "points.0.text", hostile,
		"points.1.category", "police_preventive_observation", "points.1.teller", seatValue(sample.Police), "points.1.text", "MARKER-SEEN",
		"points.2.category", "plan_goals", "points.2.family_alone", "true", "points.2.text", "MARKER-OURS",
		"call", seatValue(sample.Coordinator), "call", seatValue(sample.Police), "call", seatValue(sample.Counsellor))
	optional := []string{"place", "link", "asks", "ask", "weeks", "times", "points.1.category", "points.2.category", "points.2.teller", "points.2.text", "more", "change", "checked", "call"}
	w.try(row{route: "POST " + page + "/new", at: in, as: coordinator, barred: strange, known: knows, form: meet,
		says: []string{"Kent Berg", "Inte med vid punkt 2", "Inte med vid punkt 3: Punkten är bara för familjen."}, hides: []string{"<script>alert"}, input: &input{optional: optional}})
	meet.Set("checked", "true")
	var meeting string
	w.twice(row{route: "POST " + page + "/new", at: in, as: coordinator, want: seeOther, barred: strange, known: knows, form: meet,
		then: func(got answer) { meeting = location(got) }}, `select count(*)::text from sig.meeting where intervention = $1::uuid`, a.id)
	at := []string{a.id, meeting}
	one := path + "/" + meeting
	others := append([]string{mentor}, outside...)
	w.try(
		row{route: "GET " + page + "/:meeting", at: at, as: coordinator, says: []string{"MARKER-SEEN", "&lt;script&gt;", "MARKER-OURS", "Bara familjen och"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "GET " + page + "/:meeting", at: at, as: police, says: []string{"Robert&#39;); drop", "Punkt 2"}, hides: []string{"<script>alert", "Skolkurator", "MARKER-OURS", "Punkt 3", "amiljen"}},
		row{route: "GET " + page + "/:meeting", at: at, as: counsellor, says: []string{"Robert&#39;); drop"}, hides: []string{"MARKER-SEEN", "Kommunpolis", "MARKER-OURS", "Punkt 2", "amiljen"}},
		row{route: "GET /meetings", query: "week=" + w.day(7), as: police, says: []string{meeting}, hides: []string{"Lina"}},
		row{route: "GET /meetings", query: "week=" + w.day(7), as: mentor, hides: []string{meeting, "Amir"}},
		row{route: "POST " + page + "/:meeting/answer", at: at, as: police, want: seeOther, form: form("answer", "accepted"), barred: others,
			known: map[string]int{secretary: 404}, input: &input{from: one, action: one + "/answer"}},
		row{route: "GET " + page + "/:meeting/move", at: at, as: coordinator, barred: others, known: map[string]int{secretary: 403, police: 404}},
	)
	w.try(row{route: "GET /interventions/:id/our-meetings", at: in, as: "amir", says: []string{"Kommunpolis", "Robert&#39;); drop", "Ingen annan är med."},
		hides: []string{"MARKER-SEEN", "MARKER-OURS", "<script>alert"}, barred: []string{"maja", "viktor", "disa"}})
	w.try(
		row{route: "GET " + page + "/:meeting/call", at: at, as: coordinator, says: []string{"Fältassistent"}, barred: others, known: map[string]int{secretary: 403, police: 404}},
		row{route: "POST " + page + "/:meeting/call", at: at, as: coordinator, want: seeOther, form: form("call", seatValue(sample.FieldAssistant)), barred: others,
			known: map[string]int{secretary: 403, police: 404}},
	)
	w.answersWithoutSession(meeting)
	w.calendarsArea(meeting)
	w.voicesArea(at)
	w.guestsArea(at, others)
	w.pollsArea(in, others)
	w.try(
		row{route: "GET " + page + "/:meeting/substitute", at: at, as: police, hides: []string{"Amir"}, barred: others},
		row{route: "POST " + page + "/:meeting/substitute", at: at, as: police, want: seeOther, barred: others,
			form: form("substitute", w.colleague()), input: &input{from: one + "/substitute", action: one + "/substitute"}},
	)
	stale := w.filled(coordinator, one+"/move", one+"/move", "start", w.clock(9, "09:00"), "end", w.clock(9, "10:00"), "place", "MARKER-PLACE")
	w.try(
		row{route: "POST " + page + "/:meeting/move", at: at, as: coordinator, want: seeOther, barred: others, known: map[string]int{secretary: 403, police: 404},
			form:  w.filled(coordinator, one+"/move", one+"/move", "start", w.clock(8, "09:00"), "end", w.clock(8, "10:00")),
			input: &input{optional: []string{"place", "link"}, conflict: []string{"sequence"}}},
		row{route: "POST " + page + "/:meeting/move", at: at, as: coordinator, want: 409, form: stale, says: []string{"Någon har ändrat mötet sedan du öppnade det", "MARKER-PLACE"}},
		row{route: "POST " + page + "/:meeting/reviewed", at: at, as: coordinator, want: seeOther, form: form(), barred: others,
			known: map[string]int{secretary: 403, police: 404}, input: &input{none: true}},
		row{route: "POST " + page + "/:meeting/cancel", at: at, as: coordinator, want: seeOther, form: form(), barred: others,
			known: map[string]int{secretary: 403, police: 404}},
	)
}

// colleague is who shares the called police officer's seat.
func (w *world) colleague() string {
	return w.text(`select id::text from sig.assignment where authority = 'polisen' and unit = $1 and function = 'community_police' and email not like 'kent%' limit 1`,
		string(sample.Police.Unit))
}

// programsMeet does the same with programs.
func (w *world) programsMeet() {
	const police, mentor, page = "police-farsta", "mentor", "/api/v1/interventions/:id/meetings"
	a := w.a
	in := []string{a.id}
	now := w.db.Now(w.t)
	at := func(d time.Duration) string { return now.Add(d).UTC().Truncate(time.Minute).Format(time.RFC3339) }
	strange := append([]string{police}, but(outside, "deputy-coordinator-farsta")...)
	knows := map[string]int{secretary: 403}
	body := map[string]any{
		"start": at(48 * time.Hour), "end": at(49 * time.Hour), "place": hostile, "link": "https://video.example/room",
		"points": []any{map[string]any{"category": "plan_goals", "teller": seatBody(sample.Coordinator), "text": hostile},
			map[string]any{"category": "plan_goals", "text": "MARKER-OURS", "family_alone": true}},
		"call": []any{seatBody(sample.Coordinator), seatBody(sample.Police)},
	}
	var made struct{ ID string }
	w.try(row{route: "POST " + page + "/check", at: in, as: coordinator, body: body, barred: strange, known: knows, says: []string{"Kent Berg", "by_consent", "family_alone"}})
	w.programsTimes(in, strange, knows)
	w.twice(row{route: "POST " + page, at: in, as: coordinator, want: 201, key: uuid.NewString(), body: body, barred: strange, known: knows,
		then: func(got answer) { w.read(got, &made) }}, `select count(*)::text from sig.meeting where intervention = $1::uuid`, a.id)
	one := []string{a.id, made.ID}
	others := append([]string{mentor, "school-counsellor"}, outside...)
	week := "week=" + sig.DateOf(now.Add(48*time.Hour)).String()
	w.programsVoice(one, others)
	w.try(
		row{route: "GET " + page, at: in, as: coordinator, says: []string{made.ID}, barred: outside},
		row{route: "GET /api/v1/meetings", query: week, as: police, says: []string{made.ID}},
		row{route: "GET /api/v1/meetings", query: week, as: mentor, hides: []string{a.id}},
		row{route: "GET " + page + "/:meeting", at: one, as: police, says: []string{"drop table", `"told":true`}, hides: []string{"school_counsellor", "MARKER-OURS", "family_alone", `"position":2`}, barred: others},
		row{route: "GET " + page + "/:meeting", at: one, as: coordinator, says: []string{"MARKER-OURS", `"family_alone":true`}, barred: others},
		row{route: "PUT " + page + "/:meeting/answer", at: one, as: police, want: 204, body: map[string]any{"answer": "declined"}, barred: others,
			known: map[string]int{secretary: 404}},
		row{route: "PUT " + page + "/:meeting/time", at: one, as: coordinator, want: 204, barred: others, known: map[string]int{secretary: 403, police: 404},
			body: map[string]any{"sequence": 0, "start": at(50 * time.Hour), "end": at(51 * time.Hour), "place": hostile, "link": "https://video.example/room"}},
	)
	w.programsGuests(one, others)
	w.programsPoll(in, others)
	w.try(
		row{route: "GET " + page + "/:meeting/substitutes", at: one, as: police, says: []string{w.colleague()}, barred: others},
		row{route: "POST " + page + "/:meeting/substitutes", at: one, as: police, want: 204, body: map[string]any{"assignment": w.colleague()}, barred: others},
	)
	w.try(
		row{route: "POST " + page + "/:meeting/calls", at: one, as: coordinator, want: 204, barred: others, known: map[string]int{secretary: 403, police: 404},
			body: map[string]any{"call": []any{seatBody(sample.FieldAssistant)}}},
		row{route: "POST " + page + "/:meeting/review", at: one, as: coordinator, want: 204, barred: others, known: map[string]int{secretary: 403, police: 404}},
		row{route: "POST " + page + "/:meeting/cancellation", at: one, as: coordinator, want: 204, barred: others, known: map[string]int{secretary: 403, police: 404}},
	)
}

// answersWithoutSession answers by the links of a mail. Who has not got the mail
// finds what anybody finds who makes an address up.
func (w *world) answersWithoutSession(meeting string) {
	const route = "/answer/:secret/:answer"
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	hash := sha256.Sum256(secret)
	sent, err := w.db.Super().Exec(w.t.Context(), `
with m as (update sig.mail set checked_at = sig.now() where kind = 'meeting' and method = 'request' and assignment in (
             select id from sig.assignment where function = 'community_police') and object_id in (
             select id from sig.meeting_invitation where meeting = $2::uuid) returning id)
insert into sig.meeting_answer_link (secret_hash, mail, made_at) select $1, id, sig.now() from m`, hash[:], meeting)
	w.must(err, "have the mail sent")
	if sent.RowsAffected() != 1 {
		w.t.Fatalf("%d mails to the police", sent.RowsAffected())
	}
	link := base64.RawURLEncoding.EncodeToString(secret)
	untold := []string{"Amir", "Rahimi", "Farsta", "Polis", "Kent", meeting, w.a.id, "Robert"}
	for _, wrong := range []string{base64.RawURLEncoding.EncodeToString(hash[:]), link[1:], link + "A", "%00", "' or 1=1; --"} {
		w.try(row{route: "GET " + route, at: []string{wrong, "accept"}, want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold},
			row{route: "POST " + route, at: []string{wrong, "accept"}, form: form(), want: http.StatusNotFound, says: []string{"gäller inte"}, hides: untold})
	}
	w.try(
		row{route: "GET " + route, at: []string{link, "perhaps"}, want: http.StatusNotFound, says: []string{"gäller inte"}},
		row{route: "GET " + route, at: []string{link, "accept"}, says: []string{"Inget är sparat än"}, hides: untold},
		row{route: "GET " + route, at: []string{link, "other"}, says: []string{"datetime-local"}, hides: untold},
		row{route: "POST " + route, at: []string{link, "other"}, form: form("start", w.clock(9, "09:00"), "end", w.clock(9, "10:00")), hides: untold,
			says: []string{"Förslaget är sparat"}},
		row{route: "POST " + route, at: []string{link, "decline"}, form: form(), says: []string{"ni kan inte komma"}, hides: untold},
	)
}

// calendarsArea makes an address for a calendar program and reads there.
func (w *world) calendarsArea(meeting string) {
	const police = "police-farsta"
	var address, password string
	w.try(
		row{route: "GET /calendar", as: police, says: []string{"I ditt kalenderprogram"}},
		row{route: "POST /calendar", as: police, form: form(), says: []string{"visas bara en gång"}, input: &input{none: true},
			then: func(got answer) {
				address, password = got.page().Find("#address").AttrOr("value", ""), got.page().Find("#password").AttrOr("value", "")
			}},
		row{route: "GET /calendar", as: police, says: []string{"Ta bort adressen"}, hides: []string{"/feed/"}},
	)
	_, secret, _ := strings.Cut(address, "/feed/")
	secret, _, _ = strings.Cut(secret, "/")
	if secret != password {
		w.t.Errorf("the secret of the address is %d letters, the password %d others", len(secret), len(password))
	}
	const route = "GET /feed/:secret/meetings.ics"
	w.entriesArea(password, meeting)
	w.try(
		row{route: route, at: []string{secret}, says: []string{"BEGIN:VEVENT", meeting, "Möte"}, hides: []string{"Amir", "Polis", w.a.id, "MARKER-SEEN"}},
		row{route: route, at: []string{secret[1:]}, want: http.StatusNotFound},
		row{route: route, at: []string{base64.RawURLEncoding.EncodeToString(make([]byte, 32))}, want: http.StatusNotFound},
		row{route: "POST /calendar/end", as: police, form: form(), want: seeOther, input: &input{none: true}},
		row{route: route, at: []string{secret}, want: http.StatusNotFound, hides: []string{"VEVENT"}},
	)
	w.shutOut(password, meeting)
}
