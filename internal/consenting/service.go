package consenting

import (
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
	"sigportal/internal/upload"
)

// Service does the work of consents. It keeps nothing between calls.
type Service struct {
	// DB is the pages' pool.
	DB *postgres.DB
	// Withdrawals is a small pool that only withdrawals use, so that a busy
	// portal cannot keep anybody from taking a consent back.
	Withdrawals *postgres.DB
	// Sealer opens and closes texts that the database must not show.
	Sealer *seal.Sealer
	// Uploads looks at scans that are handed in; nil refuses every one.
	Uploads *upload.Checker
	// Limits bound a matrix; the zero value means sig.DefaultGrantLimits.
	Limits sig.GrantLimits
}

// WordingVersion names the wording of the consent text around the matrix. It
// is part of what a signer's hash covers: new wording, new version.
const WordingVersion = "2026-11"

// Action is something that the actor may do with what is on the page. A button
// that is not in the list would be refused.
type Action string

// The actions, in the order in which a consent meets them.
const (
	ActionPrepare      Action = "prepare"       // Draft: make or change the draft
	ActionAssess       Action = "assess"        // AssessMaturity
	ActionExplain      Action = "explain"       // Explain, for each signer
	ActionSign         Action = "sign"          // Sign, with a fresh login
	ActionRefuse       Action = "refuse"        // Refuse
	ActionHear         Action = "hear"          // RecordOral: a yes that was said aloud
	ActionPaper        Action = "paper"         // RecordPaper: a signature on paper
	ActionDiscard      Action = "discard"       // Discard the version in preparation
	ActionOverride     Action = "override"      // OverrideRefusal of a mature 12-14-year-old
	ActionDecide       Action = "decide"        // Decide on the measure
	ActionAmend        Action = "amend"         // Amend: a new draft from the version in force
	ActionRenew        Action = "renew"         // Amend after sharing has stopped, within the grace period
	ActionWithdraw     Action = "withdraw"      // Withdraw in the portal
	ActionRecord       Action = "record"        // RecordWithdrawal that came by phone, text, paper, in a meeting
	ActionSuspend      Action = "suspend"       // Suspend
	ActionResume       Action = "resume"        // Resume
	ActionEnd          Action = "end"           // End: the board's own decision
	ActionOutcome      Action = "outcome"       // RecordOutcome: other measures considered
	ActionCustody      Action = "custody"       // RecordGuardian
	ActionEndCustody   Action = "end_custody"   // EndCustody, TakeCustodyBack; also after the case has ended
	ActionProtect      Action = "protect"       // Protect: mark protected identity
	ActionPrevent      Action = "prevent"       // Prevent, and that a guardian decides again
	ActionImport       Action = "import"        // ImportLegacy
	ActionShowReceipts Action = "show_receipts" // Receipts exist for this reader
)

// Case is an intervention's consent as one reader may see it.
type Case struct {
	ID            sig.InterventionID
	CaseNumber    string
	Programme     sig.Programme
	Authority     sig.AuthorityID
	AuthorityName string
	State         sig.InterventionState
	StateSince    time.Time
	ClosedReason  sig.ClosedReason // empty for citizens and partners: "ended", not why
	SharingEnded  time.Time        // when the last grant ended; zero while something is shared
	GraceEnds     time.Time        // until when a renewal brings cut copies back; zero unless sharing has stopped
	Youth         Youth
	Board         bool                // the reader takes part for the board whose case it is
	Maturity      sig.MaturityOutcome // the latest assessment; only for the board
	Alone         []sig.Category      // over which the youth disposes alone; only for the board
	SaidYes       bool                // the reader, of the family, has said yes to what holds, or held last
	Own           bool                // the youth reads where the own consent may be shown, and may have one
	InForce       *Version            // active or suspended
	Held          *Version            // held last, where nothing does; to who may record that it was taken back
	Family        []Signer            // who may have taken something back, whoever signed: the youth and all guardians until now; to who may record it
	Preparing     *Version            // draft, explained, partly signed, or signed and awaiting the decision
	Past          []Version           // ended versions, newest first, without their rows
	Gap           sig.SignerGap       // why it cannot be said yet who must sign; only for the board
	Unsigned      []string            // who must sign by now and has not signed what waits for the decision, by name
	SeatChanges   []SeatChange        // seats that have changed hands; to a family, newest first
	BoardReads    []sig.Function      // those of the board that work with the case and read its own file without a yes; to a family
	Receipts      []ReceiptLine       // withdrawals that this reader has a receipt for, newest first
	Actions       []Action
	Now           time.Time // the instant of the answer
}

// Can reports whether the action is offered.
func (c *Case) Can(a Action) bool { return contains(c.Actions, a) }

// Youth is the young person as far as the reader may know.
type Youth struct {
	ID         sig.YouthID
	Name       string
	Age        int
	Protection sig.Protection
}

