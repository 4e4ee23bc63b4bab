package scenariotest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"sigportal/internal/alarm"
	"sigportal/internal/jobs"
	"sigportal/internal/mail"
	"sigportal/internal/mailcatch"
	"sigportal/internal/meeting"
	"sigportal/internal/postgres"
	"sigportal/internal/reply"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
	"sigportal/internal/sms"
)

// post is a mail server for the city, and a replica that sends while it runs.
type post struct {
	c       *city
	catcher *mailcatch.Catcher
	read    int // mails looked at
}

// replies are the addresses to which calendar programs answer.
var replies = reply.NewAddresses(bytes.Repeat([]byte{3}, 32), "portal@sig.example")

func (c *city) post() *post {
	c.t.Helper()
	catcher, err := mailcatch.Start(c.t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	c.must(err, "start a mail server")
	c.t.Cleanup(func() { _ = catcher.Close() })
	return &post{c: c, catcher: catcher}
}

// empties lets a replica send until nothing is due, and stops it.
func (p *post) empties() {
	p.c.t.Helper()
	log := slog.New(slog.DiscardHandler)
	sender, err := mail.New(mail.Config{Address: p.catcher.SMTPAddr(), From: "portal@sig.example", TLS: "none", Link: "https://sig.example/"})
	p.c.must(err, "set up the sender")
	texts, err := sms.New(sms.Config{URL: p.catcher.GatewayURL(), Token: "secret", From: "Samverkan", Link: "https://sig.example/"})
	p.c.must(err, "set up the gateway")
	j, err := jobs.New(jobs.Deps{DB: p.c.db.Worker(), Sealer: p.c.Sealer, Sender: sender, Texts: texts, Replies: &replies, Log: log})
	p.c.must(err, "set up the queue")
	a := alarm.New(p.c.db.Worker(), log)
	a.Handle(postgres.AlarmMailDue, j.MailDue)
	ctx, stop := context.WithTimeout(p.c.ctx(), 30*time.Second)
	var running sync.WaitGroup
	running.Go(func() { a.Run(ctx) })
	running.Go(func() { _ = j.Run(ctx) })
	for one[int](p.c, `select count(*)::int from sig.mail where sent_at is null and cancelled_at is null and due_at <= sig.now()`) > 0 {
		select {
		case <-ctx.Done():
			p.c.t.Fatal("mails are still open after 30 s")
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	running.Wait()
}

// entry is a calendar entry as another program reads it.
type entry struct {
	to, method, uid, sequence, place, messageID string
	start                                       time.Time
}

// calls are the calendar entries that came since they were last looked at; any
// byte of a mail that tells what it must not fails the test.
func (p *post) calls() []entry {
	p.c.t.Helper()
	var list []entry
	all := p.catcher.Messages()
	for _, m := range all[p.read:] {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		whole := string(m.Raw) + letter.Subject + letter.Text + strings.ReplaceAll(letter.Calendar, "\r\n ", "")
		for _, told := range []string{"MARKER-GOALS", "MARKER-SEEN", "MARKER-ATTENDANCE", "marker-link", "Amir", "Rahimi", "Farsta stads", "Polis", "skolan, ",
			p.c.id.String(), one[string](p.c, `select y.id::text from sig.youth y limit 1`)} {
			if strings.Contains(whole, told) {
				p.c.t.Errorf("a mail to %s tells %q:\n%s", m.To, told, whole)
			}
		}
		if letter.Calendar == "" {
			continue
		}
		list = append(list, p.entry(m, letter))
	}
	p.read = len(all)
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.to+a.sequence, b.to+b.sequence) })
	return list
}

