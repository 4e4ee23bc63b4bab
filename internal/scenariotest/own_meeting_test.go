package scenariotest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// health is told by the counsellor, about what is Amir's alone.
var health = meeting.NewPoint{Category: sig.CategoryPupilHealth, Teller: sample.Counsellor, Text: "MARKER-HEALTH"}

// givesAlone has Amir say yes, in the office, to one function telling another
// about his health at school, until the end of a day, and gives the row.
func (c *city) givesAlone(from, to sig.Seat, last sig.Date) sig.GrantID {
	c.t.Helper()
	return c.givesAloneOf(sig.CategoryPupilHealth, from, to, last)
}

func (c *city) givesAloneOf(about sig.Category, from, to sig.Seat, last sig.Date) sig.GrantID {
	c.t.Helper()
	c.must(c.Consenting.ProposeOwn(c.ctx(), c.as(karin), c.id, consenting.NewOwn{
		Discloser: from, Recipient: to, Categories: []sig.Category{about}, Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet"}, LastDay: last,
	}), "Karin writes down what Amir is asked alone")
	c.inTheOffice()
	for _, row := range c.own(karin).Rows {
		if row.Open && row.GivenAt.IsZero() {
			c.must(c.gives("amir", row), "Amir says yes")
			return row.ID
		}
	}
	c.t.Fatal("nothing was written down")
	return sig.GrantID{}
}

// homeAgain ends the hour in the office.
func (c *city) homeAgain() {
	c.superDoes(`update sig.youth_home set office_until = sig.now()`)
	c.office = nil
}

func (c *city) endsAlone(who string, row sig.GrantID) {
	c.t.Helper()
	_, err := c.Consenting.EndOwn(c.ctx(), c.as(who), c.id, row)
	c.must(err, who+" takes an own yes back")
}

// alone is Amir's case in which his health at school is his alone, and he has
// said that the counsellor may tell Karin and Berg, and Karin tell Berg.
func alone(t *testing.T) (c *city, toKarin, toBerg, karinToBerg sig.GrantID) {
	t.Helper()
	c = inForce(t)
	last := sig.Date{Year: 2027, Month: 1, Day: 31}
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	toKarin = c.givesAlone(sample.Counsellor, sample.Coordinator, last)
	toBerg = c.givesAlone(sample.Counsellor, sample.Police, last)
	karinToBerg = c.givesAlone(sample.Coordinator, sample.Police, last)
	c.homeAgain()
	return c, toKarin, toBerg, karinToBerg
}

