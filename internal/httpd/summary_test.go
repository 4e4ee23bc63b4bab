package httpd

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// The summary of what is wrong names the field of each fault, in the words
// that stand at the field.
func TestTheSummarySaysWhichFieldIsWrong(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	for path, wants := range map[string]map[string]string{
		c.path("/items/new"): {"#categories": "Vad handlar det om? – ", "#text": "Text – "},
		item + "/disclose":   {"#recipients": "Mottagare – "},
	} {
		got := c.post("school-counsellor", path, 422, "key", "k")
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
		if err != nil {
			t.Fatal(err)
		}
		for at, want := range wants {
			line := doc.Find(`.summary a[href="` + at + `"]`).Text()
			if !strings.HasPrefix(line, want) || strings.TrimPrefix(line, want) == "" {
				t.Errorf("%s: the line for %s reads %q, want %q and what is wrong", path, at, line, want)
			}
		}
		if n := doc.Find(".summary li").Length(); n < len(wants) {
			t.Errorf("%s: %d lines for %d faults", path, n, len(wants))
		}
		if ok := strings.Contains(doc.Find("form").Text(), "Text – "); ok {
			t.Errorf("%s: the field repeats its own name", path)
		}
	}
	if doc, _ := c.get("school-counsellor", c.path("/items/new"), 200); doc.Find(".summary").Length() != 0 {
		t.Error("a form that nobody has sent has a summary of faults")
	}
}
