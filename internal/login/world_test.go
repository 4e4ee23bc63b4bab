package login

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/devidp"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// Numbers of the tax agency's series for tests: they belong to nobody.
const (
	saraNumber = "198304129821"
	amirNumber = "201103152391"
)

// world is a portal with two addresses, the test providers, and a small
// directory: a coordinator, somebody with two assignments, a police officer, a
// guardian, a youth, and people without any part.
type world struct {
	t       testing.TB
	db      *dbtest.Database
	idp     *devidp.Server
	service *Service
	clock   *clock
	url     string // the shared address
	second  string // a replica's own
	ids     map[string]uuid.UUID
}

func pinHash(digits string) []byte {
	sum := sha256.Sum256([]byte("test key" + digits))
	return sum[:]
}

func newWorld(t testing.TB, extra ...Provider) *world {
	t.Helper()
	w := &world{t: t, db: dbtest.New(t), clock: &clock{}, ids: map[string]uuid.UUID{}}
	idp, err := devidp.Start(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(idp.Close)
	w.idp = idp
	first, second := listen(t), listen(t)
	w.url, w.second = "http://"+first.Addr().String(), "http://"+second.Addr().String()
	key := &ClientKey{ID: "portal-1", Algorithm: "ES256", Signer: newECKey(t)}
	cfg := Config{Bases: []string{w.url, w.second}, PINHash: pinHash, Now: w.clock.now, Providers: slices.Clone(extra)}
	for _, word := range []string{"staff", "police", "eid"} {
		p := Provider{
			Word: word, Title: word, Kind: KindStaff, Issuer: idp.Issuer(word), ClientID: "portal", Key: key,
			Algorithms: []string{"ES256"}, ACR: []string{devidp.LoA3}, Scopes: []string{devidp.ScopePersonInfo, devidp.ScopePersonOrgID},
		}
		if word == "eid" {
			p.Kind, p.Scopes = KindCitizen, []string{devidp.ScopePersonInfo, devidp.ScopePersonNumber}
		}
		cfg.Providers = append(cfg.Providers, p)
		if err := idp.Register(devidp.PortalClient(word, "portal", key.Public(), w.url, w.second)); err != nil {
			t.Fatal(err)
		}
	}
	if err := idp.People(people()...); err != nil {
		t.Fatal(err)
	}
	if w.service, err = New(w.db.App(), cfg); err != nil {
		t.Fatal(err)
	}
	w.fill()
	w.serve(first)
	w.serve(second)
	return w
}

func people() []devidp.Persona {
	staff := func(id, word, key string) devidp.Persona {
		return devidp.Persona{ID: id, Name: "Test " + id, Issuer: word, Subject: "sub-" + id,
			Claims: map[string]any{devidp.ClaimOrgAffiliation: key}}
	}
	citizen := func(id, claim, number string) devidp.Persona {
		return devidp.Persona{ID: id, Name: "Test " + id, Issuer: "eid", Subject: "sub-" + id, Claims: map[string]any{claim: number}}
	}
	low := citizen("low", devidp.ClaimPersonalNumber, saraNumber)
	low.ACR = devidp.LoA2
	unsure := citizen("unsure", devidp.ClaimCoordinationNumber, saraNumber)
	unsure.Claims[devidp.ClaimCoordinationNumberLevel] = "probable"
	sure := citizen("sure", devidp.ClaimCoordinationNumber, saraNumber)
	sure.Claims[devidp.ClaimCoordinationNumberLevel] = "confirmed"
	return []devidp.Persona{
		staff("coordinator", "staff", "E1001@farsta"), staff("double", "staff", "E1002@farsta"),
		staff("newcomer", "staff", "E9999@farsta"), staff("impostor", "staff", "E1001@farsta"),
		staff("officer", "police", "P1@polisen"), staff("pretender", "police", "E1001@farsta"),
		citizen("sara", devidp.ClaimPersonalNumber, saraNumber), citizen("amir", devidp.ClaimPersonalNumber, amirNumber),
		citizen("stranger", devidp.ClaimPersonalNumber, "199002042388"), low, unsure, sure,
	}
}

// fill lays out the directory and one family, past all walls.
func (w *world) fill() {
	w.t.Helper()
	for _, name := range []string{"coordinator", "double-a", "double-b", "officer", "guardianship", "youth", "intervention"} {
		w.ids[name] = uuid.New()
	}
	w.exec(`insert into sig.identity_provider values ('staff', 'staff', $1), ('police', 'staff', $1), ('eid', 'citizen', null), ('hostile', 'staff', $1)`,
		devidp.ClaimOrgAffiliation)
	w.exec(`insert into sig.authority (id, kind, name, municipality, public_body) values
	  ('farsta', 'district_board', 'Farsta stadsdelsnämnd', '0180', true), ('polisen', 'police', 'Polismyndigheten', null, true)`)
	w.exec(`insert into sig.branch (id, authority, name, regime) values
	  ('farsta-ifo', 'farsta', 'Individ och familj', 'social_26_1'), ('polisen-lokal', 'polisen', 'Lokalpolisområde', 'police_35_1')`)
	w.exec(`insert into sig.unit (id, branch, authority, name) values
	  ('farsta-unga', 'farsta-ifo', 'farsta', 'Enheten för unga'), ('lpo-farsta', 'polisen-lokal', 'polisen', 'Lokalpolisområde Farsta')`)
	for _, one := range []struct{ id, issuer, key, unit, authority, function string }{
		{"coordinator", "staff", "E1001@farsta", "farsta-unga", "farsta", "coordinator"},
		{"double-a", "staff", "E1002@farsta", "farsta-unga", "farsta", "coordinator"},
		{"double-b", "staff", "E1002@farsta", "farsta-unga", "farsta", "social_secretary"},
		{"officer", "police", "P1@polisen", "lpo-farsta", "polisen", "community_police"},
	} {
		w.exec(`insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		  values ($1, $2, $3, 'Directory name', $4, $5, $6, sig.now() - interval '1 day')`,
			w.ids[one.id], one.issuer, one.key, one.unit, one.authority, one.function)
	}
	w.exec(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at)
	  values ($1, 'farsta', 'Amir', '2011-03-15', $2, '\x00', sig.now())`, w.ids["youth"], pinHash(amirNumber))
	w.exec(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
	  values ($1, $2, 'farsta', 'Sara', $3, '\x00', 'sole', 'population_register', '2026-01-01', sig.now() - interval '1 day')`,
		w.ids["guardianship"], w.ids["youth"], pinHash(saraNumber))
	w.exec(`insert into sig.intervention (id, case_number, authority, youth, programme, state_since, created_at, created_by)
	  values ($1, 'ABCD-2345', 'farsta', $2, 'sig', sig.now(), sig.now(), $3)`, w.ids["intervention"], w.ids["youth"], w.ids["coordinator"])
}

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Super().Exec(w.t.Context(), statement, args...); err != nil {
		w.t.Fatalf("%s: %v", strings.Fields(statement)[0:3], err)
	}
}

