package httpd

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

// The thin path of a partner: the counsellor writes, sees who would see it,
// checks, sends; the coordinator finds it unopened, opens it, and it is read.
func TestAnItemGoesFromItsAuthorToItsReader(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER Amir var i skolan.", "attendance")
	opened, _ := c.get("school-counsellor", item, 200)
	if got := opened.Find("main .prose").Text(); got != "MARKER Amir var i skolan." {
		t.Errorf("the item reads %q", got)
	}
	choose, _ := c.get("school-counsellor", item+"/disclose", 200)
	who := choose.Find(`input[value="` + seatValue(coordinatorSeat) + `"]`).Closest(".card").Text()
	if !strings.Contains(who, "Karin Ek") || !strings.Contains(who, "till 31 maj 2027") || !strings.Contains(who, "Varför: Få skolan att fungera") {
		t.Errorf("\"Vem ser detta?\" of the coordinator says %q", who)
	}
	receipt := c.discloses("school-counsellor", item, coordinatorSeat)
	if shown, _ := c.get("school-counsellor", receipt, 200); !strings.Contains(shown.Find("main").Text(), "Karin Ek") {
		t.Errorf("the receipt does not say who sees it: %s", shown.Find("main").Text())
	}
	inbox, got := c.get("coordinator-farsta", "/inbox", 200)
	if inbox.Find(".feed .chip").Text() == "" || strings.Contains(got.body, "MARKER") {
		t.Errorf("the inbox has no line, or has text: %s", inbox.Find("main").Text())
	}
	if chip := strings.TrimSpace(inbox.Find(".feed .chip").Text()); chip != "Inte läst" {
		t.Errorf("an unopened copy is marked %q", chip)
	}
	address, _ := inbox.Find(".feed a").Attr("href")
	read, _ := c.get("coordinator-farsta", address, 200)
	if text := read.Find(`main .prose[lang="sv"]`); text.Text() != "MARKER Amir var i skolan." {
		t.Errorf("the copy reads %q", text.Text())
	}
	if why := read.Find("main dl").Text(); !strings.Contains(why, "Få skolan att fungera") {
		t.Errorf("the copy does not say why it was told: %q", why)
	}
	again, _ := c.get("coordinator-farsta", "/inbox", 200)
	if chip := strings.TrimSpace(again.Find(".feed .chip").Text()); chip != "Läst" {
		t.Errorf("after reading it is marked %q", chip)
	}
	for _, stranger := range []string{"police-farsta", "mentor", "police-jarva", "registrar-police"} {
		if _, got := c.get(stranger, address, 404); strings.Contains(got.body, "MARKER") {
			t.Errorf("%s reads the copy", stranger)
		}
	}
	c.get("coordinator-farsta", item, 404)
}

// Whoever cannot be told is shown with the reason and what to do, and cannot
// be ticked.
func TestRefusedRecipientsAreShownWithTheReason(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance", "plan_goals")
	page, _ := c.get("school-counsellor", item+"/disclose", 200)
	if n := page.Find(`input[name="recipients"]`).Length(); n != 2 {
		t.Errorf("recipients that can be ticked: %d, want the coordinator and, inside the own authority, the mentor", n)
	}
	refused := page.Find(".card.quiet").Text()
	for _, says := range []string{"Lokalpolisområde Farsta", "Ingen enskild rad i samtycket omfattar alla kategorierna", "Dela upp uppgiften", "Lokalpolisområde Järva"} {
		if !strings.Contains(refused, says) {
			t.Errorf("the refused ones do not say %q: %s", says, refused)
		}
	}
	forged := c.post("school-counsellor", item+"/disclose", 422, "key", "k", "recipients", seatValue(policeSeat), "necessity", "x", "checked", "true")
	c.want(forged, 422, "Ingen enskild rad")
	if inbox, _ := c.get("police-farsta", "/inbox", 200); inbox.Find(".feed").Length() != 0 {
		t.Error("the police received what was refused")
	}
}

