package routetest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

const (
	davEntries = "/caldav/meetings/"
	davEntry   = davEntries + ":event"
	davNames   = `<d:propfind xmlns:d="DAV:"><d:propname/></d:propfind>`
	davTags    = `<d:propfind xmlns:d="DAV:" xmlns:s="http://calendarserver.org/ns/"><d:prop><d:getetag/><s:getctag/><d:owner/></d:prop></d:propfind>`
	davEvents  = `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><c:calendar-data/></d:prop>` +
		`<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">%s</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`
)

// davChanges asks for what has changed since a token was given.
func davChanges(since string) string {
	return `<d:sync-collection xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:sync-token>` + since +
		`</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/><c:calendar-data/></d:prop></d:sync-collection>`
}

func davNamed(addresses ...string) string {
	return `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><c:calendar-data/></d:prop>` +
		`<d:href>` + strings.Join(addresses, `</d:href><d:href>`) + `</d:href></c:calendar-multiget>`
}

// basic is how a calendar program shows the secret, with the depth it asks to.
func basic(password, depth string) [][2]string {
	h := [][2]string{{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("vem som helst:"+password))}}
	if depth != "" {
		h = append(h, [2]string{"Depth", depth})
	}
	return h
}

// noEntries are what no calendar may tell, whoever reads it.
func (w *world) noEntries() []string {
	return []string{"Amir", "Rahimi", "Polis", "Kent", "MARKER-SEEN", "ATTENDEE", "ORGANIZER", "METHOD", w.a.id}
}

// entriesArea asks as a calendar program does, with the secret of somebody who
// is called to one meeting.
func (w *world) entriesArea(secret, meeting string) {
	hides := w.noEntries()
	event := []string{meeting + ".ics"}
	yes := []string{"HTTP/1.1 200 OK"}
	none := []string{"VEVENT", meeting, "404"}
	w.try(
		row{route: "GET /.well-known/caldav", want: http.StatusTemporaryRedirect},
		row{route: "PROPFIND /.well-known/caldav", want: http.StatusTemporaryRedirect},
		row{route: "OPTIONS /caldav/", want: http.StatusNoContent, then: w.reads},
		row{route: "OPTIONS " + davEntries, want: http.StatusNoContent, then: w.reads},
		row{route: "OPTIONS " + davEntry, at: event, want: http.StatusNoContent, then: w.reads},
		row{route: "PROPFIND /caldav", head: basic(secret, "0"), want: 207, says: append(yes, "current-user-principal", "calendar-home-set"), hides: none},
		row{route: "PROPFIND /caldav/", head: basic(secret, "1"), dav: davTags, want: 207, says: append(yes, davEntries, "getctag"), hides: append(hides, "VEVENT", meeting)},
		row{route: "PROPFIND " + davEntries, head: basic(secret, "0"), dav: davNames, want: 207, says: append(yes, "current-user-privilege-set"), hides: none},
		row{route: "PROPFIND " + davEntries, head: basic(secret, "1"), dav: davTags, want: 207, says: append(yes, davEntries+event[0], "getetag", "404"), hides: append(hides, "VEVENT")},
		row{route: "PROPFIND " + davEntry, at: event, head: basic(secret, "0"), dav: davTags, want: 207, says: append(yes, "getetag"), hides: append(hides, "VEVENT")},
		row{route: "GET " + davEntry, at: event, head: basic(secret, ""), says: []string{"BEGIN:VEVENT", meeting, "Möte"}, hides: hides},
		row{route: "REPORT " + davEntries, head: basic(secret, "1"), dav: fmt.Sprintf(davEvents, ""), want: 207, says: append(yes, "BEGIN:VEVENT", meeting), hides: hides},
		row{route: "REPORT " + davEntries, head: basic(secret, "1"), want: 207, hides: none,
			dav: fmt.Sprintf(davEvents, `<c:time-range start="20200101T000000Z" end="20200102T000000Z"/>`)},
		row{route: "REPORT " + davEntries, head: basic(secret, "1"), want: 207, hides: none, dav: strings.ReplaceAll(fmt.Sprintf(davEvents, ""), "VEVENT", "VTODO")},
		row{route: "REPORT " + davEntries, head: basic(secret, "0"), want: 207, says: append(yes, "BEGIN:VEVENT", meeting, "sync-token", "data:,"), hides: append(hides, "404"), dav: davChanges("")},
		row{route: "REPORT " + davEntries, head: basic(secret, ""), want: 207, says: append(yes, "BEGIN:VEVENT", meeting), hides: append(hides, "404"), dav: davNamed(davEntries + event[0])},
	)
	w.badQuestions(secret, event[0])
	w.entriesOfOthers(secret, meeting)
}

