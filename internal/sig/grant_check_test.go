package sig_test

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/sig"
)

func validGrant() sig.Grant {
	return sig.Grant{
		Discloser: seats[2], Recipient: seats[0], Categories: someCategories[:1], Aim: sig.Aim{Purpose: sig.PurposeSchool},
		Districts: []sig.DistrictID{"farsta"}, From: firstDay, To: sig.AddMonths(firstDay, 6),
	}
}

func checkFacts() sig.GrantFacts {
	return sig.GrantFacts{
		Now: firstDay, Limits: sig.DefaultGrantLimits(), BoardDistrict: []sig.DistrictID{"farsta"},
		KnownAuthority: func(a sig.AuthorityID) bool { return a == "polisen" || a == "farsta-sdn" },
		District: func(d sig.DistrictID) (sig.District, bool) {
			name, ok := map[sig.DistrictID]string{"farsta": "Farsta", "jarva": "Järva"}[d]
			return sig.District{ID: d, Name: name}, ok
		},
		Place: func(unit sig.UnitID, function sig.Function) (sig.Place, bool) {
			for _, s := range seats {
				if s.Unit == unit {
					s.Function = function
					p := placeOf(s)
					if unit == "polis-farsta" {
						p.Districts = []sig.DistrictID{"farsta"}
					}
					return p, true
				}
			}
			switch unit {
			case "polis-jarva":
				return sig.Place{Authority: "polisen", Kind: sig.KindPolice, Districts: []sig.DistrictID{"farsta", "jarva"}}, true
			case "radgivning":
				return sig.Place{Authority: "farsta-sdn", Regime: sig.RegimeFamilyCounselling}, true
			}
			return sig.Place{}, false
		},
	}
}

// TestEveryRefusalOfARow: each thing that makes a row invalid is said at its
// field, and alone.
func TestEveryRefusalOfARow(t *testing.T) {
	t.Parallel()
	if got := sig.CheckMatrix(sig.Matrix{Grants: []sig.Grant{validGrant()}}, checkFacts()); len(got) != 0 {
		t.Fatalf("a valid row is refused: %+v", got)
	}
	for _, c := range []struct {
		field, code string
		spoil       func(*sig.Grant, *sig.GrantFacts)
	}{
		{"discloser", "error.grant_no_unit", func(g *sig.Grant, _ *sig.GrantFacts) { g.Discloser = sig.Seat{} }},
		{"recipient", "error.grant_no_unit", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient = sig.Seat{} }},
		{"recipient", "error.grant_name_the_function", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Function = "" }},
		{"discloser", "error.grant_name_the_function", func(g *sig.Grant, _ *sig.GrantFacts) { g.Discloser.Function = "" }},
		{"recipient", "error.grant_function_not_consentable", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Function = sig.RoleCaseworker }},
		{"recipient", "error.grant_function_not_consentable", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Function = "socialtjänsten" }},
		{"recipient", "error.grant_family_counselling", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Function = sig.FunctionFamilyCounselling }},
		{"recipient", "error.grant_family_counselling", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Unit = "radgivning" }},
		{"recipient", "error.grant_unknown_unit", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Unit = "finns-inte" }},
		{"recipient", "error.grant_unknown_unit", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient.Authority = "polisen" }},
		{"recipient", "error.grant_to_itself", func(g *sig.Grant, _ *sig.GrantFacts) { g.Recipient = g.Discloser }},
		{"recipient", "error.grant_two_recipients", func(g *sig.Grant, _ *sig.GrantFacts) { g.Private = sig.PrivateExpert }},
		{"private_name", "error.grant_no_private_name", func(g *sig.Grant, _ *sig.GrantFacts) {
			g.Recipient, g.Private = sig.Seat{}, sig.PrivateExpert
		}},
		{"private_name", "error.too_long", func(g *sig.Grant, f *sig.GrantFacts) {
			g.Recipient, g.Private = sig.Seat{}, sig.PrivateExpert
			f.PrivateNames = map[int]string{1: strings.Repeat("å", 201)}
		}},
		{"private_kind", "error.choose_one", func(g *sig.Grant, f *sig.GrantFacts) {
			g.Recipient, g.Private = sig.Seat{}, "granne"
			f.PrivateNames = map[int]string{1: "Mormor"}
		}},
		{"categories", "error.grant_no_categories", func(g *sig.Grant, _ *sig.GrantFacts) { g.Categories = nil }},
		{"categories", "error.grant_all_categories", func(g *sig.Grant, _ *sig.GrantFacts) { g.Categories = sig.Categories() }},
		{"categories", "error.grant_unknown_category", func(g *sig.Grant, _ *sig.GrantFacts) { g.Categories = []sig.Category{"criminal_record"} }},
		{"purpose", "error.grant_no_purpose", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim = sig.Aim{Addition: "läxhjälp"} }},
		{"purpose", "error.grant_unknown_purpose", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim.Purpose = "stötta i skolan" }},
		{"addition", "error.grant_other_needs_words", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim = sig.Aim{Purpose: sig.PurposeOther, Addition: " \t"} }},
		{"addition", "error.too_long", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim.Addition = strings.Repeat("ö", 501) }},
		{"districts", "error.grant_name_the_district", func(g *sig.Grant, _ *sig.GrantFacts) {
			g.Recipient = sig.Seat{Authority: "polisen", Unit: "polis-jarva", Function: sig.RolePolice}
		}},
		{"districts", "error.grant_unknown_district", func(g *sig.Grant, _ *sig.GrantFacts) { g.Districts = []sig.DistrictID{"mars"} }},
		{"from", "error.grant_no_start", func(g *sig.Grant, _ *sig.GrantFacts) { g.From = time.Time{} }},
		{"to", "error.grant_no_end", func(g *sig.Grant, _ *sig.GrantFacts) { g.To = time.Time{} }},
		{"to", "error.grant_window_backward", func(g *sig.Grant, _ *sig.GrantFacts) { g.To = g.From }},
		{"to", "error.grant_window_too_long", func(g *sig.Grant, _ *sig.GrantFacts) { g.To = g.To.Add(time.Microsecond) }},
		{"to", "error.grant_window_over", func(g *sig.Grant, f *sig.GrantFacts) { f.Now = g.To }},
		{"addition", "error.bad_text", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim.Addition = "skola\x00" }},
		{"addition", "error.bad_text", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim.Addition = "skola\u202e" }},
		{"addition", "error.bad_text", func(g *sig.Grant, _ *sig.GrantFacts) { g.Aim.Addition = "skola\xff" }},
		{"from", "error.grant_begins_too_far", func(g *sig.Grant, _ *sig.GrantFacts) {
			g.From = sig.AddMonths(firstDay, 13)
			g.To = g.From.Add(time.Hour)
		}},
		{"from", "error.grant_begins_later", func(g *sig.Grant, f *sig.GrantFacts) {
			f.Continues, f.Now = true, g.From.Add(-time.Second)
		}},
		{"recipient", "error.grant_not_from_import", func(g *sig.Grant, f *sig.GrantFacts) {
			g.Recipient.Function, f.Imported = sig.FunctionAddictionCare, true
		}},
	} {
		g, f := validGrant(), checkFacts()
		c.spoil(&g, &f)
		got := sig.CheckMatrix(sig.Matrix{Grants: []sig.Grant{g}}, f)
		if len(got) != 1 || got[0].Field != "grants.1."+c.field || got[0].Code != c.code || got[0].Args["row"] != 1 {
			t.Errorf("want %s at %s alone, got %+v", c.code, c.field, got)
		}
	}
}

