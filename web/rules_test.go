package web_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"sigportal/web"
)

// forbidden is what the content security policy would stop, or what would send
// a reader's address to somebody else.
var forbidden = map[string]*regexp.Regexp{
	"a style attribute":    regexp.MustCompile(`(?i)\sstyle\s*=`),
	"an event attribute":   regexp.MustCompile(`(?i)<[a-z][^>]*\son[a-z]+\s*=`),
	"a style element":      regexp.MustCompile(`(?i)<style`),
	"an inline script":     regexp.MustCompile(`(?i)<script(?:\s+type="module")?>`),
	"a foreign origin":     regexp.MustCompile(`(?i)(?:src|action|url\()\s*=?\s*["']?(?:https?:)?//`),
	"a script of the page": regexp.MustCompile(`(?i)javascript:`),
}

// printed is what a browser without any network is given to print, in one piece
// and under a policy of its own; nobody is ever sent it as a page.
const printed = "templates/layout/paper.html"

func TestNoTemplateHoldsWhatThePolicyForbids(t *testing.T) {
	err := fs.WalkDir(web.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(web.Files, path)
		if err != nil {
			return err
		}
		for what, pattern := range forbidden {
			if path == printed && what == "a style element" {
				continue
			}
			if found := pattern.FindString(string(text)); found != "" {
				t.Errorf("%s holds %s: %q", path, what, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheStylesheetTakesNoSide(t *testing.T) {
	text, err := fs.ReadFile(web.Files, "static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	sided := regexp.MustCompile(`(?m)[\s;{](?:(?:margin|padding|border)-(?:left|right)|left|right|text-align:\s*(?:left|right)|float)\s*:`)
	if found := sided.FindString(string(text)); found != "" {
		t.Errorf("the stylesheet says %q: use logical properties, so that right-to-left needs no rules of its own", strings.TrimSpace(found))
	}
}

func TestTheBudgetOfStyleAndScript(t *testing.T) {
	total := 0
	for _, name := range []string{"static/app.css", "static/app.js"} {
		text, err := fs.ReadFile(web.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d packed", name, len(text), packed.Len())
		total += packed.Len()
	}
	// A family's page may cost 30 KB the first time: its own text, drawings and
	// headers need the rest.
	if total > 12<<10 {
		t.Errorf("style and script are %d bytes packed, want at most 12 KB", total)
	}
}
