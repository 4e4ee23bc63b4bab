package routetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"
	"github.com/emersion/go-webdav/carddav"
	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// replicas is a way to one address behind which two replicas take turns.
func (w *world) replicas() *http.Client {
	w.t.Helper()
	second, err := new(net.ListenConfig).Listen(w.t.Context(), "tcp", "127.0.0.1:0")
	w.must(err, "listen")
	w.serve(second)
	at := []string{strings.TrimPrefix(w.origin, "http://"), second.Addr().String()}
	var turn atomic.Int64
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at[turn.Add(1)%2])
		},
	}}
}

// subscription is somebody's calendar in a program that others have written.
type subscription struct {
	w      *world
	client *caldav.Client
	http   webdav.HTTPClient
	at     string
	token  string // of what the program was told last
}

func (w *world) subscribes(through *http.Client, actor sig.Actor) *subscription {
	w.t.Helper()
	ctx := w.t.Context()
	secret, err := w.town.Meeting.MakeFeed(ctx, actor)
	w.must(err, "make an address")
	shown := base64.RawURLEncoding.EncodeToString(secret[:])
	s := &subscription{w: w, http: webdav.HTTPClientWithBasicAuth(through, "anything", shown)}
	found, err := caldav.NewClient(s.http, w.origin+"/.well-known/caldav")
	w.must(err, "set the program up")
	principal, err := found.FindCurrentUserPrincipal(ctx)
	w.must(err, "find the reader")
	s.client, err = caldav.NewClient(s.http, w.origin)
	w.must(err, "set the program up")
	home, err := s.client.FindCalendarHomeSet(ctx, principal)
	w.must(err, "find the reader's home")
	list, err := s.client.FindCalendars(ctx, home)
	w.must(err, "find the calendars")
	if len(list) != 1 || list[0].Name != "Möten" || len(list[0].SupportedComponentSet) != 1 {
		w.t.Fatalf("the program finds the calendars %+v", list)
	}
	s.at = list[0].Path
	return s
}

// sees is what the program shows, day by day, with + where it says the place;
// by a query, each by itself and all by name, which must be the same.
func (s *subscription) sees(from, to time.Time) (string, map[string]string) {
	w, ctx := s.w, s.w.t.Context()
	w.t.Helper()
	whole := caldav.CalendarCompRequest{Name: "VCALENDAR", AllProps: true, AllComps: true}
	list, err := s.client.QueryCalendar(ctx, s.at, &caldav.CalendarQuery{
		CompRequest: whole, CompFilter: caldav.CompFilter{Name: "VCALENDAR", Comps: []caldav.CompFilter{{Name: "VEVENT", Start: from, End: to}}},
	})
	w.must(err, "query the calendar")
	var days []string
	tags := map[string]string{}
	for _, o := range list {
		got, err := s.client.GetCalendarObject(ctx, o.Path)
		w.must(err, "fetch an entry")
		again, err := s.client.MultiGetCalendar(ctx, s.at, &caldav.CalendarMultiGet{Paths: []string{o.Path}, CompRequest: whole})
		w.must(err, "fetch it by its name")
		if got.ETag != o.ETag || len(again) != 1 || again[0].ETag != o.ETag || o.ETag == "" {
			w.t.Errorf("the tags of %s are %q, %q and %+v", o.Path, o.ETag, got.ETag, again)
		}
		events := got.Data.Events()
		if len(events) != 1 || len(got.Data.Children) != 1 || got.Data.Props.Get("METHOD") != nil {
			w.t.Fatalf("an entry of %d events: %+v", len(events), got.Data)
		}
		at, err := events[0].DateTimeStart(time.UTC)
		w.must(err, "read when it is")
		day := at.In(sig.Stockholm).Format("02")
		if place := events[0].Props.Get("LOCATION"); place != nil {
			day += "+"
		}
		days, tags[o.Path] = append(days, day), o.ETag
	}
	return strings.Join(days, " "), tags
}

// changes is what a program of others is told since it asked last, over
// whichever replica answers: how many entries are new or changed, and which are
// gone. The same question is asked twice, and must be answered alike.
func (s *subscription) changes() (changed int, gone []string) {
	s.w.t.Helper()
	program, err := carddav.NewClient(s.http, s.w.origin) // its question is the same for any collection
	s.w.must(err, "set the program up")
	ask := func() *carddav.SyncResponse {
		got, err := program.SyncCollection(s.w.t.Context(), s.at, &carddav.SyncQuery{SyncToken: s.token})
		s.w.must(err, "ask what has changed")
		return got
	}
	got, again := ask(), ask()
	if got.SyncToken == "" || again.SyncToken != got.SyncToken || fmt.Sprint(again.Updated) != fmt.Sprint(got.Updated) {
		s.w.t.Errorf("two replicas answer %+v and %+v", got, again)
	}
	for _, o := range got.Updated {
		if o.ETag == "" {
			s.w.t.Errorf("what has changed has no tag: %+v", o)
		}
	}
	s.token = got.SyncToken
	slices.Sort(got.Deleted)
	return len(got.Updated), got.Deleted
}

