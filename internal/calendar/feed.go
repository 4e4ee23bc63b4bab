package calendar

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/emersion/go-ical"

	"sigportal/internal/words"
)

// Item is one meeting in somebody's own calendar.
type Item struct {
	UID        string
	Sequence   int
	Stamp      time.Time
	Start, End time.Time
	Place      string
	Link       string
}

// Object gives the bytes of one meeting as a thing of its own in a calendar that
// a program reads entry by entry (RFC 4791, 4.1: without a method).
func (i Item) Object(language string) ([]byte, error) {
	cal := calendarOf("")
	cal.Children = append(cal.Children, i.event(language))
	return encode(cal)
}

// Feed gives the bytes of a calendar to subscribe to. It names nobody, neither
// organizer nor attendees: what stands in it is for its holder alone.
func Feed(items []Item, language string) ([]byte, error) {
	cal := calendarOf("PUBLISH")
	for _, i := range items {
		cal.Children = append(cal.Children, i.event(language))
	}
	if len(items) == 0 {
		// The library writes none without an event in it.
		return []byte("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nPRODID:" + product + "\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"), nil
	}
	return encode(cal)
}

func (i Item) event(language string) *ical.Component {
	w := words.For(language)
	event := ical.NewEvent()
	event.Props.SetText(ical.PropUID, i.UID)
	event.Props.SetDateTime(ical.PropDateTimeStamp, i.Stamp.UTC().Truncate(time.Second))
	event.Props.SetDateTime(ical.PropDateTimeStart, i.Start.UTC())
	event.Props.SetDateTime(ical.PropDateTimeEnd, i.End.UTC())
	event.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(i.Sequence), Params: ical.Params{}})
	event.Props.SetText(ical.PropSummary, w.T("mail.meeting.subject"))
	event.Props.Set(&ical.Prop{Name: ical.PropURL, Value: i.Link, Params: ical.Params{}})
	event.Props.SetText(ical.PropClass, "PRIVATE")
	if i.Place != "" {
		event.Props.SetText(ical.PropLocation, oneLine(i.Place))
	}
	return event.Component
}

// Name is what a calendar program calls the whole.
func Name(language string) string { return words.For(language).T("feed.calendar") }

const product = "-//sigportal//meeting//SV"

func calendarOf(method string) *ical.Calendar {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, product)
	if method != "" {
		cal.Props.SetText(ical.PropMethod, method)
	}
	return cal
}

func encode(cal *ical.Calendar) ([]byte, error) {
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(cal); err != nil {
		return nil, fmt.Errorf("write a calendar: %w", err)
	}
	return fold(out.Bytes()), nil
}
