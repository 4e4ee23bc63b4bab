package sig_test

import (
	"testing"
	"time"

	"sigportal/internal/sig"
)

func TestAnAssignmentHoldsFromItsStartUntilJustBeforeItsEnd(t *testing.T) {
	t.Parallel()
	from, to := day(t, "2026-01-01").Start(), day(t, "2027-02-01").Start()
	berg := sig.Assignment{Unit: "polis-farsta", Function: sig.RolePolice, From: from, To: to}
	for _, tc := range []struct {
		what string
		at   time.Time
		want bool
	}{
		{"before it begins", from.Add(-time.Microsecond), false},
		{"as it begins", from, true},
		{"just before Berg is transferred", to.Add(-time.Microsecond), true},
		{"at 00:00 of the transfer (T12)", to, false},
		{"long after", to.AddDate(5, 0, 0), false},
	} {
		if got := berg.ActiveAt(tc.at); got != tc.want {
			t.Errorf("%s: active %v, want %v", tc.what, got, tc.want)
		}
	}
}

func TestALeadLeadsOnlyTheFunctionsOfTheOwnUnit(t *testing.T) {
	t.Parallel()
	lead := sig.Assignment{Unit: "polis-farsta", Function: sig.RolePolice, Leads: []sig.Function{sig.RolePolice}}
	if !lead.LeadsFunction("polis-farsta", sig.RolePolice) {
		t.Error("the group leader does not lead the own unit's officers")
	}
	if lead.LeadsFunction("polis-jarva", sig.RolePolice) {
		t.Error("the group leader leads officers of another local area")
	}
	if lead.LeadsFunction("polis-farsta", sig.RoleRegistrar) {
		t.Error("the group leader leads a function that nobody gave")
	}
}

func TestPrivateBodiesAreNotPublicOnes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[sig.AuthorityKind]bool{
		sig.KindDistrictBoard: true, sig.KindLeisureBoard: true, sig.KindEducationBoard: true,
		sig.KindMunicipalBoard: true, sig.KindPolice: true, sig.KindRegionHealth: true, sig.KindStateOther: true,
		sig.KindPrivateSchool: false, sig.KindPrivateProvider: false, sig.KindCivilSociety: false,
		"": false, "a_new_kind": false,
	} {
		if got := kind.PublicBody(); got != want {
			t.Errorf("%q: public body %v, want %v", kind, got, want)
		}
	}
}

func TestARegimeOfSingleDataIsNoRegimeOfABranch(t *testing.T) {
	t.Parallel()
	for _, r := range []sig.SecrecyRegime{sig.RegimeCriminalRecord, sig.RegimeConcernReport, sig.RegimeAnyHealthSex,
		sig.RegimeAddressHarassed, sig.RegimeAddressProtected, sig.RegimeGDPRMisuse} {
		if !r.Valid() || r.OfBranch() {
			t.Errorf("%s: valid %v, of a branch %v", r, r.Valid(), r.OfBranch())
		}
	}
	if sig.SecrecyRegime("social").Valid() {
		t.Error("an unknown regime is valid")
	}
	if got := sig.RegimeSchoolPupilHealth.Rule(); got.Source != "OSL 23:2 första stycket" || got.MaxYears != 70 {
		t.Errorf("pupil health: %+v", got)
	}
}
