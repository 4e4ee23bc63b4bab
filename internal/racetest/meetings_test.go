package racetest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/mailcatch"
	"sigportal/internal/meeting"
	"sigportal/internal/replica"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// meetings are what of Amir's network meetings a withdrawal is raced with: one
// ahead, and one whose room is open with the police in it.
type meetings struct {
	ahead, live sig.MeetingID
	standing    []string // the two
	catcher     *mailcatch.Catcher
	point       sig.PointID // of the live one; the coordinator tells it to the police
	officers    []string    // cookies of the police's sessions
	secret      string      // of the link of a guest who is asked which times suit
	version     atomic.Int64
	sent        atomic.Int64 // calls that left by mail, in all rounds
	suited      atomic.Int64 // answers to a poll by a guest's link, in all rounds
}

// lockless are the acts upon meetings without the lock after which they ask the
// policy again: what they decide from may be gone when they write. Of those who
// write one version of a point, or send minutes, the first alone gets it done: a
// slow disk keeps it from its commit for a while.
var lockless = []replica.Edit{
	{"internal/meeting/schedule.go", "tx.Lock(ctx, postgres.LockKey(in.Intervention))", "tx.ReadClock(ctx)"},
	{"internal/meeting/change.go", "tx.Lock(ctx, postgres.LockKey(entry.Intervention))", "tx.ReadClock(ctx)"},
	{"internal/sharing/here.go", "	sent, err := s.sendAll(ctx, tx, a, in.To, plans)\n",
		"	sent, err := s.sendAll(ctx, tx, a, in.To, plans)\n	_ = tx.Flush(ctx)\n	<-time.After(100 * time.Millisecond)\n"},
	{"internal/sharing/here.go", "import (\n", "import (\n	\"time\"\n"},
	{"internal/postgres/mail_send.go", "else sig.mail_entitled($1) end", "else true end"},
	{"internal/meeting/guest_link.go", "			tx.LockCase(linked.Intervention)\n", "			if err := tx.ReadClock(ctx); err != nil {\n				return err\n			}\n"},
	{"internal/postgres/meeting.go", "	tx.ShareCase(intervention)\n", "	tx.laterRow(\"read the clock\", tx.scanClock, readClockSQL)\n"},
}

const (
	agendaSeen     = "MARKER-RACE-POINT"
	minutesVersion = 1
)

// meet calls the meetings and opens a room.
func (c *city) meet() {
	c.t.Helper()
	ctx := c.t.Context()
	coordinator, err := c.town.As(ctx, "coordinator-farsta", "")
	c.must(err, "sign in the coordinator")
	schedule := func(in time.Duration) sig.MeetingID {
		start := time.Now().Add(in).Truncate(time.Minute)
		id, err := c.town.Meeting.Schedule(ctx, coordinator, meeting.NewMeeting{
			Key: uuid.NewString(), Intervention: c.intervention, Start: start, End: start.Add(3 * time.Hour),
			Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: agendaSeen}},
			Call:   []sig.Seat{sample.Coordinator, sample.Police},
		})
		c.must(err, "call a meeting")
		return id
	}
	c.ahead, c.live = schedule(7*24*time.Hour), schedule(5*time.Minute)
	c.asksAGuest(coordinator)
	c.must(c.super.QueryRow(ctx, `select array_agg(id::text) from sig.meeting`).Scan(&c.standing), "list the meetings")
	c.must(c.town.Meeting.OpenRoom(ctx, coordinator, c.intervention, c.live), "open the room")
	open, err := c.town.Meeting.Open(ctx, coordinator, c.intervention, c.live)
	c.must(err, "open the meeting")
	c.point = open.Points[0].ID
	for _, called := range open.Called {
		c.must(c.town.Meeting.Came(ctx, coordinator, meeting.Attend{
			Intervention: c.intervention, Meeting: c.live, Invitation: called.ID,
		}), "note who came")
	}
	live := meeting.NewMinutes{Intervention: c.intervention, Meeting: c.live, Texts: []string{"MARKER-RACE-MINUTES"}}
	c.must(c.town.Meeting.WriteMinutes(ctx, coordinator, live), "write minutes")
	c.must(c.town.Meeting.ApproveMinutes(ctx, coordinator, c.intervention, c.live, minutesVersion), "approve minutes")
	for range 60 {
		c.officers = append(c.officers, c.signIn("police-farsta", ""))
	}
}

