package httpd

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/caldav"
	"sigportal/internal/calendar"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// The methods of CalDAV that HTTP alone does not know. None changes anything.
const (
	propFind = "PROPFIND"
	report   = "REPORT"
)

// methods are those that any route answers to.
var methods = append([]string{propFind, report}, fiber.DefaultMethods...)

const caldavEntry = caldav.Collection + ":event"

// caldavRoutes are those that a calendar program asks entry by entry. It shows
// the secret of the calendar's address as a password, since programs know no
// other way; the name that it gives besides is not looked at. Nothing here
// answers a method that writes.
func (a *App) caldavRoutes() []Route {
	return []Route{
		{"GET", "/.well-known/caldav", Public, a.caldavFind},
		{propFind, "/.well-known/caldav", Public, a.caldavFind},
		{propFind, strings.TrimSuffix(caldav.Root, "/"), Public, a.caldavHome}, // as people type it
		{"OPTIONS", caldav.Root, Public, a.caldavOptions},
		{propFind, caldav.Root, Public, a.caldavHome},
		{"OPTIONS", caldav.Collection, Public, a.caldavOptions},
		{propFind, caldav.Collection, Public, a.caldavCalendar},
		{report, caldav.Collection, Public, a.caldavReport},
		{"OPTIONS", caldavEntry, Public, a.caldavOptions},
		{propFind, caldavEntry, Public, a.caldavEntry},
		{"GET", caldavEntry, Public, a.caldavSend},
	}
}

// caldavFind leads from the fixed address of RFC 6764 to where the calendar is.
func (a *App) caldavFind(r *Request) error {
	return r.Redirect(caldav.Root, fiber.StatusTemporaryRedirect)
}

// caldavOptions says what can be asked, to anybody and of any address alike.
func (a *App) caldavOptions(r *Request) error {
	r.Set("DAV", caldav.Class)
	r.Set(fiber.HeaderAllow, "OPTIONS, GET, HEAD, PROPFIND, REPORT")
	return r.SendStatus(fiber.StatusNoContent)
}

// caldavHome tells a program who it is, and which calendar there is.
func (a *App) caldavHome(r *Request) error {
	secret, err := a.subscriber(r)
	if err != nil {
		return err
	}
	q, members, err := propFindOf(r)
	if err != nil {
		return davRefused(r, err)
	}
	things := []caldav.Resource{caldav.Home()}
	if members {
		here, err := a.calendarOf(r, secret, q)
		if err != nil {
			return err
		}
		things = append(things, here)
	}
	return davAnswer(r, q, things, nil)
}

// caldavCalendar tells of the calendar, and of what is in it.
func (a *App) caldavCalendar(r *Request) error {
	secret, err := a.subscriber(r)
	if err != nil {
		return err
	}
	q, members, err := propFindOf(r)
	if err != nil {
		return davRefused(r, err)
	}
	if !members {
		here, err := a.calendarOf(r, secret, q)
		if err != nil {
			return err
		}
		return davAnswer(r, q, []caldav.Resource{here}, nil)
	}
	events, err := a.entries(r, secret, meeting.Part{})
	if err != nil {
		return err
	}
	here, err := caldav.Calendar(calendarName(), events, secret[:])
	if err != nil {
		return fault.Wrap(fault.Internal, "error.internal", err)
	}
	things := []caldav.Resource{here}
	for _, e := range events {
		things = append(things, e.Resource(false))
	}
	return davAnswer(r, q, things, nil)
}

// caldavReport sends the entries that a program asks for: by time, or by name.
func (a *App) caldavReport(r *Request) error {
	secret, err := a.subscriber(r)
	if err != nil {
		return err
	}
	q, err := caldav.Report(r.Body())
	if err != nil {
		return davRefused(r, err)
	}
	if q.Changes {
		return a.caldavChanges(r, secret, q)
	}
	part := meeting.Part{From: q.From, To: q.To}
	if q.Multiget {
		part.Only = namedMeetings(q.Hrefs)
	}
	var events []caldav.Event
	if !q.Nothing && (!q.Multiget || len(part.Only) > 0) {
		if events, err = a.entries(r, secret, part); err != nil {
			return err
		}
	}
	var things []caldav.Resource
	there := map[string]bool{}
	for _, e := range events {
		things = append(things, e.Resource(true))
		there[e.Name] = true
	}
	var gone []string
	for _, href := range q.Hrefs {
		if !there[caldav.Named(href)] {
			gone = append(gone, href)
		}
	}
	return davAnswer(r, q, things, gone)
}

// caldavChanges tells what has changed since the program was given its token.
// The calendar is read as for any other question: what the token names and is not
// there now is gone.
func (a *App) caldavChanges(r *Request, secret meeting.Secret, q caldav.Question) error {
	events, err := a.entries(r, secret, meeting.Part{})
	if err != nil {
		return err
	}
	text, err := q.Sync(secret[:], events)
	switch {
	case errors.Is(err, caldav.ErrToken), errors.Is(err, caldav.ErrLimit):
		return davRefused(r, err)
	case err != nil:
		return fault.Wrap(fault.Internal, "error.internal", err)
	}
	return davSend(r, text)
}

