package calendar

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"sigportal/internal/words"
)

// Method is what the entry does to the reader's calendar.
type Method string

// The methods: a call or a move of it, and its end.
const (
	Request Method = "REQUEST"
	Cancel  Method = "CANCEL"
)

// Entry is one meeting for one reader.
type Entry struct {
	Method    Method
	UID       string // never changes
	Sequence  int    // grows with every move, and with the end
	Stamp     time.Time
	Start     time.Time
	End       time.Time
	Place     string
	Link      string // the portal's own address
	Organizer string // the portal's sender, or the address for this reader's answers
	Attendee  string // the one reader
	Reply     bool   // answers come back by mail, to the organizer
	Guest     bool   // has no account to sign in with: the letter's own link is the way
	Language  string
}

// Write gives the entry's bytes, with lines folded as RFC 5545 wants them.
func (e Entry) Write() ([]byte, error) {
	w := words.For(e.Language)
	event := ical.NewEvent()
	event.Props.SetText(ical.PropUID, e.UID)
	event.Props.SetDateTime(ical.PropDateTimeStamp, e.Stamp.UTC().Truncate(time.Second))
	event.Props.SetDateTime(ical.PropDateTimeStart, e.Start.UTC())
	event.Props.SetDateTime(ical.PropDateTimeEnd, e.End.UTC())
	event.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(e.Sequence), Params: ical.Params{}})
	event.Props.SetText(ical.PropSummary, w.T("mail.meeting.subject"))
	if e.Guest {
		event.Props.SetText(ical.PropDescription, w.T("mail.guest_entry"))
	} else {
		event.Props.SetText(ical.PropDescription, w.T("mail.sign_in", "link", e.Link))
		event.Props.Set(&ical.Prop{Name: ical.PropURL, Value: e.Link, Params: ical.Params{}})
	}
	event.Props.SetText(ical.PropClass, "PRIVATE")
	status := "CONFIRMED"
	if e.Method == Cancel {
		status = "CANCELLED"
	}
	event.Props.SetText(ical.PropStatus, status)
	if e.Place != "" {
		event.Props.SetText(ical.PropLocation, oneLine(e.Place))
	}
	event.Props.Set(&ical.Prop{Name: ical.PropOrganizer, Value: "mailto:" + e.Organizer, Params: ical.Params{}})
	rsvp := "FALSE" // the answer is given in the portal
	if e.Reply && e.Method == Request {
		rsvp = "TRUE"
	}
	event.Props.Set(&ical.Prop{Name: ical.PropAttendee, Value: "mailto:" + e.Attendee, Params: ical.Params{
		ical.ParamParticipationStatus: []string{"NEEDS-ACTION"}, ical.ParamRSVP: []string{rsvp},
	}})
	cal := calendarOf(string(e.Method))
	cal.Children = append(cal.Children, event.Component)
	return encode(cal)
}

// oneLine is a text without anything that could end its line.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, text)
}

// lineMost is how many octets a line may have; what is longer goes on after a
// line break and a space.
const lineMost = 75

// fold breaks long lines between characters, which the library leaves whole.
func fold(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\r\n")), []byte("\r\n")) {
		room := lineMost
		for len(line) > room {
			cut := room
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			out.Write(line[:cut])
			out.WriteString("\r\n ")
			line, room = line[cut:], lineMost-1
		}
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.Bytes()
}
