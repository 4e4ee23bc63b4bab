package httpd

import (
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// T03: Kim, twelve and mature, says no, and the social secretary goes on with
// written reasons. Kim reads that the no was heard and what was decided, at every
// step, and nowhere of a yes that Kim has not given; the board reads who said no.
func TestAChildWhoSaidNoReadsOfNoYes(t *testing.T) {
	w := newTown(t)
	s, err := w.Prepared(t.Context(), sample.Families()[2], sig.ProgrammeSIG)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	w.signIn("coordinator-farsta", "social-secretary-farsta", "kim", "helena")
	secretary, path := w.actors["social-secretary-farsta"], casePath(s.Intervention)
	_, err = w.Consenting.AssessMaturity(t.Context(), secretary, s.Intervention, consenting.Assessment{Outcome: sig.Mature, Reason: "förstår vad det gäller"})
	must(err)
	w.explainsToAll("coordinator-farsta", explainPath(s.Consent))
	must(w.Sign(t.Context(), "helena", "guardian", s.Consent))
	must(w.Sign(t.Context(), "johan", "guardian", s.Consent))
	_, err = w.Consenting.Refuse(t.Context(), w.actors["kim"], s.Consent)
	must(err)
	board := func(who, says string) {
		t.Helper()
		if text := inWords(w.get(who, path, 200), "main"); !strings.Contains(text, says) || strings.Contains(text, "Alla har skrivit under") || strings.Contains(text, "vänta på underskrifter") {
			t.Errorf("%s reads: %.600s", who, text)
		}
	}
	kim := func(says string) {
		t.Helper()
		text := inWords(w.get("kim", "/start", 200), "main")
		if !strings.Contains(text, "Du sa nej, och det har vi hört") || !strings.Contains(text, says) {
			t.Errorf("Kim does not read %q: %.600s", says, text)
		}
		for _, claim := range []string{"ta tillbaka ditt ja", "Ditt ja", "Alla har sagt ja"} {
			if strings.Contains(text, claim) {
				t.Errorf("Kim, who said no, reads %q: %.600s", claim, text)
			}
		}
	}
	board("coordinator-farsta", "Kim Öberg har sagt nej")
	board("social-secretary-farsta", "Läs och ta ställning till nejet")
	_, err = w.Consenting.OverrideRefusal(t.Context(), secretary, s.Consent, "risken för Kim väger tyngre")
	must(err)
	board("coordinator-farsta", "Kim Öberg har sagt nej. Nejet är hört")
	kim("Nu väntar ett beslut")
	if text := inWords(w.get("helena", "/start", 200), "main"); strings.Contains(text, "nej") || strings.Contains(text, "Alla har sagt ja") {
		t.Errorf("Helena is told of Kim's no, or of a yes of all: %.600s", text)
	}
	_, err = w.Consenting.Decide(t.Context(), secretary, s.Intervention, consenting.Decision{On: sig.DateOf(w.db.Now(t)), Reference: "FSDN 2026/418"})
	must(err)
	kim("Socialtjänsten har ändå bestämt att samtycket gäller")
	if text := inWords(w.get("helena", "/start", 200), "main"); !strings.Contains(text, "Du kan ta tillbaka ditt ja när du vill") {
		t.Errorf("Helena, who said yes, is not told that she can take it back: %.600s", text)
	}
	_, err = w.Consenting.Suspend(t.Context(), w.actors["coordinator-farsta"], s.Intervention, sig.SuspendedMaturity)
	must(err)
	kim("Just nu är det pausat")
	_, err = w.Consenting.Resume(t.Context(), secretary, s.Intervention)
	must(err)
	journal := inWords(w.get("coordinator-farsta", path+"/journal", 200), "main")
	if strings.Contains(journal, "av alla") || strings.Contains(journal, "Alla har") || !strings.Contains(journal, "Sa nej, och det hindrade inte: den unge") {
		t.Errorf("the journal after the override: %s", journal)
	}
	kimTakesItBack(t, w, s.Intervention)
}

// Kim may end it all the same (domain 3.7.8), and reads at no step of a yes; Helena,
// who said yes, reads of hers.
func kimTakesItBack(t *testing.T, w *town, id sig.InterventionID) {
	t.Helper()
	noYes := func(text string, says string) {
		t.Helper()
		if strings.Contains(text, "itt ja") || !strings.Contains(text, says) {
			t.Errorf("Kim, who said no, reads, want %q: %.900s", says, text)
		}
	}
	start := w.get("kim", "/start", 200)
	noYes(inWords(start, "main"), "Ta tillbaka")
	step := w.get("kim", w.link(start, ".card a[data-dialog]"), 200)
	noYes(inWords(step, "h1"), "sluta få veta?")
	key, _ := step.Find("[name=key]").Attr("value")
	got := w.post("kim", casePath(id)+"/withdraw", 303, "key", key, "scope", scopeAll)
	noYes(inWords(w.get("kim", got.Header.Get("Location"), 200), "main h1"), "Du har tagit tillbaka samtycket")
	noYes(inWords(w.get("kim", "/start", 200), "main .banner"), "Ingen får läsa med stöd av samtycket")
	if text := inWords(w.get("helena", "/start", 200), "main"); !strings.Contains(text, "Ingen får läsa med stöd av ditt ja") {
		t.Errorf("Helena reads %.600s", text)
	}
}
