package scenariotest

import (
	"encoding/base64"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/portal"
	"sigportal/internal/reply"
	"sigportal/internal/sig"
)

// call is what somebody got by mail: the secret of its links and the address
// for the calendar program's answer.
type call struct {
	secret                 meeting.Secret
	organizer, uid, number string
}

var (
	linkInMail  = regexp.MustCompile(`https://sig\.example/answer/([A-Za-z0-9_-]{43})/(accept|decline|other)`)
	lineOfEntry = regexp.MustCompile(`(?m)^(UID|SEQUENCE|ORGANIZER):(?:mailto:)?(\S+)`)
)

// called is the latest call that came to somebody's address.
func (p *post) called(who string) call {
	p.c.t.Helper()
	var got call
	for _, m := range p.catcher.Messages() {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		links := linkInMail.FindAllStringSubmatch(letter.Text, -1)
		if !strings.HasPrefix(m.To[0], who) || letter.Method != "REQUEST" {
			if len(links) != 0 && letter.Method != "REQUEST" {
				p.c.t.Errorf("there are links in a mail that calls to nothing:\n%s", letter.Text)
			}
			continue
		}
		if len(links) != 3 || links[0][1] != links[2][1] || linkInMail.MatchString(letter.Calendar) {
			p.c.t.Fatalf("a call has %d links, or its calendar entry has any:\n%s", len(links), letter.Text)
		}
		raw, err := base64.RawURLEncoding.DecodeString(links[0][1])
		p.c.must(err, "read a link")
		copy(got.secret[:], raw)
		for _, l := range lineOfEntry.FindAllStringSubmatch(strings.ReplaceAll(letter.Calendar, "\r\n ", ""), -1) {
			*map[string]*string{"UID": &got.uid, "SEQUENCE": &got.number, "ORGANIZER": &got.organizer}[l[1]] = l[2]
		}
		if letter.Header.Get("Reply-To") != "<"+got.organizer+">" {
			p.c.t.Errorf("answers go to %q, and to %q", letter.Header.Get("Reply-To"), got.organizer)
		}
	}
	return got
}

// answerOf is what stands of a function's answer.
func (c *city) answerOf(id sig.MeetingID, f sig.Function) string {
	c.t.Helper()
	return one[string](c, `select coalesce(answer, 'none') || coalesce(' ' || (proposed_start at time zone 'Europe/Stockholm')::text, '')
	  from sig.meeting_invitation where meeting = $1 and function = $2`, id, f)
}

// With the room open early, whoever is called may still say by a link of the mail,
// or in the portal, whether they come: until the meeting's own time.
func TestARoomOpenedEarlyEndsNoLink(t *testing.T) {
	c := inForce(t)
	p := c.post()
	in := c.meets("2026-12-10 14:00:00", three, goals, seen)
	id := c.schedules(in)
	_, err := c.Meeting.CallInterpreter(c.ctx(), c.as(karin), c.interpreter(id))
	c.must(err, "Karin calls an interpreter")
	p.empties()
	kent := p.called("kent")
	_, hers := p.guestMail(parwin)
	c.db.FreezeClock(t, in.Start.Add(-15*time.Minute))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.must(c.Meeting.Answerable(c.ctx(), kent.secret), "Berg opens the link")
	c.must(c.Meeting.AnswerByLink(c.ctx(), kent.secret, meeting.Said{Answer: sig.InvitationDeclined}), "Berg cannot come after all")
	if got := c.answerOf(id, sig.RolePolice); got != "declined" {
		t.Errorf("the police have answered %q", got)
	}
	c.must(c.Meeting.Answer(c.ctx(), c.as(berg), c.id, id, sig.InvitationAccepted), "and comes all the same")
	c.must(c.Meeting.AnswerAsGuest(c.ctx(), hers, meeting.GuestSaid{Answer: sig.InvitationAccepted}), "Parwin is on her way")
	c.db.FreezeClock(t, in.Start)
	if err := c.Meeting.Answerable(c.ctx(), kent.secret); fault.KindOf(err) != fault.NotFound {
		t.Errorf("in the meeting the link opens: %v", err)
	}
	if err := c.Meeting.AnswerByLink(c.ctx(), kent.secret, meeting.Said{Answer: sig.InvitationDeclined}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("in the meeting the link answers: %v", err)
	}
	c.refusedWith(c.Meeting.Answer(c.ctx(), c.as(berg), c.id, id, sig.InvitationDeclined), "error.meeting_is_over", "Berg answers in the meeting")
	if got := c.answerOf(id, sig.RolePolice); got != "accepted" {
		t.Errorf("the police have answered %q", got)
	}
}

