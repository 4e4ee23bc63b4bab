package scenariotest

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// another opens a second case, of another family, under a consent that all have
// signed, and gives its id.
func (c *city) another(youth string, signers ...string) sig.InterventionID {
	c.t.Helper()
	mine, family := c.id, c.family
	for _, f := range sample.Families() {
		if f.Youth == youth {
			c.family = f
		}
	}
	c.proposes()
	c.signs(c.explains(c1()...), signers...)
	c.decides()
	other := c.id
	c.id, c.family = mine, family
	return other
}

func whys(list []consenting.Renewal) []string {
	var out []string
	for _, one := range list {
		switch {
		case one.Why != "":
			out = append(out, one.Why)
		case one.Done:
			out = append(out, "done")
		default:
			out = append(out, "would")
		}
	}
	return out
}

// Several consents are renewed with one preview: what would change and who must
// sign, consent by consent; each is made on its own, once; and what cannot be
// renewed says why and keeps none of the others.
func TestRenewingManyAtOnce(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	linas := c.another("lina", "lina", "petra", "anders")
	_, err := c.db.Super().Exec(c.ctx(), `update sig.consent_grant set valid_to = '2027-02-01T00:00:00+01:00' where intervention = $1 and recipient_function = 'field_assistant'`, c.id)
	c.must(err, "have a row run out in January")
	c.until("2027-05-20 10:00:00")
	unknown := sig.InterventionID{UUID: uuid.New()}
	of := []sig.InterventionID{c.id, linas, unknown, c.id}
	last := sig.DateOf(stockholm("2027-10-31 00:00:00"))
	says := func(when string, got []consenting.Renewal, err error, want ...string) {
		t.Helper()
		c.must(err, when)
		if s := whys(got); len(s) != len(want) || s[0] != want[0] || s[1] != want[1] || s[2] != want[2] {
			t.Errorf("%s: %q, want %q", when, s, want)
		}
	}
	got, err := c.Consenting.PreviewRenewals(c.ctx(), c.as(karin), of, last)
	says("Karin looks", got, err, "would", "would", "error.not_found")
	if a := got[0]; a.Rows != 6 || a.Over != 1 || len(a.Signers) != 3 || !a.Until.Equal(stockholm("2027-06-01 00:00:00")) || !a.To.Equal(stockholm("2027-11-01 00:00:00")) {
		t.Errorf("Amir's would be %+v", a)
	}
	if k := got[1]; len(k.Signers) != 1 || k.Signers[0].Name != "Lina Berggren" || k.Rows != 6 {
		t.Errorf("Lina, who is eighteen by now, signs: %+v", k)
	}
	if n := one[int](c, `select count(*)::int from sig.consent where state = 'draft'`); n != 0 {
		t.Fatalf("a look has made %d drafts", n)
	}
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), linas)
	c.must(err, "Karin begins another change of Lina's")
	got, err = c.Consenting.Renew(c.ctx(), c.as(karin), of, last)
	says("Karin renews", got, err, "done", "error.already_preparing", "error.not_found")
	for range 2 {
		got, err = c.Consenting.Renew(c.ctx(), c.as(karin), of, last)
		says("Karin presses again", got, err, "done", "error.already_preparing", "error.not_found")
	}
	if n := one[int](c, `select count(*)::int from sig.consent where intervention = $1 and state = 'draft'`, c.id); n != 1 {
		t.Errorf("Amir has %d drafts, want one", n)
	}
	draft := c.shown(karin)
	p, err := c.Consenting.PreviewAmendment(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at the draft")
	if p.Change != consenting.ChangeRenewal || len(draft.Preparing.Rows) != 6 || draft.InForce == nil {
		t.Errorf("the draft is a %s of %d rows", p.Change, len(draft.Preparing.Rows))
	}
	c.mayNotRenew(of, last)
}

// mayNotRenew: nobody but the coordinator renews, and nobody for too long.
func (c *city) mayNotRenew(of []sig.InterventionID, last sig.Date) {
	c.t.Helper()
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", "sara": "error.not_found", "coordinator-skarholmen": "error.not_found"} {
		_, err := c.Consenting.Renew(c.ctx(), c.as(who), of[:1], last)
		c.refusedWith(err, code, who+" renews")
		_, err = c.Consenting.PreviewRenewals(c.ctx(), c.as(who), of[:1], last)
		c.refusedWith(err, code, who+" looks")
	}
	c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin discards")
	for day, code := range map[string]string{"2027-05-20": "error.renew_backward", "2027-11-20": "error.renew_too_long", "2027-11-19": "would"} {
		got, err := c.Consenting.PreviewRenewals(c.ctx(), c.as(karin), of[:1], sig.DateOf(stockholm(day+" 00:00:00")))
		c.must(err, "Karin tries "+day)
		if s := whys(got); s[0] != code {
			c.t.Errorf("until %s: %s, want %s", day, s[0], code)
		}
	}
	_, err := c.Consenting.Renew(c.ctx(), c.as(karin), nil, sig.Date{})
	c.refusedWith(err, "interventions error.choose_one, to error.bad_date", "nothing is renewed")
}

// What has run out is renewed within its grace period, and a child whose parent
// is gone is not renewed by nobody.
func TestRenewingWhatHasRunOut(t *testing.T) {
	c := inForce(t)
	c.until("2027-06-05 10:00:00")
	last := sig.DateOf(stockholm("2027-10-31 00:00:00"))
	got, err := c.Consenting.Renew(c.ctx(), c.as(karin), []sig.InterventionID{c.id}, last)
	c.must(err, "Karin renews in the grace period")
	if got[0].Why != "" || !got[0].Done || got[0].Rows != 6 {
		t.Errorf("renewed in the grace period: %+v", got[0])
	}
	c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin discards")
	c.endsCustody(c.as("omid").Guardian)
	c.endsCustody(c.as("sara").Guardian)
	got, err = c.Consenting.Renew(c.ctx(), c.as(karin), []sig.InterventionID{c.id}, last)
	c.must(err, "Karin renews")
	if got[0].Why != "error.signers_no_guardian" {
		t.Errorf("renewed without any guardian: %+v", got[0])
	}
	c.until("2027-06-16 10:00:00")
	got, err = c.Consenting.Renew(c.ctx(), c.as(karin), []sig.InterventionID{c.id}, last)
	c.must(err, "Karin renews too late")
	if got[0].Why != "error.nothing_in_force" {
		t.Errorf("renewed after the grace period: %+v", got[0])
	}
}
