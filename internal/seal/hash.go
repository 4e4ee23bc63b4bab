package seal

import (
	"crypto/hmac"
	"crypto/sha256"
)

// PINHash is the keyed hash by which a person is found from a personal number
// (twelve digits). Without the lookup key nobody can try all numbers against a
// dump. It is the same for every authority: each looks only in its own rows.
func (s *Sealer) PINHash(number string) []byte { return s.mac("personal number", number) }

// TermHash is the keyed hash that stands in the ledger for what somebody
// searched for, told apart by the field it was searched in. The caller brings
// the term to its normal form first; PINHash values never equal TermHash values,
// so the ledger cannot be used to find people by number.
func (s *Sealer) TermHash(field, term string) []byte { return s.mac("search term", field, term) }

func (s *Sealer) mac(parts ...string) []byte {
	mac := hmac.New(sha256.New, s.lookup)
	mac.Write(join(parts...))
	return mac.Sum(nil)
}
