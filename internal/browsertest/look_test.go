package browsertest

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is axe-core's source, which `npm ci` in this folder brings.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is missing, run: (cd internal/browsertest && npm ci): %w", err)
	}
	return string(text), nil
})

// own is this project's list of what axe does not see; it says what is wrong
// with the page.
//
//go:embed look.js
var own string

// looked are the faults that axe-core and the own list find on a page.
type looked struct {
	Axe []struct {
		Rule  string   `json:"rule"`
		Where []string `json:"where"`
	} `json:"axe"`
	Own []string `json:"own"`
}

// look fails the test over whatever is wrong with the page that stands there.
func (p *person) look(name string) {
	p.t.Helper()
	p.quiet(name)
	p.note()
	p.picture(name)
	found := p.find(name)
	for _, v := range found.Axe {
		p.t.Errorf("%s: axe: %s\n\t%s", name, v.Rule, strings.Join(v.Where, "\n\t"))
	}
	for _, fault := range found.Own {
		p.t.Errorf("%s: %s", name, fault)
	}
}

// pictures is a folder for a picture of every page that is looked at: for eyes,
// and for README.
var pictures = flag.String("pictures", "", "folder for a picture of every page")

func (p *person) picture(name string) {
	if *pictures == "" {
		return
	}
	p.t.Helper()
	p.settle()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatalf("%s: take a picture: %v", name, err)
	}
	file := filepath.Join(*pictures, strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "-"), "-")+".png")
	if err := os.WriteFile(file, png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// find looks until the page was the same page from beginning to end: news may
// come at any time.
func (p *person) find(name string) looked {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		p.t.Fatal(err)
	}
	for range 10 {
		p.settle()
		turns := p.turns()
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`window.axe !== undefined`))
		if err == nil && !there {
			_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](source+`;true`))
		}
		if err != nil {
			cancel()
			p.t.Fatalf("%s: put axe into the page: %v", name, err)
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[looked](own, chromedp.EvalAwaitPromise))
		cancel()
		p.forget() // axe is no part of the page
		if p.turns() != turns {
			continue // another page came
		}
		if err != nil {
			p.t.Fatalf("%s: look: %v", name, err)
		}
		return found
	}
	p.t.Fatalf("%s: %s is replaced again and again", name, p.where())
	return looked{}
}

// turns counts how often another page came.
func (p *person) turns() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.traffic.turns
}
