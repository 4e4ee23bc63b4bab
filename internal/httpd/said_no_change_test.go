package httpd

import (
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// saysNo says no on the page of a version, and gives the page that answers.
func (w *town) saysNo(persona, version string) string {
	w.t.Helper()
	got := w.post(persona, version+"/refuse", 303)
	var flash string
	for _, c := range got.Cookies() {
		if strings.HasSuffix(c.Name, "flash") {
			flash = c.Name + "=" + c.Value
		}
	}
	answer := w.ask("GET", "/start", "", "Test-Visitor", persona, "Accept-Language", "sv", "Cookie", flash)
	w.want(answer, 200)
	return inWords(w.read(answer), "body")
}

// A no to a change is a no to the change: what was said yes to before goes on and
// is read, so nobody is told that nothing is shared, and the way to take it back
// stands beside the no. The coordinator is told, by a mail and on Today.
func TestANoToAChangeSaysThatTheRestGoesOn(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("coordinator-farsta", "police-farsta")
	view, err := w.Consenting.Amend(t.Context(), w.actors["coordinator-farsta"], s.Intervention)
	if err != nil {
		t.Fatal(err)
	}
	version := consentPath(view.Preparing.ID)
	w.exec(`update sig.consent_grant set valid_to = valid_to + interval '3 days' where consent = $1`, view.Preparing.ID)
	w.explainsToAll("coordinator-farsta", version+"/explain")
	page := w.get("sara", version+"/refuse", 200)
	if text := inWords(page, "main"); !strings.Contains(text, "Vill du säga nej till ändringen?") ||
		!strings.Contains(text, "Det som redan gäller fortsätter att gälla, tills någon tar tillbaka det") || strings.Contains(text, "delas inget") {
		t.Errorf("before her no Sara reads %q", text)
	}
	w.get("sara", w.link(page, "main a[href$='/withdraw']"), 200)
	answer := w.saysNo("sara", version)
	if !strings.Contains(answer, "Du har sagt nej till ändringen. Det som gällde förut fortsätter att gälla.") || strings.Contains(answer, "Inget delas") {
		t.Errorf("after her no Sara reads %.800q", answer)
	}
	if n := w.count(`select count(*)::int from sig.consent where state = 'active'`); n != 1 {
		t.Fatalf("%d versions are in force", n)
	}
	today := inWords(w.get("coordinator-farsta", "/start", 200), "main")
	if !strings.Contains(today, "Någon har sagt nej") || !strings.Contains(today, "Nej till en ändring") {
		t.Errorf("the coordinator's Today: %.600s", today)
	}
	if strings.Contains(inWords(w.get("police-farsta", "/start", 200), "main"), "sagt nej") {
		t.Error("the police are told of a no")
	}
	w.tells("coordinator-farsta")
}

// tells holds that a mail about news of a consent may leave to exactly these.
func (w *town) tells(personas ...string) {
	w.t.Helper()
	if n := w.count(`select count(*)::int from sig.mail where kind = 'consent_news'`); n != len(personas) {
		w.t.Errorf("%d mails were queued, want %d", n, len(personas))
	}
	for _, one := range personas {
		if n := w.count(`select count(*)::int from sig.mail where kind = 'consent_news' and assignment = $1 and sig.mail_entitled(id)`, w.actors[one].Assignment); n != 1 {
			w.t.Errorf("%d mails may leave to %s, want one", n, one)
		}
	}
}

// A guardian's no to the first consent ends it, and the coordinator finds it on
// Today for a fortnight; that of a twelve-year-old waits for the social
// secretary, who is told as well, until a position is taken. A no that has been
// gone against is no news, and no mail about it leaves.
func TestANoToTheFirstConsentIsTold(t *testing.T) {
	w := newTown(t)
	lina := w.lina()
	w.signIn("coordinator-farsta", "social-secretary-farsta")
	if text := w.saysNo("anders", consentPath(lina.Consent)); !strings.Contains(text, "Du har sagt nej. Inget delas.") {
		t.Errorf("after his no Anders reads %.600q", text)
	}
	w.tells("coordinator-farsta")
	today := func(who string) string { return inWords(w.get(who, "/start", 200), "main") }
	if text := today("coordinator-farsta"); !strings.Contains(text, "Nej till samtycket") {
		t.Errorf("the coordinator's Today: %.600s", text)
	}
	w.exec(`update sig.consent set ended_at = ended_at - interval '15 days' where id = $1`, lina.Consent)
	if text := today("coordinator-farsta"); strings.Contains(text, "sagt nej") {
		t.Error("a fortnight later the no is still news")
	}
}

// Kim's no waits.
func TestAChildsNoIsToldUntilItIsWeighed(t *testing.T) {
	w := newTown(t)
	s := w.kimSaysNo()
	w.tells("coordinator-farsta", "social-secretary-farsta")
	for _, who := range []string{"coordinator-farsta", "social-secretary-farsta"} {
		if text := inWords(w.get(who, "/start", 200), "main"); !strings.Contains(text, "Den unge sa nej") {
			t.Errorf("the Today of %s: %.600s", who, text)
		}
	}
	if _, err := w.Consenting.OverrideRefusal(t.Context(), w.actors["social-secretary-farsta"], s.Consent, "risken väger tyngre"); err != nil {
		t.Fatal(err)
	}
	if text := inWords(w.get("coordinator-farsta", "/start", 200), "main"); strings.Contains(text, "sa nej") {
		t.Error("a no that has been weighed is still news")
	}
	if n := w.count(`select count(*)::int from sig.mail where kind = 'consent_news' and sig.mail_entitled(id)`); n != 0 {
		t.Errorf("%d mails about a weighed no may leave", n)
	}
}

// kimSaysNo plays the case of Kim, twelve and mature, up to the no.
func (w *town) kimSaysNo() sample.Story {
	w.t.Helper()
	s, err := w.Prepared(w.t.Context(), sample.Families()[2], sig.ProgrammeSIG)
	if err != nil {
		w.t.Fatal(err)
	}
	w.signIn("coordinator-farsta", "social-secretary-farsta", "kim", "helena")
	_, err = w.Consenting.AssessMaturity(w.t.Context(), w.actors["social-secretary-farsta"], s.Intervention, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det gäller"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.explainsToAll("coordinator-farsta", explainPath(s.Consent))
	if text := inWords(w.get("kim", consentPath(s.Consent)+"/refuse", 200), "main"); !strings.Contains(text, "Socialsekreteraren läser ditt nej") {
		w.t.Errorf("Kim is not told that the no is weighed: %s", text)
	}
	if text := inWords(w.get("helena", consentPath(s.Consent)+"/refuse", 200), "main"); strings.Contains(text, "Socialsekreteraren läser") {
		w.t.Error("a guardian's no is said to be weighed")
	}
	w.saysNo("kim", consentPath(s.Consent))
	return s
}
