package config

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Provider is one OpenID provider as the operator writes it down;
// deploy/providers.yaml shows one of each sort. What the words mean in a login
// is settled in internal/login.
type Provider struct {
	Word           string   `yaml:"word"`
	Title          string   `yaml:"title"`
	Kind           string   `yaml:"kind"`
	Issuer         string   `yaml:"issuer"`
	ClientID       string   `yaml:"client_id"`
	KeyID          string   `yaml:"key_id"`
	KeyPEM         Secret   `yaml:"key"`
	KeyFile        string   `yaml:"key_file"`
	Secret         Secret   `yaml:"secret"`
	SecretFile     string   `yaml:"secret_file"`
	Algorithms     []string `yaml:"algorithms"`
	ACR            []string `yaml:"acr"`
	Scopes         []string `yaml:"scopes"`
	Hosts          []string `yaml:"hosts"`
	SingleSignOn   bool     `yaml:"single_sign_on"`
	PrivateNetwork bool     `yaml:"private_network"`

	// Key is what key or key_file holds; nil where a secret is used instead.
	Key          crypto.Signer `yaml:"-"`
	KeyAlgorithm string        `yaml:"-"`
}

// ReadProviders reads the text of SIG_PROVIDERS. A word it does not know is an
// error, and no error shows a key or a secret.
func ReadProviders(text Secret) ([]Provider, error) {
	var list []Provider
	decoder := yaml.NewDecoder(strings.NewReader(text.Reveal()))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New("SIG_PROVIDERS: want a YAML list of providers with known fields; see deploy/providers.yaml")
	}
	for i := range list {
		if err := list[i].loadKey(); err != nil {
			return nil, fmt.Errorf("SIG_PROVIDERS: provider %d (%q): %w", i+1, list[i].Word, err)
		}
	}
	return list, nil
}

func (p *Provider) loadKey() error {
	if err := fromFile(&p.KeyPEM, p.KeyFile, "key"); err != nil {
		return err
	}
	if err := fromFile(&p.Secret, p.SecretFile, "secret"); err != nil {
		return err
	}
	if p.KeyPEM == "" {
		return nil
	}
	block, rest := pem.Decode([]byte(p.KeyPEM.Reveal()))
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return errors.New("the key is not one PEM block")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return errors.New("the key is not in the form PKCS #8")
	}
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		if key.Curve != elliptic.P256() {
			return errors.New("an elliptic key must be on the curve P-256")
		}
		p.Key, p.KeyAlgorithm = key, "ES256"
	case *rsa.PrivateKey:
		p.Key, p.KeyAlgorithm = key, "PS256"
	default:
		return errors.New("the key is neither RSA nor elliptic")
	}
	return nil
}

func fromFile(into *Secret, path, what string) error {
	if path == "" {
		return nil
	}
	if *into != "" {
		return fmt.Errorf("give %s or %s_file, not both", what, what)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s_file: %w", what, err)
	}
	*into = Secret(strings.TrimSpace(string(content)))
	return nil
}
