package httpd

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// tell has the counsellor write something and tell the coordinator, visible
// for nobody in the family until that is decided.
func (w *town) tell(s sample.Story, text string) sig.ItemID {
	w.t.Helper()
	counsellor, err := w.As(w.t.Context(), "school-counsellor", "")
	if err != nil {
		w.t.Fatal(err)
	}
	item, err := w.Sharing.WriteItem(w.t.Context(), counsellor, sharing.NewItem{
		Key: uuid.NewString(), Intervention: s.Intervention, Categories: []sig.Category{sig.CategorySchoolWellbeing}, Text: text,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.Sharing.Disclose(w.t.Context(), counsellor, sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: s.Intervention, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return item
}

func TestTheDiarySaysWhoWasToldAndWhoHasRead(t *testing.T) {
	w := newTown(t)
	w.amir()
	found := w.ask("GET", "/shared", "", "Test-Visitor", "sara")
	w.want(found, 303)
	doc := w.get("sara", found.Header.Get("Location"), 200)
	text := inWords(doc, "main")
	for _, want := range []string{
		"vad som har delats om Amir Rahimi", "Skolkurator berättade för SIG-samordnare", "Kommunpolis läste", "Polismyndigheten",
		"Varför: ni har sagt ja.", "Det handlade om: Närvaro i skolan.", "Det senaste står först.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the diary lacks %q: %s", want, text)
		}
	}
	for _, never := range []string{"Malin", "Karin", "Omid", "Frånvaro vecka"} {
		if strings.Contains(text, never) {
			t.Errorf("the diary shows %q", never)
		}
	}
	link := w.link(doc, `main a[href*="/shared/"]:contains("Närvaro")`)
	open := w.get("sara", link, 200)
	if got := open.Find(`[lang=sv].prose`).Text(); !strings.Contains(got, "Frånvaro vecka 44–45") {
		t.Errorf("the text reads %q", got)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'read_item' and guardian = $1`, w.actors["sara"].Guardian); n != 1 {
		t.Errorf("%d rows for one opened text", n)
	}
}

// shifting is what differs between two answers with the same content.
var shifting = regexp.MustCompile(`/live\?at=\d+|(?:after|line)=[A-Za-z0-9_-]+`)

func TestWhatIsHiddenLeavesNoTrace(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	path := diaryPath(s.Intervention)
	read := func(persona string) (all string) {
		for _, address := range []string{path, path + "/extract", path + "?by=utbildning"} {
			got := w.ask("GET", address, "", "Test-Visitor", persona, "Accept-Language", "sv")
			w.want(got, 200)
			all += shifting.ReplaceAllString(strings.ReplaceAll(got.body, got.Header.Get("X-Request-Id"), ""), "")
		}
		return all
	}
	before := map[string]string{"sara": read("sara"), "omid": read("omid"), "amir": read("amir")}
	item := w.tell(s, "Amir har berättat något för mig.")
	for persona, page := range before {
		if read(persona) != page {
			t.Errorf("what is hidden from %s changes the page", persona)
		}
		hidden := w.ask("GET", sharedPath(s.Intervention, item), "", "Test-Visitor", persona, "Accept-Language", "sv")
		none := w.ask("GET", sharedPath(s.Intervention, sig.ItemID{UUID: uuid.New()}), "", "Test-Visitor", persona, "Accept-Language", "sv")
		w.want(hidden, 404)
		if strings.ReplaceAll(hidden.body, hidden.Header.Get("X-Request-Id"), "") != strings.ReplaceAll(none.body, none.Header.Get("X-Request-Id"), "") {
			t.Errorf("%s can tell what is hidden from what is not there", persona)
		}
	}
	w.exec(`insert into sig.item_visibility (item, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, ground, decided_by, decided_at)
		select i.id, i.intervention, i.authority, $2, 'guardian', true, true, null, i.author, now() from sig.item i where i.id = $1`, item, w.actors["omid"].Guardian)
	if read("omid") == before["omid"] {
		t.Error("what was decided visible for Omid does not show")
	}
	if read("sara") != before["sara"] {
		t.Error("what was decided visible for Omid shows for Sara")
	}
}

// TestTheDiaryOfOneAuthority: each authority's acts can be looked at alone, also
// beyond the first page, and what is no authority of the diary's is nothing.
func TestTheDiaryOfOneAuthority(t *testing.T) {
	w := newTown(t)
	path := diaryPath(w.amir().Intervention)
	links := w.get("sara", path, 200).Find("nav.filter a")
	if links.Length() < 3 || links.First().Text() != "Alla" || links.First().AttrOr("aria-current", "") != "true" {
		t.Fatalf("the choice of authorities reads %q", links.Text())
	}
	police := w.link(w.get("sara", path, 200), `nav.filter a:contains("Polismyndigheten")`)
	doc := w.get("sara", police, 200)
	if now := doc.Find(`nav.filter [aria-current]`).Text(); now != "Polismyndigheten" {
		t.Errorf("chosen is %q", now)
	}
	lines := doc.Find(".feed > li")
	if lines.Length() == 0 || doc.Find(`.feed > li:contains("Polismyndigheten")`).Length() != lines.Length() {
		t.Errorf("the police's part of the diary reads %q", lines.Text())
	}
	none := w.get("sara", path+"?by=nobody", 200)
	if none.Find(".feed > li").Length() != 0 || !strings.Contains(inWords(none, "main"), "Här är inget att visa") {
		t.Error("an authority that is none has lines")
	}
	w.get("sara", path+"?by=%00", 400)
}

// TestTheDiaryAsAFile: the file holds the lines of the page and no others,
// opens as a table, and taking it is in the log.
func TestTheDiaryAsAFile(t *testing.T) {
	w := newTown(t)
	path := diaryPath(w.amir().Intervention)
	got := w.ask("GET", path+"/extract", "", "Test-Visitor", "sara", "Accept-Language", "sv")
	w.want(got, 200)
	if kind := got.Header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Errorf("its type is %q", kind)
	}
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff")))
	table.Comma = ';'
	lines, err := table.ReadAll()
	if err != nil {
		t.Fatalf("it does not open: %v", err)
	}
	shown := w.get("sara", path, 200).Find("h3 + .feed > li")
	if len(lines)-1 != shown.Length() || lines[0][0] != "Dag" {
		t.Errorf("%d lines under %q, %d on the page", len(lines)-1, lines[0], shown.Length())
	}
	for n, line := range lines[1:] {
		if on := strings.Join(strings.Fields(shown.Eq(n).Text()), " "); !strings.Contains(on, line[2]) || !strings.Contains(on, line[5]) || !strings.Contains(on, strings.ReplaceAll(line[1][:5], ":", ".")) {
			t.Errorf("line %d is %q, on the page %q", n, line, on)
		}
	}
	for _, never := range []string{"Malin", "Karin", "Amir", "Omid", "Frånvaro vecka"} {
		if strings.Contains(got.body+got.Header.Get("Content-Disposition"), never) {
			t.Errorf("the file says %q", never)
		}
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'extract_ledger' and guardian = $1`, w.actors["sara"].Guardian); n != 1 {
		t.Errorf("%d rows in the log for one file", n)
	}
	const marks = "\u2066\u2067\u2068\u2069"
	arabic := func(path string) string {
		return w.ask("GET", path, "", "Test-Visitor", "sara", "Accept-Language", "ar").body
	}
	if file := arabic(path + "/extract"); strings.ContainsAny(file, marks) || !strings.Contains(file, "Farstaskolan") || !strings.ContainsAny(arabic(path), marks) {
		t.Errorf("the marks that turn a page the right way are letters in a cell: %q", file)
	}
}

func TestACellIsNoFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+46": "'+46", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "Skolan": "Skolan", "a=b": "a=b", "": "",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestTheDiaryGoesOnByACursorOfItsOwn(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	path := diaryPath(s.Intervention)
	counsellor, err := w.As(t.Context(), "school-counsellor", "")
	if err != nil {
		t.Fatal(err)
	}
	var item string
	if err := w.db.Super().QueryRow(t.Context(), `select id::text from sig.item where author = $1 limit 1`, counsellor.Assignment).Scan(&item); err != nil {
		t.Fatal(err)
	}
	var id sig.ItemID
	if err := id.UnmarshalText([]byte(item)); err != nil {
		t.Fatal(err)
	}
	for range 55 {
		if _, err := w.Sharing.OpenItem(t.Context(), counsellor, s.Intervention, id); err != nil {
			t.Fatal(err)
		}
	}
	first := w.get("sara", path, 200)
	next := w.link(first, `a[rel=next]`)
	second := w.get("sara", next, 200)
	a, b := first.Find(".feed > li").Length(), second.Find(".feed > li").Length()
	if a < 50 || b == 0 || second.Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d lines, then %d", a, b)
	}
	w.get("omid", next, 400)
	w.get("sara", path+"?after=abc", 400)
	w.get("sara", path+"?after=%00", 400)
}
