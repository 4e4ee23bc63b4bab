package httpd

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/caldav"
	"sigportal/internal/calendar"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// feedRoutes are those that calendar programs ask: the secret in the address is
// all that they know of who asks.
func (a *App) feedRoutes() []Route {
	return []Route{{"GET", "/feed/:secret/meetings.ics", Public, a.feedSend}}
}

// feedData is the page on which the address is made and taken back.
type feedData struct {
	Base
	Since time.Time // zero without an address
	// Just made, and shown this once.
	Address, Server, Password string
}

// Programs are the keys of how to subscribe, one for each kind of program.
func (feedData) Programs() []string {
	return []string{"feed.how.outlook", "feed.how.apple", "feed.how.google", "feed.how.thunderbird"}
}

var feedPage = page("calendar", func(b Base) []feedData {
	return []feedData{{Base: b}, {Base: b, Since: sampleNow}, {Base: b, Since: sampleNow, Address: "https://sig.example/feed/x/meetings.ics", Server: "https://sig.example/caldav/", Password: "x"}}
})

// feedShow tells what the address is for, and whether there is one.
func (a *App) feedShow(r *Request) error {
	since, err := a.deps.Meeting.FeedSince(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	return feedPage.Send(r, feedData{Base: r.Base("feed.title"), Since: since})
}

// feedMake makes an address and shows it.
func (a *App) feedMake(r *Request) error {
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	secret, err := a.deps.Meeting.MakeFeed(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	since, err := a.deps.Meeting.FeedSince(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	base, shown := strings.TrimSuffix(a.deps.Config.BaseURL, "/"), base64.RawURLEncoding.EncodeToString(secret[:])
	return feedPage.Send(r, feedData{
		Base: r.Base("feed.title"), Since: since,
		Address: base + "/feed/" + shown + "/meetings.ics", Server: base + caldav.Root, Password: shown,
	})
}

// feedEnd takes the address back.
func (a *App) feedEnd(r *Request) error {
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.EndFeed(r.Context(), r.Actor()); err != nil {
		return err
	}
	return r.SeeOther("/calendar", "flash.feed_ended")
}

// calendarLanguage is that of the one word in a calendar.
const calendarLanguage = "sv"

// feedSend sends the calendar. No copy of it is to be kept on the way: what its
// holder may no longer see is gone at the next reading.
func (a *App) feedSend(r *Request) error {
	secret, ok := secretOf(r.Params("secret"))
	if !ok {
		return fault.Missing()
	}
	entries, err := a.deps.Meeting.Feed(r.Context(), secret, meeting.Part{})
	if err != nil {
		return err
	}
	text, err := calendar.Feed(a.feedItems(entries), calendarLanguage)
	if err != nil {
		return fault.Wrap(fault.Internal, "error.internal", err)
	}
	r.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="meetings.ics"`)
	return r.Send(text)
}

func (a *App) feedItems(entries []meeting.Entry) []calendar.Item {
	base := strings.TrimSuffix(a.deps.Config.BaseURL, "/")
	var items []calendar.Item
	for _, e := range entries {
		items = append(items, calendar.Item{
			UID: e.ID.String() + "@" + a.deps.Config.CalendarDomain, Sequence: e.Sequence, Stamp: e.At, Start: e.Start, End: e.End, Place: e.Place,
			Link: base + "/meetings?week=" + sig.DateOf(e.Start).String(),
		})
	}
	return items
}

// secretOf reads the secret of an address.
func secretOf(text string) (meeting.Secret, bool) {
	var secret meeting.Secret
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != len(secret) {
		return meeting.Secret{}, false
	}
	copy(secret[:], raw)
	return secret, true
}
