package api

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// cursors seal where the next page of a list begins, bound to the session and
// to the list: a cursor tells nothing, cannot be made up, and opens nothing for
// whoever it is given to.
type cursors struct{ seal cipher.AEAD }

// newCursors takes a key of 32 bytes; without one it draws its own, and lists
// go on only within the process.
func newCursors(key []byte) (*cursors, error) {
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
	return &cursors{seal}, nil
}

func cursorPlace(actor sig.Actor, list string) []byte {
	return []byte("api " + actor.Session.String() + " " + actor.Assignment.String() + " " + list)
}

// write seals a place in a list of the actor's.
func (c *cursors) write(actor sig.Actor, list string, at any) (string, error) {
	plain, err := json.Marshal(at)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	nonce := make([]byte, c.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(c.seal.Seal(nonce, nonce, plain, cursorPlace(actor, list))), nil
}

// read opens one; what is not the actor's for this list is no input of ours.
func (c *cursors) read(actor sig.Actor, list, text string, into any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if n := c.seal.NonceSize(); err == nil && len(sealed) >= n {
		var plain []byte
		if plain, err = c.seal.Open(nil, sealed[:n], sealed[n:], cursorPlace(actor, list)); err == nil {
			err = json.Unmarshal(plain, into)
		}
	} else {
		err = fault.New(fault.Malformed, "error.malformed")
	}
	if err != nil {
		return fault.Wrap(fault.Malformed, "error.malformed", err)
	}
	return nil
}
