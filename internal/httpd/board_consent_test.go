package httpd

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// row is one row of the builder's form; the days are those that the page offers.
func row(form *goquery.Document, n string, from, to sig.Seat, categories ...string) []string {
	name := "grants." + n + "."
	pairs := []string{
		name + "origin", "", name + "discloser", seatValue(from), name + "recipient", seatValue(to), name + "private_name", "",
		name + "purpose", "follow_plan", name + "addition", "läxhjälp på tisdagar",
		name + "from", form.Find(`input[name="grants.0.from"]`).AttrOr("value", ""),
		name + "to", form.Find(`input[name="grants.0.to"]`).AttrOr("value", ""),
	}
	for _, c := range categories {
		pairs = append(pairs, name+"categories", c)
	}
	return pairs
}

// proposed opens Lina's case, of which nothing else is done.
func (w *town) proposed() string {
	w.t.Helper()
	id, err := w.Propose(w.t.Context(), sample.Families()[1], sig.ProgrammeSIG)
	if err != nil {
		w.t.Fatal(err)
	}
	w.signIn("coordinator-farsta", "social-secretary-farsta", "police-farsta")
	return casePath(id)
}

// Rows are added, turned round and taken away without a script, and nothing
// that was typed is lost.
func TestRowsOfADraftAreArrangedWithoutScript(t *testing.T) {
	w := newTown(t)
	path := w.proposed() + "/consent"
	form := w.get("coordinator-farsta", path, 200)
	one := row(form, "0", sample.Police, sample.Coordinator, "plan_goals", "attendance")
	two := w.read(w.post("coordinator-farsta", path, 200, append(one, "do", "mirror-0")...))
	if got := chosen(two, "grants.1.discloser") + " " + chosen(two, "grants.1.recipient"); got != seatValue(sample.Coordinator)+" "+seatValue(sample.Police) {
		t.Errorf("the other direction is %q", got)
	}
	if n := two.Find(`input[name="grants.0.categories"][checked]`).Length(); n != 2 {
		t.Errorf("%d ticks of the first row are left, want 2", n)
	}
	if two.Find(`input[name="grants.1.categories"][checked]`).Length() != 0 || two.Find("#grants\\.1\\.addition").Text() == "" || chosen(two, "grants.1.purpose") != "follow_plan" {
		t.Error("the other direction has categories that nobody chose, or lost its purpose")
	}
	all := append(one, row(form, "1", sample.Coordinator, sample.Police, "whereabouts")...)
	left := w.read(w.post("coordinator-farsta", path, 200, append(all, "do", "remove-0")...))
	if left.Find("details.fold").Length() != 1 || chosen(left, "grants.0.recipient") != seatValue(sample.Police) ||
		left.Find(`input[name="grants.0.categories"][value="whereabouts"][checked]`).Length() != 1 {
		t.Error("the row that was left is not the second")
	}
	more := w.read(w.post("coordinator-farsta", path, 200, append(all, "do", "exclude")...))
	if more.Find(`select[name="exclusions.0.recipient"]`).Length() != 1 {
		t.Error("no exception was added")
	}
	if n := w.count(`select count(*) from sig.consent`); n != 0 {
		t.Errorf("arranging rows has saved %d versions", n)
	}
}

func chosen(doc *goquery.Document, name string) string {
	return doc.Find(`select[name="`+name+`"] option[selected]`).AttrOr("value", "")
}

