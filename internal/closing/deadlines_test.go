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

// TestReminders: thirty, fourteen and three days before the last day, none after (T23).
func TestReminders(t *testing.T) {
	t.Parallel()
	ends := at(t, "2027-06-01 00:00")
	for now, want := range map[string]string{
		"2027-01-01 00:00": "2027-05-01 00:00",
		"2027-05-01 00:00": "2027-05-17 00:00",
		"2027-05-20 12:00": "2027-05-28 00:00",
	} {
		if got := closing.NextReminder(ends, at(t, now)); !got.Equal(at(t, want)) {
			t.Errorf("after %s the next reminder is %s, want %s", now, got, want)
		}
	}
	if got := closing.NextReminder(ends, at(t, "2027-05-28 00:00")); !got.IsZero() {
		t.Errorf("a fourth reminder at %s", got)
	}
}

// TestRemindersOverTheNightsWhenClocksChange: each comes at the wall-clock time
// of the end, to the microsecond, whether the night between has 23 hours or 25;
// one in the hour that is left out comes the same night, and none is skipped.
func TestRemindersOverTheNightsWhenClocksChange(t *testing.T) {
	t.Parallel()
	for ends, want := range map[string][]string{
		"2027-04-10 00:00": {"2027-03-10 00:00", "2027-03-26 00:00", "2027-04-06 00:00"}, // spring: 28 March has 23 hours
		"2026-11-10 00:00": {"2026-10-10 00:00", "2026-10-26 00:00", "2026-11-06 00:00"}, // autumn: 25 October has 25
		"2027-04-01 00:00": {"2027-03-01 00:00", "2027-03-17 00:00", "2027-03-28 00:00"}, // on the night itself
		"2026-11-08 15:30": {"2026-10-09 15:30", "2026-10-25 15:30", "2026-11-05 15:30"},
	} {
		now := at(t, "2026-01-01 00:00")
		for _, one := range want {
			due := at(t, one)
			if got := closing.NextReminder(at(t, ends), now); !got.Equal(due) {
				t.Errorf("before an end at %s, after %s: %s, want %s", ends, now, got, one)
			}
			if got := closing.NextReminder(at(t, ends), due.Add(-time.Microsecond)); !got.Equal(due) {
				t.Errorf("a microsecond before %s the next is %s", one, got)
			}
			now = due
		}
		if got := closing.NextReminder(at(t, ends), now); !got.IsZero() {
			t.Errorf("before an end at %s a fourth reminder at %s", ends, got)
		}
	}
	missing := closing.NextReminder(at(t, "2027-04-11 02:30"), at(t, "2027-03-27 23:00"))
	if from, to := at(t, "2027-03-28 01:00"), at(t, "2027-03-28 04:00"); missing.Before(from) || missing.After(to) {
		t.Errorf("the reminder in the hour that is left out comes at %s", missing)
	}
}