// TestRefusalsOfAWholeMatrix: no row at all, too many, and exclusions that say
// nothing.
func TestRefusalsOfAWholeMatrix(t *testing.T) {
	t.Parallel()
	rows := []sig.Grant{validGrant()}
	many := make([]sig.Grant, 61)
	for i := range many {
		many[i] = validGrant()
	}
	for code, m := range map[string]sig.Matrix{
		"error.grants_missing":             {},
		"error.grants_too_many":            {Grants: many},
		"error.exclusions_too_many":        {Grants: rows, Exclusions: make([]sig.Exclusion, 61)},
		"error.exclusion_says_nothing":     {Grants: rows, Exclusions: []sig.Exclusion{{}}},
		"error.exclusion_unknown_function": {Grants: rows, Exclusions: []sig.Exclusion{{Recipient: sig.Seat{Function: "alla"}}}},
		"error.exclusion_unknown_unit":     {Grants: rows, Exclusions: []sig.Exclusion{{Recipient: sig.Seat{Authority: "finns-inte"}}}},
		"error.unknown_category":           {Grants: rows, Exclusions: []sig.Exclusion{{Category: "criminal_record"}}},
	} {
		got := sig.CheckMatrix(m, checkFacts())
		if len(got) == 0 || got[0].Code != code {
			t.Errorf("want %s, got %+v", code, got)
		}
	}
}

// What has no form is nothing that anybody can read.
func TestATextThatNobodySeesIsBlank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": true, " \n\t": true, "\u200b": true, "\u00a0\u2060\ufeff": true, "a": false, "\u200bå": false, "ሰላም": false, ".": false, "👍": false,
	} {
		if got := sig.Blank(text); got != want {
			t.Errorf("%q is blank: %v, want %v", text, got, want)
		}
	}
}
