package scenariotest

import (
	"fmt"
	"slices"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// unused are the rows and categories that a version shows as never used.
func unused(v *consenting.Version) []string {
	var list []string
	for _, row := range v.Rows {
		if len(row.Unused) > 0 {
			list = append(list, fmt.Sprintf("%d %v", row.Number, row.Unused))
		}
	}
	return list
}

// What nobody has told for 30 days is shown for narrowing: to the board over
// all disclosures, to a family member over those of items that the reader may
// see, and to nobody else.
func TestWhatIsNeverUsedIsShown(t *testing.T) {
	c := inForce(t)
	all := []string{"1 [police_preventive_observation]", "2 [police_preventive_observation]", "3 [attendance]", "4 [attendance]", "5 [attendance]", "6 [attendance]"}
	asks := func(when string, board, family []string) {
		t.Helper()
		if got := unused(c.shown(karin).InForce); !slices.Equal(got, board) {
			t.Errorf("%s the board sees as never used %v, want %v", when, got, board)
		}
		text, err := c.Consenting.Text(c.ctx(), c.as("sara"), c.shown("sara").InForce.ID)
		c.must(err, "Sara reads the text")
		if got := unused(&text.Version); !slices.Equal(got, family) {
			t.Errorf("%s Sara sees as never used %v, want %v", when, got, family)
		}
		if got := unused(c.shown(berg).InForce); got != nil {
			t.Errorf("%s Berg sees as never used %v", when, got)
		}
	}
	asks("before 30 days", nil, nil)
	c.until("2027-01-04 10:00:00")
	asks("after 30 days", all, all)
	item := c.writes(malin, sig.CategoryAttendance)
	_, err := c.discloses(malin, item, sample.Coordinator)
	c.must(err, "Malin tells")
	rest := slices.Delete(slices.Clone(all), 2, 3)
	asks("with something told that Sara may not see", rest, all)
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: sharing.ViewerID{UUID: c.as("sara").Guardian.UUID}, Visible: true})
	asks("with something told that Sara may see", rest, rest)
}

// One click makes a draft without what is never used; it only narrows, so one
// signature will do. Nobody but the coordinator makes it.
func TestNarrowingWhatIsNeverUsed(t *testing.T) {
	c := inForce(t)
	_, err := c.Consenting.NarrowUnused(c.ctx(), c.as(karin), c.id)
	c.refusedWith(err, "error.nothing_unused", "on the third day")
	c.until("2027-01-04 10:00:00")
	c.told(malin, sample.Coordinator, sig.CategoryAttendance)
	_, err = c.Consenting.NarrowUnused(c.ctx(), c.as(nadia), c.id)
	c.refusedWith(err, "error.denied", "Nadia narrows")
	for _, who := range []string{berg, "sara", "coordinator-skarholmen"} {
		_, err = c.Consenting.NarrowUnused(c.ctx(), c.as(who), c.id)
		c.refusedWith(err, "error.not_found", who+" narrows")
	}
	view, err := c.Consenting.NarrowUnused(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin narrows")
	var left []string
	for _, row := range view.Preparing.Rows {
		left = append(left, fmt.Sprint(row.Categories))
	}
	want := []string{"[plan_goals]", "[plan_goals]", "[attendance plan_goals]", "[plan_goals]", "[plan_goals]", "[plan_goals]"}
	if !slices.Equal(left, want) {
		t.Errorf("the draft says %v, want %v", left, want)
	}
	p, err := c.Consenting.PreviewAmendment(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at what it would change")
	if p.Change != consenting.ChangeNarrowing || p.MustSign != 1 || len(p.Lost) != 5 || len(p.Gained) != 0 || p.Consequence != sig.GoesOn {
		t.Errorf("the preview says %+v", p)
	}
	_, err = c.Consenting.NarrowUnused(c.ctx(), c.as(karin), c.id)
	c.refusedWith(err, "error.already_preparing", "Karin presses twice")
}

// What the intervention cannot live without stays, though nobody has used it.
func TestNarrowingKeepsPoliceAndSocialServices(t *testing.T) {
	c := newCity(t, "2026-11-30", "amir")
	c.proposes()
	c.signs(c.explains(
		row(sample.Police, sample.Coordinator, sig.CategoryPoliceObservation),
		row(sample.Counsellor, sample.Coordinator, sig.CategoryAttendance),
		row(sample.Principal, sample.Coordinator, sig.CategoryAttendance),
	), "amir", "sara", "omid")
	c.decides()
	c.seated(partners...)
	c.until("2027-01-04 10:00:00")
	c.told(malin, sample.Coordinator, sig.CategoryAttendance)
	view, err := c.Consenting.NarrowUnused(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin narrows")
	var left []sig.Function
	for _, row := range view.Preparing.Rows {
		left = append(left, row.Discloser.Seat.Function)
	}
	if !slices.Equal(left, []sig.Function{sample.Police.Function, sample.Counsellor.Function}) {
		t.Errorf("rows of %v are left, want the police's and the counsellor's", left)
	}
}
