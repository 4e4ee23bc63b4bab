package policy_test

import (
	"testing"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// place builds a place of a public body; the tests change what they are about.
func place(authority, branch, unit string, function sig.Function, regime sig.SecrecyRegime) sig.Place {
	return sig.Place{
		Authority: sig.AuthorityID(authority), PublicBody: true, Branch: sig.BranchID(branch),
		Unit: sig.UnitID(unit), Function: function, Regime: regime,
	}
}

func private(p sig.Place) sig.Place     { p.PublicBody = false; return p }
func independent(p sig.Place) sig.Place { p.Independent = true; return p }
func foreign(p sig.Place) sig.Place     { p.Foreign = true; return p }

var (
	coordinator   = place("farsta-sdn", "farsta-ifo", "farsta-unga", sig.RoleCoordinator, sig.RegimeSocial)
	secretary     = place("farsta-sdn", "farsta-ifo", "farsta-unga", sig.RoleSocialSecretary, sig.RegimeSocial)
	openCare      = place("farsta-sdn", "farsta-ifo", "farsta-oppenvard", sig.FunctionOpenCare, sig.RegimeSocial)
	fieldFarsta   = place("farsta-sdn", "farsta-ifo", "farsta-falt", sig.RoleFieldAssistant, sig.RegimeSocial)
	fieldLeisure  = place("kulturfritid", "kulturfritid-falt", "kulturfritid-falt", sig.RoleFieldAssistant, sig.RegimeNone)
	skarholmen    = place("skarholmen-sdn", "skarholmen-ifo", "skarholmen-unga", sig.RoleCoordinator, sig.RegimeSocial)
	cityWide      = place("socialnamnden", "framtid", "framtid", sig.RoleSocialSecretary, sig.RegimeSocial)
	policeFarsta  = place("polisen", "polisen-lokal", "polis-farsta", sig.RolePolice, sig.RegimePolice)
	policeJarva   = place("polisen", "polisen-lokal", "polis-jarva", sig.RolePolice, sig.RegimePolice)
	mentor        = place("utbildning", "skola", "farstaskolan", sig.RoleMentor, sig.RegimeSchoolOther)
	counsellor    = place("utbildning", "elevhalsa", "farstaskolan-elevhalsa", sig.RoleSchoolCounsellor, sig.RegimeSchoolPupilHealth)
	privateSchool = private(place("friskolan", "friskolan", "friskolan", sig.RolePrincipal, sig.RegimePrivateSchool))
	psychiatry    = place("region", "bup", "bup-farsta", sig.FunctionPsychiatry, sig.RegimeHealth)
	provider      = private(place("utforaren", "utforaren", "utforaren", sig.FunctionOpenCare, sig.RegimePrivateSocial))
	club          = private(place("idrottsklubben", "klubb", "klubb", sig.FunctionClubMentor, sig.RegimeNone))
	closePerson   = sig.Place{Regime: sig.RegimeNone}
)

// The rows are those of the table of borders in the domain description, with
// their sources; a change of the rules is a change here first.
func TestBorderBetweenPlaces(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what         string
		from, to     sig.Place
		participates bool
		want         policy.BorderKind
	}{
		{"coordinator to field assistant of the same board", coordinator, fieldFarsta, true, policy.BorderNeedToKnow},
		{"the same, the field assistant has no part", coordinator, fieldFarsta, false, policy.BorderNeedToKnow},
		{"coordinator to field assistant under culture and leisure", coordinator, fieldLeisure, true, policy.BorderOtherAuthority},
		{"Farsta board to Skärholmen board", coordinator, skarholmen, true, policy.BorderOtherAuthority},
		{"district board to a city-wide unit", coordinator, cityWide, true, policy.BorderOtherAuthority},
		{"social services to the police", coordinator, policeFarsta, true, policy.BorderOtherAuthority},
		{"the police to a field assistant (T07)", policeFarsta, fieldFarsta, true, policy.BorderOtherAuthority},
		{"social services to a municipal school", coordinator, counsellor, true, policy.BorderOtherAuthority},
		{"social services to a private school", coordinator, privateSchool, true, policy.BorderPrivate},
		{"child psychiatry to social services", psychiatry, coordinator, true, policy.BorderOtherAuthority},
		{"board to its private provider", coordinator, provider, true, policy.BorderPrivate},
		{"private provider to the board", provider, coordinator, true, policy.BorderPrivate},
		{"two private bodies", provider, club, true, policy.BorderPrivate},
		{"board to a close person", coordinator, closePerson, false, policy.BorderPrivate},
		{"local area Farsta to local area Järva", policeFarsta, policeJarva, true, policy.BorderNeedToKnow},
		{"secretary to coordinator at the next desk", secretary, coordinator, true, policy.BorderNeedToKnow},
		{"open care, provider side of the same branch", coordinator, openCare, true, policy.BorderNeedToKnow},
		{"colleague in the same unit and function, on the case", coordinator, coordinator, true, policy.BorderNone},
		{"the same colleague without a part", coordinator, coordinator, false, policy.BorderNeedToKnow},
		{"mentor to counsellor, no decision on independence", mentor, counsellor, true, policy.BorderNeedToKnow},
		{"mentor to counsellor of an independent branch", mentor, independent(counsellor), true, policy.BorderIndependentBranch},
		{"the other way round", independent(counsellor), mentor, true, policy.BorderIndependentBranch},
		{"inside one independent branch", independent(counsellor), independent(counsellor), true, policy.BorderNone},
		{"independence does not soften another authority", independent(counsellor), coordinator, true, policy.BorderOtherAuthority},
		{"a foreign authority, before everything else", coordinator, foreign(closePerson), true, policy.BorderForeign},
		{"from a foreign authority", foreign(coordinator), coordinator, true, policy.BorderForeign},
	} {
		if got := policy.Border(tc.from, tc.to, tc.participates); got != tc.want {
			t.Errorf("%s: border %v, want %v", tc.what, got, tc.want)
		}
	}
}

