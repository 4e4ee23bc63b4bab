package sig_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// defaultRules are the rows of domain 3.2.
var defaultRules = []sig.AgeRule{
	{Municipality: "*", FromAge: 0, GuardiansSign: true, YouthSigns: sig.YouthSignsNo},
	{Municipality: "*", FromAge: 12, GuardiansSign: true, YouthSigns: sig.YouthSignsIfMature},
	{Municipality: "*", FromAge: 15, GuardiansSign: true, YouthSigns: sig.YouthSignsYes},
	{Municipality: "*", FromAge: 18, YouthSigns: sig.YouthSignsYes},
}

var (
	sara = sig.GuardianID{UUID: uuid.New()}
	omid = sig.GuardianID{UUID: uuid.New()}
)

func facts(birth sig.Date, at time.Time, maturity sig.MaturityOutcome) sig.SignerFacts {
	return sig.SignerFacts{
		Youth: sig.YouthID{UUID: uuid.New()}, Birth: birth, Maturity: maturity, Rules: defaultRules, Municipality: "0180", At: at,
		Guardianships: []sig.Guardianship{
			{ID: sara, From: birth.Start(), To: sig.Forever}, {ID: omid, From: birth.Start(), To: sig.Forever},
		},
	}
}

// TestWhoMustSignAndMayWithdraw goes through every age from 0 to 19 and every
// assessment: the table of domain 3.2 and the reading 3.7.8.
func TestWhoMustSignAndMayWithdraw(t *testing.T) {
	t.Parallel()
	birth := sig.Date{Year: 2011, Month: time.March, Day: 15}
	for age := range 20 {
		for _, maturity := range []sig.MaturityOutcome{"", sig.Mature, sig.NotMature} {
			f := facts(birth, birth.AddYearsLegal(age).Start(), maturity)
			wantGuardians, wantYouth, wantGap := 2, false, sig.NoGap
			mayWithdraw := false
			switch {
			case age >= 18:
				wantGuardians, wantYouth, mayWithdraw = 0, true, true
			case age >= 15:
				wantYouth, mayWithdraw = true, true
			case age >= 12 && maturity == "":
				wantGap = sig.MaturityUnknown
			case age >= 12:
				wantYouth, mayWithdraw = maturity == sig.Mature, maturity == sig.Mature
			}
			got := sig.RequiredSigners(f)
			if len(got.Guardians) != wantGuardians || got.Youth != wantYouth || got.Missing != wantGap {
				t.Errorf("age %d, %q: %d guardians, youth %v, gap %q; want %d, %v, %q",
					age, maturity, len(got.Guardians), got.Youth, got.Missing, wantGuardians, wantYouth, wantGap)
			}
			if got := sig.MayWithdraw(f, sig.SignerYouth, sig.GuardianID{}); got != mayWithdraw {
				t.Errorf("age %d, %q: may withdraw %v, want %v", age, maturity, got, mayWithdraw)
			}
			if got := sig.MayWithdraw(f, sig.SignerGuardian, sara); got != (age < 18) {
				t.Errorf("age %d: a guardian may withdraw: %v", age, got)
			}
		}
	}
}

// TestCustodyInTime: the borders are instants, and a removed guardian neither
// signs nor withdraws.
func TestCustodyInTime(t *testing.T) {
	t.Parallel()
	birth := sig.Date{Year: 2009, Month: time.January, Day: 20}
	eighteen := birth.AddYearsLegal(18).Start()
	if n := len(sig.CustodyAt(facts(birth, eighteen, "").Guardianships, birth, eighteen.Add(-1))); n != 2 {
		t.Errorf("a nanosecond before 18: %d guardians", n)
	}
	if n := len(sig.CustodyAt(facts(birth, eighteen, "").Guardianships, birth, eighteen)); n != 0 {
		t.Errorf("at 18: %d guardians", n)
	}
	f := facts(birth, eighteen.AddDate(-2, 0, 0), "")
	f.Guardianships[1].To = f.At
	if got := sig.RequiredSigners(f); len(got.Guardians) != 1 || got.Guardians[0] != sara {
		t.Errorf("after Omid's custody ended: %v", got.Guardians)
	}
	if sig.MayWithdraw(f, sig.SignerGuardian, omid) {
		t.Error("Omid may withdraw though his custody has ended")
	}
	if sig.MayWithdraw(f, sig.SignerGuardian, sig.GuardianID{UUID: uuid.New()}) {
		t.Error("a stranger may withdraw")
	}
	f.Guardianships = nil
	if got := sig.RequiredSigners(f).Missing; got != sig.NoGuardian {
		t.Errorf("without guardians the gap is %q", got)
	}
	nova := sig.Date{Year: 2008, Month: time.February, Day: 29}
	if got, want := sig.AdultFrom(nova), (sig.Date{Year: 2026, Month: time.February, Day: 28}).Start(); !got.Equal(want) {
		t.Errorf("Nova is adult from %s, want %s", got, want)
	}
}

// TestAgeTableOfAMunicipality: own rows go before the default, from the day on
// which they are in force, and leave the other ages alone; a table with a hole
// lets nobody sign.
func TestAgeTableOfAMunicipality(t *testing.T) {
	t.Parallel()
	day := sig.Date{Year: 2027, Month: time.January, Day: 1}
	own := append([]sig.AgeRule{
		{Municipality: "0182", FromAge: 13, GuardiansSign: true, YouthSigns: sig.YouthSignsYes, InForceFrom: day},
	}, defaultRules...)
	for _, c := range []struct {
		municipality sig.MunicipalityCode
		age          int
		on           sig.Date
		ok           bool
		youth        sig.YouthSigns
	}{
		{"0182", 13, day, true, sig.YouthSignsYes},
		{"0182", 12, day, true, sig.YouthSignsIfMature},
		{"0182", 11, day, true, sig.YouthSignsNo},
		{"0182", 15, day, true, sig.YouthSignsYes},
		{"0182", 13, day.AddDays(-1), true, sig.YouthSignsIfMature},
		{"0180", 13, day, true, sig.YouthSignsIfMature},
	} {
		got, ok := sig.AgeRuleFor(own, c.municipality, c.age, c.on)
		if ok != c.ok || ok && got.YouthSigns != c.youth {
			t.Errorf("%s, %d years, %s: %v %q, want %v %q", c.municipality, c.age, c.on, ok, got.YouthSigns, c.ok, c.youth)
		}
	}
	if _, ok := sig.AgeRuleFor(defaultRules[1:], "0180", 11, day); ok {
		t.Error("a table without a row for an age has one")
	}
	later := append([]sig.AgeRule{
		{Municipality: "*", FromAge: 15, GuardiansSign: false, YouthSigns: sig.YouthSignsYes, InForceFrom: day},
	}, defaultRules...)
	if got, _ := sig.AgeRuleFor(later, "0180", 16, day); got.GuardiansSign {
		t.Error("the younger of two rows for an age does not count")
	}
}
