package sig_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sigportal/internal/sig"
)

func day(t interface{ Fatal(...any) }, s string) sig.Date {
	d, err := sig.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestYearsEndOnTheSameDayOrTheMonthsLast(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from  string
		years int
		want  string
	}{
		{"2027-04-30", 5, "2032-04-30"},
		{"2028-02-29", 5, "2033-02-28"}, // time.AddDate says 1 March
		{"2028-02-29", 4, "2032-02-29"},
		{"2008-02-29", 18, "2026-02-28"},
		{"2096-02-29", 4, "2100-02-28"}, // 2100 is a common year
	} {
		if got := day(t, tc.from).AddYearsLegal(tc.years).String(); got != tc.want {
			t.Errorf("%s + %d years: %s, want %s", tc.from, tc.years, got, tc.want)
		}
	}
}

func TestAgeTurnsOnTheDay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		who, born, on string
		want          int
	}{
		{"Amir the day before", "2011-03-15", "2026-03-14", 14},
		{"Amir on the day", "2011-03-15", "2026-03-15", 15},
		{"Lina the day before", "2009-01-20", "2027-01-19", 17},
		{"Lina on the day", "2009-01-20", "2027-01-20", 18},
		{"Kim in December", "2014-06-05", "2026-12-01", 12},
		{"Nova, born on a leap day, the day before", "2008-02-29", "2026-02-27", 17},
		{"Nova is an adult from the 28th", "2008-02-29", "2026-02-28", 18},
		{"Nova in a leap year waits for the 29th", "2008-02-29", "2028-02-28", 19},
	} {
		if got := day(t, tc.born).Age(day(t, tc.on)); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.who, got, tc.want)
		}
	}
}

func TestAgeAndYearsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := sig.Date{Year: 1990, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 12_000).Draw(t, "born"))
		years := rapid.IntRange(0, 40).Draw(t, "years")
		turns := born.AddYearsLegal(years)
		if got := born.Age(turns); got != years {
			t.Fatalf("born %v is %d on %v, want %d", born, got, turns, years)
		}
		if got := born.Age(turns.AddDays(-1)); got != years-1 {
			t.Fatalf("born %v is %d the day before %v, want %d", born, got, turns, years-1)
		}
	})
}

func TestADayEndsAtMidnightInStockholm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ date, end string }{
		{"2027-05-31", "2027-05-31T22:00:00Z"}, // summer time
		{"2027-01-19", "2027-01-19T23:00:00Z"},
		{"2027-03-28", "2027-03-28T22:00:00Z"}, // the day has 23 hours
		{"2027-10-31", "2027-10-31T23:00:00Z"}, // the day has 25 hours
	} {
		d := day(t, tc.date)
		if got := d.End().UTC().Format(time.RFC3339); got != tc.end {
			t.Errorf("%s ends %s, want %s", tc.date, got, tc.end)
		}
		if got := sig.DateOf(d.End().Add(-time.Nanosecond)); got != d {
			t.Errorf("just before its end %s is %s", d, got)
		}
		if got := sig.DateOf(d.End()); got == d {
			t.Errorf("at its end it is still %s", d)
		}
	}
}

func TestOnlyWholeDatesAreRead(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2027-2-1", "2027-02-30", "2027-02-29", "20270201", "2027-02-01T00:00", " 2027-02-01", "0000-00-00"} {
		if d, err := sig.ParseDate(s); err == nil {
			t.Errorf("%q was read as %v", s, d)
		}
	}
}
