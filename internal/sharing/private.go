package sharing

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// fieldPrivateName is where the name of somebody private stands sealed; package
// consenting writes it.
const fieldPrivateName = "private_name"

// PrivateNames opens the own names of the close persons and experts whom rows
// of a case's consents name, under the board's key. A row that the actor may not
// see, or that names a seat, has none.
func PrivateNames(
	ctx context.Context, tx *postgres.Tx, keys *seal.Sealer, board sig.AuthorityID, intervention sig.InterventionID, rows ...sig.GrantID,
) (map[sig.GrantID]string, error) {
	names := map[sig.GrantID]string{}
	if len(rows) == 0 {
		return names, nil
	}
	found, err := tx.PrivateNames(ctx, intervention, rows)
	if err != nil {
		return nil, err
	}
	var of []sig.GrantID
	var sealed []seal.Sealed
	for id, name := range found {
		at := seal.Place{Authority: board, Intervention: intervention, Field: fieldPrivateName, Object: id.UUID}
		of, sealed = append(of, id), append(sealed, seal.Sealed{Bytes: name, Place: at})
	}
	texts, err := keys.OpenAll(ctx, tx, sealed)
	if err != nil {
		return nil, err
	}
	for n, text := range texts {
		names[of[n]] = string(text)
	}
	return names, nil
}

func (s *Service) privateNames(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, rows []sig.GrantID) (map[sig.GrantID]string, error) {
	return PrivateNames(ctx, tx, s.Sealer, facts.Board, facts.Intervention, rows...)
}

// nameCandidates says of each private candidate who it is: two close persons
// are not told apart by their kind.
func (s *Service) nameCandidates(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, list []Candidate) error {
	var rows []sig.GrantID
	for _, c := range list {
		if !c.PrivateGrant.IsZero() {
			rows = append(rows, c.PrivateGrant)
		}
	}
	names, err := s.privateNames(ctx, tx, facts, rows)
	for i := range list {
		list[i].PrivateName = names[list[i].PrivateGrant]
	}
	return err
}

// nameParts does the same for the rows of a case.
func (s *Service) nameParts(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, parts []Part) error {
	var rows []sig.GrantID
	for _, p := range parts {
		if p.Private != "" {
			rows = append(rows, p.row)
		}
	}
	names, err := s.privateNames(ctx, tx, facts, rows)
	for i := range parts {
		parts[i].PrivateName = names[parts[i].row]
	}
	return err
}

// nameDisclosed does the same for what was told, also after its row has ended.
func (s *Service) nameDisclosed(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, list []Disclosed) error {
	var rows []sig.GrantID
	for _, d := range list {
		if d.IsPrivate {
			rows = append(rows, d.row)
		}
	}
	names, err := s.privateNames(ctx, tx, facts, rows)
	for i := range list {
		list[i].PrivateName = names[list[i].row]
	}
	return err
}
