package routetest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// hostile is text that means something to a database and to a browser, and to
// the portal is only text: whoever may writes it in earnest.
const hostile = `Robert'); drop table sig.item;-- <script>alert(1)</script> "x" & y`

// filled opens a page and gives the form that goes to an address, as a browser
// would send it unchanged, with some values set: pairs of name and value; a
// name that comes again has several values, and an empty name is no field.
func (w *world) filled(who, page, to string, pairs ...string) url.Values {
	w.t.Helper()
	got := w.get(who, page)
	if got.status != http.StatusOK {
		w.t.Fatalf("%s by %s: %d: %s", page, who, got.status, brief(got))
	}
	f := got.page().Find(`main form[action="` + to + `"]`).First()
	if f.Length() == 0 {
		w.t.Fatalf("%s by %s has no form to %s: %s", page, who, to, brief(got))
	}
	values := valuesOf(f)
	set := map[string]bool{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !set[pairs[i]] {
			values.Del(pairs[i])
		}
		set[pairs[i]] = true
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// worn is the field that says under which hat a form was opened. The forms here
// are sent by others, too, each under the own hat; package httpd tries the field.
const worn = "as"

// valuesOf is what a browser sends of a form, but for the hat; no button is pressed.
func valuesOf(f *goquery.Selection) url.Values {
	values := url.Values{}
	f.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		kind := s.AttrOr("type", "")
		_, ticked := s.Attr("checked")
		switch {
		case name == "", name == worn:
		case s.Is("select"):
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option")
			}
			values.Add(name, chosen.First().AttrOr("value", ""))
		case s.Is("textarea"):
			values.Add(name, s.Text())
		case kind != "checkbox" && kind != "radio", ticked:
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	return values
}

// choice is the value of the box or choice whose label has a text.
func (w *world) choice(who, page, label string) string {
	w.t.Helper()
	doc := w.get(who, page).page()
	value := ""
	doc.Find("main label").EachWithBreak(func(_ int, l *goquery.Selection) bool {
		if !strings.Contains(l.Text(), label) {
			return true
		}
		value = doc.Find(`[id="`+l.AttrOr("for", "")+`"]`).AttrOr("value", "")
		return value == ""
	})
	if value == "" {
		doc.Find("main option").EachWithBreak(func(_ int, o *goquery.Selection) bool {
			if strings.Contains(o.Text(), label) {
				value = o.AttrOr("value", "")
			}
			return value == ""
		})
	}
	if value == "" {
		w.t.Fatalf("%s by %s offers no %q: %s", page, who, label, words(doc, "main"))
	}
	return value
}

// location is the last part of where an answer leads.
func location(a answer) string {
	to, _, _ := strings.Cut(a.header.Get("Location"), "?")
	return to[strings.LastIndex(to, "/")+1:]
}

func queryValue(query, name string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get(name)
}
