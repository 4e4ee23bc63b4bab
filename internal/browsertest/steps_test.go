package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// sees waits until the page's content has all of some words.
func (p *person) sees(words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.becomes(fmt.Sprintf(`document.readyState !== "loading" && document.querySelector("main")?.innerText.includes(%q)`, w))
	}
}

// at waits until a page of the portal stands there, loaded.
func (p *person) at(path string) {
	p.t.Helper()
	p.becomes(fmt.Sprintf(`location.origin === %q && location.pathname === %q && document.readyState === "complete"`, p.base, path))
	p.settle()
}

// visit opens a path of the portal.
func (p *person) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
	p.settle()
}

// click presses what a CSS selector finds.
func (p *person) click(selector string) {
	p.t.Helper()
	p.clickOn(chromedp.Click(chromedp.CSS(selector)))
}

// clickOn clicks, once more where the page was fetched again between looking
// and clicking: then nothing was clicked.
func (p *person) clickOn(click chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	for tries := 1; ; tries++ {
		p.settle()
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		err := chromedp.Do(ctx, click)
		cancel()
		if err == nil {
			return
		}
		if tries == 3 || !strings.Contains(err.Error(), "Could not find node") {
			p.t.Fatalf("click at %s: %v; the page reads\n%s", p.where(), err, p.text())
		}
	}
}

// press clicks the first link or button in the content that has some words.
func (p *person) press(words string) {
	p.t.Helper()
	p.tap(fmt.Sprintf(`(//dialog[@open]|//main)//*[self::a or self::button][contains(normalize-space(.), "%s")]`, words))
}

// tap clicks what an XPath finds.
func (p *person) tap(path string) {
	p.t.Helper()
	p.clickOn(chromedp.Click(chromedp.Search(path)))
}

// signIn opens a window in which somebody has signed in.
func signIn(t *testing.T, persona, base string, width int64) *person {
	t.Helper()
	p := arrive(t, base, width)
	p.enter(persona)
	return p
}

// enter goes from the front page to the provider, clicks the persona and comes
// back signed in.
func (p *person) enter(persona string) {
	p.t.Helper()
	p.visit("/")
	p.click(fmt.Sprintf(`main a[href^="/login/%s"]`, city.issuer(persona)))
	p.identify(persona)
	p.becomes(fmt.Sprintf(`location.origin === %q && document.readyState === "complete" && document.querySelector('form[action="/logout"]')`, p.base))
	if strings.HasSuffix(p.where(), "/hat") {
		p.click(`main button[name="hat"]`)
		p.at("/start")
	}
}

// identify clicks a persona at the provider.
func (p *person) identify(persona string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`button[name="persona"][value=%q]`, persona))
}

// speak chooses the language of the pages, in the header as anybody does.
func (p *person) speak(tag string) {
	p.t.Helper()
	if ask[string](p, `document.documentElement.lang`) == tag {
		return
	}
	p.click(`.languages summary`)
	p.click(fmt.Sprintf(`button[name="language"][value=%q]`, tag))
	p.becomes(fmt.Sprintf(`document.documentElement.lang === %q && document.readyState === "complete"`, tag))
}

// fill types into an empty field.
func (p *person) fill(selector, text string) {
	p.t.Helper()
	p.settle()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// pick ticks or chooses what belongs to a label that begins with some words.
func (p *person) pick(words string) {
	p.t.Helper()
	p.tap(fmt.Sprintf(`(//dialog[@open]|//main)//label[starts-with(normalize-space(.), "%s")]`, words))
}

// pickIn does so in the card that has a heading or a label with some words.
func (p *person) pickIn(card, words string) {
	p.t.Helper()
	p.tap(fmt.Sprintf(`//main//div[contains(@class, "card")][contains(normalize-space(.), "%s")]//label[starts-with(normalize-space(.), "%s")]`, card, words))
}

// choose chooses what has some words, alone or before a dot, in a list, which an
// expression finds.
func (p *person) choose(list, words string) {
	p.t.Helper()
	p.settle()
	id := ask[string](p, list+`.id`)
	value := ask[string](p, fmt.Sprintf(`[...%[1]s.options].find((o) => o.text === %[2]q || o.text.startsWith(%[2]q + " · ")).value`, list, words))
	p.do(chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`[id=%q]`, id)), value))
}

// link gives the path of the first link in the content whose words or address
// have something.
func (p *person) link(has string) string {
	p.t.Helper()
	return p.linked("find", has)
}

// oldest gives that of the last one, where the newest stands first.
func (p *person) oldest(has string) string {
	p.t.Helper()
	return p.linked("findLast", has)
}

func (p *person) linked(find, has string) string {
	p.t.Helper()
	p.settle()
	found := fmt.Sprintf(`[...document.querySelectorAll("main a[href]")].%s((a) => a.textContent.includes(%[2]q) || a.getAttribute("href").includes(%[2]q))`, find, has)
	p.becomes(found)
	return ask[string](p, found+`.getAttribute("href")`)
}

// lacks fails the test when words stand anywhere in the page, seen or not.
func (p *person) lacks(words ...string) {
	p.t.Helper()
	html := ask[string](p, `document.documentElement.outerHTML`)
	for _, w := range words {
		if strings.Contains(html, w) {
			p.t.Errorf("%s holds %q", p.where(), w)
		}
	}
}

// answer is what an address answers to somebody's browser.
type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// fetch asks for an address of the portal with the person's own cookies.
func (p *person) fetch(url string) answer {
	p.t.Helper()
	return ask[answer](p, fmt.Sprintf(`fetch(%q, {cache: "no-store"}).then(async (r) => ({status: r.status, body: await r.text()}))`, url))
}
