package browsertest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long anything that must happen may take on a busy machine.
const patience = 60 * time.Second

// The widths that pages are looked at.
const (
	phone = 360
	desk  = 1280
)

// city is what all tests look at: one demo, one Chromium.
var city *demo

// chromium is the context of the browser, of which each person's is a child.
var chromium context.Context

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("accept-lang", "sv-SE,sv"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	var leave context.CancelFunc
	chromium, leave = chromedp.NewContext(allocator)
	defer leave()
	if err := chromedp.Do(chromium); err != nil {
		fmt.Fprintln(os.Stderr, "start Chromium (apt-get install chromium):", err)
		return 1
	}
	var err error
	if city, err = startDemo(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer city.stop()
	code := m.Run()
	if code != 0 {
		city.complaints(os.Stderr)
	}
	return code
}

// person is somebody before a window of their own, with cookies of their own.
type person struct {
	t       *testing.T
	ctx     context.Context
	base    string
	mu      sync.Mutex
	reports []string // what the browser complained about
	traffic traffic
	scripts bool // whether the pages' scripts run
}

// windows are those of people who are signed in, by persona and address: they
// stay open from one test to the next, as on a working day.
var windows = map[string]*person{}

// open gives a persona's window at an address, signed in.
func open(t *testing.T, persona, base string, width int64) *person {
	t.Helper()
	key := persona + " " + base
	p := windows[key]
	if p == nil {
		p = signIn(t, persona, base, width)
		windows[key] = p
	}
	p.t = t
	p.do(chromedp.EmulateViewport(width, 800))
	return p
}

// arrive opens a window on a replica's or the portal's address.
func arrive(t *testing.T, base string, width int64) *person {
	t.Helper()
	p := &person{t: t, base: base, scripts: true}
	p.ctx, _ = chromedp.NewContext(chromium, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear)) // ends with Chromium
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, audits.Enable, cdp.Empty{})
		return err
	}), chromedp.EmulateViewport(width, 800))
	return p
}

// leave closes a window for good.
func (p *person) leave() {
	for key, other := range windows {
		if other == p {
			delete(windows, key)
		}
	}
	_ = chromedp.Cancel(p.ctx) // a window that is gone already is as good
}

// hear keeps violations of the content security policy and of Trusted Types,
// and faults of the script; and how far the page is in hearing what is new.
func (p *person) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *audits.EventIssueAdded:
		if e.Issue == nil || e.Issue.Details == nil || e.Issue.Details.ContentSecurityPolicyIssueDetails == nil {
			return
		}
		d := e.Issue.Details.ContentSecurityPolicyIssueDetails
		p.reports = append(p.reports, fmt.Sprintf("%s: %s", d.ContentSecurityPolicyViolationType, d.ViolatedDirective))
	case *runtime.EventExceptionThrown:
		p.reports = append(p.reports, "script: "+e.ExceptionDetails.Text)
	default:
		p.traffic.hear(event)
	}
}

// quiet fails the test over what the browser has complained about.
func (p *person) quiet(where string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, report := range p.reports {
		p.t.Errorf("%s: the browser reports %s", where, report)
	}
	p.reports = nil
}

// forget drops what the browser has complained about: for tools of the test.
func (p *person) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reports = nil
}

// do takes steps, each with patience.
func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	// The first steps open the window, which must outlive them.
	if chromedp.FromContext(p.ctx).Target == nil {
		if err := chromedp.Do(p.ctx); err != nil {
			p.t.Fatalf("open a window: %v", err)
		}
	}
	for i, step := range steps {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			p.t.Fatalf("step %d at %s: %v; the page reads\n%s", i+1, p.where(), err, p.text())
		}
	}
}

// ask evaluates an expression in a person's page.
func ask[T any](p *person, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("ask %.80s at %s: %v", expression, p.where(), err)
	}
	return answer
}

// becomes waits until an expression is true in the page, however many pages
// come and go meanwhile.
func (p *person) becomes(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`))
		if err == nil && yes {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("never true: %s (%v), at %s; the page reads\n%s", expression, err, p.where(), p.text())
		case <-tick.C:
		}
	}
}

func (p *person) where() string {
	at, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href`))
	return at
}

// text is what can be read on the page now.
func (p *person) text() string {
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body?.innerText ?? ""`))
	return text
}