// Version is one version of the consent.
type Version struct {
	ID          sig.ConsentID
	Number      int
	State       sig.ConsentState
	Change      Change
	TextHash    string // hex; what a signer's screen must send back; empty for a draft
	PreparedAt  time.Time
	ActivatedAt time.Time
	EndedAt     time.Time
	DecidedOn   sig.Date
	Reference   string
	Paused      sig.Suspension // why it is suspended; only for the board
	LapsesAt    time.Time      // partly signed: 30 days after the first signature
	OralUntil   time.Time      // when it ends unless what was said aloud is written by then
	Rows        []Row
	Exclusions  []Exclusion
	Signers     []Signer // for a citizen only the own line
	SignedBy    int      // how many of those who must have signed
	MustSign    int
	Actions     []Action
	Mark        string // of a draft: what it says, to be sent back by whoever saves another in its place
}

// Can reports whether the action is offered for this version.
func (v *Version) Can(a Action) bool { return contains(v.Actions, a) }

// Row is one row of the matrix in the words of the directory.
type Row struct {
	ID         sig.GrantID // names the row in a withdrawal
	Origin     sig.GrantID // the row's id in the first version that had it
	Number     int
	Discloser  Party
	Recipient  Party
	Categories []sig.Category
	Aim        sig.Aim
	Districts  []sig.District
	From, To   time.Time // [From, To); a day that ends at midnight shows the day before
	Open       bool      // the window is open now
	Over       bool      // it has ended: by its own date, or with a function that left
	Leaves     time.Time // when a function that it names goes to another authority, before its own end; else zero
	// Unused are the categories of which this reader knows nobody to have told
	// anything by this row since an instant, where that is asked.
	Unused      []sig.Category
	UnusedSince time.Time
}

// End is when the row ends: by its own date, or when a function that it names
// goes to another authority (domain 3.3).
func (r *Row) End() time.Time {
	if !r.Leaves.IsZero() {
		return r.Leaves
	}
	return r.To
}

// Party is one side of a row.
type Party struct {
	Seat        sig.Seat
	Kind        sig.AuthorityKind
	Authority   string // name
	Unit        string // name
	Private     sig.PrivateKind
	PrivateName string // a close person's or expert's own name
}

// Exclusion is one "may not be shared"; empty parts mean any.
type Exclusion struct {
	ID        sig.ExclusionID
	Recipient Party
	Category  sig.Category
}

// Signer is one who must sign, or is heard.
type Signer struct {
	Kind        sig.SignerKind
	Guardian    sig.GuardianID
	Youth       sig.YouthID
	Name        string
	Required    bool
	Gone        bool // a guardian who decides nothing any more (custody, the 18th birthday), and has not answered
	Explained   time.Time
	Method      Method
	Language    string
	Interpreter string // the number or name, where one was used; only for the board
	Answer      sig.Answer
	AnsweredAt  time.Time
	Channel     string     // e_signed, paper, oral, carried_over
	ReadIn      string     // the language of the texts that were signed, read aloud or stood on the paper
	Overridden  bool       // the refusal of a mature 12-14-year-old was overridden with a reason
	Oral        *OralLine  // what was said aloud and is not written, or was not confirmed
	Written     time.Time  // when what was said aloud was written; zero for any other answer
	Paper       *PaperLine // the signature on paper; only for the board
}

// Change is how a version differs from the one before.
type Change string

// The changes.
const (
	ChangeFirst      Change = "first"
	ChangeWidening   Change = "widening"  // everybody signs
	ChangeNarrowing  Change = "narrowing" // one signs
	ChangeRenewal    Change = "renewal"   // everybody signs
	ChangeWithdrawal Change = "withdrawal"
	ChangeImported   Change = "imported"
)

// Method is how a version was explained to a signer.
type Method string

// The methods.
const (
	MethodMeeting     Method = "meeting"
	MethodPhone       Method = "phone"
	MethodVideo       Method = "video"
	MethodLetter      Method = "letter"
	MethodInterpreter Method = "interpreter"
)

// Draft is the matrix as the coordinator has written it.
type Draft struct {
	Grants     []DraftGrant
	Exclusions []DraftExclusion
	Seen       string // the mark of the draft that this one is put in place of; empty where there was none
}

// DraftGrant is one row of a draft. Authorities follow from the units; the
// board's own districts in which the recipient works are added by themselves.
type DraftGrant struct {
	DiscloserUnit     sig.UnitID
	DiscloserFunction sig.Function
	RecipientUnit     sig.UnitID
	RecipientFunction sig.Function
	PrivateKind       sig.PrivateKind // instead of a recipient unit and function
	PrivateName       string
	Categories        []sig.Category
	Aim               sig.Aim
	Districts         []sig.DistrictID
	// From and To are the window [From, To). A page that asks for days uses
	// Date.Start and Date.End: a date-only end means 24:00.
	From, To time.Time
	// Origin names the row of the version before that this one continues, so
	// that a close person's row stays the same row; zero for a new one.
	Origin sig.GrantID
}

// DraftExclusion is one "may not be shared" of a draft; empty parts mean any.
type DraftExclusion struct {
	Authority sig.AuthorityID
	Unit      sig.UnitID
	Function  sig.Function
	Category  sig.Category
}

// SignerRef names one signer: a guardian or the youth.
type SignerRef struct {
	Guardian sig.GuardianID
	Youth    sig.YouthID
}

