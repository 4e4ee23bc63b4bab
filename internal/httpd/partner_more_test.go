package httpd

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// A list goes on where it left off, without totals; where it goes on is sealed
// to the session, and opens nothing for anybody else.
func TestTheInboxGoesOnByASealedCursor(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.exec(`insert into sig.received (id, intervention, item, authority, unit, function, sender_authority, sender_unit, sender_function,
			basis, categories, purpose, body_sealed, content_hash, received_at)
		select gen_random_uuid(), $1, gen_random_uuid(), 'farsta-sdn', 'farsta-unga', 'coordinator', 'utbildning', 'farstaskolan-elevhalsa',
			'school_counsellor', 'consent', '{attendance}', 'school_attendance', '\x00', '\x00', sig.now() - n * interval '1 minute'
		  from generate_series(1, 60) n`, c.intervention)
	seen := map[string]bool{}
	first, _ := c.get("coordinator-farsta", "/inbox", 200)
	for _, a := range first.Find(".feed a").EachIter() {
		seen[a.AttrOr("href", "")] = true
	}
	next := first.Find(`a[rel="next"]`).AttrOr("href", "")
	if len(seen) != 50 || next == "" || strings.Contains(next, c.intervention.String()) {
		t.Fatalf("the first page has %d lines and goes on at %q", len(seen), next)
	}
	second, _ := c.get("coordinator-farsta", next, 200)
	for _, a := range second.Find(".feed a").EachIter() {
		if seen[a.AttrOr("href", "")] {
			t.Error("a line stands on both pages")
		}
		seen[a.AttrOr("href", "")] = true
	}
	if len(seen) != 60 || second.Find(`a[rel="next"]`).Length() != 0 {
		t.Errorf("%d lines in all, want 60 and an end", len(seen))
	}
	c.get("police-farsta", next, 400)
	c.get("coordinator-farsta", next[:len(next)-1], 400)
	c.get("coordinator-farsta", strings.Replace(next, "after=", "after=A", 1), 400)
	c.signIn("coordinator-farsta", "coordinator") // another session of the same person
	c.get("coordinator-farsta", next, 400)
}

// What names where a protected person is waits for a second officer, who sees
// the text; the first officer may only take it back.
func TestTheSecondOfficerDecidesOnThePage(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.signIn("second-officer-farsta", "social_secretary")
	c.takesPart("second-officer-farsta")
	c.exec(`update sig.youth set protection = 'marked'`)
	c.grant(9, coordinatorSeat, counsellorSeat, "whereabouts")
	item := c.writes("coordinator-farsta", "MARKER", "whereabouts")
	page := c.discloses("coordinator-farsta", item, counsellorSeat)
	own, _ := c.get("coordinator-farsta", page, 200)
	if own.Find(`form[action$="/approve"]`).Length() != 0 || own.Find(`form[action$="/cancel"]`).Length() != 1 {
		t.Error("the officer can approve the own act, or cannot stop it")
	}
	c.post("coordinator-farsta", page+"/approve", 403)
	if inbox, _ := c.get("school-counsellor", "/inbox", 200); inbox.Find(".feed li").Length() != 0 {
		t.Error("it left before anybody approved")
	}
	start, _ := c.get("second-officer-farsta", "/start", 200)
	if start.Find(`a[href="`+page+`"]`).Length() == 0 {
		t.Errorf("Today does not lead to %s: %s", page, start.Find("main").Text())
	}
	asked, _ := c.get("second-officer-farsta", page, 200)
	if asked.Find("main .prose").First().Text() != "MARKER" || asked.Find(`form[action$="/approve"]`).Length() != 1 {
		t.Errorf("the second officer is shown %s", asked.Find("main").Text())
	}
	for _, stranger := range []string{"school-counsellor", "police-farsta"} {
		c.get(stranger, page, 404)
		c.post(stranger, page+"/approve", 404)
		c.post(stranger, page+"/cancel", 404)
	}
	c.post("second-officer-farsta", page+"/approve", 303)
	if inbox, _ := c.get("school-counsellor", "/inbox", 200); inbox.Find(".feed li").Length() != 1 {
		t.Error("it did not leave after the approval")
	}
	c.post("second-officer-farsta", page+"/approve", 409)
	c.post("coordinator-farsta", page+"/cancel", 404)
}

