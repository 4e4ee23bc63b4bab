package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// Amir telephones and takes his own yes back; Karin writes it down two hours
// later. It took effect when he called: what was told by it in between is late
// and looked into, what was told before, or by everybody's consent, is not, and
// no guardian learns any of it.
func TestTheYouthsOwnYesIsTakenBackByTelephone(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	row := c.asksAmir()
	c.inTheOffice()
	c.must(c.gives("amir", row), "Amir says yes")
	given := c.db.Now(t)
	before := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	c.db.Advance(t, time.Hour)
	called := c.db.Now(t).Truncate(time.Microsecond)
	late := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	others := c.told(malin, sample.Coordinator, sig.CategoryAttendance)
	c.db.Advance(t, 2*time.Hour)
	nudged := one[int64](c, `select max(id) from sig.outbox`)
	by := func(who string, in consenting.OwnTaken) error {
		_, err := c.Consenting.RecordOwnEnd(c.ctx(), c.as(who), c.id, row.ID, in)
		return err
	}
	phone := consenting.OwnTaken{Channel: consenting.ChannelPhone, ReceivedAt: called}
	for who, code := range map[string]string{berg: "error.not_found", "sara": "error.not_found", "omid": "error.not_found", jonas: "error.denied"} {
		c.refusedWith(by(who, phone), code, who+" records it")
	}
	for code, in := range map[string]consenting.OwnTaken{
		"channel error.choose_one": {ReceivedAt: called}, "received_at error.required": {Channel: consenting.ChannelPhone},
		"received_at error.date_in_future":   {Channel: consenting.ChannelPhone, ReceivedAt: c.db.Now(t).Add(time.Hour)},
		"received_at error.own_before_given": {Channel: consenting.ChannelPhone, ReceivedAt: given.Add(-time.Hour)},
	} {
		c.refusedWith(by(karin, in), code, "Karin records it wrong")
	}
	if !c.reads(karin, late) {
		t.Fatal("a refused record cut Karin off")
	}
	reference, err := c.Consenting.RecordOwnEnd(c.ctx(), c.as(karin), c.id, row.ID, phone)
	c.must(err, "Karin records it")
	again, err := c.Consenting.RecordOwnEnd(c.ctx(), c.as(karin), c.id, row.ID, phone)
	c.must(err, "Karin records it again")
	line := c.own(karin).Rows[0]
	if again != reference || line.Reference != reference || line.EndedBy != "recorded" || !line.EndedAt.Equal(called) {
		t.Errorf("it ended %s by %s, with receipts %q and %q", line.EndedAt, line.EndedBy, reference, again)
	}
	if c.reads(karin, before) || c.reads(karin, late) || !c.reads(karin, others) {
		t.Error("what was told by the own yes is still read, or something else is not")
	}
	for id, want := range map[sig.DisclosureID]int{before: 0, late: 1, others: 0} {
		n := one[int](c, `select count(*)::int from sig.disclosure d join sig.incident i on i.disclosure = d.id and i.own_consent = $2 and i.withdrawal is null
			where d.id = $1 and d.after_withdrawal`, id, row.ID)
		flagged := one[int](c, `select count(*)::int from sig.disclosure where id = $1 and after_withdrawal`, id)
		if n != want || flagged != want {
			t.Errorf("%d incidents and %d flags of one disclosure, want %d", n, flagged, want)
		}
	}
	if _, due := c.tasks(nadia)["review_incident"]; !due {
		t.Error("Nadia is not asked to look into it")
	}
	incidents, err := c.Casework.Incidents(c.ctx(), c.as(nadia), c.id)
	c.must(err, "Nadia looks at the incidents")
	if len(incidents) != 1 || incidents[0].Reference != reference {
		t.Errorf("the incidents: %+v", incidents)
	}
	if n := one[int](c, `select count(*)::int from sig.journal_note where kind = 'own_ended' and at = $1 and facts->>'channel' = 'phone' and facts->>'late' = '1'`, called); n != 1 {
		t.Errorf("%d journal notes of the moment at which he called", n)
	}
	for _, who := range []string{"sara", "omid"} {
		if n := one[int](c, `select count(*)::int from sig.outbox o where $1 = any (o.topics) and o.id > $2`, c.as(who).Guardian.UUID, nudged); n != 0 {
			t.Errorf("%s's page was nudged", who)
		}
	}
}