func (p *post) entry(m mailcatch.Message, letter mailcatch.Letter) entry {
	p.c.t.Helper()
	cal, err := ics.ParseCalendar(bytes.NewBufferString(letter.Calendar))
	p.c.must(err, "another program reads a calendar entry")
	if len(cal.Events()) != 1 || len(m.To) != 1 {
		p.c.t.Fatalf("%d events to %v", len(cal.Events()), m.To)
	}
	event := cal.Events()[0]
	if to := event.Attendees(); len(to) != 1 || to[0].Email() != m.To[0] || strings.Count(letter.Calendar, "@") != 3 {
		p.c.t.Errorf("to %v the entry names:\n%s", m.To, letter.Calendar)
	}
	value := func(name ics.ComponentProperty) string {
		if property := event.GetProperty(name); property != nil {
			return property.Value
		}
		return ""
	}
	if value(ics.ComponentPropertySummary) != "Möte" || letter.Subject != "Möte" || value(ics.ComponentPropertyUrl) != "https://sig.example/meetings" {
		p.c.t.Errorf("the entry to %v says more or less than Möte and a link:\n%s", m.To, letter.Calendar)
	}
	for _, line := range strings.Split(strings.ReplaceAll(letter.Calendar, "\r\n ", ""), "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		if line != "" && !slices.Contains([]string{"BEGIN", "END", "VERSION", "PRODID", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY",
			"DESCRIPTION", "URL", "CLASS", "STATUS", "LOCATION", "ORGANIZER", "ATTENDEE"}, name) {
			p.c.t.Errorf("the entry has a line %q", line)
		}
	}
	start, err := event.GetStartAt()
	p.c.must(err, "read the time")
	return entry{
		to: m.To[0], method: letter.Method, uid: value(ics.ComponentPropertyUniqueId), sequence: value(ics.ComponentPropertySequence),
		place: value(ics.ComponentPropertyLocation), messageID: letter.Header.Get("Message-ID"), start: start,
	}
}

func whom(list []entry) string {
	var parts []string
	for _, e := range list {
		name, _, _ := strings.Cut(e.to, ".")
		parts = append(parts, name+" "+e.method+" "+e.sequence)
	}
	return strings.Join(parts, ", ")
}

var three = []sig.Seat{sample.Coordinator, sample.Police, sample.Counsellor}

// Each person of a called function gets one entry, alone: a call, the same
// entry again when the meeting moves, and its end when it is called off.
func TestCallsByMail(t *testing.T) {
	c := inForce(t)
	p := c.post()
	p.empties()
	p.calls()
	in := c.meets("2026-12-10 14:00:00", three, goals, seen)
	id := c.schedules(in)
	p.empties()
	sent := p.calls()
	if got := whom(sent); got != "karin REQUEST 0, kent REQUEST 0, malin REQUEST 0" {
		t.Fatalf("calls: %s", got)
	}
	uid := id.String() + "@sig.example"
	for _, e := range sent {
		if e.uid != uid || !e.start.Equal(in.Start) || e.place != in.Place {
			t.Errorf("the call is %+v", e)
		}
	}
	c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{
		Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 09:00:00"), End: stockholm("2026-12-11 10:00:00"), Place: "MARKER-NEW",
	}), "Karin moves it")
	p.empties()
	if moved := p.calls(); whom(moved) != "karin REQUEST 1, kent REQUEST 1, malin REQUEST 1" || moved[0].uid != uid || moved[0].place != "MARKER-NEW" ||
		!moved[0].start.Equal(stockholm("2026-12-11 09:00:00")) {
		t.Errorf("after the move: %+v", moved)
	}
	c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "Karin calls it off")
	p.empties()
	if off := p.calls(); whom(off) != "karin CANCEL 2, kent CANCEL 2, malin CANCEL 2" || off[0].uid != uid || off[0].place != "" {
		t.Errorf("after the cancellation: %+v", off)
	}
}

