package fault

// Disagreement is the cause of a fault that must never happen: one of the two
// walls let something pass that the other stopped. It names ids and a reason
// code, nothing else, so that all of it may stand in a log.
type Disagreement struct {
	Passed       string // the wall that said yes: "policy" or "database"
	Reason       string // why the other said no, as far as it says
	Act          string // what was asked, as the ledger calls it
	Intervention string
	Object       string
	Assignment   string // of the staff who asked; empty for a family
}

// Error gives the codes; the ids stand in the log line's own fields.
func (d *Disagreement) Error() string {
	return "the walls disagree: only the " + d.Passed + " lets pass " + d.Act + " (" + d.Reason + ")"
}

// Disagree is the answer where the walls disagree: nothing passes, the reader
// gets the fixed sentence, and a person must look.
func Disagree(d Disagreement) *Error { return Wrap(Internal, "error.internal", &d) }
