package routetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// variant is one wrong body, or one wrong value in it.
type variant struct {
	what  string
	value any
}

// noText stands where bytes that are no text are put in when a body is written.
const noText = "\ue000"

// variants are the wrong values of what a schema describes, made from a right
// one: each in turn, so that a new field is tried by itself.
func (d *document) variants(s schema, right any, name string) []variant {
	s = d.resolve(s)
	types := typesOf(s)
	var out []variant
	add := func(what string, value any) { out = append(out, variant{what + " in " + name, value}) }
	for kind, value := range map[string]any{
		"a text": "x", "a number": 7, "a yes": true, "a list": []any{"x"}, "an object": map[string]any{"a": 1}, "nothing": nil,
	} {
		of := jsonType(value)
		if kind == "a number" {
			of = "integer"
		}
		if !slices.Contains(types, of) && len(types) > 0 {
			add(kind, value)
		}
	}
	switch v := right.(type) {
	case map[string]any:
		out = append(out, d.variantsOfObject(s, v, name)...)
	case []any:
		if most, ok := s["maxItems"].(float64); ok && len(v) > 0 {
			add("too many", slices.Repeat(v[:1], int(most)+1))
		}
		items, _ := s["items"].(map[string]any)
		if len(v) > 0 {
			for _, wrong := range d.variants(items, v[0], name+".0") {
				out = append(out, variant{wrong.what, append([]any{wrong.value}, v[1:]...)})
			}
		}
	case string:
		out = append(out, variantsOfText(s, v, name)...)
	}
	return out
}

func (d *document) variantsOfObject(s schema, v map[string]any, name string) []variant {
	var out []variant
	change := func(what, property string, value any, drop bool) {
		changed := maps.Clone(v)
		if drop {
			delete(changed, property)
		} else {
			changed[property] = value
		}
		out = append(out, variant{what, changed})
	}
	if s["additionalProperties"] == false {
		change("an unknown field in "+name, "unexpected", 1, false)
		change("a prototype in "+name, "__proto__", map[string]any{}, false)
	}
	required, _ := s["required"].([]any)
	properties := propertiesOf(s)
	for _, property := range slices.Sorted(maps.Keys(v)) {
		at := strings.TrimPrefix(name+"."+property, ".")
		if slices.Contains(required, any(property)) {
			change("no "+at, property, nil, true)
		}
		if s["additionalProperties"] == false {
			cased := maps.Clone(v)
			delete(cased, property)
			cased[strings.ToUpper(property[:1])+property[1:]] = v[property]
			out = append(out, variant{"another spelling of " + at, cased})
		}
		if properties[property] == nil {
			continue // a member that the standard has us pass over
		}
		for _, wrong := range d.variants(properties[property], v[property], at) {
			if wrong.value != nil || slices.Contains(required, any(property)) { // else it says what leaving it out says
				change(wrong.what, property, wrong.value, false)
			}
		}
	}
	return out
}

func variantsOfText(s schema, right, name string) []variant {
	values := map[string]string{
		"a zero byte": "a\x00b", "a text that turns around": "a\u202eb", "bytes that are no text": noText,
		"a hundred thousand letters": strings.Repeat("å", 50000),
	}
	if most, ok := s["maxLength"].(float64); ok {
		values["a letter too many"] = strings.Repeat("a", int(most)+1)
	}
	if s["format"] != nil || s["pattern"] != nil || s["enum"] != nil {
		values["SQL"], values["HTML"], values["a huge number"] = "' or 1=1;--", "<script>", strings.Repeat("9", 40)
	}
	if s["format"] == "uuid" {
		values["another's identifier"] = uuid.NewString()
		values["an identifier without its hyphens"] = strings.ReplaceAll(uuid.NewString(), "-", "")
	}
	if s["format"] == "date" || s["format"] == "date-time" {
		values["no day"] = "2026-02-30"
		values["a time of a far year"] = "99999-01-01T00:00:00Z"
	}
	if s["enum"] != nil || s["pattern"] != nil && s["format"] == nil {
		values["a code that is none"] = "no_such_code"
	}
	var out []variant
	for what, value := range values {
		if value != right {
			out = append(out, variant{what + " in " + name, value})
		}
	}
	return out
}

