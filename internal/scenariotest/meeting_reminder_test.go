package scenariotest

import (
	"slices"
	"strings"
	"testing"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// reminded lists who has got a reminder since it was last asked, and holds the
// reminders to what they may say.
func (p *post) reminded() string {
	p.c.t.Helper()
	var whom []string
	all := p.catcher.Messages()
	for _, m := range all[p.read:] {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		if letter.Subject != "Möte" || !strings.Contains(letter.Text, "Ni har ett möte") {
			continue
		}
		if letter.Calendar != "" || !strings.Contains(letter.Text, "10 december 2026") || strings.Contains(string(m.Raw), one[string](p.c, `select case_number from sig.intervention where id = $1`, p.c.id)) {
			p.c.t.Errorf("a reminder says\n%s", m.Raw)
		}
		name, _, _ := strings.Cut(m.To[0], ".")
		whom = append(whom, name)
	}
	p.read = len(all)
	slices.Sort(whom)
	return strings.Join(whom, " ")
}

// A day before, by the clock on the wall, those are reminded who may come then
// and have not said no; of what has moved or ended nobody is.
func TestReminders(t *testing.T) {
	for name, tc := range map[string]struct {
		after func(*city, sig.MeetingID)
		want  string
	}{
		"nothing happens": {func(*city, sig.MeetingID) {}, "karin kent malin"},
		"the police says no": {func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Answer(c.ctx(), c.as(berg), c.id, id, sig.InvitationDeclined), "decline")
		}, "karin malin"},
		"the police says yes": {func(c *city, id sig.MeetingID) {
			c.must(c.Meeting.Answer(c.ctx(), c.as(berg), c.id, id, sig.InvitationAccepted), "accept")
		}, "karin kent malin"},
		"the school is out": {func(c *city, _ sig.MeetingID) { c.withdraws("sara", theSchool) }, "karin kent"},
		"all is taken back": {func(c *city, _ sig.MeetingID) { c.withdraws("omid", everything) }, ""},
		"the consent is paused": {func(c *city, _ sig.MeetingID) {
			_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
			c.must(err, "Nadia pauses")
		}, "karin"}, // what the board tells inside the board needs no consent
		"it is called off":   {func(c *city, id sig.MeetingID) { c.must(c.Meeting.Cancel(c.ctx(), c.as(karin), c.id, id), "cancel") }, ""},
		"it moves that day":  {func(c *city, id sig.MeetingID) { c.moves(id, "2026-12-10 16:00:00") }, ""}, // due two hours later
		"it moves to a week": {func(c *city, id sig.MeetingID) { c.moves(id, "2026-12-17 14:00:00") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := inForce(t)
			p := c.post()
			id := c.schedules(c.meets("2026-12-10 14:00:00", three, goals, seen))
			tc.after(c, id)
			c.db.FreezeClock(t, stockholm("2026-12-09 13:59:59"))
			p.empties()
			if got := p.reminded(); got != "" {
				t.Errorf("before the day %q are reminded", got)
			}
			c.db.FreezeClock(t, stockholm("2026-12-09 14:00:00"))
			p.empties()
			if got := p.reminded(); got != tc.want {
				t.Errorf("%q are reminded, want %q", got, tc.want)
			}
		})
	}
}

func (c *city) moves(id sig.MeetingID, to string) {
	c.t.Helper()
	start := stockholm(to)
	c.must(c.Meeting.Move(c.ctx(), c.as(karin), meeting.Move{Intervention: c.id, Meeting: id, Start: start, End: start.Add(3600e9)}), "move it")
}
