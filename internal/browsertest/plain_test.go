package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// plain gives a window whose pages' scripts do not run.
func plain(t *testing.T, persona, base string, width int64) *person {
	t.Helper()
	p := arrive(t, base, width)
	p.scripts = false
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	p.enter(persona)
	if ask[bool](p, `document.querySelector("[data-print]:not([hidden])") !== null`) {
		t.Fatal("a script has run")
	}
	return p
}

// The main stories without scripts: Anders signs, the social secretary decides,
// the coordinator tells the police. What a family takes back comes later.
func withoutScripts(t *testing.T) {
	anders := plain(t, "anders", city.Address, phone)
	defer anders.leave()
	anders.signsWithKeys("anders", "sv")
	secretary := plain(t, "social-secretary-farsta", city.Replicas[0], desk)
	defer secretary.leave()
	secretary.decides(caseOf(secretary, "Lina Berggren"))

	coordinator := plain(t, "coordinator-farsta", city.Replicas[1], desk)
	defer coordinator.leave()
	const marker = "Mål: läxhjälp på onsdagar"
	item := coordinator.writes(caseOf(coordinator, "Amir Rahimi"), "Mål i planen", marker)
	coordinator.press("Lämna ut")
	coordinator.at(item + "/disclose")
	coordinator.pick("Kommunpolis")
	coordinator.press("Fortsätt och kontrollera") // without a reason
	coordinator.becomes(`document.querySelector(".summary") !== null && document.querySelector("input[name=recipients]:checked") !== null`)
	coordinator.fill("#necessity", "Polisen möter Amir på onsdagar.")
	coordinator.press("Fortsätt och kontrollera")
	coordinator.sees("Det här lämnas ut", marker)
	coordinator.press("Lämna ut")
	coordinator.becomes(`location.pathname.includes("/disclosures/")`)
	police := plain(t, "police-farsta", city.Replicas[0], phone)
	defer police.leave()
	police.visit("/inbox")
	police.tap(`//main//li[contains(., "Inte läst")]//a`)
	police.sees(marker)

	anders.visit("/start")
	anders.sees("Får veta:")
	for _, p := range []*person{anders, secretary, coordinator, police} {
		p.quiet("without scripts")
	}
}

// Disa takes everything back with the keyboard alone: the focus is always to
// be seen, opens on the dialog's heading, and comes back when it is closed.
func withTheKeyboard(t *testing.T) {
	disa := open(t, "disa", city.Address, phone)
	disa.visit("/start")
	disa.focusOrder("the start page")
	disa.visit("/start")
	disa.tabTo("Ta tillbaka allt")
	disa.key(kb.Enter)
	disa.becomes(`document.querySelector("dialog[open] h1") === document.activeElement`)
	disa.key(kb.Escape)
	disa.becomes(`document.querySelector("dialog") === null && document.activeElement.textContent.includes("Ta tillbaka allt")`)
	disa.key(kb.Enter)
	disa.becomes(`document.querySelector("dialog[open] h1") === document.activeElement`)
	disa.tabTo("Ja, ta tillbaka")
	disa.key(kb.Enter)
	disa.sees("Du har tagit tillbaka ditt ja")
	disa.focusOrder("the receipt")
	disa.quiet("with the keyboard")
}

func (p *person) key(key string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key))
}

// focused describes what the keyboard stands on, and whether that can be seen.
type focused struct {
	Name    string `json:"name"`
	Visible bool   `json:"visible"`
	Number  int    `json:"number"` // among all that can be reached, in the order of the page
}

// focusNow looks again for a moment where it cannot be seen: a busy browser
// scrolls after it has moved the focus.
const focusNow = `(async () => {
	const look = () => {
		const can = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
			.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && (e.type !== "radio" || e.checked || !e.closest("fieldset")?.querySelector("input:checked")));
		const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
		return { name: (e.innerText ?? "").replace(/\s+/g, " ").trim() || e.id, number: can.indexOf(e),
			visible: b.width > 1 && b.height > 1 && b.bottom > 0 && b.top < innerHeight && (s.boxShadow !== "none" || s.outlineStyle !== "none") };
	};
	let at = look();
	for (let n = 0; n < 500 && at.number >= 0 && !at.visible; n++) {
		await new Promise((next) => setTimeout(next, 20));
		at = look();
	}
	return at;
})()`

// tabTo presses the tab key until it stands on something with some words.
func (p *person) tabTo(words string) {
	p.t.Helper()
	for range 200 {
		p.key(kb.Tab)
		at := ask[focused](p, focusNow)
		if at.Number >= 0 && !at.Visible {
			p.t.Errorf("nobody sees that the keyboard stands on %q", at.Name)
		}
		if at.Name == words {
			return
		}
	}
	p.t.Fatalf("the keyboard never reaches %q", words)
}

// focusOrder goes through a whole page: everything is reached once, in the
// order in which it stands, the skip link first.
func (p *person) focusOrder(name string) {
	p.t.Helper()
	p.settle()
	ask[bool](p, `(document.activeElement.blur(), getSelection().collapse(document.body, 0), true)`)
	all := ask[int](p, `(() => { let n = -1; for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) if (e.checkVisibility({ visibilityProperty: true }) && !e.disabled) n++; return n + 1; })()`)
	for n := range all {
		p.key(kb.Tab)
		at := ask[focused](p, focusNow)
		if at.Number != n {
			p.t.Errorf("%s: after %d presses the keyboard stands on number %d, %q", name, n+1, at.Number, at.Name)
			return
		}
		if !at.Visible {
			p.t.Errorf("%s: nobody sees that the keyboard stands on %q", name, at.Name)
		}
	}
}