// reads: what can be asked here is told, and nothing that writes.
func (w *world) reads(got answer) {
	w.t.Helper()
	if allow := got.header.Get("Allow"); !strings.Contains(got.header.Get("Dav"), "calendar-access") || !strings.Contains(allow, "REPORT") ||
		strings.ContainsAny(allow, "UM") || strings.Contains(allow, "DELETE") { // PUT, POST, MKCOL, MOVE
		w.t.Errorf("the calendar offers %q, %q", got.header.Get("Dav"), allow)
	}
}

// badQuestions: what is no question, what never ends and what would write.
func (w *world) badQuestions(secret, event string) {
	bomb := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>` + strings.Replace(davTags, "<d:owner/>", "<d:owner>&c;</d:owner>", 1)
	for what, r := range map[string]row{
		"a document type":           {dav: bomb, want: 400},
		"an entity":                 {dav: strings.Replace(davTags, "<d:owner/>", "&x;", 1), want: 400},
		"elements without an end":   {dav: strings.Repeat("<a>", 5000), want: 400},
		"deep elements":             {dav: strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), want: 400},
		"many elements":             {dav: strings.Replace(davTags, "<d:owner/>", strings.Repeat("<d:owner/>", 2000), 1), want: 400},
		"two documents":             {dav: davTags + davTags, want: 400},
		"no XML":                    {dav: `{"a": 1}`, want: 400},
		"another alphabet":          {dav: `<?xml version="1.0" encoding="UTF-7"?>` + davTags, want: 400},
		"a long body":               {dav: strings.Replace(davTags, "<d:owner/>", "<d:owner>"+strings.Repeat("x", 70_000)+"</d:owner>", 1), want: 413},
		"another question":          {dav: `<d:sync-collection xmlns:d="DAV:"/>`, want: 400},
		"a token of nobody's":       {route: "REPORT", dav: davChanges("data:,AAAA"), want: 403},
		"changes without a token":   {route: "REPORT", dav: `<d:sync-collection xmlns:d="DAV:"/>`, want: 400},
		"without an end":            {dav: davTags, head: basic(secret, "infinity"), want: 403},
		"without a depth":           {dav: davTags, head: basic(secret, ""), want: 403},
		"another depth":             {dav: davTags, head: basic(secret, "2"), want: 400},
		"a filter by the name":      {route: "REPORT", dav: fmt.Sprintf(davEvents, `<c:prop-filter name="SUMMARY"><c:text-match>A</c:text-match></c:prop-filter>`), want: 403},
		"a report that is none":     {route: "REPORT", dav: `<d:expand-property xmlns:d="DAV:"/>`, want: 403},
		"a span that runs back":     {route: "REPORT", dav: fmt.Sprintf(davEvents, `<c:time-range start="20270102T000000Z" end="20270101T000000Z"/>`), want: 400},
		"a span without a number":   {route: "REPORT", dav: fmt.Sprintf(davEvents, `<c:time-range start="' or 1=1;--"/>`), want: 400},
		"a query without a filter":  {route: "REPORT", dav: `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav"/>`, want: 400},
		"a document type, reported": {route: "REPORT", dav: bomb, want: 400},
	} {
		if r.head == nil {
			r.head = basic(secret, "1")
		}
		r.route = map[string]string{"": "PROPFIND", "REPORT": "REPORT"}[r.route] + " " + davEntries
		before := w.state()
		got := w.ask(r.request("", nil))
		if got.status != r.want || strings.Contains(got.body, "VEVENT") || strings.Contains(got.body, "1=1") {
			w.t.Errorf("%s: %d, want %d: %s", what, got.status, r.want, brief(got))
		}
		w.unchanged(before, "%s", what)
	}
	for _, method := range []string{"PUT", "DELETE", "POST", "PATCH", "PROPPATCH", "MKCOL", "MKCALENDAR", "MOVE", "COPY", "LOCK", "ACL"} {
		for _, path := range []string{"/caldav/", davEntries, davEntries + event, davEntries + uuid.NewString() + ".ics"} {
			q := request{method: method, path: path, header: map[string]string{"Authorization": basic(secret, "")[0][1]}, body: []byte("BEGIN:VCALENDAR")}
			before := w.state()
			if got := w.ask(q); got.status != http.StatusMethodNotAllowed && got.status != http.StatusBadRequest {
				w.t.Errorf("%s %s: %d", method, path, got.status)
			}
			w.unchanged(before, "%s %s", method, path)
		}
	}
}

