package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "sigportal"

type pkg struct {
	ImportPath string
	Dir        string
	Doc        string
	Imports    []string
	GoFiles    []string
}

// packages reads the module as the compiler sees it; imports of tests are left
// out, since tests look from outside.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Doc,Imports,GoFiles", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// place is a package's name in the table: internal/ goes without saying.
func place(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module+"/"), "internal/")
}

func TestImportsGoInwards(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := place(p.ImportPath)
		row, ok := rings[name]
		if !ok {
			t.Errorf("%s has no row in rings_test.go: say which ring it is in", name)
			continue
		}
		for _, imported := range p.Imports {
			if complaint := judge(name, row, imported); complaint != "" {
				t.Errorf("%s imports %s: %s", name, imported, complaint)
			}
		}
	}
}

// judge says what is wrong with one import, or nothing.
func judge(name string, r row, imported string) string {
	if strings.HasPrefix(imported, module+"/") {
		return judgeOurs(name, r, place(imported))
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		if slices.Contains(pure, name) && slices.Contains(impure, imported) {
			return "a pure package does no input or output"
		}
		return ""
	}
	if r.ring == ringTests && slices.Contains(r.others, "*") {
		return ""
	}
	for _, other := range r.others {
		if imported == other || strings.HasPrefix(imported, other+"/") {
			return ""
		}
	}
	return "its row does not name that module"
}

func judgeOurs(name string, r row, target string) string {
	to, ok := rings[target]
	switch {
	case !ok:
		return "that package has no row"
	case to.ring == ringTests && r.ring != ringTests && (name != "cmd/demo" || !slices.Contains(demoOnly, target)):
		return "the product links nothing of tests and demo"
	case to.ring >= r.ring && r.ring != ringTests && to.ring != ringTests:
		return "that ring is not inside its own"
	case slices.Contains(r.ours, "*") || slices.Contains(r.ours, target):
		return ""
	default:
		return "its row does not name that package"
	}
}

// TestTheRulesBite tries the judge itself with imports that must never pass.
func TestTheRulesBite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to string }{
		{"httpd", "sigportal/internal/postgres"},
		{"httpd", "sigportal/internal/policy"},
		{"api", "sigportal/internal/postgres"},
		{"policy", "os"},
		{"policy", "sigportal/internal/postgres"},
		{"sig", "sigportal/internal/fault"},
		{"sharing", "sigportal/internal/consenting"},
		{"sharing", "github.com/jackc/pgx/v5"},
		{"cmd/sigportal", "sigportal/internal/localpg"},
		{"cmd/sigportal", "sigportal/internal/devidp"},
		{"portal", "sigportal/internal/dbtest"},
		{"postgres", "sigportal/internal/seal"},
		{"config", "github.com/caarlos0/env/v110"},
	} {
		if judge(c.from, rings[c.from], c.to) == "" {
			t.Errorf("%s may import %s", c.from, c.to)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if strings.HasPrefix(p.ImportPath, module+"/internal/") && !slices.Contains(p.GoFiles, "doc.go") &&
			!strings.Contains(p.ImportPath, "/tools/") {
			t.Errorf("%s has no doc.go", p.ImportPath)
		}
	}
}

// mapRow is a row of README's package map: | `internal/x` | what for |.
var mapRow = regexp.MustCompile("(?m)^\\| `(internal/[^`]+)` \\| (.+) \\|$")

func TestReadmeMapsEveryPackage(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	mapped := map[string]bool{}
	for _, match := range mapRow.FindAllStringSubmatch(string(readme), -1) {
		mapped[match[1]] = true
	}
	for _, p := range packages(t) {
		path, inside := strings.CutPrefix(p.ImportPath, module+"/")
		if !inside || !strings.HasPrefix(path, "internal/") {
			continue
		}
		if !mapped[path] {
			t.Errorf("README's package map does not name %s", path)
		}
		delete(mapped, path)
	}
	for _, path := range slices.Sorted(maps.Keys(mapped)) {
		t.Errorf("README's package map names %s, which does not exist", path)
	}
}

// TestTheTopLevelIsWhatTheCustomerAskedFor keeps the root short.
func TestTheTopLevelIsWhatTheCustomerAskedFor(t *testing.T) {
	t.Parallel()
	wanted := []string{
		".ci", ".gitignore", ".golangci.yml", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
		"cmd", "deploy", "go.mod", "go.sum", "internal", "migrations", "web",
	}
	out, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files").Output()
	if err != nil {
		entries, readErr := filepath.Glob("../../*") // an unpacked archive has no git
		if readErr != nil {
			t.Fatal(readErr)
		}
		for i := range entries {
			entries[i] = filepath.Base(entries[i])
		}
		out = []byte(strings.Join(entries, "\n"))
	}
	for line := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		if !slices.Contains(wanted, top) {
			t.Errorf("%s does not belong at the top level", top)
		}
	}
}