// caldavEntry tells of one entry.
func (a *App) caldavEntry(r *Request) error {
	e, err := a.theEntry(r)
	if err != nil {
		return err
	}
	q, _, err := propFindOf(r)
	if err != nil {
		return davRefused(r, err)
	}
	return davAnswer(r, q, []caldav.Resource{e.Resource(false)}, nil)
}

// caldavSend sends one entry.
func (a *App) caldavSend(r *Request) error {
	e, err := a.theEntry(r)
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, caldav.ContentType)
	r.Set(fiber.HeaderETag, e.Tag())
	return r.Send(e.Data)
}

// theEntry is the one that the address names.
func (a *App) theEntry(r *Request) (caldav.Event, error) {
	secret, err := a.subscriber(r)
	if err != nil {
		return caldav.Event{}, err
	}
	only := namedMeetings([]string{caldav.Collection + r.Params("event")})
	if len(only) == 0 {
		return caldav.Event{}, fault.Missing()
	}
	events, err := a.entries(r, secret, meeting.Part{Only: only})
	if err != nil {
		return caldav.Event{}, err
	}
	if len(events) != 1 {
		return caldav.Event{}, fault.Missing()
	}
	return events[0], nil
}

// subscriber reads the secret that a program shows. None, one that is no
// secret, one that nobody has and one that was taken back are answered alike.
func (a *App) subscriber(r *Request) (meeting.Secret, error) {
	r.Set(fiber.HeaderWWWAuthenticate, `Basic realm="sigportal", charset="UTF-8"`)
	shown := http.Request{Header: http.Header{"Authorization": {r.Get(fiber.HeaderAuthorization)}}}
	_, password, _ := shown.BasicAuth()
	secret, ok := secretOf(password)
	if !ok {
		return meeting.Secret{}, errSignIn
	}
	if _, err := a.deps.Meeting.Subscriber(r.Context(), secret); err != nil {
		return meeting.Secret{}, signInAgain(err)
	}
	r.Response().Header.Del(fiber.HeaderWWWAuthenticate)
	return secret, nil
}

// signInAgain is the answer where the secret is nobody's.
func signInAgain(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return errSignIn
	}
	return err
}

// entries reads the calendar afresh: what a program was told before decides
// nothing.
func (a *App) entries(r *Request, secret meeting.Secret, part meeting.Part) ([]caldav.Event, error) {
	list, err := a.deps.Meeting.Feed(r.Context(), secret, part)
	if err != nil {
		return nil, signInAgain(err)
	}
	var events []caldav.Event
	for i, item := range a.feedItems(list) {
		item.Stamp = list[i].Changed // the same bytes at every reading, or a tag would say nothing
		text, err := item.Object(calendarLanguage)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, "error.internal", err)
		}
		events = append(events, caldav.Event{Name: list[i].ID.String(), Data: text})
	}
	return events, nil
}

// calendarOf is the calendar itself. It is read for its tag alone.
func (a *App) calendarOf(r *Request, secret meeting.Secret, q caldav.Question) (caldav.Resource, error) {
	if !q.WantsTag() {
		return caldav.Calendar(calendarName(), nil, nil)
	}
	events, err := a.entries(r, secret, meeting.Part{})
	if err != nil {
		return caldav.Resource{}, err
	}
	return caldav.Calendar(calendarName(), events, secret[:])
}

func calendarName() string { return calendar.Name(calendarLanguage) }

// namedMeetings are the meetings that a program names, each once.
func namedMeetings(hrefs []string) []sig.MeetingID {
	var ids []sig.MeetingID
	seen := map[string]bool{}
	for _, href := range hrefs {
		name := caldav.Named(href)
		var id sig.MeetingID
		if id.UnmarshalText([]byte(name)) == nil && id.String() == name && !seen[name] {
			ids, seen[name] = append(ids, id), true
		}
	}
	return ids
}

func propFindOf(r *Request) (q caldav.Question, members bool, err error) {
	if members, err = caldav.Depth(r.Get("Depth")); err != nil {
		return q, false, err
	}
	q, err = caldav.PropFind(r.Body())
	return q, members, err
}

// davRefused answers a question that is none, or none that is answered here.
func davRefused(r *Request, err error) error {
	switch {
	case errors.Is(err, caldav.ErrTooLong):
		return fiber.ErrRequestEntityTooLarge
	case errors.Is(err, caldav.ErrMalformed):
		return errMalformed
	}
	r.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return r.Status(fiber.StatusForbidden).Send(caldav.Refusal(err))
}

func davAnswer(r *Request, q caldav.Question, things []caldav.Resource, gone []string) error {
	text, err := q.Answer(things, gone)
	if err != nil {
		return fault.Wrap(fault.Internal, "error.internal", err)
	}
	return davSend(r, text)
}

func davSend(r *Request, text []byte) error {
	r.Set("DAV", caldav.Class)
	r.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return r.Status(fiber.StatusMultiStatus).Send(text)
}
