package words

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FamilyTexts writes down every text that guardians and young people read in
// this language, key by key: what an authorised translator approves, and what
// is kept with a signature.
func (l *Language) FamilyTexts() string { return textsOf(l.catalog) }

// Hash is the fingerprint of FamilyTexts, which a signature and an approval are
// bound to: changing one letter of a text takes the approval away.
func (l *Language) Hash() string { return l.hash() }

func textsOf(c *catalog) string {
	var b strings.Builder
	line := func(key, form, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s%s: %s\n", key, form, strings.ReplaceAll(text, "\n", `\n`))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.texts)) {
		if !ForFamily(key) {
			continue
		}
		if m := c.plurals[key]; m != nil {
			for _, form := range []struct{ name, text string }{
				{" (zero)", m.Zero}, {" (one)", m.One}, {" (two)", m.Two}, {" (few)", m.Few}, {" (many)", m.Many},
			} {
				line(key, form.name, form.text)
			}
		}
		line(key, "", c.texts[key].source())
	}
	return b.String()
}

func hashOf(c *catalog) string {
	sum := sha256.Sum256([]byte(textsOf(c)))
	return hex.EncodeToString(sum[:])
}