// entriesOfOthers: a meeting that somebody is not called to, one that was called
// off and one that never was answer the same, alone and among others.
func (w *world) entriesOfOthers(secret, meeting string) {
	other, never := w.withoutThePolice(), uuid.NewString()
	for _, r := range []row{
		{route: "GET " + davEntry, head: basic(secret, "")},
		{route: "PROPFIND " + davEntry, head: basic(secret, "0"), dav: davTags},
	} {
		for _, name := range []string{never + ".ics", other + ".ics", meeting, strings.ToUpper(meeting) + ".ics", "%00.ics", "..%2f", meeting + ".ics.ics"} {
			r.at, r.want = []string{name}, http.StatusNotFound
			got := w.ask(r.request("", r.at))
			q := r.request("", []string{never + ".ics"})
			if reference := w.ask(q); got.status != http.StatusNotFound || got.whole() != reference.whole() {
				w.t.Errorf("%s of %q: %d: %s", r.route, name, got.status, difference(got.whole(), reference.whole()))
			}
		}
	}
	report := func(address string) string {
		r := row{route: "REPORT " + davEntries, head: basic(secret, "1"), dav: davNamed(davEntries+meeting+".ics", address)}
		return strings.Replace(w.ask(r.request("", nil)).body, ">"+address+"<", ">ADDRESS<", 1)
	}
	want := report(davEntries + never + ".ics")
	if !strings.Contains(want, "BEGIN:VEVENT") || !strings.Contains(want, "HTTP/1.1 404 Not Found") {
		w.t.Errorf("a report of one that is there and one that is not: %s", want)
	}
	for _, address := range []string{davEntries + other + ".ics", "/feed/x/meetings.ics", "/caldav/meetings/", "https://other.example/" + other + ".ics", "::"} {
		if got := report(address); got != want {
			w.t.Errorf("a report of %q differs from one of nothing: %s", address, difference(got, want))
		}
	}
}

// withoutThePolice is a meeting in Amir's case to which the police are not called.
func (w *world) withoutThePolice() string {
	w.t.Helper()
	karin, err := w.town.As(w.t.Context(), coordinator, "")
	w.must(err, "sign in the coordinator")
	var id sig.InterventionID
	w.must(id.UnmarshalText([]byte(w.a.id)), "read the case's id")
	start := w.db.Now(w.t).AddDate(0, 0, 5)
	other, err := w.town.Meeting.Schedule(w.t.Context(), karin, meeting.NewMeeting{
		Key: uuid.NewString(), Intervention: id, Start: start, End: start.Add(time.Hour), Call: []sig.Seat{sample.Coordinator, sample.Counsellor},
		Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-POINT"}},
	})
	w.must(err, "call a meeting")
	return other.String()
}

// shutOut: without a secret, with one that nobody has, with one that was taken
// back and with what is none, every question is answered alike, whatever it is
// about.
func (w *world) shutOut(ended, meeting string) {
	w.t.Helper()
	event := meeting + ".ics"
	want := ""
	for name, header := range map[string]string{
		"nothing": "", "a secret that was taken back": basic(ended, "")[0][1], "a secret that nobody has": basic(base64.RawURLEncoding.EncodeToString(make([]byte, 32)), "")[0][1],
		"a short one": basic(ended[1:], "")[0][1], "no secret": basic("", "")[0][1], "no password": "Basic " + base64.StdEncoding.EncodeToString([]byte("x")),
		"a bearer": "Bearer " + ended, "no letters": "Basic \x01",
	} {
		for _, r := range []row{
			{route: "PROPFIND /caldav"}, {route: "PROPFIND /caldav/", dav: davTags}, {route: "PROPFIND " + davEntries, dav: davTags}, {route: "PROPFIND " + davEntries, dav: "<bad"},
			{route: "REPORT " + davEntries, dav: fmt.Sprintf(davEvents, "")}, {route: "REPORT " + davEntries, dav: davNamed(davEntries + event)}, {route: "REPORT " + davEntries, dav: davChanges("")},
			{route: "GET " + davEntry, at: []string{event}}, {route: "GET " + davEntry, at: []string{uuid.NewString() + ".ics"}},
			{route: "PROPFIND " + davEntry, at: []string{event}, dav: davTags},
		} {
			q := r.request("", r.at)
			q.header["Depth"] = "1"
			if header != "" {
				q.header["Authorization"] = header
			}
			if name == "no letters" {
				q.header["Authorization"] = "Basic ***"
			}
			before := w.state()
			got := w.ask(q)
			if want == "" {
				want = got.whole()
			}
			if got.status != http.StatusUnauthorized || got.whole() != want || !strings.HasPrefix(got.header.Get("Www-Authenticate"), "Basic ") {
				w.t.Errorf("%s with %s: %d: %s", r.route, name, got.status, difference(got.whole(), want))
			}
			w.unchanged(before, "%s with %s", r.route, name)
		}
	}
}
