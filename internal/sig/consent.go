package sig

import (
	"slices"
	"time"
)

// ConsentState is where one version of a consent stands.
type ConsentState string

// The states of a version. Signed waits for the decision on the measure; only
// Active lets anybody tell anything.
const (
	ConsentDraft           ConsentState = "draft"
	ConsentExplained       ConsentState = "explained"
	ConsentPartiallySigned ConsentState = "partially_signed"
	ConsentSigned          ConsentState = "signed"
	ConsentActive          ConsentState = "active"
	ConsentSuspended       ConsentState = "suspended"
	ConsentDeclined        ConsentState = "declined"
	ConsentDiscarded       ConsentState = "discarded"
	ConsentLapsedUnsigned  ConsentState = "lapsed_unsigned"
	ConsentSuperseded      ConsentState = "superseded"
	ConsentWithdrawn       ConsentState = "withdrawn"
	ConsentExpired         ConsentState = "expired"
	ConsentLapsed          ConsentState = "lapsed"
)

var consentEdges = map[ConsentState][]ConsentState{
	ConsentDraft:           {ConsentExplained, ConsentActive, ConsentDeclined, ConsentDiscarded},
	ConsentExplained:       {ConsentPartiallySigned, ConsentSigned, ConsentActive, ConsentDeclined, ConsentDiscarded},
	ConsentPartiallySigned: {ConsentSigned, ConsentActive, ConsentDeclined, ConsentLapsedUnsigned, ConsentWithdrawn, ConsentExpired},
	ConsentSigned:          {ConsentActive, ConsentDeclined, ConsentWithdrawn, ConsentExpired},
	ConsentActive:          {ConsentSuspended, ConsentSuperseded, ConsentWithdrawn, ConsentExpired, ConsentLapsed},
	ConsentSuspended:       {ConsentActive, ConsentSuperseded, ConsentWithdrawn, ConsentExpired, ConsentLapsed},
}

// ConsentStates lists every state of a version.
func ConsentStates() []ConsentState {
	return []ConsentState{
		ConsentDraft, ConsentExplained, ConsentPartiallySigned, ConsentSigned, ConsentActive, ConsentSuspended,
		ConsentDeclined, ConsentDiscarded, ConsentLapsedUnsigned, ConsentSuperseded, ConsentWithdrawn, ConsentExpired, ConsentLapsed,
	}
}

// CanBecome reports whether the step is an edge of the state machine
// (domain 3.3; Draft to Active is the narrowed version that needs no signature).
func (s ConsentState) CanBecome(to ConsentState) bool { return slices.Contains(consentEdges[s], to) }

// Suspension is why a version is paused.
type Suspension string

// The reasons. What is paused because a signature is missing goes on when that
// is given, and no earlier; the others are lifted by whoever may pause.
const (
	SuspendedProtected Suspension = "protected_identity"
	SuspendedMaturity  Suspension = "maturity_in_doubt"
	SuspendedCoercion  Suspension = "suspected_coercion"
	SuspendedUnsigned  Suspension = "signer_missing" // a guardian who decides now has not signed
)

// Suspensions lists the reasons for which staff pause a version.
func Suspensions() []Suspension {
	return []Suspension{SuspendedProtected, SuspendedMaturity, SuspendedCoercion}
}

// Seat is one function in one unit of one authority: what a grant names on
// either side. A private recipient has no seat.
type Seat struct {
	Authority AuthorityID
	Unit      UnitID
	Function  Function
}

// IsZero reports whether the seat is nobody's.
func (s Seat) IsZero() bool { return s == Seat{} }

// PrivateKind is the kind of a private recipient, who has no unit.
type PrivateKind string

// The private recipients that a consent may name.
const (
	PrivateCloseContact PrivateKind = "close_contact"
	PrivateExpert       PrivateKind = "expert"
)

// Grant is one row of a consent's matrix: who may tell whom which categories,
// for what purpose, in which districts, when.
type Grant struct {
	ID         GrantID
	Row        int // 1, 2, 3 … as the page numbers them
	Discloser  Seat
	Recipient  Seat        // zero for a private recipient
	Private    PrivateKind // empty for a seat
	Categories []Category
	Aim        Aim
	Districts  []DistrictID
	From, To   time.Time // [From, To)
	Origin     GrantID   // the row's id in the first version that had it
	Own        bool      // the youth's own yes, over what the youth disposes over alone
}

// Covers reports whether the row names every one of the categories: two rows
// never add up.
func (g Grant) Covers(categories []Category) bool {
	if len(categories) == 0 {
		return false
	}
	for _, c := range categories {
		if !slices.Contains(g.Categories, c) {
			return false
		}
	}
	return true
}

// Open reports whether the row's window is open at the instant.
func (g Grant) Open(at time.Time) bool { return !at.Before(g.From) && at.Before(g.To) }

// Exclusion is one "may not be shared". An empty part means any; it beats
// every grant.
type Exclusion struct {
	ID        ExclusionID
	Recipient Seat     // parts may be empty one by one
	Category  Category // empty: all categories
}

// Hits reports whether the exclusion speaks of this recipient and one of the
// categories.
func (x Exclusion) Hits(recipient Seat, categories []Category) bool {
	if x.Recipient.Authority != "" && x.Recipient.Authority != recipient.Authority ||
		x.Recipient.Unit != "" && x.Recipient.Unit != recipient.Unit ||
		x.Recipient.Function != "" && x.Recipient.Function != recipient.Function {
		return false
	}
	return x.Category == "" || slices.Contains(categories, x.Category)
}

// SignerKind tells guardians from the youth.
type SignerKind string

// The kinds of signers.
const (
	SignerGuardian SignerKind = "guardian"
	SignerYouth    SignerKind = "youth"
)

// Answer is what a signer has said of a version.
type Answer string

// The answers; no answer is the empty string, and silence is never a yes.
const (
	AnswerSigned  Answer = "signed"
	AnswerRefused Answer = "refused"
)