// Whoever is no longer entitled when the mail would leave gets no call; whoever
// had got one gets the end and nothing else.
func TestNoCallLeavesForWhomItHasLostItsGround(t *testing.T) {
	for name, tc := range map[string]struct {
		sent  bool // the calls had left before
		after func(*city, sig.MeetingID)
		want  string
	}{
		"nothing happens": {false, func(*city, sig.MeetingID) {}, "karin REQUEST 0, kent REQUEST 0, malin REQUEST 0"},
		"the school is out before they left": {
			false, func(c *city, _ sig.MeetingID) { c.withdraws("sara", theSchool) }, "karin REQUEST 0, kent REQUEST 0",
		},
		"the school is out after they left": {
			true, func(c *city, _ sig.MeetingID) { c.withdraws("sara", theSchool) }, "malin CANCEL 1",
		},
		"everything is taken back before they left": {false, func(c *city, _ sig.MeetingID) { c.withdraws("omid", everything) }, ""},
		"everything is taken back after they left": {
			true, func(c *city, _ sig.MeetingID) { c.withdraws("omid", everything) }, "karin CANCEL 1, kent CANCEL 1, malin CANCEL 1",
		},
		"the consent is paused before they left": {false, func(c *city, _ sig.MeetingID) {
			_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
			c.must(err, "Nadia pauses")
		}, "karin REQUEST 0"}, // what the board tells inside the board needs no consent
		"the meeting is moved before they left": {false, func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{
				Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 09:00:00"), End: stockholm("2026-12-11 10:00:00"),
			}), "move it")
		}, "karin REQUEST 1, kent REQUEST 1, malin REQUEST 1"},
		"called off before they left": {
			false, func(c *city, id sig.MeetingID) { c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "cancel") }, "",
		},
		"an officer's part has ended before they left": {false, func(c *city, _ sig.MeetingID) {
			part := one[sig.ParticipationID](c, `select id from sig.participation where intervention = $1 and function = 'community_police'`, c.id)
			c.must(c.Casework.EndPart(c.ctx(), c.as("police-lead-farsta"), c.id, part), "end Berg's part")
		}, "karin REQUEST 0, malin REQUEST 0"},
		"an officer's part has ended after they left": {true, func(c *city, _ sig.MeetingID) {
			part := one[sig.ParticipationID](c, `select id from sig.participation where intervention = $1 and function = 'community_police'`, c.id)
			c.must(c.Casework.EndPart(c.ctx(), c.as("police-lead-farsta"), c.id, part), "end Berg's part")
		}, "kent CANCEL 1"},
		"somebody sits down in a called seat": {true, func(c *city, _ sig.MeetingID) {
			deputy := c.as("deputy-coordinator-farsta").Assignment
			c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, deputy, sig.Date{Year: 2026, Month: 12, Day: 31}), "name a stand-in")
		}, "maria REQUEST 0"},
		"the meeting is over before they left": {false, func(c *city, _ sig.MeetingID) { c.db.FreezeClock(c.t, stockholm("2026-12-10 15:00:00")) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t)
			p := c.post()
			p.empties()
			p.calls()
			id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
			if tc.sent {
				p.empties()
				p.calls()
			}
			tc.after(c, id)
			p.empties()
			if got := whom(p.calls()); got != tc.want {
				t.Errorf("came: %q, want %q", got, tc.want)
			}
		})
	}
}

// Under protected identity the entry has no place, though one had been stored.
func TestACallAboutSomebodyProtectedHasNoPlace(t *testing.T) {
	c := inForce(t)
	p := c.post()
	c.schedules(c.meets("2026-12-10 14:00:00", three, goals))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`); err != nil {
		t.Fatal(err)
	}
	p.empties()
	calls := p.calls()
	if len(calls) != 3 {
		t.Fatalf("%d calls, want three", len(calls))
	}
	for _, m := range p.catcher.Messages() {
		if letter, err := m.Read(); err != nil || strings.Contains(letter.Calendar+letter.Text, "MARKER-PLACE") || strings.Contains(letter.Calendar, "LOCATION") {
			t.Errorf("the place of somebody protected: %v\n%s", err, letter.Calendar)
		}
	}
}

// A server that is full gets the same Message-ID, UID and SEQUENCE again.
func TestACallThatIsSentAgainIsTheSame(t *testing.T) {
	c := inForce(t)
	p := c.post()
	p.empties()
	p.calls()
	var tries atomic.Int32
	p.catcher.Refuse(func(string) int {
		if tries.Add(1) == 1 {
			return 450
		}
		return 0
	})
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator}, goals))
	fixed := one[string](c, `select '<' || message_id || '@sig.example>' from sig.mail where kind = 'meeting'`)
	p.empties()
	got := p.calls()
	want := fmt.Sprintf("%s %s %s", fixed, id.String()+"@sig.example", "0")
	if len(got) != 1 || tries.Load() != 2 || fmt.Sprintf("%s %s %s", got[0].messageID, got[0].uid, got[0].sequence) != want {
		t.Errorf("after %d tries: %+v, want %s", tries.Load(), got, want)
	}
}
