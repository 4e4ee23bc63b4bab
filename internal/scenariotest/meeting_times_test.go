package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// cannot enters a weekly time, by hours, or a single one.
func (c *city) cannot(who string, b sig.BusyTime) {
	c.t.Helper()
	_, err := c.Meeting.AddBusy(c.ctx(), c.as(who), uuid.NewString(), b)
	c.must(err, who+" enters a time")
}

// times are the proposals for an hour's meeting, with what is said of them.
func (c *city) times(from string, call ...sig.Seat) []string {
	c.t.Helper()
	day, err := sig.ParseDate(from)
	c.must(err, "read a day")
	found, err := c.Meeting.ProposeTimes(c.ctx(), c.as(karin), meeting.Wish{Intervention: c.id, Call: call, Minutes: 60, From: day})
	c.must(err, "Karin looks for a time")
	var list []string
	for _, p := range found.List {
		text := p.Start.In(sig.Stockholm).Format("2006-01-02 15:04")
		for _, one := range []struct {
			what  string
			seats []sig.Seat
		}{{"cannot", p.Cannot}, {"unsaid", p.Unsaid}, {"break", p.OnBreak}} {
			for _, s := range one.seats {
				text += fmt.Sprintf(" %s %s", one.what, s.Function)
			}
		}
		if p.Own {
			text += " own"
		}
		list = append(list, text)
	}
	return list
}

// Times are proposed from what people have entered, the holidays and the terms
// of the schools, at the same hour of the wall's clock in winter and summer.
func TestTimesThatSuit(t *testing.T) {
	c := inForce(t)
	weekly := func(day, from, to int) sig.BusyTime {
		return sig.BusyTime{Weekday: day, FromMinute: from * 60, ToMinute: to * 60}
	}
	for name, tc := range map[string]struct {
		enters map[string][]sig.BusyTime
		from   string
		call   []sig.Seat
		want   string
	}{
		"nobody has entered anything": {nil, "2027-01-11", []sig.Seat{sample.Coordinator, sample.Police},
			"2027-01-11 09:00 unsaid coordinator unsaid community_police; 2027-01-12 09:00 unsaid coordinator unsaid community_police; 2027-01-13 09:00 unsaid coordinator unsaid community_police"},
		"everybody can": {map[string][]sig.BusyTime{karin: {weekly(1, 8, 12)}, berg: {weekly(1, 13, 15), weekly(2, 8, 17)}}, "2027-01-11",
			[]sig.Seat{sample.Coordinator, sample.Police}, "2027-01-11 15:00; 2027-01-13 09:00; 2027-01-14 09:00"},
		"over the change of the clocks": {map[string][]sig.BusyTime{
			karin: {weekly(1, 8, 13), weekly(2, 8, 17), weekly(3, 8, 17), weekly(4, 8, 17), weekly(5, 8, 17)}, berg: {weekly(1, 14, 17)},
		}, "2027-03-15", []sig.Seat{sample.Coordinator, sample.Police}, "2027-03-15 13:00; 2027-03-22 13:00; 2027-04-05 13:00"},
		"holidays and eves": {nil, "2026-12-23", []sig.Seat{sample.Coordinator},
			"2026-12-23 09:00 unsaid coordinator; 2026-12-28 09:00 unsaid coordinator; 2026-12-29 09:00 unsaid coordinator"},
		"before the consent ends": {nil, "2027-05-28", []sig.Seat{sample.Coordinator}, "2027-05-28 09:00 unsaid coordinator; 2027-05-31 09:00 unsaid coordinator"},
		"a school's break is avoided": {nil, "2027-02-26", []sig.Seat{sample.Counsellor},
			"2027-02-26 09:00 unsaid school_counsellor; 2027-03-08 09:00 unsaid school_counsellor; 2027-03-09 09:00 unsaid school_counsellor"},
		"of the police it is not": {nil, "2027-02-26", []sig.Seat{sample.Police},
			"2027-02-26 09:00 unsaid community_police; 2027-03-01 09:00 unsaid community_police; 2027-03-02 09:00 unsaid community_police"},
		"who cannot is told, and nothing else": {map[string][]sig.BusyTime{berg: {{Start: stockholm("2027-01-01 00:00:00"), End: stockholm("2027-06-01 00:00:00")}}},
			"2027-01-11", []sig.Seat{sample.Police}, "2027-01-11 09:00 cannot community_police; 2027-01-12 09:00 cannot community_police; 2027-01-13 09:00 cannot community_police"},
		"a day of the past is tomorrow": {nil, "2020-01-01", []sig.Seat{sample.Coordinator},
			"2026-12-04 09:00 unsaid coordinator; 2026-12-07 09:00 unsaid coordinator; 2026-12-08 09:00 unsaid coordinator"},
	} {
		for who, list := range tc.enters {
			for _, b := range list {
				c.cannot(who, b)
			}
		}
		if got := strings.Join(c.times(tc.from, tc.call...), "; "); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
		c.superDoes(`delete from sig.busy_time`)
	}
	c.schedules(c.meets("2027-01-11 09:00:00", three, goals, seen))
	if got := c.times("2027-01-11", sample.Coordinator)[0]; got != "2027-01-11 10:00 unsaid coordinator" {
		t.Errorf("beside the coordinator's own meeting: %s", got)
	}
}

