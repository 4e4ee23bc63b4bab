package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"sigportal/internal/devidp"
	"sigportal/internal/ledger"
)

// secrets are what an operator would keep in files; the demo draws them once
// and keeps them with its data.
type secrets struct {
	KEK       string `json:"kek"`
	Lookup    string `json:"lookup"`
	Ledger    string `json:"ledger"`
	ClientKey string `json:"client_key"` // PEM, PKCS #8
}

const clientKeyID = "demo"

// loadSecrets reads the demo's secrets, drawing them on the first run.
func loadSecrets(path string) (secrets, error) {
	var s secrets
	text, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("read the demo's secrets: %w", err)
		}
		return s, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return s, fmt.Errorf("read the demo's secrets: %w", err)
	}
	if s, err = drawSecrets(); err != nil {
		return s, err
	}
	if text, err = json.Marshal(s); err != nil {
		return s, fmt.Errorf("write the demo's secrets: %w", err)
	}
	return s, os.WriteFile(path, text, 0o600)
}

func drawSecrets() (secrets, error) {
	s := secrets{KEK: randomKey(), Lookup: randomKey()}
	var err error
	if s.Ledger, _, err = ledger.GenerateKey("sigportal.demo"); err != nil {
		return s, fmt.Errorf("draw the ledger's key: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return s, fmt.Errorf("draw the client's key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return s, fmt.Errorf("write the client's key: %w", err)
	}
	s.ClientKey = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return s, nil
}

func randomKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

// publicKeys is what the providers know of the portal's key.
func (s secrets) publicKeys() (jose.JSONWebKeySet, error) {
	block, _ := pem.Decode([]byte(s.ClientKey))
	if block == nil {
		return jose.JSONWebKeySet{}, errors.New("the demo's client key is no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return jose.JSONWebKeySet{}, fmt.Errorf("read the client's key: %w", err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return jose.JSONWebKeySet{}, errors.New("the demo's client key is not elliptic")
	}
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: &private.PublicKey, KeyID: clientKeyID, Algorithm: "ES256", Use: "sig"},
	}}, nil
}

// providersYAML is SIG_PROVIDERS for the three providers of a demo.
func (s secrets) providersYAML(idp *devidp.Server) string {
	var b strings.Builder
	for _, issuer := range devidp.Issuers() {
		kind, scope := "staff", devidp.ScopePersonOrgID
		if issuer.Word == "eid" {
			kind, scope = "citizen", devidp.ScopePersonNumber
		}
		fmt.Fprintf(&b, "- word: %s\n  title: %q\n  kind: %s\n  issuer: %s\n  client_id: sigportal\n  key_id: %s\n  private_network: true\n",
			issuer.Word, issuer.Title, kind, idp.Issuer(issuer.Word), clientKeyID)
		fmt.Fprintf(&b, "  scopes: [%q, %q]\n", devidp.ScopePersonInfo, scope)
		fmt.Fprintf(&b, "  algorithms: [ES256, RS256, PS256]\n  acr: [%q]\n  key: |\n    %s\n",
			devidp.LoA3, strings.ReplaceAll(strings.TrimSpace(s.ClientKey), "\n", "\n    "))
	}
	return b.String()
}
