package browsertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"
)

// What is told in the room.
const (
	planMarker   = "Fotboll på tisdagar, mormor följer"
	nightMarker  = "Syntes vid torget sent på lördagen"
	laterMarker  = "Ny tid hos handläggaren på fredag"
	secondMarker = "Fotboll på torsdagar i stället"
)

// Maja's network meets: coordinator, police, school and field assistant, on two
// replicas. Who may not hear a point leaves first; what is told reaches exactly
// those who are there; two windows of the coordinator overwrite nothing; then
// Disa takes the school's rows back in the middle, and the others go on.
func theRoom(t *testing.T) {
	here, there := city.Replicas[0], city.Replicas[1]
	coordinator, beside := open(t, "coordinator-farsta", here, desk), open(t, "coordinator-farsta", there, phone)
	police, counsellor, jonas := open(t, "police-farsta", there, phone), open(t, "school-counsellor", here, phone), open(t, "field-assistant-farsta", there, desk)
	disa := open(t, "disa", city.Address, phone)
	majas := caseOf(coordinator, "Maja Wallin")
	room := majas + "/meetings/" + callsNow(coordinator, majas) + "/room"

	coordinator.visit(room)
	coordinator.sees("Öppna rummet", "Kent Berg", "Malin Wik", "Inte med vid punkt 2")
	coordinator.lookAround("the door")
	for _, p := range []*person{police, counsellor, jonas} {
		p.visit(room)
		p.sees("Planerat")
	}
	coordinator.tabTo("Öppna rummet")
	coordinator.key(kb.Enter)
	coordinator.sees("Rummet är öppet")
	for _, p := range []*person{police, counsellor, jonas} {
		p.sees("Pågår") // told on the other replica too
	}
	beside.visit(room)
	for _, name := range []string{"Kent Berg", "Malin Wik", nameOf("field-assistant-farsta")} {
		beside.press("Har kommit – " + name)
		beside.becomes(fmt.Sprintf(`[...document.querySelectorAll("main button")].some((b) => b.innerText.includes("Har gått") && b.textContent.includes(%q))`, name))
	}
	beside.lookAround("the room")
	police.sees("kom")

	beside.visit(room + "/commitments")
	beside.lookAround("the room, with a promise to write")
	stamp(t, coordinator, beside, police, room)
	leaves(beside, police, counsellor, room)
	cutInTheMiddle(t, []*person{coordinator, beside, police, counsellor, jonas, disa}, majas, room)

	beside.visit(room)
	beside.press("Avsluta mötet")
	beside.sees("Mötet avslutades")
	beside.lookAround("the meeting is over")
	held := strings.TrimSuffix(room, "/room") + "/minutes"
	minutes(beside, police, counsellor, held)
	familyMinutes(beside, disa, held)
	for _, p := range []*person{coordinator, beside, police, counsellor, jonas, disa} {
		p.quiet("after the meeting")
	}
}

// minutes has the coordinator write, approve and send the minutes; each of the
// others finds the own points there, and no other.
func minutes(coordinator, police, counsellor *person, path string) {
	coordinator.visit(path)
	coordinator.fill(`[id="points.0.text"]`, laterMarker)
	coordinator.fill(`[id="points.1.text"]`, "MARKER-TILL-INGEN")
	coordinator.press("Spara anteckningarna")
	coordinator.sees("Anteckningarna är sparade")
	coordinator.press("Godkänn")
	coordinator.sees("Anteckningarna är godkända")
	coordinator.lookAround("minutes")
	coordinator.visit(path + "/send")
	coordinator.lookAround("minutes to be sent")
	coordinator.press("Lämna ut till dem")
	coordinator.sees("Anteckningarna är skickade")
	police.visit(path)
	police.sees("Skickat", "Mål i planen")
	police.lacks("Punkt 1", laterMarker, "MARKER-TILL-INGEN")
	police.lookAround("the police's minutes")
	police.press("Skickat")
	police.sees(laterMarker)
	counsellor.visit(path)
	counsellor.sees("Mötet är dolt")
}

