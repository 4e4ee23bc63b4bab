package postgres

import (
	"time"

	"sigportal/internal/sig"
)

// HiddenCase is how much cuts have taken from the actor's seats in one case, and
// why the last did so: its place in the inbox is not simply empty.
type HiddenCase struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Copies       int
	At           time.Time
	By           string
	Late         int // of the copies, see Received
}

const hiddenCasesSQL = `select intervention, case_number, copies, at, by, late from sig.my_hidden_cases()`
