package replica

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Edit is a file of the tree, a text that stands in it, and what stands there
// instead for one build alone. A text that is not there fails the test: a fault
// that no longer fits the code proves nothing.
type Edit [3]string

// Build compiles the portal's replica program with edits, without touching the
// tree, and gives its path.
func Build(t testing.TB, edits ...Edit) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatalf("find the tree: %v", err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "replica")
	//nolint:gosec // the compiler, on the project's own tree
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay(t, dir, root, edits), "-o", program, "./cmd/demo")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// overlay writes the edited files beside the tree and the list that the
// compiler takes.
func overlay(t testing.TB, dir, root string, edits []Edit) string {
	t.Helper()
	texts := map[string]string{}
	for _, e := range edits {
		file, before, after := e[0], e[1], e[2]
		path := filepath.Join(root, file)
		if _, ok := texts[path]; !ok {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("read what is to be broken: %v", err)
			}
			texts[path] = string(text)
		}
		if !strings.Contains(texts[path], before) {
			t.Fatalf("%s has no %q to break", file, before)
		}
		texts[path] = strings.ReplaceAll(texts[path], before, after)
	}
	replace := map[string]string{}
	for path, text := range texts {
		replace[path] = filepath.Join(dir, strings.ReplaceAll(strings.TrimPrefix(path, root), string(filepath.Separator), "_"))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			t.Fatalf("write what is broken: %v", err)
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatalf("list what is broken: %v", err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, list, 0o600); err != nil {
		t.Fatalf("list what is broken: %v", err)
	}
	return path
}