// familyMinutes has the coordinator decide that the mother may see a point that
// was sent; she reads that one, and of the other finds no trace.
func familyMinutes(coordinator, mother *person, path string) {
	coordinator.visit(path)
	coordinator.press("Skickat")
	coordinator.becomes(`location.pathname.includes("/items/")`)
	item := ask[string](coordinator, `location.pathname`)
	var open struct {
		Staff struct {
			Family []struct{ Viewer, Name string }
		}
	}
	coordinator.call(http.MethodGet, item, nil, &open)
	for _, one := range open.Staff.Family {
		if one.Name == nameOf("disa") {
			coordinator.call(http.MethodPut, item+"/visibility", map[string]any{"viewer": one.Viewer, "visible": true}, nil)
		}
	}
	mother.visit(strings.Replace(path, "/meetings/", "/our-meetings/", 1))
	mother.sees("Mål i planen", laterMarker)
	mother.lacks("MARKER-TILL-INGEN", "Punkt 1")
	mother.lookAround("the mother's minutes")
}

// callsNow lets the field assistant take part and calls a meeting that begins
// in a quarter of an hour.
func callsNow(p *person, at string) string {
	p.t.Helper()
	var part struct{ Could []struct{ ID, Name string } }
	p.call(http.MethodGet, at+"/participations", nil, &part)
	for _, one := range part.Could {
		if one.Name == nameOf("field-assistant-farsta") {
			p.call(http.MethodPost, at+"/participations", map[string]any{"assignment": one.ID, "reason": "Möter Maja på kvällarna."}, nil)
		}
	}
	seat := func(authority, unit, function string) map[string]string {
		return map[string]string{"authority": authority, "unit": unit, "function": function}
	}
	police, school := seat("polisen", "polis-farsta", "community_police"), seat("utbildning", "farstaskolan-elevhalsa", "school_counsellor")
	field, host := seat("farsta-sdn", "farsta-falt", "field_assistant"), seat("farsta-sdn", "farsta-unga", "coordinator")
	start := time.Now().Add(15 * time.Minute).UTC() // the demo's clock is this machine's
	var made struct{ ID string }
	p.call(http.MethodPost, at+"/meetings", map[string]any{
		"start": start.Format(time.RFC3339), "end": start.Add(time.Hour).Format(time.RFC3339), "link": "https://video.example/rum",
		"points": []any{
			map[string]any{"category": "plan_goals", "teller": host, "text": "Veckan som kommer."},
			map[string]any{"category": "police_preventive_observation", "teller": police, "text": "Kvällarna."},
		},
		"call": []any{host, police, school, field},
	}, &made)
	return made.ID
}

// nameOf is what a persona is called.
func nameOf(persona string) string {
	for _, p := range city.Personas {
		if p.ID == persona {
			return p.Name
		}
	}
	return persona
}

// call asks the program interface with the person's own cookies.
func (p *person) call(method, path string, body, into any) {
	p.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	with := ""
	if body != nil {
		with = fmt.Sprintf(`, body: %q`, sent)
	}
	got := ask[answer](p, fmt.Sprintf(`fetch(%q, {method: %q, headers: {"Content-Type": "application/json", "Idempotency-Key": %q}%s})
		.then(async (r) => ({status: r.status, body: await r.text()}))`, "/api/v1"+path, method, uuid.NewString(), with))
	if got.Status >= 300 {
		p.t.Fatalf("%s %s: %d %s", method, path, got.Status, got.Body)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(got.Body), into); err != nil {
			p.t.Fatal(err)
		}
	}
}

// wipe empties a field.
func (p *person) wipe(selector string) {
	p.t.Helper()
	p.settle()
	p.do(chromedp.EvaluateAsDevTools[chromedp.Void](fmt.Sprintf(`(() => { document.querySelector(%q).value = "" })()`, selector)))
}

