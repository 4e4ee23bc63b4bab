package routetest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// session is one browser of somebody.
type session struct {
	cookie string
	id     sig.SessionID
	asked  int
}

// mostAsked stays inside what one session may ask at once, so that no answer
// is the limit's.
const mostAsked = 120

// session gives somebody's session: a persona, with a hat after a slash where
// the first will not do. Opening one is what a login does at its end.
func (w *world) session(who string) *session {
	w.t.Helper()
	if s := w.sessions[who]; s != nil && s.asked < mostAsked {
		s.asked++
		return s
	}
	s := w.signIn(who)
	w.sessions[who] = s
	s.asked++
	return s
}

func (w *world) signIn(who string) *session {
	w.t.Helper()
	ctx := w.t.Context()
	persona, hat, _ := strings.Cut(who, "/")
	actor, err := w.town.As(ctx, persona, hat)
	w.must(err, "sign in "+who)
	if (actor.Kind == sig.ActorNobody) != (persona == "loa2") {
		w.t.Fatalf("%s signs in as %s: the test needs them in their part", who, actor.Kind)
	}
	p, err := sample.Find(persona)
	w.must(err, "find "+persona)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	value := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(value))
	s := &session{cookie: "__Host-sig=" + value}
	err = w.town.App.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		s.id, err = tx.OpenSession(ctx, postgres.NewSession{
			SecretHash: hash[:], Person: actor.Person, Provider: p.Issuer, AuthTime: tx.Now(), Created: tx.Now(), Choices: 1,
			Hat:  postgres.Hat{Kind: actor.Kind, Assignment: actor.Assignment, Guardian: actor.Guardian, Youth: actor.Youth},
			Idle: time.Hour, Absolute: 10 * time.Hour, Language: "sv", Browser: "other",
		})
		return err
	})
	w.must(err, "open a session")
	return s
}

// answer is what the portal said.
type answer struct {
	status int
	header http.Header
	body   string
}

// page reads an answer as HTML.
func (a answer) page() *goquery.Document {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		panic(err) // reading from a string does not fail
	}
	return doc
}

// words is the text of a part of a page with single spaces.
func words(doc *goquery.Document, selector string) string {
	return strings.Join(strings.Fields(doc.Find(selector).Text()), " ")
}

var browser = &http.Client{
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
}

// request is one request as it goes out.
type request struct {
	who          string // empty: without a session
	method, path string
	kind         string // of the body
	body         []byte
	header       map[string]string
}

// ask sends a request in somebody's session, from the portal's own pages.
func (w *world) ask(r request) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), r.method, w.origin+r.path, bytes.NewReader(r.body))
	w.must(err, "make a request")
	req.Header.Set("Accept-Language", "sv")
	if r.method != http.MethodGet {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if r.kind != "" {
		req.Header.Set("Content-Type", r.kind)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	if r.who != "" {
		req.Header.Add("Cookie", w.session(r.who).cookie)
	}
	res, err := browser.Do(req)
	w.must(err, r.method+" "+r.path)
	text, err := io.ReadAll(res.Body)
	w.must(err, "read the answer")
	_ = res.Body.Close()
	got := answer{res.StatusCode, res.Header, string(text)}
	w.holdAnswer(r, got)
	return got
}

const formKind = "application/x-www-form-urlencoded"

func (w *world) get(who, path string) answer {
	w.t.Helper()
	return w.ask(request{who: who, method: http.MethodGet, path: path})
}

func (w *world) post(who, path string, form url.Values) answer {
	w.t.Helper()
	return w.ask(request{who: who, method: http.MethodPost, path: path, kind: formKind, body: []byte(form.Encode())})
}

// whole is everything of an answer but what is each answer's own: the request
// id, the instant, and the identifiers that the reader sent themselves.
func (a answer) whole(sent ...string) string {
	var b strings.Builder
	var names []string
	for name := range a.header {
		if name != "Date" && name != "X-Request-Id" && name != "Content-Length" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		b.WriteString(name + ": " + strings.Join(a.header[name], ", ") + "\n")
	}
	b.WriteString(a.body)
	text := strings.ReplaceAll(b.String(), a.header.Get("X-Request-Id"), "REQUEST")
	for _, one := range sent {
		text = strings.ReplaceAll(text, one, "SENT")
		text = strings.ReplaceAll(text, url.QueryEscape(one), "SENT")
	}
	return text
}

// form makes form values of pairs.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}
