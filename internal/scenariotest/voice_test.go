package scenariotest

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// calls are the calls to a meeting by function, for whoever may choose.
func (c *city) table(who string, id sig.MeetingID) map[sig.Function]sig.InvitationID {
	c.t.Helper()
	form, err := c.Meeting.VoiceForm(c.ctx(), c.as(who), c.id, id)
	c.must(err, who+" looks at who is at the table")
	at := map[sig.Function]sig.InvitationID{}
	for _, one := range form.Table {
		at[one.Seat.Function] = one.Invitation
	}
	return at
}

func (c *city) speaks(who string, id sig.MeetingID, readers []sig.InvitationID, answers ...string) {
	c.t.Helper()
	c.must(c.Meeting.LeaveVoice(c.ctx(), c.as(who), c.id, id, meeting.Voice{Answers: answers, Readers: readers}), who+" leaves a voice")
}

// listens is what somebody reads of it, "" for nothing.
func (c *city) listens(who string, id sig.MeetingID) string {
	c.t.Helper()
	heard, err := c.Meeting.ReadVoice(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	c.must(err, who+" reads")
	var list []string
	for _, a := range heard.Answers {
		list = append(list, a.Text)
	}
	if !heard.ByYouth {
		list = append(list, "(written by the coordinator)")
	}
	return strings.Join(list, ", ")
}

// The young person's words are read by exactly those who were chosen, while
// they are called and the consent holds, each time with a row in the ledger:
// not by the coordinator, who was not, nor by a guardian.
func TestTheYouthsVoiceIsReadByThoseWhoWereChosen(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen, attendance))
	at := c.table("amir", id)
	if len(at) != 6 {
		t.Fatalf("Amir chooses among %v", at)
	}
	chosen := []sig.InvitationID{at[sig.RolePolice], at[sig.RoleFieldAssistant]}
	c.speaks("amir", id, chosen, "MARKER-ONE", "", "MARKER-THREE")
	for who, want := range map[string]string{
		berg: "MARKER-ONE, MARKER-THREE", jonas: "MARKER-ONE, MARKER-THREE", karin: "", nadia: "", malin: "", agneta: "", fredrik: "", lind: "", elsa: "",
		"sara": "", "omid": "", "amir": "", "log-reviewer-farsta": "",
	} {
		if got := c.listens(who, id); got != want {
			t.Errorf("%s reads %q, want %q", who, got, want)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_voice' and outcome = 'allowed' and object_id = $1`, id); n != 2 {
		t.Errorf("%d rows in the ledger for two readings", n)
	}
	if n := one[int](c, `select count(*)::int from sig.voice_answer where position('MARKER' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("answers lie in clear in the database")
	}
	for who, sees := range map[string]bool{berg: true, malin: false, karin: false} {
		open, err := c.Meeting.Open(c.ctx(), c.as(who), c.id, id)
		c.must(err, who+" opens the meeting")
		if open.Voice != sees {
			t.Errorf("%s is told of a voice: %v, want %v", who, open.Voice, sees)
		}
	}
	c.withdraws("omid", everything)
	if got := c.listens(berg, id) + c.listens(jonas, id); got != "" {
		t.Errorf("after the withdrawal somebody reads %q", got)
	}
}

// One part of the table loses its ground, and alone stops reading; a pause
// stops all.
func TestAVoiceEndsWithTheCall(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	at := c.table("amir", id)
	c.speaks("amir", id, []sig.InvitationID{at[sig.RolePolice], at[sig.RoleSchoolCounsellor], at[sig.RoleCoordinator]}, "MARKER-ONE")
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
	c.must(err, "Nadia pauses the consent")
	for _, who := range []string{berg, malin, karin} {
		if got := c.listens(who, id); got != "" {
			t.Errorf("during the pause %s reads %q", who, got)
		}
	}
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	c.withdraws("omid", theSchool)
	for who, want := range map[string]string{berg: "MARKER-ONE", karin: "MARKER-ONE", malin: ""} {
		if got := c.listens(who, id); got != want {
			t.Errorf("without the school %s reads %q, want %q", who, got, want)
		}
	}
	c.until("2026-12-10 14:30:00")
	if got := c.listens(berg, id); got != "MARKER-ONE" {
		t.Errorf("in the meeting Berg reads %q", got)
	}
	c.refusedWith(c.Meeting.TakeVoiceBack(c.ctx(), c.as("amir"), c.id, id), "error.voice_too_late", "Amir takes back in the meeting")
	c.db.FreezeClock(t, stockholm("2027-06-01 00:00:00")) // and nothing has rung yet
	if got := c.listens(berg, id); got != "" {
		t.Errorf("when the rows have ended Berg reads %q", got)
	}
	if n, err := c.does(berg, `select from sig.voice_answer`); n != 0 || err != nil {
		t.Errorf("when the rows have ended the second wall alone shows Berg %d answers, %v", n, err)
	}
}

// The young person takes it back before the meeting, and it is gone; who is not
// at the table, or comes too late, or is somebody else, is refused.
func TestAVoiceIsTakenBack(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	other := c.schedules(c.meets("2026-12-11 14:00:00", network, goals))
	at, elsewhere := c.table("amir", id), c.table("amir", other)
	police := []sig.InvitationID{at[sig.RolePolice]}
	leave := func(who string, readers []sig.InvitationID, answers ...string) error {
		return c.Meeting.LeaveVoice(c.ctx(), c.as(who), c.id, id, meeting.Voice{Answers: answers, Readers: readers})
	}
	c.refusedWith(leave("amir", nil, "x"), "readers error.choose_some", "for nobody")
	c.refusedWith(leave("amir", police, "  "), "answers.0 error.voice_says_nothing", "nothing")
	c.refusedWith(leave("amir", []sig.InvitationID{elsewhere[sig.RolePolice]}, "x"), "readers.0 error.voice_not_at_table", "for another meeting's table")
	for who, code := range map[string]string{"sara": "error.not_found", "omid": "error.not_found", berg: "error.not_found", lind: "error.not_found", jonas: "error.denied"} {
		c.refusedWith(leave(who, police, "x"), code, who+" speaks")
	}
	c.speaks(karin, id, police, "WRITTEN")
	if got := c.listens(berg, id); got != "WRITTEN, (written by the coordinator)" {
		t.Errorf("Berg reads %q", got)
	}
	c.speaks("amir", id, police, "OWN")
	if got := c.listens(berg, id); got != "OWN" {
		t.Errorf("Berg reads %q in place of what was written for Amir", got)
	}
	c.refusedWith(leave(karin, police, "x"), "error.voice_is_the_youths", "Karin writes over Amir's own")
	c.refusedWith(c.Meeting.TakeVoiceBack(c.ctx(), c.as(karin), c.id, id), "error.voice_is_the_youths", "Karin takes Amir's own back")
	for range 2 {
		c.must(c.Meeting.TakeVoiceBack(c.ctx(), c.as("amir"), c.id, id), "Amir takes it back")
	}
	if got := c.listens(berg, id); got != "" {
		t.Errorf("Berg reads %q of what was taken back", got)
	}
	if n := one[int](c, `select count(*)::int from sig.voice_answer`); n != 0 {
		t.Errorf("%d answers are kept of what was taken back", n)
	}
	c.speaks("amir", id, police, "AGAIN")
	c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "Karin calls the meeting off")
	if got := c.listens(berg, id); got != "" {
		t.Errorf("Berg reads %q before a meeting that is called off", got)
	}
}

// Karin opens the room a quarter of an hour early to prepare it. Amir, who was told
// two o'clock, may say something, change it and take it back until then, and so may
// Karin for him; at two o'clock it stands.
func TestARoomOpenedEarlyEndsNoVoice(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals)
	id := c.schedules(in)
	police := []sig.InvitationID{c.table("amir", id)[sig.RolePolice]}
	c.db.FreezeClock(t, in.Start.Add(-15*time.Minute))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	c.comes(id, sample.Police)
	if open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id); err != nil || !open.Actions.Speak {
		t.Errorf("Karin is not offered to write for Amir: %v", err)
	}
	c.speaks(karin, id, police, "WRITTEN")
	c.speaks("amir", id, police, "OWN")
	c.must(c.Meeting.TakeVoiceBack(c.ctx(), c.as("amir"), c.id, id), "Amir takes it back")
	if got := c.listens(berg, id); got != "" {
		t.Errorf("Berg reads %q of what was taken back", got)
	}
	c.db.FreezeClock(t, in.Start.Add(-time.Microsecond))
	c.speaks("amir", id, police, "LAST")
	c.db.FreezeClock(t, in.Start)
	leave := func(who string) error {
		return c.Meeting.LeaveVoice(c.ctx(), c.as(who), c.id, id, meeting.Voice{Answers: []string{"LATE"}, Readers: police})
	}
	for _, who := range []string{"amir", karin} {
		c.refusedWith(leave(who), "error.voice_too_late", who+" speaks as the meeting begins")
		if n, err := c.does(who, `update sig.voice set taken_back_at = sig.now() where taken_back_at is null`); n != 0 || err != nil {
			t.Errorf("the database lets %s take back %d voices, %v", who, n, err)
		}
	}
	if got := c.listens(berg, id); got != "LAST" {
		t.Errorf("in the meeting Berg reads %q", got)
	}
	if open, err := c.Meeting.Open(c.ctx(), c.as(karin), c.id, id); err != nil || open.Actions.Speak {
		t.Errorf("Karin is offered to write for Amir in the meeting: %v", err)
	}
	early := c.meets("2026-12-11 14:00:00", network, goals)
	ended := c.schedules(early)
	c.db.FreezeClock(t, early.Start.Add(-20*time.Minute))
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, ended), "Karin opens another")
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, ended), "and ends it before its time")
	c.refusedWith(c.Meeting.LeaveVoice(c.ctx(), c.as(karin), c.id, ended, meeting.Voice{Answers: []string{"x"}, Readers: police}),
		"error.voice_too_late", "Karin writes before a meeting that is over")
}

// The database refuses on its own: readers who may not be there, voices by
// others, answers of others; and shows answers to the chosen alone.
func TestTheSecondWallKeepsVoices(t *testing.T) {
	c := inForce(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen))
	at := c.table("amir", id)
	c.speaks("amir", id, []sig.InvitationID{at[sig.RolePolice]}, "MARKER")
	for who, rows := range map[string]int64{berg: 1, karin: 0, malin: 0, "amir": 0, "sara": 0, lind: 0} {
		if n, err := c.does(who, `select from sig.voice_answer`); n != rows || err != nil {
			t.Errorf("%s's page finds %d answers, %v, want %d", who, n, err, rows)
		}
	}
	const copied = `insert into sig.voice (id, meeting, intervention, authority, spoken_by, written_by, written_at)
		select gen_random_uuid(), m.id, m.intervention, m.authority, $2, sig.setting_uuid('app.assignment'), sig.instant() from sig.meeting m where m.id = $1`
	later := c.schedules(c.meets("2026-12-11 14:00:00", network, goals))
	for who, by := range map[string]string{"sara": "youth", berg: "coordinator", nadia: "coordinator", karin: "youth"} {
		if n, err := c.does(who, copied, later, by); err == nil && n > 0 {
			t.Errorf("%s's page leaves a voice by the %s", who, by)
		}
	}
	for who, sql := range map[string]string{
		berg: `update sig.voice set taken_back_at = sig.instant()`, karin: `update sig.voice set taken_back_at = sig.instant()`,
		"sara": `update sig.voice set taken_back_at = sig.instant()`,
	} {
		if n, err := c.does(who, sql); err == nil && n > 0 {
			t.Errorf("%s's page takes Amir's voice back", who)
		}
	}
	if n, err := c.does(karin, `insert into sig.voice_reader (voice, invitation, intervention)
		select v.id, i.id, v.intervention from sig.voice v, sig.meeting_invitation i where i.meeting = v.meeting and i.function = 'coordinator'`); err == nil && n > 0 {
		t.Error("Karin's page makes her a reader of what Amir has left for others")
	}
	if n, err := c.does("amir", `insert into sig.voice_reader (voice, invitation, intervention)
		select v.id, i.id, v.intervention from sig.voice v, sig.meeting_invitation i where i.meeting <> v.meeting`); err == nil && n > 0 {
		t.Error("Amir's page lets somebody of another meeting read")
	}
}
