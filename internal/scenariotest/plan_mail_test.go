package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// promised are the addresses to which a mail of a commitment has gone, with
// what its subject says.
func (p *post) promised() string {
	p.c.t.Helper()
	var list []string
	all := p.catcher.Messages()
	for _, m := range all[p.read:] {
		letter, err := m.Read()
		p.c.must(err, "read a mail")
		if !strings.Contains(letter.Subject, "Något att göra") {
			continue
		}
		for _, told := range []string{"DO-", "GOAL-", "WORDS-", "Amir", "Rahimi", "Polis", "Farsta"} {
			if strings.Contains(letter.Subject+letter.Text, told) {
				p.c.t.Errorf("a mail says %q", told)
			}
		}
		for _, who := range []string{karin, nadia, berg, malin, agneta} {
			if one[int](p.c, `select count(*)::int from sig.assignment where id = $1 and email = $2`, p.c.as(who).Assignment, m.To[0]) == 1 {
				list = append(list, who)
			}
		}
	}
	p.read = len(all)
	return strings.Join(list, " ")
}

// Whoever takes part in a function that the plan names gets a mail that says
// there is something to do, and no word of what. It leaves only while the
// promise stands and the consent lets the function be told of it.
func TestAPromiseIsToldByMail(t *testing.T) {
	for _, when := range []struct {
		name string
		do   func(*city)
		want map[string]bool
	}{
		{"nothing happens", func(*city) {}, map[string]bool{berg: true, malin: true}},
		{"the school is taken out", func(c *city) { c.withdraws("sara", theSchool) }, map[string]bool{berg: true}},
		{"all is taken back", func(c *city) { c.withdraws("omid", everything) }, nil},
		{"the promise is stopped", func(c *city) {
			c.must(c.Plan.Stop(c.ctx(), c.as(karin), c.id, c.commitment("DO-POLICE")), "Karin stops it")
		}, map[string]bool{malin: true}},
		{"the window has ended", func(c *city) { c.db.SetClock(t, stockholm("2027-06-01 00:00:01")) }, nil},
		{"a part has ended", func(c *city) {
			_, err := c.db.Owner().Pool().Exec(c.ctx(), `update sig.participation set valid_to = sig.now() where assignment = $1`, c.as(malin).Assignment)
			c.must(err, "Malin's part ends")
		}, map[string]bool{berg: true}},
	} {
		t.Run(when.name, func(t *testing.T) {
			c := inForce(t)
			mailbox := c.post()
			mailbox.empties()
			mailbox.promised()
			c.plans(c.aPlan())
			when.do(c)
			mailbox.empties()
			got := mailbox.promised()
			for _, who := range []string{karin, nadia, berg, malin} {
				if strings.Contains(" "+got+" ", " "+who+" ") != when.want[who] {
					t.Errorf("%s: the mails went to %q", who, got)
				}
			}
		})
	}
}

// What is promised in the room is told as well, once.
func TestAPromiseInTheRoomIsToldByMail(t *testing.T) {
	c := inForce(t)
	c.plans(c.aPlan())
	for range 2 {
		c.must(c.Plan.Promise(c.ctx(), c.as(karin), c.id, promises(sample.Police, "DO-AGAIN")), "Karin writes it in the room")
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = $1 and assignment = $2`, sig.MailTaskDue, c.as(berg).Assignment); n != 2 {
		t.Errorf("%d mails are queued for two promises", n)
	}
}