func (w *world) count(statement string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.db.Super().QueryRow(w.t.Context(), statement, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// whoami is what the test's pages say about who asks.
type whoami struct {
	Kind, Session, Assignment, Guardian, Youth, Unit, Function, Ended, About string
	Left                                                                     float64
	Choices                                                                  int
}

func (w *world) serve(at net.Listener) {
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, ErrorHandler: sayFault})
	app.Use(func(c *fiber.Ctx) error { c.SetUserContext(w.t.Context()); return c.Next() })
	w.service.Mount(app)
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("front") })
	app.Get(StartPath, w.showWho)
	app.Get("/paper/:id", w.showWho)
	app.Get(HatPath, func(c *fiber.Ctx) error {
		hats, err := w.service.Hats(c)
		if err != nil {
			return err
		}
		return c.JSON(hats)
	})
	app.Get("/sessions", func(c *fiber.Ctx) error {
		lines, err := w.service.Sessions(c)
		if err != nil {
			return err
		}
		return c.JSON(lines)
	})
	app.Get("/forms", func(c *fiber.Ctx) error {
		c.Set("Content-Security-Policy", "default-src 'none'; form-action 'self' "+strings.Join(w.service.FormActions(), " "))
		c.Type("html")
		return c.SendString(`<form method="post" action="/step"><button id="sign" name="bound" value="v">Sign</button></form>
			<form method="post" action="/logout"><button id="leave">Leave</button></form>`)
	})
	app.Post("/step", func(c *fiber.Ctx) error {
		return w.service.StartStepUp(c, "sign_consent", c.FormValue("bound"), "/paper/1")
	})
	app.Post("/sign", w.sign)
	go func() { _ = app.Listener(at) }()
	w.t.Cleanup(func() { _ = app.Shutdown() })
}

