package consenting

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// note writes what the board must write in its social journal. Everybody's act
// leads to one, so it is written as the system: a guardian has no journal.
func (m *matter) note(kind postgres.JournalKind, at time.Time, facts map[string]any) error {
	return m.tx.AsSystem("consenting", func() error {
		return m.tx.WriteNote(postgres.JournalNote{
			Intervention: m.i.ID, Authority: m.i.Authority, Kind: kind, At: at, Facts: facts,
		})
	})
}

// notedRow is one row of a matrix in a journal note: who tells whom what, in
// codes of the directory; the words come when the note is read.
type notedRow struct {
	From       sig.Seat        `json:"from"`
	To         sig.Seat        `json:"to"`
	Private    sig.PrivateKind `json:"private,omitempty"`
	Categories []sig.Category  `json:"categories"`
}

func noted(g sig.Grant, categories []sig.Category) notedRow {
	return notedRow{From: g.Discloser, To: g.Recipient, Private: g.Private, Categories: categories}
}

func (m *matter) notedRows(id sig.ConsentID) []notedRow {
	var rows []notedRow
	for _, r := range m.rows[id] {
		rows = append(rows, noted(r.Grant, r.Categories))
	}
	return rows
}

// sealFor seals a text of this intervention; nothing stays nothing.
func (m *matter) sealFor(ctx context.Context, field string, object uuid.UUID, text string) ([]byte, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // an empty text is stored as NULL
	}
	at := m.at(field)
	at.Object = object
	return m.service.Sealer.Seal(ctx, m.tx, at, []byte(text))
}

// reason checks a reason that must be given in writing.
func reason(text string) (string, error) {
	var c fault.Check
	text = strings.TrimSpace(text)
	switch {
	case !sig.Writable(text):
		c.Fail("reason", "error.bad_text")
	case sig.Blank(text):
		c.Fail("reason", "error.required")
	case len([]rune(text)) > reasonMax:
		c.Fail("reason", "error.too_long", "max", reasonMax)
	}
	return text, c.Err()
}