// A text is never changed: it is corrected by another, and may be blocked.
func TestAnItemIsCorrectedAndBlocked(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "FIRST", "attendance")
	page, _ := c.get("school-counsellor", item, 200)
	form, _ := c.get("school-counsellor", page.Find(`a[href*="corrects="]`).AttrOr("href", ""), 200)
	corrects := form.Find(`input[name="corrects"]`).AttrOr("value", "")
	if !strings.HasSuffix(item, corrects) || corrects == "" {
		t.Fatalf("the form corrects %q", corrects)
	}
	second := c.post("school-counsellor", c.path("/items/new"), 303, "key", uuid.NewString(), "text", "SECOND", "categories", "attendance",
		"corrects", corrects).Header.Get("Location")
	corrected, _ := c.get("school-counsellor", second, 200)
	if corrected.Find(`a[href="`+item+`"]`).Length() != 1 {
		t.Error("the correction does not lead to what it corrects")
	}
	if first, _ := c.get("school-counsellor", item, 200); first.Find("main .prose").Text() != "FIRST" {
		t.Error("the first text has changed")
	}
	c.post("school-counsellor", second+"/block", 303, "blocked", "true")
	blocked, _ := c.get("school-counsellor", second, 200)
	if blocked.Find(`a[href$="/disclose"]`).Length() != 0 || !strings.Contains(blocked.Find(".banner.no").Text(), "Spärrad") {
		t.Error("a blocked item can be disclosed, or does not say so")
	}
	back := c.post("school-counsellor", second+"/disclose", 422, "key", "k", "recipients", seatValue(coordinatorSeat), "necessity", "x", "checked", "true")
	c.want(back, 422, "spärrad")
	c.post("school-counsellor", second+"/block", 303)
	if open, _ := c.get("school-counsellor", second, 200); open.Find(`a[href$="/disclose"]`).Length() != 1 {
		t.Error("the block is not lifted")
	}
	c.post("coordinator-farsta", second+"/block", 404)
}

// The start page by function: what is new, seats to fill, own cases; who takes
// part in nothing learns nothing.
func TestTheStartOfEachFunction(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.discloses("school-counsellor", c.writes("school-counsellor", "MARKER", "attendance"), policeSeat)
	c.exec(`delete from sig.participation where function = 'school_counsellor'`)
	start, got := c.get("police-farsta", "/start", 200)
	if start.Find(".feed a").Length() == 0 || start.Find(`.cards a[href="`+c.path()+`"]`).Length() != 1 || strings.Contains(got.body, "MARKER") {
		t.Errorf("the officer's Today: %s", start.Find("main").Text())
	}
	lead, got := c.get("pupil-health-lead", "/start", 200)
	if lead.Find(`a[href="`+c.path("/seats")+`"]`).Length() != 1 || strings.Contains(got.body, "Amir") {
		t.Errorf("the lead's Today lacks the vacant seat, or names the young person: %s", lead.Find("main").Text())
	}
	nobody, got := c.get("police-jarva", "/start", 200)
	if strings.Contains(got.body, "ABCD-2345") && nobody.Find(`a[href="`+c.path("/seats")+`"]`).Length() == 0 {
		t.Error("somebody without a part learns of the case")
	}
	registrar := c.ask("GET", "/start", "", "Test-Visitor", "registrar-police")
	if registrar.StatusCode != 303 || registrar.Header.Get("Location") != "/registry" {
		t.Errorf("the registrar comes to %q", registrar.Header.Get("Location"))
	}
	for _, persona := range []string{"police-jarva", "pupil-health-lead", "registrar-police"} {
		for _, path := range []string{"", "/items", "/items/new", "/items/" + uuid.NewString(), "/copies/" + uuid.NewString()} {
			c.get(persona, c.path(path), 404)
		}
	}
}

// Every address about a case answers the same to whoever has no part in it as
// for a case that does not exist.
func TestWithoutAPartNoCaseExists(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	receipt := c.discloses("school-counsellor", item, coordinatorSeat)
	c.actors["guardian"] = sig.Actor{Kind: sig.ActorGuardian, Guardian: sig.GuardianID{UUID: uuid.New()}, Session: sig.SessionID{UUID: uuid.New()}}
	for _, who := range []string{"police-jarva", "guardian"} {
		for _, route := range (&App{}).partnerRoutes() {
			if !strings.Contains(route.Path, ":id") {
				continue
			}
			real := strings.NewReplacer(":id", c.intervention.String(), ":item", item[strings.LastIndex(item, "/")+1:],
				":disclosure", receipt[strings.LastIndex(receipt, "/")+1:], ":copy", receipt[strings.LastIndex(receipt, "/")+1:]).Replace(route.Path)
			body := ""
			if route.Method == "POST" {
				body = form("key", "k", "text", "x", "categories", "attendance")
				if strings.HasSuffix(route.Path, "/disclose") {
					body = form("key", "k", "necessity", "x", "recipients", seatValue(policeSeat), "checked", "true")
				} else if !strings.HasSuffix(route.Path, "/items/new") {
					body = "" // these forms have no fields that must be there
				}
			}
			got := c.ask(route.Method, real, body, "Test-Visitor", who, "Content-Type", "application/x-www-form-urlencoded")
			if got.StatusCode != 404 || strings.Contains(got.body, "MARKER") || strings.Contains(got.body, "Amir") {
				t.Errorf("%s %s as %s: status %d", route.Method, route.Path, who, got.StatusCode)
			}
		}
	}
}

// The form names first what the consent lets the own function tell.
func TestTheFormNamesFirstWhatMayBeTold(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	page, _ := c.get("coordinator-farsta", c.path("/items/new"), 200)
	if first := page.Find(`input[name="categories"]`).First().AttrOr("value", ""); first != "plan_goals" {
		t.Errorf("the coordinator's form begins with %s", first)
	}
	if n := page.Find(`input[name="categories"]`).Length(); n != len(sig.Categories()) {
		t.Errorf("%d categories, want all %d", n, len(sig.Categories()))
	}
}
