package picture

import (
	"strings"
	"testing"

	"sigportal/internal/words"
)

// The bar says by its widths what the sentence says in words: done is filled,
// what is stopped is no part of the bar, and a plan without commitments has none.
func TestTheProgressBarSaysWhatTheSentenceSays(t *testing.T) {
	t.Parallel()
	sv := words.For("sv")
	p := Progress(sv, 3, 2, 1)
	drawn := string(p.Wide.HTML())
	for _, part := range []string{`class="p-bar" x="1" y="1" width="149"`, `class="p-track" x="1" y="1" width="248.3"`, `class="p-line" x1="249.3"`} {
		if !strings.Contains(drawn, part) {
			t.Errorf("three done, two left, one stopped: no %s in %s", part, drawn)
		}
	}
	if want := "Åtaganden: gjorda 3, kvar 2, stoppade 1."; p.Twin[0] != want || !strings.Contains(drawn, "<title>"+want) {
		t.Errorf("in words: %q", p.Twin)
	}
	if drawn := string(Progress(sv, 4, 0, 0).Wide.HTML()); strings.Contains(drawn, "p-line") || !strings.Contains(drawn, `class="p-bar" x="1" y="1" width="298"`) {
		t.Errorf("all done: %s", drawn)
	}
	if none := Progress(sv, 0, 0, 0); !none.Wide.IsZero() {
		t.Error("a bar is drawn of nothing")
	}
}

// The bar of changes is drawn as the sentence says.
func TestTheBarOfChangesSaysWhatTheSentenceSays(t *testing.T) {
	t.Parallel()
	p := Changed(words.For("sv"), 3, 2, 1)
	drawn := string(p.Wide.HTML())
	if want := "Texter: kvar 3, nya 2, borttagna 1."; p.Twin[0] != want || !strings.Contains(drawn, "<title>"+want) || !strings.Contains(drawn, `class="p-bar" x="1" y="1" width="149"`) {
		t.Errorf("in words: %q, drawn %s", p.Twin, drawn)
	}
}
