package sample_test

import (
	"bytes"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
)

// The whole city can be played through the services, and a second time changes
// nothing.
func TestTheCityFillsItself(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	town := sample.NewTown(db.App(), sealer)
	count := func(query string) (n int) {
		t.Helper()
		if err := db.Super().QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		if err := town.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(`select count(*) from sig.intervention where state = 'active'`); n != 2 {
			t.Errorf("interventions in force: %d, want Amir's and Maja's", n)
		}
		if n := count(`select count(*) from sig.consent where state = 'partially_signed'`); n != 1 {
			t.Errorf("consents that wait for a signature: %d, want Lina's", n)
		}
		if n := count(`select count(*) from sig.received`); n != 4 {
			t.Errorf("copies: %d, want 4", n)
		}
	}
}
