package localpg

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// binaryPatterns are the folders where packagers put PostgreSQL's server
// programs, which are often not on PATH.
var binaryPatterns = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// oldest is the oldest major version with everything that the migrations use.
const oldest = 15

// Binaries finds the folder that holds initdb and postgres: the one on PATH,
// the one that pg_config names, or the newest of the usual places. Its error
// is the sentence to show to whoever has no PostgreSQL.
func Binaries(ctx context.Context) (string, error) {
	var folders []string
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	folders = append(folders, usualPlaces()...)
	for _, folder := range folders {
		if major(ctx, folder) >= oldest {
			return folder, nil
		}
	}
	return "", errors.New("PostgreSQL 15 or newer was not found on this machine; install it with: " + installLine())
}

// usualPlaces lists what the patterns match, newest version first.
func usualPlaces() []string {
	var found []string
	for _, pattern := range binaryPatterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue // only a malformed pattern errs, and the tests run them all
		}
		slices.Reverse(matches)
		found = append(found, matches...)
	}
	return found
}

// major is the major version of the postgres in a folder, 0 when there is none.
func major(ctx context.Context, folder string) int {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return 0
	}
	out, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output() //nolint:gosec // a folder of server programs found above
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(out)) // postgres (PostgreSQL) 15.14 (Debian …)
	if len(fields) < 3 {
		return 0
	}
	number, _, _ := strings.Cut(fields[2], ".")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0 // a beta
	}
	return n
}

func installLine() string {
	if runtime.GOOS == "darwin" {
		return "brew install postgresql@17"
	}
	return "sudo apt-get install -y postgresql"
}
