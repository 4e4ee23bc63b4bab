package caldav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func mustWrite(t *testing.T, q Question, things []Resource, gone ...string) string {
	t.Helper()
	text, err := q.Answer(things, gone)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(text, new(element)); err != nil {
		t.Fatalf("what is written cannot be read: %v\n%s", err, text)
	}
	return string(text)
}

const query = `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:filter>%s</c:filter></c:calendar-query>`

// What a query may be told by: a span of time and the kind of thing. Whatever
// else it would narrow by is refused, since too much is worse than nothing.
func TestAQueryIsUnderstoodOrRefused(t *testing.T) {
	t.Parallel()
	in := func(inner string) string {
		return fmt.Sprintf(query, `<c:comp-filter name="VCALENDAR">`+inner+`</c:comp-filter>`)
	}
	day := time.Date(2027, 1, 14, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ask      string
		from, to time.Time
		nothing  bool
		err      error
	}{
		{ask: in("")},
		{ask: in(`<c:comp-filter name="VEVENT"/>`)},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range start="20270114T090000Z"/></c:comp-filter>`), from: day},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range end="20270114T090000Z"/></c:comp-filter>`), to: day},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range start="20270114T090000Z" end="20270114T090001Z"/></c:comp-filter>`), from: day, to: day.Add(time.Second)},
		{ask: in(`<c:comp-filter name="VEVENT"><c:is-not-defined/></c:comp-filter>`), nothing: true},
		{ask: in(`<c:comp-filter name="VTODO"/>`), nothing: true},
		{ask: in(`<c:comp-filter name="VTODO"><c:is-not-defined/></c:comp-filter>`)},
		{ask: in(`<c:is-not-defined/>`), nothing: true},
		{ask: fmt.Sprintf(query, `<c:comp-filter name="VTODO"/>`), nothing: true},
		{ask: in(`<c:prop-filter name="UID"/>`), err: ErrFilter},
		{ask: in(`<c:comp-filter name="VEVENT"><c:prop-filter name="UID"/></c:comp-filter>`), err: ErrFilter},
		{ask: in(`<c:comp-filter name="VEVENT"><c:comp-filter name="VALARM"/></c:comp-filter>`), err: ErrFilter},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range start="20270114T090000Z" end="20270114T090000Z"/></c:comp-filter>`), err: ErrMalformed},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range/></c:comp-filter>`), err: ErrMalformed},
		{ask: in(`<c:comp-filter name="VEVENT"><c:time-range start="2027-01-14"/></c:comp-filter>`), err: ErrMalformed},
		{ask: fmt.Sprintf(query, ""), err: ErrMalformed},
		{ask: fmt.Sprintf(query, `<c:prop-filter name="UID"/>`), err: ErrMalformed},
		{ask: `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"/>`, err: ErrReport},
		{ask: "", err: ErrMalformed},
		{ask: strings.Repeat(" ", longest+1), err: ErrTooLong},
	} {
		q, err := Report([]byte(c.ask))
		if !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: %v, want %v", c.ask, err, c.err)
		}
		if err == nil && (!q.From.Equal(c.from) || !q.To.Equal(c.to) || q.Nothing != c.nothing || !q.All) {
			t.Errorf("%s is understood as %+v", c.ask, q)
		}
	}
}

