package login

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sigportal/internal/devidp"
)

// TestAnAnswerIsUsedOnceByTheBrowserThatAsked is the table HI-C: the answer of
// an honest provider, carried to the portal in ways that it was not meant for.
func TestAnAnswerIsUsedOnceByTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change := func(address, name string, values ...string) string {
		u, _ := url.Parse(address)
		q := u.Query()
		q.Del(name)
		for _, v := range values {
			q.Add(name, v)
		}
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, carry := range map[string]func(back string) string{
		"state absent":            func(b string) string { return change(b, "state") },
		"state another":           func(b string) string { return change(b, "state", random()) },
		"state twice":             func(b string) string { return b + "&state=x" },
		"code absent":             func(b string) string { return change(b, "code") },
		"code another":            func(b string) string { return change(b, "code", "x") },
		"code twice":              func(b string) string { return b + "&code=x" },
		"iss absent":              func(b string) string { return change(b, "iss") },
		"iss another":             func(b string) string { return change(b, "iss", "https://evil.example") },
		"iss of our police":       func(b string) string { return change(b, "iss", w.idp.Issuer("police")) },
		"iss twice":               func(b string) string { return b + "&iss=" + url.QueryEscape(w.idp.Issuer("staff")) },
		"at the police's address": func(b string) string { return strings.Replace(b, "/login/staff/", "/login/police/", 1) },
		"at no provider's":        func(b string) string { return strings.Replace(b, "/login/staff/", "/login/none/", 1) },
		"at the other replica":    func(b string) string { return strings.Replace(b, w.url, w.second, 1) },
		"an error beside the code": func(b string) string {
			return b + "&error=" + url.QueryEscape("<script>alert(1)</script>")
		},
	} {
		browser := devidp.NewBrowser()
		back := w.comeback(browser, "staff", "coordinator")
		status, said := w.open(browser, carry(back))
		if status < 400 || status >= 500 || strings.Contains(said, "<") {
			t.Errorf("%s: answered %d %s", name, status, said)
		}
		if who := w.who(browser); who.Session != "" {
			t.Errorf("%s: signed in as %+v", name, who)
		}
	}
	if n := w.count(`select count(*) from sig.session`); n != 0 {
		t.Errorf("%d sessions were opened", n)
	}
}

func TestAnAnswerOpensNothingTwiceNorElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := devidp.NewBrowser(), devidp.NewBrowser()
	back := w.comeback(victim, "staff", "coordinator")
	if status, said := w.open(thief, back); status != http.StatusBadRequest || said != "error.login_expired" {
		t.Errorf("in another browser the answer gave %d %s", status, said)
	}
	// The stolen state is spent, so it is useless to its owner as well.
	if status, _ := w.open(victim, back); status != http.StatusBadRequest {
		t.Errorf("after the theft the answer gave %d", status)
	}
	back = w.comeback(victim, "staff", "coordinator")
	if status, said := w.open(victim, back); status != http.StatusOK {
		t.Fatalf("the right answer gave %d %s", status, said)
	}
	first := w.who(victim).Session
	if status, _ := w.open(victim, back); status != http.StatusBadRequest {
		t.Errorf("the same answer again gave %d", status)
	}
	if who := w.who(victim); who.Session != first {
		t.Errorf("the repetition changed the session: %+v", who)
	}
	// Login CSRF: the attacker's own answer, opened by the victim.
	own := w.comeback(thief, "police", "officer")
	other := devidp.NewBrowser()
	if status, _ := w.open(other, own); status != http.StatusBadRequest || w.who(other).Session != "" {
		t.Errorf("the attacker's answer signed the victim in (%d)", status)
	}
	// Code injection: the victim's code under the attacker's state.
	mine, yours := devidp.NewBrowser(), devidp.NewBrowser()
	a, _ := url.Parse(w.comeback(mine, "staff", "coordinator"))
	b, _ := url.Parse(w.comeback(yours, "staff", "double"))
	q := a.Query()
	q.Set("code", b.Query().Get("code"))
	a.RawQuery = q.Encode()
	if status, said := w.open(mine, a.String()); status != http.StatusForbidden || said != "error.login_failed" {
		t.Errorf("somebody else's code gave %d %s", status, said)
	}
}

func TestALoginThatTookTooLongBeginsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := devidp.NewBrowser()
	back := w.comeback(browser, "staff", "coordinator")
	w.exec(`update sig.login_attempt set began_at = began_at - interval '11 minutes'`)
	if status, said := w.open(browser, back); status != http.StatusBadRequest || said != "error.login_expired" {
		t.Errorf("after eleven minutes: %d %s", status, said)
	}
	res, err := halted(browser).Get(w.url + "/login/staff")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if n := w.count(`select count(*) from sig.login_attempt`); n != 1 {
		t.Errorf("old attempts are kept: %d", n)
	}
}

func TestAReturnAddressStaysInThePortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, address := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "paper/1",
		"/a\r\nSet-Cookie: x=y", "/" + strings.Repeat("a", 600), "/x?y=//evil.example#@", "/../../x y", "/%2f/evil.example", "",
	} {
		if got := homeward(address); got != StartPath {
			t.Errorf("%.40q leads to %q", address, got)
		}
	}
	browser := devidp.NewBrowser()
	page, err := browser.Get(w.url + "/login/staff?return=/paper/7%3Fa%3D1")
	if err != nil {
		t.Fatal(err)
	}
	res, err := devidp.Choose(browser, page, "coordinator")
	if err != nil || res.Request.URL.RequestURI() != "/paper/7?a=1" {
		t.Errorf("came back to %v, %v", res.Request.URL, err)
	}
}

