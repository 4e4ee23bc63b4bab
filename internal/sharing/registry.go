package sharing

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// RegistryCopy is a copy in the registrar's list: nothing of its text.
type RegistryCopy = postgres.RegistryCopy

// RegistryPage is a page of what the registrar may still move, what is deleted
// first before the rest.
type RegistryPage struct {
	Lines []RegistryCopy
	Next  *Cursor // nil on the last page
}

// Registry lists the copies of the own authority that a cut has taken from
// their readers, while they may still be moved into its own file. Whoever is
// not a registrar is answered as if there were no such list.
func (s *Service) Registry(ctx context.Context, actor sig.Actor, after *Cursor) (*RegistryPage, error) {
	if actor.Function != sig.RoleRegistrar {
		return nil, fault.Missing()
	}
	page := &RegistryPage{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		var from *postgres.RegistryCopy
		if after != nil {
			from = &postgres.RegistryCopy{ID: after.ID, Until: after.At}
		}
		lines, err := tx.RegistryCopies(ctx, from, InboxSize+1, sig.RequestOf(ctx))
		if err != nil {
			return err
		}
		if len(lines) > InboxSize {
			last := lines[InboxSize-1]
			page.Next = &Cursor{At: last.Until, ID: last.ID}
			lines = lines[:InboxSize]
		}
		page.Lines = lines
		return nil
	})
	return page, err
}

// Hidden finds one copy among those that a cut has taken from the seats which
// the actor fills; for anything else the answer is that of what does not exist.
func (s *Service) Hidden(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) (*HiddenCopy, error) {
	var out *HiddenCopy
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		all, err := tx.HiddenCopies(ctx, intervention)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].ID == id {
				out = &all[i]
				return nil
			}
		}
		return fault.Missing()
	})
	return out, err
}