// sendMails gives replicas that are started from now on a mail server.
func (c *city) sendMails() {
	c.t.Helper()
	var err error
	c.catcher, err = mailcatch.Start(c.t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	c.must(err, "start a mail server")
	c.t.Cleanup(func() { _ = c.catcher.Close() })
	c.environ = append(c.environ, "SIG_MAIL_ADDRESS="+c.catcher.SMTPAddr(), "SIG_MAIL_FROM=portalen@sig.example", "SIG_MAIL_TLS=none")
}

// What a withdrawal, and the acts that raced it, did to meetings.
const rewindMeetings = `
delete from sig.item where id in (select item from sig.meeting_told union all select item from sig.minutes_sent);
delete from sig.meeting_told; delete from sig.minutes_sent; delete from sig.meeting_draft;
delete from sig.meeting_presence where meeting <> all (%standing%);
delete from sig.meeting_invitation where meeting <> all (%standing%);
delete from sig.meeting_point_text where meeting <> all (%standing%);
delete from sig.meeting_point where meeting <> all (%standing%);
delete from sig.meeting where id <> all (%standing%);
update sig.meeting set state = 'proposed' where state = 'dropped';
update sig.meeting_guest set ended_at = null, ended_by = null where ended_at is not null;
update sig.meeting set state = 'planned', cancelled_at = null, cancel_reason = null where state = 'cancelled';
update sig.meeting set sharing_ended_at = null where sharing_ended_at is not null;
update sig.meeting_invitation set ended_at = null, ended_by = null where ended_at is not null;
update sig.meeting_presence set ended_at = null where ended_at is not null;
update sig.meeting_attendance set left_at = null, left_why = null where left_at is not null;`

func (c *city) rewindMeetings() string {
	if len(c.standing) == 0 {
		return ""
	}
	return strings.ReplaceAll(rewindMeetings, "%standing%", "'{"+strings.Join(c.standing, ",")+"}'::uuid[]")
}

// What is left after a withdrawal for somebody who is no longer entitled: a
// call that stands, a copy that is not cut, and a call by mail that was let go
// after the withdrawal. The second figure is how many left before it, the third
// how often a guest has answered.
const leftOverSQL = `
with taken as (select at from sig.ledger where id > $1 and kind = 'withdraw_consent' and outcome = 'allowed' order by id limit 1),
call as (select m.checked_at, m.sent_at from sig.mail m where m.kind = 'meeting' and m.method = 'request')
select (select count(*) from sig.meeting_invitation where ended_at is null) + (select count(*) from sig.meeting_guest where ended_at is null)
       + (select count(*) from sig.meeting_guest, taken where suits_at > taken.at) + (select count(*) from sig.received where basis = 'consent' and cut_at is null)
       + (select count(*) from call, taken where call.checked_at > taken.at),
       (select count(*) from call where call.sent_at is not null),
       (select count(*) from sig.ledger where id > $1 and kind = 'answer_guest' and outcome = 'allowed')`

// queueMails queues the calls of the meetings ahead anew: they leave while the
// withdrawal comes.
func (c *city) queueMails() string {
	if c.catcher == nil {
		return ""
	}
	return "select sig.queue_meeting_calls(v.id, sig.now()) from sig.meeting_invitation v where v.meeting <> '" + c.live.String() + "'"
}

const openMailsSQL = `
select count(*) from sig.mail where kind = 'meeting' and method = 'request' and sent_at is null and cancelled_at is null`

// mailing queues calls by mail again and again, as moves of the meeting would.
func (f *field) mailing(t *testing.T, callers int) *contender {
	const moved = `update sig.meeting set sequence = sequence + 1 where state = 'planned' and id = '`
	return &contender{name: "calls leaving by mail", callers: callers, call: func() bool {
		if _, err := f.super.Exec(context.Background(), moved+f.ahead.String()+"'; "+f.queueMails()); err != nil {
			t.Errorf("queue calls by mail: %v", err)
		}
		return false
	}}
}

// awaitMails waits until each call has left or been held back.
func (f *field) awaitMails(t *testing.T) {
	t.Helper()
	if f.catcher == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		var open int
		if err := f.super.QueryRow(ctx, openMailsSQL).Scan(&open); err != nil {
			t.Fatalf("wait for the calls by mail: %v", err)
		}
		if open == 0 {
			return
		}
		<-tick.C
	}
}

// inviting calls the police to another meeting, with what it is about.
func (f *field) inviting(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "invitations and their points", callers: callers, call: func() bool {
		start := time.Now().Add(14 * 24 * time.Hour)
		seat := func(s sig.Seat) string { return string(s.Authority) + "/" + string(s.Unit) + "/" + string(s.Function) }
		status, _, err := f.ask("POST", f.path()+"/meetings/new", pick(f.readers), url.Values{
			"key": {uuid.NewString()}, "start": {start.In(sig.Stockholm).Format("2006-01-02T15:04")}, "checked": {"true"},
			"end":               {start.Add(time.Hour).In(sig.Stockholm).Format("2006-01-02T15:04")},
			"points.0.category": {string(sig.CategoryPlanGoals)}, "points.0.teller": {seat(sample.Coordinator)}, "points.0.text": {agendaSeen},
			"call": {seat(sample.Coordinator), seat(sample.Police)},
		})
		return f.went(t, "call a meeting", whole, status, err)
	}}
}

