package words

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// ready ties the table to the compiled-in texts, once.
var ready = sync.OnceValue(func() []*Language {
	all := catalogs()
	for _, l := range table {
		l.catalog = all[l.tag]
		l.hash = sync.OnceValue(func() string { return hashOf(l.catalog) })
	}
	return table
})

// T is the text of a key. Args are pairs of placeholder and value. A key that
// the language lacks is answered in Swedish, and one that nobody knows with the
// key itself, which tests look for; no placeholder is ever shown.
func (l *Language) T(key string, args ...any) string {
	return l.text(key, l.values(args))
}

// TArgs is T for arguments in a map, as faults carry them.
func (l *Language) TArgs(key string, args map[string]any) string {
	if n, ok := args["count"].(int); ok && l.hasPlural(key) {
		return l.count(key, n, l.mapped(args))
	}
	return l.text(key, l.mapped(args))
}

// N is the text of a key in the plural form that the count takes; the count
// itself is the placeholder "count".
func (l *Language) N(key string, count int, args ...any) string {
	return l.count(key, count, l.values(args))
}

// Has reports whether any language knows the key: pages use it for optional
// texts such as what to do about a reason.
func (l *Language) Has(key string) bool {
	_, own := l.catalog.texts[key]
	_, src := For(source).catalog.texts[key]
	return own || src
}

func (l *Language) hasPlural(key string) bool {
	return l.catalog.plurals[key] != nil
}

func (l *Language) text(key string, args map[string]string) string {
	t, ok := l.catalog.texts[key]
	if !ok && l.tag != source {
		return For(source).text(key, args)
	}
	if !ok {
		return key
	}
	s, _ := t.Execute(args)
	return s
}

func (l *Language) count(key string, count int, args map[string]string) string {
	if !l.hasPlural(key) {
		if l.tag != source && For(source).hasPlural(key) && !l.owns(key) {
			return For(source).count(key, count, args)
		}
		return l.text(key, with(args, "count", strconv.Itoa(count)))
	}
	s, err := l.catalog.plural.Localize(&i18n.LocalizeConfig{
		MessageID: key, PluralCount: count, TemplateParser: parser{},
		TemplateData: with(args, "count", strconv.Itoa(count)),
	})
	if err != nil && s == "" {
		return l.text(key, with(args, "count", strconv.Itoa(count)))
	}
	return s
}

func (l *Language) owns(key string) bool {
	_, ok := l.catalog.texts[key]
	return ok
}

func with(args map[string]string, name, value string) map[string]string {
	if args == nil {
		args = map[string]string{}
	}
	args[name] = value
	return args
}

func (l *Language) values(args []any) map[string]string {
	if len(args) == 0 {
		return nil
	}
	out := make(map[string]string, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			out[name] = l.named(name, args[i+1])
		}
	}
	return out
}

func (l *Language) mapped(args map[string]any) map[string]string {
	out := make(map[string]string, len(args)+1)
	for name, v := range args {
		out[name] = l.named(name, v)
	}
	return out
}

// named writes an argument whose name and value are a key themselves: a fault
// that carries function=registrar reads "Registrator", never the code.
func (l *Language) named(name string, v any) string {
	if code, ok := v.(string); ok && code != "" {
		if key := name + "." + code; l.Has(key) {
			return l.T(key)
		}
	}
	return l.value(v)
}

// value writes one argument: instants as dates in words, lists with "and".
func (l *Language) value(v any) string {
	switch v := v.(type) {
	case string:
		return l.isolate(v)
	case time.Time:
		return l.Date(v)
	case []string:
		return l.List(v)
	case int:
		return strconv.Itoa(v)
	case fmt.Stringer:
		return l.isolate(v.String())
	case nil:
		return missing
	default:
		return l.isolate(fmt.Sprint(v))
	}
}

// isolate keeps a Latin name or a telephone number inside a right-to-left
// sentence from turning the words around it, or itself: a name is isolated as it
// reads, a number as left-to-right. It adds Unicode's isolate marks, nothing else.
func (l *Language) isolate(s string) string {
	switch {
	case !l.RightToLeft():
		return s
	case strings.ContainsFunc(s, latin):
		// A text of isolated parts has no letter of its own that would tell a
		// reader's program its direction: it is told.
		if first, _ := utf8.DecodeRuneInString(s[max(0, strings.IndexFunc(s, unicode.IsLetter)):]); !latin(first) {
			return "\u2067" + s + "\u2069"
		}
		return "\u2068" + s + "\u2069"
	case !strings.ContainsFunc(s, unicode.IsLetter) && strings.ContainsAny(s, "0123456789"):
		return "\u2066" + s + "\u2069"
	default:
		return s
	}
}

func latin(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 'À' && r <= 'ɏ'
}

// Beside puts texts beside each other, with the comma that the language has.
func (l *Language) Beside(parts ...string) string { return strings.Join(parts, l.comma) }

// List joins parts as a sentence would: "a, b och c".
func (l *Language) List(parts []string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return l.isolate(parts[0])
	default:
		own := make([]string, n)
		for i, p := range parts {
			own[i] = l.isolate(p)
		}
		return strings.Join(own[:n-1], l.comma) + l.and + own[n-1]
	}
}
