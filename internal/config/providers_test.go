package config_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigportal/internal/config"
)

func pemOf(t *testing.T, key crypto.Signer) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func elliptical(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestTheExampleOfProvidersIsRead(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../deploy/providers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	keys := map[string]crypto.Signer{"staden": elliptical(t, elliptic.P256())}
	if keys["eleg"], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	for name, key := range keys {
		if err := os.WriteFile(filepath.Join(folder, name+".pem"), []byte(pemOf(t, key)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := strings.ReplaceAll(string(example), "/etc/sigportal", folder)
	list, err := config.ReadProviders(config.Secret(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].KeyAlgorithm != "ES256" || list[1].KeyAlgorithm != "PS256" || list[0].Key == nil {
		t.Errorf("read %d providers: %+v", len(list), list)
	}
	if list[1].Kind != "citizen" || len(list[1].Hosts) != 1 || list[0].KeyID != "2026-11" {
		t.Errorf("the fields are %+v", list)
	}
}

func TestAProviderThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	indented := strings.ReplaceAll(pemOf(t, elliptical(t, elliptic.P384())), "\n", "\n    ")
	for what, text := range map[string]string{
		"a misspelled field":   "- word: a\n  isuer: https://hush.example\n",
		"a key twice":          "- word: a\n  key: hush\n  key_file: /etc/hostname\n",
		"a file that is not":   "- word: a\n  key_file: /nonexistent\n",
		"a key that is none":   "- word: a\n  key: hush\n",
		"a curve not accepted": "- word: a\n  key: |\n    " + indented + "\n",
		"no list":              "providers: hush",
	} {
		_, err := config.ReadProviders(config.Secret(text))
		if err == nil {
			t.Errorf("%s was taken", what)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: the error shows a value: %v", what, err)
		}
	}
}
