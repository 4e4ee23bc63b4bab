package httpd

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"sigportal/internal/fault"
)

// cursors seal where the next page of a list begins. What is sealed is bound
// to the session and to the list, so that an address tells nothing, cannot be
// made up, and opens nothing for whoever it is sent to.
type cursors struct{ seal cipher.AEAD }

// newCursors takes a key of 32 bytes, the same in every replica. Without one
// it draws its own: lists then go on only within the process.
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

// nextPage is the address of a list's next page, which begins after at.
func (r *Request) nextPage(list string, at any) (string, error) {
	plain, err := json.Marshal(at)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	c := r.app.cursors
	nonce := make([]byte, c.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	sealed := c.seal.Seal(nonce, nonce, plain, r.cursorPlace(list))
	return r.Path() + "?after=" + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// pageAfter reads the cursor of this request into a value, and reports whether
// there is one. One that is not this session's for this list is refused.
func (r *Request) pageAfter(list string, into any) (bool, error) {
	var query struct {
		After string `form:"after,max=400"`
	}
	if err := r.QueryForm(&query); err != nil {
		return false, errMalformed
	}
	if query.After == "" {
		return false, nil
	}
	c := r.app.cursors
	sealed, err := base64.RawURLEncoding.DecodeString(query.After)
	if err != nil || len(sealed) < c.seal.NonceSize() {
		return false, errMalformed
	}
	n := c.seal.NonceSize()
	plain, err := c.seal.Open(nil, sealed[:n], sealed[n:], r.cursorPlace(list))
	if err != nil {
		return false, errMalformed
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return false, fault.Wrap(fault.Malformed, "error.malformed", err)
	}
	return true, nil
}

func (r *Request) cursorPlace(list string) []byte {
	return []byte(r.visitor.Actor.Session.String() + " " + r.visitor.Actor.Assignment.String() + " " + list)
}
