package browsertest

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// traffic is what a window has sent and received since its page was opened.
type traffic struct {
	turns    int             // how often the page was opened or told to look again
	told     bool            // the page's socket has said something
	changed  bool            // it said to look again
	again    map[string]bool // requests for looking again, and whether they are done
	requests map[string]request
}

// request is one of those, and how much came over the wire for it.
type request struct {
	done  bool
	bytes float64
}

// hear takes an event of the browser; the person's lock is held.
func (t *traffic) hear(event any) {
	switch e := event.(type) {
	case *page.EventFrameNavigated:
		if e.Frame != nil && e.Frame.ParentID == "" {
			t.turns++
			t.told, t.changed, t.again = false, false, nil
		}
	case *network.EventWebSocketFrameReceived:
		t.told = true
		if strings.Contains(string(e.Response.PayloadData), `"changed"`) {
			t.turns++
			t.changed = true
		}
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, "data:") {
			return
		}
		if t.requests == nil {
			t.requests = map[string]request{}
		}
		t.requests[string(e.RequestID)] = request{}
		if _, looks := e.Request.Headers["X-Refetch"]; looks {
			if t.again == nil {
				t.again = map[string]bool{}
			}
			t.again[string(e.RequestID)] = false
		}
	case *network.EventLoadingFinished:
		if _, known := t.requests[string(e.RequestID)]; known {
			t.requests[string(e.RequestID)] = request{true, e.EncodedDataLength}
		}
		t.finish(string(e.RequestID))
	case *network.EventLoadingFailed:
		if _, known := t.requests[string(e.RequestID)]; known {
			t.requests[string(e.RequestID)] = request{done: true}
		}
		t.finish(string(e.RequestID))
	}
}

func (t *traffic) finish(id string) {
	if _, looks := t.again[id]; looks {
		t.again[id] = true
	}
}

// settled reports whether the page has heard what happened while it was on
// its way, and has looked again if it had to.
func (t *traffic) settled() bool {
	if !t.told || t.changed && len(t.again) == 0 {
		return false
	}
	for _, done := range t.again {
		if !done {
			return false
		}
	}
	return true
}

// settle waits until the page stands still: whoever presses something while
// it is being replaced presses nothing, in a test as in life.
func (p *person) settle() {
	p.t.Helper()
	if !p.scripts {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		// A page without a socket hears nothing; one that blanked shows a status alone.
		state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState !== "complete" ? "coming"
			: !document.body?.dataset.live ? "still" : document.querySelector("main > [role=status]:only-child") ? "blank" : "live"`))
		p.mu.Lock()
		settled := p.traffic.settled()
		p.mu.Unlock()
		if err == nil && (state == "still" || state == "live" && settled) {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("%s never stands still: %s (%v); the page reads\n%s", p.where(), state, err, p.text())
		case <-tick.C:
		}
	}
}
