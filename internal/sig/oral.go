package sig

import (
	"slices"
	"time"
)

// OralState is where a yes that was said aloud stands.
type OralState string

// The states of an oral yes. Only a confirmed one counts as a signature, and
// only until it must be written.
const (
	OralRecorded  OralState = "recorded"  // one officer wrote down what was said
	OralConfirmed OralState = "confirmed" // a second officer confirmed it: it counts
	OralWritten   OralState = "written"   // on paper or with eID within the days
	OralDropped   OralState = "dropped"   // it was not confirmed, or taken back by the officers
	OralEnded     OralState = "ended"     // its version ended before it was written
)

var oralEdges = map[OralState][]OralState{
	OralRecorded:  {OralConfirmed, OralDropped},
	OralConfirmed: {OralWritten, OralEnded},
}

// NewOralID draws the identifier of a new oral answer.
func NewOralID() OralID { return NewID[oralKind]() }

// NewPaperID draws the identifier of a signature on paper.
func NewPaperID() PaperID { return NewID[paperKind]() }

// NewFileID draws the identifier of a file.
func NewFileID() FileID { return NewID[fileKind]() }

// OralStates lists every state of an oral yes.
func OralStates() []OralState {
	return []OralState{OralRecorded, OralConfirmed, OralWritten, OralDropped, OralEnded}
}

// CanBecome reports whether the step is an edge of the state machine.
func (s OralState) CanBecome(to OralState) bool { return slices.Contains(oralEdges[s], to) }

// OralDays is for how long an oral yes holds: sensitive data want a written one
// (domain 3.2, T05), so the paper or the eID must be there by then.
const OralDays = 14

// WrittenBy is the instant by which a yes that was heard then must be written.
func WrittenBy(heard time.Time) time.Time { return DaysLater(heard, OralDays) }

// MayConfirm reports whether one person may confirm what another recorded:
// never the same, under whatever hat.
func MayConfirm(recorder, confirmer PersonID) bool {
	return !recorder.IsZero() && !confirmer.IsZero() && recorder != confirmer
}