// A link answers for the function that the mail went to, after a press; opening
// it, as programs do that look at mails, changes nothing at all.
func TestALinkAnswers(t *testing.T) {
	c := inForce(t)
	p := c.post()
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	p.empties()
	kent, karins := p.called("kent"), p.called("karin")
	before := one[int](c, `select count(*)::int from sig.ledger`)
	c.must(c.Meeting.Answerable(c.ctx(), kent.secret), "open the link")
	if got := c.answerOf(id, sig.RolePolice); got != "none" || one[int](c, `select count(*)::int from sig.ledger`) != before {
		t.Errorf("opening the link left %q and %d rows", got, one[int](c, `select count(*)::int from sig.ledger`)-before)
	}
	c.must(c.Meeting.AnswerByLink(c.ctx(), kent.secret, meeting.Said{Answer: sig.InvitationAccepted}), "Berg's link accepts")
	c.must(c.Meeting.AnswerByLink(c.ctx(), karins.secret, meeting.Said{Answer: sig.InvitationDeclined}), "Karin's link declines")
	if a, b, m := c.answerOf(id, sig.RolePolice), c.answerOf(id, sig.RoleCoordinator), c.answerOf(id, sig.RoleSchoolCounsellor); a != "accepted" || b != "declined" || m != "none" {
		t.Errorf("the answers are %s, %s and %s", a, b, m)
	}
	who := one[string](c, `select (detail->>'via') || ' ' || (detail->>'sequence') || ' ' || function
	  from sig.ledger where kind = 'answer_invitation' and function = 'community_police'`)
	if who != "link 0 community_police" {
		t.Errorf("the ledger says %q", who)
	}
	said := meeting.Said{Answer: sig.InvitationTentative, Start: stockholm("2026-12-11 10:00:00"), End: stockholm("2026-12-11 11:00:00")}
	c.must(c.Meeting.AnswerByLink(c.ctx(), kent.secret, said), "Berg's link suggests a time")
	open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin opens the meeting")
	shown := false
	for _, f := range open.Called {
		shown = shown || f.Seat.Function == sig.RolePolice && f.Proposed.Start.Equal(said.Start) && f.Proposed.End.Equal(said.End)
	}
	if !shown {
		t.Errorf("Karin does not see the suggestion: %+v", open.Called)
	}
	said.Start, said.End = stockholm("2026-11-11 10:00:00"), stockholm("2026-11-11 11:00:00")
	c.refusedWith(c.Meeting.AnswerByLink(c.ctx(), kent.secret, said), "start error.meeting_in_the_past", "a time that has been")
	c.must(c.Meeting.AnswerByLink(c.ctx(), kent.secret, meeting.Said{Answer: sig.InvitationAccepted}), "Berg's link accepts after all")
	if got := c.answerOf(id, sig.RolePolice); got != "accepted" {
		t.Errorf("the suggestion stays beside the answer: %s", got)
	}
	if got := one[int](c, `select count(*)::int from sig.meeting_answer_link where secret_hash = $1`, kent.secret[:]); got != 0 {
		t.Error("the secret itself is stored")
	}
}

// replies is a mail of a calendar program, as it answers a call.
func (k call) replies(method, status, attendee string, lines ...string) reply.Answer {
	raw := "From: <somebody@example.org>\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\nUID:" + k.uid +
		"\r\nSEQUENCE:" + k.number + "\r\nATTENDEE;PARTSTAT=" + status + ":mailto:" + attendee + "\r\nCOMMENT:MARKER-COMMENT Amir\r\n" +
		strings.Join(append(lines, ""), "\r\n") + "END:VEVENT\r\nEND:VCALENDAR\r\n"
	a, err := reply.Read([]byte(raw))
	if err != nil {
		panic(err)
	}
	return a
}