// telling stamps what the coordinator tells in the room where the police are.
func (f *field) telling(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "what is told in the room", callers: callers, call: func() bool {
		seen := f.version.Load()
		status, _, err := f.ask("POST", f.path()+"/meetings/"+f.live.String()+"/room/points/"+f.point.String(), pick(f.readers), url.Values{
			"act": {"told"}, "key": {uuid.NewString()}, "version": {strconv.FormatInt(seen, 10)}, "text": {"MARKER-RACE-TOLD"}, "necessity": {"behövs"},
		})
		if status == http.StatusSeeOther {
			f.version.CompareAndSwap(seen, seen+1)
		}
		return f.went(t, "tell in the room", whole, status, err)
	}}
}

// sending sends the approved minutes to the police who were there.
func (f *field) sending(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "minutes being sent", callers: callers, once: true, call: func() bool {
		status, _, err := f.ask("POST", f.path()+"/meetings/"+f.live.String()+"/minutes/send", pick(f.readers), url.Values{
			"version": {strconv.Itoa(minutesVersion)}, "necessity": {"behövs"},
		})
		return f.went(t, "send minutes", whole, status, err)
	}}
}

// attending reads the points that the police are called to.
func (f *field) attending(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "reads of a meeting's points", callers: callers, call: func() bool {
		status, text, err := f.ask("GET", f.path()+"/meetings/"+f.ahead.String(), pick(f.officers), nil)
		if whole && (err != nil || status != http.StatusOK && status != http.StatusGone && status != http.StatusNotFound && status != http.StatusServiceUnavailable) {
			t.Errorf("read a meeting: %d, %v", status, err)
		}
		return strings.Contains(text, agendaSeen)
	}}
}

// went reports whether an act was taken; a build that is whole takes it or says no.
func (f *field) went(t *testing.T, doing string, whole bool, status int, err error) bool {
	t.Helper()
	if whole && (err != nil || status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable || status == http.StatusBadRequest) {
		t.Errorf("%s: %d, %v", doing, status, err)
	}
	return status == http.StatusSeeOther
}

// asksAGuest asks an interpreter, who has no account, which of two times suit.
func (c *city) asksAGuest(coordinator sig.Actor) {
	c.t.Helper()
	ctx := c.t.Context()
	start := time.Now().Add(9 * 24 * time.Hour).Truncate(time.Minute)
	id, err := c.town.Meeting.Schedule(ctx, coordinator, meeting.NewMeeting{
		Key: uuid.NewString(), Intervention: c.intervention, Call: []sig.Seat{sample.Coordinator, sample.Police},
		Poll:   []meeting.Span{{Start: start, End: start.Add(time.Hour)}, {Start: start.Add(24 * time.Hour), End: start.Add(25 * time.Hour)}},
		Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: agendaSeen}},
	})
	c.must(err, "ask which times suit")
	guest, err := c.town.Meeting.CallInterpreter(ctx, coordinator, meeting.NewInterpreter{
		Key: uuid.NewString(), Intervention: c.intervention, Meeting: id, Language: "prs", Name: "Parwin Sadat", Identity: "KAM-10442", Email: "parwin@tolk.example", Unrelated: true,
	})
	c.must(err, "call an interpreter")
	var secret meeting.Secret
	_, _ = rand.Read(secret[:]) // never fails
	_, err = c.super.Exec(ctx, `insert into sig.meeting_guest_link (secret_hash, guest, made_at) values ($1, $2, sig.now())`, secret.Hash(), guest)
	c.must(err, "give the interpreter a link")
	c.secret = base64.RawURLEncoding.EncodeToString(secret[:])
}

// polling says by a guest's link which times suit. The page that answers is read
// after the answer is kept: a withdrawal may come between them.
func (f *field) polling(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "answers to a poll by a guest's link", callers: callers, counted: &f.suited, call: func() bool {
		status, _, err := f.ask("POST", "/guest/"+f.secret, "", url.Values{"answer": {"suits"}, "suits": {pick([]string{"1", "2"})}})
		if whole && (err != nil || status != http.StatusOK && status != http.StatusNotFound && status != http.StatusServiceUnavailable) {
			t.Errorf("answer a poll: %d, %v", status, err)
		}
		return status == http.StatusOK
	}}
}
