package httpd

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
)

// maxPairs bounds a form: the widest consent matrix is far below it.
const maxPairs = 4000

var errMalformed = fault.New(fault.Malformed, "error.malformed")

// Form reads the form into a struct and is strict: a field that the struct does
// not know, a single field that is sent twice, or a body that is no form is
// Malformed, and nobody sets what is not on the form. What is wrong with a
// known field (too long, control characters, text that turns the reading
// direction) is Invalid at the field.
//
// Fields are tagged `form:"name,max=8000,lines,required"`: max counts
// characters (200 unless told), lines allows line breaks. They may be texts,
// numbers, bool (a tick), time.Time (a day, or day and time, in Stockholm),
// anything with UnmarshalText (identifiers), slices of these (several boxes),
// and slices of structs, whose fields are named "grants.0.categories".
func (r *Request) Form(into any) error {
	kind, _, _ := strings.Cut(r.Get(fiber.HeaderContentType), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationForm) {
		return errMalformed
	}
	return r.decode(string(r.Body()), into)
}

// QueryForm reads the query of a GET into a struct, as strictly as Form.
func (r *Request) QueryForm(into any) error {
	return r.decode(string(r.Request().URI().QueryString()), into)
}

func (r *Request) decode(encoded string, into any) error {
	if strings.Count(encoded, "&") >= maxPairs {
		return errMalformed
	}
	values, err := url.ParseQuery(encoded)
	if err != nil {
		return errMalformed
	}
	return r.take(values, into)
}

func (r *Request) take(values url.Values, into any) error {
	if err := r.underHat(values); err != nil {
		return err
	}
	r.fields.typed = values
	d := &decoder{values: values, used: map[string]bool{}}
	err := d.decode(into)
	r.fields.prose = d.prose
	if err != nil {
		return err
	}
	return d.check.Err()
}

// once is the key of what the form that was read says: sent twice it is one act;
// changed and sent again, from a page that was left open, it is another one, and
// nothing that was typed is taken for done.
func (r *Request) once(key string) string {
	if key == "" {
		return ""
	}
	said := maps.Clone(r.fields.typed)
	delete(said, draftField) // counts how often the same words were kept
	sum := sha256.Sum256([]byte(key + "?" + said.Encode()))
	return hex.EncodeToString(sum[:])
}

// Fields carries what was typed back into the form, with what was wrong.
type Fields struct {
	typed   url.Values
	prose   []string // the fields in which people write
	byName  map[string]string
	Summary []FieldFault // what the summary on top of the page lists
	labels  map[string]string
}

// FieldFault is one line of the summary; ID is the id of the field to go to,
// empty when the fault is of the whole form.
type FieldFault struct{ ID, Text string }

// Bad reports whether the form came back with faults.
func (f Fields) Bad() bool { return len(f.Summary) > 0 }

// Value is what was typed into a field; before anything was typed it is the
// page's own value, if one is given.
func (f Fields) Value(name string, otherwise ...string) string {
	if f.typed != nil {
		return f.typed.Get(name)
	}
	if len(otherwise) > 0 {
		return otherwise[0]
	}
	return ""
}

// Has reports whether a box or choice with this value was ticked.
func (f Fields) Has(name, value string, otherwise ...bool) bool {
	if f.typed != nil {
		for _, v := range f.typed[name] {
			if v == value {
				return true
			}
		}
		return false
	}
	return len(otherwise) > 0 && otherwise[0]
}

// Kept is what was written, for a page that has no form for it any more: it is
// shown to be copied, never lost.
func (f Fields) Kept() (texts []string) {
	for _, name := range f.prose {
		if text, wrong := clean(f.typed.Get(name), true); wrong == "" && text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Fault is the sentence at a field, or empty.
func (f Fields) Fault(name string) string { return f.byName[name] }

// Named notes what a field is called where it stands; it writes nothing. The
// summary stands above the fields and is rendered after them.
func (f Fields) Named(name, label string) string {
	if f.labels != nil {
		f.labels[name] = label
	}
	return ""
}

// Within says of the fields under a name what they are part of, such as a row:
// their labels alone would not tell them apart.
func (f Fields) Within(name, what string) string {
	for field, label := range f.labels {
		if strings.HasPrefix(field, name+".") {
			f.labels[field] = what + ": " + label
		}
	}
	return ""
}

// Said is what the summary says of a fault: what the field is part of stands
// before it already, where its label says so.
func (f FieldFault) Said(label string) string {
	if part, _, within := strings.Cut(label, ": "); within {
		return strings.TrimPrefix(f.Text, part+": ")
	}
	return f.Text
}

// Label is what a field is called, or empty.
func (f Fields) Label(name string) string { return f.labels[name] }

func (r *Request) readFields(wrong *fault.Error) Fields {
	f := Fields{typed: r.fields.typed, prose: r.fields.prose, byName: map[string]string{}, labels: map[string]string{}}
	for _, field := range wrong.Fields {
		text := r.lang.TArgs(field.Code, field.Args)
		if _, already := f.byName[field.Name]; already {
			continue
		}
		f.byName[field.Name] = text
		f.Summary = append(f.Summary, FieldFault{ID: field.Name, Text: text})
	}
	if len(f.Summary) == 0 {
		f.Summary = []FieldFault{{Text: r.lang.TArgs(wrong.Code, wrong.Args)}}
	}
	return f
}