// Every combination of the facts that the rules read, against the rules said
// once more as sentences that hold whatever the rest is.
func TestBorderForEveryCombination(t *testing.T) {
	t.Parallel()
	both := []bool{false, true}
	tried := 0
	each := func(fn func(b bool)) {
		for _, b := range both {
			fn(b)
		}
	}
	each(func(publicA bool) {
		each(func(publicB bool) {
			each(func(foreignB bool) {
				each(func(otherAuthority bool) {
					each(func(otherBranch bool) {
						each(func(independentA bool) {
							each(func(otherUnit bool) {
								each(func(otherFunction bool) {
									each(func(part bool) {
										tried++
										a := place("a", "a1", "u", sig.RoleCoordinator, sig.RegimeSocial)
										a.PublicBody, a.Independent = publicA, independentA
										b := a
										b.PublicBody, b.Foreign = publicB, foreignB
										if otherAuthority {
											b.Authority, b.Branch, b.Unit = "b", "b1", "v"
										}
										if otherBranch {
											b.Branch, b.Unit, b.Independent = "a2", "w", false
										}
										if otherUnit {
											b.Unit = "x"
										}
										if otherFunction {
											b.Function = sig.RoleFieldAssistant
										}
										checkBorder(t, a, b, part)
									})
								})
							})
						})
					})
				})
			})
		})
	})
	if tried != 512 {
		t.Errorf("tried %d combinations, want 512", tried)
	}
}

func checkBorder(t *testing.T, a, b sig.Place, part bool) {
	t.Helper()
	got := policy.Border(a, b, part)
	if back := policy.Border(b, a, part); back != got {
		t.Errorf("a border has two sides: %v one way, %v the other", got, back)
	}
	sameSeat := a.Unit == b.Unit && a.Function == b.Function
	inside := a.Authority == b.Authority && a.PublicBody && b.PublicBody && !a.Foreign && !b.Foreign
	switch {
	case (a.Foreign || b.Foreign) != (got == policy.BorderForeign):
		t.Errorf("foreign %+v to %+v: %v", a, b, got)
	case !inside && !got.Crosses():
		t.Errorf("%+v to %+v crosses no border", a, b)
	case inside && a.Branch == b.Branch && got.Crosses():
		t.Errorf("a border inside one branch: %+v to %+v: %v", a, b, got)
	case got == policy.BorderNone && (!sameSeat || !part):
		t.Errorf("nothing between %+v and %+v, part %v", a, b, part)
	}
}
