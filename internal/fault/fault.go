package fault

import (
	"errors"
	"fmt"
)

// Kind is what sort of no it is.
type Kind int

// The kinds of faults, and the status that the edge gives each.
const (
	Internal    Kind = iota // 500, an alarm; the reader learns nothing but a request id
	NotFound                // 404, also everything whose existence is confidential (the default no)
	Denied                  // 403, only where the reader already knows that the thing exists
	Invalid                 // 422, words at the fields, what was typed is kept
	Conflict                // 409, somebody was first; look again
	Malformed               // 400, not a form of ours
	Unavailable             // 503, fail closed: no log, no clock or no database means no content
	StepUp                  // 401 with a fresh login: this act needs the person in the flesh
)

// Field is one thing wrong with one field of a form.
type Field struct {
	Name string // the form's own field name, such as "grants.2.categories"
	Code string // message key, such as "error.window_too_long"
	Args map[string]any
}

// Error is a fault with everything the edge needs to answer.
type Error struct {
	Kind   Kind
	Code   string // message key of the sentence that the reader may see
	Args   map[string]any
	Fields []Field
	Cause  error
}

// Error gives the log's view of the fault: code and cause, no values of fields.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.Cause)
	}
	return e.Code
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes a fault of a kind with a message key.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Wrap makes a fault of a kind around a cause.
func Wrap(kind Kind, code string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Cause: cause}
}

// Missing is the no that unknown and forbidden share.
func Missing() *Error { return New(NotFound, "error.not_found") }

// Check collects field faults; its Err is nil while there are none.
type Check struct{ fields []Field }

// Fail notes one fault at a field. Args are pairs of name and value.
func (c *Check) Fail(name, code string, args ...any) {
	f := Field{Name: name, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]any{}
		}
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	c.fields = append(c.fields, f)
}

// Err is an Invalid fault with all fields, or nil.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "error.check_fields", Fields: c.fields}
}

// KindOf is the kind of an error; an error that is no fault is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
