package scenariotest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/notice"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// news are what somebody of the family is told of seats, oldest first.
func (c *city) news(who string) (out []string) {
	c.t.Helper()
	for _, n := range c.shown(who).SeatChanges {
		line := fmt.Sprintf("%s %s %s", n.Party.Seat.Function, n.Party.Unit, n.Kind)
		if !n.Until.IsZero() {
			line += " " + n.Until.In(sig.Stockholm).Format(time.DateOnly)
		}
		out = append(out, line)
	}
	slices.Reverse(out)
	return out
}

// tellsOf fails unless all of the family are told exactly this, in as many messages.
func (c *city) tellsOf(when string, lines ...string) {
	c.t.Helper()
	c.ring()
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := c.news(who); !slices.Equal(got, lines) {
			c.t.Errorf("%s %s is told %q, want %q", when, who, got, lines)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'seat_changed'`); n != 3*len(lines) {
		c.t.Errorf("%s %d messages, want 3 for each of %d changes", when, n, len(lines))
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'seat_changed' and outcome = 'allowed'`); n != len(lines) {
		c.t.Errorf("%s %d rows in the ledger, want %d", when, n, len(lines))
	}
}

const bergs = "email: kent.berg@polisen.example, function: community_police, from: 2026-01-01"

// A seat that the consent names changes hands: each change is told once to all of
// the family, however often the directory is imported.
func TestAChangeOfHandsIsToldOnce(t *testing.T) {
	c := inForce(t)
	c.tellsOf("before anything")
	ends := []string{bergs, bergs + ", to: 2026-12-09"}
	c.reorganises(ends...)
	c.tellsOf("with an end ahead")
	c.db.FreezeClock(t, stockholm("2026-12-10 00:00:00"))
	vacant := "community_police Lokalpolisområde Farsta vacant"
	c.tellsOf("when Berg has left", vacant)
	c.reorganises(ends...)
	c.reorganises(append(ends, "name: Moa Lind", "name: Moa Lind-Ek")...)
	c.tellsOf("after more imports", vacant)
	c.db.FreezeClock(t, stockholm("2026-12-11 09:00:00"))
	c.seated([2]string{"police-lead-farsta", "police-lead-farsta"})
	person := "community_police Lokalpolisområde Farsta new_person"
	c.tellsOf("when Åker comes", vacant, person)
	until := sig.DateOf(stockholm("2026-12-24 12:00:00"))
	c.must(c.Casework.StandIn(c.ctx(), c.as(karin), c.id, c.as("deputy-coordinator-farsta").Assignment, until), "Karin names a stand-in")
	substitute := "coordinator Enheten för barn och unga, Farsta substitute 2026-12-25"
	c.tellsOf("with a stand-in", vacant, person, substitute)
	c.db.FreezeClock(t, stockholm("2026-12-25 00:00:00"))
	c.tellsOf("after the day that was told", vacant, person, substitute)
	if s := c.seats("sara")[sig.RolePolice]; !s.Held || s.Names != nil {
		t.Errorf("Sara sees %+v", s)
	}
	c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, c.as(jonas).Assignment, "arbetar med den unge"), "Karin lets Jonas in")
	c.tellsOf("of a seat that the consent does not name", vacant, person, substitute)
}

