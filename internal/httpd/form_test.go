package httpd

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

type testForm struct {
	Text   string         `form:"text,max=10,lines,required"`
	Name   string         `form:"name"`
	Kinds  []sig.Category `form:"kinds"`
	Item   sig.ItemID     `form:"item"`
	Agree  bool           `form:"agree"`
	Count  int            `form:"count"`
	Until  time.Time      `form:"until"`
	Grants []testRow      `form:"grants"`
	Secret string
}

type testRow struct {
	Unit       sig.UnitID `form:"unit"`
	Categories []string   `form:"categories"`
}

func decodeText(encoded string) (testForm, error) {
	r := &Request{}
	var in testForm
	err := r.decode(encoded, &in)
	return in, err
}

func TestAFormIsReadIntoItsStruct(t *testing.T) {
	in, err := decodeText("text=+a%0D%0Ab+&name=Alva+Lind&kinds=school&kinds=health&agree=yes&count=3&until=2026-12-31" +
		"&item=0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11&grants.0.unit=school-1&grants.0.categories=a&grants.0.categories=b&grants.1.unit=police")
	if err != nil {
		t.Fatal(err)
	}
	want := testForm{
		Text: "a\nb", Name: "Alva Lind", Kinds: []sig.Category{"school", "health"}, Agree: true, Count: 3,
		Until:  time.Date(2026, 12, 30, 23, 0, 0, 0, time.UTC),
		Grants: []testRow{{"school-1", []string{"a", "b"}}, {"police", []string{}}},
	}
	want.Item, _ = idOf[sig.ItemID](t, "0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11"), true
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func idOf[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](t *testing.T, s string) T {
	t.Helper()
	var v T
	if err := P(&v).UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatIsNotOnTheFormIsRefused(t *testing.T) {
	for _, encoded := range []string{
		"text=a&Secret=x", "text=a&secret=x", "text=a&actor=1", "text=a&text=b", "text=a&name=x&name=y", "text=%zz", "text=a;b=c",
		"text=a&grants.0.owner=x", "text=a&grants.1.unit=x", "text=a&grants.-1.unit=x", "text=a&grants.00.unit=x",
		"text=a&grants=x", "text=a&grants.0=x", "text=a&" + strings.Repeat("kinds=x&", 300),
		"text=a&" + strings.Repeat("&", maxPairs), "text[]=a&text=a", "TEXT=a",
	} {
		if _, err := decodeText(encoded); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%.60s: %v", encoded, err)
		}
	}
}

func TestWhatIsWrongWithAFieldIsSaidAtTheField(t *testing.T) {
	for encoded, want := range map[string]string{
		"":                       "text error.required",
		"text=+++":               "text error.required",
		"text=12345678901":       "text error.too_long",
		"text=a%00b":             "text error.bad_text",
		"text=%ff":               "text error.bad_text",
		"text=a%E2%80%AEb":       "text error.bad_text",
		"text=a&name=b%0Ac":      "name error.bad_text",
		"text=a&name=b%1b%5b31m": "name error.bad_text",
		"text=a&item=x":          "item error.choose_one",
		"text=a&item=%7B0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11%7D":    "item error.choose_one",
		"text=a&item=0B5E1F0A-6F0E-4C59-8A43-0D6D3F3F5F11":          "item error.choose_one",
		"text=a&item=urn:uuid:0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11": "item error.choose_one",
		"text=a&agree=maybe":                "agree error.choose_one",
		"text=a&count=1e9":                  "count error.bad_number",
		"text=a&count=99999999999999999999": "count error.bad_number",
		"text=a&until=2026-02-30":           "until error.bad_date",
		"text=a&until=igår":                 "until error.bad_date",
		"text=a&kinds=%00":                  "kinds error.bad_text",
		"text=a&grants.0.unit=%E2%81%A6":    "grants.0.unit error.bad_text",
	} {
		in, err := decodeText(encoded)
		wrong, ok := err.(*fault.Error) // decode wraps nothing
		if !ok || wrong.Kind != fault.Invalid || len(wrong.Fields) != 1 {
			t.Errorf("%s: %v (%+v)", encoded, err, in)
			continue
		}
		if got := wrong.Fields[0].Name + " " + wrong.Fields[0].Code; got != want {
			t.Errorf("%s: %s, want %s", encoded, got, want)
		}
	}
}

func TestArabicAndNamesOfAllKindsAreNoFault(t *testing.T) {
	for _, name := range []string{"سلام عليكم", "O’Brien-Åkesson", "Nguyễn", "ali\u200dce", "🙂"} {
		if _, err := decodeText("text=a&name=" + url.QueryEscape(name)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// nasty is what people and programs put into fields.
var nasty = []string{
	"", " ", "\x00", "a\x00b", strings.Repeat("å", 100_000), "'; drop table sig.session; --", "<script>alert(1)</script>", "\u202egnp.exe",
	"\xff\xfe", "{{.}}", "%!s(MISSING)", "1e308", "-1", "NaN", "null", "[]", "../../etc/passwd", "\r\nSet-Cookie: a=b", "=cmd|' /C calc'!A0",
	"http://evil.example", "//evil.example", "/\\evil.example", "\ufeff", "\u2028", "a&b=c", "%00", "sv,en", "SV",
}

func TestNothingThatIsTypedIsAServerFault(t *testing.T) {
	p := newPortal(t, nil)
	for path, fields := range map[string][]string{"/language": {"language", "next", "other"}, "/accessibility/report": {"text", "page", "other"}} {
		for _, field := range fields {
			for _, value := range nasty {
				form := url.Values{"language": {"en"}, "next": {"/help"}}
				if path != "/language" {
					form = url.Values{"text": {"hinder"}}
				}
				form.Set(field, value)
				got := p.ask("POST", path, form.Encode())
				if got.StatusCode >= 500 {
					t.Errorf("%s %s=%.30q: status %d", path, field, value, got.StatusCode)
				}
				if to := got.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`)) {
					t.Errorf("%s %s=%.30q leads to %q", path, field, value, to)
				}
				if len(got.Header.Values("Set-Cookie")) > 1 || strings.Contains(got.body, "<script>alert") {
					t.Errorf("%s %s=%.30q: injected", path, field, value)
				}
			}
		}
	}
	for _, body := range []string{"text", "=", "&&&", "%", "text=%E0%A4%A", strings.Repeat("a", 500_000)} {
		if got := p.ask("POST", "/accessibility/report", body); got.StatusCode != 400 && got.StatusCode != 422 {
			t.Errorf("%.20q: status %d", body, got.StatusCode)
		}
	}
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain", ""} {
		if got := p.ask("POST", "/accessibility/report", `{"text":"x"}`, "Content-Type", kind); got.StatusCode != 400 {
			t.Errorf("%q: status %d", kind, got.StatusCode)
		}
	}
}

func TestAFormWithAFaultComesBackWithWhatWasTyped(t *testing.T) {
	p := newPortal(t, nil)
	typed := "Knappen går inte att nå <b>\u202e"
	got := p.ask("POST", "/accessibility/report", url.Values{"text": {typed}, "page": {"/start"}}.Encode())
	p.want(got, 422, `href="#text"`, "Knappen går inte att nå &lt;b&gt;", "Texten har tecken")
	p.want(p.ask("POST", "/accessibility/report", "text="), 422, `href="#text"`, "Fyll i det här.")
	p.want(p.ask("POST", "/accessibility/report", "text=hinder"), 200, "7d3f")
	p.want(p.ask("POST", "/accessibility/report", "text=broken"), 500)
}

func TestTheLanguageIsKeptAndLeadsHome(t *testing.T) {
	p := newPortal(t, nil)
	got := p.ask("POST", "/language", "language=ar&next=/help")
	p.want(got, 303)
	cookie := got.Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-lang=ar", "path=/", "secure", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(strings.ToLower(cookie), strings.ToLower(part)) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	if got.Header.Get("Location") != "/help" {
		t.Errorf("it leads to %q", got.Header.Get("Location"))
	}
	arabic := p.ask("GET", "/help", "", "Cookie", "__Host-lang=ar")
	p.want(arabic, 200, `dir="rtl"`, `lang="ar"`, "\u206608-\u2060508\u00a000\u00a0000\u2069", `href="tel:0850800000"`)
	if strings.Contains(arabic.body, "\u2066\u2066") {
		t.Error("the number is isolated twice")
	}
	p.want(p.ask("GET", "/help", "", "Cookie", "__Host-lang=xx", "Accept-Language", "en-GB,sv;q=0.5"), 200, `lang="en"`)
	p.want(p.ask("POST", "/language", "language=xx&next=/help"), 400)
}

// TestALanguageOfTheFamilyIsNotForStaff: it is offered and shown to the family
// and to whoever has not signed in, and staff who have chosen it read Swedish.
func TestALanguageOfTheFamilyIsNotForStaff(t *testing.T) {
	p := newPortal(t, nil)
	for _, l := range words.FamilyLanguages() {
		staffs := slices.Contains(words.Languages(), l)
		for visitor, shown := range map[string]bool{"": true, "guardian": true, "staff": staffs} {
			want := l
			if !shown {
				want = words.For("sv")
			}
			for _, path := range []string{"/help", "/nowhere"} {
				got := p.ask("GET", path, "", "Test-Visitor", visitor, "Cookie", "__Host-lang="+l.Tag())
				doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
				if err != nil {
					t.Fatal(err)
				}
				if tag := doc.Find("html").AttrOr("lang", ""); tag != want.Tag() {
					t.Errorf("%q who chose %s reads %s in %s", visitor, l.Tag(), path, tag)
				}
				if offered := doc.Find(`button[name=language][value="`+l.Tag()+`"]`).Length() == 1; offered != shown {
					t.Errorf("%q is offered %s: %v, want %v", visitor, l.Tag(), offered, shown)
				}
			}
		}
	}
}
