package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/sample"
)

// sigportal runs one command as the operator would and gives its exit code and
// what it wrote.
func sigportal(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, wrong bytes.Buffer
	code = run(t.Context(), args, &out, &wrong)
	return code, out.String(), wrong.String()
}

func cityFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "city.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheDirectoryIsImportedOnlyWhenAskedTo(t *testing.T) {
	d := dbtest.New(t)
	t.Setenv("SIG_OWNER_DATABASE_URL", d.URL("sig_owner"))
	path := cityFile(t, string(sample.FileText()))
	units := func() (n int) {
		t.Helper()
		if err := d.Super().QueryRow(t.Context(), `select count(*) from sig.unit`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	code, out, wrong := sigportal(t, "directory", "import", path)
	if code != exitDone || units() != 0 || !strings.Contains(out, "this was a dry run") ||
		!strings.Contains(out, "added    unit farsta-falt: Fältgruppen, Farsta in branch farsta-ifo of farsta-sdn\n") {
		t.Fatalf("dry run: code %d, %d units written\n%s%s", code, units(), out, wrong)
	}
	if code, out, wrong = sigportal(t, "directory", "import", "-dry-run=false", "-by", "A. Operator", path); code != exitDone || units() == 0 {
		t.Fatalf("import: code %d, %d units\n%s%s", code, units(), out, wrong)
	}
	if code, out, wrong = sigportal(t, "directory", "import", "-dry-run=false", path); code != exitDone || out != "nothing changes\n" {
		t.Errorf("again: code %d\n%s%s", code, out, wrong)
	}
	var by string
	if err := d.Super().QueryRow(t.Context(), `select by from sig.directory_import`).Scan(&by); err != nil || by != "A. Operator" {
		t.Errorf("recorded as run by %q (%v)", by, err)
	}
}

func TestARefusedFileIsNamedWithItsLine(t *testing.T) {
	d := dbtest.New(t)
	t.Setenv("SIG_OWNER_DATABASE_URL", d.URL("sig_owner"))
	path := cityFile(t, strings.Replace(string(sample.FileText()), "districts: [farsta]", "districts: [solna]", 1))
	code, out, wrong := sigportal(t, "directory", "import", "-dry-run=false", path)
	if code != exitFailed || out != "" || !strings.Contains(wrong, "\ncity.yaml:15: authority farsta-sdn: district solna is not in the file\n") {
		t.Errorf("code %d\n%s%s", code, out, wrong)
	}
	for _, args := range [][]string{{"directory"}, {"directory", "export", path}, {"directory", "import"}, {"directory", "import", "-force", path}} {
		if code, _, wrong := sigportal(t, args...); code != exitUsage || !strings.Contains(wrong, "usage: sigportal directory import") {
			t.Errorf("%v: code %d\n%s", args, code, wrong)
		}
	}
	if code, _, wrong := sigportal(t, "directory", "import", filepath.Join(t.TempDir(), "none.yaml")); code != exitFailed || !strings.Contains(wrong, "no such file") {
		t.Errorf("a file that is not there: code %d\n%s", code, wrong)
	}
}
