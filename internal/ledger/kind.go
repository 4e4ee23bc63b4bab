package ledger

import "slices"

// Kind is what was tried. A row says that it was tried under the rules of the
// moment and how that ended (Outcome); what a kind does not imply stands
// beside it, because these rows are read as evidence.
type Kind string

// Interventions, the records of youths, and who takes part.
const (
	// ProposeIntervention: a coordinator proposed a measure for a youth of the
	// own board. It does not imply that any consent exists.
	ProposeIntervention Kind = "propose_intervention"
	// CreateYouth: an authority made its own record of a young person. It does
	// not imply that any other authority knows the person.
	CreateYouth Kind = "create_youth"
	// ChangeYouth: particulars of that record changed (name, protection, contact).
	ChangeYouth Kind = "change_youth"
	// RecordGuardian: a guardianship was recorded as verified with date and
	// source, or ended. The portal does not vouch for the source.
	RecordGuardian Kind = "record_guardian"
	// SetParticipation: an assignment's need of the case was recorded, or its
	// end date moved. It gives the own authority's part only; no consent is implied.
	SetParticipation Kind = "participation_set"
	// EndParticipation: that need ended. Earlier reads stay as they were.
	EndParticipation Kind = "participation_end"
	// SetStandIn: a coordinator named somebody to stand in until a date.
	SetStandIn Kind = "stand_in_set"
	// RequestPart: somebody of the same authority asked to take part. The row
	// does not imply that there is a case to take part in.
	RequestPart Kind = "request_part"
	// AnswerRequest: the coordinator answered such a request.
	AnswerRequest Kind = "answer_request"
	// CloseIntervention: the intervention left its open state. Why stands in
	// detail; a withdrawal has a row of its own before it.
	CloseIntervention Kind = "close_intervention"
	// StopSharing: expiry or lapse ended the last grants; the case is still open.
	StopSharing Kind = "stop_sharing"
	// RecordOutcome: the social secretary recorded what other measures were
	// considered after a closing.
	RecordOutcome Kind = "record_outcome"
)

// Consent, from its first draft to its end.
const (
	// PrepareConsent: a draft version was made or changed. Nobody has agreed.
	PrepareConsent Kind = "prepare_consent"
	// AssessMaturity: a youth's maturity was assessed for signing.
	AssessMaturity Kind = "assess_maturity"
	// ExplainConsent: a signer had the version explained, method and language
	// in detail. It does not imply that the signer agreed.
	ExplainConsent Kind = "explain_consent"
	// SignConsent: one signer agreed to exactly the version named, or the
	// attempt was refused. It does not make the consent active.
	SignConsent Kind = "sign_consent"
	// RecordOral: one officer recorded a yes that was said aloud. It counts for
	// nothing until a second person confirms it.
	RecordOral Kind = "record_oral"
	// ConfirmOral: a second person confirmed it: the signer agreed to exactly the
	// version named, until it must be written.
	ConfirmOral Kind = "confirm_oral"
	// DropOral: a recorded yes was not confirmed.
	DropOral Kind = "drop_oral"
	// RecordPaper: one signer agreed to exactly the version named on paper; its
	// scan is kept.
	RecordPaper Kind = "record_paper"
	// ProposeOwn: a row of the youth's own was written down. Nobody has agreed.
	ProposeOwn Kind = "propose_own"
	// GiveOwn: the youth alone said yes to exactly that row.
	GiveOwn Kind = "give_own"
	// EndOwn: the youth took it back, or said no to it; or it was taken away
	// before an answer; or a new assessment took its ground. Which, detail says.
	EndOwn Kind = "end_own"
	// RefuseConsent: one required signer said no.
	RefuseConsent Kind = "refuse_consent"
	// DecideMeasure: the social secretary decided on the measure, or refused it.
	DecideMeasure Kind = "decide_measure"
	// ActivateConsent: from this row on the version's grants hold, inside their windows.
	ActivateConsent Kind = "activate_consent"
	// AmendConsent: a new version follows this one.
	AmendConsent Kind = "amend_consent"
	// WithdrawConsent: a required signer took back the whole or a part. Order
	// in the ledger is the order of recording; the moment of effect of a
	// withdrawal by phone or paper stands in detail and is earlier.
	WithdrawConsent Kind = "withdraw_consent"
	// ExpireConsent: the last window ended.
	ExpireConsent Kind = "expire_consent"
	// LapseConsent: it was never fully signed in time, or a birthday or a
	// change of custody took its ground away.
	LapseConsent Kind = "lapse_consent"
	// PreviewWithdrawal: somebody looked at what a withdrawal would stop.
	// Nothing changed.
	PreviewWithdrawal Kind = "preview_withdrawal"
)

