package httpd

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/words"
	"sigportal/web"
)

// unworded finds a message key that stands where words should.
var unworded = regexp.MustCompile(`>\s*[a-z]+(\.[a-z_][a-z0-9_]*)+\s*<|"[a-z_]+(\.[a-z_][a-z0-9_]*){2,}"`)

// rowField is the name of a field in a list of rows, which looks like a key.
var rowField = regexp.MustCompile(`\.[0-9]+\.`)

func TestEveryPageIsExecutedInEveryLanguage(t *testing.T) {
	static, err := loadAssets(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := loadPages(web.Files, static)
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range append(words.Languages(), words.For("prs")) { // one of the family's own
		for _, def := range registered {
			base := Base{
				Language: language, Title: "Alva <script>alert(1)</script>", Here: "/x", RequestID: "7d3f", SignedIn: true,
				Family: true, User: "Kim", Hat: "Rektor", HatChoices: true, Nav: []NavItem{{"/start", "Start", true}},
				Languages: words.FamilyLanguages(), SessionLeft: 600, SocketURL: "/live?at=1", Phone: "08-1",
			}
			for i, data := range def.samples(base) {
				var buf bytes.Buffer
				if err := pages.render(&buf, def.name, data); err != nil {
					t.Errorf("%s %d %s: %v", def.name, i, language.Tag(), err)
					continue
				}
				checkPage(t, def.name+" "+language.Tag(), buf.String())
				// A page that has a Name of its own once stood there instead.
				if !strings.Contains(buf.String(), "</span>"+language.Name()+"</summary>") {
					t.Errorf("%s %s: the language is not named in the page's head", def.name, language.Tag())
				}
				// And one with a Here of its own led whoever changed the language elsewhere.
				if !strings.Contains(buf.String(), `name="next" value="/x"`) {
					t.Errorf("%s %s: the language's form does not come back to the page", def.name, language.Tag())
				}
			}
		}
	}
}

func checkPage(t *testing.T, name, html string) {
	t.Helper()
	for _, bad := range []string{"%!", "<no value>", "&lt;no value", "<script>alert", "style=\"", "ZgotmplZ"} {
		if strings.Contains(html, bad) {
			t.Errorf("%s: holds %q", name, bad)
		}
	}
	for _, key := range unworded.FindAllString(html, -1) {
		if !strings.Contains(key, "samples") && !rowField.MatchString(key) {
			t.Errorf("%s: a key without words: %s", name, key)
		}
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("main h1").Length(); n != 1 {
		t.Errorf("%s: %d headings of the first level in main, want 1", name, n)
	}
	if doc.Find("html[lang][dir]").Length() != 1 {
		t.Errorf("%s: no language or direction", name)
	}
	doc.Find("p, dd, li, blockquote, div, td").Filter("[lang]:not([dir])").Each(func(_ int, s *goquery.Selection) {
		t.Errorf("%s: Swedish on a page from right to left turns its stops around: %.60q", name, s.Text())
	})
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		if ids[id] {
			t.Errorf("%s: the id %q stands twice", name, id)
		}
		ids[id] = true
	})
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		if method, _ := s.Attr("method"); method != "post" && method != "get" {
			t.Errorf("%s: a form without a method", name)
		}
	})
}

func TestEveryPageFileHasItsPage(t *testing.T) {
	files, err := fs.Glob(web.Files, "templates/page/*.html")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, def := range registered {
		if known[def.name] {
			t.Errorf("page %s is declared twice", def.name)
		}
		known[def.name] = true
		if len(def.samples(Base{Language: words.For("sv")})) == 0 {
			t.Errorf("page %s has no samples", def.name)
		}
	}
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".html"); !known[name] {
			t.Errorf("%s is no page of any handler", file)
		}
	}
}

func TestPagesAreSentWholeAndCompressed(t *testing.T) {
	p := newPortal(t, nil)
	plain := p.ask("GET", "/help", "")
	packed := p.ask("GET", "/help", "", "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) {
		t.Errorf("%d bytes became %d (%q)", len(plain.body), len(packed.body), packed.Header.Get("Content-Encoding"))
	}
	p.want(plain, 200, `lang="sv"`, "Hjälp på telefon")
}

func TestAssetsAreKeptForGoodAndPagesAreNot(t *testing.T) {
	p := newPortal(t, nil)
	front := p.ask("GET", "/", "").body
	address := regexp.MustCompile(`/static/app\.[0-9a-f]{16}\.css`).FindString(front)
	if address == "" {
		t.Fatalf("no fingerprinted stylesheet in %s", front)
	}
	for encoding, want := range map[string]string{"br, gzip": "br", "gzip": "gzip", "": ""} {
		got := p.ask("GET", address, "", "Accept-Encoding", encoding)
		p.want(got, 200)
		if got.Header.Get("Content-Encoding") != want {
			t.Errorf("%q was answered with %q", encoding, got.Header.Get("Content-Encoding"))
		}
		if got.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			!strings.HasPrefix(got.Header.Get("Content-Type"), "text/css") {
			t.Errorf("headers %v", got.Header)
		}
		hasHeaders(t, address, got.Header)
	}
	for _, name := range []string{"/static/app.css", "/static/app.0000000000000000.css", "/static/..%2fembed.go", "/static/%00"} {
		p.want(p.ask("GET", name, ""), 404)
	}
}

func TestTheSamplesAreTheDemosOnly(t *testing.T) {
	p := newPortal(t, nil)
	p.want(p.ask("GET", "/_pages", ""), 404)
	demo := newPortal(t, func(d *Deps) { d.Samples = true })
	list := demo.ask("GET", "/_pages", "")
	demo.want(list, 200, "/_pages/front/0")
	for _, link := range regexp.MustCompile(`/_pages/[a-z_]+/[0-9]+`).FindAllString(list.body, -1) {
		demo.want(demo.ask("GET", link, ""), 200)
	}
	demo.want(demo.ask("GET", "/_pages/front/9", ""), 404)
	demo.want(demo.ask("GET", "/_pages/nothing/0", ""), 404)
}
