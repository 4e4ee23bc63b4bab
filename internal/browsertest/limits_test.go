package browsertest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a guardian's start page may cost on a phone: bytes over the wire, with
// headers, and requests.
const (
	firstVisit   = 30 << 10
	laterVisit   = 5 << 10
	allRequests  = 3
	laterRequest = 1
)

// weight opens the start page on a phone that has never seen it, and again.
func weight(t *testing.T) {
	sara := open(t, "sara", city.Address, phone)
	sara.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
	for _, visit := range []struct {
		name     string
		bytes    float64
		requests int
	}{{"the first visit", firstVisit, allRequests}, {"a later visit", laterVisit, laterRequest}} {
		sara.visit("/privacy") // another page, which shares style and script
		if visit.requests == allRequests {
			sara.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, network.ClearBrowserCache, cdp.Empty{})
				return err
			}))
		}
		sara.mu.Lock()
		sara.traffic.requests = nil
		sara.mu.Unlock()
		sara.visit("/start")
		requests, bytes := sara.loaded()
		t.Logf("%s of a guardian's start page: %.0f bytes in %d requests", visit.name, bytes, requests)
		if bytes > visit.bytes || requests > visit.requests {
			t.Errorf("%s takes %.0f bytes in %d requests, want at most %.0f in %d", visit.name, bytes, requests, visit.bytes, visit.requests)
		}
		if bytes < 1000 {
			t.Errorf("%s takes %.0f bytes: nothing was measured", visit.name, bytes)
		}
	}
}

// loaded waits until everything that was asked for is there, and says how much
// went over the wire. Looking again is no visit.
func (p *person) loaded() (requests int, bytes float64) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		requests, bytes = 0, 0
		done := true
		p.mu.Lock()
		for id, r := range p.traffic.requests {
			if _, again := p.traffic.again[id]; again {
				continue
			}
			done = done && r.done
			if r.bytes > 0 { // from the cache, nothing is
				requests, bytes = requests+1, bytes+r.bytes
			}
		}
		p.mu.Unlock()
		if done && requests > 0 {
			return requests, bytes
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("something never came: %d requests", requests)
		case <-tick.C:
		}
	}
}

// outlines is what must be to see when the reader's own colours replace ours:
// bars of drawings, chips, boxes and buttons by their lines.
const outlines = `(() => {
	const faults = [], seen = (e) => e.checkVisibility({ visibilityProperty: true });
	for (const bar of document.querySelectorAll("figure svg rect, .legend svg rect")) {
		const s = getComputedStyle(bar);
		if (seen(bar) && s.fill !== "none" && (s.stroke === "none" || parseFloat(s.strokeWidth) === 0) && !bar.closest("pattern, defs, clipPath")) faults.push("a bar without an outline: " + bar.outerHTML.slice(0, 120));
	}
	for (const e of document.querySelectorAll("main .chip, main .button, main .card, main .banner, main .box")) {
		const s = getComputedStyle(e);
		if (seen(e) && (s.borderTopStyle === "none" || parseFloat(s.borderTopWidth) < 1)) faults.push("nothing but colour sets off " + e.className + ": " + e.textContent.trim().slice(0, 60));
	}
	return faults;
})()`

// ownColours looks at pages in the reader's own colours.
func ownColours(t *testing.T) {
	each(t, func(p *person, name string) {
		p.media("forced-colors", "active")
		defer p.media("forced-colors", "none")
		if !ask[bool](p, `matchMedia("(forced-colors: active)").matches`) {
			t.Fatal("the colours are not forced")
		}
		p.look(name + ", in forced colours")
		for _, fault := range ask[[]string](p, outlines) {
			t.Errorf("%s, in forced colours: %s", name, fault)
		}
	})
}

// enlarged looks at pages four times as large, and with more space between
// letters, words and lines; a drawing's words stand beside it once more.
func enlarged(t *testing.T) {
	each(t, func(p *person, name string) {
		p.do(chromedp.EmulateViewport(320, 256))
		p.look(name + ", at 400 %")
		p.do(chromedp.EmulateViewport(phone, 800))
		ask[bool](p, `(() => { const s = new CSSStyleSheet(); s.replaceSync(":not(svg, svg *) { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important } svg { letter-spacing: 0 !important; word-spacing: 0 !important }"); document.adoptedStyleSheets = [s]; return true })()`)
		p.look(name + ", with more space")
	})
}

// each visits the pages that matter most to those who need such things.
func each(t *testing.T, check func(p *person, name string)) {
	t.Helper()
	sara, coordinator := open(t, "sara", city.Address, phone), open(t, "coordinator-farsta", city.Address, phone)
	amirs := caseOf(coordinator, "Amir Rahimi")
	for _, at := range []struct {
		p    *person
		path string
	}{{sara, "/start"}, {sara, amirs + "/withdraw"}, {coordinator, "/start"}, {coordinator, amirs}} {
		at.p.visit(at.path)
		check(at.p, routeOf(at.path))
		at.p.do(chromedp.EmulateViewport(phone, 800))
	}
}

// media sets what the reader's system asks of pages.
func (p *person) media(name, value string) {
	p.t.Helper()
	p.emulate(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
}

func (p *person) emulate(media emulation.SetEmulatedMediaParams) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// onPaper looks at a page as it is printed: all of the text, and nothing that
// only a screen has.
func (p *person) onPaper(name string, words ...string) {
	p.t.Helper()
	p.emulate(emulation.SetEmulatedMediaParams{Media: "print"})
	defer p.emulate(emulation.SetEmulatedMediaParams{})
	p.sees(words...)
	p.picture(name + ", on paper")
	for _, e := range ask[[]string](p, `[...document.querySelectorAll("nav, .exit, main button, main .button, .foot, .skip")].filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => e.outerHTML.slice(0, 120))`) {
		p.t.Errorf("%s, on paper: there is %s", name, e)
	}
}
