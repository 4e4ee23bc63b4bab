package sig

import (
	"slices"
	"time"
)

// MeetingState is where a network meeting stands. That its time has passed is
// seen from its end, and changes no state.
type MeetingState string

// The states of a meeting. A meeting that was held or called off stays so.
const (
	// MeetingProposed is a meeting whose time is asked about: nobody is called yet.
	MeetingProposed  MeetingState = "proposed"
	MeetingPlanned   MeetingState = "planned"
	MeetingLive      MeetingState = "live"
	MeetingEnded     MeetingState = "ended"
	MeetingCancelled MeetingState = "cancelled"
	// MeetingDropped is one of whose times none was chosen.
	MeetingDropped MeetingState = "dropped"
)

var meetingEdges = map[MeetingState][]MeetingState{
	MeetingProposed: {MeetingPlanned, MeetingDropped},
	MeetingPlanned:  {MeetingLive, MeetingCancelled},
	MeetingLive:     {MeetingEnded},
}

// MeetingStates lists every state, first to last.
func MeetingStates() []MeetingState {
	return []MeetingState{MeetingProposed, MeetingPlanned, MeetingLive, MeetingEnded, MeetingCancelled, MeetingDropped}
}

// CanBecome reports whether the step is an edge of the state machine.
func (s MeetingState) CanBecome(to MeetingState) bool { return slices.Contains(meetingEdges[s], to) }

// Over reports whether nothing more can come of the meeting.
func (s MeetingState) Over() bool {
	return s == MeetingEnded || s == MeetingCancelled || s == MeetingDropped
}

// MeetingCancel says why a meeting was called off.
type MeetingCancel string

// The reasons for which a meeting is called off.
const (
	MeetingCancelledByCoordinator MeetingCancel = "by_coordinator"
	MeetingCollaborationEnded     MeetingCancel = "collaboration_ended"
)

// InvitationAnswer is what a called function has said; no answer is the empty
// string.
type InvitationAnswer string

// The answers.
const (
	InvitationAccepted InvitationAnswer = "accepted"
	InvitationDeclined InvitationAnswer = "declined"
	// InvitationTentative is a calendar program's perhaps, or another time that
	// is suggested.
	InvitationTentative InvitationAnswer = "tentative"
)

// Valid reports whether it is one of the answers.
func (a InvitationAnswer) Valid() bool {
	return a == InvitationAccepted || a == InvitationDeclined || a == InvitationTentative
}

// AgendaPoint is one point of a meeting: who tells which kind of information.
// Who may be there when it is told follows from the consent.
type AgendaPoint struct {
	ID       PointID
	Position int // 1, 2, 3 … in the order of the meeting
	Category Category
	Teller   Seat
	// FamilyAlone is a point for the young person and the guardians alone, with the
	// host: no other function stays for it, or learns of it.
	FamilyAlone bool
}

// The bounds of a meeting.
const (
	MeetingLongest  = 12 * time.Hour
	MeetingFarthest = 12 // calendar months ahead
	MeetingPoints   = 20
)
