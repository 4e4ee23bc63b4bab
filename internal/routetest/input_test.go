package routetest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// input says what of a row's input is not plain.
type input struct {
	from     string   // the page that has the form, where it is not the route's own
	action   string   // where that form goes, where a button of it goes to the route
	optional []string // fields that may be left out or empty
	free     []string // hidden fields that may hold any text
	conflict []string // fields whose wrong values are answered as changed meanwhile
	brief    bool     // the same form is tried with everything at another route
	none     bool     // whatever is sent besides the button is passed over
	one      bool     // exactly one of the fields is sent
}

func (in *input) may(list []string, field string) bool {
	return in != nil && slices.Contains(list, field)
}

// What no field takes, whatever it is for.
var poisons = map[string]string{
	"a zero byte":                "a\x00b",
	"a text that turns around":   "a\u202eb",
	"an isolated text":           "a\u2066b",
	"bytes that are no text":     "a\xff\xfeb",
	"a hundred thousand letters": strings.Repeat("å", 50000),
	"a line separator":           "a\u2028b",
}

// What no choice, day, tick or hidden value takes.
var unchosen = map[string]string{
	"SQL":           "' or 1=1; drop table sig.item;--",
	"HTML":          `"><script>alert(1)</script>`,
	"a huge number": "99999999999999999999999999999999",
	"a negative":    "-1",
	"a path":        "../../../etc/passwd",
}

// tryBad sends, as whoever may, what is no input of the row: each field in
// turn. Nothing of it is taken, nothing is a fault of the portal's own, and the
// page comes back with the words at the field and what else was typed.
func (w *world) tryBad(r row) {
	w.t.Helper()
	if w.spoiled[r.route] || r.input != nil && r.input.none || r.method() == http.MethodGet || levelOf[r.route] == "public" && r.form == nil {
		return
	}
	w.spoiled[r.route] = true
	before := w.state()
	if r.forPrograms() {
		w.tryBadBody(r)
	} else {
		w.tryBadForm(r)
	}
	w.unchanged(before, "%s with bad input", r.route)
}

// field is one field of a form as the page shows it.
type field struct {
	name  string
	kind  string // text, textarea, select, radio, checkbox, hidden, date, button
	many  bool   // several boxes under one name
	shown bool   // the page has it
}

func (f field) typed() bool {
	return f.kind != "hidden" && (f.kind == "text" || f.kind == "textarea" || f.kind == "email" || f.kind == "tel" || f.kind == "search")
}

// visible fields have a place on the page where words about them can stand.
func (f field) visible() bool { return f.shown && f.kind != "hidden" && f.kind != "button" }

// fieldsOf are the fields of the rendered form, so that a new one is tried by
// itself, and those that the row sends besides.
func (w *world) fieldsOf(r row) []field {
	w.t.Helper()
	var fields []field
	at := map[string]int{}
	if page := w.formPage(r); page != "" {
		action := r.path(r.at)
		if r.input != nil && r.input.action != "" {
			action = r.input.action
		}
		doc := w.get(r.as, page).page()
		doc.Find(`main form[action="` + action + `"]`).Find("input, select, textarea, button").Each(func(_ int, s *goquery.Selection) {
			name := s.AttrOr("name", "")
			if name == "" || name == worn {
				return
			}
			kind := goquery.NodeName(s)
			if kind == "input" {
				kind = s.AttrOr("type", "text")
			}
			if n, again := at[name]; again {
				fields[n].many = fields[n].many || kind == "checkbox"
				return
			}
			at[name] = len(fields)
			fields = append(fields, field{name: name, kind: kind, shown: true})
		})
		if len(fields) == 0 && len(r.form) > 0 {
			w.t.Errorf("%s: %s has no form for it", r.route, page)
		}
	}
	var more []string
	for name := range r.form {
		if _, there := at[name]; !there {
			more = append(more, name)
		}
	}
	sort.Strings(more)
	for _, name := range more {
		like := field{kind: "hidden"} // a further row is like the first
		if n := slices.IndexFunc(fields, func(f field) bool { return row1(f.name) == row1(name) }); n >= 0 {
			like = fields[n]
		}
		fields = append(fields, field{name: name, kind: like.kind, many: like.many})
	}
	return fields
}

var number = regexp.MustCompile(`\.\d+\.`)

// row1 is a field's name as it is in the first row.
func row1(name string) string { return number.ReplaceAllString(name, ".0.") }

// formPage is the page with the row's form, or empty.
func (w *world) formPage(r row) string {
	if r.input != nil && r.input.from != "" {
		return r.input.from
	}
	_, pattern, _ := strings.Cut(r.route, " ")
	if _, there := levelOf["GET "+pattern]; there {
		return row{route: "GET " + pattern}.path(r.at)
	}
	return ""
}

