package localpg

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// passwords are the random passwords of a cluster's roles.
type passwords map[string]string

var roles = []string{superuser, "sig_owner", "sig_app", "sig_worker", "sig_reviewer"}

// loadPasswords reads the file of a data folder, or draws and writes one that
// only the caller can read.
func loadPasswords(path string) (passwords, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return drawPasswords(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the cluster's passwords: %w", err)
	}
	var p passwords
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("read the cluster's passwords: %w", err)
	}
	return p, nil
}

func drawPasswords(path string) (passwords, error) {
	p := passwords{}
	for _, role := range roles {
		var secret [20]byte
		if _, err := rand.Read(secret[:]); err != nil {
			return nil, fmt.Errorf("draw a password: %w", err)
		}
		p[role] = hex.EncodeToString(secret[:])
	}
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the cluster's passwords: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, fmt.Errorf("write the cluster's passwords: %w", err)
	}
	return p, nil
}
