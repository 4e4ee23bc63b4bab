package browsertest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"sigportal/internal/words"
)

// noPages are the GET routes that show nobody anything, and what they do.
var noPages = map[string]string{
	"/healthz":                                    "words for a load balancer",
	"/key.txt":                                    "the public key as a file",
	"/feed/:secret/meetings.ics":                  "a calendar for programs",
	"/.well-known/caldav":                         "leads programs to the calendar",
	"/caldav/meetings/:event":                     "an entry of a calendar for programs",
	"/static/:name":                               "style and script",
	"/live":                                       "the socket",
	"/login/:provider":                            "leads to the provider",
	"/consents/:id/scan/:paper":                   "the scan of a signature as a file",
	"/texts/:hash/file":                           "the texts of a language as a file",
	"/consents/:id/paper.pdf":                     "the consent as a document",
	"/api/v1/consents/:consent/paper.pdf":         "the consent as a document, for programs",
	"/api/v1/receipts/:reference/receipt.pdf":     "the receipt as a document, for programs",
	"/api/v1/interventions/:id/diary/extract.pdf": "the diary as a document, for programs",
	"/receipts/:reference/receipt.pdf":            "the receipt as a document",
	"/interventions/:id/diary/extract.pdf":        "the diary as a document",
	"/shared":                                     "leads to the newest diary",
	"/questions":                                  "leads to what the reader has asked",
	"/receipts/:reference/file":                   "the receipt as a file",
	"/interventions/:id/copies/:copy/export.json": "the copy as a file",
	"/interventions/:id/diary/extract":            "the diary as a file",
	"/interventions/:id/plan/export.json":         "the plan as a file",
	"/interventions/:id/plan/export.txt":          "the plan as a text for the journal",
}

// seen are the routes that somebody has looked at, with the writing directions.
var seen = map[string]map[string]bool{}

// routeOf finds the route of a path: of several that fit, the one that says
// most.
func routeOf(path string) string {
	best := ""
	for _, r := range city.routes {
		if r.Method != "GET" {
			continue
		}
		pattern := regexp.MustCompile(`^` + regexp.MustCompile(`:[a-z]+`).ReplaceAllString(regexp.QuoteMeta(r.Path), `[^/]+`) + `$`)
		if pattern.MatchString(path) && (best == "" || strings.Count(r.Path, ":") < strings.Count(best, ":")) {
			best = r.Path
		}
	}
	return best
}

// note remembers that the page that stands there was looked at.
func (p *person) note() {
	at := ask[struct {
		Href string `json:"href"`
		Dir  string `json:"dir"`
	}](p, `({href: location.href, dir: document.documentElement.dir})`)
	u, err := url.Parse(at.Href)
	if err != nil || !strings.HasPrefix(at.Href, p.base) {
		return
	}
	if route := routeOf(u.Path); route != "" {
		if seen[route] == nil {
			seen[route] = map[string]bool{}
		}
		seen[route][at.Dir] = true
	}
}

// lookAround looks at the page that stands there as lookHere does, and once
// more from right to left.
func (p *person) lookAround(name string) {
	p.t.Helper()
	p.lookHere(name)
	p.speak("ar")
	p.look(name + ", ar")
	p.speak("sv")
}

// lookHere looks on a phone, and on a desk where there is something wide.
func (p *person) lookHere(name string) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(phone, 800))
	p.look(name)
	if ask[bool](p, `document.querySelector("table, .wide-only, .columns") !== null`) {
		p.do(chromedp.EmulateViewport(desk, 800))
		p.look(name + ", wide")
		p.do(chromedp.EmulateViewport(phone, 800))
	}
}

