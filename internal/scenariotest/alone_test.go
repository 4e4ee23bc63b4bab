package scenariotest

import (
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// assesses has Nadia find the youth mature, and name what the youth disposes
// over alone.
func (c *city) assesses(alone ...sig.Category) error {
	_, err := c.Consenting.AssessMaturity(c.ctx(), c.as(nadia), c.id, consenting.Assessment{
		Outcome: sig.Mature, Alone: alone, Reason: "förstår vad det innebär",
	})
	return err
}

// traces counts everything that somebody of the family can find of an item: the
// item, its line among the items, lines of the diary and of its extract,
// authorities to choose from, and the numbers of a preview.
func (c *city) traces(who string, item sig.ItemID) int {
	c.t.Helper()
	n := 0
	if c.opens(who, item) {
		n++
	}
	page, err := c.Sharing.Diary(c.ctx(), c.as(who), c.id, sharing.DiaryPlace{})
	c.must(err, who+" looks at what was shared")
	whole, err := c.Sharing.DiaryExtract(c.ctx(), c.as(who), c.id)
	c.must(err, who+" takes the extract")
	p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(who), c.id, consenting.SignerRef{}, everything)
	c.must(err, who+" looks at what taking back would do")
	items := 0
	c.must(c.App.Do(c.ctx(), c.as(who), func(tx *postgres.Tx) error {
		return tx.QueryRow(c.ctx(), `select (select count(*) from sig.item) + (select count(*) from sig.item_visibility)
			+ (select count(*) from sig.disclosure) + (select count(*) from sig.maturity_assessment)`).Scan(&items)
	}), who+" asks the database")
	return n + len(page.Rows) + len(page.Authorities) + len(whole.Rows) + p.Copies + p.AlreadyRead + len(p.Hidden) + items
}

// A young person who disposes alone over a category (OSL 12:3; domain 3.2): from
// the assessment on, guardians find nothing of what is about it, whatever was
// decided before; the youth finds it as before. No decision opens it to them,
// and no consent that they sign may name it.
func TestOverACategoryTheYouthDecidesAlone(t *testing.T) {
	c := inForce(t)
	family := map[string]postgres.ViewerID{
		"sara": {UUID: c.as("sara").Guardian.UUID}, "omid": {UUID: c.as("omid").Guardian.UUID}, "amir": {UUID: c.as("amir").Youth.UUID},
	}
	item := c.writes(malin, sig.CategorySchoolWellbeing, sig.CategoryPupilHealth)
	before := map[string]int{}
	for who, viewer := range family {
		before[who] = c.traces(who, item)
		c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: viewer, Visible: true, LowRiskAtHome: true})
	}
	c.opens(malin, item)
	for who := range family {
		if n := c.traces(who, item); n <= before[who] {
			t.Errorf("%s finds %d traces of what is visible, and %d before it was", who, n, before[who])
		}
	}
	_, err := c.Consenting.AssessMaturity(c.ctx(), c.as(karin), c.id, consenting.Assessment{Outcome: sig.Mature, Alone: []sig.Category{sig.CategoryPupilHealth}, Reason: "förstår"})
	c.refusedWith(err, "error.denied", "the coordinator assesses")
	_, err = c.Consenting.AssessMaturity(c.ctx(), c.as(nadia), c.id, consenting.Assessment{Outcome: sig.NotMature, Alone: []sig.Category{sig.CategoryPupilHealth}, Reason: "förstår"})
	c.refusedWith(err, "alone error.alone_wants_maturity", "who is not mature disposes alone")
	c.refusedWith(c.assesses("criminal_record"), "alone error.choose_one", "a category that does not exist")
	c.refusedWith(c.assesses(sig.CategoryPupilHealth, sig.CategoryAttendance), "error.alone_in_consent", "what everybody has signed becomes the youth's alone")
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that Amir disposes over pupil health alone")
	c.db.Advance(t, time.Minute)
	for _, who := range []string{"sara", "omid"} {
		if n := c.traces(who, item); n != before[who] {
			t.Errorf("%s finds %d traces of what Amir alone disposes over, %d is what there is without it", who, n, before[who])
		}
	}
	if !c.opens("amir", item) || c.traces("amir", item) <= before["amir"] {
		t.Error("Amir does not find what he disposes over")
	}
	open, err := c.Sharing.OpenItem(c.ctx(), c.as(malin), c.id, item)
	c.must(err, "Malin opens her item")
	for _, v := range open.Family {
		if v.Alone != (v.Kind == sig.SignerGuardian) {
			t.Errorf("Malin is told of %s that it is the youth's alone: %v", v.Name, v.Alone)
		}
	}
	c.refusedWith(c.Sharing.DecideVisibility(c.ctx(), c.as(malin), sharing.NewVisibility{
		Intervention: c.id, Item: item, Viewer: family["omid"], Visible: true,
	}), "error.youth_disposes_alone", "Malin shows it to Omid")
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin prepares a change")
	_, err = c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: append(c1(), row(sample.Counsellor, sample.Coordinator, sig.CategoryPupilHealth))})
	c.refusedWith(err, "grants.7.categories error.grant_disposed_alone", "a consent of everybody's names it")
	c.must(c.Consenting.Discard(c.ctx(), c.as(karin), c.id), "Karin takes the change away")
	c.must(c.assesses(), "Nadia finds that it is not so any more")
	if !c.opens("sara", item) {
		t.Error("what had been decided visible is not, though it is not Amir's alone any more")
	}
	if n := c.notes("maturity_assessed"); n != 2 {
		t.Errorf("%d journal notes of assessments, want 2", n)
	}
}

// Nobody under twelve disposes alone: Kim turns twelve on 5 June, at midnight.
func TestAtTwelveAYouthMayDecideAlone(t *testing.T) {
	c := newCity(t, "2026-05-20", "kim")
	c.proposes()
	c.db.FreezeClock(t, stockholm("2026-06-05 00:00:00").Add(-time.Microsecond))
	c.refusedWith(c.assesses(sig.CategoryPupilHealth), "error.alone_age", "a microsecond before Kim is twelve")
	c.db.FreezeClock(t, stockholm("2026-06-05 00:00:00"))
	c.must(c.assesses(sig.CategoryPupilHealth), "Kim is twelve")
}
