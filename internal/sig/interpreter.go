package sig

import (
	"strings"
	"unicode"
)

// Interpreter is who made a talk understood, as it is recorded: the number in
// Kammarkollegiet's register or of the agency's booking, or a name, and the
// language. An interpreter is never an actor and never a source.
type Interpreter struct {
	ID       string
	Language string // a BCP 47 code such as "so"
}

// IsZero reports whether nobody interpreted.
func (i Interpreter) IsZero() bool { return i.ID == "" }

// InterpreterMax is how long what names an interpreter may be.
const InterpreterMax = 60

// Relative is the name in the family that the interpreter's own is or shares a
// word with, empty where there is none. A relative cannot interpret (JO
// 186-2009, T25); an interpreter who only has a common name is entered by number.
func (i Interpreter) Relative(family []string) string {
	own := nameWords(i.ID)
	for _, name := range family {
		for word := range nameWords(name) {
			if own[word] {
				return name
			}
		}
	}
	return ""
}

// plainLetters are accented letters of Latin names as one types them in haste.
var plainLetters = strings.NewReplacer(
	"å", "a", "ä", "a", "á", "a", "à", "a", "â", "a", "ã", "a", "ā", "a", "æ", "a", "ö", "o", "ø", "o", "ó", "o", "ò", "o", "ô", "o", "õ", "o",
	"ü", "u", "ú", "u", "ù", "u", "û", "u", "ū", "u", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ī", "i",
	"ñ", "n", "ç", "c", "ć", "c", "č", "c", "š", "s", "ś", "s", "ş", "s", "ž", "z", "ź", "z", "ż", "z", "ł", "l", "ý", "y", "ÿ", "y", "ğ", "g", "ı", "i",
)

// nameWords are the words of a name as one hears them: without case and accents.
func nameWords(name string) map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if len([]rune(word)) > 1 { // an initial is nobody's name
			words[plainLetters.Replace(word)] = true
		}
	}
	return words
}
