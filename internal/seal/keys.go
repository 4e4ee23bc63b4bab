package seal

import (
	"context"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// Keys are data keys opened for one transaction, so that an act which seals
// and opens several texts looks for its keys once. They are not kept after it.
type Keys struct {
	sealer *Sealer
	tx     *postgres.Tx
	open   map[postgres.SealOwner]tink.AEAD
}

// Keys opens the data keys of these places.
func (s *Sealer) Keys(ctx context.Context, tx *postgres.Tx, places ...Place) (*Keys, error) {
	k := &Keys{sealer: s, tx: tx, open: map[postgres.SealOwner]tink.AEAD{}}
	var owners []postgres.SealOwner
	for _, at := range places {
		if _, seen := k.open[at.owner()]; !seen {
			k.open[at.owner()] = nil
			owners = append(owners, at.owner())
		}
	}
	rows, err := tx.SealKeys(ctx, owners)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if k.open[row.SealOwner], err = s.unwrap(row); err != nil {
			return nil, fault.Wrap(fault.Internal, "error.internal", err)
		}
	}
	return k, nil
}

// Seal is Sealer.Seal. A key that was not asked for, or did not exist, is
// looked for or made.
func (k *Keys) Seal(ctx context.Context, at Place, text []byte) ([]byte, error) {
	if len(text) > maxText {
		return nil, errors.New("a text is too long to seal")
	}
	key := k.open[at.owner()]
	if key == nil {
		made, err := k.sealer.ensureKey(ctx, k.tx, at.owner())
		if err != nil {
			return nil, fmt.Errorf("seal %s: %w", at.Field, err)
		}
		key, k.open[at.owner()] = made, made
	}
	out, err := key.Encrypt(pad(text), at.bind())
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", at.Field, err)
	}
	return out, nil
}

// Open is Sealer.Open, with a key that was asked for.
func (k *Keys) Open(at Place, sealed []byte) ([]byte, error) {
	key := k.open[at.owner()]
	if key == nil {
		return nil, doesNotOpen(at.Field, errors.New("its data key is gone"))
	}
	padded, err := key.Decrypt(sealed, at.bind())
	if err != nil {
		return nil, doesNotOpen(at.Field, errors.New("it was not sealed for this place"))
	}
	text, err := unpad(padded)
	if err != nil {
		return nil, doesNotOpen(at.Field, err)
	}
	return text, nil
}

func (at Place) owner() postgres.SealOwner {
	return postgres.SealOwner{Authority: at.Authority, Intervention: at.Intervention}
}
