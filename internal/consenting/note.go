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
func (m *matter) note(ctx context.Context, kind postgres.JournalKind, at time.Time, facts map[string]any) error {
	return m.tx.AsSystem("consenting", func() error {
		return m.tx.WriteNote(postgres.JournalNote{
			Intervention: m.i.ID, Authority: m.i.Authority, Kind: kind, At: at, Facts: facts,
		})
	})
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
	case text == "":
		c.Fail("reason", "error.required")
	case len([]rune(text)) > reasonMax:
		c.Fail("reason", "error.too_long", "max", reasonMax)
	}
	return text, c.Err()
}
