package cursor

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Sealer writes and reads cursors under one key.
type Sealer struct{ seal cipher.AEAD }

// New takes a key of 32 bytes, the same in every replica. Without one it draws
// its own: lists then go on only within the process.
func New(key []byte) (*Sealer, error) {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails (crypto/rand)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("set up cursors: %w", err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("set up cursors: %w", err)
	}
	return &Sealer{seal}, nil
}

// block is what a place's text is filled up to, so that how long a cursor is
// tells nothing of how much lies before it.
const block = 64

// Write seals a place in a list of the actor's.
func (s *Sealer) Write(actor sig.Actor, list string, at any) (string, error) {
	plain, err := json.Marshal(at)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	plain = append(plain, bytes.Repeat([]byte{' '}, (block-len(plain)%block)%block)...)
	nonce := make([]byte, s.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(nonce, nonce, plain, bound(actor, list))), nil
}

// Read opens one into a value; what is not the actor's for this list is
// Malformed.
func (s *Sealer) Read(actor sig.Actor, list, text string, into any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	n := s.seal.NonceSize()
	if err != nil || len(sealed) < n {
		return fault.New(fault.Malformed, "error.malformed")
	}
	plain, err := s.seal.Open(nil, sealed[:n], sealed[n:], bound(actor, list))
	if err == nil {
		err = json.Unmarshal(plain, into)
	}
	if err != nil {
		return fault.Wrap(fault.Malformed, "error.malformed", err)
	}
	return nil
}

func bound(actor sig.Actor, list string) []byte {
	return []byte(actor.Session.String() + " " + actor.Assignment.String() + " " + list)
}
