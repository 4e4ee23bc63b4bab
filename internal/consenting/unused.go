package consenting

import (
	"context"
	"slices"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// showUse adds to the rows of the version in force what nobody has told by them,
// as far as the reader may know of disclosures.
func (m *matter) showUse(ctx context.Context, v *Version) error {
	if v == nil {
		return nil
	}
	unused, err := m.unused(ctx)
	if err != nil {
		return err
	}
	for n := range v.Rows {
		for _, u := range unused {
			if u.Row == v.Rows[n].ID {
				v.Rows[n].Unused, v.Rows[n].UnusedSince = u.Categories, u.Since
			}
		}
	}
	return nil
}

func (m *matter) unused(ctx context.Context) ([]postgres.UnusedRow, error) {
	return m.tx.UnusedRows(ctx, m.i.ID, sig.DaysLater(m.tx.Now(), -postgres.UnusedDays))
}

// NarrowUnused makes a new draft that says what the version in force says,
// without the categories that nobody has told by it. Without a row between the
// police and social services an intervention cannot go on: where nothing else
// would be left of them, those rows stay as they are.
func (s *Service) NarrowUnused(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	return s.amend(ctx, actor, intervention, (*matter).inForce, (*matter).narrowedDraft)
}

// narrowedDraft is the version in force without what is never used and without
// rows that are over.
func (m *matter) narrowedDraft(ctx context.Context, held *postgres.Consent) (Draft, error) {
	unused, err := m.unused(ctx)
	if err != nil {
		return Draft{}, err
	}
	gone := map[sig.GrantID][]sig.Category{}
	for _, u := range unused {
		gone[u.Row] = u.Categories
	}
	m.keepCore(m.matrix(held.ID), gone)
	if len(gone) == 0 {
		return Draft{}, m.conflict("error.nothing_unused")
	}
	whole, err := m.draftFrom(ctx, held)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Exclusions: whole.Exclusions}
	for _, r := range m.rows[held.ID] {
		row, goesOn := rowOf(whole, r.Origin)
		row.Categories = except(row.Categories, gone[r.ID])
		if goesOn && m.tx.Now().Before(r.To) && len(row.Categories) > 0 {
			d.Grants = append(d.Grants, row)
		}
	}
	if len(d.Grants) == 0 {
		return d, m.conflict("error.all_unused")
	}
	return d, nil
}

// rowOf is the row of a draft that continues another; one whose function has gone
// to another authority has none.
func rowOf(d Draft, origin sig.GrantID) (DraftGrant, bool) {
	n := slices.IndexFunc(d.Grants, func(g DraftGrant) bool { return g.Origin == origin })
	if n < 0 {
		return DraftGrant{}, false
	}
	return d.Grants[n], true
}

// keepCore takes the rows between the police and social services off what is to
// go, where nothing of them would be left.
func (m *matter) keepCore(held sig.Matrix, gone map[sig.GrantID][]sig.Category) {
	left := sig.Matrix{Exclusions: held.Exclusions}
	for _, g := range held.Grants {
		if g.Categories = except(g.Categories, gone[g.ID]); len(g.Categories) > 0 {
			left.Grants = append(left.Grants, g)
		}
	}
	if !m.core(held) || m.core(left) {
		return
	}
	for _, g := range held.Grants {
		if m.core(sig.Matrix{Grants: []sig.Grant{g}, Exclusions: held.Exclusions}) {
			delete(gone, g.ID)
		}
	}
}

func (m *matter) core(matrix sig.Matrix) bool { return sig.CoreOf(matrix, m.tx.Now(), m.place).Any() }

func except(all, gone []sig.Category) []sig.Category {
	return slices.DeleteFunc(slices.Clone(all), func(c sig.Category) bool { return contains(gone, c) })
}