// TestMixUp is the table HI-M: beside the honest providers stands one that is
// configured, and hostile.
func TestMixUp(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	w := newWorld(t, h.provider())
	var stolen url.Values
	h.mu.Lock()
	h.token = func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		stolen = r.PostForm
		rw.WriteHeader(http.StatusBadRequest)
	}
	h.mu.Unlock()

	// The browser begins at the hostile provider, which passes it on to the
	// honest one and hopes that the portal brings it the honest code.
	browser := devidp.NewBrowser()
	res, err := halted(browser).Get(w.url + "/login/hostile")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	sent, _ := url.Parse(res.Header.Get("Location"))
	state := sent.Query().Get("state")
	other := devidp.NewBrowser()
	honest, _ := url.Parse(w.comeback(other, "staff", "coordinator"))
	for _, path := range []string{"/login/staff/callback", "/login/hostile/callback"} {
		q := honest.Query()
		q.Set("state", state)
		status, said := w.open(browser, w.url+path+"?"+q.Encode())
		if status != http.StatusBadRequest {
			t.Errorf("the honest code under the hostile login's state at %s: %d %s", path, status, said)
		}
	}
	if stolen != nil {
		t.Errorf("the hostile token endpoint was shown a code: %v", stolen.Get("code"))
	}

	// A token for the right nonce, signed by the hostile provider, that says it
	// comes from the honest one; and one that names the honest subject.
	for name, claims := range map[string]func(nonce string) map[string]any{
		"iss of the honest provider": func(nonce string) map[string]any {
			return with(with(h.claims(time.Now()), "nonce", nonce), "iss", w.idp.Issuer("staff"))
		},
		"the honest subject": func(nonce string) map[string]any {
			c := with(with(h.claims(time.Now()), "nonce", nonce), "sub", "sub-coordinator")
			return with(c, devidp.ClaimOrgAffiliation, "E1001@farsta")
		},
	} {
		browser := devidp.NewBrowser()
		res, err := halted(browser).Get(w.url + "/login/hostile")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		sent, _ := url.Parse(res.Header.Get("Location"))
		h.mu.Lock()
		h.token = func(rw http.ResponseWriter, _ *http.Request) {
			writeJSON(rw, map[string]any{"access_token": "a", "token_type": "Bearer",
				"id_token": h.sign(claims(sent.Query().Get("nonce")))})
		}
		h.mu.Unlock()
		w.open(browser, w.url+"/login/hostile/callback?code=c&state="+url.QueryEscape(sent.Query().Get("state")))
		if who := w.who(browser); who.Assignment != "" {
			t.Errorf("%s: the hostile provider made itself %+v", name, who)
		}
	}
	if who := w.who(w.signIn("staff", "coordinator")); who.Assignment != w.ids["coordinator"].String() {
		t.Errorf("afterwards the coordinator is %+v", who)
	}
}

// TestTokenEndpoints: what a token endpoint may answer without the portal
// falling over, believing it, or following it.
func TestTokenEndpoints(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	w := newWorld(t, h.provider())
	for name, one := range map[string]struct {
		answer http.HandlerFunc
		status int
	}{
		"a redirect": {func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, w.url, http.StatusFound) }, 503},
		"a 500":      {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(500) }, 503},
		"a 400":      {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(400) }, 403},
		"HTML":       {func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) }, 503},
		"form data": {func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/plain")
			_, _ = rw.Write([]byte("access_token=a&id_token=b"))
		}, 503},
		"5 MB": {func(rw http.ResponseWriter, _ *http.Request) {
			writeJSON(rw, map[string]any{"access_token": strings.Repeat("a", 5<<20)})
		}, 503},
		"no id_token": {func(rw http.ResponseWriter, _ *http.Request) { writeJSON(rw, map[string]any{"access_token": "a"}) }, 403},
		"a number": {func(rw http.ResponseWriter, _ *http.Request) {
			writeJSON(rw, map[string]any{"access_token": "a", "id_token": 1})
		}, 403},
		"broken JSON": {func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = rw.Write([]byte(`{"access_`))
		}, 503},
	} {
		h.mu.Lock()
		h.token = one.answer
		h.mu.Unlock()
		browser := devidp.NewBrowser()
		res, err := halted(browser).Get(w.url + "/login/hostile")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		sent, _ := url.Parse(res.Header.Get("Location"))
		status, said := w.open(browser, w.url+"/login/hostile/callback?code=c&state="+url.QueryEscape(sent.Query().Get("state")))
		if status != one.status {
			t.Errorf("%s: %d %s, want %d", name, status, said, one.status)
		}
	}
	if n := w.count(`select count(*) from sig.session`); n != 0 {
		t.Errorf("%d sessions were opened", n)
	}
}

func TestAProviderThatIsDownCostsItsOwnLoginsOnly(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	w := newWorld(t, h.provider())
	staff := w.signIn("staff", "coordinator")
	h.server.Close()
	if status, said := w.open(devidp.NewBrowser(), w.url+"/login/hostile"); status != http.StatusServiceUnavailable || said != "error.idp_unavailable" {
		t.Errorf("a login there: %d %s", status, said)
	}
	if who := w.who(staff); who.Kind != "staff" {
		t.Errorf("a session from elsewhere is %+v", who)
	}
	w.signIn("eid", "sara")
	w.idp.Close()
	if who := w.who(staff); who.Kind != "staff" {
		t.Errorf("with its own provider down the session is %+v", who)
	}
	res, err := halted(staff).PostForm(w.url+"/logout", nil)
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing out with the provider down: %v", err)
	}
	_ = res.Body.Close()
	if who := w.who(staff); who.Session != "" {
		t.Errorf("after signing out: %+v", who)
	}
}
