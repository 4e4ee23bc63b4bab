package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/localpg"
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

// The clock never goes back, so a year with a slip in it may not end the city.
func TestTheClockGoesNoFartherThanTenYears(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	own, err := db.Super().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Release()
	clock, err := localpg.InstallClock(t.Context(), own.Conn())
	if err != nil {
		t.Fatal(err)
	}
	page := &clockPage{clock: clock}
	post := func(name, value string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{name: {value}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		page.ServeHTTP(w, r)
		return w
	}
	day := func(years int) string { return time.Now().AddDate(years, 0, 1).Format("2006-01-02T15:04:05") }
	before := db.Now(t)
	for _, c := range [][3]string{
		{"to", "9999-01-01T00:00:00", "högst 10 år"}, {"to", day(10), "högst 10 år"}, {"by", "2000000h", "högst 10 år"},
		{"to", "2020-01-01T00:00", "bara framåt"}, {"by", "-1h", "bara framåt"}, {"by", "x", "bara framåt"}, {"to", "i morgon", "Skriv tiden"},
	} {
		if got := post(c[0], c[1]); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), c[2]) || !strings.Contains(got.Body.String(), "<form") {
			t.Errorf("%s=%s: %d, %s", c[0], c[1], got.Code, got.Body)
		}
	}
	if moved := db.Now(t).Sub(before); moved > time.Hour {
		t.Fatalf("a refused move moved the clock by %s", moved)
	}
	for _, c := range [][2]string{{"to", day(9)}, {"by", "24h"}} {
		if got := post(c[0], c[1]); got.Code != http.StatusSeeOther {
			t.Errorf("%s=%s: %d, %s", c[0], c[1], got.Code, got.Body)
		}
	}
	if got := post("by", "8784h"); got.Code != http.StatusBadRequest {
		t.Errorf("two steps reach farther than one: %d", got.Code)
	}
	if years := db.Now(t).Sub(before).Hours() / 24 / 365; years < 9 || years > 10 {
		t.Errorf("the clock stands %.1f years ahead", years)
	}
}
