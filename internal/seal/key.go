package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KeySize is the length in bytes of a key-encryption key and of the lookup key.
const KeySize = 32

// ReadKey reads one key from configuration: the base64 text of 32 random bytes,
// as `openssl rand -base64 32` prints it. The error does not repeat the text.
func ReadKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("a key is the base64 text of %d random bytes", KeySize)
	}
	return key, nil
}

// kek is one key-encryption key. Its id stands beside what it wrapped, so that
// the right one of several is found without trying, and a missing one is named.
type kek struct {
	id   []byte
	wrap tink.AEAD
}

func newKEK(raw []byte) (kek, error) {
	if len(raw) != KeySize {
		return kek{}, fmt.Errorf("a key-encryption key has %d bytes, not %d", KeySize, len(raw))
	}
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return kek{}, fmt.Errorf("make the wrapping cipher: %w", err)
	}
	mac := hmac.New(sha256.New, raw)
	mac.Write([]byte("sigportal key-encryption key id"))
	return kek{id: mac.Sum(nil)[:8], wrap: a}, nil
}

// newDataKey draws a data key and wraps it. What it belongs to is bound to the
// wrapping, so that one authority's wrapped key put in another's row is refused.
func (k kek) newDataKey(owner []byte) (tink.AEAD, []byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, fmt.Errorf("draw a data key: %w", err)
	}
	wrapped, err := k.seal(handle, owner)
	if err != nil {
		return nil, nil, err
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, nil, fmt.Errorf("use a data key: %w", err)
	}
	return primitive, wrapped, nil
}

func (k kek) seal(handle *keyset.Handle, owner []byte) ([]byte, error) {
	var out bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&out), k.wrap, owner); err != nil {
		return nil, fmt.Errorf("wrap a data key: %w", err)
	}
	return out.Bytes(), nil
}

func (k kek) unwrap(wrapped, owner []byte) (*keyset.Handle, error) {
	reader := keyset.NewBinaryReader(bytes.NewReader(wrapped))
	handle, err := keyset.ReadWithAssociatedData(reader, k.wrap, owner)
	if err != nil {
		return nil, errors.New("a data key does not unwrap: altered, or moved from another owner")
	}
	return handle, nil
}
