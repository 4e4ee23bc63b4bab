package sig

import "slices"

type inquiryKey struct{}

// InquiryID names what somebody in the family has asked.
type InquiryID = ID[inquiryKey]

// NewInquiryID draws one.
func NewInquiryID() InquiryID { return NewID[inquiryKey]() }

// InquiryKind is what the family asks for.
type InquiryKind string

// What may be asked, and of whom.
const (
	InquiryQuestion    InquiryKind = "question"    // of the board's coordinator
	InquiryNotRight    InquiryKind = "not_right"   // a text says something wrong: of the function that wrote it
	InquiryLooksWrong  InquiryKind = "looks_wrong" // somebody read or told what they should not have: of the log reviewer
	InquiryFile        InquiryKind = "file"        // to see the file (OSL 12:1): of the registrar, as the rest
	InquiryExtract     InquiryKind = "extract"     // an extract of the log (GDPR art. 15)
	InquiryCorrection  InquiryKind = "correction"  // GDPR art. 16
	InquiryInterpreter InquiryKind = "interpreter" // förvaltningslagen 13 §
)

// InquiryKinds are all of them, in the order in which they are offered.
func InquiryKinds() []InquiryKind {
	return []InquiryKind{
		InquiryQuestion, InquiryNotRight, InquiryLooksWrong, InquiryInterpreter, InquiryFile, InquiryExtract, InquiryCorrection,
	}
}

// Valid reports whether it is one of them.
func (k InquiryKind) Valid() bool { return slices.Contains(InquiryKinds(), k) }

// Decided reports whether it is decided and not only answered: a refusal of it,
// whole or in part, can be appealed.
func (k InquiryKind) Decided() bool {
	return k == InquiryFile || k == InquiryExtract || k == InquiryCorrection
}

// InquiryOutcome is what was decided about a request that can be appealed.
type InquiryOutcome string

// A request to see the file is refused in part where something in it would harm
// somebody if it were told (OSL 12:3): the rest is given (OSL 6:3, TF 2:15).
const (
	InquiryGranted InquiryOutcome = "granted"
	InquiryInPart  InquiryOutcome = "in_part"
	InquiryRefused InquiryOutcome = "refused"
)

// InquiryOutcomes are all of them, in the order in which they are offered.
func InquiryOutcomes() []InquiryOutcome {
	return []InquiryOutcome{InquiryGranted, InquiryInPart, InquiryRefused}
}

// Valid reports whether it is one of them.
func (o InquiryOutcome) Valid() bool { return slices.Contains(InquiryOutcomes(), o) }

// Appealable reports whether somebody did not get all that they asked for.
func (o InquiryOutcome) Appealable() bool { return o == InquiryInPart || o == InquiryRefused }

// AnswerDays are the days within which it is to be answered: sooner where the
// law says at once (TF 2:15) and within GDPR art. 12.3's month for the rest. That is a decision of ours [D].
func (k InquiryKind) AnswerDays() int {
	switch k {
	case InquiryInterpreter, InquiryFile:
		return 3
	case InquiryQuestion:
		return 7
	case InquiryNotRight, InquiryLooksWrong, InquiryExtract:
		return 14
	case InquiryCorrection:
		return 30
	}
	return 0
}
