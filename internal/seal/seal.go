package seal

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// maxText bounds one sealed text; above any form's limit and any file's.
const maxText = 24 << 20

// Place is where a sealed text lies. All of it is bound to the ciphertext.
type Place struct {
	Authority    sig.AuthorityID
	Intervention sig.InterventionID // zero: the authority's own, such as contact data
	Field        string             // the column's name without "_sealed"
	Object       uuid.UUID          // the row's id
}

// Sealed is one ciphertext and where it was found.
type Sealed struct {
	Place Place
	Bytes []byte
}

// Sealer seals and opens. It is safe for concurrent use and keeps no data keys.
type Sealer struct {
	keks   []kek
	lookup []byte
}

// New makes a sealer. The lookup key serves PINHash and TermHash and cannot be
// changed without hashing everybody anew. The first key-encryption key wraps
// new data keys; the others only unwrap, so that keys can be changed: put the
// new one first, run Rewrap until it answers 0, take the old one away.
func New(lookup []byte, keyEncryptionKeys ...[]byte) (*Sealer, error) {
	if len(lookup) != KeySize {
		return nil, fmt.Errorf("the lookup key has %d bytes, not %d", KeySize, len(lookup))
	}
	if len(keyEncryptionKeys) == 0 {
		return nil, errors.New("there is no key-encryption key")
	}
	s := &Sealer{lookup: bytes.Clone(lookup)}
	for _, raw := range keyEncryptionKeys {
		k, err := newKEK(raw)
		if err != nil {
			return nil, err
		}
		s.keks = append(s.keks, k)
	}
	return s, nil
}

// Seal encrypts a text for its place, making the owner's data key if this is
// its first. The transaction must commit for the text to open again.
func (s *Sealer) Seal(ctx context.Context, tx *postgres.Tx, at Place, text []byte) ([]byte, error) {
	keys, err := s.Keys(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	return keys.Seal(ctx, at, text)
}

// Open decrypts one text. It asks nobody whether the reader may see it: that
// is decided before, in the statement that fetched the ciphertext.
func (s *Sealer) Open(ctx context.Context, tx *postgres.Tx, at Place, sealed []byte) ([]byte, error) {
	keys, err := s.Keys(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	return keys.Open(at, sealed)
}

// OpenAll decrypts several texts with one look at the keys. The answers stand
// in the order of the questions; one that does not open fails them all.
func (s *Sealer) OpenAll(ctx context.Context, tx *postgres.Tx, sealed []Sealed) ([][]byte, error) {
	places := make([]Place, len(sealed))
	for i, one := range sealed {
		places[i] = one.Place
	}
	keys, err := s.Keys(ctx, tx, places...)
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, len(sealed))
	for i, one := range sealed {
		if texts[i], err = keys.Open(one.Place, one.Bytes); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// doesNotOpen is a fault of ours, never the reader's: a 500 and an alarm.
func doesNotOpen(field string, cause error) error {
	return fault.Wrap(fault.Internal, "error.internal", fmt.Errorf("open %s: %w", field, cause))
}

// ensureKey finds the owner's data key or makes it. Two transactions that make
// it at once agree: the second waits for the first and uses its key.
func (s *Sealer) ensureKey(ctx context.Context, tx *postgres.Tx, owner postgres.SealOwner) (tink.AEAD, error) {
	for range 2 {
		rows, err := tx.SealKeys(ctx, []postgres.SealOwner{owner})
		if err != nil {
			return nil, err
		}
		if len(rows) == 1 {
			return s.unwrap(rows[0])
		}
		key, wrapped, err := s.keks[0].newDataKey(bindOwner(owner))
		if err != nil {
			return nil, err
		}
		made, err := tx.AddSealKey(ctx, postgres.SealKey{SealOwner: owner, KEK: s.keks[0].id, Wrapped: wrapped})
		if err != nil {
			return nil, err
		}
		if made {
			return key, nil
		}
	}
	return nil, errors.New("the data key can neither be made nor read")
}

func (s *Sealer) unwrap(row postgres.SealKey) (tink.AEAD, error) {
	for _, k := range s.keks {
		if !bytes.Equal(k.id, row.KEK) {
			continue
		}
		handle, err := k.unwrap(row.Wrapped, bindOwner(row.SealOwner))
		if err != nil {
			return nil, err
		}
		primitive, err := aead.New(handle)
		if err != nil {
			return nil, fmt.Errorf("use a data key: %w", err)
		}
		return primitive, nil
	}
	return nil, fmt.Errorf("the key-encryption key %x is not among the configured ones", row.KEK)
}

// Rewrap wraps at most limit data keys anew under the first key-encryption key
// and tells how many it did; 0 means that the older keys can be taken away.
// Texts are not touched: their data keys stay the same.
func (s *Sealer) Rewrap(ctx context.Context, tx *postgres.Tx, limit int) (int, error) {
	rows, err := tx.SealKeysNotUnder(ctx, s.keks[0].id, limit)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if err := s.rewrapOne(ctx, tx, row); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func (s *Sealer) rewrapOne(ctx context.Context, tx *postgres.Tx, row postgres.SealKey) error {
	for _, k := range s.keks[1:] {
		if !bytes.Equal(k.id, row.KEK) {
			continue
		}
		handle, err := k.unwrap(row.Wrapped, bindOwner(row.SealOwner))
		if err != nil {
			return err
		}
		if row.Wrapped, err = s.keks[0].seal(handle, bindOwner(row.SealOwner)); err != nil {
			return err
		}
		row.KEK = s.keks[0].id
		return tx.RewrapSealKey(ctx, row)
	}
	return fmt.Errorf("the key-encryption key %x is not among the configured ones", row.KEK)
}

// bind is the associated data of a place.
func (p Place) bind() []byte {
	return join("text", string(p.Authority), p.Intervention.String(), p.Field, p.Object.String())
}

func bindOwner(o postgres.SealOwner) []byte {
	return join("data key", string(o.Authority), o.Intervention.String())
}

// join writes each part with its length before it, so that no two lists of
// parts give the same bytes.
func join(parts ...string) []byte {
	var out []byte
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part))) //nolint:gosec // parts are short
		out = append(out, part...)
	}
	return out
}
