package browsertest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// What the school counsellor writes in the browser.
const toldMarker = "Kom till skolan varje dag sedan i måndags"

// The school counsellor writes about Amir, decides who of the family may see
// it, sees who would read it, and sends it; the coordinator reads it. Sara's
// diary shows that. Omid, from whom it is hidden, sees no trace (T27).
func disclosing(t *testing.T) {
	counsellor := open(t, "school-counsellor", city.Replicas[0], phone)
	coordinator := open(t, "coordinator-farsta", city.Replicas[1], desk)
	sara, omid := open(t, "sara", city.Address, phone), open(t, "omid", city.Replicas[1], phone)
	amirs := caseOf(counsellor, "Amir Rahimi")
	omid.visit("/shared")
	before := diaryOf(omid)
	sara.visit("/shared")
	const things = `document.querySelector("main .feed").children.length`
	items := ask[int](sara, things)

	item := counsellor.writes(amirs, "Närvaro i skolan", toldMarker)
	counsellor.press("Besluta vem i familjen som får se")
	counsellor.at(item + "/visibility")
	counsellor.pickIn("Sara Rahimi", "Får se")
	counsellor.pickIn("Omid Rahimi", "Får inte se")
	counsellor.press("Spara beslutet") // without the ground
	counsellor.sees("Välj en grund.")
	counsellor.look("visibility, without a ground")
	counsellor.choose(`[...document.querySelectorAll("main .card")].find((c) => c.innerText.includes("Omid Rahimi")).querySelector("select")`, "Betydande men (OSL 12:3)")
	counsellor.press("Spara beslutet")
	counsellor.at(item)

	counsellor.press("Lämna ut")
	counsellor.at(item + "/disclose")
	counsellor.sees("Karin Ek", "Vem ser detta?")
	counsellor.look("choose recipients")
	counsellor.pick("SIG-samordnare, Enheten för barn och unga, Farsta")
	counsellor.fill("#necessity", "Samordnaren följer upp skolgången.")
	counsellor.press("Fortsätt och kontrollera")
	counsellor.sees("Det här lämnas ut", toldMarker, "I familjen: Sara Rahimi")
	counsellor.lacks("I familjen: Sara Rahimi och Omid Rahimi")
	counsellor.look("check and send")
	counsellor.press("Lämna ut")
	counsellor.becomes(`location.pathname.includes("/disclosures/") && document.readyState === "complete"`)
	counsellor.sees("Karin Ek")
	counsellor.look("sent")

	coordinator.visit("/inbox")
	coordinator.sees("Inte läst")
	coordinator.lacks(toldMarker)
	coordinator.tap(`//main//li[contains(., "Inte läst")]//a`)
	coordinator.sees(toldMarker)

	sara.visit("/shared")
	if now := ask[int](sara, things); now != items+1 {
		t.Errorf("Sara can read %d texts, want one more than %d", now, items)
	}
	sara.sees("Skolkurator berättade för SIG-samordnare", "SIG-samordnare läste")
	seen := sara.link("/shared/")
	sara.visit(seen)
	sara.sees(toldMarker)

	omid.visit("/shared")
	if now := diaryOf(omid); now != before {
		t.Errorf("what is hidden from Omid changes his diary from\n%s\nto\n%s", before, now)
	}
	hidden, none := omid.fetch(seen), omid.fetch(seen[:strings.LastIndex(seen, "/")+1]+uuid.NewString())
	if hidden.Status != 404 || none.Status != 404 || without(hidden) != without(none) {
		t.Errorf("Omid can tell what is hidden (%d) from what does not exist (%d)", hidden.Status, none.Status)
	}
	for _, p := range []*person{counsellor, coordinator, sara, omid} {
		p.quiet("after disclosing")
	}
}

// diaryOf is all that the page shows and holds, but for what every answer has
// its own of.
func diaryOf(p *person) string {
	return ask[string](p, `document.querySelector("main").outerHTML.replace(/(after|line)=[\w-]+/g, "")`)
}

// requestNumber is what each answer has its own of.
var requestNumber = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// without gives an answer without the number that each request has.
func without(a answer) string {
	at := strings.Index(a.Body, `<main`)
	end := strings.Index(a.Body, `</main>`)
	if at < 0 || end < 0 {
		return a.Body
	}
	return requestNumber.ReplaceAllString(a.Body[at:end], "")
}