func (c *city) hears(to string, a reply.Answer) string {
	c.t.Helper()
	address, ok := replies.Read(to)
	if !ok {
		return "no address"
	}
	return string(portal.Taker(c.Meeting, "sig.example", slog.New(slog.DiscardHandler))(c.ctx(), address, a))
}

// A calendar program's answer counts for the call whose address it came to, and
// for nothing else; what was written beside it is not kept.
func TestACalendarProgramAnswers(t *testing.T) {
	c := inForce(t)
	p := c.post()
	id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	p.empties()
	kent, malins := p.called("kent"), p.called("malin")
	email := one[string](c, `select email from sig.assignment where function = 'community_police' and email like 'kent%'`)
	forged := reply.NewAddresses([]byte("another key of the same length.."), "portal@sig.example")
	officer := one[sig.AssignmentID](c, `select id from sig.assignment where email = $1`, email)
	invitation := one[sig.InvitationID](c, `select id from sig.meeting_invitation where meeting = $1 and function = 'community_police'`, id)
	other, later := kent, kent
	other.uid = uuid.NewString() + "@sig.example"
	later.number = "1"
	foreign := kent
	foreign.uid = strings.Replace(kent.uid, "sig.example", "other.example", 1)
	for name, tc := range map[string]struct {
		to   string
		says reply.Answer
	}{
		"to the school's address":          {malins.organizer, kent.replies("REPLY", "ACCEPTED", email)},
		"to an address signed by nobody":   {forged.For(invitation, officer), kent.replies("REPLY", "ACCEPTED", email)},
		"to somebody else's signature":     {replies.For(invitation, sig.AssignmentID{UUID: uuid.New()}), kent.replies("REPLY", "ACCEPTED", email)},
		"to a call that was never sent":    {replies.For(sig.InvitationID{UUID: uuid.New()}, officer), kent.replies("REPLY", "ACCEPTED", email)},
		"about another meeting":            {kent.organizer, other.replies("REPLY", "ACCEPTED", email)},
		"about another portal's meeting":   {kent.organizer, foreign.replies("REPLY", "ACCEPTED", email)},
		"to a time that nobody has sent":   {kent.organizer, later.replies("REPLY", "ACCEPTED", email)},
		"for whom the mail was sent on to": {kent.organizer, kent.replies("REPLY", "ACCEPTED", "friend@example.org")},
	} {
		if got := c.hears(tc.to, tc.says); got != "not_counted" {
			t.Errorf("an answer %s is %s", name, got)
		}
	}
	if got := c.answerOf(id, sig.RolePolice) + c.answerOf(id, sig.RoleSchoolCounsellor); got != "nonenone" {
		t.Fatalf("something counted: %s", got)
	}
	for _, tc := range []struct{ method, status, lines, want string }{
		{"REPLY", "ACCEPTED", "", "accepted"}, {"REPLY", "DECLINED", "", "declined"}, {"REPLY", "TENTATIVE", "", "tentative"},
		{"COUNTER", "TENTATIVE", "DTSTART:20261211T090000Z\r\nDTEND:20261211T100000Z", "tentative 2026-12-11 10:00:00"},
		{"REPLY", "ACCEPTED", "", "accepted"},
	} {
		if got := c.hears(kent.organizer, kent.replies(tc.method, tc.status, email, tc.lines)); got != "taken" {
			t.Errorf("%s %s is %s", tc.method, tc.status, got)
		}
		if got := c.answerOf(id, sig.RolePolice); got != tc.want {
			t.Errorf("after %s %s stands %q, want %q", tc.method, tc.status, got, tc.want)
		}
	}
	c.hears(kent.organizer, kent.replies("COUNTER", "TENTATIVE", email, "DTSTART:20261211T090000Z\r\nDTEND:20261211T100000Z"))
	for name, lines := range map[string]string{
		"three days long": "DTSTART:20261211T090000Z\r\nDTEND:20261214T100000Z",
		"that has passed": "DTSTART:20201211T090000Z\r\nDTEND:20201211T100000Z",
		"in ten years":    "DTSTART:20361211T090000Z\r\nDTEND:20361211T100000Z",
	} {
		if got := c.hears(kent.organizer, kent.replies("COUNTER", "TENTATIVE", email, lines)); got != string(reply.NoTime) {
			t.Errorf("a time %s is %s", name, got)
		}
		if got := c.answerOf(id, sig.RolePolice); got != "tentative 2026-12-11 10:00:00" {
			t.Errorf("after a time %s stands %q", name, got)
		}
	}
	if via := one[string](c, `select string_agg(distinct detail->>'via', ',')
	  from sig.ledger where kind = 'answer_invitation' and outcome = 'allowed'`); via != "reply" {
		t.Errorf("the ledger says that they came by %q", via)
	}
	if kept := one[int](c, `select (select count(*) from sig.meeting_invitation v where v::text like '%MARKER%')::int +
	  (select count(*) from sig.ledger l where l.detail::text like '%MARKER%')::int`); kept != 0 {
		t.Errorf("the comment is kept in %d rows", kept)
	}
}

