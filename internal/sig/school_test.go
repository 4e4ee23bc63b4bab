package sig_test

import (
	"testing"
	"time"

	"sigportal/internal/sig"
)

func TestWhenASchoolIsOnABreak(t *testing.T) {
	t.Parallel()
	period := func(unit sig.UnitID, isBreak bool, first, last string) sig.SchoolPeriod {
		return sig.SchoolPeriod{Authority: "utbildning", Unit: unit, Break: isBreak, First: day(t, first), Last: day(t, last)}
	}
	year := []sig.SchoolPeriod{
		period("", false, "2026-08-18", "2026-12-18"), period("", true, "2026-10-26", "2026-10-30"), period("", false, "2027-01-11", "2027-06-11"),
		period("friskolan", false, "2026-08-20", "2026-12-21"),
	}
	for _, tc := range []struct {
		unit sig.UnitID
		day  string
		want bool
	}{
		{"farstaskolan", "2026-08-17", false}, // before the first term nothing is known
		{"farstaskolan", "2026-08-18", false},
		{"farstaskolan", "2026-10-25", false},
		{"farstaskolan", "2026-10-26", true},
		{"farstaskolan", "2026-10-30", true},
		{"farstaskolan", "2026-10-31", false},
		{"farstaskolan", "2026-12-18", false},
		{"farstaskolan", "2026-12-19", true}, // between two terms
		{"farstaskolan", "2027-01-10", true},
		{"farstaskolan", "2027-01-11", false},
		{"farstaskolan", "2027-06-12", false}, // after the last one
		{"friskolan", "2026-10-26", false},    // has terms of its own, without that break
		{"friskolan", "2026-12-22", false},
	} {
		if got := sig.SchoolBreak(year, "utbildning", tc.unit, day(t, tc.day)); got != tc.want {
			t.Errorf("%s on %s: on a break %v, want %v", tc.unit, tc.day, got, tc.want)
		}
	}
	if sig.SchoolBreak(year, "annan", "farstaskolan", day(t, "2026-10-26")) {
		t.Error("the terms of one authority are another's")
	}
}

// A weekly time keeps its hour on the wall over the change of the clocks, and
// touching is not meeting.
func TestWhenABusyTimeMeetsAMeeting(t *testing.T) {
	t.Parallel()
	weekly := sig.BusyTime{Weekday: 1, FromMinute: 9 * 60, ToMinute: 12 * 60}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, sig.Stockholm)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	single := sig.BusyTime{Start: at("2027-03-31 10:00"), End: at("2027-04-02 12:00")}
	for _, tc := range []struct {
		busy     sig.BusyTime
		from, to string
		want     bool
	}{
		{weekly, "2027-03-22 08:00", "2027-03-22 09:00", false},
		{weekly, "2027-03-22 08:00", "2027-03-22 09:30", true},
		{weekly, "2027-03-22 11:30", "2027-03-22 12:30", true},
		{weekly, "2027-03-22 12:00", "2027-03-22 13:00", false},
		{weekly, "2027-03-29 08:00", "2027-03-29 09:00", false}, // summer time since the day before
		{weekly, "2027-03-29 11:30", "2027-03-29 12:30", true},
		{weekly, "2027-03-29 12:00", "2027-03-29 13:00", false},
		{weekly, "2027-03-23 09:00", "2027-03-23 10:00", false},
		{single, "2027-03-31 09:00", "2027-03-31 10:00", false},
		{single, "2027-04-01 09:00", "2027-04-01 10:00", true},
		{single, "2027-04-02 12:00", "2027-04-02 13:00", false},
	} {
		if got := tc.busy.Meets(at(tc.from), at(tc.to)); got != tc.want {
			t.Errorf("%+v and %s–%s: %v, want %v", tc.busy, tc.from, tc.to, got, tc.want)
		}
	}
	for _, wrong := range []sig.BusyTime{
		{}, {Weekday: 8, ToMinute: 60}, {Weekday: 1, FromMinute: 60, ToMinute: 60}, {Weekday: 1, ToMinute: 24*60 + 1},
		{Start: at("2027-04-02 12:00"), End: at("2027-04-02 12:00")}, {Start: at("2027-04-02 12:00"), End: at("2028-05-02 12:00")},
	} {
		if wrong.Valid() {
			t.Errorf("%+v can be entered", wrong)
		}
	}
}
