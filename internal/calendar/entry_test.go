package calendar_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"sigportal/internal/calendar"
)

func entry(place string) calendar.Entry {
	return calendar.Entry{
		Method: calendar.Request, UID: "7b0c7d1e-0000-4000-8000-000000000001@sig.example", Sequence: 3,
		Stamp: time.Date(2026, 12, 3, 9, 0, 0, 5000, time.UTC), Start: time.Date(2027, 3, 28, 12, 0, 0, 0, time.UTC),
		End: time.Date(2027, 3, 28, 13, 0, 0, 0, time.UTC), Place: place, Link: "https://sig.example/meetings",
		Organizer: "portal@sig.example", Attendee: "kent.berg@polisen.example", Language: "sv",
	}
}

// What is written is read back the same by another implementation, with
// nothing else in it: one event, one attendee, no description of anything.
func TestAnotherProgramReadsTheEntry(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Församlingshemmets största sal; rum 3, ", 5)
	for _, place := range []string{"", "Farsta torg 1, rum 3", long, `a\nb;c,d"e` + "\r\nATTENDEE:mailto:other@example.org"} {
		for _, method := range []calendar.Method{calendar.Request, calendar.Cancel} {
			e := entry(place)
			e.Method = method
			raw, err := e.Write()
			if err != nil {
				t.Fatal(err)
			}
			cal, err := ics.ParseCalendar(strings.NewReader(string(raw)))
			if err != nil || len(cal.Events()) != 1 {
				t.Fatalf("another program reads %d events: %v\n%s", len(cal.Events()), err, raw)
			}
			event := cal.Events()[0]
			start, startErr := event.GetStartAt()
			end, endErr := event.GetEndAt()
			if startErr != nil || endErr != nil || !start.Equal(e.Start) || !end.Equal(e.End) {
				t.Errorf("times %s to %s: %v %v", start, end, startErr, endErr)
			}
			status := map[calendar.Method]string{calendar.Request: "CONFIRMED", calendar.Cancel: "CANCELLED"}[method]
			for property, want := range map[ics.ComponentProperty]string{
				ics.ComponentPropertyUniqueId: e.UID, ics.ComponentPropertySequence: "3", ics.ComponentPropertySummary: "Möte",
				ics.ComponentPropertyStatus: status, ics.ComponentPropertyOrganizer: "mailto:" + e.Organizer, ics.ComponentPropertyUrl: e.Link,
			} {
				if got := event.GetProperty(property); got == nil || got.Value != want {
					t.Errorf("%s is %v, want %s", property, got, want)
				}
			}
			if got := cal.CalendarProperties; !strings.Contains(string(raw), "METHOD:"+string(method)+"\r\n") {
				t.Errorf("the method: %v", got)
			}
			if got := event.Attendees(); len(got) != 1 || got[0].Email() != e.Attendee {
				t.Errorf("attendees: %v, want the one reader", got)
			}
			if got := event.GetProperty(ics.ComponentPropertyLocation); (got == nil) != (place == "") {
				t.Errorf("the place %q is read as %v", place, got)
			}
			for _, line := range strings.Split(string(raw), "\r\n") {
				if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
					t.Errorf("a line of %d octets: %q", len(line), line)
				}
			}
		}
	}
}

// Folding loses nothing: the place comes back letter by letter.
func TestALongPlaceComesBackWhole(t *testing.T) {
	t.Parallel()
	place := strings.Repeat("åäö🚌", 40)
	raw, err := entry(place).Write()
	if err != nil {
		t.Fatal(err)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if got := cal.Events()[0].GetProperty(ics.ComponentPropertyLocation).Value; got != place {
		t.Errorf("read back: %q", got)
	}
}