// tour visits addresses and looks around at each: first at all from left to
// right, then at all from right to left.
func (p *person) tour(persona string, paths ...string) {
	p.t.Helper()
	for _, path := range paths {
		p.visit(path)
		if status := ask[int](p, `performance.getEntriesByType("navigation")[0].responseStatus`); status != 200 {
			p.t.Errorf("%s at %s: status %d", persona, path, status)
		}
		p.lookHere(persona + " at " + routeOf(path))
	}
	p.speak("ar")
	for _, path := range paths {
		p.visit(path)
		p.look(persona + " at " + routeOf(path) + ", ar")
	}
	p.speak("sv")
}

// everyPage looks at every page that the city has before anything is done.
func everyPage(t *testing.T) {
	stranger := arrive(t, city.Address, phone)
	stranger.tour("a stranger", "/", "/accessibility", "/privacy", "/help", "/key", answerLink(t))
	stranger.leave()
	open(t, "caseworker-farsta", city.Address, phone).tour("an employee without a part", "/start")
	open(t, "administrator-farsta", city.Address, phone).tour("administrator-farsta", "/texts", "/texts/"+words.For("so").Hash())
	for persona, path := range map[string]string{"log-reviewer-farsta": "/review", "administrator-farsta": "/directory", "registrar-police": "/registry"} {
		open(t, persona, city.Address, phone).tour(persona, path)
	}
	namesPages(t)
	deputy := open(t, "deputy-coordinator-farsta", city.Address, phone)
	deputy.tour("somebody with two assignments", "/hat", "/start")
	familyPages(t)
	boardPages(t)
	partnerPages(t)
}

// answerLink is a link of the newest mail that calls to a meeting.
func answerLink(t *testing.T) string {
	t.Helper()
	return mailed(t, `/answer/[A-Za-z0-9_-]{43}/other`)
}

