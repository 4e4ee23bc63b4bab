package httpd

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// The registrar tells two guardians' requests for the file apart, in the list and
// on the page, by whose file it is and who asks. No address names anybody.
func TestTheRegistrarTellsRequestsForTheFileApart(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention) + "/inquiries"
	w.signIn("registrar-farsta")
	for who, key := range map[string]string{"sara": "k1", "omid": "k2"} {
		w.post(who, path, 303, "key", key, "kind", "file", "words", "Jag vill läsa akten.")
	}
	w.exec(`update sig.youth set protection = 'marked' where name = 'Amir Rahimi'`)
	list := w.get("registrar-farsta", "/inquiries", 200)
	rows := list.Find(".feed > li")
	if rows.Length() != 2 {
		t.Fatalf("%d requests, want 2", rows.Length())
	}
	for _, name := range []string{"Sara Rahimi", "Omid Rahimi"} {
		lines := rows.FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Text(), "Den som begär: "+name) })
		if lines.Length() != 1 {
			t.Fatalf("%d lines name %s", lines.Length(), name)
		}
		href, _ := lines.Find("a").Attr("href")
		for at, text := range map[string]string{"the list": inWords(list, "main"), "the page": inWords(w.get("registrar-farsta", href, 200), "main")} {
			for _, want := range []string{"Gäller: Amir Rahimi", "Sekretessmarkering", "Den som begär: " + name} {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q: %s", at, want, text)
				}
			}
		}
		if strings.Contains(strings.ToLower(href), "rahimi") {
			t.Errorf("the address names somebody: %s", href)
		}
	}
}