// By what Amir alone has said yes to (OSL 12:3), Berg is called to what the
// counsellor tells about Amir's health, hears it and reads what Karin writes of
// it. No guardian, and nobody who looks at Amir's screen at home, can tell that
// meeting from one without the point.
func TestAnOwnYesReachesAMeeting(t *testing.T) {
	c, toKarin, toBerg, karinToBerg := alone(t)
	whole := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, health))
	only := c.schedules(c.meets("2026-12-11 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, health))
	want := []string{"community_police [1 2]", "coordinator [1 2]", "field_assistant [1]", "principal [1]", "school_counsellor [1 2]", "social_secretary [1]"}
	if got := c.calledNow(whole); !slices.Equal(got, want) {
		t.Errorf("called are %v, want %v", got, want)
	}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-12 14:00:00", []sig.Seat{sample.Principal}, health))
	c.refusedWith(err, "call.0 reason.category_not_covered", "Karin calls the principal, of whom Amir said nothing")
	for who, wants := range map[string][2]string{
		berg:  {"1 MARKER-GOALS, 2 MARKER-HEALTH, MARKER-PLACE, Farsta torg 1", "1 MARKER-HEALTH, MARKER-PLACE, Farsta torg 1"},
		malin: {"1 MARKER-GOALS, 2 , MARKER-PLACE, Farsta torg 1", ""}, agneta: {"1 MARKER-GOALS, MARKER-PLACE, Farsta torg 1", ""}, fredrik: {},
	} {
		if got := [2]string{c.seesOf(who, whole), c.seesOf(who, only)}; got != wants {
			t.Errorf("%s sees %q, want %q", who, got, wants)
		}
	}
	for _, who := range []string{karin, berg} { // who is there must know that no guardian may be
		open, err := c.Meeting.Open(c.ctx(), c.as(who), c.id, whole)
		c.must(err, who+" opens the meeting")
		if open.Points[0].Alone || !open.Points[1].Alone {
			t.Errorf("%s is not told which point is Amir's alone", who)
		}
	}
	c.nobodyAtHomeSees([]string{"12-10 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: community_police coordinator field_assistant principal school_counsellor social_secretary"})
	c.inTheOffice()
	seenThere := []string{
		"12-10 14:00 MARKER-PLACE, Farsta torg 1; plan_goals: community_police coordinator field_assistant principal school_counsellor social_secretary" +
			"; pupil_health: community_police coordinator school_counsellor",
		"12-11 14:00 MARKER-PLACE, Farsta torg 1; pupil_health: community_police coordinator",
	}
	if got := c.familySees("amir"); !slices.Equal(got, seenThere) {
		t.Errorf("in the office Amir sees %q, want %q", got, seenThere)
	}
	c.endsAlone("amir", toBerg)
	for who, want := range map[string]string{berg: "1 MARKER-GOALS, MARKER-PLACE, Farsta torg 1", malin: "1 MARKER-GOALS, 2 , MARKER-PLACE, Farsta torg 1"} {
		if got := c.seesOf(who, whole); got != want {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	c.endsAlone("amir", toKarin)
	if got := c.calledNow(whole); !slices.Equal(got, []string{"community_police [1]", "coordinator [1]", "field_assistant [1]", "principal [1]", "school_counsellor [1]", "social_secretary [1]"}) {
		t.Errorf("called are %v", got)
	}
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-12 14:00:00", network, goals, health))
	c.refusedWith(err, "points.1.teller reason.category_not_covered", "Karin calls to it again")
	c.endsAlone("amir", karinToBerg)
}

// nobodyAtHomeSees holds what each member of the family sees of the meetings, and
// what the database shows them of points and calls, to the same.
func (c *city) nobodyAtHomeSees(want []string) {
	c.t.Helper()
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := c.familySees(who); !slices.Equal(got, want) {
			c.t.Errorf("%s sees %q, want %q", who, got, want)
		}
		for _, sql := range []string{
			`select from sig.meeting_point where category = 'pupil_health'`,
			`select from sig.meeting_presence r join sig.meeting_point p on p.id = r.point where p.category = 'pupil_health'`,
		} {
			if n, err := c.does(who, sql); n != 0 || err != nil {
				c.t.Errorf("the database shows %s %d rows (%v): %s", who, n, err, sql)
			}
		}
	}
}

// Amir takes it back: in the same transaction Berg, who has no other ground, is
// called off, and told by his calendar; Karin is asked to look; what rests on
// everybody's consent goes on. No guardian's page is nudged, then or when such a
// yes ends by its date.
func TestAnOwnYesTakenBackCallsOff(t *testing.T) {
	c, _, toBerg, _ := alone(t)
	p := c.post()
	whole := c.schedules(c.meets("2026-12-10 14:00:00", network, goals, health))
	only := c.schedules(c.meets("2026-12-11 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, health))
	p.empties()
	p.calls()
	address, err := c.Meeting.MakeFeed(c.ctx(), c.as(berg))
	c.must(err, "Berg's calendar program gets an address")
	if got := c.feed(address); got != "10+ 11+" {
		t.Errorf("Berg's calendar program reads %q", got)
	}
	before, nudged := c.familySees("sara"), one[int64](c, `select max(id) from sig.outbox`)
	c.db.FreezeClock(t, stockholm("2026-12-03 11:12:00"))
	c.inTheOffice()
	c.endsAlone("amir", toBerg)
	c.homeAgain()
	if got := c.lostCall(berg, only); got != "withdrawal 2026-12-03 11:12" {
		t.Errorf("Berg is told %q", got)
	}
	if got := c.seesOf(berg, only) + c.lostCall(berg, whole); got != "" {
		t.Errorf("Berg sees %q", got)
	}
	if got := c.feed(address); got != "10+" {
		t.Errorf("Berg's calendar program reads %q afterwards", got)
	}
	if got := one[int](c, `select count(*)::int from sig.task where kind = 'review_meeting' and function = 'coordinator' and done_at is null`); got != 2 {
		t.Errorf("Karin is asked to look at %d meetings, want both", got)
	}
	p.empties()
	if got := p.calls(); len(got) != 1 || got[0].method != "CANCEL" {
		t.Errorf("calendars hear %+v, want one CANCEL", got)
	}
	c.nobodyAtHomeSees(before)
	c.notNudged(nudged)
	c.db.FreezeClock(t, stockholm("2027-02-01 00:00:00"))
	c.ring()
	c.notNudged(nudged)
}

func (c *city) notNudged(since int64) {
	c.t.Helper()
	for _, who := range []string{"sara", "omid"} {
		if n := one[int](c, `select count(*)::int from sig.outbox o where $1 = any (o.topics) and o.id > $2`, c.as(who).Guardian.UUID, since); n != 0 {
			c.t.Errorf("%s's page was nudged %d times", who, n)
		}
	}
}

// It is asked of the meeting's own time, to the microsecond; and it ends with the
// assessment, and with everybody's consent, as what rests on it.
func TestAnOwnYesAtAMeetingEndsWithItsGround(t *testing.T) {
	c, _, _, _ := alone(t)
	call := []sig.Seat{sample.Coordinator, sample.Police}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2027-02-01 00:00:00", call, health))
	c.refusedWith(err, "points.0.teller reason.window_over", "Karin calls to it for the instant at which the yes ends")
	in := c.meets("2027-02-01 00:00:00", call, health)
	in.Start = in.Start.Add(-time.Microsecond)
	last := c.schedules(in)
	other := c.schedules(c.meets("2026-12-10 14:00:00", append(call, sample.Counsellor), health, goals))
	c.must(c.assesses(sig.CategorySubstanceUse), "Nadia finds that it is another category")
	if got := c.seesOf(berg, last); got != "" {
		t.Errorf("Berg sees %q of what the assessment has taken the ground of", got)
	}
	if got := c.seesOf(berg, other); got != "1 MARKER-GOALS, MARKER-PLACE, Farsta torg 1" {
		t.Errorf("Berg sees %q", got)
	}
}

// Everybody's withdrawal ends it too, and counts no meeting of it for a guardian.
func TestAnOwnYesAtAMeetingEndsWithEverybodys(t *testing.T) {
	c, _, _, _ := alone(t)
	call := []sig.Seat{sample.Coordinator, sample.Police}
	ends := c.schedules(c.meets("2026-12-10 14:00:00", call, health))
	preview, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("omid"), c.id, consenting.SignerRef{}, everything)
	c.must(err, "Omid looks at what taking back would do")
	receipt := c.withdraws("omid", everything)
	if got := lost(preview.MeetingsOff, preview.Calls) + lost(receipt.MeetingsOff, receipt.Calls); got != "0 off; 0 off; " {
		t.Errorf("Omid is told %q of meetings", got)
	}
	if got := c.seesOf(berg, ends); got != "" {
		t.Errorf("Berg sees %q after everybody's withdrawal", got)
	}
}

// A narrowing takes the police's part of everybody's consent while they stay for
// what is Amir's alone: a guardian's receipt says what it would say if they did
// not stay.
func TestAReceiptHidesThatSomebodyStaysByAnOwnYes(t *testing.T) {
	var both [2][]string
	for n, call := range [][]meeting.NewPoint{{seen}, {seen, health}} {
		t.Run(fmt.Sprint(len(call)), func(t *testing.T) { both[n] = receiptOf(t, call) })
	}
	t.Cleanup(func() {
		if !slices.Equal(both[0], both[1]) || both[0] == nil {
			t.Errorf("without and with what is Amir's alone Sara is told %q", both)
		}
	})
}

// receiptOf is what Sara is told of meetings before and after she takes back that
// the police tell what they have seen, where Berg is called to these points.
func receiptOf(t *testing.T, points []meeting.NewPoint) []string {
	t.Helper()
	c, _, _, _ := alone(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, points...))
	scope := sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation}
	preview, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("sara"), c.id, consenting.SignerRef{}, scope)
	c.must(err, "Sara looks at what taking back would do")
	receipt := c.withdraws("sara", scope)
	if stays := c.seesOf(berg, id) != ""; stays != (len(points) == 2) {
		t.Errorf("with %d points Berg stays: %v", len(points), stays)
	}
	return []string{lost(preview.MeetingsOff, preview.Calls), lost(receipt.MeetingsOff, receipt.Calls)}
}

