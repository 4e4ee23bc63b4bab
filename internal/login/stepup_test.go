package login

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sigportal/internal/devidp"
)

// stepUp signs a persona in anew for the bound text and gives the proof, or
// what was answered instead.
func (w *world) stepUp(browser *http.Client, bound, persona string) (proof, said string) {
	w.t.Helper()
	page, err := browser.PostForm(w.url+"/step", url.Values{"bound": {bound}})
	if err != nil {
		w.t.Fatal(err)
	}
	if !strings.HasSuffix(page.Request.URL.Path, "/signin") {
		return "", say(page)
	}
	res, err := devidp.Choose(browser, page, persona)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.Request.URL.Query().Get("step_up"), say(res)
}

func (w *world) trySign(browser *http.Client, proof, bound string) int {
	status, _ := w.post(browser, "/sign", url.Values{"proof": {proof}, "bound": {bound}})
	return status
}

func TestASignatureNeedsTheSamePersonAnewForTheSameText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sara := w.signIn("eid", "sara")
	before := w.who(sara)
	proof, said := w.stepUp(sara, "version 1", "sara")
	if proof == "" {
		t.Fatalf("the fresh login gave no proof: %s", said)
	}
	if after := w.who(sara); after.Session != before.Session {
		t.Errorf("the session did not go on: %+v", after)
	}
	if status := w.trySign(sara, proof, "version 2"); status != http.StatusUnauthorized {
		t.Errorf("for another version: %d, want 401", status)
	}
	amir := w.signIn("eid", "amir")
	if status := w.trySign(amir, proof, "version 1"); status != http.StatusUnauthorized {
		t.Errorf("in another person's session: %d, want 401", status)
	}
	if again := w.signIn("eid", "sara"); w.trySign(again, proof, "version 1") != http.StatusUnauthorized {
		t.Error("the proof worked in another session of the same person")
	}
	if status := w.trySign(sara, proof, "version 1"); status != http.StatusOK {
		t.Errorf("for what was on the screen: %d, want 200", status)
	}
	if status := w.trySign(sara, proof, "version 1"); status != http.StatusUnauthorized {
		t.Errorf("a second time: %d, want 401", status)
	}
}

func TestAnotherPersonComingBackSignsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sara := w.signIn("eid", "sara")
	proof, said := w.stepUp(sara, "version 1", "amir")
	if proof != "" || said != "error.step_up_other_person" {
		t.Fatalf("another person came back and got %q %s", proof, said)
	}
	if n := w.count(`select count(*) from sig.step_up`); n != 0 {
		t.Errorf("%d proofs were kept", n)
	}
	if who := w.who(sara); who.Kind != "guardian" {
		t.Errorf("whose session is it now? %+v", who)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'sign_in' and reason = 'step_up_other_person'`); n != 1 {
		t.Errorf("the ledger has %d such refusals", n)
	}
	// A lower level proves nothing either, though the number is the same.
	if proof, said := w.stepUp(sara, "version 1", "low"); proof != "" || said != "error.acr_too_low" {
		t.Errorf("a lower level got %q %s", proof, said)
	}
}

func TestAnOldProofSignsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sara := w.signIn("eid", "sara")
	proof, _ := w.stepUp(sara, "version 1", "sara")
	w.exec(`update sig.step_up set auth_time = auth_time - interval '301 seconds'`)
	if status := w.trySign(sara, proof, "version 1"); status != http.StatusUnauthorized {
		t.Errorf("after five minutes: %d, want 401", status)
	}
	proof, _ = w.stepUp(sara, "version 1", "sara")
	w.post(sara, "/logout", nil)
	if status := w.trySign(sara, proof, "version 1"); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d, want 401", status)
	}
	for _, nonsense := range []string{"", "x", "00000000-0000-0000-0000-000000000000"} {
		if status := w.trySign(w.signIn("eid", "sara"), nonsense, "version 1"); status == http.StatusOK {
			t.Errorf("proof %q signed", nonsense)
		}
	}
}

func TestAFreshLoginCannotBeCarriedToAnotherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sara, amir := w.signIn("eid", "sara"), w.signIn("eid", "amir")
	res, err := halted(sara).PostForm(w.url+"/step", url.Values{"bound": {"v"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	// Somebody brings the login cookie and the address to the other browser.
	amir.Jar.SetCookies(res.Request.URL, res.Cookies())
	page, err := amir.Get(res.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	back, err := devidp.Choose(amir, page, "sara")
	if err != nil || back.StatusCode != http.StatusBadRequest || say(back) != "error.login_expired" {
		t.Errorf("the carried login was answered %v %v", back.StatusCode, err)
	}
	if n := w.count(`select count(*) from sig.step_up`); n != 0 {
		t.Errorf("%d proofs were kept", n)
	}
}
