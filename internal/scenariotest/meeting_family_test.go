package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// familySees lists the meetings ahead as somebody of the family sees them: when,
// where, and for each point what is told and who is there.
func (c *city) familySees(who string) []string {
	c.t.Helper()
	all, err := c.Meeting.OfFamily(c.ctx(), c.as(who), c.id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	c.must(err, who+" looks at the meetings")
	var list []string
	for _, m := range all.Meetings {
		line := m.Start.In(sig.Stockholm).Format("01-02 15:04") + " " + m.Place
		if m.Off {
			line += " off"
		}
		if m.Live {
			line += " live"
		}
		for _, p := range m.Points {
			var called []string
			for _, s := range p.Called {
				called = append(called, string(s.Function))
			}
			slices.Sort(called)
			line += fmt.Sprintf("; %s: %s", p.Category, strings.Join(called, " "))
		}
		list = append(list, line)
	}
	return list
}

// The family sees when a meeting is, who is called and about what, by the
// consent that it has signed: no text, and nothing of what is the board's own.
func TestTheFamilySeesTheMeetingsAhead(t *testing.T) {
	c := inForce(t)
	inside := goals
	inside.Category, inside.Text = sig.CategorySubstanceUse, "MARKER-INSIDE"
	c.schedules(c.meets("2026-12-10 14:00:00", network, goals, seen, inside))
	c.schedules(c.meets("2026-12-11 09:00:00", []sig.Seat{sample.Coordinator, sample.SocialSecretary}, inside))
	off := c.schedules(c.meets("2026-12-12 09:00:00", []sig.Seat{sample.Police}, goals))
	c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, off), "Karin calls one off")
	const place = " MARKER-PLACE, Farsta torg 1"
	want := []string{
		"12-10 14:00" + place + "; plan_goals: community_police coordinator field_assistant principal school_counsellor social_secretary" +
			"; police_preventive_observation: community_police coordinator",
		"12-12 09:00" + place + " off; plan_goals: community_police coordinator",
	}
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := c.familySees(who); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	for _, who := range []string{karin, berg, lind, "log-reviewer-farsta"} {
		if got := c.familySees(who); got != nil {
			t.Errorf("%s sees the family's page: %q", who, got)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_meetings' and intervention = $1 and guardian = $2`, c.id, c.as("sara").Guardian); n != 1 {
		t.Errorf("%d rows in the ledger for Sara's one look", n)
	}
	// The second wall alone: neither texts nor the point that is the board's own.
	for sql, rows := range map[string]int64{
		`select from sig.meeting_point_text`: 0, `select from sig.meeting_point where category = 'substance_use'`: 0,
		`select from sig.meeting`: 2, `select from sig.meeting_point`: 3, `update sig.meeting set sequence = 9`: 0,
		`update sig.meeting_invitation set answer = null`: 0,
	} {
		if n, err := c.does("sara", sql); n != rows || err != nil {
			t.Errorf("%s as Sara: %d rows, %v, want %d", sql, n, err, rows)
		}
	}
	c.until("2026-12-10 15:00:00")
	if got := c.familySees("sara"); len(got) != 1 {
		t.Errorf("after the meeting Sara sees %q, want the other alone", got)
	}
}

// That a meeting is going on is seen by the family as by staff: from the opening
// of the room until its end.
func TestTheFamilySeesThatAMeetingIsGoingOn(t *testing.T) {
	c := inForce(t)
	in := c.meets("2026-12-10 14:00:00", network, goals)
	c.schedules(c.meets("2026-12-17 14:00:00", network, goals))
	going := func() string {
		var list []string
		for _, line := range c.familySees("sara") {
			day, _, _ := strings.Cut(line, " ")
			list = append(list, fmt.Sprint(day, strings.Contains(line, " live")))
		}
		return strings.Join(list, " ")
	}
	id := c.live(in)
	if got := going(); got != "12-10true 12-17false" {
		t.Errorf("with the room open Sara sees %s", got)
	}
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends it")
	if got := going(); got != "12-17false" {
		t.Errorf("after its end Sara sees %s", got)
	}
}

