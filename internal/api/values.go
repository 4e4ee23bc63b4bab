package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// ID is an identifier in a body, in the one form that an object's address has.
type ID string

const (
	idPattern     = `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	idDescription = "an identifier"
)

// Schema is how the document describes an identifier.
func (ID) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Format: "uuid", Pattern: idPattern, PatternDescription: idDescription}
	s.PrecomputeMessages()
	return s
}

// Date is a day without a time; who works with it is in Stockholm.
type Date string

// Schema is how the document describes a day.
func (Date) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-12-03"}}
	s.PrecomputeMessages()
	return s
}

// read gives the day, or notes at the field that it is none.
func (d Date) read(check *fault.Check, field string) sig.Date {
	if d == "" {
		return sig.Date{}
	}
	day, err := sig.ParseDate(string(d))
	if err != nil {
		check.Fail(field, "error.bad_date")
	}
	return day
}

// idOut writes an identifier; none is empty, and is left out.
func idOut[K any](id sig.ID[K]) ID {
	if id.IsZero() {
		return ""
	}
	return ID(id.String())
}

func idOrNone[K any](id *sig.ID[K]) ID {
	if id == nil {
		return ""
	}
	return idOut(*id)
}

// pathID reads an identifier of the path. Whatever is not one is not found,
// like one that names nothing.
func pathID[K any](text string, into *sig.ID[K]) error {
	id, err := sig.ParseID[K](text)
	if err != nil {
		return fault.Missing()
	}
	*into = id
	return nil
}

// uuidOf reads an identifier of a body, which the document has held to its
// form; empty is none.
func uuidOf(id ID) uuid.UUID {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return uuid.Nil
	}
	return u
}

// at is an instant that may not have come.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// list writes a list of something else; nothing is an empty list.
func list[From, To any](from []From, write func(From) To) []To {
	to := make([]To, 0, len(from))
	for _, one := range from {
		to = append(to, write(one))
	}
	return to
}

// strs writes codes as they are.
func strs[T ~string](from []T) []string {
	return list(from, func(one T) string { return string(one) })
}

// codes reads codes of an input; the services know which there are.
func codes[T ~string](from []Code) []T {
	return list(from, func(one Code) T { return T(one) })
}

// Code is one of the directory's keys, or one of the portal's own codes.
type Code string

// Schema is how the document describes a code.
func (Code) Schema(huma.Registry) *huma.Schema {
	most := 100
	s := &huma.Schema{Type: huma.TypeString, Pattern: `^[a-z0-9_-]*$`, PatternDescription: "a code", MaxLength: &most}
	s.PrecomputeMessages()
	return s
}

// Purpose is why a row lets something be told; pages have words for it in every
// language.
type Purpose string

// Schema is how the document lists them.
func (Purpose) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, p := range sig.Purposes() {
		s.Enum = append(s.Enum, string(p))
	}
	s.PrecomputeMessages()
	return s
}

// Seat is one function in one unit of one authority.
type Seat struct {
	Authority Code `json:"authority,omitempty"`
	Unit      Code `json:"unit,omitempty"`
	Function  Code `json:"function,omitempty"`
}

func seatOut(s sig.Seat) Seat { return Seat{Code(s.Authority), Code(s.Unit), Code(s.Function)} }

func (s Seat) read() sig.Seat {
	return sig.Seat{Authority: sig.AuthorityID(s.Authority), Unit: sig.UnitID(s.Unit), Function: sig.Function(s.Function)}
}

// Inputs that many operations share. Those that stand inside others are
// exported because the library passes over embedded ones that are not.
type (
	none struct{}
	// InCase is the address of an intervention.
	InCase struct {
		ID string `path:"id" doc:"The intervention."`
	}
	// CaseBody is the address of an intervention, and what is sent there.
	CaseBody[B any] struct {
		InCase
		Body B
	}
	body[B any] struct{ Body B }
	// Paged goes on with a list.
	Paged struct {
		After string `query:"after" maxLength:"400" doc:"What the page before called next."`
	}
)

func (in InCase) intervention() (id sig.InterventionID, err error) { return id, pathID(in.ID, &id) }
