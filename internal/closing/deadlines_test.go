package closing_test

import (
	"testing"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/sig"
)

func at(t *testing.T, value string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", value, sig.Stockholm)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// TestNextWorkingDay skips weekends, Swedish holidays and the eves on which
// boards are closed, and counts days as Stockholm does.
func TestNextWorkingDay(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"2027-02-10 09:12": "2027-02-11", // a Wednesday
		"2027-02-12 23:59": "2027-02-15", // a Friday
		"2026-12-23 10:00": "2026-12-28", // Christmas
		"2026-12-30 10:00": "2027-01-04", // New Year's Eve, New Year, weekend
		"2027-01-05 10:00": "2027-01-07", // Epiphany
		"2027-03-25 10:00": "2027-03-30", // Easter
		"2027-05-05 10:00": "2027-05-07", // Ascension Day
		"2027-06-24 10:00": "2027-06-28", // Midsummer's Eve
		"2027-07-01 00:30": "2027-07-02", // still 30 June in UTC
	} {
		if got := closing.NextWorkingDay(at(t, from)).String(); got != want {
			t.Errorf("the working day after %s is %s, want %s", from, got, want)
		}
	}
}

// TestReminders: thirty, fourteen and three days before, none after.
func TestReminders(t *testing.T) {
	t.Parallel()
	ends := at(t, "2027-06-01 00:00")
	for now, want := range map[string]string{
		"2027-01-01 00:00": "2027-05-02 00:00",
		"2027-05-02 00:00": "2027-05-18 00:00",
		"2027-05-20 12:00": "2027-05-29 00:00",
	} {
		if got := closing.NextReminder(ends, at(t, now)); !got.Equal(at(t, want)) {
			t.Errorf("after %s the next reminder is %s, want %s", now, got, want)
		}
	}
	if got := closing.NextReminder(ends, at(t, "2027-05-29 00:00")); !got.IsZero() {
		t.Errorf("a fourth reminder at %s", got)
	}
}