// tag is the tag of the whole calendar.
func (s *subscription) tag() string {
	s.w.t.Helper()
	req, err := http.NewRequestWithContext(s.w.t.Context(), "PROPFIND", s.w.origin+s.at, strings.NewReader(davTags))
	s.w.must(err, "make a request")
	req.Header.Set("Depth", "0")
	req.Header.Set("Content-Type", "text/xml")
	res, err := s.http.Do(req)
	s.w.must(err, "ask for the tag")
	text, err := io.ReadAll(res.Body)
	s.w.must(err, "read the answer")
	_ = res.Body.Close()
	_, rest, ok := strings.Cut(string(text), "getctag")
	_, rest, _ = strings.Cut(rest, ">")
	tag, _, _ := strings.Cut(rest, "<")
	if !ok || tag == "" {
		s.w.t.Fatalf("there is no tag: %d", res.StatusCode)
	}
	return tag
}

// A calendar program of others, over two replicas in turn, shows each holder
// what the holder may come to at that instant. What is cut is gone at the next
// question, from the query, the single entry and the tags; a meeting that the
// holder is not called to changes nothing for them.
func TestACalendarProgramOnTwoReplicas(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	through := w.replicas()
	story, err := w.town.InForce(ctx, sample.Families()[0], sig.ProgrammeSIG)
	w.must(err, "bring Amir's consent into force")
	as := func(who string) sig.Actor {
		a, err := w.town.As(ctx, who, "")
		w.must(err, "sign in "+who)
		return a
	}
	karin, berg, malin := as(coordinator), as("police-farsta"), as("school-counsellor")
	start := w.db.Now(t).AddDate(0, 0, 7).Truncate(time.Hour)
	day := func(n int) string { return start.AddDate(0, 0, n).In(sig.Stockholm).Format("02") }
	meets := func(n int, call ...sig.Seat) sig.MeetingID {
		at := start.AddDate(0, 0, n)
		id, err := w.town.Meeting.Schedule(ctx, karin, meeting.NewMeeting{
			Key: uuid.NewString(), Intervention: story.Intervention, Start: at, End: at.Add(time.Hour), Place: "MARKER-PLACE", Call: append(call, sample.Coordinator),
			Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-POINT"}},
		})
		w.must(err, "call a meeting")
		return id
	}
	both := meets(0, sample.Police, sample.Counsellor)
	meets(1, sample.Police)
	police, school := w.subscribes(through, berg), w.subscribes(through, malin)
	shows := func(when, polices, schools string) {
		t.Helper()
		for s, want := range map[*subscription]string{police: polices, school: schools} {
			if got, _ := s.sees(start.AddDate(0, 0, -3), start.AddDate(0, 0, 9)); got != want {
				t.Errorf("%s: the program shows %q, want %q", when, got, want)
			}
		}
	}
	shows("at first", day(0)+"+ "+day(1)+"+", day(0)+"+")
	if got, _ := police.sees(start.AddDate(0, 0, 1), start.AddDate(0, 0, 1).Add(time.Minute)); got != day(1)+"+" {
		t.Errorf("of one minute the program shows %q", got)
	}
	if got, _ := police.sees(start.Add(time.Hour), start.AddDate(0, 0, 1)); got != "" {
		t.Errorf("between two meetings the program shows %q", got)
	}
	policeTag, schoolTag := police.tag(), school.tag()
	_, before := school.sees(start.AddDate(0, 0, -3), start.AddDate(0, 0, 9))
	meets(2, sample.Police)
	if school.tag() != schoolTag || police.tag() == policeTag {
		t.Error("a meeting changes the tag of whoever is not called, or not of whoever is")
	}
	w.exec(`update sig.youth set protection = 'marked' where name like 'Amir%'`)
	shows("protected", day(0)+" "+day(1)+" "+day(2), day(0))
	_, after := school.sees(start.AddDate(0, 0, -3), start.AddDate(0, 0, 9))
	if school.tag() == schoolTag || fmt.Sprint(before) == fmt.Sprint(after) {
		t.Error("the place is gone, and the tags are what they were")
	}
	w.exec(`update sig.youth set protection = 'none' where name like 'Amir%'`)
	schoolTag, rows := school.tag(), w.text(`select count(*)::text from sig.ledger where kind = 'read_meetings' and detail->>'via' = 'calendar'`)
	takeBack := func(who string, scope sig.WithdrawalScope) {
		t.Helper()
		_, err := w.town.Consenting.Withdraw(ctx, as(who), consenting.WithdrawInput{Intervention: story.Intervention, Scope: scope, Key: uuid.NewString()})
		w.must(err, "take back")
	}
	takeBack("sara", sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}})
	for range 4 { // both replicas, twice
		if _, err := school.client.GetCalendarObject(ctx, davEntries+both.String()+".ics"); err == nil || !strings.Contains(err.Error(), "404") {
			t.Errorf("an entry that is over is fetched: %v", err)
		}
	}
	shows("the school is out", day(0)+"+ "+day(1)+"+ "+day(2)+"+", "")
	if school.tag() == schoolTag {
		t.Error("the calendar is empty, and its tag is what it was")
	}
	if got := w.text(`select (count(*) - $1::int)::text from sig.ledger where kind = 'read_meetings' and detail->>'via' = 'calendar'`, rows); got != "13" {
		t.Errorf("4 fetches, 2 queries, 3 entries twice and 1 tag have left %s rows", got)
	}
	takeBack("omid", sig.WithdrawalScope{Whole: true})
	shows("everything is taken back", "", "")

	w.must(w.town.Meeting.EndFeed(ctx, berg), "take the address back")
	for range 2 {
		if _, err := police.client.FindCalendars(ctx, "/caldav/"); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("what was taken back finds calendars: %v", err)
		}
	}
	for _, line := range w.log.lines {
		t.Errorf("the portal logged a fault: %s", line)
	}
}

