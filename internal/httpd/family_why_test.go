package httpd

import (
	"slices"
	"strings"
	"testing"

	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Whoever reads a consent reads in their own language why each row lets something
// be told. Of the purposes nothing is Swedish but what the coordinator wrote, and
// that says of itself that it is, and before a yes whom to ask.
func TestAGuardianReadsWhyInTheirOwnLanguage(t *testing.T) {
	w := newTown(t)
	mine := consentPath(w.amir().Consent)
	w.lina()
	check, _ := w.question()
	asked := strings.TrimSuffix(check, "/sign")
	for _, l := range words.FamilyLanguages() {
		for path, persona := range map[string]string{
			"/start": "sara", mine: "sara", mine + "/paper": "sara", asked: "anders", check: "anders", asked + "/paper": "anders",
		} {
			got := w.ask("GET", path, "", "Test-Visitor", persona, "Cookie", "__Host-lang="+l.Tag())
			w.want(got, 200)
			w.readsWhy(l, path, got, strings.HasPrefix(path, asked))
		}
	}
}

func (w *town) readsWhy(l *words.Language, path string, got answered, asked bool) {
	w.t.Helper()
	doc, swedish := w.read(got), strings.HasPrefix(l.Tag(), "sv")
	written := inWords(doc, `main [lang="sv"]`)
	doc.Find(`main [lang="sv"]`).Remove()
	text := inWords(doc, "main")
	for _, addition := range []string{"läxhjälp på tisdagar", "vara på rätt plats på kvällarna"} {
		if !strings.Contains(written, addition) || strings.Contains(text, addition) {
			w.t.Errorf("%s in %s: %q is not marked as Swedish, or not there", path, l.Tag(), addition)
		}
	}
	used := []sig.Purpose{sig.PurposePlan, sig.PurposeSchool, sig.PurposeCrime, sig.PurposeSafety}
	for _, p := range sig.Purposes() {
		key := "purpose." + string(p)
		if slices.Contains(used, p) && !strings.Contains(text, l.T(key)) {
			w.t.Errorf("%s in %s lacks %q: %s", path, l.Tag(), l.T(key), text)
		}
		if sv := words.For("sv").T(key); !swedish && strings.Contains(text, sv) {
			w.t.Errorf("%s in %s says %q in Swedish", path, l.Tag(), sv)
		}
	}
	notes := map[bool]int{false: 2}[swedish] // one for each addition
	if n := strings.Count(text, l.T("citizen.why.in_swedish")); n != notes {
		w.t.Errorf("%s in %s says %d times that a part is Swedish, want %d", path, l.Tag(), n, notes)
	}
	if says := strings.Contains(text, l.T("citizen.why.ask")); says != (asked && !swedish) {
		w.t.Errorf("%s in %s: says whom to ask before a yes: %t", path, l.Tag(), says)
	}
}

// Who is asked for a yes to a change reads what it is: that of a row which may be
// told for another purpose is no longer time, nor the other way about.
func TestAChangeOfPurposeIsNotSaidToBeMoreTime(t *testing.T) {
	w := newTown(t)
	story := w.amir()
	w.signIn("coordinator-farsta")
	view, err := w.Consenting.Amend(t.Context(), w.actors["coordinator-farsta"], story.Intervention)
	if err != nil {
		t.Fatal(err)
	}
	draft := view.Preparing.ID
	w.exec(`update sig.consent_grant set purpose = 'leisure' where consent = $1 and recipient_function = 'mentor'`, draft)
	w.exec(`update sig.consent_grant set valid_to = valid_to + interval '3 days' where consent = $1 and discloser_function = 'principal'`, draft)
	w.exec(`update sig.consent_grant set districts = districts || '{jarva}' where consent = $1 and recipient_function = 'community_police'`, draft)
	w.explainsToAll("coordinator-farsta", consentPath(draft)+"/explain")
	text := inWords(w.get("sara", consentPath(draft), 200), "main")
	for _, want := range []string{"Mentor i skolan får veta av ett annat skäl: Mål i planen", "SIG-samordnare får veta längre: Närvaro i skolan",
		"Det som gäller för Kommunpolis ändras: Mål i planen", "Få en bra fritid"} {
		if !strings.Contains(text, want) {
			t.Errorf("Sara does not read %q: %s", want, text)
		}
	}
	for _, lie := range []string{"Mentor i skolan får veta längre", "SIG-samordnare får veta av ett annat skäl", "Kommunpolis får veta", "gäller för Mentor"} {
		if strings.Contains(text, lie) {
			t.Errorf("Sara reads %q", lie)
		}
	}
}