// What is wrong stands at the row's own field, and what was typed is kept.
func TestAFaultyRowSaysWhereAndWhy(t *testing.T) {
	w := newTown(t)
	path := w.proposed() + "/consent"
	form := w.get("coordinator-farsta", path, 200)
	bad := append(row(form, "0", sample.Police, sample.Coordinator, "plan_goals"), row(form, "1", sample.Police, sample.Police)...)
	bad = append(bad, "grants.2.purpose", "other", "grants.3.purpose", "stötta i skolan")
	for _, to := range []string{path, path + "/check"} {
		page := w.read(w.post("coordinator-farsta", to, 422, bad...))
		for field, says := range map[string]string{"grants.1.categories": "Rad 2", "grants.1.recipient": "samma", "grants.2.addition": "Rad 3: Med egna ord – skriv vad det är", "grants.3.purpose": "Rad 4: Varför? – välj ett av de syften"} {
			if link := page.Find(`.summary a[href="#` + field + `"]`); !strings.Contains(link.Text(), says) {
				t.Errorf("%s: the summary does not lead to %s with %q: %s", to, field, says, inWords(page, ".summary"))
			}
			if page.Find(`[id="`+field+`"]`).Length() != 1 {
				t.Errorf("%s: there is no field %s to go to", to, field)
			}
		}
		if page.Find(`details.fold[open]#grants\.1`).Length() != 1 {
			t.Errorf("%s: the faulty row is folded", to)
		}
		if chosen(page, "grants.0.discloser") != seatValue(sample.Police) {
			t.Errorf("%s: what was typed is lost", to)
		}
	}
	good := row(form, "0", sample.Police, sample.Coordinator, "plan_goals")
	checked := w.read(w.post("coordinator-farsta", path+"/check", 200, good...))
	if text := inWords(checked, "main"); !strings.Contains(text, "Inget fel hittades") || !strings.Contains(text, "Så läser familjen det SIG-samordnare") {
		t.Errorf("the check does not show how the family reads it: %s", text)
	}
	if n := w.count(`select count(*) from sig.consent`); n != 0 {
		t.Errorf("checking has saved %d versions", n)
	}
}

