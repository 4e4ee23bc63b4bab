package config_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"sigportal/internal/config"
)

var write = flag.Bool("write", false, "write README's table of variables instead of comparing it")

func variablesTable() string {
	var table strings.Builder
	for _, v := range config.Variables() {
		notes := v.Default
		switch {
		case v.Required:
			notes = "required"
		case notes != "":
			notes = "`" + notes + "`"
		}
		name := "`" + v.Name + "`"
		if v.Secret {
			name += " (secret)"
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", name, v.Help, notes)
	}
	return table.String()
}

var tableRows = regexp.MustCompile("(?m)(^VARIABLES\n|^(\\| `SIG_[^\n]*\n)+)")

// TestReadmeAndExampleNameEveryVariable holds what operators read to the
// struct. Run it with -args -write after a change.
func TestReadmeAndExampleNameEveryVariable(t *testing.T) {
	t.Parallel()
	const path = "../../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if *write {
		updated := tableRows.ReplaceAllLiteralString(string(readme), variablesTable())
		if err := os.WriteFile(path, []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !strings.Contains(string(readme), variablesTable()) {
		t.Errorf("README's table of variables is not\n%s\nrun: go test ./internal/config -args -write", variablesTable())
	}
	example, err := os.ReadFile("../../deploy/sigportal.env")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range config.Variables() {
		if !regexp.MustCompile(`(?m)^#?` + v.Name + `(_FILE)?=`).Match(example) {
			t.Errorf("deploy/sigportal.env does not name %s", v.Name)
		}
	}
	named := regexp.MustCompile(`(?m)^#?(SIG_[A-Z_]+?)(_FILE)?=`).FindAllStringSubmatch(string(example), -1)
	for _, match := range named {
		if !strings.Contains(variablesTable(), "`"+match[1]+"`") {
			t.Errorf("deploy/sigportal.env names %s, which nothing reads", match[1])
		}
	}
}
