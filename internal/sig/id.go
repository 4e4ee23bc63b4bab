package sig

import (
	"fmt"

	"github.com/google/uuid"
)

// ID identifies one object of kind K. It is 128 random bits, so that nobody
// can guess the next one; the zero ID means "none" and is stored as NULL.
type ID[K any] struct{ uuid.UUID }

// NewID draws a fresh identifier from the system's random source.
func NewID[K any]() ID[K] { return ID[K]{uuid.New()} }

// ParseID reads the canonical text form of an identifier. Every other form
// that uuid libraries accept (braces, urn, no hyphens) is refused, so that one
// object has one address.
func ParseID[K any](s string) (ID[K], error) {
	u, err := uuid.Parse(s)
	if err != nil || u.String() != s {
		return ID[K]{}, fmt.Errorf("not an identifier")
	}
	return ID[K]{u}, nil
}

// IsZero reports whether the identifier names nothing.
func (id ID[K]) IsZero() bool { return id.UUID == uuid.Nil }

// Kinds of objects that carry an ID; the types exist only to tell them apart.
type (
	personKind        struct{}
	assignmentKind    struct{}
	youthKind         struct{}
	guardianKind      struct{}
	interventionKind  struct{}
	participationKind struct{}
	consentKind       struct{}
	grantKind         struct{}
	exclusionKind     struct{}
	itemKind          struct{}
	disclosureKind    struct{}
	sessionKind       struct{}
	taskKind          struct{}
	requestKind       struct{}
	noteKind          struct{}
	meetingKind       struct{}
	pointKind         struct{}
	invitationKind    struct{}
	voiceKind         struct{}
	guestKind         struct{}
	planKind          struct{}
	planTextKind      struct{}
	commitmentKind    struct{}
	oralKind          struct{}
	paperKind         struct{}
	fileKind          struct{}
	busyKind          struct{}
	custodyChangeKind struct{}
)

// The identifiers of the portal's own objects.
type (
	// PersonID is one human being as the portal knows them: one (issuer, subject).
	PersonID = ID[personKind]
	// AssignmentID is one person in one function in one unit, in time.
	AssignmentID = ID[assignmentKind]
	// YouthID is one authority's own record of a young person.
	YouthID = ID[youthKind]
	// GuardianID is one verified guardianship: this person for this youth.
	GuardianID = ID[guardianKind]
	// InterventionID is one granted, coordinated measure around one youth.
	InterventionID = ID[interventionKind]
	// ParticipationID is the recorded need of one assignment on one intervention.
	ParticipationID = ID[participationKind]
	// ConsentID is one immutable version of a consent.
	ConsentID = ID[consentKind]
	// GrantID is one row of a consent's matrix.
	GrantID = ID[grantKind]
	// ExclusionID is one "may not be shared" row, which beats every grant.
	ExclusionID = ID[exclusionKind]
	// ItemID is the smallest thing that can be disclosed.
	ItemID = ID[itemKind]
	// DisclosureID is one act of disclosing one item to one recipient function.
	DisclosureID = ID[disclosureKind]
	// SessionID is the public handle of a session; it is not its secret.
	SessionID = ID[sessionKind]
	// TaskID is one task on somebody's Today page.
	TaskID = ID[taskKind]
	// RequestID is one internal request to take part in a case.
	RequestID = ID[requestKind]
	// NoteID is one journal note drafted for the board's case system.
	NoteID = ID[noteKind]
	// MeetingID is one network meeting, and the UID of its calendar entries.
	MeetingID = ID[meetingKind]
	// PointID is one point of a meeting's agenda.
	PointID = ID[pointKind]
	// InvitationID is one function called to one meeting.
	InvitationID = ID[invitationKind]
	// GuestID is somebody without an account who comes to one meeting.
	GuestID = ID[guestKind]
	// VoiceID is what a young person wants said before a meeting.
	VoiceID = ID[voiceKind]
	// PlanID is the implementation plan of one intervention.
	PlanID = ID[planKind]
	// PlanTextID is one text of a plan.
	PlanTextID = ID[planTextKind]
	// CommitmentID is one function's promise in a plan; its text has the same id.
	CommitmentID = ID[commitmentKind]
	// CustodyChangeID is one change of custody, recorded before it comes about.
	CustodyChangeID = ID[custodyChangeKind]
	// OralID is one signer's yes that was said aloud.
	OralID = ID[oralKind]
	// PaperID is one signer's signature on paper.
	PaperID = ID[paperKind]
	// FileID is one file that was handed in.
	FileID = ID[fileKind]
	// BusyID is one time at which somebody cannot come to meetings.
	BusyID = ID[busyKind]
)

// Keys of the directory. They are short lower-case words chosen by whoever
// keeps the directory file, so that the file and the database read alike.
type (
	// AuthorityID is the key of one authority: the secrecy subject of OSL 8:1.
	AuthorityID string
	// BranchID is the key of one branch of activity inside an authority (OSL 8:2).
	BranchID string
	// UnitID is the key of one unit of staff.
	UnitID string
	// DistrictID is the key of one geographic district.
	DistrictID string
)
