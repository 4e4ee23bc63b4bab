package words

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// forms gives the plural forms of a message by name, without the empty ones.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	}
	maps.DeleteFunc(all, func(_, v string) bool { return v == "" })
	return all
}

func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// placeholdersOf are the names that any form of a key uses.
func placeholdersOf(c *catalog, key string) []string {
	all := c.texts[key].names()
	if m := c.plurals[key]; m != nil {
		for _, f := range forms(m) {
			all = append(all, parse(f).names()...)
		}
		all = append(all, "count")
	}
	return distinct(all)
}

func TestEveryLanguageHasTheSameKeysInTheSameAreas(t *testing.T) {
	sv := For("sv").catalog
	for _, l := range FamilyLanguages() {
		for key := range sv.texts {
			if l.reader == family && !ForFamily(key) {
				continue
			}
			if _, ok := l.catalog.texts[key]; !ok {
				t.Errorf("%s lacks %s (what only staff read is named in family.go)", l.Tag(), key)
				continue
			}
			if got, want := l.catalog.area(key), sv.area(key); got != want {
				t.Errorf("%s has %s in %s, Swedish in %s", l.Tag(), key, got, want)
			}
		}
		for key := range l.catalog.texts {
			if _, ok := sv.texts[key]; !ok {
				t.Errorf("%s has %s, which Swedish lacks", l.Tag(), key)
			}
			if l.reader == family && !ForFamily(key) {
				t.Errorf("%s has %s, which no page of the family shows", l.Tag(), key)
			}
		}
	}
}

func TestEveryLanguageHasTheSamePlaceholders(t *testing.T) {
	sv := For("sv").catalog
	for _, l := range FamilyLanguages() {
		for key := range l.catalog.texts {
			if diff := cmp.Diff(placeholdersOf(sv, key), placeholdersOf(l.catalog, key)); diff != "" {
				t.Errorf("%s of %s: placeholders (-Swedish +it)\n%s", key, l.Tag(), diff)
			}
		}
	}
}

func TestPluralFormsAreThoseOfTheLanguage(t *testing.T) {
	want := map[string][]string{
		"sv": {"one", "other"}, "en": {"one", "other"},
		"ar":        {"few", "many", "one", "other", "two", "zero"},
		"sv-simple": {"one", "other"}, "fi": {"one", "other"}, "so": {"one", "other"},
		"prs": {"one", "other"}, "ti": {"one", "other"},
	}
	sv := For("sv").catalog
	for _, l := range FamilyLanguages() {
		for key := range sv.plurals {
			if l.reader == family && !ForFamily(key) {
				continue
			}
			m := l.catalog.plurals[key]
			if m == nil {
				t.Errorf("%s of %s has no plural forms", key, l.Tag())
				continue
			}
			got := slices.Sorted(maps.Keys(forms(m)))
			if diff := cmp.Diff(want[l.Tag()], got); diff != "" {
				t.Errorf("%s of %s: forms (-want +got)\n%s", key, l.Tag(), diff)
			}
		}
	}
}

func TestNoTextShowsTheInsidesOfATemplate(t *testing.T) {
	for _, l := range FamilyLanguages() {
		for key := range l.catalog.texts {
			texts := []string{l.T(key)}
			for _, n := range []int{0, 1, 2, 3, 11, 100} {
				texts = append(texts, l.N(key, n))
			}
			for _, s := range texts {
				if strings.TrimSpace(s) == "" || strings.ContainsAny(s, "{}<>") || strings.Contains(s, "%!") {
					t.Errorf("%s of %s reads %q", key, l.Tag(), s)
				}
				if strings.Contains(strings.ToLower(s), "t.o.m") || strings.Contains(s, "till och med") {
					t.Errorf("%s of %s says %q; write the last day with \"till\"", key, l.Tag(), s)
				}
			}
		}
	}
}

func TestPluralsRead(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"sv", 0, "Skolan får veta 0 saker."},
		{"sv", 1, "Skolan får veta 1 sak."},
		{"sv", 2, "Skolan får veta 2 saker."},
		{"sv", 11, "Skolan får veta 11 saker."},
		{"en", 1, "Skolan may know 1 thing."},
		{"en", 3, "Skolan may know 3 things."},
		{"sv-simple", 1, "Skolan får veta 1 sak."},
		{"sv-simple", 2, "Skolan får veta 2 saker."},
		{"fi", 1, "Skolan saa tietää 1 asian."},
		{"fi", 2, "Skolan saa tietää 2 asiaa."},
		{"so", 1, "Skolan: 1 arrin ayaa la ogaysiin karaa."},
		{"so", 2, "Skolan: 2 arrimood ayaa la ogaysiin karaa."},
		{"prs", 1, "\u2068Skolan\u2069 اجازه دارد 1 چیز بداند."},
		{"prs", 2, "\u2068Skolan\u2069 اجازه دارد 2 چیز بداند."},
		{"ti", 0, "Skolan: 0 ነገር ምፍላጥ ይፍቀድ።"}, // none is as one
		{"ti", 1, "Skolan: 1 ነገር ምፍላጥ ይፍቀድ።"},
		{"ti", 2, "Skolan: 2 ነገራት ምፍላጥ ይፍቀድ።"},
		{"ar", 0, "المدرسة: غير مسموح بمعرفة أي شيء."},
		{"ar", 1, "المدرسة: مسموح بمعرفة أمر واحد."},
		{"ar", 2, "المدرسة: مسموح بمعرفة أمرين."},
		{"ar", 3, "المدرسة: مسموح بمعرفة 3 أمور."},
		{"ar", 11, "المدرسة: مسموح بمعرفة 11 أمراً."},
		{"ar", 100, "المدرسة: مسموح بمعرفة 100 أمر."},
	} {
		name := "Skolan"
		if c.lang == "ar" {
			name = "المدرسة"
		}
		if got := For(c.lang).N("picture.network.row", c.n, "recipient", name); got != c.want {
			t.Errorf("%s of %d = %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestAMissingKeyIsAnsweredInSwedish(t *testing.T) {
	const key = "citizen.start.title"
	lacking := *For("en")
	lacking.catalog = &catalog{plural: lacking.catalog.plural}
	if got, want := lacking.T(key), For("sv").T(key); got != want {
		t.Errorf("a key that English lacks reads %q, want the Swedish %q", got, want)
	}
	if got := For("sv").T("no.such.key"); got != "no.such.key" {
		t.Errorf("a key that nobody has reads %q", got)
	}
	if got, want := For("sv").T("date.until"), "till …"; got != want {
		t.Errorf("a placeholder without a value reads %q, want %q", got, want)
	}
}

func TestATwiceWrittenKeyIsRefused(t *testing.T) {
	from := fstestFS("messages/sv/a.yaml", `x.y: "en"`, "messages/sv/b.yaml", `x.y: "två"`)
	if _, err := load(from, "sv", "sv"); err == nil || !strings.Contains(err.Error(), "x.y") {
		t.Errorf("loading the same key from two files: %v, want an error naming it", err)
	}
}
