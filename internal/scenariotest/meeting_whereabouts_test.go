package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// stays is a point about where somebody is.
var stays = meeting.NewPoint{Category: sig.CategoryWhereabouts, Teller: sample.Coordinator, Text: "MARKER-WHERE"}

func (c *city) marks() {
	c.t.Helper()
	_, err := c.Consenting.Protect(c.ctx(), c.as(karin), c.id, sig.ProtectionMarked)
	c.must(err, "Karin marks protected identity")
}

// T26: where somebody protected is waits for a second officer, and in a room
// nobody waits. That is said where the point is written, at its field, whoever is
// called; a point for the family alone is told to nobody, and stays.
func TestT26WhereaboutsAreNotCalledTo(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, sample.Counsellor, sig.CategoryWhereabouts))
	in := c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Counsellor}, goals, stays)
	in.Place = ""
	_, err := c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.must(err, "before the mark it has its place")
	c.marks()
	const want = "points.1.category error.meeting_whereabouts_protected"
	_, err = c.Meeting.Check(c.ctx(), c.as(karin), in)
	c.refusedWith(err, want, "Karin looks who could come")
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), in)
	c.refusedWith(err, want, "Karin calls the meeting")
	in.Call = []sig.Seat{sample.Coordinator, sample.SocialSecretary}
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), in)
	c.refusedWith(err, want, "the own house waits, too")
	asks := in
	asks.Poll = []meeting.Span{{Start: in.Start, End: in.End}, {Start: in.Start.AddDate(0, 0, 1), End: in.End.AddDate(0, 0, 1)}}
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), asks)
	c.refusedWith(err, want, "Karin asks about times")
	if n := one[int](c, `select count(*)::int from sig.meeting`); n != 0 {
		t.Errorf("%d meetings", n)
	}
	in.Points[1].FamilyAlone = true
	c.schedules(in)
}

// A meeting that was called before the mark: whoever is called later is not
// called to where somebody protected is, and the room refuses as before.
func TestT26WhereaboutsCalledBeforeTheMark(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, sample.Counsellor, sig.CategoryWhereabouts), row(sample.Coordinator, sample.Principal, sig.CategoryWhereabouts))
	in := c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Counsellor}, goals, stays)
	in.Place = ""
	id := c.schedules(in)
	c.marks()
	more, err := c.Meeting.MoreToCall(c.ctx(), c.as(karin), c.id, id)
	c.must(err, "Karin looks who could be called, too")
	for _, f := range more.Functions {
		if f.Seat.Function == sig.RolePrincipal && (!f.Points[0].Allowed || f.Points[1].Allowed || f.Points[1].Reason != "second_officer") {
			t.Errorf("the principal could be called to %+v", f.Points)
		}
	}
	c.must(c.Meeting.CallMore(c.ctx(), c.as(karin), c.id, id, []sig.Seat{sample.Principal}), "Karin calls the principal")
	if got := c.seesOf(agneta, id); strings.Contains(got, "MARKER-WHERE") || !strings.Contains(got, "MARKER-GOALS") {
		t.Errorf("Agneta sees %q", got)
	}
	c.db.FreezeClock(t, in.Start)
	c.must(c.Meeting.OpenRoom(c.ctx(), c.as(karin), c.id, id), "Karin opens the room")
	for _, d := range c.room(karin, id).Door { // which names no units
		if d.Seat.Function == sig.RoleSchoolCounsellor {
			c.must(c.Meeting.Came(c.ctx(), c.as(karin), meeting.Attend{Intervention: c.id, Meeting: id, Invitation: d.Invitation}), "Malin comes")
		}
	}
	_, err = c.says(karin, id, 2, "MARKER-WHERE")
	c.refusedWith(err, "reason.second_officer", "Karin tells it in the room")
	_, err = c.says(karin, id, 1, "MARKER-GOALS")
	c.must(err, "Karin tells the goals")

	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.Meeting.WriteMinutes(c.ctx(), c.as(karin), meeting.NewMinutes{
		Intervention: c.id, Meeting: id, Texts: []string{"MARKER-MINUTES", "MARKER-WHERE"},
	}), "Karin writes the minutes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves them")
	c.must(c.Meeting.SendMinutes(c.ctx(), c.as(karin), meeting.SendMinutes{
		Intervention: c.id, Meeting: id, Version: 1, Necessity: "N", WeakerReason: "W",
	}), "Karin sends them")
	if a, b := c.holds(malin, "MARKER-MINUTES"), c.holds(malin, "MARKER-WHERE"); a != 1 || b != 0 {
		t.Errorf("Malin holds %d of the goals and %d of where Amir is, want 1 and 0", a, b)
	}
}
