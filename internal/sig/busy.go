package sig

import "time"

// BusyTime is when somebody in an assignment cannot come to meetings: every week
// on one day, by the clock on the wall, or once. Why stands nowhere.
type BusyTime struct {
	ID BusyID
	// Weekday is 1 for Monday to 7 for Sunday of a weekly time, 0 of a single one.
	Weekday    int
	FromMinute int // of a weekly time: minutes after midnight
	ToMinute   int // at most 24:00
	Start, End time.Time
}

// The bounds of what one assignment enters.
const (
	MaxBusyTimes  = 200
	dayInMinutes  = 24 * 60
	busyAtMostFor = 366 * 24 * time.Hour
)

// Valid reports whether the time can be entered.
func (b *BusyTime) Valid() bool {
	if b.Weekday == 0 {
		return b.Start.Before(b.End) && b.End.Sub(b.Start) <= busyAtMostFor
	}
	return b.Weekday >= 1 && b.Weekday <= 7 && 0 <= b.FromMinute && b.FromMinute < b.ToMinute && b.ToMinute <= dayInMinutes
}

// Meets reports whether a meeting would fall into the time. It begins and ends
// on the same day in Stockholm; a weekly time keeps its hour when summer time
// begins and ends.
func (b *BusyTime) Meets(start, end time.Time) bool {
	if b.Weekday == 0 {
		return b.Start.Before(end) && start.Before(b.End)
	}
	start, end = start.In(Stockholm), end.In(Stockholm)
	return WeekdayOf(DateOf(start)) == b.Weekday && b.FromMinute < minuteOf(end) && minuteOf(start) < b.ToMinute
}

// WeekdayOf is 1 for Monday to 7 for Sunday.
func WeekdayOf(d Date) int { return (int(d.Start().Weekday())+6)%7 + 1 }

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }
