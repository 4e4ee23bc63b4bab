package routetest

import (
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// soon is a clock time so many minutes from now, as forms write it.
func (w *world) soon(minutes int) string {
	return w.db.Now(w.t).Add(time.Duration(minutes) * time.Minute).In(sig.Stockholm).Format("2006-01-02T15:04")
}

// roomArea holds a meeting on the pages: its door and its room, who comes and
// goes, what is told there and what the board keeps for itself.
func (w *world) roomArea() {
	const (
		police, counsellor, mentor = "police-farsta", "school-counsellor", "mentor"
		page                       = "/interventions/:id/meetings/:meeting/room"
	)
	a := w.a
	path := "/interventions/" + a.id + "/meetings"
	call := w.filled(coordinator, path+"/new", path+"/new",
		"start", w.soon(20), "end", w.soon(80), "points.0.category", "plan_goals", "points.0.teller", seatValue(sample.Coordinator), "points.0.text", hostile,
		"points.1.category", "police_preventive_observation", "points.1.teller", seatValue(sample.Police), "points.1.text", "MARKER-SEEN",
		"call", seatValue(sample.Coordinator), "call", seatValue(sample.Police), "call", seatValue(sample.Counsellor))
	call.Set("checked", "true")
	var meeting string
	w.try(row{route: "POST /interventions/:id/meetings/new", at: []string{a.id}, as: coordinator, want: seeOther, form: call,
		then: func(got answer) { meeting = location(got) }})
	at := []string{a.id, meeting}
	room := path + "/" + meeting + "/room"
	others := append([]string{mentor}, outside...)
	hold := map[string]int{secretary: 403, police: 404}
	w.try(
		row{route: "GET " + page, at: at, as: coordinator, says: []string{"Öppna rummet", "Kent Berg", "Inte med vid punkt 2"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "GET " + page, at: at, as: police, says: []string{"Händelser på kvällar"}, hides: []string{"MARKER-SEEN", "Öppna rummet", "Skolkurator", "Malin"}},
		row{route: "POST " + page + "/open", at: at, as: coordinator, want: seeOther, form: form(), barred: others, known: hold},
		row{route: "GET /interventions/:id/our-meetings", at: at[:1], as: "amir", says: []string{"Mötet pågår"}, hides: []string{"MARKER-SEEN"}},
	)
	came := func(who string) url.Values { return w.comes(room, who) }
	w.try(row{route: "POST " + page + "/attendance", at: at, as: coordinator, want: seeOther, form: came("Kent Berg"), barred: others, known: hold,
		input: &input{from: room, action: room + "/attendance", optional: []string{"person"}, free: []string{"invitation", "person"}}})
	var points []string
	for _, link := range w.get(coordinator, room).page().Find(`main a[href*="/points/"]`).EachIter() {
		points = append(points, link.AttrOr("href", ""))
	}
	first, second := []string{a.id, meeting, last(points[0])}, []string{a.id, meeting, last(points[1])}
	told := w.filled(coordinator, points[0], points[0], "text", hostile+" MARKER-ROOM", "act", "told")
	w.try(
		row{route: "GET " + page + "/commitments", at: at, as: coordinator, says: []string{"Nytt åtagande"}, barred: others},
		row{route: "POST " + page + "/commitments", at: at, as: coordinator, want: seeOther, barred: others, known: map[string]int{police: 404},
			form: w.filled(coordinator, room, room+"/commitments", "add.0.seat", seatValue(sample.Police), "add.0.due", w.day(30), "add.0.text", hostile)},
		row{route: "GET " + page + "/points/:point", at: second, as: police, says: []string{"Händelser på kvällar", "Stämpla"}, hides: []string{"Nämndens egen", "MARKER-SEEN"}, barred: append([]string{counsellor}, others...)},
		row{route: "GET " + page + "/points/:point/note", at: second, as: coordinator, says: []string{"Nämndens egen"}, hides: []string{"Stämpla"}, barred: append([]string{counsellor}, others...)},
		row{route: "POST " + page + "/points/:point", at: first, as: coordinator, want: seeOther, form: told, barred: others, known: hold,
			input: &input{optional: []string{"weaker_reason", "text"}, free: []string{"key"}, conflict: []string{"version"}}},
		row{route: "POST " + page + "/points/:point/note", at: first, as: coordinator, want: seeOther, barred: others, known: hold,
			form: form("note_version", "0", "note", hostile), input: &input{from: points[0], optional: []string{"note"}, conflict: []string{"note_version"}}},
		row{route: "POST " + page + "/points/:point/note", at: first, as: coordinator, want: 409, form: form("note_version", "0", "note", "MARKER-SECOND"),
			says: []string{"Någon har sparat en nyare text", "MARKER-SECOND", "Robert&#39;); drop"}, hides: []string{"<script>alert"}},
		row{route: "GET " + page, at: at, as: police, says: []string{"Stämplat", "/copies/"}, hides: []string{"MARKER-ROOM"}},
		row{route: "POST " + page + "/end", at: at, as: coordinator, want: seeOther, form: form(), barred: others, known: hold},
	)
	w.minutesArea(at, path+"/"+meeting+"/minutes", others, hold)
}

// minutesArea writes, approves and sends the minutes of a meeting that is over.
func (w *world) minutesArea(at []string, path string, others []string, hold map[string]int) {
	const police, page = "police-farsta", "/interventions/:id/meetings/:meeting/minutes"
	w.try(
		row{route: "GET " + page, at: at, as: coordinator, says: []string{"Punkt 2", "Spara anteckningarna"}, barred: others},
		row{route: "GET " + page, at: at, as: police, says: []string{"Stämplat"}, hides: []string{"Punkt 1", "Händelser på kvällar", "Spara"}},
	)
	write := w.filled(coordinator, path, path, "points.0.text", hostile, "points.1.text", "MARKER-POLICE")
	w.try(
		row{route: "POST " + page, at: at, as: coordinator, want: seeOther, form: write, barred: others, known: hold,
			input: &input{optional: []string{"points.0.text", "points.1.text"}, conflict: []string{"version", "points.0.text", "points.1.text"}}},
		row{route: "POST " + page + "/approve", at: at, as: coordinator, want: seeOther, form: form("version", "1"), barred: others, known: hold,
			input: &input{from: path, conflict: []string{"version"}}},
		row{route: "GET " + page + "/send", at: at, as: coordinator, says: []string{"Lämna ut till dem"}, hides: []string{"<script>alert"}, barred: others},
		row{route: "POST " + page + "/send", at: at, as: coordinator, want: seeOther, form: form("version", "1", "necessity", hostile, "weaker_reason", hostile),
			barred: others, known: hold, input: &input{from: path, optional: []string{"weaker_reason"}, conflict: []string{"version"}}},
		row{route: "GET " + page, at: at, as: police, says: []string{"Skickat"}, hides: []string{"MARKER-POLICE", "drop table"}},
	)
	w.familyReadsMinutes(at)
}

// familyReadsMinutes lets Amir alone of the family read the point that was sent.
func (w *world) familyReadsMinutes(at []string) {
	const page = "/interventions/:id/our-meetings/:meeting/minutes"
	item := w.text(`select item::text from sig.minutes_sent where meeting = $1::uuid order by version desc limit 1`, at[1])
	decide := "/interventions/" + at[0] + "/items/" + item + "/visibility"
	form := w.filled(coordinator, decide, decide, "members.0.decision", "visible", "members.0.home", "true")
	if got := w.post(coordinator, decide, form); got.status != seeOther {
		w.t.Fatalf("decide who of the family sees the minutes: %d %s", got.status, brief(got))
	}
	w.try(
		row{route: "GET " + page, at: at, as: "amir", says: []string{"Det här skrev socialtjänsten", "&lt;script&gt;"}, hides: []string{"<script>alert", "MARKER-POLICE", "Punkt"},
			barred: []string{"sara", "omid", "maja", "viktor", "disa"}},
		row{route: "GET /api/v1" + page, at: at, as: "amir", says: []string{"drop table", item}, hides: []string{"MARKER-POLICE", "position"}, barred: []string{"sara", "omid", "maja", "viktor", "disa"}},
		row{route: "GET /interventions/:id/our-meetings", at: at[:1], as: "amir", says: []string{"Möten som har varit", at[1]}},
		row{route: "GET /interventions/:id/our-meetings", at: at[:1], as: "omid", hides: []string{"Möten som har varit", at[1]}},
	)
}

// programsHold holds a meeting with programs.
func (w *world) programsHold() {
	const police, mentor, page = "police-farsta", "mentor", "/api/v1/interventions/:id/meetings"
	a := w.a
	now := w.db.Now(w.t)
	at := func(d time.Duration) string { return now.Add(d).UTC().Truncate(time.Minute).Format(time.RFC3339) }
	var made struct{ ID string }
	w.try(row{route: "POST " + page, at: []string{a.id}, as: coordinator, want: 201, key: uuid.NewString(), then: func(got answer) { w.read(got, &made) },
		body: map[string]any{
			"start": at(20 * time.Minute), "end": at(80 * time.Minute), "link": "https://video.example/room",
			"points": []any{map[string]any{"category": "plan_goals", "teller": seatBody(sample.Coordinator), "text": hostile}},
			"call":   []any{seatBody(sample.Coordinator), seatBody(sample.Police), seatBody(sample.Counsellor)},
		}})
	in := []string{a.id, made.ID}
	others := append([]string{mentor}, outside...)
	hold := map[string]int{secretary: 403, police: 404}
	var room struct {
		Door []struct {
			Invitation string
			Seat       struct{ Function string }
			People     []struct{ Assignment string }
		}
		Points []struct{ ID string }
	}
	w.try(
		row{route: "GET " + page + "/:meeting/room", at: in, as: coordinator, says: []string{`"open"`, "Kent Berg"}, barred: others, then: func(got answer) { w.read(got, &room) }},
		row{route: "GET " + page + "/:meeting/room", at: in, as: police, says: []string{`"door":[]`}, hides: []string{"counsellor", "Malin"}},
		row{route: "POST " + page + "/:meeting/room/opening", at: in, as: coordinator, want: 204, barred: others, known: hold},
	)
	came := map[string]any{"what": "came"}
	for _, d := range room.Door {
		if d.Seat.Function == "community_police" {
			came["invitation"], came["person"] = d.Invitation, d.People[0].Assignment
		}
	}
	point := []string{a.id, made.ID, room.Points[0].ID}
	w.try(
		row{route: "POST " + page + "/:meeting/room/attendance", at: in, as: coordinator, want: 204, body: came, barred: others, known: hold},
		row{route: "PUT " + page + "/:meeting/room/points/:point/draft", at: point, as: coordinator, body: map[string]any{"version": 0, "text": "MARKER-DRAFT", "internal": false},
			says: []string{`"version":1`}, barred: others, known: hold},
		row{route: "POST " + page + "/:meeting/room/points/:point/told", at: point, as: coordinator, want: 201, key: uuid.NewString(), says: []string{"community_police"},
			body: map[string]any{"version": 1, "text": hostile, "necessity": hostile, "weaker_reason": hostile}, barred: others, known: hold},
		row{route: "POST " + page + "/:meeting/room/end", at: in, as: coordinator, want: 204, barred: others, known: hold},
		row{route: "GET " + page + "/:meeting/minutes", at: in, as: police, says: []string{`"copy"`}, hides: []string{"drop table"}, barred: others},
		row{route: "PUT " + page + "/:meeting/minutes", at: in, as: coordinator, want: 204, barred: others, known: hold,
			body: map[string]any{"version": 0, "texts": []any{hostile}}},
		row{route: "POST " + page + "/:meeting/minutes/approval", at: in, as: coordinator, want: 204, barred: others, known: hold, body: map[string]any{"version": 1}},
		row{route: "POST " + page + "/:meeting/minutes/sending", at: in, as: coordinator, want: 204, barred: others, known: hold,
			body: map[string]any{"version": 1, "necessity": hostile, "weaker_reason": hostile}},
		row{route: "GET " + page + "/:meeting/minutes", at: in, as: coordinator, says: []string{`"approved":1`, "drop table"}},
	)
}

// comes is the form of the room on which somebody's coming or going is noted.
func (w *world) comes(room, name string) url.Values {
	w.t.Helper()
	got := w.get(coordinator, room)
	for _, f := range got.page().Find(`main form[action="` + room + `/attendance"]`).EachIter() {
		if f.Find("bdi").Text() == name {
			values := valuesOf(f)
			values.Set("what", f.Find("button").AttrOr("value", ""))
			return values
		}
	}
	w.t.Fatalf("%s is not at the door", name)
	return nil
}

// last is the last part of an address.
func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }
