package httpd

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/sig"
	"sigportal/internal/words"
)

func TestAGuardianSeesWhoMayKnowWhatAndUntilWhen(t *testing.T) {
	w := newTown(t)
	w.amir()
	doc := w.get("sara", "/start", 200)
	main := inWords(doc, "main")
	for _, want := range []string{"5 verksamheter får veta något om Amir Rahimi.", "Kommunpolis", "Lokalpolisområde Farsta", "Får veta:", "Får inte veta:", "Mål i planen till "} {
		if !strings.Contains(main, want) {
			t.Errorf("the start page lacks %q: %s", want, main)
		}
	}
	for _, never := range []string{"Omid", "Nadia", "Karin"} {
		if strings.Contains(doc.Text(), never) {
			t.Errorf("the start page names %s", never)
		}
	}
	cards := doc.Find(".cards .card")
	if n := cards.Length(); n != 5 {
		t.Errorf("%d cards, want one for each of 5 recipients", n)
	}
	names := map[string]bool{}
	cards.Each(func(_ int, card *goquery.Selection) {
		button := card.Find("a[data-dialog]")
		names[strings.TrimSpace(button.Text())] = true
		if button.Length() != 1 || button.Find(".hidden").Text() == "" {
			t.Errorf("a card without one button that names its target: %s", card.Text())
		}
	})
	if len(names) != 5 {
		t.Errorf("the buttons' names do not tell them apart: %v", names)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'read_consent' and guardian = $1`, w.actors["sara"].Guardian); n == 0 {
		t.Error("reading left no row in the ledger")
	}
}

// A guardian of several reads on every page whom it is about: in the header, and
// where a page stands without one, in a dialog or on paper. A title, which
// browsers keep, names nobody.
func TestAGuardianOfSeveralReadsWhomThePageIsAbout(t *testing.T) {
	w := newTown(t, func(d *Deps) {
		asks := d.Visitor
		d.Visitor = func(f *fiber.Ctx) (Visitor, error) {
			v, err := asks(f)
			if f.Get("Test-Visitor") == "sara" {
				v.HatChoices, v.Youth = true, "Amir Rahimi"
			}
			v.Hat = hatText(words.For("sv"), v.Actor.Kind, v.Actor.Function, "", v.Youth)
			return v, err
		}
	})
	s := w.amir()
	const about = "Vårdnadshavare för Amir Rahimi"
	reads := func(path string) {
		doc := w.get("sara", path, 200)
		if header := doc.Find(".hat").Text(); !strings.Contains(header, about) {
			t.Errorf("%s: the header says %q", path, header)
		}
		if got := doc.Find("main h1 + p").Text(); got != about {
			t.Errorf("%s: under the heading stands %q", path, got)
		}
		if title := doc.Find("title").Text(); strings.Contains(title, "Amir") {
			t.Errorf("%s: the title is %q", path, title)
		}
	}
	all := withdrawPath(s.Intervention, sig.GrantID{})
	for _, path := range []string{"/start", w.link(w.get("sara", "/start", 200), `main a[href^="/consents/"]`), all, diaryPath(s.Intervention), casePath(s.Intervention) + "/our-plan"} {
		reads(path)
	}
	reads(w.post("sara", all, 303, "key", "k", "scope", scopeAll).Header.Get("Location"))
	if got := w.get("omid", "/start", 200); strings.Contains(got.Find(".hat").Text()+got.Find("main h1 + p").Text(), "för Amir") {
		t.Error("Omid, who has one child here, is told whose guardian he is")
	}
}

func TestTakingBackIsTwoStepsAndEndsInAReceipt(t *testing.T) {
	w := newTown(t)
	w.amir()
	start := w.get("sara", "/start", 200)
	step := w.link(start, `.card:has(h2:contains("Mentor i skolan")) a[data-dialog]`)
	one := w.get("sara", step, 200)
	main := inWords(one, "main")
	for _, want := range []string{"Ta tillbaka ditt ja för Mentor i skolan?", "Mentor i skolan får inte längre veta: Mål i planen.", "Stödet i grupp fortsätter.", "Du behöver inte säga varför.", "Det påverkar inte annat stöd"} {
		if !strings.Contains(main, want) {
			t.Errorf("the first step lacks %q: %s", want, main)
		}
	}
	if n := w.count(`select count(*) from sig.withdrawal`); n != 0 {
		t.Fatal("looking at what would happen has taken something back")
	}
	key, _ := one.Find("[name=key]").Attr("value")
	scope, _ := one.Find("[name=scope][checked]").Attr("value")
	got := w.post("sara", step, 303, "key", key, "scope", scope)
	path := got.Header.Get("Location")
	receipt := inWords(w.get("sara", path, 200), "main")
	for _, want := range []string{"Du har tagit tillbaka ditt ja", "Kvittots nummer: ", "Mentor i skolan, Farstaskolan får inte längre veta: Mål i planen.", "De här har fått veta det", "Inget av det som du får se var läst när du tog tillbaka."} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q: %s", want, receipt)
		}
	}
	again := w.post("sara", step, 303, "key", key, "scope", scope)
	if again.Header.Get("Location") != path {
		t.Errorf("the same form sent twice gave %s and %s", path, again.Header.Get("Location"))
	}
	after := w.get("sara", "/start", 200)
	if text := inWords(after, "main"); strings.Contains(text, "Mentor") || !strings.Contains(text, "4 verksamheter") {
		t.Errorf("afterwards the start page says %s", text)
	}
	w.get("omid", path, 404)
	w.get("amir", path, 404)
}

func TestTakingBackFromThePoliceEndsEverything(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	step := w.link(w.get("amir", "/start", 200), `.card:has(h2:contains("Kommunpolis")) a[data-dialog]`)
	one := w.get("amir", step, 200)
	if text := inWords(one, ".option:first-of-type"); !strings.Contains(text, "Stödet i grupp avslutas") || !strings.Contains(text, "Mentor i skolan får inte längre") {
		t.Errorf("it is not said that everything ends: %s", text)
	}
	scope, _ := one.Find("[name=scope]").First().Attr("value")
	path := w.post("amir", step, 303, "key", "k1", "scope", scope).Header.Get("Location")
	receipt := inWords(w.get("amir", path, 200), "main")
	for _, want := range []string{"Mentor i skolan, Farstaskolan får inte längre veta", "Stödet i grupp är avslutat.", "har läst 1 sak."} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q: %s", want, receipt)
		}
	}
	for _, persona := range []string{"amir", "sara", "omid"} {
		doc := w.get(persona, "/start", 200)
		text := inWords(doc, "main")
		if !strings.Contains(text, "Stödet i grupp är avslutat") || strings.Contains(text, "Får veta:") {
			t.Errorf("%s is told %s", persona, text)
		}
		if doc.Find(`main a[href*="withdraw"]`).Length() != 0 {
			t.Errorf("%s is offered to take back what has ended", persona)
		}
		if persona != "amir" && (strings.Contains(text, "ogs tillbaka") || strings.Contains(text, "agit tillbaka")) {
			t.Errorf("%s learns why: %s", persona, text)
		}
		gone := w.get(persona, withdrawPath(s.Intervention, sig.GrantID{}), 200)
		if gone.Find("main form").Length() != 0 || !strings.Contains(inWords(gone, "main"), "Det finns inget ja att ta tillbaka.") {
			t.Errorf("%s can still take back: %s", persona, inWords(gone, "main"))
		}
	}
}

// What the board records afterwards does not move the end that everybody was
// told: the family reads the instant of its receipt.
func TestTheEndIsWhenItEndedNotWhenTheOutcomeIsRecorded(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("social-secretary-farsta", "coordinator-farsta")
	ended := time.Date(2026, 12, 1, 8, 3, 0, 0, sig.Stockholm)
	for !ended.After(w.db.Now(t)) {
		ended = ended.AddDate(0, 0, 1)
	}
	w.db.FreezeClock(t, ended)
	w.post("amir", withdrawPath(s.Intervention, sig.GrantID{}), 303, "key", "k1", "scope", "all")
	w.db.FreezeClock(t, ended.Add(24*time.Hour+2*time.Minute))
	w.post("social-secretary-farsta", casePath(s.Intervention)+"/outcome", 303, "outcome", "new_inquiry", "reason", "Ny utredning inleds.")
	for _, persona := range []string{"amir", "sara", "omid"} {
		text := inWords(w.get(persona, "/start", 200), "main")
		if !strings.Contains(text, "Det slutade "+words.For("sv").DateTime(ended)+".") || strings.Contains(text, "08.05") {
			t.Errorf("%s reads %s", persona, text)
		}
	}
	since := "Sedan " + words.For("sv").Date(ended)
	if text := inWords(w.get("coordinator-farsta", casePath(s.Intervention), 200), "main"); !strings.Contains(text, since) {
		t.Errorf("the board reads no %q in %s", since, text)
	}
}

func TestWhatIsWrongWithTakingBackIsSaidAtTheField(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	path := casePath(s.Intervention) + "/withdraw"
	for name, scope := range map[string]string{
		"nothing chosen": "", "nonsense": "nonsense", "no such category": "what:criminal_record", "an odd seat": "to:a/b",
		"an odd row": "row:1", "nobody": "to://", "html": "<script>alert(1)</script>", "long": strings.Repeat("x", 301),
	} {
		got := w.post("sara", path, 422, "key", "k", "scope", scope)
		doc := w.read(got)
		if doc.Find(`.summary a[href="#scope"]`).Length() != 1 || doc.Find("#scope.bad").Length() != 1 {
			t.Errorf("%s: the summary does not lead to the choice", name)
		}
		if strings.Contains(got.body, "<script>alert") {
			t.Errorf("%s: what was sent became an element", name)
		}
	}
	w.post("sara", path, 422, "key", "k\x00", "scope", "all")
	w.post("sara", path, 422, "scope", "all")
	w.post("sara", path, 400, "key", "k", "scope", "all", "signer", "omid")
	w.post("sara", path, 400, "key", "k", "scope", "all", "scope", "all")
	w.get("sara", path+"?row=%00", 404)
	if n := w.count(`select count(*) from sig.withdrawal`); n != 0 {
		t.Errorf("%d withdrawals came of it", n)
	}
}

func TestStrangersFindNothing(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.lina()
	id := s.Intervention.String()
	for _, path := range []string{
		"/interventions/" + id + "/withdraw", "/interventions/" + id + "/diary", "/consents/" + s.Consent.String(),
		"/consents/" + s.Consent.String() + "/sign", "/consents/" + s.Consent.String() + "/signed", "/consents/" + s.Consent.String() + "/refuse",
		"/receipts/2345-6789-ABCD", "/receipts/2345-6789-ABCD/file",
	} {
		theirs := w.ask("GET", path, "", "Test-Visitor", "petra", "Accept-Language", "sv")
		none := w.ask("GET", strings.NewReplacer(id, s.Consent.String(), s.Consent.String(), id, "2345", "5432").Replace(path), "", "Test-Visitor", "petra", "Accept-Language", "sv")
		w.want(theirs, 404)
		w.want(none, 404)
		same := func(a answered) string { return strings.ReplaceAll(a.body, a.Header.Get("X-Request-Id"), "") }
		if same(theirs) != same(none) {
			t.Errorf("%s can be told from what does not exist", path)
		}
	}
	w.post("petra", "/interventions/"+id+"/withdraw", 404, "key", "k", "scope", "all")
	w.post("petra", "/consents/"+s.Consent.String()+"/refuse", 404)
	if n := w.count(`select count(*) from sig.withdrawal`); n != 0 {
		t.Error("a stranger took something back")
	}
}

func TestTheStartPageIsSmall(t *testing.T) {
	w := newTown(t)
	w.amir()
	page := w.ask("GET", "/start", "", "Test-Visitor", "sara", "Accept-Language", "sv", "Accept-Encoding", "gzip")
	first := len(page.body)
	if first > 5<<10 {
		t.Errorf("the start page is %d bytes, want at most 5 KiB on every visit", first)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader([]byte(page.body)))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	doc.Find("link[rel=stylesheet], script[src]").Each(func(_ int, s *goquery.Selection) {
		files++
		path, _ := s.Attr("href")
		if path == "" {
			path, _ = s.Attr("src")
		}
		got := w.ask(http.MethodGet, path, "", "Accept-Encoding", "gzip, br")
		w.want(got, 200)
		first += len(got.body)
	})
	if files != 2 || first > 30<<10 {
		t.Errorf("the first visit takes %d bytes in %d requests, want at most 30 KiB in 3", first, files+1)
	}
	t.Logf("start page: %d bytes packed, %d with stylesheet and script", len(page.body), first)
}
