package api

import (
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sigportal/internal/fault"
)

// cleanTexts looks at every text of an input, wherever it stands: what may not
// stand in a form of the pages may not come in here either. Line ends are made
// one kind, and spaces around a text are dropped.
func cleanTexts(in any) error {
	var check fault.Check
	cleanValue(reflect.ValueOf(in).Elem(), "", &check)
	return check.Err()
}

func cleanValue(v reflect.Value, name string, check *fault.Check) {
	switch v.Kind() {
	case reflect.String:
		text, ok := clean(v.String())
		if !ok {
			check.Fail(name, "error.bad_text")
			return
		}
		if v.CanSet() {
			v.SetString(text)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem(), name, check)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // a file is no text
		}
		for i := range v.Len() {
			cleanValue(v.Index(i), join(name, strconv.Itoa(i)), check)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				cleanValue(v.Field(i), join(name, nameOf(f)), check)
			}
		}
	default:
	}
}

func join(name, more string) string { return strings.Trim(name+"."+more, ".") }

// nameOf is a field's name to the client; the body itself has none.
func nameOf(f reflect.StructField) string {
	for _, tag := range []string{"json", "path", "query", "header"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" {
			return name
		}
	}
	return ""
}

// clean refuses bytes that are no text, control characters, and the marks that
// turn the reading direction of what follows.
func clean(text string) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	for _, c := range text {
		switch {
		case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			return "", false
		case c == '\n' || c == '\t':
		case unicode.IsControl(c), c == 0x2028, c == 0x2029, c == 0xfffe, c == 0xffff:
			return "", false
		}
	}
	return text, true
}
