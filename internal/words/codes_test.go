package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigportal/internal/sig"
)

// keyInCode is a message key written out in code or in a page.
var keyInCode = regexp.MustCompile(`"((?:error|flash|front|nobody|nav|help|key|privacy|accessibility|strength|citizen|today|intervention|consent|item|disclose|inbox|copy|transfer|search|request|ledger|tasks|journal|directory|hats|sessions|status|live|cutoff|signin|signout|layout|button|form|date|picture|pages|mail|meeting|plan)\.[a-z0-9_]+(?:\.[a-z0-9_]+)*)"`)

// notKeys are dotted names in code that only look like keys.
var notKeys = []string{"ledger.sql", "key.txt", "directory.yaml", "consent.yaml", "mail.html", "item.count"}

// used finds every key that is written out in the portal's own files, with one
// file that uses it.
func used(t *testing.T, root string, endings ...string) map[string]string {
	t.Helper()
	keys := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, ending := range endings {
			if !strings.HasSuffix(path, ending) || strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range keyInCode.FindAllStringSubmatch(string(text), -1) {
				keys[m[1]] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range notKeys {
		delete(keys, k)
	}
	return keys
}

func TestEveryKeyThatCodeAndPagesUseHasWords(t *testing.T) {
	sv := For("sv")
	found := 0
	for _, from := range []map[string]string{used(t, "..", ".go"), used(t, "../../web/templates", ".html")} {
		found += len(from)
		for key, path := range from {
			if !sv.Has(key) && !begins(sv, key) {
				t.Errorf("%s uses %s, which no language has", path, key)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d keys found in code and pages: the search does not find them", found)
	}
}

// begins reports whether a key that code finishes itself, such as
// "error.signers_" + gap or a banner's "citizen.start.paused" + ".title", is the
// beginning of any.
func begins(l *Language, key string) bool {
	if !strings.HasSuffix(key, "_") {
		key += "."
	}
	for known := range l.catalog.texts {
		if strings.HasPrefix(known, key) {
			return true
		}
	}
	return false
}

// enumerated finds the values of typed constants, such as `Reason = "no_consent"`.
func enumerated(t *testing.T, file, typ string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\s+\w+\s+`+typ+`\s+= "([a-z0-9_]+)"`).FindAllStringSubmatch(string(text), -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatalf("%s has no constants of type %s", file, typ)
	}
	return out
}

func TestEveryCodeOfTheFieldHasAName(t *testing.T) {
	sv := For("sv")
	for _, c := range []struct{ file, typ, prefix string }{
		{"../policy/reason.go", "Reason", "reason."},
		{"../ledger/kind.go", "Kind", "ledger."},
		{"../sig/authority.go", "AuthorityKind", "authority.kind."},
		{"../sig/consent.go", "ConsentState", "state.consent."},
		{"../sig/intervention.go", "InterventionState", "state.intervention."},
		{"../sig/intervention.go", "ClosedReason", "closed."},
		{"../sig/intervention.go", "Protection", "protection."},
		{"../sig/intervention.go", "Programme", "programme."},
		{"../sig/signer_rules.go", "SignerGap", "error.signers_"},
	} {
		for _, code := range enumerated(t, c.file, c.typ) {
			if !sv.Has(c.prefix + code) {
				t.Errorf("%s %q has no words %s%s", c.typ, code, c.prefix, code)
			}
		}
	}
	for _, f := range sig.Functions() {
		for _, key := range []string{"function." + string(f), "function." + string(f) + ".the", "function." + string(f) + ".plain"} {
			if !sv.Has(key) {
				t.Errorf("function %s has no words %s", f, key)
			}
		}
	}
	for _, p := range sig.Purposes() {
		if key := "purpose." + string(p); !sv.Has(key) || !ForFamily(key) {
			t.Errorf("families have no words for the purpose %s", p)
		}
	}
	for _, c := range sig.Categories() {
		for _, key := range []string{"category." + string(c), "category." + string(c) + ".plain"} {
			if !sv.Has(key) {
				t.Errorf("category %s has no words %s", c, key)
			}
		}
	}
}

// TestNoTwoStatesReadAlike: whoever reads a state can tell it from every other
// of its kind, in every language.
func TestNoTwoStatesReadAlike(t *testing.T) {
	kinds := []string{"purpose.", "state.intervention.", "state.consent.", "request.state.", "disclosure.state.", "plan.state.", "status.", "protection.", "closed."}
	for _, l := range FamilyLanguages() {
		for _, kind := range kinds {
			said := map[string]string{}
			states := 0
			for _, key := range For("sv").Keys() {
				if !strings.HasPrefix(key, kind) || strings.Count(key, ".") != strings.Count(kind, ".") {
					continue
				}
				if states++; l.reader == family && !ForFamily(key) {
					continue
				}
				text := strings.ToLower(strings.Trim(l.T(key), " ."))
				if other, again := said[text]; again {
					t.Errorf("in %s, %s and %s both read %q", l.Tag(), key, other, text)
				}
				said[text] = key
			}
			if states < 2 {
				t.Errorf("%s has %d states: the search does not find them", kind, states)
			}
		}
	}
}
