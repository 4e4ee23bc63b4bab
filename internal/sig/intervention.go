package sig

import "slices"

// Programme is the kind of intervention; both use the same consent machinery.
type Programme string

// The programmes.
const (
	ProgrammeSIG  Programme = "sig"  // social insatsgrupp
	ProgrammeSSPF Programme = "sspf" // skola, socialtjänst, polis, fritid
)

// Valid reports whether the programme exists.
func (p Programme) Valid() bool { return p == ProgrammeSIG || p == ProgrammeSSPF }

// InterventionState is where an intervention stands.
type InterventionState string

// The states of an intervention. Closed and NotStarted are terminal: a new
// start is a new intervention.
const (
	InterventionProposed         InterventionState = "proposed"
	InterventionConsentPending   InterventionState = "consent_pending"
	InterventionAwaitingDecision InterventionState = "awaiting_decision"
	InterventionActive           InterventionState = "active"
	InterventionSharingStopped   InterventionState = "sharing_stopped"
	InterventionClosing          InterventionState = "closing"
	InterventionClosed           InterventionState = "closed"
	InterventionNotStarted       InterventionState = "not_started"
)

var interventionEdges = map[InterventionState][]InterventionState{
	InterventionProposed:         {InterventionConsentPending, InterventionNotStarted},
	InterventionConsentPending:   {InterventionAwaitingDecision, InterventionNotStarted},
	InterventionAwaitingDecision: {InterventionActive, InterventionNotStarted, InterventionConsentPending},
	InterventionActive:           {InterventionSharingStopped, InterventionClosing},
	InterventionSharingStopped:   {InterventionActive, InterventionClosing},
	InterventionClosing:          {InterventionClosed},
	InterventionClosed:           nil,
	InterventionNotStarted:       nil,
}

// InterventionStates lists every state, first to last.
func InterventionStates() []InterventionState {
	return []InterventionState{
		InterventionProposed, InterventionConsentPending, InterventionAwaitingDecision, InterventionActive,
		InterventionSharingStopped, InterventionClosing, InterventionClosed, InterventionNotStarted,
	}
}

// CanBecome reports whether the step is an edge of the state machine.
func (s InterventionState) CanBecome(to InterventionState) bool {
	return slices.Contains(interventionEdges[s], to)
}

// Ended reports whether nothing can be shared any more: every page calls such
// an intervention ended from the first moment of Closing.
func (s InterventionState) Ended() bool {
	return s == InterventionClosing || s == InterventionClosed || s == InterventionNotStarted
}

// Outside is the state as everybody but the board is told it (3.4): that other
// measures are being considered, and when that was done, is the board's own.
func (s InterventionState) Outside() InterventionState {
	if s == InterventionClosing {
		return InterventionClosed
	}
	return s
}

// ClosedReason says why an intervention ended.
type ClosedReason string

// The reasons for which an intervention ends.
const (
	ClosedGoalReached      ClosedReason = "goal_reached"
	ClosedConsentWithdrawn ClosedReason = "consent_withdrawn"
	ClosedConsentExpired   ClosedReason = "consent_expired"
	ClosedConsentLapsed    ClosedReason = "consent_lapsed"
	ClosedMoved            ClosedReason = "moved"
	ClosedDecisionEnded    ClosedReason = "decision_ended"
	ClosedDeceased         ClosedReason = "deceased"
	ClosedReplacedByLVU    ClosedReason = "replaced_by_lvu"
	ClosedDeclined         ClosedReason = "declined"
	ClosedRefused          ClosedReason = "refused"
	ClosedOther            ClosedReason = "other"
)

// Protection is the kind of protected identity that a youth lives under.
type Protection string

// The levels of protected identity (skyddade personuppgifter).
const (
	ProtectionNone         Protection = "none"
	ProtectionMarked       Protection = "marked"       // sekretessmarkering
	ProtectionRegistration Protection = "registration" // skyddad folkbokföring, OSL 21:3 a
	ProtectionFictitious   Protection = "fictitious"   // fingerade personuppgifter
)

// Protections lists them, weakest first.
func Protections() []Protection {
	return []Protection{ProtectionNone, ProtectionMarked, ProtectionRegistration, ProtectionFictitious}
}
