package sig_test

import (
	"testing"
	"time"

	"sigportal/internal/sig"
)

// TestOralWalksLegalEdges tries every step from every state.
func TestOralWalksLegalEdges(t *testing.T) {
	legal := map[[2]sig.OralState]bool{
		{sig.OralRecorded, sig.OralConfirmed}: true, {sig.OralRecorded, sig.OralDropped}: true,
		{sig.OralConfirmed, sig.OralWritten}: true, {sig.OralConfirmed, sig.OralEnded}: true,
	}
	for _, from := range sig.OralStates() {
		for _, to := range sig.OralStates() {
			if got := from.CanBecome(to); got != legal[[2]sig.OralState{from, to}] {
				t.Errorf("%s to %s: %v", from, to, got)
			}
		}
	}
}

// TestWrittenBy: fourteen days are the same minute of the clock, over the night
// on which summer time ends and the one on which it begins.
func TestWrittenBy(t *testing.T) {
	for heard, want := range map[string]string{
		"2026-12-05T10:00:00+01:00": "2026-12-19T10:00:00+01:00",
		"2026-10-20T10:00:00+02:00": "2026-11-03T10:00:00+01:00",
		"2027-03-20T10:00:00+01:00": "2027-04-03T10:00:00+02:00",
		"2027-12-31T23:59:59+01:00": "2028-01-14T23:59:59+01:00",
	} {
		at, err := time.Parse(time.RFC3339, heard)
		if err != nil {
			t.Fatal(err)
		}
		if got := sig.WrittenBy(at).Format(time.RFC3339); got != want {
			t.Errorf("said %s: written by %s, want %s", heard, got, want)
		}
	}
}

// TestRelativesDoNotInterpret: any word of a name in the family, however it is
// written; numbers and strangers may.
func TestRelativesDoNotInterpret(t *testing.T) {
	family := []string{"Amir Rahimi", "Sara Rahimi", "Åsa Öberg-Müller"}
	for id, relative := range map[string]string{
		"4711": "", "TOLK 4711": "", "Hodan Warsame": "", "A. Warsame": "", "": "", "Sarah Warsame": "",
		"Sara Rahimi": "Amir Rahimi", "rahimi, hodan": "Amir Rahimi", "SARA": "Sara Rahimi", "Asa": "Åsa Öberg-Müller", "muller": "Åsa Öberg-Müller",
	} {
		if got := (sig.Interpreter{ID: id}).Relative(family); got != relative {
			t.Errorf("%q: like %q, want %q", id, got, relative)
		}
	}
}