// Items and their disclosure.
const (
	// WriteItem: an item was written in its own authority. Nobody outside sees it.
	WriteItem Kind = "write_item"
	// DecideVisibility: the owner decided whether the youth or one guardian may
	// see an item.
	DecideVisibility Kind = "decide_visibility"
	// PreviewDisclosure: "Vem ser detta?" was asked. Nothing was disclosed.
	PreviewDisclosure Kind = "preview_disclosure"
	// Disclose: an item was handed to one recipient function, or that was
	// refused. It does not imply that anybody there has read it.
	Disclose Kind = "disclose"
	// ApproveDisclosure: a second officer let a waiting disclosure go, or refused.
	ApproveDisclosure Kind = "approve_disclosure"
	// CancelDisclosure: a waiting disclosure will not go.
	CancelDisclosure Kind = "cancel_disclosure"
	// TransferCopy: a recipient's registrar marked a copy as moved to the own file.
	TransferCopy Kind = "transfer_copy"
	// ExportCopy: a registrar took a copy out as print or JSON.
	ExportCopy Kind = "export_copy"
	// DeleteCopy: a copy was deleted when its time was over; this row is the receipt.
	DeleteCopy Kind = "delete_copy"
	// AskQuestion: a function put a question to another, or that was refused. Its
	// text, and the disclosure of it, have rows of their own.
	AskQuestion Kind = "ask_question"
	// AnswerQuestion: the asked function answered; the same holds.
	AnswerQuestion Kind = "answer_question"
	// EndQuestion: a question ended unanswered before its time; why stands in reason.
	EndQuestion Kind = "end_question"
	// Incident: something was disclosed after the moment of effect of a
	// withdrawal recorded later, or another breach was opened for review.
	Incident Kind = "incident"
)