// What has ended, moved or is over is answered by neither link nor reply, and
// the answers of links do not tell which.
func TestAnAnswerTooLateCountsForNothing(t *testing.T) {
	for name, after := range map[string]func(*city, sig.MeetingID){
		"the meeting has moved": func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{
				Intervention: c.id, Meeting: id, Start: stockholm("2026-12-11 09:00:00"), End: stockholm("2026-12-11 10:00:00"),
			}), "move it")
		},
		"it was called off":     func(c *city, id sig.MeetingID) { c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "cancel") },
		"the consent was taken": func(c *city, _ sig.MeetingID) { c.withdraws("omid", everything) },
		"the police is out":     func(c *city, _ sig.MeetingID) { c.withdraws("sara", thePolice) },
		"the meeting is over":   func(c *city, _ sig.MeetingID) { c.db.FreezeClock(c.t, stockholm("2026-12-10 15:00:00")) },
		"Berg's part has ended": func(c *city, _ sig.MeetingID) {
			part := one[sig.ParticipationID](c, `select id from sig.participation where intervention = $1 and function = 'community_police'`, c.id)
			c.must(c.Casework.EndPart(c.ctx(), c.as("police-lead-farsta"), c.id, part), "end Berg's part")
		},
		"Berg has left the police": func(c *city, _ sig.MeetingID) {
			_, err := c.db.Super().Exec(c.ctx(), `update sig.assignment set valid_to = sig.now() where email like 'kent%'`)
			c.must(err, "end Berg's assignment")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t)
			p := c.post()
			id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
			p.empties()
			kent := p.called("kent")
			email := one[string](c, `select email from sig.assignment where function = 'community_police' and email like 'kent%'`)
			after(c, id)
			said := meeting.Said{Answer: sig.InvitationAccepted}
			for doing, err := range map[string]error{
				"opening it": c.Meeting.Answerable(c.ctx(), kent.secret), "answering": c.Meeting.AnswerByLink(c.ctx(), kent.secret, said),
				"a made-up link": c.Meeting.Answerable(c.ctx(), meeting.Secret{1}), "answering a made-up one": c.Meeting.AnswerByLink(c.ctx(), meeting.Secret{1}, said),
			} {
				if fault.KindOf(err) != fault.NotFound || err == nil || err.Error() != fault.Missing().Error() {
					t.Errorf("%s: %v", doing, err)
				}
			}
			if got := c.hears(kent.organizer, kent.replies("REPLY", "ACCEPTED", email)); got != "not_counted" {
				t.Errorf("the calendar's answer is %s", got)
			}
			if got := c.answerOf(id, sig.RolePolice); got != "none" {
				t.Errorf("the answer is %s", got)
			}
		})
	}
}
