package scenariotest

import (
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"sigportal/internal/calendar"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// feed is what somebody's calendar program reads at an address: the days of the
// meetings, as another program understands them; "none" where there is nothing.
func (c *city) feed(secret meeting.Secret) string {
	c.t.Helper()
	entries, err := c.Meeting.Feed(c.ctx(), secret, meeting.Part{})
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return "none"
	}
	c.must(err, "a calendar program reads")
	var items []calendar.Item
	for _, e := range entries {
		items = append(items, calendar.Item{UID: e.ID.String() + "@sig.example", Sequence: e.Sequence, Stamp: e.At, Start: e.Start, End: e.End,
			Place: e.Place, Link: "https://sig.example/meetings"})
	}
	text, err := calendar.Feed(items, "sv")
	c.must(err, "write the calendar")
	for _, told := range []string{"MARKER-GOALS", "MARKER-SEEN", "marker-link", "Amir", "Rahimi", "Polis", "skolan", "ATTENDEE", "ORGANIZER", "DESCRIPTION", c.id.String()} {
		if strings.Contains(strings.ReplaceAll(string(text), "\r\n ", ""), told) {
			c.t.Errorf("the calendar tells %q:\n%s", told, text)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(string(text)))
	c.must(err, "another program reads the calendar")
	var days []string
	for _, event := range cal.Events() {
		at, err := event.GetStartAt()
		c.must(err, "read the time")
		day := at.In(sig.Stockholm).Format("02")
		if place := event.GetProperty(ics.ComponentPropertyLocation); place != nil && strings.Contains(place.Value, "MARKER-PLACE") {
			day += "+"
		}
		days = append(days, day)
	}
	return strings.Join(days, " ")
}

// A calendar program reads at a secret address the meetings that its holder is
// called to and may come to at that instant; taken back, it reads nothing. Whoever
// holds a meeting is called to it.
func TestACalendarReadsOnlyWhatItsHolderMaySee(t *testing.T) {
	c := inForce(t)
	ten := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
	c.schedules(c.meets("2026-12-11 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals))
	c.schedules(c.meets("2026-12-14 14:00:00", []sig.Seat{sample.Counsellor}, goals))
	address := map[string]meeting.Secret{}
	for _, who := range []string{karin, berg, malin, fredrik} {
		secret, err := c.Meeting.MakeFeed(c.ctx(), c.as(who))
		c.must(err, who+" makes an address")
		address[who] = secret
	}
	reads := func(when, karins, bergs, malins string) {
		t.Helper()
		for who, want := range map[string]string{karin: karins, berg: bergs, malin: malins, fredrik: ""} {
			if got := c.feed(address[who]); got != want {
				t.Errorf("%s: %s reads %q, want %q", when, who, got, want)
			}
		}
	}
	before := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_meetings' and detail->>'via' = 'calendar'`)
	reads("at first", "10+ 11+ 14+", "10+ 11+", "10+ 14+")
	if got := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_meetings' and detail->>'via' = 'calendar'`); got != before+4 {
		t.Errorf("four readings left %d rows", got-before)
	}
	c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, ten), "call one off")
	reads("one called off", "11+ 14+", "11+", "14+")
	c.withdraws("sara", theSchool)
	reads("the school is out", "11+ 14+", "11+", "")
	_, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`)
	c.must(err, "protect")
	reads("protected", "11 14", "11", "")
	berg2, err := c.Meeting.MakeFeed(c.ctx(), c.as(berg))
	c.must(err, "Berg makes another")
	if old, new := c.feed(address[berg]), c.feed(berg2); old != "none" || new != "11" {
		t.Errorf("the old address reads %q and the new one %q", old, new)
	}
	c.must(c.Meeting.EndFeed(c.ctx(), c.as(malin)), "Malin takes hers back")
	c.must(c.Meeting.EndFeed(c.ctx(), c.as(malin)), "and once more")
	since, err := c.Meeting.FeedSince(c.ctx(), c.as(malin))
	c.must(err, "look")
	if got := c.feed(address[malin]); got != "none" || !since.IsZero() {
		t.Errorf("what was taken back reads %q", got)
	}
	if made, ended := one[int](c, `select count(*)::int from sig.ledger where kind = 'make_feed'`), one[int](c, `select count(*)::int from sig.ledger where kind = 'end_feed'`); made != 5 || ended != 1 {
		t.Errorf("%d rows of making and %d of taking back", made, ended)
	}
	for who, secret := range map[string]meeting.Secret{"nobody": {}, "a hash": meeting.Secret(berg2.Hash())} {
		if got := c.feed(secret); got != "none" {
			t.Errorf("the address of %s reads %q", who, got)
		}
	}
	if n, err := c.does(berg, `update sig.calendar_feed set ended_at = sig.now() where ended_at is null and assignment <> $1`, c.as(berg).Assignment); err != nil || n != 0 {
		t.Errorf("Berg ends %d of the others' addresses: %v", n, err)
	}
	_, err = c.db.Super().Exec(c.ctx(), `update sig.assignment set valid_to = sig.now() where id = $1`, c.as(berg).Assignment)
	c.must(err, "Berg leaves")
	c.withdraws("omid", everything)
	if got := c.feed(berg2) + c.feed(address[karin]); got != "none" {
		t.Errorf("after the end they read %q", got)
	}
}
