package sig

import "slices"

// CommitmentState is how a function's promise in a plan goes. That its day has
// passed is seen from the day, and changes no state.
type CommitmentState string

// The states of a commitment. What is done or stopped stays so.
const (
	CommitmentOpen    CommitmentState = "open"
	CommitmentDone    CommitmentState = "done"
	CommitmentStopped CommitmentState = "stopped"
)

var commitmentEdges = map[CommitmentState][]CommitmentState{CommitmentOpen: {CommitmentDone, CommitmentStopped}}

// CommitmentStates lists every state, first to last.
func CommitmentStates() []CommitmentState {
	return []CommitmentState{CommitmentOpen, CommitmentDone, CommitmentStopped}
}

// CanBecome reports whether the step is an edge of the state machine.
func (s CommitmentState) CanBecome(to CommitmentState) bool {
	return slices.Contains(commitmentEdges[s], to)
}

// PlanTextKind is what a text of a plan is.
type PlanTextKind string

// The kinds of texts.
const (
	PlanGoal       PlanTextKind = "goal"
	PlanWords      PlanTextKind = "words" // the young person's own
	PlanCommitment PlanTextKind = "commitment"
)

// The bounds of a plan.
const (
	PlanGoals       = 12
	PlanCommitments = 60 // in all
	PlanAdds        = 12 // commitments in one version
)
