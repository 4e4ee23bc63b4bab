package login

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	keysLive        = 10 * time.Minute // a key that was withdrawn is refused after this
	keysUnknownWait = 30 * time.Second // an unknown kid may ask for new keys this often
	mostKeys        = 100
)

var errNoKey = errors.New("no key of the provider fits the token")

// keySet is one provider's public keys. Keys come from its own address and
// from nowhere else: what a token's header says about keys, beside kid, is
// not read.
type keySet struct {
	relation *relation

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	at      time.Time // when keys were fetched
	triedAt time.Time
}

// VerifySignature implements go-oidc's KeySet. The caller has checked that the
// token has three parts and an algorithm that the configuration accepts.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	accepted := make([]jose.SignatureAlgorithm, len(k.relation.Algorithms))
	for i, one := range k.relation.Algorithms {
		accepted[i] = jose.SignatureAlgorithm(one)
	}
	jws, err := jose.ParseSignedCompact(token, accepted)
	if err != nil {
		return nil, fmt.Errorf("parse the signed token: %w", err)
	}
	header := jws.Signatures[0].Header
	key, err := k.find(ctx, header.KeyID, header.Algorithm)
	if err != nil {
		return nil, err
	}
	payload, err := jws.Verify(key.Key)
	if err != nil {
		return nil, fmt.Errorf("verify the signature: %w", err)
	}
	return payload, nil
}

// find gives the key for a kid and an algorithm, fetching keys when those at
// hand are too old, or when the kid is new and nobody asked just now.
func (k *keySet) find(ctx context.Context, kid, algorithm string) (jose.JSONWebKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.relation.now()
	fresh := !k.at.IsZero() && now.Sub(k.at) < keysLive
	if fresh {
		if key, err := choose(k.keys, kid, algorithm); err == nil {
			return key, nil
		}
	}
	if !k.triedAt.IsZero() && now.Sub(k.triedAt) < keysUnknownWait {
		return jose.JSONWebKey{}, errNoKey
	}
	k.triedAt = now
	keys, err := k.fetch(ctx)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	k.keys, k.at = keys, now
	return choose(k.keys, kid, algorithm)
}

// choose matches by kid; a token without one is accepted only where a single
// key fits its algorithm.
func choose(keys []jose.JSONWebKey, kid, algorithm string) (jose.JSONWebKey, error) {
	var fitting []jose.JSONWebKey
	for _, key := range keys {
		if fits(key, algorithm) && (kid == "" || key.KeyID == kid) {
			fitting = append(fitting, key)
		}
	}
	if len(fitting) != 1 {
		return jose.JSONWebKey{}, errNoKey
	}
	return fitting[0], nil
}

// fits reports whether a key may verify an algorithm: its kind, its strength,
// its declared use.
func fits(key jose.JSONWebKey, algorithm string) bool {
	if (key.Use != "" && key.Use != "sig") || (key.Algorithm != "" && key.Algorithm != algorithm) {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return (algorithm[:2] == "RS" || algorithm[:2] == "PS") && public.N.BitLen() >= 2048 && public.E >= 65537
	case *ecdsa.PublicKey:
		return (algorithm == "ES256" && public.Curve == elliptic.P256()) ||
			(algorithm == "ES384" && public.Curve == elliptic.P384())
	case ed25519.PublicKey:
		return algorithm == "EdDSA"
	default:
		return false
	}
}

// fetch reads the provider's key set. One broken key spoils only itself.
func (k *keySet) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	docs, err := k.relation.discover(ctx)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, docs.jwks, nil)
	if err != nil {
		return nil, fmt.Errorf("address the keys of %s: %w", k.relation.Word, err)
	}
	res, err := k.relation.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch the keys of %s: %w", k.relation.Word, err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read the keys of %s: status %d: %w", k.relation.Word, res.StatusCode, err)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil || len(set.Keys) > mostKeys {
		return nil, fmt.Errorf("the keys of %s are no key set, or too many: %w", k.relation.Word, err)
	}
	var keys []jose.JSONWebKey
	for _, one := range set.Keys {
		var key jose.JSONWebKey
		if err := json.Unmarshal(one, &key); err == nil && key.Valid() && key.IsPublic() {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