func (w *world) tryBadForm(r row) {
	w.t.Helper()
	fields := w.fieldsOf(r)
	for _, f := range fields {
		if r.input != nil && r.input.one && r.form.Get(f.name) == "" {
			continue
		}
		for what, value := range poisons {
			if (f.name != row1(f.name) || r.input != nil && r.input.brief) && what != "a zero byte" {
				continue // the first row, or the other route, is tried with everything
			}
			w.refused(r, fields, f, what, with(r.form, f.name, value))
		}
		if f.name == row1(f.name) && (r.input == nil || !r.input.brief) {
			w.overLimit(r, fields, f)
		}
		if !f.typed() && f.name == row1(f.name) && f.name != "key" && f.name != "draft" && (r.input == nil || !r.input.may(r.input.free, f.name)) {
			for what, value := range unchosen {
				if r.input != nil && r.input.brief && what != "SQL" {
					continue
				}
				w.refused(r, fields, f, what, with(r.form, f.name, value))
			}
		}
		if given := r.form[f.name]; len(given) == 1 && !f.many {
			w.refused(r, fields, f, "twice", twoOf(r.form, f.name, given[0]))
		}
		if f.name == "draft" || r.input.may(optionalOf(r), f.name) || r.form.Get(f.name) == "" {
			continue
		}
		w.refused(r, fields, f, "nothing", with(r.form, f.name, ""))
		left := with(r.form, f.name, "")
		left.Del(f.name)
		w.refused(r, fields, f, "not at all", left)
	}
	for _, unknown := range []string{"unexpected", "actor", "id", "grants.0.nothing", "__proto__"} {
		if got := w.send(r, with(r.form, unknown, "1")); got.status != http.StatusBadRequest {
			w.t.Errorf("%s with a field %s that no form of it has: %d, want 400: %s", r.route, unknown, got.status, brief(got))
		}
	}
	for kind, body := range map[string]string{"application/json": "{}", "multipart/form-data; boundary=x": "--x--", "": r.form.Encode(), formKind: "%zz=1"} {
		got := w.ask(request{who: r.as, method: r.method(), path: r.path(r.at), kind: kind, body: []byte(body)})
		if got.status != http.StatusBadRequest {
			w.t.Errorf("%s with a body of %q: %d, want 400: %s", r.route, kind, got.status, brief(got))
		}
	}
}

func optionalOf(r row) []string {
	if r.input == nil {
		return nil
	}
	return r.input.optional
}

func twoOf(f url.Values, name, value string) url.Values {
	out := with(f, name, value)
	out[name] = append(out[name], value)
	return out
}

var limit = regexp.MustCompile(`högst (\d+) tecken`)

// overLimit sends one letter more than the page says that a text may have.
func (w *world) overLimit(r row, fields []field, f field) {
	w.t.Helper()
	if !f.typed() {
		return
	}
	got := w.send(r, with(r.form, f.name, strings.Repeat("å", 50000)))
	said := limit.FindStringSubmatch(words(got.page(), ".summary"))
	if said == nil {
		return // its own form is checked before its length
	}
	var most int
	_, _ = fmt.Sscan(said[1], &most)
	w.refused(r, fields, f, fmt.Sprintf("%d letters", most+1), with(r.form, f.name, strings.Repeat("å", most+1)))
}

// refused holds an answer to a form that is not right.
func (w *world) refused(r row, fields []field, f field, what string, sent url.Values) {
	w.t.Helper()
	got := w.send(r, sent)
	name := fmt.Sprintf("%s with %s in %s", r.route, what, f.name)
	switch {
	case got.status == http.StatusUnprocessableEntity:
		w.cameBack(r, name, fields, f, sent, got.page())
	case got.status == http.StatusConflict && r.input != nil && r.input.may(r.input.conflict, f.name):
	case got.status == http.StatusBadRequest && (!f.typed() || what == "twice" || what == "not at all"):
	case got.status == http.StatusNotFound && (f.kind == "hidden" || f.kind == "button"):
	default:
		w.t.Errorf("%s: %d: %s", name, got.status, brief(got))
	}
}

// cameBack holds the page of a form that was not right: what else was typed is
// there, and the summary leads to the field.
func (w *world) cameBack(r row, name string, fields []field, f field, sent url.Values, page *goquery.Document) {
	w.t.Helper()
	for _, other := range fields {
		if !other.typed() || other.name == f.name || len(sent[other.name]) != 1 {
			continue
		}
		if kept := valuesOf(page.Find("main")).Get(other.name); strings.TrimSpace(kept) != strings.TrimSpace(sent.Get(other.name)) {
			w.t.Errorf("%s: what was typed in %s is lost: %.60q", name, other.name, kept)
		}
	}
	summary := page.Find(".summary a")
	if summary.Length() == 0 {
		if f.visible() {
			w.t.Errorf("%s: the summary leads nowhere: %s", name, words(page, ".summary"))
		}
		return
	}
	leads := false
	for _, a := range summary.EachIter() {
		id := strings.TrimPrefix(a.AttrOr("href", ""), "#")
		leads = leads || strings.HasPrefix(id, f.name) || number.MatchString(id) && strings.HasPrefix(f.name, id[:strings.LastIndex(id, ".")])
		if f.visible() && page.Find(`[id="`+id+`"]`).Length() == 0 {
			w.t.Errorf("%s: the summary leads to %q, which is not on the page", name, id)
		}
	}
	if f.visible() && !leads {
		w.t.Errorf("%s: the summary does not lead to the field: %s", name, words(page, ".summary"))
	}
	if strings.TrimSpace(words(page, ".fault")) == "" && f.typed() {
		w.t.Errorf("%s: no words stand at the field", name)
	}
}