// Two people have the same draft open: the second is shown what the first has
// saved beside the own rows, and nothing is overwritten before that was seen.
func TestNobodyOverwritesADraftUnseen(t *testing.T) {
	w := newTown(t)
	path := w.proposed() + "/consent"
	w.signIn("deputy-coordinator-farsta")
	form := w.get("coordinator-farsta", path, 200)
	rows := func(category string) []string {
		return append(row(form, "0", sample.Police, sample.Coordinator, category), row(form, "1", sample.Coordinator, sample.Police, category)...)
	}
	says := func(category string) bool {
		return w.count(`select count(*) from sig.consent_grant where $1 = any (categories)`, category) == 2 && w.count(`select count(*) from sig.consent_grant`) == 2
	}
	first, second := append(rows("plan_goals"), "do", "save", "seen", ""), append(rows("attendance"), "do", "save", "seen", "")
	w.post("coordinator-farsta", path, 303, first...)
	w.post("coordinator-farsta", path, 303, first...) // the same, sent twice
	beside := w.read(w.post("coordinator-farsta", path, 409, second...))
	if text := inWords(beside, ".banner.warn"); !strings.Contains(text, "Någon har ändrat utkastet") || !strings.Contains(text, "Mål i planen") {
		t.Errorf("what stands there is not shown: %s", text)
	}
	if beside.Find(`input[name="grants.0.categories"][value="attendance"][checked]`).Length() != 1 {
		t.Error("the own rows are lost")
	}
	if !says("plan_goals") {
		t.Fatal("the draft was overwritten unseen")
	}
	seen := beside.Find(`input[name="seen"]`).AttrOr("value", "")
	w.post("coordinator-farsta", path, 303, append(rows("attendance"), "do", "save", "seen", seen)...)
	if !says("attendance") {
		t.Error("what was seen is not replaced")
	}
	w.post("coordinator-farsta", path+"/discard", 303)
	gone := w.read(w.post("coordinator-farsta", path, 409, append(rows("whereabouts"), "do", "save", "seen", seen)...))
	if text := inWords(gone, ".banner.warn"); !strings.Contains(text, "tagit bort utkastet") || gone.Find(`input[name="seen"]`).AttrOr("value", "x") != "" {
		t.Errorf("a draft that was taken away comes back unseen: %s", text)
	}
	if n := w.count(`select count(*) from sig.consent where state = 'draft'`); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

// From an empty case to one in force, by the board's pages and the family's
// signatures.
func TestAConsentGoesFromDraftToDecision(t *testing.T) {
	w := newTown(t)
	path := w.proposed()
	if to := w.link(w.get("coordinator-farsta", path, 200), ".step .button"); to != path+"/consent" {
		t.Fatalf("the next step leads to %s", to)
	}
	w.get("police-farsta", path+"/consent", 404)
	w.get("social-secretary-farsta", path+"/consent", 403)
	form := w.get("coordinator-farsta", path+"/consent", 200)
	rows := append(row(form, "0", sample.Police, sample.Coordinator, "plan_goals"), row(form, "1", sample.Coordinator, sample.Police, "plan_goals")...)
	w.post("coordinator-farsta", path+"/consent", 303, append(rows, "do", "save")...)
	if n := w.count(`select count(*) from sig.consent_grant where purpose = 'follow_plan' and addition = 'läxhjälp på tisdagar'`); n != 2 {
		t.Errorf("%d rows say what they are for, want 2", n)
	}
	explain := w.link(w.get("coordinator-farsta", path, 200), ".step .button")
	w.explainsToAll("coordinator-farsta", explain)
	w.get("coordinator-farsta", path+"/consent", 409) // the text is fixed
	w.get("social-secretary-farsta", path+"/decision", 409)
	consent, err := sig.ParseID[any](strings.Split(explain, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	for persona, hat := range map[string]string{"lina": "youth", "petra": "guardian", "anders": "guardian"} {
		if err := w.Sign(t.Context(), persona, hat, sig.ConsentID(consent)); err != nil {
			t.Fatal(err)
		}
	}
	w.get("coordinator-farsta", path+"/decision", 403)
	w.get("police-farsta", path+"/decision", 404)
	decide := w.link(w.get("social-secretary-farsta", path, 200), ".step .button")
	w.unsigned("anders", path, decide)
	today := w.get("social-secretary-farsta", decide, 200).Find("#on").AttrOr("value", "")
	wrong := w.read(w.post("social-secretary-farsta", decide, 422, "decision", "grant", "on", "2099-01-01", "reference", ""))
	if wrong.Find(".summary li").Length() != 2 || wrong.Find(`input[value="grant"][checked]`).Length() != 1 {
		t.Errorf("a day to come and no number pass: %s", inWords(wrong, ".summary"))
	}
	w.post("social-secretary-farsta", decide, 303, "decision", "grant", "on", today, "reference", "FSDN 2026/9")
	if text := inWords(w.get("coordinator-farsta", path, 200), "main"); !strings.Contains(text, "Pågår") || !strings.Contains(text, "FSDN 2026/9") {
		t.Errorf("the case is not in force: %s", text)
	}
}

// unsigned looks at the case and at its decision as they are where a guardian has
// not signed by now: the name is said, and granting is not offered.
func (w *town) unsigned(persona, path, decide string) {
	w.t.Helper()
	const past = `set session_replication_role = replica; `
	w.exec(past + `create table public.kept as select s.* from sig.consent_signer s join sig.guardianship g on g.id = s.signer where g.name ilike '` + persona + `%';
		delete from sig.consent_signer s using public.kept k where k.consent = s.consent and k.signer = s.signer; set session_replication_role = origin`)
	if step := inWords(w.get("social-secretary-farsta", path, 200), ".step"); !strings.Contains(step, "inte beviljas än: Anders") {
		w.t.Errorf("the next step does not say who is missing: %s", step)
	}
	page := w.get("social-secretary-farsta", decide, 200)
	if page.Find(`input[value="grant"]`).Length() != 0 || page.Find(`input[value="refuse"]`).Length() != 1 ||
		!strings.Contains(inWords(page, ".lead"), "inte beviljas än: Anders") {
		w.t.Errorf("granting is offered without Anders's yes: %s", inWords(page, "main"))
	}
	w.exec(past + `insert into sig.consent_signer select * from public.kept; drop table public.kept; set session_replication_role = origin`)
}

// explainsToAll goes through the signers as the page offers them.
func (w *town) explainsToAll(persona, explain string) {
	w.t.Helper()
	page := w.get(persona, explain, 200)
	wrong := w.read(w.post(persona, explain, 422, "view", "Vill själv bestämma."))
	if wrong.Find(".summary li").Length() != 4 || wrong.Find("#view").Text() != "Vill själv bestämma." {
		w.t.Errorf("the form is not strict, or forgets: %s", inWords(wrong, ".summary"))
	}
	page.Find(`input[name="signer"]`).Each(func(_ int, s *goquery.Selection) {
		w.post(persona, explain, 303, "signer", s.AttrOr("value", ""), "method", "meeting", "language", "so", "view", "", "understood", "true")
	})
}

// A change is a draft beside what holds; its preview says in sentences what
// would go, and nothing has changed.
func TestAChangeIsPreviewedAndChangesNothing(t *testing.T) {
	w := newTown(t)
	story := w.amir()
	path := casePath(story.Intervention)
	w.signIn("coordinator-farsta", "police-farsta")
	w.post("police-farsta", path+"/amend", 404)
	// Without a draft there is no form: an empty one, saved, would end what holds.
	if to := w.get("coordinator-farsta", path+"/consent", 303); to.Find("form").Length() != 0 {
		t.Error("a consent in force is changed from an empty form")
	}
	if to := w.post("coordinator-farsta", path+"/amend", 303).Header.Get("Location"); to != path+"/consent" {
		t.Fatalf("the change opens at %s", to)
	}
	same := inWords(w.get("coordinator-farsta", path+"/consent/preview", 200), "main")
	if !strings.Contains(same, "Inget är ändrat än") {
		t.Errorf("an unchanged draft is not said to be one: %s", same)
	}
	fields := typedOf(w.get("coordinator-farsta", path+"/consent", 200))
	rearrange(fields, "remove-6") // the police to the field assistant
	got := w.ask("POST", path+"/consent", fields.Encode(), "Test-Visitor", "coordinator-farsta", "Accept-Language", "sv",
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	w.want(got, 303)
	preview := w.get("coordinator-farsta", got.Header.Get("Location"), 200)
	text := inWords(preview, "main")
	for _, says := range []string{"Fältassistent, Fältgruppen, Farsta får inte längre veta", "En underskrift räcker", "Inget ändras nu"} {
		if !strings.Contains(text, says) {
			t.Errorf("the preview does not say %q: %s", says, text)
		}
	}
	if n := strings.Count(text, "får inte längre veta"); n != 1 {
		t.Errorf("%d rows go, want the one that was taken away: %s", n, text)
	}
	if preview.Find(".halves .picture svg").Length() < 2 {
		t.Error("there is no picture of before and after")
	}
	if n := w.count(`select count(*) from sig.consent_grant g join sig.consent c on c.id = g.consent where c.state = 'active'`); n != 7 {
		t.Errorf("%d rows are in force, want all seven", n)
	}
	w.post("coordinator-farsta", path+"/consent/discard", 303)
	w.get("coordinator-farsta", path+"/consent/preview", 404)
}

// typedOf is a page's form as a browser would send it unchanged.
func typedOf(doc *goquery.Document) url.Values {
	values := url.Values{}
	doc.Find("main form").First().Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		_, ticked := s.Attr("checked")
		switch {
		case s.Is("select"):
			values.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case s.Is("textarea"):
			values.Add(name, s.Text())
		case s.AttrOr("type", "") != "checkbox" || ticked:
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	return values
}

// A consent on paper is mapped to functions and then waits for the decision.
func TestAConsentOnPaperIsTakenOver(t *testing.T) {
	w := newTown(t)
	path := w.proposed()
	form := w.get("coordinator-farsta", path+"/consent/import", 200)
	rows := append(row(form, "0", sample.Police, sample.Coordinator, "plan_goals"), row(form, "1", sample.Coordinator, sample.Police, "plan_goals")...)
	rows = append(rows, "method", "meeting", "language", "sv")
	unsigned := w.read(w.post("coordinator-farsta", path+"/consent/import", 422, rows...))
	if unsigned.Find(`.summary a[href="#signed_by"]`).Length() != 1 {
		t.Errorf("a paper that not all have signed passes: %s", inWords(unsigned, ".summary"))
	}
	form.Find(`input[name="signed_by"]`).Each(func(_ int, s *goquery.Selection) { rows = append(rows, "signed_by", s.AttrOr("value", "")) })
	w.post("coordinator-farsta", path+"/consent/import", 303, rows...)
	if text := inWords(w.get("coordinator-farsta", path, 200), "main"); !strings.Contains(text, "Väntar på beslut") {
		t.Errorf("the paper does not wait for the decision: %s", text)
	}
}

// Bad input never ends in a fault of the portal's own.
func TestBadInputToTheBoardsFormsIsRefused(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta", "social-secretary-farsta")
	long := strings.Repeat("å", 9000)
	bad := []string{"\x00", "\u202e", long, "' or 1=1 --", "<script>", "grants", "-1", "9999999999999999999999"}
	for _, to := range []string{"/consent", "/consent/check", "/consent/import", "/decision", "/maturity", "/outcome", "/withdrawals/new", "/amend"} {
		for _, value := range bad {
			for _, field := range []string{"grants.0.recipient", "grants.0.from", "exclusions.0.category", "do", "reason", "on", "signer", "scope", "received_at", "key", "nothing"} {
				form := url.Values{field: {value}}
				for _, persona := range []string{"coordinator-farsta", "social-secretary-farsta"} {
					got := w.ask("POST", path+to, form.Encode(), "Test-Visitor", persona, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
					if got.StatusCode >= 500 || got.StatusCode < 400 && !strings.HasSuffix(to, "consent") && to != "/consent/import" {
						t.Errorf("%s of %s=%.20q: %d", to, field, value, got.StatusCode)
					}
				}
			}
		}
	}
	for _, gap := range []string{"do=remove-99999999999999999999", "do=remove--1", "do=mirror-7", "do=unexclude-3", "grants.5.purpose=x"} {
		if got := w.ask("POST", path+"/consent", gap, "Test-Visitor", "coordinator-farsta", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"); got.StatusCode >= 500 {
			t.Errorf("%s: %d", gap, got.StatusCode)
		}
	}
	w.post("coordinator-farsta", "/consents/not-an-id/explain", 404)
	w.post("coordinator-farsta", "/consents/"+strings.Repeat("a", 36)+"/explain", 404)
}

// A day that there is not is said once, at its field, where it still stands; and
// the summary names the row once.
func TestADayThatThereIsNotIsSaidAtItsField(t *testing.T) {
	w := newTown(t)
	path := w.proposed() + "/consent"
	one := row(w.get("coordinator-farsta", path, 200), "0", sample.Police, sample.Coordinator, "plan_goals")
	typed := url.Values{}
	for n := 0; n < len(one); n += 2 {
		typed.Add(one[n], one[n+1])
	}
	typed.Set("grants.0.to", "2027-02-30")
	for _, to := range []string{path, path + "/check"} {
		doc := w.read(w.post("coordinator-farsta", to, 422, pairsOf(typed)...))
		if text := inWords(doc, ".errors li, .summary li, [role=alert] li"); strings.Count(text, "Skriv ett datum som finns") != 1 || strings.Contains(text, "välj sista dagen") {
			t.Errorf("%s: the summary says %q", to, text)
		}
		if got := doc.Find(`[name="grants.0.to"]`).AttrOr("value", ""); got != "2027-02-30" {
			t.Errorf("%s: the field holds %q", to, got)
		}
	}
	typed.Set("grants.0.to", "")
	doc := w.read(w.post("coordinator-farsta", path, 422, pairsOf(typed)...))
	if text := inWords(doc, ".errors li, .summary li, [role=alert] li"); strings.Count(text, "Rad 1") != 1 || !strings.Contains(text, "välj sista dagen") {
		t.Errorf("the summary says %q", text)
	}
}

func pairsOf(values url.Values) (pairs []string) {
	for name, all := range values {
		for _, one := range all {
			pairs = append(pairs, name, one)
		}
	}
	return pairs
}
