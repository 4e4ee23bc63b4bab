package sharing

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// FieldPrivateName is where the name of a close person or expert stands sealed,
// under the board's key and the row that names them.
const FieldPrivateName = "private_name"

// PrivateNames opens the own names of the close persons and experts whom rows
// of a case's consents name. A row that the actor may not see, or that names a
// seat, has none.
func PrivateNames(
	ctx context.Context, tx *postgres.Tx, keys *seal.Sealer, board sig.AuthorityID, intervention sig.InterventionID, rows ...sig.GrantID,
) (map[sig.GrantID]string, error) {
	if len(rows) == 0 {
		return map[sig.GrantID]string{}, nil
	}
	sealed, err := tx.PrivateNames(ctx, intervention, rows)
	if err != nil {
		return nil, err
	}
	return OpenPrivateNames(ctx, tx, keys, board, intervention, sealed)
}

// OpenPrivateNames opens names that have been read already, by their rows.
func OpenPrivateNames(
	ctx context.Context, tx *postgres.Tx, keys *seal.Sealer, board sig.AuthorityID, intervention sig.InterventionID, names map[sig.GrantID][]byte,
) (map[sig.GrantID]string, error) {
	open := map[sig.GrantID]string{}
	if len(names) == 0 {
		return open, nil
	}
	var of []sig.GrantID
	var sealed []seal.Sealed
	for id, name := range names {
		at := seal.Place{Authority: board, Intervention: intervention, Field: FieldPrivateName, Object: id.UUID}
		of, sealed = append(of, id), append(sealed, seal.Sealed{Bytes: name, Place: at})
	}
	texts, err := keys.OpenAll(ctx, tx, sealed)
	if err != nil {
		return nil, err
	}
	for n, text := range texts {
		open[of[n]] = string(text)
	}
	return open, nil
}

// nameEach says of everybody private in a list who it is, since two close
// persons are not told apart by their kind; also after their rows have ended.
// part gives an entry's row, zero for a seat, and where its name goes.
func nameEach[T any](
	ctx context.Context, s *Service, tx *postgres.Tx, facts *postgres.CaseFacts, list []T, part func(*T) (sig.GrantID, *string),
) error {
	var rows []sig.GrantID
	for i := range list {
		if row, _ := part(&list[i]); !row.IsZero() {
			rows = append(rows, row)
		}
	}
	names, err := PrivateNames(ctx, tx, s.Sealer, facts.Board, facts.Intervention, rows...)
	for i := range list {
		row, name := part(&list[i])
		*name = names[row]
	}
	return err
}

func ofCandidate(c *Candidate) (sig.GrantID, *string) { return c.PrivateGrant, &c.PrivateName }
func ofPart(p *Part) (sig.GrantID, *string)           { return p.private, &p.PrivateName }
func ofDisclosed(d *Disclosed) (sig.GrantID, *string) { return d.private, &d.PrivateName }
