package httpd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/directory"
	"sigportal/internal/draft"
	"sigportal/internal/inquiry"
	"sigportal/internal/oversight"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// town is the portal over a real database, with families whose cases were
// played through the services. Who asks stands in the header Test-Visitor.
type town struct {
	*portal
	*sample.Town
	db     *dbtest.Database
	actors map[string]sig.Actor
}

func newTown(t *testing.T, with ...func(*Deps)) *town {
	t.Helper()
	t.Parallel()
	db := dbtest.New(t)
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &town{Town: sample.NewTown(db.App(), sealer), db: db, actors: map[string]sig.Actor{}}
	w.portal = newPortal(t, func(d *Deps) {
		d.Sharing, d.Casework, d.Consenting, d.Meeting = w.Sharing, w.Casework, w.Consenting, w.Meeting
		d.Plan, d.Question, d.Draft = w.Plan, w.Question, &draft.Service{DB: db.App(), Sealer: sealer}
		d.Directory, d.Oversight = &directory.Service{DB: db.App()}, &oversight.Service{DB: db.App()}
		d.Inquiry = &inquiry.Service{DB: db.App(), Sealer: sealer}
		d.Config.Limits = Limits{PerSecond: 1000, Burst: 1000}
		d.Visitor = func(f *fiber.Ctx) (Visitor, error) {
			return Visitor{Actor: w.actors[f.Get("Test-Visitor")], Hat: "hat", Left: 10 * time.Minute}, nil
		}
		for _, change := range with {
			change(d)
		}
	})
	return w
}

// amir plays Amir's case until it is in force and things have been told.
func (w *town) amir() sample.Story {
	w.t.Helper()
	s, err := w.InForce(w.t.Context(), sample.Families()[0], sig.ProgrammeSIG)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Talk(w.t.Context(), s.Intervention); err != nil {
		w.t.Fatal(err)
	}
	w.signIn("sara", "omid", "amir")
	return s
}

// lina plays Lina's case until only her father has not answered.
func (w *town) lina() sample.Story {
	w.t.Helper()
	s, err := w.Prepared(w.t.Context(), sample.Families()[1], sig.ProgrammeSIG, "lina", "petra")
	if err != nil {
		w.t.Fatal(err)
	}
	w.signIn("anders", "petra", "lina")
	return s
}

// signIn gives people a session, as a login would.
func (w *town) signIn(personas ...string) {
	w.t.Helper()
	for _, persona := range personas {
		a, err := w.As(w.t.Context(), persona, "")
		if err != nil {
			w.t.Fatal(err)
		}
		a.Session = sig.SessionID{UUID: uuid.New()}
		secret := sha256.Sum256([]byte(persona))
		w.exec(`insert into sig.session (id, secret_hash, person, provider, auth_time, created_at, last_seen_at, idle_limit, absolute_limit)
			values ($1, $2, $3, 'eid', now(), now(), now(), '10 minutes', '1 hour')`, a.Session, secret[:], a.Person)
		w.actors[persona] = a
	}
}

// freshLogin is the proof that somebody has just signed in anew for a text.
func (w *town) freshLogin(persona, textHash string) string {
	w.t.Helper()
	id, bound := uuid.New(), sha256.Sum256([]byte(textHash))
	w.exec(`insert into sig.step_up (id, session, person, purpose, bound_hash, auth_time) values ($1, $2, $3, 'sign', $4, clock_timestamp())`,
		id, w.actors[persona].Session, w.actors[persona].Person, bound[:])
	return id.String()
}

func (w *town) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Super().Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("lay out the town: %v\n%s", err, sql)
	}
}

func (w *town) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.db.Super().QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// get opens a page as somebody, in Swedish, and gives it parsed.
func (w *town) get(persona, path string, status int) *goquery.Document {
	w.t.Helper()
	got := w.ask("GET", path, "", "Test-Visitor", persona, "Accept-Language", "sv")
	w.want(got, status)
	return w.read(got)
}

func (w *town) read(got answered) *goquery.Document {
	w.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	if err != nil {
		w.t.Fatal(err)
	}
	return doc
}

// post sends a form as somebody; pairs of name and value.
func (w *town) post(persona, path string, status int, pairs ...string) answered {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	got := w.ask("POST", path, form.Encode(), "Test-Visitor", persona, "Accept-Language", "sv",
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	w.want(got, status)
	return got
}

// link gives the address of the first link that a selector finds.
func (w *town) link(doc *goquery.Document, selector string) string {
	w.t.Helper()
	href, ok := doc.Find(selector).First().Attr("href")
	if !ok {
		w.t.Fatalf("no link %s in: %.1500s", selector, doc.Find("main").Text())
	}
	return href
}

// words gives the text of a part of the page with single spaces.
func inWords(doc *goquery.Document, selector string) string {
	return strings.Join(strings.Fields(doc.Find(selector).Text()), " ")
}
