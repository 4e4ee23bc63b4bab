package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/httpd"
	"sigportal/internal/sig"
	"sigportal/web"
)

// look is what the browser is asked about a page as it is drawn: nothing may
// run out of the window or of its picture, be covered, or be too small to hit.
const look = `(() => {
	for (const d of document.querySelectorAll("details:not(.languages)")) d.open = true; // a menu lies over the page
	const faults = [], wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > wide) faults.push("the page is " + document.documentElement.scrollWidth + " wide in a window of " + wide);
	for (const svg of document.querySelectorAll("figure svg[role=img]")) {
		if (!svg.getClientRects().length) continue;
		const box = svg.viewBox.baseVal;
		for (const text of svg.querySelectorAll("text")) {
			const b = text.getBBox();
			if (b.x < -1 || b.y < -1 || b.x + b.width > box.width + 1 || b.y + b.height > box.height + 1) faults.push("clipped: " + text.textContent);
			if (text.getBoundingClientRect().height < 11) faults.push("too small to read: " + text.textContent);
		}
	}
	for (const e of document.querySelectorAll("main a, main button, main input:not([type=hidden]), main select, main textarea, main summary, header a, header button, footer a")) {
		if (!e.getClientRects().length || e.matches(".skip, .hidden") || e.closest("[hidden], .languages form")) continue;
		e.scrollIntoView({ block: "center" });
		const name = (e.textContent.trim() || e.name).slice(0, 40);
		const pick = e.closest(".pick"), r = (pick ?? e).getBoundingClientRect();
		const sentence = e.tagName === "A" && !e.matches(".button, .back") && e.parentElement.matches("p, span, dd, li, td") && e.parentElement.textContent.trim() !== e.textContent.trim();
		if (r.height < 43.5 && !sentence) faults.push("only " + Math.round(r.height) + " high: " + name);
		const q = e.getClientRects()[0], hit = document.elementFromPoint(q.x + q.width / 2, q.y + q.height / 2);
		if (hit && !e.contains(hit) && !hit.contains(e) && !(hit.tagName === "LABEL" && hit.htmlFor === e.id)) faults.push("covered by <" + hit.tagName.toLowerCase() + " class=" + hit.className + ">: " + name);
	}
	for (const cell of document.querySelectorAll("table.stack td")) if (!cell.matches(".none") && !cell.textContent.trim()) faults.push("an empty cell in " + cell.closest("tr").textContent.trim().slice(0, 40));
	return faults;
})()`

// gallery serves every page with made-up data, to a family or to staff as the
// page is for.
func gallery(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	app, err := httpd.New(httpd.Deps{
		Config: httpd.Config{BaseURL: address, Phone: "08-123 45 67"},
		Log:    slog.New(slog.DiscardHandler), Now: time.Now, Files: web.Files, CursorKey: make([]byte, 32), Samples: true,
		Visitor: func(c *fiber.Ctx) (httpd.Visitor, error) {
			kind := sig.ActorStaff
			if family.MatchString(c.Path()) {
				kind = sig.ActorGuardian
			}
			return httpd.Visitor{
				Actor: sig.Actor{Kind: kind, Session: sig.SessionID{UUID: uuid.New()}, ShownAs: "Amina Warsame-Lindqvist"},
				Hat:   "SIG-samordnare, Enheten för barn och unga i Farsta", HatChoices: true, Left: time.Hour,
			}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return address
}

var (
	family = regexp.MustCompile(`/_pages/(citizen|withdrawal|receipt|consent_sign|consent_decline|shared|family)`)
	sample = regexp.MustCompile(`/_pages/[a-z_]+/[0-9]+`)
)

func samples(t *testing.T, address string) []string {
	t.Helper()
	response, err := http.Get(address + "/_pages")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	paths := sample.FindAllString(string(body), -1)
	slices.Sort(paths)
	paths = slices.Compact(paths)
	if len(paths) < 20 {
		t.Fatalf("only %d pages: %s", len(paths), body)
	}
	return paths
}

// speak makes the browser ask for a language.
func speak(language string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
			Headers: network.Headers{"Accept-Language": language},
		})
		return err
	})
}

func TestEveryPageIsWholeOnScreen(t *testing.T) {
	address := gallery(t)
	paths := samples(t, address)
	// A wide window hides nothing that a narrow one shows, and the third state of
	// a page seldom has parts that the first two lack.
	for _, view := range []struct {
		language string
		width    int64
		shows    *regexp.Regexp
	}{
		{"ar", 320, regexp.MustCompile(`/[01]$`)},
		{"sv", 1280, regexp.MustCompile(`/0$`)},
	} {
		ctx, cancel := chromedp.NewContext(browser)
		ctx, stop := context.WithTimeout(ctx, 7*time.Minute)
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(view.width, 800), speak(view.language)); err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if !view.shows.MatchString(path) {
				continue
			}
			if err := chromedp.Do(ctx, chromedp.Navigate(address+path)); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](look))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			for _, fault := range faults {
				t.Errorf("%s, %s, %d: %s", strings.TrimPrefix(path, "/_pages/"), view.language, view.width, fault)
			}
		}
		stop()
		cancel()
	}
}
