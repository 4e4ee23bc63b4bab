package devidp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// signingKey is a provider's one key. It is drawn at start and not kept.
type signingKey struct {
	id  string
	key *ecdsa.PrivateKey
}

func newSigningKey() (signingKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return signingKey{}, fmt.Errorf("draw a signing key: %w", err)
	}
	return signingKey{random(), key}, nil
}

// ID is the key's kid.
func (k signingKey) ID() string { return k.id }

// SignatureAlgorithm is ES256, the algorithm that every provider here uses.
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }

// Key is the private key itself.
func (k signingKey) Key() any { return k.key }

// publicKey is the half that the key set shows.
type publicKey struct{ signingKey }

// Algorithm is ES256.
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }

// Use says that the key signs.
func (k publicKey) Use() string { return "sig" }

// Key is the public key.
func (k publicKey) Key() any { return k.key.Public() }

// SigningKey is the key that signs tokens.
func (p *provider) SigningKey(context.Context) (op.SigningKey, error) { return p.key, nil }

// SignatureAlgorithms lists ES256 alone.
func (p *provider) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

// KeySet shows the public key.
func (p *provider) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{p.key}}, nil
}

// random draws 128 bits as text.
func random() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}
