package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// types presses one key after another, where the keyboard stands.
func (p *person) types(text string) {
	p.t.Helper()
	for _, c := range text {
		p.key(string(c))
	}
}

// The coordinator holds a whole meeting with the keyboard alone, on a narrow
// screen: the door, somebody who comes, what is told, a commitment, the note,
// somebody who leaves, the end. Each page is looked at on the way.
func roomWithTheKeyboard(t *testing.T) {
	const told, promised, noted = "Träning på måndagar", "Ringer tränaren", "Fråga om skjuts"
	p := signIn(t, "coordinator-farsta", city.Replicas[1], phone)
	defer p.leave()
	amirs := caseOf(p, "Amir Rahimi")
	room := amirs + "/meetings/" + callsNow(p, amirs) + "/room"
	p.visit(room)
	p.tabTo("Öppna rummet")
	p.key(kb.Enter)
	p.sees("Rummet är öppet")
	p.look("the room, narrow")
	staysInView(p)

	p.tabTo("Har kommit – Kent Berg")
	p.key(kb.Enter)
	p.becomes(`[...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Har gått") && b.textContent.includes("Kent Berg"))`)
	p.tabUntil(`main a[href*="/points/"]`)
	p.key(kb.Enter)
	p.becomes(`location.pathname.includes("/points/") && document.readyState === "complete"`)
	p.tabUntil("#text")
	p.types(told)
	p.tabTo("Stämpla och lämna ut")
	p.key(kb.Enter)
	p.sees("Stämplat och utlämnat")
	p.look("told, narrow")
	p.tabUntil("#note")
	p.types(noted)
	p.tabTo("Spara anteckningen")
	p.key(kb.Enter)
	p.sees("Anteckningen är sparad")
	p.tabTo("Till mötesrummet")
	p.key(kb.Enter)
	p.at(room)

	p.tabUntil(`[id="add.0.seat"]`)
	p.key("K") // a list goes to what begins with it: Kommunpolis
	p.tabUntil(`[id="add.0.due"]`)
	p.types("12312099")
	p.tabUntil(`[id="add.0.text"]`)
	p.types(promised)
	p.tabTo("Skriv in i planen")
	p.key(kb.Enter)
	p.becomes(fmt.Sprintf(`location.pathname === %q && document.querySelector("main .banner.yes") !== null`, room))
	p.look("promised, narrow")
	p.tabTo("Har gått – Kent Berg")
	p.key(kb.Enter)
	p.becomes(`![...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Har gått") && b.textContent.includes("Kent Berg"))`)
	p.tabTo("Avsluta mötet")
	p.key(kb.Enter)
	p.sees("Mötet avslutades")
	p.look("over, narrow")

	minutes := strings.TrimSuffix(room, "/room") + "/minutes"
	p.visit(minutes)
	p.tabUntil(`[id="points.0.text"]`)
	p.types(told)
	p.tabTo("Spara anteckningarna")
	p.key(kb.Enter)
	p.sees("Anteckningarna är sparade")
	p.tabTo("Godkänn")
	p.key(kb.Enter)
	p.sees("Anteckningarna är godkända")
	p.look("minutes, narrow")
	p.visit(amirs + "/plan")
	p.sees(promised)
	p.quiet("with the keyboard")
}

// staysInView has the page fetched again while the keyboard goes on to the
// foot, which is near while the page is blank: it is still seen when the page
// is back.
func staysInView(p *person) {
	p.t.Helper()
	p.settle()
	ask[bool](p, `(() => {
		const now = window.fetch;
		window.fetch = (...asked) => new Promise((go) => { window.answerNow = go; }).then(() => { window.fetch = now; return now(...asked); });
		return dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
	})()`)
	p.lacks("Kent Berg")
	p.tabTo("Tillgänglighet")
	ask[bool](p, `(answerNow(), true)`)
	p.sees("Kent Berg")
	if at := ask[focused](p, focusNow); at.Name != "Tillgänglighet" || !at.Visible {
		p.t.Errorf("the page came back and nobody sees that the keyboard stands on %q", at.Name)
	}
}
