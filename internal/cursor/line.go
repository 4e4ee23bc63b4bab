package cursor

import (
	"fmt"
	"strconv"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// row is a number of the ledger as it stands in a cursor, always as long: the
// number would tell how much there is that the reader does not see, and so would
// its length.
type row int64

// MarshalText fills the number up to the length of the longest.
func (r row) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%019d", int64(r)), nil }

// UnmarshalText reads it back.
func (r *row) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	*r = row(n)
	return err
}

// WriteLine seals which line of a case's diary somebody points at.
func (s *Sealer) WriteLine(actor sig.Actor, id sig.InterventionID, at int64) (string, error) {
	return s.Write(actor, "line "+id.String(), row(at))
}

// ReadLine opens it: "" is no line, and what is another's or made up is not
// there.
func (s *Sealer) ReadLine(actor sig.Actor, id sig.InterventionID, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	var at row
	if err := s.Read(actor, "line "+id.String(), text, &at); err != nil {
		return 0, fault.Missing()
	}
	return int64(at), nil
}

// Part is which part of a case's diary a document holds: its number, counted
// from the newest, and the rows of the ledger from one to before another.
type Part struct {
	Number       int
	From, Before int64
}

type sealedPart struct {
	Number int `json:"n"`
	From   row `json:"f"`
	Before row `json:"b"`
}

// WritePart seals one.
func (s *Sealer) WritePart(actor sig.Actor, id sig.InterventionID, p Part) (string, error) {
	return s.Write(actor, "part "+id.String(), sealedPart{p.Number, row(p.From), row(p.Before)})
}

// ReadPart opens it; what is not the actor's for this case is Malformed.
func (s *Sealer) ReadPart(actor sig.Actor, id sig.InterventionID, text string) (Part, error) {
	var p sealedPart
	err := s.Read(actor, "part "+id.String(), text, &p)
	return Part{p.Number, int64(p.From), int64(p.Before)}, err
}