// mailed is what the newest mail has that holds such a link.
func mailed(t *testing.T, link string) string {
	t.Helper()
	pattern := regexp.MustCompile(link)
	for deadline := time.After(20 * time.Second); ; {
		for _, m := range mails(t) {
			if found := pattern.FindString(m.Text); found != "" {
				return found
			}
		}
		select {
		case <-deadline:
			t.Fatalf("no mail holds %s", link)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func familyPages(t *testing.T) {
	sara := open(t, "sara", city.Address, phone)
	sara.visit("/shared")
	diary := ask[string](sara, `location.pathname`)
	text := sara.link("/shared/")
	sara.visit("/start")
	sara.tour("sara", "/start", diary, text, sara.link("/consents/"), strings.Replace(diary, "/diary", "/withdraw", 1), "/sessions", "/settings",
		strings.Replace(diary, "/diary", "/our-plan", 1), strings.Replace(diary, "/diary", "/our-meetings", 1))
	asked := strings.Replace(diary, "/diary", "/inquiries", 1)
	sara.visit(diary)
	sara.visit(sara.link("/inquiries/new?line="))
	sara.fill("#words", "Vem är det som har läst?")
	sara.press("Skicka")
	sara.sees("Vi har tagit emot det")
	sara.tour("sara", asked, asked+"/new")
	reviewer := open(t, "log-reviewer-farsta", city.Address, phone)
	reviewer.visit("/inquiries")
	reviewer.tour("the log reviewer", "/inquiries", reviewer.link("/inquiries/"))
	amir := open(t, "amir", city.Address, phone)
	meetings := strings.Replace(diary, "/diary", "/our-meetings", 1)
	amir.visit(meetings)
	amir.tour("amir", "/start", diary, meetings, amir.link("/voice"), strings.Replace(diary, "/diary", "/hide", 1))
	anders := open(t, "anders", city.Address, phone)
	question := anders.reads()
	consent := strings.TrimSuffix(question, "/sign")
	anders.tour("anders", "/start", consent, consent+"/paper", question, consent+"/refuse")
	otherWays(t, consent, "Anders")
	weak := arrive(t, city.Address, phone)
	for _, tag := range []string{"ar", "sv"} {
		anders.speak(tag)
		anders.visit(question + "/finish?text=x") // and no fresh login
		anders.look("anders, without a fresh login, " + tag)
		weak.visit("/")
		weak.speak(tag)
		weak.click(`main a[href^="/login/eid"]`)
		weak.identify("loa2")
		weak.at("/login/eid/callback")
		weak.look("somebody whose eID is too weak, " + tag)
	}
	anders.sees("Inget är underskrivet")
	weak.leave()
	open(t, "petra", city.Address, phone).tour("petra, who has signed", "/start", consent+"/signed")
}

func boardPages(t *testing.T) {
	p := open(t, "coordinator-farsta", city.Address, phone)
	amirs, linas, kims := caseOf(p, "Amir Rahimi"), caseOf(p, "Lina Berggren"), caseOf(p, "Kim Öberg")
	p.visit(kims)
	explain := p.link("/explain")
	p.visit("/inbox")
	copied := p.link("/copies/")
	p.visit(amirs + "/items")
	item := p.link("/items/")
	if strings.HasSuffix(item, "/new") {
		item = p.oldest("/items/")
	}
	p.visit(item)
	sent := p.link("/disclosures/")
	p.visit(amirs + "/meetings")
	meeting := p.oldest("/meetings/")
	p.visit(amirs + "/plan")
	p.tour("the coordinator", amirs+"/plan", p.link("/done"), amirs+"/plan/edit", amirs+"/plan/copy", amirs+"/plan/visibility", amirs+"/plan/changes")
	p.visit(meeting + "/room")
	point := p.link("/points/")
	p.tour("the coordinator", "/meetings", amirs+"/meetings", amirs+"/meetings/new", amirs+"/meetings/times", meeting, meeting+"/move", meeting+"/call", meeting+"/room", point, point+"/note",
		meeting+"/voice/write")
	p.tour("the coordinator", "/start", "/radar", "/reorganisation", "/renewals", "/inbox", "/interventions", kims, linas, amirs, "/search", "/requests", "/propose",
		kims+"/consent", kims+"/consent/preview", kims+"/consent/import", explain, amirs+"/seats", amirs+"/journal", amirs+"/log",
		amirs+"/withdrawals/new", copied, amirs+"/items", item, amirs+"/items/new", item+"/disclose", item+"/visibility", sent)
	questionPages(t, p, amirs)
	guestPages(t, p, meeting)
	pollPages(p, amirs)
	ownPages(t, p, amirs)
	p.visit(amirs + "/guardians")
	end := p.link("/end")
	p.tour("the coordinator", amirs+"/guardians", amirs+"/guardians/new", end, amirs+"/suspend", amirs+"/at-home", amirs+"/protection")
	custodyPages(p, amirs, end)
	open(t, "social-secretary-farsta", city.Address, phone).tour("the social secretary", "/start", kims+"/maturity", kims+"/end", amirs+"/incidents",
		strings.TrimSuffix(end, "/end")+"/prevented")
}

// custodyPages has the coordinator record that a guardian's custody ends on a
// day ahead, look at it, and take it back.
func custodyPages(p *person, amirs, end string) {
	p.visit(end)
	p.do(chromedp.SetValue(chromedp.CSS("#from"), time.Now().AddDate(0, 0, 40).Format(time.DateOnly)))
	p.pick("Dom")
	p.press("Spara att vårdnaden upphör")
	p.sees("Det här ska hända")
	back := p.link("/take-back")
	p.tour("the coordinator", amirs+"/guardians", back)
	p.visit(back)
	p.fill("#reason", "Hovrätten har stoppat domen.")
	p.press("Ta tillbaka ändringen")
}

// questionPages has the coordinator ask the school, and looks at the question on
// both sides.
func questionPages(t *testing.T, p *person, amirs string) {
	p.visit(amirs + "/directed-questions/new")
	p.pick("Skolkurator")
	p.choose(`document.querySelector("#category")`, "Mål i planen")
	p.fill("#text", "Hur går det med målet om skolan?")
	p.fill("#necessity", "behövs för planen")
	p.press("Ställ frågan")
	p.sees("Frågan är ställd", "Väntar på svar")
	put := ask[string](p, `location.pathname`)
	p.tour("the coordinator", amirs+"/directed-questions/new", "/directed-questions", put)
	open(t, "school-counsellor", city.Address, phone).tour("the school counsellor", "/start", "/directed-questions", put)
}

// guestPages has the coordinator call an interpreter, and looks at what the
// interpreter's mail leads to.
func guestPages(t *testing.T, p *person, meeting string) {
	p.visit(meeting + "/guests")
	p.choose(`document.querySelector("#language")`, "dari")
	p.fill("#name", "Parwin Sadat")
	p.fill("#identity", "KAM-10442")
	p.fill("#email", "parwin@tolk.example")
	p.click("#unrelated")
	p.press("Kalla tolken")
	p.sees("Parwin Sadat", "KAM-10442")
	p.tour("the coordinator", meeting+"/guests")
	guest := arrive(t, city.Address, phone)
	guest.tour("an interpreter", mailed(t, `/guest/[A-Za-z0-9_-]{43}`))
	guest.leave()
}

// ownPages has the coordinator write down what a young person alone may say yes
// to, and open the young person's page for an hour in the office.
func ownPages(t *testing.T, p *person, amirs string) {
	p.tour("the coordinator", amirs+"/own")
	for _, tag := range []string{"ar", "sv"} {
		p.speak(tag)
		p.visit(amirs + "/own/" + uuid.NewString() + "/end") // a row that is not there
		p.look("the coordinator, no row to end, " + tag)
	}
	p.visit(amirs + "/at-home")
	p.press("Öppna här på kontoret i en timme")
	p.sees("Sidan är öppen till", "Ingen har skrivit numret ännu")
	p.look("the coordinator, the number of the office")
	number := ask[string](p, `document.querySelector(".spelled").textContent`)
	amir := signIn(t, "amir", city.Address, phone)
	amir.tour("amir, before the number", "/office")
	amir.speak("sv")
	amir.visit("/office")
	amir.fill("#number", "12")
	amir.press("Öppna")
	amir.sees("Numret öppnar ingen sida")
	amir.look("amir, a wrong number")
	amir.visit("/office")
	amir.fill("#number", number)
	amir.press("Öppna")
	amir.at("/start")
	amir.tour("amir, in the office", amirs+"/mine")
	for _, tag := range []string{"ar", "sv"} {
		amir.speak(tag)
		amir.visit(amirs + "/mine/" + uuid.NewString() + "/yes/finish?text=x") // and no fresh login
		amir.look("amir, without a fresh login, " + tag)
	}
	amir.leave()
}

// pollPages asks about two times, and looks at who has said what.
func pollPages(p *person, amirs string) {
	host := map[string]string{"authority": "farsta-sdn", "unit": "farsta-unga", "function": "coordinator"}
	span := func(days int) map[string]string {
		start := time.Now().AddDate(0, 0, days).UTC() // the demo's clock is this machine's
		return map[string]string{"start": start.Format(time.RFC3339), "end": start.Add(time.Hour).Format(time.RFC3339)}
	}
	var made struct{ ID string }
	p.call(http.MethodPost, amirs+"/meetings", map[string]any{
		"poll": []any{span(7), span(8)}, "call": []any{host},
		"points": []any{map[string]any{"category": "plan_goals", "teller": host, "text": "Veckan som kommer."}},
	}, &made)
	p.tour("the coordinator", amirs+"/meetings/"+made.ID+"/poll", amirs+"/meetings/"+made.ID)
}

// otherWays looks at how a yes is recorded that was said aloud or written on
// paper. What was said is put aside, so that the question waits as before.
func otherWays(t *testing.T, consent, name string) {
	p := open(t, "coordinator-farsta", city.Address, phone)
	p.tour("the coordinator", consent+"/scan", consent+"/oral")
	p.visit(consent + "/oral")
	p.pick(name)
	p.pick("På telefon")
	p.choose(`document.querySelector("#language")`, "svenska")
	p.choose(`document.querySelector("#read_in")`, "Svenska")
	p.press("Spara det muntliga jaet")
	p.sees("Det muntliga jaet är sparat")
	oral := p.link("/oral/")
	p.tour("who has recorded it", oral)
	open(t, "social-secretary-farsta", city.Address, phone).tour("the second officer", oral)
	p.visit(oral)
	p.press("Det stämmer inte: ta bort det")
	p.sees("Det muntliga jaet är borttaget")
}

func partnerPages(t *testing.T) {
	police := open(t, "police-farsta", city.Address, phone)
	amirs := caseOf(police, "Amir Rahimi")
	police.visit(amirs + "/meetings")
	meeting := police.oldest("/meetings/")
	police.tour("the police", amirs+"/plan")
	police.tour("the police", "/meetings", "/calendar", "/busy", amirs+"/meetings", meeting, meeting+"/voice", meeting+"/substitute")
	police.visit("/inbox")
	police.tour("the police", "/start", "/inbox", "/interventions", amirs, police.link("/copies/"), amirs+"/items", amirs+"/items/new")
}

// afterwards looks at what there is only when something has ended.
func afterwards(t *testing.T) {
	sara := open(t, "sara", city.Address, phone)
	sara.visit("/start")
	receipt := sara.link("/receipts/")
	sara.tour("sara, afterwards", "/start", receipt, sara.link("/diary"))
	sara.visit(receipt)
	sara.onPaper("the receipt", "Kvittots nummer", "Kommunpolis")
	omid := open(t, "omid", city.Address, phone)
	omid.tour("omid, afterwards", "/start")
	coordinator := open(t, "coordinator-farsta", city.Address, phone)
	amirs := caseOf(coordinator, "Amir Rahimi")
	coordinator.visit(amirs)
	coordinator.tour("the coordinator, afterwards", "/start", amirs, coordinator.link("/withdrawals/"+strings.TrimPrefix(receipt, "/receipts/")))
	secretary := open(t, "social-secretary-farsta", city.Address, phone)
	secretary.tour("the social secretary, afterwards", amirs+"/outcome")
	registrar := open(t, "registrar-police", city.Address, phone)
	registrar.visit("/registry")
	registrar.tour("the registrar", "/registry", registrar.link("/copies/"))
	registrar.onPaper("a copy for the registrar", "Kommunpolis", "Ärende ")
}

// everyRoute fails over a route whose page nobody has looked at, from left to
// right and from right to left.
func everyRoute(t *testing.T) {
	for _, r := range city.routes {
		if r.Method != "GET" || strings.HasPrefix(r.Path, "/api/") || strings.HasPrefix(r.Path, "/.well-known/") {
			continue
		}
		if _, none := noPages[r.Path]; none {
			continue
		}
		for _, dir := range []string{"ltr", "rtl"} {
			if !seen[r.Path][dir] {
				t.Errorf("nobody has looked at GET %s, %s", r.Path, dir)
			}
		}
	}
	for path := range noPages {
		if !slices.ContainsFunc(city.routes, func(r route) bool { return r.Method == "GET" && r.Path == path }) {
			t.Errorf("there is no GET %s any more", path)
		}
	}
	t.Log(fmt.Sprintf("%d pages looked at: ", len(seen)), slices.Sorted(maps.Keys(seen)))
}

// namesPages has a registrar show a name to families.
func namesPages(t *testing.T) {
	registrar := open(t, "registrar-police", city.Address, phone)
	registrar.visit("/seat-names")
	registrar.choose(`document.getElementById("seat")`, "Kommunpolis, Lokalpolisområde Farsta: bara Kent Berg")
	registrar.fill("#reason", "Familjer frågar efter en fast kontakt.")
	registrar.press("Visa namnet")
	registrar.tour("a registrar who names", "/seat-names", registrar.link("/seat-names/"))
}
