package login

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestARealBrowserSignsInSignsAndSignsOut holds cookies, SameSite and
// form-action to what a browser makes of them: the providers are under
// localhost and the portal under 127.0.0.1, which are two sites, and the
// cookies are Secure though loopback is plain http.
func TestARealBrowserSignsInSignsAndSignsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := openBrowser(t)

	do(t, ctx, chromedp.Navigate(w.url+"/login/eid"))
	do(t, ctx, chromedp.Click(`button[value="sara"]`))
	w.arrive(ctx, StartPath)
	if text := body(t, ctx); !strings.Contains(text, `"Kind":"guardian"`) {
		t.Fatalf("after signing in the page says %s", text)
	}

	do(t, ctx, chromedp.Navigate(w.url+"/forms"))
	do(t, ctx, chromedp.Click("#sign"))
	do(t, ctx, chromedp.Click(`button[value="sara"]`)) // asked anew: the provider does not remember
	w.arrive(ctx, "/paper/1")
	if at := where(t, ctx); !strings.Contains(at, "step_up=") {
		t.Errorf("the fresh login came back to %s", at)
	}

	do(t, ctx, chromedp.Navigate(w.url+"/forms"))
	do(t, ctx, chromedp.Click("#leave"))
	w.arrive(ctx, "/")
	do(t, ctx, chromedp.Navigate(w.url+StartPath))
	if text := body(t, ctx); !strings.Contains(text, `"Session":""`) {
		t.Errorf("after signing out the page says %s", text)
	}
	if n := w.idp.SignOutEverywhere(t.Context(), "eid", "sub-sara"); n != 0 {
		t.Errorf("at the provider %d sessions went on", n)
	}
}

// openBrowser starts Chromium for one test.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	bounded, stop := context.WithTimeout(t.Context(), 60*time.Second)
	ctx, cancel := chromedp.NewContext(bounded, chromedp.WithAllocatorOptions(options...))
	t.Cleanup(func() { cancel(); stop() })
	return ctx
}

func do[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T { // t first, as everywhere
	t.Helper()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		at, _ := chromedp.Run(ctx, chromedp.Location())
		t.Fatalf("the browser, at %s: %v", at, err)
	}
	return got
}

func body(t *testing.T, ctx context.Context) string { // t first
	t.Helper()
	return do(t, ctx, chromedp.Text("body"))
}

func where(t *testing.T, ctx context.Context) string { // t first
	t.Helper()
	return do(t, ctx, chromedp.Location())
}

// arrive waits until the browser stands at a path of the portal.
func (w *world) arrive(ctx context.Context, path string) {
	w.t.Helper()
	wanted := `location.origin === "` + w.url + `" && location.pathname === "` + path + `" && document.readyState === "complete"`
	deadline, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		there, err := chromedp.Run(deadline, chromedp.Poll[bool](wanted, chromedp.WithPollingTimeout(2*time.Second)))
		if there {
			return
		}
		if deadline.Err() != nil {
			at, _ := chromedp.Run(ctx, chromedp.Location())
			w.t.Fatalf("the browser stands at %s, want %s: %v", at, path, err)
		}
	}
}
