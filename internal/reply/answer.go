package reply

import (
	"strconv"
	"strings"
	"time"

	"sigportal/internal/sig"
)

// Answer is what one mail answers to one call. It says whom it speaks for, and
// that proves nothing.
type Answer struct {
	UID      string
	Sequence int
	// Start and End are another time, where one is suggested in a way that can
	// be read; else zero.
	Start, End time.Time
	attendees  []attendee
	counters   bool
}

type attendee struct {
	address string
	says    sig.InvitationAnswer // empty for one who has not answered
}

// Of is what the person with this address answers; false where the mail says
// nothing of that address. Calendar programs may list the organizer beside whoever answers.
func (a Answer) Of(address string) (sig.InvitationAnswer, bool) {
	for _, one := range a.attendees {
		if address == "" || !strings.EqualFold(one.address, address) {
			continue
		}
		switch {
		case a.counters && one.says != sig.InvitationDeclined:
			return sig.InvitationTentative, true // another time: not a yes to this one
		case one.says != "":
			return one.says, true
		}
	}
	return "", false
}

var says = map[string]sig.InvitationAnswer{
	"ACCEPTED": sig.InvitationAccepted, "DECLINED": sig.InvitationDeclined, "TENTATIVE": sig.InvitationTentative,
}

// answerIn reads the first event of a calendar object that answers a call. An
// answer to one day of a series is none: every meeting is called by itself. Of an
// answer with another time that cannot be read it is ErrNoTime.
func answerIn(all []line) (Answer, error) {
	var a Answer
	var start, end line
	method, inside := "", []string{}
	for _, l := range all {
		value := strings.TrimSpace(l.value)
		switch {
		case l.name == "BEGIN":
			inside = append(inside, strings.ToUpper(value))
			continue
		case l.name == "END":
			if len(inside) > 0 {
				inside = inside[:len(inside)-1]
			}
			continue
		case l.name == "METHOD" && len(inside) <= 1:
			method = strings.ToUpper(value)
			continue
		case strings.Join(inside, "/") != "VCALENDAR/VEVENT":
			continue // an alarm's or a time zone's
		}
		switch l.name {
		case "UID":
			a.UID = value
		case "SEQUENCE":
			n, err := strconv.ParseUint(value, 10, 31)
			if err != nil {
				return Answer{}, ErrNoAnswer
			}
			a.Sequence = int(n)
		case "ATTENDEE":
			a.attendees = append(a.attendees, attendeeOf(l, value))
		case "DTSTART":
			start = l
		case "DTEND":
			end = l
		case "RECURRENCE-ID", "RRULE":
			return Answer{}, ErrNoAnswer
		}
	}
	a.counters = method == "COUNTER"
	switch {
	case method != "REPLY" && !a.counters, a.UID == "", len(a.attendees) == 0:
		return Answer{}, ErrNoAnswer
	case a.counters && !a.suggest(start, end):
		return Answer{}, ErrNoTime
	}
	return a, nil
}

func attendeeOf(l line, value string) attendee {
	scheme, address, _ := strings.Cut(value, ":")
	if !strings.EqualFold(scheme, "mailto") {
		address = ""
	}
	return attendee{strings.TrimSpace(address), says[strings.ToUpper(l.params["PARTSTAT"])]}
}

// suggest reads the other time. One that cannot be read is told to the sender:
// taken as none, it would take back the time that was suggested before.
func (a *Answer) suggest(start, end line) bool {
	from, starts := instant(start)
	to, ends := instant(end)
	if !starts || !ends || !from.Before(to) {
		return false
	}
	a.Start, a.End = from, to
	return true
}

// zones are the names that Windows has for Swedish time and for its neighbours'.
var zones = map[string]bool{
	"W. Europe Standard Time": true, "Central Europe Standard Time": true, "Romance Standard Time": true,
	"Central European Standard Time": true,
}

// instant reads a time in UTC, in a named zone or without one, which is read as
// Swedish time. A day without a time is none, nor is a zone that nobody knows.
func instant(l line) (time.Time, bool) {
	const clock = "20060102T150405"
	value := strings.TrimSpace(l.value)
	if at, err := time.Parse(clock+"Z", value); err == nil {
		return at, true
	}
	zone := sig.Stockholm
	if name := strings.TrimPrefix(l.params["TZID"], "/"); name != "" && !zones[name] {
		var err error
		if zone, err = time.LoadLocation(name); err != nil || strings.EqualFold(name, "local") {
			return time.Time{}, false
		}
	}
	at, err := time.ParseInLocation(clock, value, zone)
	return at.UTC(), err == nil
}
