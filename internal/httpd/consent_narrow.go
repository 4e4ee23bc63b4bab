package httpd

import (
	"context"
	"slices"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// unusedUse is what nobody has told by the rows of the version in force, and the
// one button that makes a draft without it.
type unusedUse struct {
	Rows   []string
	Narrow string // empty where no draft can be begun
}

// unusedOf writes it down; nil where everything is used.
func unusedOf(w familyWords, c *consenting.Case) *unusedUse {
	use := &unusedUse{}
	for _, row := range c.InForce.Rows {
		if len(row.Unused) > 0 {
			use.Rows = append(use.Rows, w.T("unused.row", "row", row.Number, "discloser", w.party(row.Discloser),
				"recipient", w.party(row.Recipient), "categories", w.categories(row.Unused), "date", row.UnusedSince))
		}
	}
	if len(use.Rows) == 0 {
		return nil
	}
	if c.Can(consenting.ActionAmend) && c.Preparing == nil {
		use.Narrow = casePath(c.ID) + "/narrow"
	}
	return use
}

// hintUnused says of one row of a draft what it names and nobody has told by it so far.
func (g *grantFields) hintUnused(w familyWords, c *consenting.Case, typed Fields) {
	var origin sig.GrantID
	if c.InForce == nil || origin.UnmarshalText([]byte(typed.Value(g.Name+".origin", g.Origin))) != nil {
		return
	}
	for _, row := range c.InForce.Rows {
		if row.Origin != origin {
			continue
		}
		named := slices.DeleteFunc(slices.Clone(row.Unused), func(one sig.Category) bool {
			return !typed.Has(g.Name+".categories", string(one), g.Ticked(g.Categories, string(one)))
		})
		if len(named) > 0 {
			g.Unused = w.T("unused.hint", "categories", w.categories(named), "date", row.UnusedSince)
		}
	}
}

// consentNarrow makes a draft without what is never used, and shows what that
// would change.
func (a *App) consentNarrow(r *Request) error {
	return a.oneButton(r, func(ctx context.Context, id sig.InterventionID) error {
		_, err := a.deps.Consenting.NarrowUnused(ctx, r.Actor(), id)
		return err
	}, "/consent/preview", "")
}
