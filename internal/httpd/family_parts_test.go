package httpd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/paper"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// copier is a program whose PDF is the page that it was given.
func copier(t *testing.T) *paper.Printer {
	t.Helper()
	program := filepath.Join(t.TempDir(), "chromium")
	script := `#!/bin/bash
for a; do case $a in --print-to-pdf=*) out="${a#*=}";; file://*) in="${a#file://}";; esac; done
{ printf '%%PDF-1.4 '; cat "$in"; } > "$out"
`
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := paper.New(program)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// opened has the counsellor open the same text so many times: each is a line of
// the diary, one every minute, as no two lines are then the same.
func (w *town) opened(id sig.InterventionID, times int) {
	w.t.Helper()
	counsellor, err := w.As(w.t.Context(), "school-counsellor", "")
	if err != nil {
		w.t.Fatal(err)
	}
	var item sig.ItemID
	if err := w.db.Super().QueryRow(w.t.Context(), `select id from sig.item where author = $1 limit 1`, counsellor.Assignment).Scan(&item); err != nil {
		w.t.Fatal(err)
	}
	for range times {
		if _, err := w.Sharing.OpenItem(w.t.Context(), counsellor, id, item); err != nil {
			w.t.Fatal(err)
		}
	}
}

// partOf is what a document says of itself, with how many lines it holds.
func partOf(t *testing.T, body string) (name string, lines int) {
	t.Helper()
	html, ok := strings.CutPrefix(body, "%PDF-1.4 ")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil || !ok {
		t.Fatalf("no document: %v %.80q", err, body)
	}
	return doc.Find("main > p > strong").First().Text(), doc.Find(".feed > li").Length()
}

// A diary that is too long for one document comes in parts, each with its days:
// together they hold what the page holds, whatever is written meanwhile.
func TestALongDiaryComesInParts(t *testing.T) {
	w := newTown(t, func(d *Deps) { d.Printer = copier(t) })
	id := w.amir().Intervention
	path := diaryPath(id)
	pdf := `main a[href*="/extract.pdf"]`
	if short := w.get("sara", path, 200).Find(pdf); short.Length() != 1 || short.Text() != "Hämta som PDF" {
		t.Errorf("a short diary offers %q", short.Text())
	}
	w.opened(id, sharing.PartSize+20)
	page := w.get("sara", path, 200)
	parts := page.Find(pdf)
	if parts.Length() != 2 || !regexp.MustCompile(`^Del 1: \d+ \p{L}+ 20\d\d`).MatchString(parts.First().Text()) {
		t.Fatalf("the page offers %d parts, %q", parts.Length(), parts.Text())
	}
	if strings.Contains(inWords(page, "main"), "420") {
		t.Error("the page says how many lines there are")
	}
	whole := strings.Count(w.ask("GET", path+"/extract", "", "Test-Visitor", "sara", "Accept-Language", "sv").body, "\r\n") - 1
	total, from := 0, ""
	parts.Each(func(n int, link *goquery.Selection) {
		got := w.ask("GET", link.AttrOr("href", ""), "", "Test-Visitor", "sara", "Accept-Language", "sv")
		w.want(got, 200)
		name, lines := partOf(t, got.body)
		if name != link.Text() || lines > sharing.PartSize || lines == 0 {
			t.Errorf("%q holds %d lines and calls itself %q", link.Text(), lines, name)
		}
		if (got.Header.Get("Link") != "") != (n == 0) {
			t.Errorf("part %d leads on to %q", n+1, got.Header.Get("Link"))
		}
		total += lines
		from = link.AttrOr("href", "")
		w.opened(id, 3)
	})
	if total != whole {
		t.Errorf("the parts hold %d lines, the file %d", total, whole)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'extract_ledger' and outcome = 'allowed' and guardian = $1`, w.actors["sara"].Guardian); n != 3 {
		t.Errorf("%d rows of the ledger for one file and two parts", n)
	}
	w.partsAreWhole(id)
	w.partsAreTheirReadersAlone(id, from)
}

// partsAreWhole holds the parts to the whole line by line, while one more is
// written before each.
func (w *town) partsAreWhole(id sig.InterventionID) {
	w.t.Helper()
	sara := w.actors["sara"]
	whole, err := w.Sharing.DiaryExtract(w.t.Context(), sara, id)
	if err != nil {
		w.t.Fatal(err)
	}
	page, err := w.Sharing.Diary(w.t.Context(), sara, id, sharing.DiaryPlace{})
	if err != nil {
		w.t.Fatal(err)
	}
	var lines []sharing.DiaryRow
	for n, part := range page.Parts {
		w.opened(id, 1)
		doc, err := w.Sharing.DiaryDocument(w.t.Context(), sara, id, &part)
		if err != nil || doc.Part.Number != n+1 {
			w.t.Fatalf("part %d is %+v: %v", n+1, doc, err)
		}
		lines = append(lines, doc.Rows...)
	}
	if !slices.EqualFunc(lines, whole.Rows, func(a, b sharing.DiaryRow) bool { return a.Ledger == b.Ledger }) {
		w.t.Errorf("the parts hold %d lines and the whole %d, or others", len(lines), len(whole.Rows))
	}
}

// partsAreTheirReadersAlone: nobody else's, and nobody's who is cut off between
// two of them.
func (w *town) partsAreTheirReadersAlone(id sig.InterventionID, part string) {
	w.t.Helper()
	path := extractPath(id) + ".pdf"
	w.get("omid", part, 400)
	first, rest := part[strings.Index(part, "=")+1], part[strings.Index(part, "=")+2:]
	for _, bad := range []string{"abc", "%00", map[bool]string{true: "B", false: "A"}[first == 'A'] + rest, strings.Repeat("x", 401)} {
		w.get("sara", path+"?after="+bad, 400)
	}
	newest := w.ask("GET", path, "", "Test-Visitor", "sara", "Accept-Language", "ar")
	w.want(newest, 200)
	if name, lines := partOf(w.t, newest.body); !strings.Contains(name, "الجزء 1:") || lines != sharing.PartSize {
		w.t.Errorf("asked for none, %q came with %d lines", name, lines)
	}
	next := regexp.MustCompile(`^<([^>]+)>; rel="next"$`).FindStringSubmatch(newest.Header.Get("Link"))
	if next == nil {
		w.t.Fatalf("the newest part leads on to %q", newest.Header.Get("Link"))
	}
	w.want(w.ask("GET", next[1], "", "Test-Visitor", "sara"), 200)
	before := w.count(`select count(*) from sig.ledger where kind = 'extract_ledger' and outcome = 'allowed'`)
	w.exec(`update sig.guardianship set valid_to = sig.now() where id = $1`, w.actors["sara"].Guardian)
	cut := w.ask("GET", next[1], "", "Test-Visitor", "sara")
	w.want(cut, 404)
	if strings.Contains(cut.body, "%PDF") || before != w.count(`select count(*) from sig.ledger where kind = 'extract_ledger' and outcome = 'allowed'`) {
		w.t.Error("whoever is cut off is given another part")
	}
}