// What is newly named has just been read; while the consent is paused nothing is
// told, and what changed meanwhile is told when it goes on. After the end, nothing.
func TestWhatIsNoNews(t *testing.T) {
	c := inForce(t)
	c.ring()
	_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
	c.must(err, "Nadia pauses")
	c.db.FreezeClock(t, stockholm("2026-12-04 10:00:00"))
	c.reorganises(bergs, bergs+", to: 2026-12-03")
	c.tellsOf("while it is paused")
	_, err = c.Consenting.Resume(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia lets it go on")
	vacant := "community_police Lokalpolisområde Farsta vacant"
	c.tellsOf("when it goes on", vacant)
	c.db.FreezeClock(t, stockholm("2026-12-05 10:00:00"))
	const malins = "email: malin.wik@utbildning.example, function: school_counsellor, from: 2026-01-01"
	c.reorganises(bergs, bergs+", to: 2026-12-03", malins, malins+", to: 2026-12-03")
	c.tellsOf("when Malin has gone too", vacant, "school_counsellor Elevhälsan, Farstaskolan vacant")
	c.withdraws("sara", sig.WithdrawalScope{Recipient: sample.Counsellor})
	if got := c.news("sara"); !slices.Equal(got, []string{vacant}) {
		t.Errorf("of a seat that was taken back Sara is still told: %q", got)
	}
	entitled := `select count(*)::int from sig.mail where kind = 'seat_changed' and sig.mail_entitled(id)`
	if n := one[int](c, entitled); n != 3 {
		t.Errorf("%d messages would leave, want those of the police's seat alone", n)
	}
	c.withdraws("sara", everything)
	c.ring()
	if got := c.news("sara"); got != nil {
		t.Errorf("after the end Sara is told %q", got)
	}
	if n := one[int](c, entitled); n != 0 {
		t.Errorf("after the end %d messages would leave", n)
	}
}

// The young person's own yes is in nobody's news: not in a guardian's, nor in a
// message to a phone at home.
func TestTheOwnYesIsInNoNews(t *testing.T) {
	c := inForce(t, row(sample.FieldAssistant, sample.Coordinator, sig.CategoryLeisureObservation)) // who tells, and may know nothing
	c.ring()
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	c.inTheOffice()
	c.must(c.Consenting.ProposeOwn(c.ctx(), c.as(karin), c.id, consenting.NewOwn{
		Discloser: sample.Counsellor, Recipient: sample.FieldAssistant, Categories: []sig.Category{sig.CategoryPupilHealth},
		Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet i skolan"}, LastDay: sig.Date{Year: 2027, Month: 1, Day: 31},
	}), "Karin writes down what Amir is asked alone")
	c.must(c.gives("amir", c.own(karin).Rows[0]), "Amir says yes alone")
	named := one[string](c, `select recipient_function from sig.own_consent where intervention = $1 and given_at is not null`, c.id)
	before := c.seats("sara")
	if _, also := before[sig.Function(named)]; also {
		t.Fatalf("the own yes is to %s, whom everybody's consent names as well", named)
	}
	c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, c.as(jonas).Assignment, "arbetar med den unge"), "Karin lets Jonas in")
	c.tellsOf("of a seat that only the own yes names")
	if got := c.seats("sara"); len(got) != len(before) {
		t.Errorf("Sara sees %d seats, before %d", len(got), len(before))
	}
}

// Each is told in the way they chose, in words that say nothing; nobody whose
// identity is protected or whose view is switched off is; and what cannot be
// known any more does not leave.
func TestMessagesOfSeatsSayNothing(t *testing.T) {
	c := inForce(t)
	c.ring()
	c.must(c.notices(true).Choose(c.ctx(), c.as("sara"), notice.Wish{Channel: sig.ChannelSMS, Language: "so", Phone: "070-123 45 67"}), "Sara chooses")
	c.must(c.Consenting.SetAtHome(c.ctx(), c.as("amir"), c.id, consenting.HomeHide), "Amir switches his view off")
	post := c.post()
	post.empties()
	mails, texts := len(post.catcher.Messages()), len(post.catcher.Texts())
	c.db.FreezeClock(t, stockholm("2026-12-04 10:00:00"))
	c.reorganises(bergs, bergs+", to: 2026-12-03")
	c.ring()
	post.empties()
	said := post.catcher.Texts()[texts:]
	if len(said) != 1 || said[0].To != "+46701234567" {
		t.Fatalf("text messages %+v", said)
	}
	sent := post.catcher.Messages()[mails:]
	if len(sent) != 1 || !strings.Contains(strings.Join(sent[0].To, ""), "omid") {
		t.Fatalf("%d mails: %+v", len(sent), sent)
	}
	letter, err := sent[0].Read()
	c.must(err, "read the mail")
	for _, marker := range []string{"Berg", "polis", "Polis", "Farsta", "Amir", "Rahimi", "Omid", "2026", c.id.String()} {
		if strings.Contains(letter.Subject+letter.Text+said[0].Text, marker) {
			t.Errorf("a message tells %q:\n%s\n%s\n%s", marker, letter.Subject, letter.Text, said[0].Text)
		}
	}
	_, err = c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked' where id = (select youth from sig.intervention where id = $1)`, c.id)
	c.must(err, "protect")
	c.db.FreezeClock(t, stockholm("2026-12-05 10:00:00"))
	c.seated([2]string{"police-lead-farsta", "police-lead-farsta"})
	c.ring()
	if n := one[int](c, `select count(*)::int from sig.mail where kind = 'seat_changed'`); n != 3 {
		t.Errorf("%d messages, of them some to a protected family", n)
	}
	if got := c.news("sara"); !slices.Equal(got, []string{"community_police  vacant", "community_police  new_person"}) {
		t.Errorf("a protected family is told %q", got)
	}
}
