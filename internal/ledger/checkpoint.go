package ledger

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is a head of the log: how many leaves it has, and the root over them.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   []byte
}

// Signer signs heads of one log. The key's name is the log's origin, so a
// signature of one portal's log can never pass for another's.
type Signer struct {
	signer   note.Signer
	verifier string
}

// GenerateKey makes a key pair for a log; the origin is a name such as
// "portal.example.se/ledger". The private half belongs outside the database.
func GenerateKey(origin string) (private, public string, err error) {
	private, public, err = note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return "", "", fmt.Errorf("make a ledger key: %w", err)
	}
	return private, public, nil
}

// NewSigner reads a private note key ("PRIVATE+KEY+…"). Its errors never
// repeat the key.
func NewSigner(private string) (*Signer, error) {
	private = strings.TrimSpace(private)
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, errors.New("the ledger's signing key cannot be read")
	}
	// "PRIVATE+KEY+name+hash+key": a name has no plus sign, the key may have.
	key, err := base64.StdEncoding.DecodeString(strings.SplitN(private, "+", 5)[4])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return nil, errors.New("the ledger's signing key cannot be read")
	}
	public, ok := ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("the ledger's signing key is not Ed25519")
	}
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("derive the ledger's public key: %w", err)
	}
	return &Signer{signer: signer, verifier: verifier}, nil
}

// Origin is the name of the log.
func (s *Signer) Origin() string { return s.signer.Name() }

// VerifierKey is the public half, to be shown on the portal's key page and
// kept by whoever wants to check receipts.
func (s *Signer) VerifierKey() string { return s.verifier }

// Sign makes a signed head in the form of a C2SP checkpoint.
func (s *Signer) Sign(size int64, root Hash) (string, error) {
	if size < 1 {
		return "", fmt.Errorf("a log of %d leaves has no head to sign", size)
	}
	text := log.Checkpoint{Origin: s.Origin(), Size: uint64(size), Hash: root[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, s.signer)
	if err != nil {
		return "", fmt.Errorf("sign the head of %d leaves: %w", size, err)
	}
	return string(signed), nil
}

// OpenCheckpoint checks the signature of a head against one public key.
func OpenCheckpoint(signed, public string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return Checkpoint{}, errors.New("the public key cannot be read")
	}
	cp, rest, _, err := log.ParseCheckpoint([]byte(signed), verifier.Name(), verifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the head is not signed by %s", verifier.Name())
	}
	if len(rest) > 0 || len(cp.Hash) != sha256.Size || cp.Size < 1 || cp.Size > 1<<62 {
		return Checkpoint{}, errors.New("the head is not in the form of a checkpoint of this log")
	}
	return Checkpoint{Origin: cp.Origin, Size: int64(cp.Size), Root: cp.Hash}, nil
}