// tryBadBody sends, as whoever may, each wrong value in turn, bodies that are
// none, and acts without their key. Nothing is taken, and nothing repeated.
func (w *world) tryBadBody(r row) {
	w.t.Helper()
	q := r.request(r.as, r.at)
	described := w.document.find(q.method, q.path)
	if described == nil {
		w.t.Fatalf("%s is not described", r.route)
	}
	standard := strings.HasPrefix(q.path, "/access/")
	if r.body != nil {
		var right any
		_ = json.Unmarshal(q.body, &right)
		for _, wrong := range w.document.variants(described.op.Body.Content["application/json"].Schema, right, "") {
			bad := q
			bad.body, _ = json.Marshal(wrong.value)
			bad.body = []byte(strings.ReplaceAll(string(bad.body), noText, "a\xffb"))
			w.refusedBody(r, wrong.what, bad, standard)
		}
		for _, body := range []string{"", "{", "null", "[]", `"x"`, "7", string(q.body) + "x", strings.Repeat("[", 5000), strings.Repeat(`{"a":`, 5000), "\x00", "\xff\xfe{}"} {
			bad := q
			bad.body = []byte(body)
			w.refusedBody(r, fmt.Sprintf("the body %.10q", body), bad, false)
		}
		for _, kind := range []string{"text/plain", formKind, "application/xml", "multipart/form-data"} {
			bad := q
			bad.kind = kind
			w.refusedBody(r, "a body of "+kind, bad, false)
		}
		w.tooLong(r, q)
	}
	for _, name := range []string{"unexpected", "after", "actor"} {
		bad := q
		bad.path += "?" + name + "=1"
		w.refusedBody(r, "the unknown parameter "+name, bad, false)
	}
	if !r.writes() {
		return
	}
	for _, key := range []string{"", "short", strings.Repeat("k", 65), "a\u202ebcdefgh", "aaaaaaa\xff\xfe"} {
		bad := q
		bad.header = map[string]string{keyHeader: key}
		w.refusedBody(r, fmt.Sprintf("the key %.12q", key), bad, false)
	}
}

// tooLong sends more than a body may be. The portal need not read it to its
// end before it says no, and may close the connection.
func (w *world) tooLong(r row, q request) {
	w.t.Helper()
	most := 1 << 20
	if strings.HasSuffix(r.route, "/papers") {
		most = 30 << 20
	}
	body := `{"x":"` + strings.Repeat("x", most) + `"}`
	req, err := http.NewRequestWithContext(w.t.Context(), q.method, w.origin+q.path, strings.NewReader(body))
	w.must(err, "make a request")
	req.Header.Set("Content-Type", q.kind)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Cookie", w.session(r.as).cookie)
	res, err := browser.Do(req)
	if err != nil {
		return
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		w.t.Errorf("%s with a body that is too long: %d", r.route, res.StatusCode)
	}
}

// refusedBody holds the answer to what is no input. AuthZEN's questions about
// what there is not are answered with no.
func (w *world) refusedBody(r row, what string, q request, standard bool) {
	w.t.Helper()
	got := w.ask(q)
	if standard && got.status == http.StatusOK && !strings.Contains(got.body, "true") {
		return
	}
	if got.status < 400 || got.status >= 500 || got.status == http.StatusTooManyRequests || got.status == http.StatusUnauthorized && levelOf[r.route] != "step_up" {
		w.t.Errorf("%s with %s: %d: %s", r.route, what, got.status, brief(got))
	}
	for _, sent := range []string{"drop table", "or 1=1", "<script"} {
		if strings.Contains(got.body, sent) {
			w.t.Errorf("%s with %s repeats what was sent: %s", r.route, what, brief(got))
		}
	}
}
