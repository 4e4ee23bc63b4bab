package httpd

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// maxRows bounds a list of rows in one form.
const maxRows = 200

// decoder puts form values into one struct and notes which it used.
type decoder struct {
	values url.Values
	used   map[string]bool
	check  fault.Check
	prose  []string // the fields in which people write, as far as they were sent
}

// spec is what a field's tag says.
type spec struct {
	name            string
	max             int
	lines, required bool
}

func readSpec(tag string) spec {
	parts := strings.Split(tag, ",")
	s := spec{name: parts[0], max: 200}
	for _, option := range parts[1:] {
		value, isMax := strings.CutPrefix(option, "max=")
		switch {
		case isMax:
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(fmt.Sprintf("form tag %q: %v", tag, err))
			}
			s.max = n
		case option == "lines":
			s.lines = true
		case option == "required":
			s.required = true
		default:
			panic(fmt.Sprintf("form tag %q: unknown option %q", tag, option))
		}
	}
	return s
}

func (d *decoder) decode(into any) error {
	if err := d.fill(reflect.ValueOf(into).Elem(), ""); err != nil {
		return err
	}
	for name := range d.values {
		if !d.used[name] {
			return errMalformed
		}
	}
	return nil
}

// fill sets the tagged fields of one struct; prefix is empty or "grants.0.".
func (d *decoder) fill(v reflect.Value, prefix string) error {
	t := v.Type()
	for i := range t.NumField() {
		tag, tagged := t.Field(i).Tag.Lookup("form")
		if !tagged {
			continue
		}
		s := readSpec(tag)
		s.name = prefix + s.name
		field := v.Field(i)
		if isRows(field.Type()) {
			if err := d.rows(field, s.name); err != nil {
				return err
			}
			continue
		}
		if err := d.single(field, s); err != nil {
			return err
		}
	}
	return nil
}

var unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()

func isPlain(t reflect.Type) bool {
	return t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || reflect.PointerTo(t).Implements(unmarshalerType)
}

func isRows(t reflect.Type) bool { return t.Kind() == reflect.Slice && !isPlain(t.Elem()) }

// rows reads a list of structs. Its rows are numbered from 0 without a gap.
func (d *decoder) rows(field reflect.Value, name string) error {
	count := 0
	for ; d.anyUnder(fmt.Sprintf("%s.%d.", name, count)); count++ {
		if count == maxRows {
			return errMalformed
		}
	}
	list := reflect.MakeSlice(field.Type(), count, count)
	for i := range count {
		if err := d.fill(list.Index(i), fmt.Sprintf("%s.%d.", name, i)); err != nil {
			return err
		}
	}
	field.Set(list)
	return nil
}

func (d *decoder) anyUnder(prefix string) bool {
	for name := range d.values {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// single reads one field, or a slice of plain values.
func (d *decoder) single(field reflect.Value, s spec) error {
	d.used[s.name] = true
	given := d.values[s.name]
	if field.Kind() == reflect.Slice && !reflect.PointerTo(field.Type()).Implements(unmarshalerType) {
		if len(given) > maxRows {
			return errMalformed
		}
		list := reflect.MakeSlice(field.Type(), len(given), len(given))
		for i, text := range given {
			d.set(list.Index(i), s, text)
		}
		field.Set(list)
		if s.required && len(given) == 0 {
			d.check.Fail(s.name, "error.required")
		}
		return nil
	}
	if len(given) > 1 {
		return errMalformed
	}
	if len(given) == 1 {
		d.set(field, s, given[0])
	} else if s.required {
		d.check.Fail(s.name, "error.required")
	}
	return nil
}

// set puts one text into one value, or notes what is wrong with it.
func (d *decoder) set(v reflect.Value, s spec, text string) {
	if s.lines {
		d.prose = append(d.prose, s.name)
	}
	text, code := clean(text, s.lines)
	if code != "" {
		d.check.Fail(s.name, code)
		return
	}
	if utf8.RuneCountInString(text) > s.max {
		d.check.Fail(s.name, "error.too_long", "max", s.max)
		return
	}
	if text == "" {
		if s.required {
			d.check.Fail(s.name, "error.required")
		}
		return
	}
	if code := convert(v, text); code != "" {
		d.check.Fail(s.name, code)
	}
}

// convert gives a message key when the text is not of the value's type.
func convert(v reflect.Value, text string) string {
	switch into := v.Addr().Interface().(type) {
	case *time.Time:
		t, err := readTime(text)
		if err != nil {
			return "error.bad_date"
		}
		*into = t
		return ""
	case encoding.TextUnmarshaler:
		written, isStringer := v.Addr().Interface().(fmt.Stringer)
		if into.UnmarshalText([]byte(text)) != nil || (isStringer && written.String() != text) {
			v.SetZero()
			return "error.choose_one"
		}
		return ""
	}
	switch {
	case v.Kind() == reflect.String:
		v.SetString(text)
	case v.Kind() == reflect.Bool:
		if text != "yes" && text != "on" && text != "true" && text != "1" {
			return "error.choose_one"
		}
		v.SetBool(true)
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return "error.bad_number"
		}
		v.SetInt(n)
	default:
		panic(fmt.Sprintf("a form field cannot be a %s", v.Type()))
	}
	return ""
}

var stockholm = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(fmt.Errorf("load the compiled-in time zones: %w", err))
	}
	return loc
})

// readTime reads what date and datetime-local fields send.
func readTime(text string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, text, stockholm()); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02T15:04", text, stockholm())
}

// clean trims a text, of which nothing is left where nobody would see anything, and says what may not stand in it: bytes that are no
// text, control characters, and the marks that turn the reading direction of
// what follows, with which a name can be made to read as another's.
func clean(text string, lines bool) (cleaned, code string) {
	if !utf8.ValidString(text) {
		return "", "error.bad_text"
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.TrimSpace(text)
	for _, c := range text {
		switch {
		case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			return "", "error.bad_text"
		case lines && (c == '\n' || c == '\t'):
		case unicode.IsControl(c), c == 0x2028, c == 0x2029, c == 0xfffe, c == 0xffff:
			return "", "error.bad_text"
		}
	}
	if sig.Blank(text) {
		text = ""
	}
	return text, ""
}