// A weaker recipient wants a reason, and what was typed is kept.
func TestAWeakerRecipientWantsAReason(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("coordinator-farsta", "MARKER", "plan_goals")
	page, _ := c.get("coordinator-farsta", item+"/disclose", 200)
	if text := page.Find(".banner.warn").Text(); !strings.Contains(text, "oftast offentlig") || !strings.Contains(text, "Säkrare val: Skolkurator") {
		t.Errorf("the warning says %q", text)
	}
	pairs := []string{"key", "k1", "recipients", seatValue(mentorSeat), "necessity", "Mentorn träffar Amir varje dag."}
	back := c.post("coordinator-farsta", item+"/disclose", 422, pairs...)
	c.want(back, 422, `href="#weaker_reason"`, "Mentorn träffar Amir varje dag.", "Sekretessen är svagare hos mottagaren")
	check := c.post("coordinator-farsta", item+"/disclose", 200, append(pairs, "weaker_reason", "Hon behöver det.")...)
	c.want(check, 200, "MARKER", "Hon behöver det.", "Fredrik Sjö")
	c.post("coordinator-farsta", item+"/disclose", 303, append(pairs, "weaker_reason", "Hon behöver det.", "checked", "true")...)
	inbox, _ := c.get("mentor", "/inbox", 200)
	address, _ := inbox.Find(".feed a").Attr("href")
	copied, _ := c.get("mentor", address, 200)
	if !strings.Contains(copied.Find(".banner.warn").Text(), "Hos er är skyddet svagare") {
		t.Error("the mentor is not told that the school protects it less")
	}
}

// Sending the same form twice is one act with one receipt.
func TestTheSameFormTwiceIsOneDisclosure(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	pairs := []string{"key", uuid.NewString(), "recipients", seatValue(coordinatorSeat), "necessity", "Behövs.", "checked", "true"}
	first := c.post("school-counsellor", item+"/disclose", 303, pairs...).Header.Get("Location")
	second := c.post("school-counsellor", item+"/disclose", 303, pairs...).Header.Get("Location")
	if first != second {
		t.Errorf("two receipts: %s and %s", first, second)
	}
	if inbox, _ := c.get("coordinator-farsta", "/inbox", 200); inbox.Find(".feed > li").Length() != 1 {
		t.Errorf("%d copies, want 1", inbox.Find(".feed > li").Length())
	}
}