// Explaining is that a version was explained to one signer.
type Explaining struct {
	Signer      SignerRef
	Method      Method
	Language    string // a BCP 47 code such as "so"
	Interpreter Interpreting
	View        string // what a young person who does not sign had to say; may be empty
}

// Interpreting names the interpreter of a talk; an empty ID means that none was
// used.
type Interpreting struct {
	ID        string // the number in the register or of the booking, or a name
	Unrelated bool   // whoever records it has asked: not a relative of the family
}

// Decision is the social secretary's decision on the measure.
type Decision struct {
	Refused   bool
	On        sig.Date
	Reference string // the decision's number in the board's own system
}

// WithdrawInput is a withdrawal in the portal, by the signed-in signer.
type WithdrawInput struct {
	Intervention sig.InterventionID
	Scope        sig.WithdrawalScope
	Key          string // idempotency key; repeating it answers with the first
}

// RecordInput is a withdrawal that reached somebody else (3.7.12).
type RecordInput struct {
	Intervention sig.InterventionID
	Signer       SignerRef
	Scope        sig.WithdrawalScope
	Channel      Channel
	ReceivedAt   time.Time // not after now; this is when it took effect
	Key          string
}

// Channel is how a withdrawal came.
type Channel string

// The channels.
const (
	ChannelPortal  Channel = "portal"
	ChannelPhone   Channel = "phone"
	ChannelText    Channel = "text"
	ChannelEmail   Channel = "email"
	ChannelPaper   Channel = "paper"
	ChannelMeeting Channel = "meeting"
)

// RecordedChannels are those by which a withdrawal comes that staff record.
var RecordedChannels = []Channel{ChannelPhone, ChannelText, ChannelEmail, ChannelPaper, ChannelMeeting}

// Preview is what a withdrawal or an amendment would do, counted over what its
// reader may see.
type Preview struct {
	Consequence sig.Consequence // nothing, goes_on, one_way_left, closes
	HasStanding bool            // false: it would be kept as a message without effect
	Lost        []LostRow       // what may no longer be told
	Gained      []Row           // amendments: what may be told in addition
	Left        []Row           // what stays
	Recipients  []Party         // those who lose something
	Queued      int             // disclosures that would be cancelled
	Copies      int             // received copies that the recipients would no longer read
	Hidden      []HiddenCopies  // the same, recipient by recipient
	AlreadyRead int             // of these, how many have been read
	MeetingsOff int             // meetings ahead that would be called off
	Calls       []LostCalls     // functions that would no longer be called
	Commitments int             // open ones of the plan that would be stopped
	Over        bool            // it has ended already, and nothing ends by this
	Ahead       bool            // it has not come into force, and what holds goes on
	Change      Change          // amendments: narrowing, widening or renewal
	MustSign    int             // amendments: how many must sign
}

// HiddenCopies is how many received copies one recipient would no longer read.
type HiddenCopies struct {
	Party  Party
	Copies int
}

// LostRow is what a row loses.
type LostRow struct {
	Row        Row
	Categories []sig.Category
	Whole      bool // nothing is left of the row
}

// LostCalls is to how many meetings a function is called no more, and at how
// many others it is no longer with at every point.
type LostCalls struct {
	Party           Party
	Meetings, Fewer int
}

// Receipt is what a signer gets for a withdrawal.
type Receipt struct {
	ReceiptLine
	CaseNumber   string
	Intervention sig.InterventionID
	SaidYes      bool   // the signer had said yes to it; who has not may still take it back (domain 3.7.8)
	SignedIn     string // the language of the text that the signer had said yes to; empty where none is known
	SignedText   string // what it is known by: the hash of the text, and that of the words around it
	Lost         []LostRow
	Told         []Party // the functions that were told
	Untold       []Party // those in which nobody took part who could be
	AlreadyRead  []ReadLine
	Late         []ReadLine // told after it was taken back, before that was recorded
	Copies       int        // copies that were cut, as far as this reader may know of them
	MeetingsOff  int        // meetings that were called off
	Calls        []LostCalls
	Closes       bool
	Over         bool // it had ended before this was recorded
	Ahead        bool // it had not come into force, and what held went on
}

// ReceiptLine is one withdrawal in a list.
type ReceiptLine struct {
	Reference  string
	ReceivedAt time.Time // when it took effect
	RecordedAt time.Time
	Channel    Channel
	Effective  bool
	Whole      bool
}

// ReadLine is one thing that had been read before the withdrawal, or was told
// after it.
type ReadLine struct {
	At       time.Time
	Function sig.Function
	Party    Party
}

// Outcome is what other measures were considered after an intervention ended.
type Outcome string

// The outcomes of "Consider other measures"; no_further needs a reason.
const (
	OutcomeNewInquiry   Outcome = "new_inquiry"
	OutcomeOtherMeasure Outcome = "other_measure"
	OutcomeLVU          Outcome = "lvu_considered"
	OutcomeNoFurther    Outcome = "no_further"
)

func contains[T comparable](list []T, one T) bool {
	for _, x := range list {
		if x == one {
			return true
		}
	}
	return false
}
