package scenariotest

import (
	"slices"
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// T27, an item that a guardian must not see: what Amir told the counsellor is
// hidden from Omid and decided on its own for Sara; Omid's diary omits it, and
// whoever signs in with Amir's eID at home does not find it.
func TestT27AnItemAGuardianMustNotSee(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-01-20 11:00:00"))
	item := c.writes(malin, sig.CategoryAttendance)
	family := map[string]postgres.ViewerID{
		"sara": {UUID: c.as("sara").Guardian.UUID}, "omid": {UUID: c.as("omid").Guardian.UUID}, "amir": {UUID: c.as("amir").Youth.UUID},
	}
	for who := range family {
		if c.opens(who, item) {
			t.Errorf("%s sees what nobody has decided about", who)
		}
	}
	c.decidesVisible(malin, item, sharing.NewVisibility{
		Viewer: family["omid"], Ground: "osl_12_3_severe_harm", Reason: "Amir berättar att Omid slår honom.",
	})
	if c.opens("sara", item) {
		t.Error("deciding for Omid decided for Sara")
	}
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: family["sara"], Visible: true})
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: family["amir"], Visible: true}) // not released for a screen at home
	for who, sees := range map[string]bool{"sara": true, "omid": false, "amir": false} {
		if got := c.opens(who, item); got != sees {
			t.Errorf("%s sees the item: %v, want %v", who, got, sees)
		}
	}
	copyID, err := c.discloses(malin, item, sample.Coordinator)
	c.must(err, "Malin tells Karin")
	if !c.reads(karin, copyID) {
		t.Fatal("Karin cannot read it")
	}
	for who, lines := range map[string]int{"sara": 2, "omid": 0, "amir": 0} {
		page, err := c.Sharing.Diary(c.ctx(), c.as(who), c.id, sharing.DiaryPlace{})
		c.must(err, who+" looks at what was shared")
		if len(page.Rows) != lines || page.Next != nil {
			t.Errorf("%s's diary has %d lines and goes on at %v, want %d and no more", who, len(page.Rows), page.Next, lines)
		}
	}
	p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as("omid"), c.id, consenting.SignerRef{}, everything)
	c.must(err, "Omid looks at what taking back would do")
	if p.Copies != 0 || p.AlreadyRead != 0 || len(p.Hidden) != 0 {
		t.Errorf("Omid's preview counts %d copies and %d reads of what is hidden from him", p.Copies, p.AlreadyRead)
	}
}

// T29, a weak recipient: the coordinator sends substance use to a mentor. The
// officer is warned that secrecy gets weaker, the pupil health is suggested,
// and without an answer to the warning nothing goes.
func TestT29WeakRecipient(t *testing.T) {
	c := inForce(t,
		row(sample.Coordinator, sample.Mentor, sig.CategorySubstanceUse), row(sample.Coordinator, sample.Counsellor, sig.CategorySubstanceUse))
	item := c.writes(karin, sig.CategorySubstanceUse)
	choice := c.candidate(karin, item, sample.Mentor)
	if !choice.Allowed || choice.Weaker == "" || !words.For("sv").Has(choice.Weaker) {
		t.Errorf("the mentor: %+v", choice)
	}
	if !slices.Contains(choice.Safer, sample.Counsellor) {
		t.Errorf("beside the mentor stand %v, want the pupil health", choice.Safer)
	}
	if strong := c.candidate(karin, item, sample.Counsellor); strong.Weaker != "" {
		t.Errorf("the pupil health is called weaker: %s", strong.Weaker)
	}
	in := c.newTo(sample.Mentor)
	in.Item, in.WeakerReason = item, ""
	_, err := c.Sharing.Disclose(c.ctx(), c.as(karin), in)
	c.refusedWith(err, "recipients.0 reason.weaker_unanswered", "sent without answering the warning")
	c.toldWhatToDo("weaker_unanswered")
	in.WeakerReason = "mentorn möter Amir varje morgon"
	if _, err := c.Sharing.Disclose(c.ctx(), c.as(karin), in); err != nil {
		t.Errorf("sent with a reason: %v", err)
	}
}

// T31, criminal record: no such category exists, in an item or in a consent,
// and the refusal says in plain words that not even consent can share it.
func TestT31CriminalRecord(t *testing.T) {
	c := inForce(t)
	_, err := c.Sharing.WriteItem(c.ctx(), c.as(berg), sharing.NewItem{
		Key: "record", Intervention: c.id, Categories: []sig.Category{"criminal_record"}, Text: "Utdrag ur belastningsregistret.",
	})
	c.refusedWith(err, "categories error.unknown_category", "Berg picks an extract of the criminal record")
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin amends")
	_, err = c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{
		Grants: []consenting.DraftGrant{row(sample.Police, sample.Coordinator, "criminal_record")},
	})
	if !strings.Contains(said(err), "grants.1.categories error.grant_unknown_category") {
		t.Errorf("a row that names the criminal record: %q (%v)", said(err), err)
	}
	for _, key := range []string{"error.unknown_category", "error.grant_unknown_category"} {
		text := words.For("sv").T(key, "row", 1)
		for _, says := range []string{"belastningsregistret", "samtycke"} {
			if !strings.Contains(text, says) {
				t.Errorf("%s does not say %q: %s", key, says, text)
			}
		}
	}
	if slices.Contains(sig.Categories(), "criminal_record") {
		t.Error("the criminal record can be picked")
	}
	if n := one[int](c, `select count(*)::int from sig.item where id <> $1`, c.unsent); n != 0 {
		t.Errorf("%d items were written", n)
	}
}

// opens reports whether somebody can open an item.
func (c *city) opens(who string, item sig.ItemID) bool {
	c.t.Helper()
	_, err := c.Sharing.OpenItem(c.ctx(), c.as(who), c.id, item)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		c.t.Fatalf("%s opens an item: %v", who, err)
	}
	return err == nil
}

func (c *city) decidesVisible(officer string, item sig.ItemID, in sharing.NewVisibility) {
	c.t.Helper()
	in.Intervention, in.Item = c.id, item
	c.must(c.Sharing.DecideVisibility(c.ctx(), c.as(officer), in), officer+" decides who of the family sees it")
}