func (w *world) showWho(c *fiber.Ctx) error {
	now, err := w.service.Current(c)
	if err != nil {
		return err
	}
	who := whoami{Kind: string(now.Actor.Kind), Ended: string(now.Ended), Left: now.Left().Seconds(), Choices: now.Choices, About: now.Youth,
		Unit: string(now.Actor.Unit), Function: string(now.Actor.Function)}
	for text, id := range map[*string]uuid.UUID{
		&who.Session: now.Actor.Session.UUID, &who.Assignment: now.Actor.Assignment.UUID,
		&who.Guardian: now.Actor.Guardian.UUID, &who.Youth: now.Actor.Youth.UUID,
	} {
		if id != uuid.Nil {
			*text = id.String()
		}
	}
	return c.JSON(who)
}

func (w *world) sign(c *fiber.Ctx) error {
	actor, _, err := w.service.Actor(c)
	if err != nil {
		return err
	}
	proof, err := uuid.Parse(c.FormValue("proof"))
	if err != nil {
		return fault.Missing()
	}
	return w.db.App().Do(c.UserContext(), actor, func(tx *postgres.Tx) error {
		_, err := postgres.ConsumeStepUp(c.UserContext(), tx, postgres.StepUpID{UUID: proof}, BoundHash(c.FormValue("bound")))
		return err
	})
}

func sayFault(c *fiber.Ctx, err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return c.Status(500).SendString(err.Error())
	}
	status := map[fault.Kind]int{fault.NotFound: 404, fault.Denied: 403, fault.Malformed: 400, fault.Unavailable: 503, fault.StepUp: 401}[wrong.Kind]
	return c.Status(status).SendString(wrong.Code)
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// signIn signs a persona in with a browser of its own.
func (w *world) signIn(word, persona string) *http.Client {
	w.t.Helper()
	browser := devidp.NewBrowser()
	res, err := devidp.SignIn(browser, w.url, word, persona)
	if err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s could not sign in: %v %v", persona, err, say(res))
	}
	return browser
}

func (w *world) who(browser *http.Client) whoami { return w.whoAt(browser, w.url) }

func (w *world) whoAt(browser *http.Client, base string) whoami {
	w.t.Helper()
	res, err := browser.Get(base + StartPath)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var who whoami
	if err := json.NewDecoder(res.Body).Decode(&who); err != nil {
		w.t.Fatal(err)
	}
	return who
}

// post sends a form and gives status and text of what came at the end.
func (w *world) post(browser *http.Client, path string, form url.Values) (int, string) {
	w.t.Helper()
	res, err := browser.PostForm(w.url+path, form)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, say(res)
}

func say(res *http.Response) string {
	if res == nil {
		return "no answer"
	}
	text, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	return string(text)
}

// halted is a browser that stops at the first redirect, so that a test can
// look at it or carry it elsewhere.
func halted(browser *http.Client) *http.Client {
	stopped := *browser
	stopped.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &stopped
}

// comeback walks a login up to the address at the portal that the provider
// sends the browser back to, and stops before opening it.
func (w *world) comeback(browser *http.Client, word, persona string) string {
	w.t.Helper()
	back := ""
	walker := *browser
	walker.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(next.URL.Path, "/login/") && strings.HasSuffix(next.URL.Path, "/callback") {
			back = next.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	if _, err := devidp.SignIn(&walker, w.url, word, persona); err != nil || back == "" {
		w.t.Fatalf("the provider did not send %s back: %v", persona, err)
	}
	return back
}

func (w *world) open(browser *http.Client, address string) (int, string) {
	w.t.Helper()
	res, err := browser.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, say(res)
}