// After a withdrawal the reader is told that it is hidden, when and why, and
// never that nothing was there; the registrar can take it over.
func TestACutIsSaidAsHidden(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	c.discloses("school-counsellor", item, policeSeat)
	inbox, _ := c.get("police-farsta", "/inbox", 200)
	address, _ := inbox.Find(".feed a").Attr("href")
	c.get("police-farsta", address, 200)
	c.exec(`update sig.received set cut_at = sig.now(), cut_by = 'withdrawal', registrar_until = sig.now() + interval '30 days'`)
	c.exec(`update sig.consent set state = 'withdrawn', ended_at = sig.now()`)
	c.exec(`update sig.intervention set state = 'closing', state_since = sig.now(), closed_reason = 'consent_withdrawn'`)
	hidden, got := c.get("police-farsta", address, 410)
	if text := hidden.Find("main").Text(); strings.Contains(got.body, "MARKER") || !strings.Contains(text, "dolda") || !strings.Contains(text, "Samtycket togs tillbaka") {
		t.Errorf("the cut copy says %s", text)
	}
	page, got := c.get("police-farsta", c.path(), 200)
	text := page.Find("main").Text()
	for _, want := range []string{"Delningen stoppades 3 december 2026", "1 uppgift är dold", "Samtycket togs tillbaka"} {
		if !strings.Contains(text, want) {
			t.Errorf("the case does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Här är tomt") || strings.Contains(got.body, "MARKER") || page.Find(`a[href$="/items/new"]`).Length() != 0 {
		t.Errorf("the case speaks of nothing, shows text, or lets write: %s", text)
	}
	emptied, got := c.get("police-farsta", "/inbox", 200)
	text = emptied.Find("main").Text()
	if !strings.Contains(text, "1 uppgift är dold") || !strings.Contains(text, "Samtycket togs tillbaka") || emptied.Find(`main a[href="`+c.path()+`"]`).Length() != 1 {
		t.Errorf("the inbox does not say what was taken from it: %s", text)
	}
	if strings.Contains(text, "Här är tomt") || strings.Contains(got.body, "MARKER") {
		t.Errorf("the inbox reads as if nothing had come: %s", text)
	}
	if other, _ := c.get("mentor", "/inbox", 200); strings.Contains(other.Find("main").Text(), "dold") || !strings.Contains(other.Find("main").Text(), "Här är tomt") {
		t.Error("an inbox to which nothing has come says that something is hidden")
	}
	list, _ := c.get("registrar-police", "/registry", 200)
	taken, _ := list.Find(".feed a").Attr("href")
	if taken != address {
		t.Fatalf("the registrar's list leads to %q", taken)
	}
	c.want(c.ask("GET", taken, "", "Test-Visitor", "registrar-police"), 200, "MARKER", "export.json")
	file := c.ask("GET", taken+"/export.json", "", "Test-Visitor", "registrar-police")
	c.want(file, 200, `"text": "MARKER"`, `"format": "sigportal.copy/1"`)
	if !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the export is no attachment")
	}
	c.post("registrar-police", taken+"/transferred", 303)
	if list, _ := c.get("registrar-police", "/registry", 200); !strings.Contains(list.Find(".feed").Text(), "Flyttad") {
		t.Error("the list does not say that it is moved")
	}
	c.get("police-farsta", "/registry", 404)
	c.db.Advance(t, 31*24*time.Hour)
	c.get("registrar-police", taken, 404)
}

// A copy that was disclosed after the consent had been taken back says so
// wherever its recipient and the registrar meet it, and no other copy does.
func TestACopyDisclosedAfterTheWithdrawalSaysSo(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.discloses("school-counsellor", c.writes("school-counsellor", "BEFORE", "attendance"), policeSeat)
	after := c.writes("school-counsellor", "AFTER", "attendance")
	c.discloses("school-counsellor", after, policeSeat)
	c.exec(`update sig.disclosure set after_withdrawal = true where item = $1`, path.Base(after))
	const says = "Utlämnad efter återkallelsen"
	marks := func(persona, at string) (marked, lines int) {
		list, _ := c.get(persona, at, 200)
		list.Find(".feed > li").Each(func(_ int, line *goquery.Selection) {
			lines++
			if strings.Contains(line.Text(), says) {
				marked++
			}
		})
		return marked, lines
	}
	if marked, lines := marks("police-farsta", "/inbox"); marked != 1 || lines != 2 {
		t.Errorf("%d of %d copies that can still be read are marked, want 1 of 2", marked, lines)
	}
	c.exec(`update sig.received set cut_at = sig.now(), cut_by = 'withdrawal', registrar_until = sig.now() + interval '30 days'`)
	c.exec(`update sig.consent set state = 'withdrawn', ended_at = sig.now()`)
	c.exec(`update sig.intervention set state = 'closing', state_since = sig.now(), closed_reason = 'consent_withdrawn'`)
	const one = "1 av dem lämnades ut efter att samtycket hade tagits tillbaka."
	for _, at := range []string{"/inbox", c.path()} {
		if page, _ := c.get("police-farsta", at, 200); !strings.Contains(page.Find("main").Text(), one) {
			t.Errorf("%s does not say it: %s", at, page.Find("main").Text())
		}
	}
	if marked, lines := marks("registrar-police", "/registry"); marked != 1 || lines != 2 {
		t.Errorf("the registrar sees %d of %d marked, want 1 of 2", marked, lines)
	}
	list, _ := c.get("registrar-police", "/registry", 200)
	list.Find(".feed a").Each(func(_ int, link *goquery.Selection) {
		address, _ := link.Attr("href")
		page, got := c.get("registrar-police", address, 200)
		late := strings.Contains(got.body, "AFTER")
		if said := strings.Contains(page.Find(".banner.warn").Text(), says); said != late {
			t.Errorf("the copy's page says it: %v, want %v", said, late)
		}
		file := c.ask("GET", address+"/export.json", "", "Test-Visitor", "registrar-police")
		c.want(file, 200, fmt.Sprintf(`"disclosed_after_withdrawal": %v`, late))
		hidden, _ := c.get("police-farsta", address, 410)
		if said := strings.Contains(hidden.Find(".banner.warn").Text(), says); said != late {
			t.Errorf("whoever had it is told: %v, want %v", said, late)
		}
	})
	if page, _ := c.get("mentor", "/inbox", 200); strings.Contains(page.Find("main").Text(), "tagits tillbaka") {
		t.Error("a function to which nothing was told hears of it")
	}
}

// What is typed is kept, and what nobody can type is refused, never a fault of
// ours.
func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	page := c.post("school-counsellor", c.path("/items/new"), 422, "key", "k", "text", "Kvar i rutan",
		"concerns.0.name", "Lisa", "concerns.0.handled", "", "concerns.1.name", "", "concerns.1.handled", "")
	c.want(page, 422, "Kvar i rutan", `value="Lisa"`, `href="#categories"`, `href="#concerns.0.handled"`)
	more := c.post("school-counsellor", c.path("/items/new"), 200, "key", "k", "text", "Kvar i rutan", "more", "true",
		"concerns.0.name", "a", "concerns.0.handled", "", "concerns.1.name", "b", "concerns.1.handled", "")
	c.want(more, 200, "Kvar i rutan", `name="concerns.2.name"`)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	for name, pairs := range map[string][]string{
		"a zero byte":       {"text", "a\x00b"},
		"a turned text":     {"text", "a\u202eb"},
		"too long":          {"text", strings.Repeat("x", 8001)},
		"no such category":  {"text", "x", "categories", "secrets"},
		"no such item":      {"text", "x", "categories", "attendance", "corrects", uuid.NewString()},
		"no item":           {"text", "x", "categories", "attendance", "corrects", "1"},
		"an unknown field":  {"text", "x", "owner", "polisen"},
		"a seat of nowhere": {"recipients", "a/b"},
	} {
		for _, path := range []string{c.path("/items/new"), item + "/disclose", item + "/visibility", item + "/block"} {
			got := c.ask("POST", path, form(append(pairs, "key", "k")...), "Test-Visitor", "school-counsellor")
			if got.StatusCode >= 500 || got.StatusCode < 400 {
				t.Errorf("%s at %s: status %d", name, path, got.StatusCode)
			}
		}
	}
	for _, path := range []string{"/inbox?after=x", "/inbox?after=" + strings.Repeat("A", 60), "/registry?after=x", "/inbox?x=1"} {
		if got := c.ask("GET", path, "", "Test-Visitor", "registrar-police"); got.StatusCode != 400 {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
	}
}

// Who of the family may see an item is decided for each; who is left out stays
// undecided.
func TestVisibilityIsDecidedForEach(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	item := c.writes("school-counsellor", "MARKER", "attendance")
	form, _ := c.get("school-counsellor", item+"/visibility", 200)
	viewers := map[string]string{}
	form.Find("form .card").Each(func(_ int, box *goquery.Selection) {
		name, _ := box.Find(`input[type="hidden"]`).Attr("name")
		value, _ := box.Find(`input[type="hidden"]`).Attr("value")
		viewers[strings.TrimSuffix(name, ".viewer")+" "+box.Find("bdi").Text()] = value
	})
	if len(viewers) != 3 {
		t.Fatalf("decisions for %v, want Amir, Sara and Omid", viewers)
	}
	var pairs []string
	for at, viewer := range viewers {
		row, name, _ := strings.Cut(at, " ")
		pairs = append(pairs, row+".viewer", viewer, row+".ground", "", row+".reason", "")
		switch name {
		case "Sara Rahimi":
			pairs = append(pairs, row+".decision", "visible")
		case "Omid Rahimi":
			pairs = append(pairs, row+".decision", "hidden")
		}
	}
	back := c.post("school-counsellor", item+"/visibility", 422, pairs...)
	c.want(back, 422, "Välj en grund.")
	for i, p := range pairs {
		if strings.HasSuffix(p, ".ground") && viewerIs(viewers, p, "Omid Rahimi") {
			pairs[i+1] = "third_party"
		}
	}
	c.post("school-counsellor", item+"/visibility", 303, pairs...)
	shown, _ := c.get("school-counsellor", item, 200)
	text := strings.Join(strings.Fields(shown.Find("main").Text()), " ")
	for _, want := range []string{"Sara Rahimi · Vårdnadshavare Får se", "Omid Rahimi · Vårdnadshavare Får inte seRör någon annan", "Amir Rahimi · Den unge Inte beslutat"} {
		if !strings.Contains(text, want) {
			t.Errorf("the item does not say %q: %s", want, text)
		}
	}
}

func viewerIs(viewers map[string]string, field, name string) bool {
	row := strings.Join(strings.SplitN(field, ".", 3)[:2], ".")
	_, ok := viewers[row+" "+name]
	return ok
}

func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}