// writes writes an item about one category and gives its path.
func (p *person) writes(caseAt, category, text string) string {
	p.t.Helper()
	p.visit(caseAt)
	p.press("Lämna uppgift")
	p.at(caseAt + "/items/new")
	p.pick(category)
	p.fill("#text", text)
	p.press("Spara uppgiften")
	p.becomes(fmt.Sprintf(`/\/items\/[0-9a-f-]{36}$/.test(location.pathname) && document.querySelector("main")?.innerText.includes(%q)`, text))
	p.settle()
	return ask[string](p, `location.pathname`)
}

// The coordinator wants to tell the mentor, where secrecy is weaker: there is
// a warning with a safer choice, and it wants a reason (T29). The principal,
// whom no row of the consent names, is refused with what to do about it.
func weakerRecipient(t *testing.T) {
	coordinator, mentor := open(t, "coordinator-farsta", city.Replicas[1], desk), open(t, "mentor", city.Replicas[0], phone)
	const marker = "Mål: en vuxen som hör av sig varje vecka"
	item := coordinator.writes(caseOf(coordinator, "Amir Rahimi"), "Mål i planen", marker)
	coordinator.visit(item + "/disclose")
	coordinator.sees("Säkrare val: Skolkurator", "Rektor, Farstaskolan", "Samtycket har ingen rad från din funktion till den här mottagaren.", "samordnaren ändrar det och familjen skriver under")
	coordinator.pick("Mentor i skolan")
	coordinator.fill("#necessity", "Mentorn träffar Amir varje dag.")
	coordinator.press("Fortsätt och kontrollera")
	coordinator.becomes(`document.querySelector('.summary a[href="#weaker_reason"]') !== null`)
	coordinator.sees("Sekretessen är svagare hos mottagaren")
	coordinator.look("a weaker recipient, without a reason")
	if kept := ask[string](coordinator, `document.querySelector("#necessity").value`); kept != "Mentorn träffar Amir varje dag." {
		t.Errorf("what was typed became %q", kept)
	}
	coordinator.fill("#weaker_reason", "Amir har valt mentorn.")
	coordinator.press("Fortsätt och kontrollera")
	coordinator.sees("Det här lämnas ut", "Amir har valt mentorn.")
	coordinator.press("Lämna ut")
	coordinator.becomes(`location.pathname.includes("/disclosures/") && document.readyState === "complete"`)
	mentor.visit("/inbox")
	mentor.tap(`//main//li[contains(., "Inte läst")]//a`)
	mentor.sees(marker, "Hos er är skyddet svagare")
	mentor.look("a copy where protection is weaker")
	coordinator.quiet("telling the mentor")
	mentor.quiet("reading")
}

// Somebody without a part who searches for Amir is answered as about a person
// who does not exist (T38).
func snooping(t *testing.T) {
	snoop := open(t, "social-secretary-skarpnack", city.Replicas[1], desk)
	answers := map[string]string{}
	for _, number := range []string{"201103152391", "201001012382"} {
		snoop.visit("/search")
		snoop.fill("#personal_number", number)
		snoop.press("Sök på personnummer")
		snoop.sees("Inget fanns bland dina ärenden.")
		answers[number] = ask[string](snoop, `document.querySelector("main").innerText + location.search`)
		snoop.lacks("Amir", "Rahimi")
	}
	if answers["201103152391"] != strings.ReplaceAll(answers["201001012382"], "201001012382", "201103152391") {
		t.Errorf("a person with a case and one without are told apart: %q", answers)
	}
	snoop.look("searched")
	for _, shape := range []string{"q=Amir", "name=Amir&case_number=1", "text=stökig"} {
		status := ask[int](snoop, fmt.Sprintf(`fetch("/search", {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: %q}).then((r) => r.status)`, shape))
		if status != 400 {
			t.Errorf("a search for %s answers %d, want 400", shape, status)
		}
	}
	if at := snoop.where(); strings.Contains(at, "2011") {
		t.Errorf("what was searched for stands in the address: %s", at)
	}
}
