package scenariotest

import (
	"fmt"
	"strings"
	"testing"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// A series stays at its hour of the clock on the wall when the clocks change;
// each meeting is judged at its own time, and what the consent does not reach
// is not made, which is said before and after.
func TestASeriesStaysAtItsHourAndWithinTheConsent(t *testing.T) {
	c := inForce(t) // the rows end on 1 June 2027
	in := c.meets("2027-03-15 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, goals)
	in.Repeat = meeting.Repeat{Weeks: 2, Times: 7}
	plan, err := c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.must(err, "Karin looks first")
	made, err := c.Meeting.ScheduleSeries(c.ctx(), c.as(karin), in)
	c.must(err, "Karin calls a series")
	days := func(list []meeting.Occurrence) string {
		var all []string
		for _, o := range list {
			all = append(all, o.Start.In(sig.Stockholm).Format("01-02 15:04")+" "+string(o.Reason))
		}
		return strings.Join(all, ", ")
	}
	want := "03-29 14:00 , 04-12 14:00 , 04-26 14:00 , 05-10 14:00 , 05-24 14:00 , 06-07 14:00 window_over"
	if got := days(made.Later); got != want || days(plan.Later) != want || made.NotMade() != 1 {
		t.Errorf("the later meetings are %s\nand were to be %s\nwant           %s", got, days(plan.Later), want)
	}
	stored := one[string](c, `select string_agg(to_char(starts_at, 'MM-DD HH24:MI'), ', ' order by starts_at) from sig.meeting where starts_at > '2027-03-01'`)
	if stored != "03-15 13:00, 03-29 12:00, 04-12 12:00, 04-26 12:00, 05-10 12:00, 05-24 12:00" {
		t.Errorf("in UTC there are %s", stored)
	}
	again, err := c.Meeting.ScheduleSeries(c.ctx(), c.as(karin), in)
	c.must(err, "the form is sent twice")
	rows := one[string](c, `select count(*) filter (where outcome = 'allowed') || ' ' || count(*) filter (where outcome = 'refused')
	  from sig.ledger where kind = 'schedule_meeting' and intervention = $1`, c.id)
	if n := one[int](c, `select count(*)::int from sig.meeting where starts_at > '2027-03-01'`); n != 6 || again.First != made.First || rows != "6 1" {
		t.Errorf("there are %d meetings and %s rows, and the first is %v", n, rows, again.First == made.First)
	}
	for _, wrong := range []meeting.Repeat{{Weeks: 1}, {Times: 3}, {Weeks: 1, Times: 1}, {Weeks: 1, Times: 27}, {Weeks: 3, Times: 2}, {Weeks: 8, Times: 2}, {Weeks: -1, Times: 2}} {
		in := c.meets("2027-03-15 14:00:00", []sig.Seat{sample.Coordinator}, goals)
		in.Repeat = wrong
		if _, err := c.Meeting.Schedule(c.ctx(), c.as(karin), in); said(err) == "" {
			t.Errorf("%+v is taken", wrong)
		}
	}
	far := c.meets("2027-01-11 14:00:00", []sig.Seat{sample.Coordinator}, goals)
	far.Repeat = meeting.Repeat{Weeks: 4, Times: 15}
	long, err := c.Meeting.ScheduleSeries(c.ctx(), c.as(karin), far)
	c.must(err, "a series for longer than a year")
	if last := long.Later[len(long.Later)-1]; !last.TooFar || !last.ID.IsZero() || long.Later[0].TooFar {
		t.Errorf("the last of a long series is %s", fmt.Sprint(last))
	}
}

// The night when summer time begins has no half past two: the meeting then is
// an hour later by the clock, and no shorter. Moved by itself, the end met the
// start, and the whole series was lost in a fault of the server's.
func TestASeriesOverTheNightWithoutAnHourKeepsItsLength(t *testing.T) {
	c := inForce(t)
	in := c.meets("2027-03-21 02:30:00", []sig.Seat{sample.Coordinator, sample.Police}, goals)
	in.Repeat = meeting.Repeat{Weeks: 1, Times: 3}
	plan, err := c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.must(err, "Karin looks first")
	made, err := c.Meeting.ScheduleSeries(c.ctx(), c.as(karin), in)
	c.must(err, "Karin calls the series")
	for _, list := range [][]meeting.Occurrence{plan.Later, made.Later} {
		var got []string
		for _, o := range list {
			got = append(got, o.Start.In(sig.Stockholm).Format("01-02 15:04")+o.End.In(sig.Stockholm).Format("-15:04"))
		}
		if all := strings.Join(got, ", "); all != "03-28 03:30-04:30, 04-04 02:30-03:30" {
			t.Errorf("the later meetings are %s", all)
		}
	}
	stored := one[string](c, `select string_agg(to_char(starts_at, 'MM-DD HH24:MI') || to_char(ends_at, '-HH24:MI'), ', ' order by starts_at)
	  from sig.meeting where starts_at > '2027-03-01'`)
	if stored != "03-21 01:30-02:30, 03-28 01:30-02:30, 04-04 00:30-01:30" {
		t.Errorf("in UTC there are %s", stored)
	}
}
