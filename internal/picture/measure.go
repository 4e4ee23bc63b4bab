package picture

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	textSize   = 15 // of every text, in the drawing's own units
	lineHeight = 19
)

// widthOf estimates how wide a text is in the widest of the usual system fonts.
func widthOf(s string) float64 {
	em := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune("iljtfr.,:;'|!() ", r):
			em += 0.36
		case strings.ContainsRune("mwMW@%", r):
			em += 0.95
		case unicode.Is(unicode.Arabic, r):
			em += 0.6
		case unicode.Is(unicode.Ethiopic, r):
			em += 0.85
		case unicode.IsUpper(r):
			em += 0.72
		case unicode.Is(unicode.Cf, r):
		default:
			em += 0.62
		}
	}
	return em * textSize
}

// wrap breaks a text into at most lines lines of a width. What does not fit is
// shortened with an ellipsis; the whole text stands in the sentences.
func wrap(s string, width float64, lines int) []string {
	var out []string
	line := ""
	words := strings.Fields(s)
	for i, word := range words {
		next := strings.TrimSpace(line + " " + word)
		if widthOf(next) <= width || line == "" {
			line = next
			continue
		}
		if len(out) == lines-1 {
			return append(out, shorten(strings.TrimSpace(line+" "+strings.Join(words[i:], " ")), width))
		}
		out = append(out, shorten(line, width))
		line = word
	}
	return append(out, shorten(line, width))
}

func shorten(s string, width float64) string {
	if widthOf(s) <= width {
		return s
	}
	for widthOf(s+"…") > width && s != "" {
		_, size := utf8.DecodeLastRuneInString(s)
		s = strings.TrimRight(s[:len(s)-size], " ,.(–-")
	}
	return s + "…"
}
