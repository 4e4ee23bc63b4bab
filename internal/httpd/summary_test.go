package httpd

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/casework"
	"sigportal/internal/words"
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

// What the empty radar says that it looks for is what it looks for.
func TestTheEmptyRadarNamesItsDays(t *testing.T) {
	for _, lang := range []string{"sv", "en", "ar"} {
		text := words.For(lang).T("radar.empty")
		for _, days := range []int{casework.RadarEndsDays, casework.RadarSilentDays, casework.RadarBirthdayDays, casework.RadarAheadDays, 15, 18} {
			if !slices.Contains(regexp.MustCompile(`\d+`).FindAllString(text, -1), strconv.Itoa(days)) {
				t.Errorf("%s: the empty radar does not say %d: %s", lang, days, text)
			}
		}
	}
}