// Network meetings.
const (
	// PreviewMeeting: a coordinator asked who could come to which point of a
	// meeting. Nobody was called.
	PreviewMeeting Kind = "preview_meeting"
	// ScheduleMeeting: a meeting was called, or that was refused. The functions
	// that were called have rows of their own.
	ScheduleMeeting Kind = "schedule_meeting"
	// InviteFunction: one function was called to points of the categories named.
	// It does not imply that anybody there knows of it yet.
	InviteFunction Kind = "invite_function"
	// EndInvitation: a function's call ended, wholly or for the categories named.
	EndInvitation Kind = "end_invitation"
	// MoveMeeting: time or place changed; the calls were judged anew.
	MoveMeeting Kind = "move_meeting"
	// CancelMeeting: the meeting will not be held.
	CancelMeeting Kind = "cancel_meeting"
	// ReviewMeeting: the coordinator looked at a meeting that somebody was no
	// longer called to, and let it stand.
	ReviewMeeting Kind = "review_meeting"
	// AnswerInvitation: a called function said whether it comes.
	AnswerInvitation Kind = "answer_invitation"
	// InviteGuest: somebody without an account was called to a meeting, an
	// interpreter or a private recipient whom the consent names; or that was
	// refused. The row names neither.
	InviteGuest Kind = "invite_guest"
	// EndGuest: such a call ended.
	EndGuest Kind = "end_guest"
	// AnswerGuest: a guest accepted the reservation, or said whether to come, by
	// the link of the mail. Who sat there is not known.
	AnswerGuest Kind = "answer_guest"
	// NoteLanguage: it was noted for which language somebody at a meeting needs
	// an interpreter, or that nobody does.
	NoteLanguage Kind = "note_language"
	// MakeFeed: somebody made an address at which a calendar program reads the
	// own meetings. Each reading has a row of its own (ListMeetings).
	MakeFeed Kind = "make_feed"
	// EndFeed: such an address was taken back.
	EndFeed Kind = "end_feed"
	// LeaveVoice: the young person, or the coordinator in the young person's
	// words, left answers for some at the table. Nobody has read them.
	LeaveVoice Kind = "leave_voice"
	// TakeVoiceBack: they were taken back and deleted.
	TakeVoiceBack Kind = "take_voice_back"
	// OpenRoom: the coordinator opened the meeting's room, or that was refused.
	OpenRoom Kind = "open_room"
	// EndRoom: the coordinator said that the meeting is over.
	EndRoom Kind = "end_room"
	// StopRoom: the consent ended under an open room. What was told there before
	// has rows of its own.
	StopRoom Kind = "stop_room"
	// NoteAttendance: a called function was noted as having come or left.
	NoteAttendance Kind = "note_attendance"
	// WriteDraft: something was written down under a point. Nobody was told it.
	WriteDraft Kind = "write_draft"
	// KeepDraft: somebody began to type into a form, and it is kept for them alone.
	KeepDraft Kind = "keep_draft"
	// OpenDraft: somebody brought out a draft of their own.
	OpenDraft Kind = "open_draft"
	// TellInRoom: something was told in the room, or that was refused. The item
	// and each function that was told have rows of their own.
	TellInRoom Kind = "tell_in_room"
	// WriteMinutes: a version of a meeting's minutes was written. Nobody was told it.
	WriteMinutes Kind = "write_minutes"
	// ApproveMinutes: the coordinator approved a version; it is not sent by that.
	ApproveMinutes Kind = "approve_minutes"
	// SendMinutes: the points of the approved version were sent. Each item, and
	// each function that was told it, has a row of its own.
	SendMinutes Kind = "send_minutes"
)

// The implementation plan.
const (
	// WritePlan: a version of the plan was written, or that was refused. It does
	// not imply that anybody outside the board may read it.
	WritePlan Kind = "write_plan"
	// ReportCommitment: a function said that its commitment is done.
	ReportCommitment Kind = "report_commitment"
	// StopCommitment: a function's commitment was stopped before it was done.
	StopCommitment Kind = "stop_commitment"
)

