package main

import (
	"strings"
	"testing"
)

func TestTheLastLineCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, in string
		code     int
		shows    []string
	}{
		{
			"two tests pass",
			`{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"B"}
{"Action":"pass","Package":"p","Elapsed":1}`,
			0,
			[]string{"2 passed, 0 failed"},
		},
		{
			"one fails and its words are shown",
			`{"Action":"output","Package":"p","Test":"A","Output":"the reason\n"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`,
			1,
			[]string{"the reason", "0 passed, 1 failed"},
		},
		{"a skipped test counts as failed", `{"Action":"skip","Package":"p","Test":"A"}`, 1, []string{"p A", "0 passed, 1 failed"}},
		{"a package without tests is nothing", `{"Action":"skip","Package":"p"}`, 1, []string{"no test has run"}},
		{
			"a package that does not build",
			`{"Action":"build-output","ImportPath":"p","Output":"p.go:1: no\n"}
{"Action":"pass","Package":"q","Test":"A"}
{"Action":"fail","Package":"p"}`,
			1,
			[]string{"p.go:1: no", "1 passed, 1 failed"},
		},
		{
			"a test that hangs until the deadline",
			`{"Action":"output","Package":"p","Test":"A","Output":"waiting\n"}
{"Action":"output","Package":"p","Output":"panic: test timed out\n"}
{"Action":"fail","Package":"p"}`,
			1,
			[]string{"never ended: p A", "waiting", "timed out", "0 passed, 1 failed"},
		},
		{"words of the go command itself", "go: no such module", 1, []string{"go: no such module", "0 passed, 1 failed"}},
	} {
		var out strings.Builder
		if code := run(strings.NewReader(c.in), &out); code != c.code {
			t.Errorf("%s: exit code %d, want %d", c.what, code, c.code)
		}
		for _, want := range c.shows {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q does not show %q", c.what, out.String(), want)
			}
		}
	}
}
