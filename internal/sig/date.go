package sig

import (
	"database/sql/driver"
	"fmt"
	"time"
	_ "time/tzdata" // the product runs where no time zones are installed
)

// Stockholm is the time zone in which days begin and end: a date-only end
// means 24:00 there.
var Stockholm = mustLocation("Europe/Stockholm")

func mustLocation(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // cannot happen: the zones are linked in
	}
	return loc
}

// Date is a calendar day without a time zone. The zero Date means "none".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day in Stockholm at an instant.
func DateOf(at time.Time) Date {
	y, m, d := at.In(Stockholm).Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("not a date")
	}
	y, m, d := t.Date()
	return Date{y, m, d}, nil
}

// Valid reports whether the calendar has the day.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && d.Month >= 1 && d.Month <= 12 &&
		d.Day >= 1 && d.Day <= lastDay(d.Year, d.Month)
}

func lastDay(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// IsZero reports whether the date is none.
func (d Date) IsZero() bool { return d == Date{} }

// String is the date as YYYY-MM-DD, and nothing for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Compare orders dates: negative, zero or positive as d lies before, on or
// after e.
func (d Date) Compare(e Date) int { return d.number() - e.number() }

func (d Date) number() int { return (d.Year*16+int(d.Month))*32 + d.Day }

// Start is the instant at which the day begins in Stockholm.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Stockholm)
}

// End is the instant at which the day is over in Stockholm: the start of the
// next, so that windows stay half-open.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// AddDays is the day n days later.
func (d Date) AddDays(n int) Date {
	y, m, day := time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, day}
}

// AddYearsLegal counts years as the law does (lag 1930:173): to the day with
// the same number, and to the month's last where that day does not exist.
// time.AddDate would give 1 March for the 29th of February.
func (d Date) AddYearsLegal(n int) Date {
	year := d.Year + n
	return Date{year, d.Month, min(d.Day, lastDay(year, d.Month))}
}

// Age is how many years somebody born on the day has turned on another. Whom
// the 29th of February bore turns a year older on the 28th in common years;
// that this holds for ages is a reading (Q7), kept in this one place.
func (d Date) Age(on Date) int {
	years := on.Year - d.Year
	if d.AddYearsLegal(years).Compare(on) > 0 {
		years--
	}
	return years
}

// Value hands the date to the database; none becomes NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil //nolint:nilnil // this is how database/sql says NULL
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC), nil
}

// Scan takes a date from the database; NULL becomes none.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		year, month, day := v.Date()
		*d = Date{year, month, day}
	default:
		return fmt.Errorf("a date cannot be read from %T", src)
	}
	return nil
}
