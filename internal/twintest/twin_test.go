package twintest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"sigportal/internal/replica"
)

// The observers, by the hat in which they look.
var observers = map[string]string{"omid": "guardian", "amir": "youth"}

// looks plays the story, with secrets or without, and gives everything that
// the observer got.
func looks(t *testing.T, b build, persona string, kept ...secret) []exchange {
	t.Helper()
	w := newWorld(t, b)
	w.happens(kept...)
	o := w.observer(persona, observers[persona])
	o.crawl()
	w.step()
	o.api()
	w.step()
	o.takesBack()
	o.reads()
	return masked(o.wrote)
}

// Nonces are what differs between two portals that are equal: identifiers,
// hashes, references and what is sealed anew each time, instants, and where in
// the ledger a receipt stands. An identifier becomes the number of its first
// appearance, so that which one stands where, and in which order, still counts;
// of what is sealed, and of a receipt's file, the length counts.
var (
	nonces  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){1,2}\b`)
	instant = regexp.MustCompile(`/live\?at=\d+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`)
	second  = regexp.MustCompile(`\b(\d\d[:.]\d\d):\d\d\b`) // the minute counts
	sealed  = regexp.MustCompile(`[\w-]{65,}`)
	proofs  = regexp.MustCompile(`(?s)c2sp\.org/tlog-proof@v1\n.*`)
)

func masked(wrote []exchange) []exchange {
	number := map[string]string{}
	mask := func(text string) string {
		return nonces.ReplaceAllStringFunc(text, func(nonce string) string {
			if number[nonce] == "" {
				number[nonce] = fmt.Sprintf("(%d)", len(number)+1)
			}
			return number[nonce]
		})
	}
	out := make([]exchange, len(wrote))
	for i, x := range wrote {
		body := proofs.ReplaceAllStringFunc(x.Body, func(file string) string {
			return fmt.Sprintf("a receipt of %d blocks and %d bytes", (len(file)+3)/4096, (len(file)+3)%4096/4*4)
		})
		body = second.ReplaceAllString(instant.ReplaceAllString(body, "NOW"), "$1")
		body = sealed.ReplaceAllStringFunc(body, func(text string) string { return fmt.Sprintf("(sealed in %d)", len(text)) })
		out[i] = exchange{mask(sealed.ReplaceAllString(x.What, "(sealed)")), x.Status, mask(x.Header), mask(body)}
	}
	return out
}

// difference is what an observer could tell two portals by, the first few of it.
func difference(without, with []exchange) string {
	var told []string
	for i := range min(len(without), len(with)) {
		if a, b := without[i], with[i]; a != b && len(told) < 5 {
			a.Body, b.Body = a.Header+"\n"+a.Body, b.Header+"\n"+b.Body
			told = append(told, fmt.Sprintf("%s: %d\n%s\n%s: %d\n%s", a.What, a.Status, apart(a.Body, b.Body), b.What, b.Status, apart(b.Body, a.Body)))
		}
	}
	if len(with) != len(without) {
		told = append(told, fmt.Sprintf("there are %d answers instead of %d", len(with), len(without)))
	}
	return strings.Join(told, "\n")
}

// apart lists the lines of a text that the other has not.
func apart(text, other string) string {
	lines := map[string]bool{}
	for line := range strings.SplitSeq(other, "\n") {
		lines[line] = true
	}
	var only []string
	for line := range strings.SplitSeq(text, "\n") {
		if !lines[line] && len(only) < 8 {
			only = append(only, "    "+line)
		}
	}
	return strings.Join(only, "\n")
}

// TestTwinWorlds: no secret of one portal shows to a guardian or to the young
// person, in any page, file, mail, header, count, order or size. All secrets are
// kept at once; where something shows, each is tried on its own to name it.
func TestTwinWorlds(t *testing.T) {
	whole := build{program: replica.Build(t)}
	for persona := range observers {
		t.Run(persona, func(t *testing.T) {
			t.Parallel()
			without := looks(t, whole, persona)
			t.Logf("%s looked at %d pages, files and mails", persona, len(without))
			if difference(without, looks(t, whole, persona, secrets...)) == "" {
				return
			}
			for _, s := range secrets {
				if told := difference(without, looks(t, whole, persona, s)); told != "" {
					t.Errorf("%s can tell %s:\n%s", persona, s.name, told)
				}
			}
		})
	}
}