// Reads. A read's row is written in the transaction that returned the content;
// it does not imply that a human looked at the screen.
const (
	// ListInbox: categories, sender functions and times of an inbox; no content.
	ListInbox Kind = "list_inbox"
	// ListItems: the same of the items or disclosures of one intervention.
	ListItems Kind = "list_items"
	// ReadCopy: a recipient's copy was opened.
	ReadCopy Kind = "read_copy"
	// ReadItem: an item was opened by its owner's staff, or by a citizen.
	ReadItem Kind = "read_item"
	// ReadConsent: a version's matrix and text were shown.
	ReadConsent Kind = "read_consent"
	// PrintConsent: a version was taken away as a document, to read or to sign on paper.
	PrintConsent Kind = "print_consent"
	// ReadPaper: the scan of a signature was taken out.
	ReadPaper Kind = "read_paper"
	// ReadIntervention: the page of an intervention was shown.
	ReadIntervention Kind = "read_intervention"
	// ReadYouth: sealed particulars of a youth or guardian were shown.
	ReadYouth Kind = "read_youth"
	// ReadJournal: a journal note's draft was shown.
	ReadJournal Kind = "read_journal"
	// MarkJournal: a note was copied or downloaded into the board's own system.
	MarkJournal Kind = "mark_read_journal"
	// ListLedger: the ledger itself was read.
	ListLedger Kind = "list_ledger"
	// ExtractLedger: somebody took the diary away as a file.
	ExtractLedger Kind = "extract_ledger"
	// Ask: somebody in the family asked something of an authority.
	Ask Kind = "ask"
	// ReadInquiry: what they asked, or the answer, was read.
	ReadInquiry Kind = "read_inquiry"
	// AnswerInquiry: it was answered.
	AnswerInquiry Kind = "answer_inquiry"
	// Search: somebody searched; the term is a keyed hash in detail. No hit is implied.
	Search Kind = "search"
	// EvaluateAccess: an access question about somebody else was answered.
	EvaluateAccess Kind = "evaluate_access"
	// ListMeetings: times and states of meetings were listed; no agenda.
	ListMeetings Kind = "read_meetings"
	// ReadMeeting: a meeting was opened; the categories are those of the points
	// whose text was shown.
	ReadMeeting Kind = "read_meeting"
	// ReadVoice: somebody whom the young person had chosen opened the answers.
	ReadVoice Kind = "read_voice"
	// ReadQuestion: questions were listed, or one was opened; its texts have rows
	// of their own.
	ReadQuestion Kind = "read_question"
	// ReadPlan: the plan was opened, as far as its reader may see it.
	ReadPlan Kind = "read_plan"
	// DownloadReceipt: the signer took the proof of an own act.
	DownloadReceipt Kind = "download_receipt"
)

// Sessions and the keeping of the portal.
const (
	// SignIn: a person came back from a provider, or was refused.
	SignIn Kind = "sign_in"
	// SignOut: a person left, here or at the provider.
	SignOut Kind = "sign_out"
	// ChooseHat: a person chose which assignment or standing to act in.
	ChooseHat Kind = "choose_hat"
	// EndSession: a session was ended by its owner from elsewhere, or with its assignment.
	EndSession Kind = "end_session"
	// ImportDirectory: the directory was changed by an import.
	ImportDirectory Kind = "import_directory"
	// ChangePolicy: a configurable rule changed, such as the age table.
	ChangePolicy Kind = "change_policy"
	// ApproveWording: an administrator recorded that an authorised translator has
	// approved the texts with the hash in detail, or took that back.
	ApproveWording Kind = "approve_wording"
	// NameSeat: a registrar decided that families are shown the name of whoever
	// holds the function named, or of one holder. It shows nobody's name by itself.
	NameSeat Kind = "name_seat"
	// UnnameSeat: that was taken back.
	UnnameSeat Kind = "unname_seat"
	// SeatChanged: who sits in a seat of a consent in force changed, and the family
	// was told so. Whose access that is, was decided before.
	SeatChanged Kind = "seat_changed"
	// ReadSeatNames: a registrar read the own authority's such decisions.
	ReadSeatNames Kind = "read_seat_names"
	// CullLedger: the rows listed in detail were emptied of what points at a
	// person or a case. Their leaves stay.
	CullLedger Kind = "cull_ledger"
)

