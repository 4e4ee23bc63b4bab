package scenariotest

import (
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
	"sigportal/migrations"
)

// asBefore gives a database the shape that it had before there was a list of
// purposes, with what stands in it.
const asBefore = `
alter table sig.consent_grant drop column purpose;
alter table sig.consent_grant rename column addition to purpose;
alter table sig.consent_grant alter column purpose drop default, add constraint consent_grant_has_purpose check (purpose <> '');
alter table sig.own_consent drop column purpose;
alter table sig.own_consent rename column addition to purpose;
alter table sig.own_consent alter column purpose drop default, add constraint own_consent_has_purpose check (purpose <> '');
alter table sig.received drop column purpose;
alter table sig.received rename column addition to purpose;
alter table sig.received alter column purpose drop default`

// A consent that some had signed when a purpose was a free text goes on: what
// was written stands there letter for letter, its text is the same, the last one
// signs it, what was told keeps its why, and it is renewed as it stands.
func TestAFreeTextFromBeforeTheListIsStillWhatWasSigned(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	written := sig.Aim{Purpose: sig.PurposeOther, Addition: "planera stödet  i skolan"}
	var rows []consenting.DraftGrant
	for _, r := range c1() {
		r.Aim = written
		rows = append(rows, r)
	}
	id := c.explains(rows...)
	c.signs(id, "amir", "sara")
	before, err := c.Consenting.Text(c.ctx(), c.as("omid"), id)
	c.must(err, "Omid reads it before")
	for _, sql := range []string{asBefore, c.migration("079_purposes.sql")} {
		_, err := c.db.Super().Exec(c.ctx(), sql)
		c.must(err, "bring the database from before the list to now")
	}
	after, err := c.Consenting.Text(c.ctx(), c.as("omid"), id)
	c.must(err, "Omid reads it after")
	if after.TextHash != before.TextHash || after.Rows[0].Aim != written {
		t.Errorf("after, Omid reads %+v of the text %s; before it was %s", after.Rows[0].Aim, after.TextHash, before.TextHash)
	}
	c.signs(id, "omid")
	c.db.SetClock(t, stockholm("2026-11-30 15:00:00"))
	c.decides()
	c.seated(partners...)
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	copied := c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	for _, sql := range []string{asBefore, c.migration("079_purposes.sql")} {
		_, err := c.db.Super().Exec(c.ctx(), sql)
		c.must(err, "again, with something told")
	}
	open, err := c.Sharing.OpenCopy(c.ctx(), c.as(karin), c.id, copied)
	c.must(err, "Karin opens it")
	if open.Aim != written {
		t.Errorf("the copy was told for %+v", open.Aim)
	}
	view, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin renews it")
	if len(view.Preparing.Rows) != len(rows) || view.Preparing.Rows[5].Aim != written {
		t.Errorf("renewed it says %+v", view.Preparing.Rows)
	}
}

func (c *city) migration(name string) string {
	c.t.Helper()
	sql, err := migrations.Files.ReadFile(name)
	c.must(err, "read "+name)
	return string(sql)
}

// To tell for another purpose, or for more of one, is to tell more: everybody
// signs again. A row that is as it was needs nobody.
func TestAnotherPurposeNeedsEverybodysYes(t *testing.T) {
	c := inForce(t)
	for _, aim := range []sig.Aim{{Purpose: sig.PurposeCrime}, {Purpose: sig.PurposePlan, Addition: "och boendet"}} {
		_, err := c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
		c.must(err, "Karin begins an amendment")
		rows := c1()
		for n, r := range c.shown(karin).InForce.Rows {
			rows[n].Origin = r.Origin
		}
		rows[0].Aim = aim
		c.signs(c.explains(rows...), "sara")
		view := c.shown(karin)
		if v := view.Preparing; v == nil || v.MustSign != 3 || v.SignedBy != 1 {
			t.Errorf("for %+v: %+v must be signed by all three", aim, v)
		}
		if got := view.InForce.Rows[0].Aim; got != (sig.Aim{Purpose: sig.PurposePlan}) {
			t.Errorf("with one yes of three the row is in force for %+v", got)
		}
		c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin takes the draft away")
	}
}

// What a row is for is one of the list, or said in words.
func TestARowSaysWhatItIsFor(t *testing.T) {
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	for _, wrong := range []struct {
		aim  sig.Aim
		code string
	}{
		{sig.Aim{}, "grants.1.purpose error.grant_no_purpose"},
		{sig.Aim{Addition: "planera stödet"}, "grants.1.purpose error.grant_no_purpose"},
		{sig.Aim{Purpose: "planera stödet"}, "grants.1.purpose error.grant_unknown_purpose"},
		{sig.Aim{Purpose: sig.PurposeOther, Addition: " \n "}, "grants.1.addition error.grant_other_needs_words"},
		{sig.Aim{Purpose: sig.PurposePlan, Addition: "a\x00b"}, "grants.1.addition error.bad_text"},
	} {
		one := row(sample.Police, sample.Coordinator, sig.CategoryPlanGoals)
		one.Aim = wrong.aim
		_, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: []consenting.DraftGrant{one}})
		c.refusedWith(err, wrong.code, "a row for "+string(wrong.aim.Purpose)+wrong.aim.Addition)
	}
	_, err := c.db.Super().Exec(c.ctx(), `update sig.youth set protection = 'marked' where id = (select youth from sig.intervention where id = $1)`, c.id)
	c.must(err, "protect Amir")
	for addition, code := range map[string]string{"läxhjälp på Farstaskolan": "grants.1.addition error.purpose_names_place", "läxhjälp": ""} {
		one := row(sample.Police, sample.Coordinator, sig.CategoryPlanGoals)
		one.Aim = sig.Aim{Purpose: sig.PurposeSchool, Addition: addition}
		c.refusedWith(c.Consenting.Check(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: []consenting.DraftGrant{one}}), code, "protected, a row for "+addition)
	}
}
