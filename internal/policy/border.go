package policy

import "sigportal/internal/sig"

// BorderKind is what lies between two places where information could pass.
type BorderKind int

// The borders, from none to the one that the portal never crosses.
const (
	BorderNone              BorderKind = iota // same unit and function, on the case
	BorderNeedToKnow                          // same authority: inner secrecy, a need in the case
	BorderIndependentBranch                   // OSL 8:2
	BorderOtherAuthority                      // OSL 8:1, another district board of the same city too
	BorderPrivate                             // a private body or person on either side
	BorderForeign                             // OSL 8:3: by hand, outside the portal
)

// String is the border's name in reasons and message keys.
func (b BorderKind) String() string {
	switch b {
	case BorderNone:
		return "none"
	case BorderNeedToKnow:
		return "need_to_know"
	case BorderIndependentBranch:
		return "independent_branch"
	case BorderOtherAuthority:
		return "other_authority"
	case BorderPrivate:
		return "private"
	case BorderForeign:
		return "foreign"
	default:
		return "unknown"
	}
}

// Crosses reports whether the border is one of secrecy, over which only a
// waiver or a statute carries. Inside it inner secrecy still holds: the same
// board is not a reason, a need in the case is.
func (b BorderKind) Crosses() bool { return b >= BorderIndependentBranch }

// Border is the border between two places. participates says whether the
// person at the receiving place takes part in the case: without a part there
// is no place in the house where nothing needs asking. The rules are tried in
// the order in which they stand; the districts and local areas of one
// authority make no border between them, only consents that name them do.
func Border(from, to sig.Place, participates bool) BorderKind {
	switch {
	case from.Foreign || to.Foreign:
		return BorderForeign
	case !from.PublicBody || !to.PublicBody:
		return BorderPrivate
	case from.Authority != to.Authority:
		return BorderOtherAuthority
	case from.Branch != to.Branch && (from.Independent || to.Independent):
		return BorderIndependentBranch
	case from.Unit == to.Unit && from.Function == to.Function && participates:
		return BorderNone
	default:
		return BorderNeedToKnow
	}
}
