package login

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/devidp"
	"sigportal/internal/postgres"
)

func TestPeopleOfEachProviderGetTheirPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, one := range []struct {
		word, persona, kind string
		part                func(whoami) string
		id                  string
	}{
		{"staff", "coordinator", "staff", func(n whoami) string { return n.Assignment }, "coordinator"},
		{"police", "officer", "staff", func(n whoami) string { return n.Assignment }, "officer"},
		{"eid", "sara", "guardian", func(n whoami) string { return n.Guardian }, "guardianship"},
		{"eid", "amir", "youth", func(n whoami) string { return n.Youth }, "youth"},
		{"eid", "sure", "guardian", func(n whoami) string { return n.Guardian }, "guardianship"},
	} {
		who := w.who(w.signIn(one.word, one.persona))
		if who.Kind != one.kind || one.part(who) != w.ids[one.id].String() {
			t.Errorf("%s is %+v, want %s %s", one.persona, who, one.kind, w.ids[one.id])
		}
	}
	for _, persona := range []string{"stranger", "unsure"} {
		if who := w.who(w.signIn("eid", persona)); who.Kind != "nobody" || who.Session == "" || who.Guardian+who.Youth+who.Assignment != "" {
			t.Errorf("%s has no part and is %+v, want a session as nobody", persona, who)
		}
	}
	if who := w.who(w.signIn("staff", "newcomer")); who.Kind != "nobody" {
		t.Errorf("an employee outside the directory is %+v, want nobody", who)
	}
	// The same staff key at another provider is another person.
	if who := w.who(w.signIn("police", "pretender")); who.Kind != "nobody" {
		t.Errorf("the city's staff key, said by the police's provider, gave %+v", who)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'sign_in' and outcome = 'allowed'`); n != 9 {
		t.Errorf("nine people signed in, the ledger has %d rows", n)
	}
}

func TestASessionIsValidAtEveryAddressOfThePortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.signIn("staff", "coordinator")
	if who := w.whoAt(browser, w.second); who.Kind != "staff" {
		t.Errorf("at the replica's own address the session is %+v", who)
	}
	// A login that begins at a replica's own address comes back there.
	res, err := devidp.SignIn(devidp.NewBrowser(), w.second, "eid", "sara")
	if err != nil || res.StatusCode != http.StatusOK || "http://"+res.Request.URL.Host != w.second {
		t.Errorf("a login at the replica ended at %v: %v", res.Request.URL, err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/login/staff", nil)
	req.Host = "evil.example"
	answer, err := halted(devidp.NewBrowser()).Do(req)
	if err != nil || answer.StatusCode != http.StatusBadRequest {
		t.Errorf("under a foreign Host a login began: %v %v", answer.StatusCode, err)
	}
}

func TestALowerAssuranceLevelIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := devidp.NewBrowser()
	res, err := devidp.SignIn(browser, w.url, "eid", "low")
	if err != nil || res.StatusCode != http.StatusForbidden || say(res) != "error.acr_too_low" {
		t.Fatalf("level 2 was answered %v, %v", res.StatusCode, err)
	}
	if who := w.who(browser); who.Session != "" {
		t.Errorf("after the refusal there is a session: %+v", who)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'sign_in' and outcome = 'refused' and reason = 'acr_too_low'`); n != 1 {
		t.Errorf("the ledger has %d refusals, want 1", n)
	}
}

func TestAStaffKeyBelongsToWhoHadItFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("staff", "coordinator")
	browser := devidp.NewBrowser()
	res, err := devidp.SignIn(browser, w.url, "staff", "impostor")
	if err != nil || res.StatusCode != http.StatusForbidden || say(res) != "error.staff_key_taken" {
		t.Fatalf("another subject with the same staff key got %v, %v", res.StatusCode, err)
	}
	if who := w.who(browser); who.Session != "" {
		t.Errorf("the second subject has a session: %+v", who)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'sign_in' and reason = 'staff_key_taken'`); n != 1 {
		t.Errorf("the ledger has %d such refusals, want 1", n)
	}
}

func TestAHatIsChosenAndTheSecretChangesWithIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.signIn("staff", "double")
	before := w.who(browser)
	if before.Kind != "nobody" || before.Choices != 2 {
		t.Fatalf("before choosing: %+v", before)
	}
	_, text := w.open(browser, w.url+HatPath)
	var hats []postgres.Hat
	if err := json.Unmarshal([]byte(text), &hats); err != nil || len(hats) != 2 || hats[0].UnitName != "Enheten för unga" {
		t.Fatalf("hats = %s", text)
	}
	old := cookieOf(t, browser, w.url, sessionCookie)
	if status, said := w.post(browser, HatPath, url.Values{"hat": {w.ids["double-b"].String()}}); status != http.StatusOK {
		t.Fatalf("choosing a hat: %d %s", status, said)
	}
	after := w.who(browser)
	if after.Assignment != w.ids["double-b"].String() || after.Function != "social_secretary" || after.Session == before.Session {
		t.Errorf("after choosing: %+v", after)
	}
	thief := withCookie(t, w.url, sessionCookie, old)
	if who := w.who(thief); who.Session != "" || who.Ended != "hat_changed" {
		t.Errorf("the secret from before the choice still opens %+v", who)
	}
	// Somebody else's hat, and one that does not exist, are answered alike.
	for _, foreign := range []string{w.ids["coordinator"].String(), w.ids["youth"].String(), "nonsense"} {
		if status, _ := w.post(browser, HatPath, url.Values{"hat": {foreign}}); status != http.StatusNotFound {
			t.Errorf("hat %s: %d, want 404", foreign, status)
		}
	}
	if who := w.who(browser); who.Assignment != w.ids["double-b"].String() {
		t.Errorf("after refused hats: %+v", who)
	}
}

func TestAClientCannotChooseItsSessionID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chosen := strings.Repeat("A", 43)
	browser := withCookie(t, w.url, sessionCookie, chosen)
	if who := w.who(browser); who.Session != "" {
		t.Fatalf("a made-up secret opened %+v", who)
	}
	if res, err := devidp.SignIn(browser, w.url, "staff", "coordinator"); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(err)
	}
	if got := cookieOf(t, browser, w.url, sessionCookie); got == chosen || len(got) != 43 {
		t.Errorf("after the sign-in the secret is %q", got)
	}
	if who := w.who(withCookie(t, w.url, sessionCookie, chosen)); who.Session != "" {
		t.Errorf("the secret that was planted before the sign-in opens %+v", who)
	}
	session := w.who(browser).Session
	for _, tried := range []string{session, "", "' or true --", strings.Repeat("A", 2000)} {
		if who := w.who(withCookie(t, w.url, sessionCookie, tried)); who.Session != "" {
			t.Errorf("cookie %.40q opened %+v", tried, who)
		}
	}
	if n := w.count(`select count(*) from sig.session where secret_hash = $1`, []byte(cookieOf(t, browser, w.url, sessionCookie))); n != 0 {
		t.Error("the secret itself stands in the database")
	}
}

func TestANewSignInReplacesTheSessionOfTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.signIn("staff", "coordinator")
	first := cookieOf(t, browser, w.url, sessionCookie)
	if res, err := devidp.SignIn(browser, w.url, "eid", "sara"); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(err)
	}
	if who := w.who(browser); who.Kind != "guardian" {
		t.Errorf("after the second sign-in: %+v", who)
	}
	if who := w.who(withCookie(t, w.url, sessionCookie, first)); who.Session != "" || who.Ended != "replaced" {
		t.Errorf("the first session still opens %+v", who)
	}
}

func TestCookiesAreBoundToTheHostAndUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := devidp.NewBrowser()
	res, err := halted(browser).Get(w.url + "/login/staff")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	back := w.comeback(browser, "staff", "coordinator")
	answer, err := halted(browser).Get(back)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	cookies := append(res.Cookies(), answer.Cookies()...)
	seen := map[string]bool{}
	for _, c := range cookies {
		seen[c.Name] = true
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %s: %+v", c.Name, c)
		}
	}
	if !seen[sessionCookie] || !seen[loginCookie] {
		t.Errorf("cookies seen: %v", seen)
	}
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the way back was answered %d, %s", answer.StatusCode, answer.Header.Get("Cache-Control"))
	}
}

func cookieOf(t testing.TB, browser *http.Client, base, name string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range browser.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func withCookie(t *testing.T, base, name, value string) *http.Client {
	t.Helper()
	browser := devidp.NewBrowser()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	browser.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
	return browser
}

// A guardian of two says for whom at every sign-in, and the session knows whose
// guardian it is; with one child there is nothing to tell apart.
func TestAGuardianOfTwoActsForOneOfThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if who := w.who(w.signIn("eid", "sara")); who.Kind != "guardian" || who.About != "" {
		t.Errorf("with one child: %+v", who)
	}
	youth, guardianship := uuid.New(), uuid.New()
	w.exec(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at)
	  values ($1, 'farsta', 'Lea', '2012-05-16', $2, '\x00', sig.now())`, youth, pinHash("201205162383"))
	w.exec(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
	  values ($1, $2, 'farsta', 'Sara', $3, '\x00', 'sole', 'population_register', '2026-01-01', sig.now() - interval '1 day')`,
		guardianship, youth, pinHash(saraNumber))
	w.exec(`insert into sig.intervention (id, case_number, authority, youth, programme, state_since, created_at, created_by)
	  values ($1, 'ABCD-2346', 'farsta', $2, 'sig', sig.now(), sig.now(), $3)`, uuid.New(), youth, w.ids["coordinator"])
	browser := w.signIn("eid", "sara")
	for id, name := range map[uuid.UUID]string{guardianship: "Lea", w.ids["guardianship"]: "Amir"} {
		if status, said := w.post(browser, HatPath, url.Values{"hat": {id.String()}}); status != http.StatusOK {
			t.Fatalf("choosing %s: %d %s", name, status, said)
		}
		if who := w.who(browser); who.Guardian != id.String() || who.About != name {
			t.Errorf("acting for %s: %+v", name, who)
		}
	}
}
