package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// What a family does most, on a phone, without scripts and with the keyboard
// alone, in Swedish and from right to left: sign, narrow, take everything back,
// read the receipt, each within two steps of the start page.
func familySteps(t *testing.T) {
	for _, one := range []struct{ persona, tag, from string }{{"sara", "ar", "Mentor"}, {"omid", "sv", "Fältassistent"}} {
		p := plain(t, one.persona, city.Address, phone)
		p.visit("/start")
		card := ask[string](p, fmt.Sprintf(`[...document.querySelectorAll('main .cards a[href*="/withdraw"]')].find((a) => a.textContent.includes(%q)).getAttribute("href")`, one.from))
		p.speak(one.tag)
		p.steps(one.tag, "narrowed", card)
		p.visit("/start")
		if ask[bool](p, fmt.Sprintf(`document.querySelector('main a[href=%q]') !== null`, card)) {
			t.Errorf("%s can still take %s away", one.persona, one.from)
		}
		p.leave()
	}
	for _, one := range []struct{ persona, tag string }{{"johan", "ar"}, {"anders", "sv"}} {
		p := plain(t, one.persona, city.Address, phone)
		p.visit("/start")
		p.speak(one.tag)
		p.steps(one.tag, "all taken back", ask[string](p, `document.querySelector('main .actions a.danger[href$="/withdraw"]').getAttribute("href")`))
		p.leave()
	}
}

// steps takes back what a link on the start page leads to, and reads the receipt
// twice: at the end of it, and from the start page.
func (p *person) steps(tag, name, link string) {
	p.t.Helper()
	p.visit("/start")
	p.tabUntil(fmt.Sprintf(`main a[href=%q]`, link))
	p.key(kb.Enter)
	p.at(strings.Split(link, "?")[0])
	p.shows(name + ", asked, " + tag)
	p.tabUntil(`main form[action*="/withdraw"] button.danger`)
	p.key(kb.Enter)
	p.becomes(`location.pathname.startsWith("/receipts/") && document.readyState === "complete"`)
	p.inItsDirection(tag)
	p.shows(name + ", receipt, " + tag)
	receipt := ask[string](p, `location.pathname`)
	p.visit("/start")
	p.tabUntil(fmt.Sprintf(`main a[href=%q]`, receipt))
	p.key(kb.Enter)
	p.at(receipt)
	p.quiet(name)
}

// signsWithKeys answers a question that waits: one step to the question, one to
// the place where it is answered, and the login.
func (p *person) signsWithKeys(persona, tag string) {
	p.t.Helper()
	p.visit("/start")
	p.speak(tag)
	p.tabUntil(`main a[href^="/consents/"]`)
	p.key(kb.Enter)
	p.becomes(`location.pathname.startsWith("/consents/") && document.readyState === "complete"`)
	p.inItsDirection(tag)
	p.tabUntil(`main a[href$="/sign"]`)
	p.key(kb.Enter)
	p.becomes(`location.pathname.endsWith("/sign") && document.readyState === "complete"`)
	p.shows("to sign, " + tag)
	if tag != "sv" { // a draft, which nobody can say yes to: the way to what can be signed
		p.tabUntil(`main button[name="language"][value="sv"]`)
		p.key(kb.Enter)
		p.becomes(`location.pathname.endsWith("/sign") && document.documentElement.lang === "sv" && document.readyState === "complete"`)
	}
	p.tabUntil(`#understood`)
	p.key(" ")
	p.tabUntil(`main form[action$="/sign"] button`)
	p.key(kb.Enter)
	p.becomes(fmt.Sprintf(`location.origin !== %q && document.querySelector("button[name=persona]")`, p.base))
	p.identify(persona)
	p.becomes(fmt.Sprintf(`location.origin === %q && location.pathname.endsWith("/signed") && document.readyState === "complete"`, p.base))
	p.shows("signed, " + tag)
}

// leavingQuickly: by the button or by the shift key, another site stands there
// and the session is over, so that who opens the browser next is a stranger.
func leavingQuickly(t *testing.T) {
	for name, out := range map[string]func(*person){
		"the button": func(p *person) { p.click(".leave button") },
		"the shift key": func(p *person) {
			for range 3 {
				p.key(kb.Shift)
			}
		},
	} {
		p := signIn(t, "omid", city.Address, phone)
		p.visit("/start")
		p.sees("Amir")
		out(p)
		p.becomes(fmt.Sprintf(`location.origin !== %q`, p.base))
		p.visit("/")
		p.becomes(`(() => { const r = new XMLHttpRequest(); r.open("GET", "/start", false); r.send(); return r.status === 401; })()`)
		p.quiet("after leaving by " + name)
		p.leave()
	}
}

// shows takes a picture. What axe thinks of these pages is asked where scripts
// run, on every route in both directions.
func (p *person) shows(name string) {
	p.t.Helper()
	p.quiet(name)
	p.picture(name)
}

func (p *person) inItsDirection(tag string) {
	p.t.Helper()
	want := "ltr"
	if tag == "ar" {
		want = "rtl"
	}
	if got := ask[string](p, `getComputedStyle(document.documentElement).direction + " " + document.documentElement.lang`); got != want+" "+tag {
		p.t.Errorf("%s runs %s, want %s %s", p.where(), got, want, tag)
	}
}

// tabUntil presses the tab key until it stands on what a selector finds.
func (p *person) tabUntil(selector string) {
	p.t.Helper()
	p.settle()
	for range 200 {
		p.key(kb.Tab)
		if ask[bool](p, fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector)) {
			if at := ask[focused](p, focusNow); !at.Visible {
				p.t.Errorf("nobody sees that the keyboard stands on %q", at.Name)
			}
			return
		}
	}
	p.t.Fatalf("the keyboard never reaches %s at %s", selector, p.where())
}
