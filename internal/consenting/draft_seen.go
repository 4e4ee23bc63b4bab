package consenting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// draftMark names what a draft says: two that say the same have the same mark, and
// one that says nothing yet has none. Whoever saves sends back the mark of what
// was on the screen, so that nobody's rows are overwritten unseen.
func draftMark(rows []postgres.GrantRow, exclusions []sig.Exclusion, names map[sig.GrantID]string) (string, error) {
	if len(rows) == 0 && len(exclusions) == 0 {
		return "", nil
	}
	type said struct {
		Row  sig.Grant
		Name string
	}
	var all struct {
		Rows       []said
		Exclusions []sig.Exclusion
	}
	for _, r := range rows {
		g := r.Grant
		if g.Origin == g.ID {
			g.Origin = sig.GrantID{} // it continues no other row
		}
		g.ID = sig.GrantID{}
		g.From, g.To = g.From.UTC().Truncate(time.Microsecond), g.To.UTC().Truncate(time.Microsecond)
		g.Categories, g.Districts = append([]sig.Category{}, g.Categories...), append([]sig.DistrictID{}, g.Districts...)
		all.Rows = append(all.Rows, said{g, names[r.ID]})
	}
	for _, x := range exclusions {
		x.ID = sig.ExclusionID{}
		all.Exclusions = append(all.Exclusions, x)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("name what a draft says: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// mustHaveSeen refuses to put a matrix in place of a draft that its writer has
// not seen, also of one that somebody has taken away. The same rows, saved
// twice, are saved once.
func (m *matter) mustHaveSeen(ctx context.Context, d Draft, rows []postgres.GrantRow, exclusions []sig.Exclusion) error {
	stands := ""
	if c := m.preparing(); c != nil && c.State == sig.ConsentDraft {
		var err error
		if stands, err = m.mark(ctx, c); err != nil {
			return err
		}
	}
	if stands == d.Seen {
		return nil
	}
	names := map[sig.GrantID]string{}
	for n, r := range rows {
		if r.Private != "" {
			names[r.ID] = strings.TrimSpace(d.Grants[n].PrivateName)
		}
	}
	mark, err := draftMark(rows, exclusions, names)
	if err != nil || mark == stands {
		return err
	}
	return m.conflict("error.draft_has_changed")
}

// mark is the mark of a draft as it stands.
func (m *matter) mark(ctx context.Context, c *postgres.Consent) (string, error) {
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return "", err
	}
	return draftMark(m.rows[c.ID], m.exclusions[c.ID], names)
}