var kinds = []Kind{
	ProposeIntervention, CreateYouth, ChangeYouth, RecordGuardian, SetParticipation, EndParticipation,
	SetStandIn, RequestPart, AnswerRequest, CloseIntervention, StopSharing, RecordOutcome,
	PrepareConsent, AssessMaturity, ExplainConsent, SignConsent, RecordOral, ConfirmOral, DropOral, RecordPaper, RefuseConsent, DecideMeasure,
	ActivateConsent, AmendConsent, WithdrawConsent, ExpireConsent, LapseConsent, PreviewWithdrawal, ProposeOwn, GiveOwn, EndOwn,
	WriteItem, DecideVisibility, PreviewDisclosure, Disclose, ApproveDisclosure, CancelDisclosure,
	TransferCopy, ExportCopy, DeleteCopy, Incident,
	ListInbox, ListItems, ReadCopy, ReadItem, ReadConsent, PrintConsent, ReadPaper, ReadIntervention, ReadYouth, ReadJournal,
	MarkJournal, ListLedger, ExtractLedger, Ask, ReadInquiry, AnswerInquiry, Search, EvaluateAccess, DownloadReceipt, ListMeetings, ReadMeeting,
	PreviewMeeting, ScheduleMeeting, InviteFunction, EndInvitation, MoveMeeting, CancelMeeting, ReviewMeeting, AnswerInvitation,
	InviteGuest, EndGuest, AnswerGuest, NoteLanguage, MakeFeed, EndFeed,
	LeaveVoice, TakeVoiceBack, ReadVoice,
	OpenRoom, EndRoom, StopRoom, NoteAttendance, WriteDraft, KeepDraft, OpenDraft, TellInRoom, WriteMinutes, ApproveMinutes, SendMinutes,
	WritePlan, ReportCommitment, StopCommitment, ReadPlan,
	AskQuestion, AnswerQuestion, EndQuestion, ReadQuestion,
	SignIn, SignOut, ChooseHat, EndSession, ImportDirectory, ChangePolicy, ApproveWording, CullLedger,
	NameSeat, UnnameSeat, ReadSeatNames, SeatChanged,
}

// Kinds lists every kind.
func Kinds() []Kind { return slices.Clone(kinds) }

// Valid reports whether the kind is one that the ledger knows.
func (k Kind) Valid() bool { return slices.Contains(kinds, k) }

// Outcome is how it ended.
type Outcome string

// The two outcomes. A refusal is recorded and committed like an act.
const (
	Allowed Outcome = "allowed"
	Refused Outcome = "refused"
)

// ObjectKind is what sort of thing a row is about.
type ObjectKind string

// The sorts of things that rows are about.
const (
	ObjectIntervention  ObjectKind = "intervention"
	ObjectYouth         ObjectKind = "youth"
	ObjectGuardian      ObjectKind = "guardian"
	ObjectParticipation ObjectKind = "participation"
	ObjectConsent       ObjectKind = "consent"
	ObjectGrant         ObjectKind = "grant"
	ObjectItem          ObjectKind = "item"
	ObjectDisclosure    ObjectKind = "disclosure"
	ObjectWithdrawal    ObjectKind = "withdrawal"
	ObjectRequest       ObjectKind = "request"
	ObjectTask          ObjectKind = "task"
	ObjectNote          ObjectKind = "note"
	ObjectSession       ObjectKind = "session"
	ObjectAssignment    ObjectKind = "assignment"
	ObjectPerson        ObjectKind = "person"
	ObjectLedgerRow     ObjectKind = "ledger_row"
	ObjectMeeting       ObjectKind = "meeting"
	ObjectPlan          ObjectKind = "plan"
	ObjectCommitment    ObjectKind = "commitment"
	ObjectInquiry       ObjectKind = "inquiry"
	ObjectQuestion      ObjectKind = "question"
	ObjectOwn           ObjectKind = "own_consent"
	ObjectSeatName      ObjectKind = "seat_name"
	ObjectSeatChange    ObjectKind = "seat_change"
)

var objectKinds = []ObjectKind{
	ObjectIntervention, ObjectYouth, ObjectGuardian, ObjectParticipation, ObjectConsent, ObjectGrant,
	ObjectItem, ObjectDisclosure, ObjectWithdrawal, ObjectRequest, ObjectTask, ObjectNote,
	ObjectSession, ObjectAssignment, ObjectPerson, ObjectLedgerRow, ObjectMeeting, ObjectPlan, ObjectCommitment, ObjectInquiry, ObjectQuestion, ObjectOwn, ObjectSeatName, ObjectSeatChange,
}

// Valid reports whether the sort of thing is known.
func (k ObjectKind) Valid() bool { return slices.Contains(objectKinds, k) }
