package closing

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"

	"sigportal/internal/sig"
)

// The limits in days of domain 3.3 and 3.4, counted by sig.DaysLater.
const (
	RegistrarDays = 30 // a recipient's registrar may move cut copies to the own file
	GraceDays     = 14 // after sharing has stopped, for a renewal
	UnsignedDays  = 30 // from the first signature to the last
)

// ReminderDays are how long before a consent's last day its coordinator is
// reminded.
var ReminderDays = []int{30, 14, 3}

var workdays = swedishWorkdays()

func swedishWorkdays() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(se.Holidays...)
	return c
}

// NextWorkingDay is the first working day after the day of the instant,
// Swedish holidays skipped, the eves on which boards are closed among them.
func NextWorkingDay(at time.Time) sig.Date { return OnWorkingDay(sig.DateOf(at).AddDays(1)) }

// OnWorkingDay is the day, or the next one on which offices are open: what falls
// due on a day off is due then (lag 1930:173).
func OnWorkingDay(day sig.Date) sig.Date {
	for !WorkingDay(day) {
		day = day.AddDays(1)
	}
	return day
}

// GraceEnds is until when a renewal brings back what expiry has cut.
func GraceEnds(stopped time.Time) time.Time { return sig.DaysLater(stopped, GraceDays) }

// Lapses is until when everybody must have signed after the first has.
func Lapses(firstSigned time.Time) time.Time { return sig.DaysLater(firstSigned, UnsignedDays) }

// OralReminderDays are how long before an oral yes must be written its
// coordinator is reminded.
var OralReminderDays = []int{7, 3, 1}

// NextOralReminder is the next instant at which the coordinator is reminded of
// a yes that must be written by then; the zero instant when none is left.
func NextOralReminder(writtenBy, now time.Time) time.Time {
	return nextOf(OralReminderDays, writtenBy, now)
}

// NextReminder is the next instant at which a consent that ends then is
// announced, after now; the zero instant when none is left. It is counted from
// the last day, as people are told it: of an end at midnight, the day before.
func NextReminder(ends, now time.Time) time.Time {
	if ends.Equal(sig.DateOf(ends).Start()) {
		ends = sig.DaysLater(ends, -1)
	}
	return nextOf(ReminderDays, ends, now)
}

func nextOf(daysBefore []int, ends, now time.Time) time.Time {
	for _, days := range daysBefore {
		if at := sig.DaysLater(ends, -days); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// Later is the later of two instants; an absent one does not count. A
// withdrawal received before a version came into force takes effect with it.
func Later(at time.Time, other *time.Time) time.Time {
	if other != nil && other.After(at) {
		return *other
	}
	return at
}

// WorkingDay reports whether offices are open on a day: no weekend, no Swedish
// holiday and none of the eves.
func WorkingDay(day sig.Date) bool { return workdays.IsWorkday(day.Start()) }
