package directory_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sigportal/internal/directory"
)

var wanted = regexp.MustCompile(`(?m)^# want (\d+): (.*)$`)

// Each file under testdata/refused says at its head what is wrong with it, line
// by line; everything is found in one reading, and nothing else.
func TestARefusedFileNamesEachLine(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/refused/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("the refused files are not there: %v, %v", files, err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, m := range wanted.FindAllStringSubmatch(string(text), -1) {
				want = append(want, fmt.Sprintf("%s:%s: %s", name, m[1], m[2]))
			}
			_, err = directory.Read(name, strings.NewReader(string(text)))
			problems, ok := errors.AsType[directory.Problems](err)
			if !ok || len(want) == 0 {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(strings.Join(want, "\n"), problems.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoDirectoryFileIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":        "",
		"only a word":  "hello",
		"null":         "---\n",
		"broken":       "authorities: [",
		"binary":       "\x00\x01\x02",
		"far too long": strings.Repeat("# nothing\n", 900_000),
	} {
		if f, err := directory.Read(name, strings.NewReader(text)); err == nil {
			t.Errorf("%s was read as %+v", name, f)
		}
	}
}

// A slip of the pen must not keep somebody in office: what the file says
// beyond what is known is refused, never ignored.
func FuzzReadNeverPanics(f *testing.F) {
	f.Add("authorities: [{id: a, kind: police, name: A}]")
	f.Add("districts: &a [*a]")
	f.Add("? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := directory.Read("fuzz.yaml", strings.NewReader(text))
		if (file == nil || len(file.Directory.Authorities) == 0) && err == nil && !strings.Contains(text, "authorities") {
			t.Errorf("a file without authorities was taken: %q", text)
		}
	})
}
