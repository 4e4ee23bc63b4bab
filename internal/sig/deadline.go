package sig

import "time"

// DaysLater is the same wall-clock time in Stockholm that many days later
// (3.7.13): a limit in days is not a number of hours, and a change to summer
// time does not move it.
func DaysLater(at time.Time, days int) time.Time {
	local := at.In(Stockholm)
	return time.Date(local.Year(), local.Month(), local.Day()+days,
		local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), Stockholm)
}

// AddMonths is the same wall-clock time in Stockholm that many months later,
// on the month's last day where the day does not exist (lag 1930:173).
func AddMonths(at time.Time, months int) time.Time {
	local := at.In(Stockholm)
	first := time.Date(local.Year(), local.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(local.Day(), lastDay(first.Year(), first.Month()))
	return time.Date(first.Year(), first.Month(), day,
		local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), Stockholm)
}