// An answer says what was asked for and is there, and of the rest only that it
// is not; a thing's bytes only where a report asks for them.
func TestAnAnswerSaysWhatWasAsked(t *testing.T) {
	t.Parallel()
	event := Event{Name: "one", Data: []byte("BEGIN:VCALENDAR\r\nX:<&>\r\n")}
	ask := func(props string) Question {
		q, err := PropFind([]byte(`<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:x="urn:x"><d:prop>` + props + `</d:prop></d:propfind>`))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	for _, c := range []struct {
		q         Question
		thing     Resource
		has, lack []string
	}{
		{ask("<d:getetag/>"), event.Resource(true), []string{"getetag", "200 OK"}, []string{"404", "VCALENDAR", "principal"}},
		{ask("<c:calendar-data/>"), event.Resource(true), []string{"BEGIN:VCALENDAR", "&lt;&amp;&gt;"}, []string{"404"}},
		{ask("<c:calendar-data/>"), event.Resource(false), []string{"404", "calendar-data"}, []string{"200", "BEGIN:VCALENDAR"}},
		{ask("<x:secret>words</x:secret>"), event.Resource(false), []string{"404", "secret"}, []string{"words"}},
		{ask(""), event.Resource(false), []string{"200"}, []string{"404", "getetag"}},
		{Question{All: true}, event.Resource(true), []string{"getetag"}, []string{"404", "calendar-data"}},
		{Question{Names: true}, event.Resource(true), []string{"getetag", "calendar-data"}, []string{"404", "BEGIN:VCALENDAR", event.Tag()[1:9]}},
		{Question{All: true}, Home(), []string{"calendar-home-set", "principal"}, []string{"write", "unbind"}},
		{Question{All: true}, calendarOf(t, nil), []string{"Möten", "VEVENT", "calendar-multiget", "sync-collection"}, []string{"getctag", "write", "sync-token"}},
		{Question{All: true}, calendarOf(t, ours), []string{"getctag"}, []string{"sync-token"}},
		{ask("<d:sync-token/>"), calendarOf(t, ours), []string{"data:,"}, []string{"getctag", "404"}},
	} {
		got := mustWrite(t, c.q, []Resource{c.thing})
		for _, text := range c.has {
			if !strings.Contains(got, text) {
				t.Errorf("%+v lacks %q: %s", c.q, text, got)
			}
		}
		for _, text := range c.lack {
			if strings.Contains(got, text) {
				t.Errorf("%+v has %q: %s", c.q, text, got)
			}
		}
	}
	if got := mustWrite(t, Question{}, nil, `/caldav/"><x>&`); strings.Contains(got, "<x>") || !strings.Contains(got, "404 Not Found") {
		t.Errorf("an address that is none: %s", got)
	}
}

// The tag of the whole is of what is delivered: one entry less, more or with
// less in it is another tag, and the order is none.
func TestTheTagFollowsWhatIsDelivered(t *testing.T) {
	t.Parallel()
	a, b := Event{"a", []byte("at a place")}, Event{"b", []byte("b")}
	seen := map[string]string{}
	for name, list := range map[string][]Event{
		"none": nil, "one": {a}, "the other": {b}, "both": {a, b}, "without the place": {{"a", []byte("at")}, b}, "another with its bytes": {{"c", a.Data}, b},
	} {
		tag := tagOf(list)
		if seen[tag] != "" {
			t.Errorf("%s has the tag of %s", name, seen[tag])
		}
		seen[tag] = name
	}
	if tagOf([]Event{a, b}) != tagOf([]Event{b, a}) || tagOf(nil) != tagOf([]Event{}) {
		t.Error("the same calendar has two tags")
	}
}

// An address is taken for an entry only where it stands in this calendar.
func TestAnAddressOfAnEntry(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"/caldav/meetings/x.ics": "x", "https://sig.example/caldav/meetings/x.ics": "x", "/caldav/meetings/%78.ics": "x",
		"/caldav/meetings/": "", "/caldav/x.ics": "", "x.ics": "", "::": "", "": "", "/caldav/meetings/x": "",
	} {
		if got := Named(address); got != want {
			t.Errorf("%q names %q, want %q", address, got, want)
		}
	}
}

// A document type, an entity, and more of anything than a question has, are
// refused before they cost anything.
func TestWhatIsTooMuchIsNotRead(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	for what, c := range map[string]struct {
		body string
		err  error
	}{
		"depth that is allowed": {deep(deepest), nil},
		"a depth more":          {deep(deepest + 1), ErrMalformed},
		"as many as allowed":    {"<a>" + strings.Repeat("<b/>", most-1) + "</a>", nil},
		"one more":              {"<a>" + strings.Repeat("<b/>", most) + "</a>", ErrMalformed},
		"one more, attributes":  {"<a>" + strings.Repeat(`<b c=""/>`, most/2) + "</a>", ErrMalformed},
		"a document type":       {"<!DOCTYPE a><a/>", ErrMalformed},
		"an entity":             {"<a>&b;</a>", ErrMalformed},
		"an instruction":        {"<?php x?><a/>", ErrMalformed},
		"its own":               {`<?xml version="1.0"?><a/>`, nil},
		"a byte more":           {"<a>" + strings.Repeat("x", longest-6) + "</a>", ErrTooLong},
		"words beside":          {"<a/>x", ErrMalformed},
		"two":                   {"<a/><a/>", ErrMalformed},
	} {
		if _, err := read([]byte(c.body)); !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: %v, want %v", what, err, c.err)
		}
	}
}

// No document is too much: whatever is sent is read or refused.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{fmt.Sprintf(query, ""), `<a xmlns="DAV:" b="c">d<e/></a>`, `<!DOCTYPE a>`, strings.Repeat("<a>", 20)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		e, err := read([]byte(body))
		if err != nil {
			return
		}
		if _, err := write(e); err != nil {
			t.Errorf("read, and cannot be written: %v", err)
		}
		_, _ = Report([]byte(body))
	})
}
