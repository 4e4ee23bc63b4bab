package routetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/api"
	"sigportal/internal/httpd"
)

// row is one route, tried by somebody who may and by all who may not, in a
// state of the city in which only the person makes the difference.
type row struct {
	route string   // as `sigportal routes` prints it
	at    []string // the values of the path's parameters, in their order
	query string
	as    string         // who may
	form  url.Values     // what the form sends
	body  map[string]any // what a program sends
	file  []byte         // the file in the form's field scan
	key   string         // the program's idempotency key
	dav   string         // what a calendar program sends
	head  [][2]string    // and the headers besides
	want  int            // the answer to whoever may: 200 for pages unless told
	says  []string       // what stands in it
	hides []string       // and what does not
	// barred are people whom the level lets through and the rules do not; they
	// get what an unknown identifier gets.
	barred []string
	// blank are people who get an empty list, the same as for what is not there.
	blank []string
	// known are people who know that the thing exists, but may not do this.
	known map[string]int
	then  func(answer)
	input *input // how the bad input of this row is made, where it is not plain
}

// trial is what has been tried of one route.
type trial struct{ allowed, barred int }

// levels of all routes, as `sigportal routes` prints them.
func levels() map[string]string {
	all := map[string]string{}
	for _, r := range httpd.Routes() {
		all[r.Method+" "+r.Path] = string(r.Level)
	}
	for _, r := range api.Routes() {
		all[r.Method+" "+r.Path] = string(r.Level)
	}
	return all
}

// path fills a route's parameters.
func (r row) path(values []string) string {
	_, pattern, _ := strings.Cut(r.route, " ")
	parts := strings.Split(pattern, "/")
	n := 0
	for i, part := range parts {
		if strings.HasPrefix(part, ":") && n < len(values) {
			parts[i] = url.PathEscape(values[n])
			n++
		}
	}
	path := strings.Join(parts, "/")
	if r.query != "" {
		path += "?" + r.query
	}
	return path
}

func (r row) method() string { m, _, _ := strings.Cut(r.route, " "); return m }

func (r row) forPrograms() bool { return api1(r.path(r.at)) }

func api1(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/access/") || strings.HasPrefix(path, "/.well-known/authzen")
}

// request is the row's request by somebody, about these objects.
func (r row) request(who string, at []string) request {
	q := request{who: who, method: r.method(), path: r.path(at), header: map[string]string{}}
	for _, h := range r.head {
		q.header[h[0]] = h[1]
	}
	switch {
	case r.dav != "":
		q.kind, q.body = "application/xml; charset=utf-8", []byte(r.dav)
	case r.body != nil:
		q.kind = "application/json"
		q.body, _ = json.Marshal(r.body)
	case r.file != nil:
		q.kind, q.body = withFile(r.form, r.file)
	case r.form != nil || (q.method == http.MethodPost && !r.forPrograms()):
		q.kind, q.body = formKind, []byte(r.form.Encode())
	}
	r.withKey(q)
	return q
}

// send posts another form than the row's own, with its file.
func (w *world) send(r row, sent url.Values) answer {
	w.t.Helper()
	r.form = sent
	return w.ask(r.request(r.as, r.at))
}

// withFile is a form with a file in it, under a name that nobody should use. A
// value under the file's own field is sent as the file.
func withFile(form url.Values, file []byte) (kind string, body []byte) {
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	for name, values := range form {
		for _, value := range values {
			if name == "scan" {
				file = []byte(value)
				continue
			}
			_ = m.WriteField(name, value)
		}
	}
	part, _ := m.CreateFormFile("scan", "../../etc/x\u202egnp.exe\r\nX: y")
	_, _ = part.Write(file)
	_ = m.Close()
	return m.FormDataContentType(), out.Bytes()
}

// try tries rows in their order: first everybody who may not, then bad input,
// then whoever may.
func (w *world) try(rows ...row) {
	w.t.Helper()
	for _, r := range rows {
		w.tryOne(r)
	}
}

func (w *world) tryOne(r row) answer {
	w.t.Helper()
	level, there := levelOf[r.route]
	if !there {
		w.t.Fatalf("there is no route %s", r.route)
	}
	seen := w.tried[r.route]
	if seen == nil {
		seen = &trial{}
		w.tried[r.route] = seen
	}
	seen.barred += w.tryBarred(r, level)
	w.tryBad(r)
	q := r.request(r.as, r.at)
	got := w.ask(q)
	want := r.want
	if want == 0 {
		want = http.StatusOK
	}
	if got.status != want {
		w.t.Errorf("%s by %s, who may: %d, want %d: %s", r.route, r.as, got.status, want, brief(got))
		return got
	}
	seen.allowed++
	w.tryAgain(r, q, got)
	for _, text := range r.says {
		if !strings.Contains(got.body, text) {
			w.t.Errorf("%s by %s does not say %q: %s", r.route, r.as, text, brief(got))
		}
	}
	for _, text := range r.hides {
		if strings.Contains(got.body, text) {
			w.t.Errorf("%s by %s says %q", r.route, r.as, text)
		}
	}
	if r.then != nil {
		r.then(got)
	}
	return got
}

var levelOf = levels()

