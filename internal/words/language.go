package words

import (
	"slices"
	"strings"
)

// source is the language that every text is written in first.
const source = "sv"

// Language is one language of the portal: its texts, direction, months.
type Language struct {
	tag, name, dir string
	months         [12]string
	clock          string // between date and time
	and            string // before the last of a list
	comma          string
	catalog        *catalog
	hash           func() string
}

// table is the own list of languages. Matching against it is exact: a library's
// "closest" language matched Sorani to Arabic and Pashto to English.
var table = []*Language{
	{
		tag: "sv", name: "Svenska", dir: "ltr", clock: " kl. ", and: " och ", comma: ", ",
		months: [12]string{
			"januari", "februari", "mars", "april", "maj", "juni",
			"juli", "augusti", "september", "oktober", "november", "december",
		},
	},
	{
		tag: "en", name: "English", dir: "ltr", clock: " at ", and: " and ", comma: ", ",
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	},
	{
		tag: "ar", name: "العربية", dir: "rtl", clock: " الساعة ", and: " و", comma: "، ",
		months: [12]string{
			"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
			"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
		},
	},
}

// Languages lists the languages in the order in which pages offer them.
func Languages() []*Language {
	out := make([]*Language, len(table))
	for i, l := range table {
		out[i] = For(l.tag)
	}
	return out
}

// Known reports whether a tag is exactly one of the portal's languages.
func Known(tag string) bool {
	return slices.ContainsFunc(table, func(l *Language) bool { return l.tag == tag })
}

// For gives the language with exactly this tag, or Swedish.
func For(tag string) *Language {
	i := slices.IndexFunc(table, func(l *Language) bool { return l.tag == tag })
	if i < 0 {
		i = 0
	}
	return ready()[i]
}

// Match chooses a language: what the reader once chose, else the first of what
// the browser asks for whose main language is in the table ("en-GB" is "en"),
// else Swedish. It never takes one language for its neighbour. Quality values
// are not weighed: browsers list by preference already, and a "q=0" is skipped.
func Match(acceptLanguage, chosen string) *Language {
	if Known(chosen) {
		return For(chosen)
	}
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		main, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if Known(main) && strings.ReplaceAll(params, " ", "") != "q=0" {
			return For(main)
		}
	}
	return For(source)
}

// Tag is the language's BCP 47 tag, for the lang attribute.
func (l *Language) Tag() string { return l.tag }

// Name is the language's name in itself; never a flag.
func (l *Language) Name() string { return l.name }

// Dir is the writing direction, for the dir attribute: ltr or rtl.
func (l *Language) Dir() string { return l.dir }

// RightToLeft reports whether pictures are to be mirrored.
func (l *Language) RightToLeft() bool { return l.dir == "rtl" }

// Draft reports whether no authorised translator has approved this language's
// texts: pages say so, and a consent in it cannot be signed. Swedish is what
// was written and needs no approval. Approvals stand in approved.yaml.
func (l *Language) Draft() bool {
	return l.tag != source && approvals()[l.tag] != l.Hash()
}

// Hash is the fingerprint of every text that a citizen reads in this language,
// which a signature and an approval are bound to: changing one letter of a text
// takes the approval away.
func (l *Language) Hash() string { return l.hash() }
