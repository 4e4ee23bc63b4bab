package sig

import "slices"

// MailKind is what a mail says. There are few, and each has one fixed subject
// and one fixed text, because a mail may hold nothing about anybody.
type MailKind string

// The kinds of mail.
const (
	MailNewCopy            MailKind = "new_copy"            // something in the function's inbox
	MailCollaborationEnded MailKind = "collaboration_ended" // to everybody concerned
	MailConsentToSign      MailKind = "consent_to_sign"     // to one who is asked
	MailLeadNewGrant       MailKind = "lead_new_grant"      // a consent names a function that the reader leads
	MailPartRequested      MailKind = "part_requested"      // to the coordinator
	MailPartAnswered       MailKind = "part_answered"       // to one who asked to take part; names no case
	MailExpiryReminder     MailKind = "expiry_reminder"
	MailApprovalNeeded     MailKind = "approval_needed" // to the second officer
	MailReceiptReady       MailKind = "receipt_ready"   // to the signer
	MailProposalReceived   MailKind = "proposal_received"
	MailTaskDue            MailKind = "task_due"
	MailMeeting            MailKind = "meeting" // a call to a meeting, or its end, with a calendar entry
	MailMeetingReminder    MailKind = "meeting_reminder"
	MailDigest             MailKind = "digest"        // of a day: stands for all that was held
	MailMeetingGuest       MailKind = "meeting_guest" // the same to an interpreter or a guest, who has no account
	MailMeetingPoll        MailKind = "meeting_poll"  // which of some times suit; to either
	MailSeatChanged        MailKind = "seat_changed"  // to the family: somebody else sits where their consent lets something be known
	MailConsentNews        MailKind = "consent_news"  // to staff: somebody said no, did not sign in time, or took back a part
)

var mailKinds = []MailKind{
	MailNewCopy, MailCollaborationEnded, MailConsentToSign, MailLeadNewGrant, MailPartRequested, MailPartAnswered,
	MailExpiryReminder, MailApprovalNeeded, MailReceiptReady, MailProposalReceived, MailTaskDue,
	MailMeeting, MailMeetingReminder, MailMeetingGuest, MailDigest, MailMeetingPoll, MailSeatChanged, MailConsentNews,
}

// MailKinds lists every kind of mail.
func MailKinds() []MailKind { return slices.Clone(mailKinds) }
