package words

import (
	"slices"
	"strings"
)

// Source is the language that every text is written in first.
const Source = "sv"

const source = Source

// Language is one language of the portal: its texts, direction, months.
type Language struct {
	tag, name, dir string
	reader         reader
	asked          []string // what browsers call it; nil is the tag alone
	rules          string   // whose plural forms it has; empty is its own
	catalog        *catalog
	hash           func() string
	script
}

// reader is for whom a language is: for everybody, or for the family alone.
type reader int

const (
	everybody reader = iota
	family
)

// Languages lists the languages of everybody's pages, in the order in which
// they are offered.
func Languages() []*Language {
	return slices.DeleteFunc(FamilyLanguages(), func(l *Language) bool { return l.reader == family })
}

// FamilyLanguages lists all languages: those of the pages that guardians and
// young people see.
func FamilyLanguages() []*Language {
	out := make([]*Language, len(table))
	for i, l := range table {
		out[i] = For(l.tag)
	}
	return out
}

// ForStaff is the language itself where staff's pages have it, else Swedish: a
// language for the family alone lacks their texts.
func (l *Language) ForStaff() *Language {
	if l.reader == family {
		return For(source)
	}
	return l
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
// the browser asks for that is in the table ("en-GB" is "en"), else Swedish. It
// never takes one language for its neighbour: "fa-AF" is Dari, "fa" is not.
// Quality values are not weighed: browsers list by preference already, and a
// "q=0" is skipped.
func Match(acceptLanguage, chosen string) *Language {
	if Known(chosen) {
		return For(chosen)
	}
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.ReplaceAll(params, " ", "") == "q=0" {
			continue
		}
		if l := asked(strings.ToLower(tag)); l != nil {
			return For(l.tag)
		}
	}
	return For(source)
}

// asked finds the language with the longest beginning of a tag.
func asked(tag string) *Language {
	for ; tag != ""; tag = tag[:max(0, strings.LastIndex(tag, "-"))] {
		for _, l := range table {
			if tag == l.tag || slices.Contains(l.asked, tag) {
				return l
			}
		}
	}
	return nil
}

// Tag is the language's BCP 47 tag, for the lang attribute.
func (l *Language) Tag() string { return l.tag }

// Name is the language's name in itself; never a flag.
func (l *Language) Name() string { return l.name }

// Dir is the writing direction, for the dir attribute: ltr or rtl.
func (l *Language) Dir() string { return l.dir }

// RightToLeft reports whether pictures are to be mirrored.
func (l *Language) RightToLeft() bool { return l.dir == "rtl" }