// stamp has the coordinator write in one window while another of theirs saves:
// neither text is lost, and the stamp reaches the police.
func stamp(t *testing.T, coordinator, beside, police *person, room string) {
	t.Helper()
	coordinator.visit(room)
	point := coordinator.link("/points/")
	coordinator.visit(point)
	coordinator.fill("#text", planMarker)
	beside.visit(room)
	beside.press("Har gått – Kent Berg")
	beside.becomes(`[...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Har kommit") && b.textContent.includes("Kent Berg"))`)
	coordinator.becomes(`!document.querySelector("main")?.innerText.includes("Kommunpolis")`)
	coordinator.becomes(fmt.Sprintf(`document.querySelector("#text")?.value === %q`, planMarker)) // the page was fetched again around it
	beside.press("Har kommit – Kent Berg")
	coordinator.sees("Kommunpolis")
	beside.visit(point)
	beside.fill("#text", secondMarker)
	beside.press("Spara utkast")
	beside.sees("Sparat.")
	beside.visit(room) // the version that was seen stays with the text, however often the page looks again
	beside.press("Har gått – Kent Berg")
	coordinator.becomes(`!document.querySelector("main")?.innerText.includes("Kommunpolis")`)
	beside.press("Har kommit – Kent Berg")
	coordinator.sees("Kommunpolis")
	coordinator.press("Spara utkast")
	coordinator.sees("Någon har sparat en nyare text")
	coordinator.becomes(fmt.Sprintf(`document.querySelector("main details p")?.textContent === %q`, secondMarker))
	coordinator.becomes(fmt.Sprintf(`document.querySelector("#text")?.value === %q`, planMarker))
	coordinator.look("two texts")
	coordinator.visit(point)
	coordinator.wipe("#text")
	coordinator.fill("#text", planMarker+". "+secondMarker)
	coordinator.tabTo("Stämpla och lämna ut")
	coordinator.key(kb.Enter)
	coordinator.sees("Stämplat och utlämnat")
	coordinator.lookAround("stamped")
	police.sees("Stämplat")
	police.press("Stämplat")
	police.sees(planMarker, secondMarker)
	police.visit(room)
}

// leaves has the police tell only when the school has left the room.
func leaves(beside, police, counsellor *person, room string) {
	police.visit(police.oldest("/points/"))
	police.fill("#text", nightMarker)
	police.press("Stämpla och lämna ut")
	police.sees("Skolkurator får inte höra detta")
	police.look("somebody has to leave")
	beside.visit(room)
	beside.press("Har gått – Malin Wik")
	beside.becomes(`[...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Har kommit") && b.textContent.includes("Malin Wik"))`)
	police.wipe("#text")
	police.fill("#text", nightMarker)
	police.press("Stämpla och lämna ut")
	police.sees("Stämplat och utlämnat")
	beside.press("Har kommit – Malin Wik")
	counsellor.visit(room)
	counsellor.lacks(nightMarker, "Händelser på kvällar")
	counsellor.press("Stämplat")
	counsellor.sees(planMarker)
}

// cutInTheMiddle takes the school's rows back while the counsellor has the room
// and a point of it open.
func cutInTheMiddle(t *testing.T, all []*person, majas, room string) {
	t.Helper()
	coordinator, police, counsellor, jonas, disa := all[0], all[2], all[3], all[4], all[5]
	copied := ask[string](counsellor, `location.pathname`)
	counsellor.visit(room)
	point := counsellor.link("/points/")
	counsellor.visit(point)
	counsellor.sees("Mål i planen")
	police.visit(room)
	before := time.Now()
	disa.call(http.MethodPost, majas+"/withdrawals", map[string]any{"scope": map[string]any{"recipient": map[string]any{"function": "school_counsellor"}}}, nil) // as her own page says it: under protection a family names no unit
	answered := time.Now()
	counsellor.becomes(`document.querySelector("main [role=alert]")?.innerText.includes("Delningen stoppades")`)
	t.Logf("the stop card stood there %v after the withdrawal was sent, %v after it was answered",
		time.Since(before).Round(time.Millisecond), time.Since(answered).Round(time.Millisecond))
	counsellor.sees("Mötet är dolt")
	counsellor.lookAround("the stop card")
	for _, path := range []string{room, point, copied, majas, "/api/v1" + room, "/api/v1" + strings.TrimSuffix(room, "/room")} {
		if got := counsellor.fetch(path); strings.Contains(got.Body, planMarker) || strings.Contains(got.Body, "Veckan som kommer") {
			t.Errorf("%s still holds the meeting", path)
		}
	}
	coordinator.visit(room)
	coordinator.sees("Inte längre kallad")
	coordinator.visit(coordinator.link("/points/"))
	coordinator.fill("#text", laterMarker)
	coordinator.press("Stämpla och lämna ut")
	coordinator.sees("Stämplat och utlämnat")
	police.becomes(`[...document.querySelectorAll("main a")].filter((a) => a.textContent.includes("Stämplat")).length >= 3`)
	jonas.visit(room)
	jonas.sees("Stämplat")
	counsellor.lacks(laterMarker, planMarker)
}
