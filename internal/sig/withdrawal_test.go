package sig_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"sigportal/internal/sig"
)

// placeOf knows the borders of the five seats.
func placeOf(s sig.Seat) sig.Place {
	p := sig.Place{Authority: s.Authority, Unit: s.Unit, Function: s.Function}
	switch s.Authority {
	case "farsta-sdn":
		p.Kind, p.Regime = sig.KindDistrictBoard, sig.RegimeSocial
	case "polisen":
		p.Kind, p.Regime = sig.KindPolice, sig.RegimePolice
	case "utbildning":
		p.Kind, p.Regime = sig.KindEducationBoard, sig.RegimeSchoolOther
	case "kulturfritid":
		p.Kind, p.Regime = sig.KindLeisureBoard, sig.RegimeNone
	}
	return p
}

func tells(from, to sig.Seat, categories ...sig.Category) sig.Grant {
	return sig.Grant{
		ID: sig.GrantID{UUID: uuid.New()}, Discloser: from, Recipient: to, Categories: categories,
		From: firstDay, To: firstDay.AddDate(0, 6, 0),
	}
}

// TestConsequences is the closing rule (3.3, 3.7.4, 3.7.5).
func TestConsequences(t *testing.T) {
	t.Parallel()
	coordinator, secretary, police, principal := seats[0], seats[1], seats[2], seats[3]
	both := []sig.Category{sig.CategoryPlanGoals, sig.CategoryPoliceObservation}
	toSocial, toPolice := tells(police, coordinator, both...), tells(coordinator, police, both...)
	school := tells(principal, coordinator, sig.CategoryAttendance)
	second := tells(police, secretary, sig.CategoryPlanGoals)
	now := firstDay.AddDate(0, 1, 0)
	over := toPolice
	over.To = now
	excludesPolice := []sig.Exclusion{{Recipient: sig.Seat{Authority: "polisen"}}}
	full := sig.Matrix{Grants: []sig.Grant{toSocial, toPolice, school}}
	for name, c := range map[string]struct {
		matrix sig.Matrix
		scope  sig.WithdrawalScope
		want   sig.Consequence
	}{
		"everything":                        {full, sig.WithdrawalScope{Whole: true}, sig.Closes},
		"the police":                        {full, sig.WithdrawalScope{Recipient: police}, sig.Closes},
		"the police as an authority":        {full, sig.WithdrawalScope{Recipient: sig.Seat{Authority: "polisen"}}, sig.Closes},
		"the coordinator":                   {full, sig.WithdrawalScope{Recipient: coordinator}, sig.Closes},
		"the school":                        {full, sig.WithdrawalScope{Recipient: principal}, sig.GoesOn},
		"one direction":                     {full, sig.WithdrawalScope{Rows: []sig.GrantID{toSocial.ID}}, sig.OneWayLeft},
		"both directions, row by row":       {full, sig.WithdrawalScope{Rows: []sig.GrantID{toSocial.ID, toPolice.ID}}, sig.Closes},
		"one category of two":               {full, sig.WithdrawalScope{Category: sig.CategoryPlanGoals}, sig.GoesOn},
		"a category for the police":         {full, sig.WithdrawalScope{Recipient: police, Category: sig.CategoryPlanGoals}, sig.GoesOn},
		"a category that nobody has":        {full, sig.WithdrawalScope{Category: sig.CategoryWhereabouts}, sig.NothingRemoved},
		"a recipient that nobody named":     {full, sig.WithdrawalScope{Recipient: seats[4]}, sig.NothingRemoved},
		"a row of another consent":          {full, sig.WithdrawalScope{Rows: []sig.GrantID{{UUID: uuid.New()}}}, sig.NothingRemoved},
		"nothing":                           {full, sig.WithdrawalScope{}, sig.NothingRemoved},
		"another social function is enough": {sig.Matrix{Grants: []sig.Grant{toSocial, second}}, sig.WithdrawalScope{Recipient: coordinator}, sig.GoesOn},
		"the last row without police":       {sig.Matrix{Grants: []sig.Grant{school}}, sig.WithdrawalScope{Recipient: principal}, sig.Closes},
		"the school, when police rows had ended": {
			sig.Matrix{Grants: []sig.Grant{over, school, tells(coordinator, principal, both...)}},
			sig.WithdrawalScope{Rows: []sig.GrantID{school.ID}}, sig.GoesOn,
		},
		"one direction, when the other is excluded": {
			sig.Matrix{Grants: []sig.Grant{toSocial, toPolice, school}, Exclusions: excludesPolice},
			sig.WithdrawalScope{Rows: []sig.GrantID{toSocial.ID}}, sig.Closes,
		},
	} {
		if got := sig.ConsequenceOf(c.matrix, c.scope, now, placeOf); got != c.want {
			t.Errorf("taking back %s: %s, want %s", name, got, c.want)
		}
	}
}

// TestTakingBackNeverGives: what is left lies within what there was, nothing
// that was asked for is left, and nothing else went.
func TestTakingBackNeverGives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t, "matrix")
		for i := range m.Grants {
			m.Grants[i].ID = sig.GrantID{UUID: uuid.New()}
		}
		scope := sig.WithdrawalScope{
			Recipient: rapid.SampledFrom(append([]sig.Seat{{}, {Authority: "polisen"}}, seats...)).Draw(t, "who"),
			Category:  rapid.SampledFrom(append([]sig.Category{""}, someCategories...)).Draw(t, "what"),
		}
		left, removed := scope.Apply(m.Grants)
		if !(sig.Matrix{Grants: left}).SubsetOf(sig.Matrix{Grants: m.Grants}) {
			t.Fatal("taking something back gave something")
		}
		count := 0
		for _, r := range removed {
			count += len(r.Categories)
		}
		before, after := 0, 0
		for _, g := range m.Grants {
			before += len(g.Categories)
		}
		for _, g := range left {
			after += len(g.Categories)
		}
		if before != after+count {
			t.Fatalf("%d categories before, %d left and %d gone", before, after, count)
		}
		if again, more := scope.Apply(left); len(more) != 0 || len(again) != len(left) {
			t.Fatal("taking the same back twice takes more")
		}
		if scope.Says() && scope.Category == "" {
			for _, g := range left {
				if g.Recipient == scope.Recipient || g.Discloser == scope.Recipient {
					t.Fatal("a recipient is still named in one direction")
				}
			}
		}
	})
}

// TestDaysLater: the same wall-clock time, over both changes of the clock.
func TestDaysLater(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"2027-02-10 09:12": "2027-03-12 09:12",
		"2027-03-20 02:30": "2027-04-19 02:30",
		"2026-10-10 23:59": "2026-11-09 23:59",
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", from, sig.Stockholm)
		if got := sig.DaysLater(at, 30).Format("2006-01-02 15:04"); got != want {
			t.Errorf("thirty days after %s: %s, want %s", from, got, want)
		}
	}
	last := time.Date(2026, 8, 31, 12, 0, 0, 0, sig.Stockholm)
	if got := sig.AddMonths(last, 6).Format("2006-01-02 15:04"); got != "2027-02-28 12:00" {
		t.Errorf("six months after 31 August: %s", got)
	}
}
