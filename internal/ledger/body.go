package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// bodyTime is how a body writes an instant: UTC with microseconds.
const bodyTime = "2006-01-02T15:04:05.000000Z"

// CanonicalBody writes the bytes that sig.append_ledger would have written for
// the columns of the row: the text form of a jsonb object without nulls. Keys
// stand by length, then by bytes; one space follows each colon and comma. It
// is written on its own, not from the SQL, so that the two check each other.
func (r *Row) CanonicalBody() []byte {
	w := objectWriter{buf: make([]byte, 0, 1024)}
	w.open()
	w.number("v", 1)
	w.text("at", r.At.UTC().Format(bodyTime))
	w.number("id", r.ID)
	w.text("kind", r.Kind)
	w.optional("unit", r.Unit)
	w.text("actor", r.Actor)
	w.optional("basis", r.Basis)
	w.optional("object", r.ObjectKind)
	w.optional("reason", r.Reason)
	w.optional("system", r.System)
	w.text("outcome", r.Outcome)
	w.optional("function", r.Function)
	w.optional("authority", r.Authority)
	w.key("committed")
	w.commitments(r)
	if len(r.Categories) > 0 {
		w.key("categories")
		w.list(r.Categories)
	}
	w.optional("recipient_unit", r.RecipientUnit)
	w.optional("recipient_function", r.RecipientFunction)
	w.optional("recipient_authority", r.RecipientAuthority)
	w.close()
	return w.buf
}

// committed lists what a body only commits to, in the body's order.
func (r *Row) committed() []Opening {
	return []Opening{
		{Name: "youth", Value: r.Youth},
		{Name: "detail", Value: r.Detail},
		{Name: "object", Value: r.ObjectID},
		{Name: "person", Value: r.Person},
		{Name: "consent", Value: r.Consent},
		{Name: "request", Value: r.Request},
		{Name: "guardian", Value: r.Guardian},
		{Name: "assignment", Value: r.Assignment},
		{Name: "intervention", Value: r.Intervention},
	}
}

// Opening shows what one commitment hides: the value, and a salt of its own
// that opens no other commitment of the same row.
type Opening struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Salt  string `json:"salt"` // hexadecimal
}

func fieldSalt(salt []byte, name string) [sha256.Size]byte {
	return sha256.Sum256(append(append(make([]byte, 0, 64), salt...), name...))
}

func commitment(fieldSalt []byte, value string) string {
	sum := sha256.Sum256(append(append(make([]byte, 0, 128), fieldSalt...), value...))
	return hex.EncodeToString(sum[:])
}

// Open gives the openings of the named commitments that the row has.
func (r *Row) Open(names ...string) []Opening {
	var opened []Opening
	for _, c := range r.committed() {
		for _, name := range names {
			if c.Name == name && c.Value != "" && r.Salt != nil {
				salt := fieldSalt(r.Salt, name)
				c.Salt = hex.EncodeToString(salt[:])
				opened = append(opened, c)
			}
		}
	}
	return opened
}

// objectWriter writes the text form of one level of a jsonb object.
type objectWriter struct {
	buf   []byte
	first bool
}

func (w *objectWriter) open()  { w.buf, w.first = append(w.buf, '{'), true }
func (w *objectWriter) close() { w.buf, w.first = append(w.buf, '}'), false }

func (w *objectWriter) key(name string) {
	if !w.first {
		w.buf = append(w.buf, ", "...)
	}
	w.first = false
	w.buf = append(appendString(w.buf, name), ": "...)
}

func (w *objectWriter) text(name, value string) {
	w.key(name)
	w.buf = appendString(w.buf, value)
}

func (w *objectWriter) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *objectWriter) number(name string, value int64) {
	w.key(name)
	w.buf = strconv.AppendInt(w.buf, value, 10)
}

func (w *objectWriter) list(values []string) {
	w.buf = append(w.buf, '[')
	for i, v := range values {
		if i > 0 {
			w.buf = append(w.buf, ", "...)
		}
		w.buf = appendString(w.buf, v)
	}
	w.buf = append(w.buf, ']')
}

func (w *objectWriter) commitments(r *Row) {
	w.open()
	for _, c := range r.committed() {
		if c.Value != "" {
			salt := fieldSalt(r.Salt, c.Name)
			w.text(c.Name, commitment(salt[:], c.Value))
		}
	}
	w.close()
}

// appendString quotes as PostgreSQL does: only quote, backslash and control
// characters are escaped, everything else stays as it is.
func appendString(buf []byte, s string) []byte {
	const digits = "0123456789abcdef"
	buf = append(buf, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			buf = append(buf, '\\', c)
		case c == '\b':
			buf = append(buf, `\b`...)
		case c == '\f':
			buf = append(buf, `\f`...)
		case c == '\n':
			buf = append(buf, `\n`...)
		case c == '\r':
			buf = append(buf, `\r`...)
		case c == '\t':
			buf = append(buf, `\t`...)
		case c < 0x20:
			buf = append(buf, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			buf = append(buf, c)
		}
	}
	return append(buf, '"')
}
