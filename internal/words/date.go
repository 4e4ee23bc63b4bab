package words

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // Europe/Stockholm must be known in an otherwise empty image
)

// stockholm is where every date of the portal is read.
var stockholm = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(fmt.Errorf("load the compiled-in time zones: %w", err))
	}
	return loc
})

// Date writes a day in words: "3 december 2026", by the calendar that Sweden has
// and with the digits 0–9 in every language.
func (l *Language) Date(t time.Time) string {
	t = t.In(stockholm())
	return fmt.Sprintf("%d%s%s %d", t.Day(), l.day, l.Month(t.Month()), t.Year())
}

// DayMonth writes a day without its year, for lists where the year is plain.
func (l *Language) DayMonth(t time.Time) string {
	t = t.In(stockholm())
	return fmt.Sprintf("%d%s%s", t.Day(), l.day, l.Month(t.Month()))
}

// Month is a month's name.
func (l *Language) Month(m time.Month) string { return l.months[m-1] }

// MonthShort is a month's name for pictures: "dec.", "Dec", "joulu"; where no
// short names are in use, the whole name stands.
func (l *Language) MonthShort(m time.Month) string {
	if l.short == nil {
		return l.Month(m)
	}
	return l.short(l.Month(m))
}

// Clock writes a time of day: "14.32" in Swedish and Finnish, "14:32" elsewhere.
func (l *Language) Clock(t time.Time) string {
	if l.dot {
		return t.In(stockholm()).Format("15.04")
	}
	return t.In(stockholm()).Format("15:04")
}

// DateTime writes day and time of day: "3 december 2026 kl. 14.32".
func (l *Language) DateTime(t time.Time) string { return l.Date(t) + l.clock + l.Clock(t) }

// Until writes where a half-open window ends, as people read it: an end at
// midnight in Stockholm is shown as the day before, which is the last day; any
// other end is shown with its time of day. A zero end gives no text.
func (l *Language) Until(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	if last, whole := LastDay(end); whole {
		return l.T("date.until", "date", l.Date(last))
	}
	return l.T("date.until", "date", l.DateTime(end))
}

// LastDay is the last day inside a window that ends (exclusively) at midnight in
// Stockholm; for any other end it is that day itself and whole is false.
func LastDay(end time.Time) (day time.Time, whole bool) {
	end = end.In(stockholm())
	if end.Hour() == 0 && end.Minute() == 0 && end.Second() == 0 && end.Nanosecond() == 0 {
		return end.AddDate(0, 0, -1), true
	}
	return end, false
}

// Range writes a half-open window: "1 juni 2026 till 31 maj 2027".
func (l *Language) Range(from, end time.Time) string {
	last, whole := LastDay(end)
	to := l.Date(last)
	if !whole {
		to = l.DateTime(end)
	}
	return l.T("date.range", "from", l.Date(from), "to", to)
}

// Days is how many days are left of a window: the number of midnights in
// Stockholm between now and its end, never below zero.
func Days(now, end time.Time) int {
	last, _ := LastDay(end)
	now = now.In(stockholm())
	a := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	b := time.Date(last.Year(), last.Month(), last.Day(), 12, 0, 0, 0, time.UTC)
	return max(0, int(b.Sub(a).Hours())/24)
}

// Local is the instant as the clocks in Stockholm show it, for pictures and
// calendars that must count days and months.
func Local(t time.Time) time.Time { return t.In(stockholm()) }
