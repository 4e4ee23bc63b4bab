package words

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed approved.yaml
var approvedFile []byte

// approvals is language → hash of the texts that were approved.
var approvals = sync.OnceValue(func() map[string]string {
	approved := map[string]struct{ Hash, By, On string }{}
	if err := yaml.Unmarshal(approvedFile, &approved); err != nil {
		panic(fmt.Errorf("read approved.yaml: %w", err))
	}
	hashes := map[string]string{}
	for tag, a := range approved {
		hashes[tag] = a.Hash
	}
	return hashes
})

func hashOf(c *catalog) string {
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(c.texts)) {
		if !ForFamily(key) {
			continue
		}
		if m := c.plurals[key]; m != nil {
			fmt.Fprintf(h, "%q %q %q %q %q %q %q\n", key, m.Zero, m.One, m.Two, m.Few, m.Many, m.Other)
			continue
		}
		fmt.Fprintf(h, "%q %q\n", key, []string(c.texts[key]))
	}
	return hex.EncodeToString(h.Sum(nil))
}