// What somebody has entered is theirs: nobody reads it, and of a case only its
// board's coordinator learns whether a time suits, for as long as it is open.
func TestNobodyReadsAnothersTimes(t *testing.T) {
	c := inForce(t)
	c.cannot(berg, sig.BusyTime{Weekday: 1, FromMinute: 480, ToMinute: 600})
	own, err := c.Meeting.Busy(c.ctx(), c.as(berg))
	c.must(err, "Berg looks at the own times")
	if len(own) != 1 {
		t.Fatalf("Berg has %+v", own)
	}
	wish := meeting.Wish{Intervention: c.id, Call: []sig.Seat{sample.Police}, Minutes: 60, From: sig.Date{Year: 2027, Month: 1, Day: 11}}
	for _, who := range []string{malin, lind, karin, "police-lead-farsta"} {
		if list, err := c.Meeting.Busy(c.ctx(), c.as(who)); err != nil || len(list) != 0 {
			t.Errorf("%s has %+v, %v", who, list, err)
		}
		c.refusedWith(c.Meeting.EndBusy(c.ctx(), c.as(who), own[0].ID), "error.not_found", who+" takes Berg's time away")
		if n, _ := c.does(who, `delete from sig.busy_time`); n != 0 {
			t.Errorf("the database lets %s delete %d of another's times", who, n)
		}
		if _, err := c.does(who, `insert into sig.busy_time (id, assignment, weekday, from_minute, to_minute, entered_at) values (gen_random_uuid(), $1, 1, 0, 60, sig.now())`,
			c.as(berg).Assignment); err == nil {
			t.Errorf("the database lets %s enter a time for Berg", who)
		}
		read, _ := c.does(who, `select from sig.busy_in($1)`, c.id)
		if want := map[bool]int64{true: 1}[who == karin]; read != want {
			t.Errorf("the database tells %s %d times of the case, want %d", who, read, want)
		}
		if who != karin {
			if _, err := c.Meeting.ProposeTimes(c.ctx(), c.as(who), wish); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s looks for times: %v", who, err)
			}
		}
	}
	if read, _ := c.does(nadia, `select from sig.busy_in($1)`, c.id); read != 0 {
		t.Errorf("the database tells the social secretary %d times of the case", read)
	}
	if _, err := c.Meeting.ProposeTimes(c.ctx(), c.as(nadia), wish); fault.KindOf(err) != fault.Denied {
		t.Errorf("the social secretary looks for times: %v", err)
	}
	c.withdraws("sara", everything)
	if read, _ := c.does(karin, `select from sig.busy_in($1)`, c.id); read != 0 {
		t.Errorf("after the end %d times of the case are told", read)
	}
	if _, err := c.Meeting.ProposeTimes(c.ctx(), c.as(karin), wish); err == nil && len(c.times("2027-01-11", sample.Police)) != 0 {
		t.Error("times are proposed after the end")
	}
	c.must(c.Meeting.EndBusy(c.ctx(), c.as(berg), own[0].ID), "Berg takes the own time away")
	if list, err := c.Meeting.Busy(c.ctx(), c.as(berg)); err != nil || len(list) != 0 {
		t.Errorf("Berg has %+v, %v", list, err)
	}
	key := uuid.NewString()
	for range 2 {
		if _, err := c.Meeting.AddBusy(c.ctx(), c.as(berg), key, sig.BusyTime{Weekday: 2, ToMinute: 60}); err != nil {
			t.Fatal(err)
		}
	}
	if list, _ := c.Meeting.Busy(c.ctx(), c.as(berg)); len(list) != 1 || !slices.ContainsFunc(list, func(b sig.BusyTime) bool { return b.Weekday == 2 }) {
		t.Errorf("the same form twice gave %+v", list)
	}
}