// T26: under protected identity the family sees neither place nor units.
func TestT26TheFamilySeesNoPlaceAndNoUnit(t *testing.T) {
	c := inForce(t)
	c.schedules(c.meets("2026-12-10 14:00:00", network, goals))
	if _, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked'`); err != nil {
		t.Fatal(err)
	}
	all, err := c.Meeting.OfFamily(c.ctx(), c.as("omid"), c.id)
	c.must(err, "Omid looks")
	if told := fmt.Sprintf("%+v", *all); strings.Contains(told, "arsta") || strings.Contains(told, "polisen") || !strings.Contains(told, "community_police") {
		t.Errorf("Omid learns of places or units: %s", told)
	}
}

// lost puts what a preview or a receipt says of meetings into one line.
func lost(off int, calls []consenting.LostCalls) string {
	var list []string
	for _, l := range calls {
		list = append(list, fmt.Sprintf("%s %d/%d", l.Party.Seat.Function, l.Meetings, l.Fewer))
	}
	slices.Sort(list)
	return fmt.Sprintf("%d off; %s", off, strings.Join(list, ", "))
}

// A preview counts what the change then does to meetings, for each reader over
// what this one may see; and the receipt says the same afterwards.
func TestAPreviewAndAReceiptCountMeetings(t *testing.T) {
	inside := goals
	inside.Category = sig.CategorySubstanceUse
	police := sig.WithdrawalScope{Recipient: sample.Counsellor, Category: sig.CategoryAttendance}
	for _, step := range []struct {
		name         string
		scope        sig.WithdrawalScope
		family, ours string
	}{
		{"everything", everything, "2 off; ", "3 off; "},
		{"the police, without whom it cannot go on", thePolice, "2 off; ", "3 off; "},
		{"the school", theSchool, "0 off; coordinator 0/1, principal 2/0, school_counsellor 2/0", "0 off; coordinator 0/1, principal 2/0, school_counsellor 2/0"},
		{"one kind to one", police, "0 off; coordinator 0/1, principal 0/1, school_counsellor 0/1", "0 off; coordinator 0/1, principal 0/1, school_counsellor 0/1"},
	} {
		t.Run(step.name, func(t *testing.T) {
			c := inForce(t)
			c.schedules(c.meets("2026-12-03 14:00:00", network, goals, attendance)) // over by then
			c.schedules(c.meets("2026-12-10 14:00:00", network, goals, attendance))
			c.schedules(c.meets("2026-12-12 14:00:00", []sig.Seat{sample.Police, sample.Counsellor, sample.Principal}, goals))
			c.schedules(c.meets("2026-12-11 09:00:00", []sig.Seat{sample.Coordinator, sample.SocialSecretary}, inside))
			c.until("2026-12-03 16:00:00")
			omid := consenting.SignerRef{Guardian: c.as("omid").Guardian}
			for who, want := range map[string]string{"sara": step.family, "amir": step.family, karin: step.ours} {
				p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(who), c.id, omid, step.scope)
				c.must(err, who+" asks what it would do")
				if got := lost(p.MeetingsOff, p.Calls); got != want {
					t.Errorf("the preview tells %s %q, want %q", who, got, want)
				}
			}
			r := c.withdraws("omid", step.scope)
			if got := lost(r.MeetingsOff, r.Calls); got != step.family {
				t.Errorf("Omid's receipt says %q, want %q", got, step.family)
			}
			again, err := c.Consenting.Receipt(c.ctx(), c.as(karin), r.Reference)
			c.must(err, "Karin looks at the receipt")
			if got := lost(again.MeetingsOff, again.Calls); got != step.ours {
				t.Errorf("the receipt tells Karin %q, want %q", got, step.ours)
			}
		})
	}
}
