package policy

// Reason is the code of why a decision fell as it did. It stands in the ledger,
// and the message files say it in words (reason.<code>, reason.<code>.todo).
type Reason string

// The reasons for a yes.
const (
	ByConsent         Reason = "by_consent"          // one row of the consent in force covers it
	ByNeed            Reason = "by_need"             // inner secrecy: the recipient takes part in the case
	ByParticipation   Reason = "by_participation"    // the own authority's item, and the reader takes part
	ByRegistrarWindow Reason = "by_registrar_window" // the registrar's 30 days after a cut
	ByVisibility      Reason = "by_visibility"       // decided visible for this member of the family
	ByFamilyAlone     Reason = "by_family_alone"     // the family's own point, at which the host holds the meeting
)

// The reasons for a no, roughly in the order in which they are tried.
const (
	NoAssignment       Reason = "no_assignment"        // the hat is not in force
	NoParticipation    Reason = "no_participation"     // no part in the case
	NotOwner           Reason = "not_owner"            // only the owner's staff disclose its items
	CaseEnded          Reason = "case_ended"           // the intervention is closing or closed
	ConsentUnsigned    Reason = "consent_unsigned"     // not everybody who must has said yes
	CaseNotActive      Reason = "case_not_active"      // before the decision, or sharing has stopped
	NoConsent          Reason = "no_consent"           // no version is in force
	ConsentSuspended   Reason = "consent_suspended"    // paused: nothing moves and nothing is read
	NoGrantToRecipient Reason = "no_grant_recipient"   // no row names this discloser and recipient
	CategoryNotCovered Reason = "category_not_covered" // no single row has all the categories
	DistrictNotCovered Reason = "district_not_covered" // the row does not name the recipient's district
	NotYetValid        Reason = "not_yet_valid"        // the row begins later
	WindowOver         Reason = "window_over"          // the row has ended
	Excluded           Reason = "excluded"             // "may not be shared" beats the row
	RecipientMoved     Reason = "recipient_moved"      // the function has gone to another authority
	Blocked            Reason = "blocked"              // the item is blocked for the integrity of somebody
	ThirdParty         Reason = "third_party"          // concerns somebody who neither waived nor is redacted
	NoNecessity        Reason = "no_necessity"         // the officer has not said why it is needed
	NoNeedReason       Reason = "no_need_reason"       // the same, inside the own authority
	RecipientNotOnCase Reason = "recipient_not_on_case"
	WeakerUnanswered   Reason = "weaker_unanswered" // secrecy gets weaker there, and that was not acknowledged
	SecondOfficer      Reason = "second_officer"    // whereabouts of a protected person: somebody else must approve
	ForeignBorder      Reason = "foreign_border"    // by hand, outside the portal (OSL 8:3)
	ProtectedAddress   Reason = "protected_address" // whereabouts of a protected person without a grant that names them
	OwnItem            Reason = "own_item"          // a disclosure to oneself
	CopyCut            Reason = "copy_cut"          // a withdrawal or a narrowing took it away
	CopyDeleted        Reason = "copy_deleted"
	NotRecipient       Reason = "not_recipient"
	NotCalled          Reason = "not_called"
	WindowForRegistrar Reason = "registrar_window_over"
	NotVisible         Reason = "not_visible" // not decided visible, or decided not to be
	HomeRisk           Reason = "home_risk"   // not released for a screen at home
	NoStanding         Reason = "no_standing" // not this youth's family, or not any more
	OwnHouse           Reason = "own_house"   // inside one authority nobody needs a directed question
	AnswerNotCovered   Reason = "answer_not_covered"
	AnswerEndsBefore   Reason = "answer_ends_before" // the answer's row ends before the question does
	NoReservation      Reason = "no_reservation"     // a private recipient who has not accepted the reservation
	ComesAsGuest       Reason = "comes_as_guest"     // an association: by the link of a guest, with a reservation, and not as a function
	FamilyAlone        Reason = "family_alone"       // the point is for the family alone
	UnknownAction      Reason = "unknown_action"
)

// Decision is an answer with its reason and, for a yes by consent, the row
// relied on (an index into Request.Consent.Grants; -1 for none).
type Decision struct {
	Allowed bool
	Reason  Reason
	Grant   int
}

func yes(r Reason) Decision { return Decision{Allowed: true, Reason: r, Grant: -1} }
func no(r Reason) Decision  { return Decision{Reason: r, Grant: -1} }
