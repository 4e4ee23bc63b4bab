package words

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// lix is Björnsson's index of readability: words per sentence plus the share
// in hundred of words longer than six letters.
func lix(texts []string) (index float64, wordsPerSentence float64) {
	var words, long, sentences int
	for _, text := range texts {
		for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".:?!", r) }) {
			n := 0
			for word := range strings.FieldsFuncSeq(sentence, func(r rune) bool { return !unicode.IsLetter(r) }) {
				n++
				if utf8.RuneCountInString(word) > 6 {
					long++
				}
			}
			if n > 0 {
				sentences++
				words += n
			}
		}
	}
	if words == 0 {
		return 0, 0
	}
	return float64(words)/float64(sentences) + 100*float64(long)/float64(words), float64(words) / float64(sentences)
}

// plainTexts are the texts of an area, in Swedish or easy Swedish, by group, which
// is the key's first two words: about what one page shows.
func plainTexts(sv *Language, area string) map[string][]string {
	groups := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(sv.catalog.texts)) {
		own := sv.catalog.area(key) == area && !strings.HasPrefix(key, "citizen.")
		if !own && (area != "citizen" || !strings.HasPrefix(key, "citizen.")) {
			continue
		}
		if text := sv.T(key); !strings.ContainsAny(text[len(text)-1:], ".?!") {
			continue // labels and headings would only flatter the figure
		}
		parts := strings.SplitN(key, ".", 3)
		group := strings.Join(parts[:min(2, len(parts))], ".")
		groups[group] = append(groups[group], sv.N(key, 2, "name", "Alva", "recipient", "Skolan", "discloser", "Polisen",
			"categories", "Skolan", "category", "Skolan", "phone", "", "date", "3 mars", "time", "3 mars", "range", "", "purpose", ""))
	}
	return groups
}

func TestFamiliesReadPlainWords(t *testing.T) {
	for _, area := range []string{"citizen", "common", "error", "front", "names"} {
		var all []string
		for group, texts := range plainTexts(For("sv"), area) {
			all = append(all, texts...)
			index, perSentence := lix(texts)
			if len(texts) >= 5 && area == "citizen" && index > 35 {
				t.Errorf("%s: LIX %.0f, want at most 35", group, index)
			}
			if perSentence > 15 {
				t.Errorf("%s: %.0f words a sentence, want about 15 at most", group, perSentence)
			}
		}
		if area == "names" {
			continue // names of functions and categories are terms, not sentences
		}
		index, perSentence := lix(all)
		t.Logf("%s: LIX %.1f, %.1f words a sentence", area, index, perSentence)
		if index > 35 {
			t.Errorf("%s: LIX %.1f, want at most 35", area, index)
		}
	}
}

// TestEasySwedishIsEasierThanSwedish: each of the family's areas, and each page
// of it, is easy to read, and no harder than the ordinary text.
func TestEasySwedishIsEasierThanSwedish(t *testing.T) {
	for _, area := range []string{"citizen", "common", "error", "front"} {
		var easy, plain []string
		ordinary := plainTexts(For("sv"), area)
		for group, texts := range plainTexts(For("sv-simple"), area) {
			easy, plain = append(easy, texts...), append(plain, ordinary[group]...)
			index, perSentence := lix(texts)
			if len(texts) >= 5 && index > 30 {
				t.Errorf("%s: LIX %.0f, want at most 30", group, index)
			}
			if perSentence > 10 {
				t.Errorf("%s: %.0f words a sentence, want about 10 at most", group, perSentence)
			}
		}
		index, _ := lix(easy)
		before, _ := lix(plain)
		t.Logf("%s: LIX %.1f, ordinary Swedish %.1f", area, index, before)
		if index > 25 || index >= before {
			t.Errorf("%s: LIX %.1f, ordinary Swedish %.1f; want less, and at most 25", area, index, before)
		}
	}
}

func TestWhatACategoryMeansIsPlain(t *testing.T) {
	sv := For("sv")
	var texts []string
	for key := range sv.catalog.texts {
		if strings.HasSuffix(key, ".plain") {
			texts = append(texts, sv.T(key))
		}
	}
	if index, _ := lix(texts); index > 35 {
		t.Errorf("plain sentences: LIX %.1f, want at most 35", index)
	}
}

// Purposes are what a row is for, as families read it: short, and of short words.
func TestWhatARowIsForIsPlain(t *testing.T) {
	for tag, most := range map[string]float64{"sv": 35, "sv-simple": 25} {
		l := For(tag)
		var texts []string
		for key := range l.catalog.texts {
			if strings.HasPrefix(key, "purpose.") {
				texts = append(texts, l.T(key)+".")
			}
		}
		if index, _ := lix(texts); len(texts) < 10 || index > most {
			t.Errorf("%d purposes in %s: LIX %.0f, want at most %.0f", len(texts), tag, index, most)
		}
	}
}
