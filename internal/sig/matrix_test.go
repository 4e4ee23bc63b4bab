package sig_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sigportal/internal/sig"
)

var seats = []sig.Seat{
	{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleCoordinator},
	{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleSocialSecretary},
	{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice},
	{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RolePrincipal},
	{Authority: "kulturfritid", Unit: "falt", Function: sig.RoleFieldAssistant},
}

var someCategories = []sig.Category{sig.CategoryPlanGoals, sig.CategoryAttendance, sig.CategoryPoliceObservation}

var firstDay = time.Date(2026, 12, 1, 0, 0, 0, 0, sig.Stockholm)

func drawGrant(t *rapid.T) sig.Grant {
	from := firstDay.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "from"))
	return sig.Grant{
		ID: sig.GrantID{}, Discloser: rapid.SampledFrom(seats).Draw(t, "discloser"),
		Recipient:  rapid.SampledFrom(seats).Draw(t, "recipient"),
		Categories: rapid.SliceOfNDistinct(rapid.SampledFrom(someCategories), 1, 3, rapid.ID).Draw(t, "categories"),
		Districts:  rapid.SliceOfNDistinct(rapid.SampledFrom([]sig.DistrictID{"farsta", "jarva"}), 0, 2, rapid.ID).Draw(t, "districts"),
		Aim:        rapid.SampledFrom([]sig.Aim{{Purpose: sig.PurposeSchool}, {Purpose: sig.PurposeLeisure}, {Purpose: sig.PurposeSchool, Addition: "läxor"}}).Draw(t, "aim"),
		From:       from, To: from.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days")),
	}
}

func drawExclusion(t *rapid.T) sig.Exclusion {
	return sig.Exclusion{
		Recipient: sig.Seat{Authority: rapid.SampledFrom([]sig.AuthorityID{"", "polisen", "utbildning"}).Draw(t, "excluded")},
		Category:  rapid.SampledFrom(append([]sig.Category{""}, someCategories...)).Draw(t, "category"),
	}
}

func drawMatrix(t *rapid.T, label string) sig.Matrix {
	return sig.Matrix{
		Grants:     rapid.SliceOfN(rapid.Custom(drawGrant), 0, 4).Draw(t, label+" grants"),
		Exclusions: rapid.SliceOfN(rapid.Custom(drawExclusion), 0, 2).Draw(t, label+" exclusions"),
	}
}

// shrink takes something away from a matrix, or nothing.
func shrink(t *rapid.T, m sig.Matrix) sig.Matrix {
	var out sig.Matrix
	out.Exclusions = append(out.Exclusions, m.Exclusions...)
	if rapid.Bool().Draw(t, "exclude more") {
		out.Exclusions = append(out.Exclusions, drawExclusion(t))
	}
	for _, g := range m.Grants {
		switch rapid.IntRange(0, 4).Draw(t, "how") {
		case 0:
			continue
		case 1:
			g.Categories = g.Categories[:1]
		case 2:
			g.To = g.To.Add(-g.To.Sub(g.From) / 2)
		case 3:
			g.Districts = g.Districts[:len(g.Districts)/2]
		}
		out.Grants = append(out.Grants, g)
	}
	return out
}

// TestNarrowingNeverPermitsMore: whatever a matrix that lies within another
// permits, the other permits too. One signature must never buy more.
func TestNarrowingNeverPermitsMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old := drawMatrix(t, "old")
		narrowed := shrink(t, old)
		if rapid.Bool().Draw(t, "unrelated") {
			narrowed = drawMatrix(t, "new")
		}
		if !narrowed.SubsetOf(old) {
			return
		}
		from, to := rapid.SampledFrom(seats).Draw(t, "from"), rapid.SampledFrom(seats).Draw(t, "to")
		categories := rapid.SliceOfNDistinct(rapid.SampledFrom(someCategories), 1, 2, rapid.ID).Draw(t, "told")
		districts := rapid.SliceOfNDistinct(rapid.SampledFrom([]sig.DistrictID{"farsta", "jarva"}), 0, 2, rapid.ID).Draw(t, "where")
		at := firstDay.Add(time.Duration(rapid.Int64Range(0, int64(100*24*time.Hour)).Draw(t, "at")))
		if narrowed.Permits(from, to, categories, districts, at) && !old.Permits(from, to, categories, districts, at) {
			t.Fatalf("the narrowed matrix lets %v tell %v %v, the old one did not", from, to, categories)
		}
	})
}

// TestShrinkingIsNarrowing: what only takes away is always a narrowing, and
// taking away in two steps is one.
func TestShrinkingIsNarrowing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawMatrix(t, "first")
		second := shrink(t, first)
		third := shrink(t, second)
		if !first.SubsetOf(first) || !second.SubsetOf(first) || !third.SubsetOf(second) || !third.SubsetOf(first) {
			t.Fatal("taking something away is not seen as narrowing")
		}
	})
}

// TestWideningIsNeverNarrowing: each of these alone needs everybody.
func TestWideningIsNeverNarrowing(t *testing.T) {
	t.Parallel()
	row := sig.Grant{
		Discloser: seats[2], Recipient: seats[0], Categories: someCategories[:1], Aim: sig.Aim{Purpose: sig.PurposeSchool},
		Districts: []sig.DistrictID{"farsta"}, From: firstDay, To: firstDay.AddDate(0, 3, 0),
	}
	old := sig.Matrix{Grants: []sig.Grant{row}, Exclusions: []sig.Exclusion{{Category: sig.CategoryAttendance}}}
	for name, widen := range map[string]func(*sig.Matrix){
		"another recipient":   func(m *sig.Matrix) { m.Grants[0].Recipient = seats[1] },
		"another discloser":   func(m *sig.Matrix) { m.Grants[0].Discloser = seats[3] },
		"turned round":        func(m *sig.Matrix) { m.Grants[0].Discloser, m.Grants[0].Recipient = seats[0], seats[2] },
		"one category more":   func(m *sig.Matrix) { m.Grants[0].Categories = someCategories[:2] },
		"one district more":   func(m *sig.Matrix) { m.Grants[0].Districts = []sig.DistrictID{"farsta", "jarva"} },
		"another purpose":     func(m *sig.Matrix) { m.Grants[0].Aim.Purpose = sig.PurposeWork },
		"another addition":    func(m *sig.Matrix) { m.Grants[0].Aim.Addition = "allt" },
		"a microsecond later": func(m *sig.Matrix) { m.Grants[0].To = m.Grants[0].To.Add(time.Microsecond) },
		"a microsecond sooner": func(m *sig.Matrix) {
			m.Grants[0].From = m.Grants[0].From.Add(-time.Microsecond)
		},
		"one row more":             func(m *sig.Matrix) { g := row; g.Recipient = seats[3]; m.Grants = append(m.Grants, g) },
		"an exclusion less":        func(m *sig.Matrix) { m.Exclusions = nil },
		"an exclusion that weaker": func(m *sig.Matrix) { m.Exclusions[0].Recipient.Authority = "polisen" },
		"a person for a function": func(m *sig.Matrix) {
			m.Grants[0].Recipient, m.Grants[0].Private = sig.Seat{}, sig.PrivateExpert
		},
	} {
		wider := sig.Matrix{Grants: []sig.Grant{row}, Exclusions: []sig.Exclusion{{Category: sig.CategoryAttendance}}}
		widen(&wider)
		if wider.SubsetOf(old) {
			t.Errorf("%s counts as a narrowing", name)
		}
	}
}