// In the room: told is a disclosure by the own yes, to those who are there and
// whom it covers; whoever it does not cover has to leave first; taken back, it
// cannot be told any more, and nobody who was told goes on reading it.
func TestAnOwnYesInTheRoom(t *testing.T) {
	c, toKarin, toBerg, _ := alone(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, health), sample.Police, sample.Counsellor, sample.Principal)
	_, err := c.says(malin, id, 2, "MARKER-TOLD")
	c.refusedWith(err, "here.farstaskolan.principal error.room_must_leave", "Malin tells it while the principal is there")
	c.goes(id, sample.Principal)
	told, err := c.says(malin, id, 2, "MARKER-TOLD")
	c.must(err, "Malin tells it")
	if !slices.Equal(told, []string{"community_police", "coordinator"}) {
		t.Errorf("it was told %v", told)
	}
	if got := one[int](c, `select count(*)::int from sig.disclosure where grant_id in ($1, $2) and basis = 'consent'`, toKarin, toBerg); got != 2 {
		t.Errorf("%d disclosures rest on Amir's own yes, want two", got)
	}
	if c.holds(berg, "MARKER-TOLD") != 1 || c.holds(karin, "MARKER-TOLD") != 1 || c.holds(agneta, "MARKER-TOLD") != 0 {
		t.Error("it was told to others than those who were there")
	}
	c.db.Advance(t, time.Minute)
	c.inTheOffice()
	c.endsAlone("amir", toBerg)
	if c.holds(berg, "MARKER-TOLD") != 0 || c.holds(karin, "MARKER-TOLD") != 1 {
		t.Error("what Amir took back is still read, or the rest is not")
	}
	_, err = c.says(malin, id, 2, "MARKER-MORE")
	c.refusedWith(err, "here.polis-farsta.community_police error.room_must_leave", "Malin goes on while Berg is there")
	c.goes(id, sample.Police)
	told, err = c.says(malin, id, 2, "MARKER-MORE")
	c.must(err, "Malin goes on without Berg")
	if !slices.Equal(told, []string{"coordinator"}) {
		t.Errorf("it was told %v", told)
	}
}

