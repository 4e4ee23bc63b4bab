package policy

import (
	"slices"

	"sigportal/internal/sig"
)

// Strength is how hard a regime makes it to reveal something.
type Strength int

// The strengths, from none upwards. The private duty of silence is put below
// the harm tests: it does not bind the body as a whole the way the OSL does,
// and its reader cannot be asked for the document under the same law.
const (
	StrengthNone        Strength = iota // no secrecy: a club, a leisure centre
	StrengthSpecial                     // secrecy only for a special reason
	StrengthPrivateDuty                 // not to be revealed "without authority"
	StrengthSevereHarm                  // secret if severe harm can be assumed
	StrengthStraight                    // secret if harm can be assumed: openness presumed
	StrengthReverse                     // secret unless it is clear that nobody is harmed
	StrengthAbsolute                    // neither harm test nor waiver
)

// String is the strength's name in message keys.
func (s Strength) String() string {
	switch s {
	case StrengthNone:
		return "none"
	case StrengthSpecial:
		return "special_reason"
	case StrengthPrivateDuty:
		return "private_duty"
	case StrengthSevereHarm:
		return "severe_harm"
	case StrengthStraight:
		return "straight_harm"
	case StrengthReverse:
		return "reverse_harm"
	case StrengthAbsolute:
		return "absolute"
	default:
		return "unknown"
	}
}

var strengths = map[sig.SecrecyRegime]Strength{
	sig.RegimeSocial:            StrengthReverse,
	sig.RegimeHealth:            StrengthReverse,
	sig.RegimeSchoolPupilHealth: StrengthReverse,
	sig.RegimeSchoolSupport:     StrengthStraight,
	sig.RegimeSchoolOther:       StrengthSpecial,
	sig.RegimePolice:            StrengthReverse,
	sig.RegimeFamilyCounselling: StrengthAbsolute,
	sig.RegimePrivateSocial:     StrengthPrivateDuty,
	sig.RegimePrivateSchool:     StrengthPrivateDuty,
	sig.RegimeNone:              StrengthNone,
	sig.RegimeConcernReport:     StrengthReverse,
	sig.RegimeCriminalRecord:    StrengthAbsolute,
	sig.RegimeAnyHealthSex:      StrengthSevereHarm,
	sig.RegimeAddressHarassed:   StrengthSpecial,
	sig.RegimeAddressProtected:  StrengthReverse,
	sig.RegimeGDPRMisuse:        StrengthStraight,
}

// StrengthOf is the strength of a regime. One that does not exist has none, so
// that a sender is warned rather than calmed.
func StrengthOf(r sig.SecrecyRegime) Strength { return strengths[r] }

// Weakening says that what is told will be less secret where it arrives
// (OSL 7:2: the recipient's own regime applies). It is a warning that asks for
// the sender's reason; it never stops anything by itself.
type Weakening struct {
	From, To Strength
	// Code is the message key that explains the recipient's strength.
	Code string
}

// Weaker compares the regimes of sender and recipient. The second value is
// false when the recipient's secrecy is at least as strong.
func Weaker(from, to sig.SecrecyRegime) (Weakening, bool) {
	w := Weakening{From: StrengthOf(from), To: StrengthOf(to)}
	if w.To >= w.From {
		return Weakening{}, false
	}
	w.Code = "strength.weaker." + w.To.String()
	return w, true
}

// Safer picks, of the places offered, those of the recipient's own authority
// where what is told stays as secret as with the sender: the pupil health
// instead of the mentor (T29). It suggests; whether a consent covers them is
// another question.
func Safer(from, to sig.Place, offered []sig.Place) []sig.Place {
	if _, weaker := Weaker(from.Regime, to.Regime); !weaker {
		return []sig.Place{}
	}
	return slices.DeleteFunc(slices.Clone(offered), func(p sig.Place) bool {
		_, weaker := Weaker(from.Regime, p.Regime)
		return weaker || p.Authority != to.Authority
	})
}