// tryBarred has everybody ask who may not; the database stays as it is.
func (w *world) tryBarred(r row, level string) int {
	w.t.Helper()
	before := w.state()
	n := 0
	if level == "public" {
		n += w.tryPublic(r)
	} else {
		w.tryAnonymous(r)
		n++
		for _, who := range append(strangers(level, r.forPrograms(), ofOneself[r.route]), r.barred...) {
			w.tryStranger(r, who)
			n++
		}
		for _, who := range r.blank {
			w.session(who)
			nowhere := elsewhere(r.at)
			got := w.ask(r.request(who, r.at))
			w.same(r, who, got, w.ask(r.request(who, nowhere)), nowhere)
			if strings.Contains(got.body, r.at[0]) || len(got.body) > 40 {
				w.t.Errorf("%s by %s is no empty list: %s", r.route, who, brief(got))
			}
			n++
		}
		for who, status := range r.known {
			if got := w.ask(r.request(who, r.at)); got.status != status {
				w.t.Errorf("%s by %s, who may not: %d, want %d: %s", r.route, who, got.status, status, brief(got))
			}
			n++
		}
		if r.method() != http.MethodGet {
			w.tryOtherSite(r)
		}
	}
	w.unchanged(before, "%s by whoever may not", r.route)
	return n
}

// ofOneself are the programs' routes about nothing but the caller's own
// sessions, open to somebody without any part too.
var ofOneself = map[string]bool{
	"GET /api/v1/me": true, "GET /api/v1/hats": true, "GET /api/v1/sessions": true, "DELETE /api/v1/sessions/:session": true,
}

// strangers are those whom a level keeps out, whatever the object.
func strangers(level string, programs, open bool) []string {
	const nobody, family, staff = "loa2", "disa", "caseworker-farsta"
	switch {
	case level == "hat":
		return []string{nobody, family}
	case level == "citizen":
		return []string{nobody, staff}
	case level == "step_up", programs && !open:
		return []string{nobody}
	}
	return nil
}

// tryAnonymous asks without a session: to sign in, and nothing else.
func (w *world) tryAnonymous(r row) {
	w.t.Helper()
	nowhere := elsewhere(r.at)
	got := w.ask(r.request("", r.at))
	other := w.ask(r.request("", nowhere))
	if got.status != http.StatusUnauthorized || other.status != http.StatusUnauthorized {
		w.t.Errorf("%s without a session: %d, and about nothing %d; want 401", r.route, got.status, other.status)
		return
	}
	if len(nowhere) > 0 {
		w.same(r, "nobody signed in", got, other, nowhere)
	}
}

// tryStranger asks about the thing and about one that is not there.
func (w *world) tryStranger(r row, who string) {
	w.t.Helper()
	w.session(who)
	got := w.ask(r.request(who, r.at))
	if got.status != http.StatusNotFound {
		w.t.Errorf("%s by %s, who may not: %d, want 404: %s", r.route, who, got.status, brief(got))
		return
	}
	if len(r.at) == 0 {
		q := r.request(who, nil)
		q.path = "/no-such-thing"
		if r.forPrograms() {
			q.path = "/api/v1/no-such-thing"
		}
		other := w.ask(q)
		w.same(r, who, got, other, []string{q.path})
		return
	}
	nowhere := elsewhere(r.at)
	w.same(r, who, got, w.ask(r.request(who, nowhere)), nowhere)
}

// same holds a refusal to the answer about what does not exist.
func (w *world) same(r row, who string, got, other answer, nowhere []string) {
	w.t.Helper()
	mine := append(append([]string{}, r.at...), r.request(who, r.at).path)
	if got.status != other.status {
		w.t.Errorf("%s by %s: %d, but %d for what does not exist", r.route, who, got.status, other.status)
	}
	if a, b := got.whole(mine...), other.whole(nowhere...); a != b {
		w.t.Errorf("%s by %s tells it from what does not exist: %s", r.route, who, difference(a, b))
	}
}

func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("…%q\nand …%q", a[from:min(len(a), i+80)], b[from:min(len(b), i+80)])
}

// elsewhere is an identifier in the place of each, of the same form, that
// names nothing.
func elsewhere(at []string) []string {
	var out []string
	for _, one := range at {
		if _, err := uuid.Parse(one); err == nil {
			out = append(out, uuid.NewString())
		} else {
			out = append(out, strings.Repeat("Z", len(one)))
		}
	}
	return out
}

// tryOtherSite has another site's page send the request in the name of
// somebody who may.
func (w *world) tryOtherSite(r row) {
	w.t.Helper()
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"} {
		q := r.request(r.as, r.at)
		if name == "Origin" {
			q.header["Sec-Fetch-Site"] = ""
		}
		q.header[name] = value
		if name == "Origin" && q.method == http.MethodOptions {
			continue // it asks for nothing
		}
		if got := w.ask(q); got.status != http.StatusForbidden {
			w.t.Errorf("%s from another site (%s): %d, want 403", r.route, name, got.status)
		}
	}
}

// tryPublic: a page for all has no one who may not read it; what it changes
// may not be changed from another site, and what it shows may not be embedded
// in another's page.
func (w *world) tryPublic(r row) int {
	w.t.Helper()
	q := r.request(r.as, r.at)
	q.header["Sec-Fetch-Site"] = "cross-site"
	q.header["Sec-Fetch-Mode"] = "no-cors"
	q.header["Sec-Fetch-Dest"] = "iframe"
	got := w.ask(q)
	if r.route == "POST /logout/:provider/backchannel" {
		return 0 // the provider's server calls it, and proves itself by its token: its own test
	}
	if got.status != http.StatusForbidden {
		w.t.Errorf("%s embedded by another site: %d, want 403", r.route, got.status)
	}
	if r.method() != http.MethodGet {
		w.tryOtherSite(r)
	}
	return 1
}

func brief(a answer) string {
	if strings.Contains(a.header.Get("Content-Type"), "html") {
		return fmt.Sprintf("%.600s", words(a.page(), "main"))
	}
	return fmt.Sprintf("%.600s", a.body)
}
