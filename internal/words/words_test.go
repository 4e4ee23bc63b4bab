package words

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// fstestFS makes a file system of pairs of name and text.
func fstestFS(pairs ...string) fstest.MapFS {
	fs := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fs[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fs
}

func TestMatchNeverTakesALanguageForItsNeighbour(t *testing.T) {
	for _, c := range []struct{ accept, chosen, want string }{
		{"", "", "sv"},
		{"en-GB,en;q=0.9", "", "en"},
		{"ar-SY", "", "ar"},
		{"ckb", "", "sv"},   // Sorani is not Arabic
		{"ps,fa", "", "sv"}, // Pashto is not English, and the Persian of Iran is not Dari
		{"fa-AF,fa;q=0.8", "", "prs"},
		{"prs", "", "prs"},
		{"fa-IR", "", "sv"},
		{"arz", "", "sv"},         // a language of its own tag
		{"ku,ar;q=0.5", "", "ar"}, // Kurdish is not here, Arabic was asked for too
		{"fi-FI,sv;q=0.8", "", "fi"},
		{"sv-simple,sv", "", "sv-simple"},
		{"sv-SE,sv-simple", "", "sv"},
		{"so-SO;q=0.9", "", "so"},
		{"ti-ER,en", "", "ti"},
		{"am,tig", "", "sv"}, // neither Amharic nor Tigre is Tigrinya
		{"fil", "", "sv"},    // Filipino is not Finnish
		{"en-US-x-fi", "", "en"},
		{"en;q=0, ar", "", "ar"}, // refused outright
		{"en", "ar", "ar"},       // the reader's own choice wins
		{"sv", "fa-AF", "sv"},    // only a tag of our own is a choice
		{"en", "xx", "en"},       // an unknown choice does not
		{"*", "", "sv"},
		{"en\x00", "", "sv"},
		{"../../etc", "../sv", "sv"},
	} {
		if got := Match(c.accept, c.chosen).Tag(); got != c.want {
			t.Errorf("Match(%q, %q) = %s, want %s", c.accept, c.chosen, got, c.want)
		}
	}
	if For("ar").Dir() != "rtl" || For("prs").Dir() != "rtl" || For("sv").Dir() != "ltr" {
		t.Error("writing directions are wrong")
	}
	if got := For("AR").Tag(); got != "sv" {
		t.Errorf(`For("AR") = %s: matching must be exact`, got)
	}
}

func TestALanguageForTheFamilyIsNotForStaff(t *testing.T) {
	for _, l := range FamilyLanguages() {
		want := l.Tag()
		if !slices.Contains(Languages(), l) {
			want = "sv"
		}
		if got := l.ForStaff().Tag(); got != want {
			t.Errorf("staff who chose %s read %s, want %s", l.Tag(), got, want)
		}
		texts := l.FamilyTexts()
		if sum := sha256.Sum256([]byte(texts)); hex.EncodeToString(sum[:]) != l.Hash() {
			t.Errorf("%s: the hash is not that of the texts", l.Tag())
		}
		for _, want := range []string{"citizen.sign.button: " + l.T("citizen.sign.button") + "\n", "{recipient}"} {
			if !strings.Contains(texts, want) {
				t.Errorf("%s: the texts lack %q", l.Tag(), want)
			}
		}
	}
	if len(Languages()) != 3 || len(FamilyLanguages()) <= 3 {
		t.Errorf("%d languages for everybody and %d for the family", len(Languages()), len(FamilyLanguages()))
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDatesAreReadInStockholm(t *testing.T) {
	evening := at(t, "2026-12-02T23:30:00Z") // half past midnight in Stockholm
	for lang, want := range map[string]string{
		"sv": "3 december 2026 kl. 00.30", "en": "3 December 2026 at 00:30", "ar": "3 ديسمبر 2026 الساعة 00:30",
		"sv-simple": "3 december 2026 kl. 00.30", "fi": "3. joulukuuta 2026 klo 00.30",
		"so": "3 Desembar 2026, saacadda 00:30", "prs": "3 دسمبر 2026، ساعت 00:30",
		"ti": "3 ታሕሳስ 2026 ሰዓት 00:30",
	} {
		if got := For(lang).DateTime(evening); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestMonthsAreToldApartInEveryLanguage(t *testing.T) {
	for _, l := range FamilyLanguages() {
		whole, short := map[string]bool{}, map[string]bool{}
		for m := time.January; m <= time.December; m++ {
			whole[l.Month(m)], short[l.MonthShort(m)] = true, true
			if !strings.HasPrefix(l.Month(m), strings.TrimSuffix(l.MonthShort(m), ".")) {
				t.Errorf("%s: %s is not short for %s", l.Tag(), l.MonthShort(m), l.Month(m))
			}
		}
		delete(whole, "")
		if len(whole) != 12 || len(short) != 12 {
			t.Errorf("%s: %d names of months, %d short ones", l.Tag(), len(whole), len(short))
		}
	}
}

func TestAnEndAtMidnightIsTheDayBefore(t *testing.T) {
	for _, c := range []struct{ end, want string }{
		{"2027-05-31T22:00:00Z", "till 31 maj 2027"},      // 00:00 on 1 June, summer time
		{"2026-12-31T23:00:00Z", "till 31 december 2026"}, // 00:00 on 1 January, winter time
		{"2027-03-27T23:00:00Z", "till 27 mars 2027"},     // the day before the clocks go forward
		{"2027-03-28T22:00:00Z", "till 28 mars 2027"},     // the day of 23 hours
		{"2027-05-31T13:15:00Z", "till 31 maj 2027 kl. 15.15"},
	} {
		if got := For("sv").Until(at(t, c.end)); got != c.want {
			t.Errorf("Until(%s) = %q, want %q", c.end, got, c.want)
		}
	}
	if got := For("sv").Until(time.Time{}); got != "" {
		t.Errorf("no end reads %q, want nothing", got)
	}
	if got, want := For("sv").Range(at(t, "2026-11-30T23:00:00Z"), at(t, "2027-05-31T22:00:00Z")), "1 december 2026 till 31 maj 2027"; got != want {
		t.Errorf("Range = %q, want %q", got, want)
	}
}

func TestDaysLeftCountsMidnights(t *testing.T) {
	end := at(t, "2027-05-31T22:00:00Z") // last day 31 May
	for _, c := range []struct {
		now  string
		want int
	}{
		{"2027-05-31T21:59:00Z", 0},
		{"2027-05-31T08:00:00Z", 0},
		{"2027-05-30T21:59:00Z", 1},
		{"2027-05-01T10:00:00Z", 30},
		{"2027-06-02T10:00:00Z", 0},
	} {
		if got := Days(at(t, c.now), end); got != c.want {
			t.Errorf("Days(%s) = %d, want %d", c.now, got, c.want)
		}
	}
}

func TestListsAndIsolates(t *testing.T) {
	if got, want := For("sv").List([]string{"Skola", "Polis", "BUP"}), "Skola, Polis och BUP"; got != want {
		t.Errorf("List = %q, want %q", got, want)
	}
	if got := For("sv").List(nil); got != "" {
		t.Errorf("an empty list reads %q", got)
	}
	if got, want := For("ar").T("citizen.sign.ask", "phone", "08-123 45 67"), "\u206608-123 45 67\u2069"; !contains(got, want) {
		t.Errorf("a telephone number in Arabic reads %q: it must be isolated left to right", got)
	}
	if got, want := For("ar").T("citizen.start.none.guardian", "name", "Alva"), "\u2068Alva\u2069"; !contains(got, want) {
		t.Errorf("a Latin name in Arabic reads %q: it must be isolated", got)
	}
}

func TestACodeInAFaultIsWrittenInWords(t *testing.T) {
	got := For("sv").TArgs("error.grant_function_not_consentable", map[string]any{"row": 2, "function": "registrar"})
	if want := "Rad 2: Registrator kan inte nämnas"; !contains(got, want) {
		t.Errorf("%q, want it to begin %q", got, want)
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }
