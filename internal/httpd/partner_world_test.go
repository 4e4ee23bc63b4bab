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

	"sigportal/internal/casework"
	"sigportal/internal/dbtest"
	"sigportal/internal/draft"
	"sigportal/internal/question"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// city is the portal over a real database with the invented city in it, and
// Amir's intervention in Farsta with a consent in force. The personas stand in
// the header Test-Visitor.
type city struct {
	*portal
	db     *dbtest.Database
	actors map[string]sig.Actor

	intervention sig.InterventionID
	consent      sig.ConsentID
}

var (
	coordinatorSeat = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleCoordinator}
	policeSeat      = sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice}
	counsellorSeat  = sig.Seat{Authority: "utbildning", Unit: "farstaskolan-elevhalsa", Function: sig.RoleSchoolCounsellor}
	mentorSeat      = sig.Seat{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RoleMentor}
	jarvaSeat       = sig.Seat{Authority: "polisen", Unit: "polis-jarva", Function: sig.RolePolice}
)

func newCity(t *testing.T) *city {
	t.Helper()
	db := dbtest.New(t)
	db.SetClock(t, time.Date(2026, 12, 3, 9, 0, 0, 0, sig.Stockholm))
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := &city{db: db, actors: map[string]sig.Actor{}}
	c.portal = newPortal(t, func(d *Deps) {
		d.Sharing = &sharing.Service{DB: db.App(), Sealer: sealer}
		d.Draft = &draft.Service{DB: db.App(), Sealer: sealer}
		d.Question = &question.Service{DB: db.App(), Sealer: sealer}
		d.Casework = &casework.Service{DB: db.App(), Sealer: sealer}
		d.Config.Limits = Limits{PerSecond: 1000, Burst: 1000}
		d.Visitor = func(f *fiber.Ctx) (Visitor, error) {
			actor := c.actors[f.Get("Test-Visitor")]
			return Visitor{Actor: actor, Hat: "hat", Left: 10 * time.Minute}, nil
		}
	})
	c.people()
	c.consented()
	return c
}

func (c *city) exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.db.Super().Exec(context.Background(), sql, args...); err != nil {
		c.t.Fatalf("lay out the city: %v\n%s", err, sql)
	}
}

func (c *city) signIn(persona, hat string) sig.Actor {
	c.t.Helper()
	hash := func(digits string) []byte { sum := sha256.Sum256([]byte(digits)); return sum[:] }
	actor, err := sample.SignIn(c.t.Context(), c.db.App(), hash, persona, hat)
	if err != nil {
		c.t.Fatal(err)
	}
	actor.Session = sig.SessionID{UUID: uuid.New()}
	c.actors[persona] = actor
	return actor
}

func (c *city) takesPart(persona string) {
	c.t.Helper()
	a := c.actors[persona]
	c.exec(`insert into sig.participation (id, intervention, assignment, authority, unit, function, valid_from) values ($1, $2, $3, $4, $5, $6, '2026-11-01')`,
		uuid.New(), c.intervention, a.Assignment, a.Authority, a.Unit, a.Function)
}

func (c *city) people() {
	for persona, hat := range map[string]string{
		"coordinator-farsta": "coordinator", "police-farsta": "community_police", "police-lead-farsta": "community_police",
		"school-counsellor": "school_counsellor", "mentor": "mentor", "registrar-police": "registrar", "police-jarva": "community_police",
		"pupil-health-lead": "",
	} {
		c.signIn(persona, hat)
	}
	amir, sara, omid := uuid.New(), uuid.New(), uuid.New()
	c.intervention = sig.InterventionID{UUID: uuid.New()}
	c.exec(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at) values ($1, 'farsta-sdn', 'Amir Rahimi', '2011-03-15', $2, '\x00', '2026-11-01')`,
		amir, bytes.Repeat([]byte{1}, 32))
	for i, id := range []uuid.UUID{sara, omid} {
		c.exec(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
			values ($1, $2, 'farsta-sdn', $3, $4, '\x00', 'joint', 'manual', '2026-11-01', '2026-11-01')`,
			id, amir, []string{"Sara Rahimi", "Omid Rahimi"}[i], bytes.Repeat([]byte{byte(10 + i)}, 32))
	}
	c.exec(`insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by)
		values ($1, 'ABCD-2345', 'farsta-sdn', $2, 'sig', 'active', '2026-11-30', '2026-11-01', $3)`,
		c.intervention, amir, c.actors["coordinator-farsta"].Assignment)
	for _, persona := range []string{"coordinator-farsta", "police-farsta", "school-counsellor", "mentor"} {
		c.takesPart(persona)
	}
}

func (c *city) consented() {
	c.consent = sig.ConsentID{UUID: uuid.New()}
	c.exec(`insert into sig.consent (id, intervention, version, state, change, prepared_at, activated_at) values ($1, $2, 1, 'active', 'first', '2026-11-20', '2026-11-30')`,
		c.consent, c.intervention)
	c.grant(1, counsellorSeat, coordinatorSeat, "attendance", "plan_goals")
	c.grant(2, counsellorSeat, policeSeat, "attendance")
	c.grant(3, coordinatorSeat, mentorSeat, "plan_goals")
	c.grant(4, coordinatorSeat, counsellorSeat, "plan_goals")
	c.grant(5, counsellorSeat, jarvaSeat, "attendance")
}

func (c *city) grant(row int, from, to sig.Seat, categories ...string) {
	c.t.Helper()
	id := uuid.New()
	c.exec(`insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
			recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, valid_from, valid_to, origin)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'school_attendance', '{farsta}', '2026-12-01 00:00+01', '2027-06-01 00:00+02', $1)`,
		id, c.consent, c.intervention, row, from.Authority, from.Unit, from.Function, to.Authority, to.Unit, to.Function, categories)
}

func (c *city) path(parts ...string) string {
	return casePath(c.intervention) + strings.Join(parts, "")
}

// get opens a page as a persona and gives it parsed.
func (c *city) get(persona, path string, status int) (*goquery.Document, answered) {
	c.t.Helper()
	got := c.ask("GET", path, "", "Test-Visitor", persona)
	c.want(got, status)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	if err != nil {
		c.t.Fatal(err)
	}
	return doc, got
}

// post sends a form as a persona; pairs of name and value.
func (c *city) post(persona, path string, status int, pairs ...string) answered {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	got := c.ask("POST", path, form.Encode(), "Test-Visitor", persona, "Content-Type", "application/x-www-form-urlencoded")
	c.want(got, status)
	return got
}

// writes has a persona write an item through the form, and gives its address.
func (c *city) writes(persona, text string, categories ...string) string {
	c.t.Helper()
	pairs := []string{"key", uuid.NewString(), "text", text}
	for _, category := range categories {
		pairs = append(pairs, "categories", category)
	}
	return c.post(persona, c.path("/items/new"), 303, pairs...).Header.Get("Location")
}

// discloses goes both steps and gives the address of the receipt.
func (c *city) discloses(persona, item string, seat sig.Seat, more ...string) string {
	c.t.Helper()
	pairs := append([]string{"key", uuid.NewString(), "recipients", seatValue(seat), "necessity", "Behövs för planen."}, more...)
	c.post(persona, item+"/disclose", 200, pairs...)
	return c.post(persona, item+"/disclose", 303, append(pairs, "checked", "true")...).Header.Get("Location")
}
