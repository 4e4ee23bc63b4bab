package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A city that was interrupted half-way starts over, a whole one goes on.
func TestOnlyAWholeCityGoesOn(t *testing.T) {
	t.Parallel()
	at := newPlaces(filepath.Join(t.TempDir(), ".demo"), 0)
	left := filepath.Join(at.database(), "left")
	prepare := func(fresh bool) {
		t.Helper()
		if err := prepareFolder(t.Context(), at, fresh); err != nil {
			t.Fatal(err)
		}
	}
	leave := func() {
		t.Helper()
		if err := os.MkdirAll(at.database(), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{left, at.secrets()} {
			if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	prepare(false)
	if !exists(at.unfinished()) {
		t.Error("a new city is not marked as unfinished")
	}
	leave()
	prepare(false)
	if exists(left) || exists(at.secrets()) || !exists(at.unfinished()) {
		t.Error("an unfinished city goes on")
	}
	leave()
	if err := remove(at.unfinished()); err != nil {
		t.Fatal(err)
	}
	prepare(false)
	if !exists(left) || !exists(at.secrets()) || exists(at.unfinished()) {
		t.Error("a whole city does not go on")
	}
	prepare(true)
	if exists(left) || exists(at.secrets()) || !exists(at.unfinished()) {
		t.Error("FRESH=1 leaves something of the city before")
	}
}
