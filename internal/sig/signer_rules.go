package sig

import (
	"slices"
	"time"
)

// YouthSigns is whether a young person signs at an age.
type YouthSigns string

// The three answers of the age table.
const (
	YouthSignsNo       YouthSigns = "no"        // informed and heard; the view is recorded
	YouthSignsIfMature YouthSigns = "if_mature" // after an assessment of maturity
	YouthSignsYes      YouthSigns = "yes"
)

// EveryMunicipality is the default table's key.
const EveryMunicipality MunicipalityCode = "*"

// AgeRule is one row of the age table (domain 3.2): from this age on, until the
// next row's, these must sign. It is configurable, because the law has no fixed
// ages but one: custody ends at 18 (FB 6:2).
type AgeRule struct {
	Municipality  MunicipalityCode
	FromAge       int
	GuardiansSign bool
	YouthSigns    YouthSigns
	InForceFrom   Date
}

// AgeRuleFor finds the row that holds in a municipality for an age on a day:
// the one that begins nearest below the age, the municipality's own before the
// default, the one in force latest. False means that the table has a hole,
// which nobody may sign through.
func AgeRuleFor(rules []AgeRule, municipality MunicipalityCode, age int, on Date) (AgeRule, bool) {
	best, found := AgeRule{}, false
	for _, r := range rules {
		if r.Municipality != municipality && r.Municipality != EveryMunicipality ||
			r.InForceFrom.Compare(on) > 0 || r.FromAge > age {
			continue
		}
		if !found || r.beats(best) {
			best, found = r, true
		}
	}
	return best, found
}

func (r AgeRule) beats(than AgeRule) bool {
	switch {
	case r.FromAge != than.FromAge:
		return r.FromAge > than.FromAge
	case r.Municipality != than.Municipality:
		return than.Municipality == EveryMunicipality
	default:
		return r.InForceFrom.Compare(than.InForceFrom) > 0
	}
}

// MaturityOutcome is what an assessment of age and maturity found (OSL 12:3).
// The empty outcome means that none was made.
type MaturityOutcome string

// The outcomes of an assessment.
const (
	Mature    MaturityOutcome = "mature"
	NotMature MaturityOutcome = "not_mature"
)

// Guardianship is one verified record that somebody decides for a youth, as
// far as signing is concerned: [From, To).
type Guardianship struct {
	ID       GuardianID
	From, To time.Time
}

// InForce reports whether the record holds at the instant. It does not know
// the youth's age: at 18 every custody has ended, which CustodyAt says.
func (g Guardianship) InForce(at time.Time) bool { return !at.Before(g.From) && at.Before(g.To) }

// AdultFrom is the instant at which custody ends (FB 6:2): 00:00 in Stockholm
// on the 18th birthday.
func AdultFrom(birth Date) time.Time { return birth.AddYearsLegal(18).Start() }

// MayBeGuardian reports whether whoever has this number may be recorded as a
// young person's guardian from an instant on: nobody decides for another's child
// before being of age (FB 6:10 a), and a child so young that a parent of it may
// be a child too (FB 6:3) is in no insatsgrupp.
func MayBeGuardian(number PersonalNumber, from time.Time) bool {
	return !from.Before(AdultFrom(number.BirthDate()))
}

// CustodyAt lists the guardians who decide for the youth at the instant:
// together, where there are two (FB 6:13).
func CustodyAt(guardianships []Guardianship, birth Date, at time.Time) []GuardianID {
	if !at.Before(AdultFrom(birth)) {
		return nil
	}
	var ids []GuardianID
	for _, g := range guardianships {
		if g.InForce(at) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// SignerFacts are what decides who must sign.
type SignerFacts struct {
	Youth         YouthID
	Birth         Date
	Guardianships []Guardianship
	Prevented     []Guardianship  // when which guardian is kept from deciding
	Maturity      MaturityOutcome // the latest assessment
	Rules         []AgeRule
	Municipality  MunicipalityCode
	At            time.Time
}

// Signers are who must sign, or why that cannot be said yet.
type Signers struct {
	Guardians []GuardianID
	Youth     bool
	Missing   SignerGap
}

// SignerGap is why it cannot be said who must sign.
type SignerGap string

// The gaps; each names what has to be done first.
const (
	NoGap           SignerGap = ""
	NoRuleForAge    SignerGap = "no_rule_for_age"     // the age table has a hole
	NoGuardian      SignerGap = "no_guardian"         // guardians must sign and none is recorded
	MaturityUnknown SignerGap = "maturity_unassessed" // 12-14: assess first
)

// RequiredSigners says who must sign (domain 3.2): every guardian with custody
// under 18, the youth by age and maturity, the youth alone from 18. A gap
// leaves the lists as far as they are known, and nothing may be signed.
func RequiredSigners(f SignerFacts) Signers {
	age := f.Birth.Age(DateOf(f.At))
	rule, ok := AgeRuleFor(f.Rules, f.Municipality, age, DateOf(f.At))
	if !ok {
		return Signers{Missing: NoRuleForAge}
	}
	var s Signers
	adult := !f.At.Before(AdultFrom(f.Birth))
	if rule.GuardiansSign && !adult {
		s.Guardians = f.deciding()
		if len(s.Guardians) == 0 {
			s.Missing = NoGuardian
		}
	}
	switch {
	case adult, rule.YouthSigns == YouthSignsYes:
		s.Youth = true
	case rule.YouthSigns == YouthSignsIfMature && f.Maturity == "":
		s.Missing = MaturityUnknown
	case rule.YouthSigns == YouthSignsIfMature:
		s.Youth = f.Maturity == Mature
	}
	return s
}

// deciding lists the guardians who decide at the instant: those with custody
// who are not prevented from it (FB 6:13 second paragraph).
func (f *SignerFacts) deciding() []GuardianID {
	return slices.DeleteFunc(CustodyAt(f.Guardianships, f.Birth, f.At), func(id GuardianID) bool {
		return slices.ContainsFunc(f.Prevented, func(p Guardianship) bool { return p.ID == id && p.InForce(f.At) })
	})
}

// OwnRightFrom is the age at which a young person acts alone (SoL 3:4).
const OwnRightFrom = 15

// MayWithdraw reports whether somebody may take a consent back alone (3.7.8):
// every guardian with custody at the instant, every youth from 15, and a
// younger one whom the latest assessment found mature — also when only
// guardians signed. At 18 the guardians' standing is gone.
func MayWithdraw(f SignerFacts, kind SignerKind, guardian GuardianID) bool {
	if kind == SignerYouth {
		age := f.Birth.Age(DateOf(f.At))
		return age >= OwnRightFrom || age >= 12 && f.Maturity == Mature
	}
	for _, id := range CustodyAt(f.Guardianships, f.Birth, f.At) {
		if id == guardian {
			return true
		}
	}
	return false
}

// NewCustodyChangeID draws the identifier of a new change of custody.
func NewCustodyChangeID() CustodyChangeID { return NewID[custodyChangeKind]() }
