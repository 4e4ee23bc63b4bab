package policy

import (
	"slices"
	"time"

	"sigportal/internal/sig"
)

// Action is what somebody asks to do with content.
type Action uint8

// The actions that Decide answers.
const (
	// Disclose sends an item to another function, inside or outside the own
	// authority; which of the two the border says.
	Disclose Action = iota + 1
	// ReadCopy opens a copy that was disclosed to the reader's function.
	ReadCopy
	// ReadItem opens an item of the reader's own authority.
	ReadItem
	// ReadAsFamily opens an item as the youth or a guardian.
	ReadAsFamily
	// Attend is to be there when a point of a meeting is told; the recipient is
	// the called function.
	Attend
	// ReadPoint opens what the board has written about a point of a meeting.
	ReadPoint
	// VisitPoint is to be there as a guest without an account: a private recipient
	// whom the consent names. The recipient is that guest.
	VisitPoint
	// SeeCall is to see, as the youth or a guardian, that a function is called to
	// a point of a meeting; the recipient is the called function.
	SeeCall
	// ReadPlan is to be told a plan's goals and the own commitments in it; the
	// recipient is the function that is told.
	ReadPlan
	// ReportPlan is to tell the board how a commitment went; the recipient is
	// the function whose commitment it is.
	ReportPlan
	// Ask puts a directed question to a function; the recipient is the asked one.
	Ask
)

// Request is everything that a decision rests on. It is filled from one
// statement or one locked transaction, and Now is that one's instant; nothing
// in it outlives the answer.
type Request struct {
	Action    Action
	Now       time.Time
	Actor     Actor
	Case      sig.InterventionState
	Consent   Consent
	Directory Directory
	Item      Item
	Copy      Copy
	Recipient Recipient
	Officer   Officer
	Meeting   Meeting
	Planner   sig.Place // the board's function that tells what its plan says
	Question  Question
}

// Actor is the one who asks, as the directory and the case have them now.
type Actor struct {
	Kind         sig.ActorKind
	InForce      bool      // the assignment, or the standing, holds at Now
	Participates bool      // takes part in the case, in the seat of Place
	Place        sig.Place // staff: the seat filled in this case, with the districts of the person
	UnderAge     bool      // a youth who has not turned 18
	InOffice     bool      // a youth whom nobody at home looks on: in the coordinator's office, or of age
}

// Consent is the version that claims to be in force, with its rows.
type Consent struct {
	State      sig.ConsentState // empty: there is none
	Grants     []sig.Grant
	Exclusions []sig.Exclusion
	Alone      []sig.Category // over which the youth disposes alone, by the latest assessment
}

// Directory is what is needed of the directory to follow recorded moves.
type Directory struct {
	Moves []sig.FunctionMove
	Units map[sig.UnitID]sig.AuthorityID // the authority that each unit belongs to now
}

// Item is what is to be disclosed or read.
type Item struct {
	Owner      sig.AuthorityID
	Categories []sig.Category
	Blocked    bool
	ThirdParty bool      // concerns somebody who has neither waived nor been redacted
	Visible    bool      // decided visible for this member of the family
	LowRisk    bool      // released for a screen at home
	Said       []Meeting // points of meetings at which it was told, or that it is the minutes of
}

// Copy is a frozen copy in a recipient's inbox.
type Copy struct {
	ByConsent      bool
	Sender         sig.Seat
	Recipient      sig.Seat
	Categories     []sig.Category
	Cut            bool
	Deleted        bool
	RegistrarUntil time.Time
}

// Recipient is the function that an item is to be told.
type Recipient struct {
	Place        sig.Place
	Participates bool        // somebody in that seat takes part in the case
	PrivateGrant sig.GrantID // a named close person or expert instead of a seat
	Reserved     bool        // a private recipient has accepted the reservation
}

// Officer is what the disclosing officer has said.
type Officer struct {
	Necessity      bool // why it is needed
	Acknowledged   bool // that secrecy is weaker there, with a reason
	Protected      bool // the youth has protected identity
	SecondApproved bool // a second officer has approved
}

// whereSits is the unit in which a function written down under a unit sits at
// Now, following recorded moves inside its authority. ok is false when the
// unit it ends in belongs to another authority now.
func (d *Directory) whereSits(seat sig.Seat, now time.Time) (unit sig.UnitID, ok bool) {
	unit = seat.Unit
	after := time.Time{}
	for range len(d.Moves) + 1 {
		next := -1
		for i := range d.Moves {
			m := &d.Moves[i]
			if m.From != unit || m.Function != seat.Function || m.Authority != seat.Authority ||
				m.At.After(now) || !m.At.After(after) {
				continue
			}
			if next < 0 || m.At.Before(d.Moves[next].At) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		unit, after = d.Moves[next].To, d.Moves[next].At
	}
	authority, known := d.Units[unit]
	return unit, known && authority == seat.Authority
}

// same reports whether two written-down seats are one seat at Now.
func (d *Directory) same(a, b sig.Seat, now time.Time) bool {
	if a.Authority != b.Authority || a.Function != b.Function {
		return false
	}
	if a.Unit == b.Unit || len(d.Moves) == 0 {
		if a.Unit != b.Unit {
			return false
		}
		_, ok := d.whereSits(a, now)
		return ok
	}
	ua, oka := d.whereSits(a, now)
	ub, okb := d.whereSits(b, now)
	return oka && okb && ua == ub
}

// within reports whether all of the districts, or categories, are named; none is
// no limit to name.
func within[T comparable](list, named []T) bool {
	for _, d := range list {
		if !slices.Contains(named, d) {
			return false
		}
	}
	return true
}
