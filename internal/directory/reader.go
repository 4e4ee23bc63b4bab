package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"sigportal/internal/sig"
)

// reader walks YAML nodes, because only nodes know their lines. Every value is
// asked for by name; what nobody asked for is a problem, not ignored: a
// misspelled `to:` must not leave somebody in office.
type reader struct {
	file     string
	problems Problems
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: n.Line, Text: fmt.Sprintf(format, args...)})
}

// fields are the names that a mapping may have, and who takes each value.
type fields map[string]func(*yaml.Node)

func (r *reader) mapping(n *yaml.Node, what string, takes fields, required ...string) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s: names and values are expected here", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		take, known := takes[name.Value]
		switch first, twice := seen[name.Value]; {
		case !known:
			r.fail(name, "%s: there is nothing called %q here", what, name.Value)
		case twice:
			r.fail(name, "%s: %q stands twice, first on line %d", what, name.Value, first)
		default:
			seen[name.Value] = name.Line
			take(value)
		}
	}
	for _, name := range required {
		if _, ok := seen[name]; !ok {
			r.fail(n, "%s: %q is missing", what, name)
		}
	}
}

func (r *reader) each(what string, take func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.fail(n, "%s: a list is expected here", what)
			return
		}
		for _, item := range n.Content {
			take(item)
		}
	}
}

func (r *reader) text(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch {
		case n.Kind != yaml.ScalarNode:
			r.fail(n, "one text is expected here")
		case n.Value == "" || strings.TrimSpace(n.Value) != n.Value:
			r.fail(n, "a text without blanks around it is expected here")
		case len(n.Value) > 200 || strings.ContainsFunc(n.Value, hidden):
			r.fail(n, "the text is longer than 200 bytes, or holds characters that cannot be seen")
		default:
			*into = n.Value
		}
	}
}

// hidden are control and formatting characters: a name that reads one way and
// sorts another way is no name for an office.
func hidden(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }

var keyForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// key reads a key of the directory: small letters, digits, single hyphens.
func key[T ~string](r *reader, into *T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !keyForm.MatchString(n.Value) || len(n.Value) > 60 {
			r.fail(n, "%q is no key: small letters a-z, digits and single hyphens", n.Value)
			return
		}
		*into = T(n.Value)
	}
}

// word reads one of the words that the portal knows.
func word[T ~string](r *reader, what string, valid func(T) bool, into *T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !valid(T(n.Value)) {
			r.fail(n, "%q is no %s that the portal knows", n.Value, what)
			return
		}
		*into = T(n.Value)
	}
}

// list reads a list of keys or words, none twice.
func list[T ~string](r *reader, what string, one func(*T) func(*yaml.Node), into *[]T) func(*yaml.Node) {
	return r.each(what, func(n *yaml.Node) {
		var item T
		one(&item)(n)
		switch {
		case item == "":
		case slices.Contains(*into, item):
			r.fail(n, "%s: %q stands twice", what, item)
		default:
			*into = append(*into, item)
		}
	})
}

// instant reads a day or an exact instant. A day that ends something ends it
// at 24:00 in Stockholm, a day that begins something at 00:00.
func (r *reader) instant(ends bool, into *time.Time) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if d, err := sig.ParseDate(n.Value); err == nil {
			*into = d.Start()
			if ends {
				*into = d.End()
			}
			return
		}
		at, err := time.Parse(time.RFC3339, n.Value)
		if err != nil || n.Kind != yaml.ScalarNode {
			r.fail(n, "%q is neither a day (2027-01-31) nor an instant (2027-01-31T16:00:00+01:00)", n.Value)
			return
		}
		*into = at
	}
}

func (r *reader) date(into *sig.Date) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := sig.ParseDate(n.Value)
		if err != nil {
			r.fail(n, "%q is no day, such as 2027-01-31", n.Value)
			return
		}
		*into = d
	}
}