// A program that asks only for what has changed is told so by every replica, and
// nothing is remembered of it: what was moved has changed, what was taken from it is
// gone at the very next question, and of a meeting that it was never told of there
// is nothing, neither there nor gone.
func TestACalendarProgramAsksWhatHasChanged(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	story, err := w.town.InForce(ctx, sample.Families()[0], sig.ProgrammeSIG)
	w.must(err, "bring Amir's consent into force")
	as := func(who string) sig.Actor {
		a, err := w.town.As(ctx, who, "")
		w.must(err, "sign in "+who)
		return a
	}
	karin := as(coordinator)
	start := w.db.Now(t).AddDate(0, 0, 7).Truncate(time.Hour)
	meets := func(n int, call ...sig.Seat) (sig.MeetingID, string) {
		at := start.AddDate(0, 0, n)
		id, err := w.town.Meeting.Schedule(ctx, karin, meeting.NewMeeting{
			Key: uuid.NewString(), Intervention: story.Intervention, Start: at, End: at.Add(time.Hour), Place: "MARKER-PLACE", Call: append(call, sample.Coordinator),
			Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-POINT"}},
		})
		w.must(err, "call a meeting")
		return id, davEntries + id.String() + ".ics"
	}
	both, bothAt := meets(0, sample.Police, sample.Counsellor)
	_, policeAt := meets(1, sample.Police)
	through := w.replicas()
	police, school := w.subscribes(through, as("police-farsta")), w.subscribes(through, as("school-counsellor"))
	is := func(when string, s *subscription, changed int, gone ...string) {
		t.Helper()
		slices.Sort(gone)
		if n, lost := s.changes(); n != changed || !slices.Equal(lost, gone) {
			t.Errorf("%s: %d have changed and %v are gone, want %d and %v", when, n, lost, changed, gone)
		}
	}
	is("at first", police, 2)
	is("at first, the school", school, 1)
	is("nothing has happened", police, 0)
	third, _ := meets(2, sample.Police)
	is("another is called", police, 1)
	is("another, without the school", school, 0)
	w.must(w.town.Meeting.Move(ctx, karin, meeting.Move{
		Intervention: story.Intervention, Meeting: both, Start: start.Add(2 * time.Hour), End: start.Add(3 * time.Hour), Place: "MARKER-ELSEWHERE",
	}), "move the first")
	is("one has moved", police, 1)
	is("one has moved, the school", school, 1)
	w.exec(`update sig.youth set protection = 'marked' where name like 'Amir%'`)
	is("no place is said any more", school, 1)
	w.exec(`update sig.youth set protection = 'none' where name like 'Amir%'`)
	is("and again", school, 1)
	w.must(w.town.Meeting.Cancel(ctx, karin, story.Intervention, third), "call the third off")
	is("one is called off", police, 0, davEntries+third.String()+".ics")
	stolen := *police
	stolen.token = school.token
	program, err := carddav.NewClient(stolen.http, w.origin)
	w.must(err, "set the program up")
	if _, err := program.SyncCollection(ctx, stolen.at, &carddav.SyncQuery{SyncToken: stolen.token}); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("the school's token answers the police: %v", err)
	}
	_, err = w.town.Consenting.Withdraw(ctx, as("sara"), consenting.WithdrawInput{
		Intervention: story.Intervention, Scope: sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}}, Key: uuid.NewString(),
	})
	w.must(err, "take the school out")
	is("the school is out", school, 0, bothAt)
	is("the school is out, and knows it", school, 0)
	_, err = w.town.Consenting.Withdraw(ctx, as("omid"), consenting.WithdrawInput{
		Intervention: story.Intervention, Scope: sig.WithdrawalScope{Whole: true}, Key: uuid.NewString(),
	})
	w.must(err, "take everything back")
	is("everything is taken back", police, 0, bothAt, policeAt)
	for _, line := range w.log.lines {
		t.Errorf("the portal logged a fault: %s", line)
	}
}
