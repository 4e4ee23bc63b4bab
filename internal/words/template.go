package words

import (
	"strings"

	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// missing stands where a placeholder was given no value: a page with a gap is
// better than no page, and it never shows a template's insides.
const missing = "…"

// template is a text cut at its placeholders: even parts are words, odd parts
// names. Go's own text/template is not used: it answers a misspelt name with
// "<no value>", and translators should not have to know it.
type template []string

func parse(src string) template {
	var t template
	for {
		before, rest, ok := strings.Cut(src, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return append(t, src)
		}
		t = append(t, before, name)
		src = after
	}
}

// Execute fills the placeholders; data is a map of texts.
func (t template) Execute(data any) (string, error) {
	args, _ := data.(map[string]string)
	if len(t) == 1 {
		return t[0], nil
	}
	var b strings.Builder
	for i, part := range t {
		if i%2 == 0 {
			b.WriteString(part)
		} else if v, ok := args[part]; ok {
			b.WriteString(v)
		} else {
			b.WriteString(missing)
		}
	}
	return b.String(), nil
}

// source is the text as the translator wrote it.
func (t template) source() string {
	var b strings.Builder
	for i, part := range t {
		if i%2 == 1 {
			part = "{" + part + "}"
		}
		b.WriteString(part)
	}
	return b.String()
}

// names lists the placeholders, in order, with repeats.
func (t template) names() []string {
	var out []string
	for i := 1; i < len(t); i += 2 {
		out = append(out, t[i])
	}
	return out
}

// parser lets the plural rules' library use the same placeholders.
type parser struct{}

// Parse cuts a text at its placeholders; delimiters are always braces.
func (parser) Parse(src, _, _ string) (i18ntemplate.ParsedTemplate, error) { return parse(src), nil }

// Cacheable says that a parsed text may be kept: it depends on nothing else.
func (parser) Cacheable() bool { return true }
