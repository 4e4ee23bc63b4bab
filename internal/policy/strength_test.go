package policy_test

import (
	"testing"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

var branchRegimes = []sig.SecrecyRegime{
	sig.RegimeSocial, sig.RegimeHealth, sig.RegimeSchoolPupilHealth, sig.RegimeSchoolSupport, sig.RegimeSchoolOther,
	sig.RegimePolice, sig.RegimeFamilyCounselling, sig.RegimePrivateSocial, sig.RegimePrivateSchool, sig.RegimeNone,
}

func TestStrengthOfRegimes(t *testing.T) {
	t.Parallel()
	for regime, want := range map[sig.SecrecyRegime]string{
		sig.RegimeSocial:            "reverse_harm",   // OSL 26:1
		sig.RegimeHealth:            "reverse_harm",   // OSL 25:1
		sig.RegimeSchoolPupilHealth: "reverse_harm",   // OSL 23:2 first
		sig.RegimeSchoolSupport:     "straight_harm",  // OSL 23:2 second
		sig.RegimeSchoolOther:       "special_reason", // OSL 23:2 third
		sig.RegimeConcernReport:     "reverse_harm",   // OSL 40:7 g
		sig.RegimePolice:            "reverse_harm",   // OSL 35:1
		sig.RegimeCriminalRecord:    "absolute",       // OSL 35:3: chapters 10 and 12 do not apply
		sig.RegimeFamilyCounselling: "absolute",       // OSL 26:3
		sig.RegimePrivateSocial:     "private_duty",   // SoL 17:11
		sig.RegimePrivateSchool:     "private_duty",   // skollagen 29:14
		sig.RegimeAnyHealthSex:      "severe_harm",    // OSL 21:1
		sig.RegimeAddressHarassed:   "special_reason", // OSL 21:3
		sig.RegimeAddressProtected:  "reverse_harm",   // OSL 21:3 a
		sig.RegimeGDPRMisuse:        "straight_harm",  // OSL 21:7
		sig.RegimeNone:              "none",
	} {
		if got := policy.StrengthOf(regime).String(); got != want {
			t.Errorf("%s: %s, want %s", regime, got, want)
		}
		if !regime.Valid() {
			t.Errorf("%s is not in the vocabulary", regime)
		}
	}
}

// The sender is warned exactly when the recipient's own regime is weaker.
func TestSenderIsWarnedWhenSecrecyDrops(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what     string
		from, to sig.Place
		code     string // empty: no warning
	}{
		{"coordinator to mentor (T29)", coordinator, mentor, "strength.weaker.special_reason"},
		{"coordinator to school counsellor", coordinator, counsellor, ""},
		{"coordinator to the police", coordinator, policeFarsta, ""},
		{"the police to the coordinator", policeFarsta, coordinator, ""},
		{"coordinator to the club's mentor (T30)", coordinator, club, "strength.weaker.none"},
		{"coordinator to a close person", coordinator, closePerson, "strength.weaker.none"},
		{"coordinator to a private school", coordinator, privateSchool, "strength.weaker.private_duty"},
		{"child psychiatry to its private provider", psychiatry, provider, "strength.weaker.private_duty"},
		{"mentor to coordinator", mentor, coordinator, ""},
		{"counsellor to mentor in the same school", counsellor, mentor, "strength.weaker.special_reason"},
		{"field assistant under leisure to the police", fieldLeisure, policeFarsta, ""},
		{"to a regime nobody knows", coordinator, sig.Place{Regime: "a_new_one"}, "strength.weaker.none"},
	} {
		w, weaker := policy.Weaker(tc.from.Regime, tc.to.Regime)
		if w.Code != tc.code || weaker != (tc.code != "") {
			t.Errorf("%s: %q (warned %v), want %q", tc.what, w.Code, weaker, tc.code)
		}
	}
}

func TestSecrecyCannotDropBothWays(t *testing.T) {
	t.Parallel()
	for _, a := range branchRegimes {
		if _, weaker := policy.Weaker(a, a); weaker {
			t.Errorf("%s is weaker than itself", a)
		}
		for _, b := range branchRegimes {
			_, there := policy.Weaker(a, b)
			_, back := policy.Weaker(b, a)
			if there && back {
				t.Errorf("%s and %s are each weaker than the other", a, b)
			}
		}
	}
}

func TestTheSchoolsPupilHealthIsSuggestedInsteadOfTheMentor(t *testing.T) {
	t.Parallel()
	offered := []sig.Place{mentor, counsellor, policeFarsta, club}
	got := policy.Safer(coordinator, mentor, offered)
	if len(got) != 1 || got[0].Function != sig.RoleSchoolCounsellor {
		t.Errorf("suggested %+v, want the school counsellor alone", got)
	}
	if got := policy.Safer(coordinator, counsellor, offered); len(got) != 0 {
		t.Errorf("something is suggested although nothing drops: %+v", got)
	}
	if offered[0].Function != sig.RoleMentor || len(offered) != 4 {
		t.Error("the offered places were changed")
	}
}