// Minutes of the point reach whom Amir lets Karin tell, and nobody else.
func TestAnOwnYesInTheMinutes(t *testing.T) {
	c, _, _, karinToBerg := alone(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, health), sample.Police, sample.Counsellor)
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-GOALS", "MARKER-HEALTH"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	for who, want := range map[string][2]int{berg: {1, 1}, malin: {1, 0}, agneta: {1, 0}, jonas: {1, 0}} {
		if got := [2]int{c.holds(who, "MARKER-GOALS"), c.holds(who, "MARKER-HEALTH")}; got != want {
			t.Errorf("%s holds %v, want %v", who, got, want)
		}
	}
	c.until("2026-12-10 16:00:00")
	c.inTheOffice()
	c.endsAlone("amir", karinToBerg)
	if c.holds(berg, "MARKER-HEALTH") != 0 || c.holds(berg, "MARKER-GOALS") != 1 {
		t.Error("Berg still reads what Amir took back, or not what everybody lets be told")
	}
	for _, who := range []string{"sara", "omid"} {
		if n := c.held(who); n != 0 {
			t.Errorf("%s sees %d meetings that were held", who, n)
		}
	}
}

// At home Amir chooses his readers among those of whom the screen may know; in
// the office among all. What he left there for Berg alone shows nothing at home.
func TestAVoiceForSomebodyWhoComesByAnOwnYes(t *testing.T) {
	c, _, _, _ := alone(t)
	id := c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police, sample.Counsellor}, attendance, health))
	if at := c.table("amir", id); len(at) != 2 || !at[sig.RolePolice].IsZero() {
		t.Errorf("at home Amir may choose %v", at)
	}
	c.inTheOffice()
	at := c.table("amir", id)
	c.speaks("amir", id, []sig.InvitationID{at[sig.RolePolice]}, "MARKER-VOICE")
	c.homeAgain()
	form, err := c.Meeting.VoiceForm(c.ctx(), c.as("amir"), c.id, id)
	c.must(err, "Amir looks at home")
	if form.Left != nil || c.listens(berg, id) == "" {
		t.Errorf("at home Amir is shown %+v, and Berg reads %q", form.Left, c.listens(berg, id))
	}
	if n, err := c.does("amir", `select where sig.may_hear($1)`, at[sig.RolePolice]); n != 0 || err != nil {
		t.Errorf("the database lets Amir choose Berg at home (%d, %v)", n, err)
	}
	err = c.Meeting.LeaveVoice(c.ctx(), c.as("amir"), c.id, id, meeting.Voice{Answers: []string{"x"}, Readers: []sig.InvitationID{at[sig.RolePolice]}})
	c.refusedWith(err, "readers.0 error.voice_not_at_table", "somebody at home chooses Berg by what was seen in the office")
}

// Who records a guardian's withdrawal for the board is shown what goes and what
// stays by an own yes; the guardian's own look counts neither.
func TestAPreviewCountsWhatAnOwnYesHoldsUp(t *testing.T) {
	c, _, _, _ := alone(t)
	c.schedules(c.meets("2026-12-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, seen, health))
	c.schedules(c.meets("2026-12-11 14:00:00", []sig.Seat{sample.Coordinator, sample.Police}, health))
	c.told(karin, sample.Police, sig.CategoryPupilHealth)
	sara := consenting.SignerRef{Guardian: c.as("sara").Guardian}
	for _, step := range []struct {
		who, want string
		signer    consenting.SignerRef
		scope     sig.WithdrawalScope
	}{
		{karin, "0 copies, 0 off; community_police 0/1, coordinator 0/1", sara, sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation}},
		{"sara", "0 copies, 0 off; community_police 1/0, coordinator 1/0", consenting.SignerRef{}, sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPoliceObservation}},
		{karin, "1 copies, 2 off; ", sara, everything},
		{"sara", "0 copies, 1 off; ", consenting.SignerRef{}, everything},
	} {
		p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(step.who), c.id, step.signer, step.scope)
		c.must(err, step.who+" looks at what a withdrawal would do")
		if got := fmt.Sprintf("%d copies, %s", p.Copies, lost(p.MeetingsOff, p.Calls)); got != step.want {
			t.Errorf("%s is shown %q, want %q", step.who, got, step.want)
		}
	}
}
