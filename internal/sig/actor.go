package sig

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ActorKind tells the sorts of people (and the one sort of machine) that act.
type ActorKind string

// The kinds of actors. Nobody acts without being one of them.
const (
	ActorStaff    ActorKind = "staff"    // wears one assignment
	ActorGuardian ActorKind = "guardian" // stands in one guardianship
	ActorYouth    ActorKind = "youth"    // is the young person of one record
	ActorSystem   ActorKind = "system"   // a named background job
	ActorNobody   ActorKind = "nobody"   // signed in, without any part
)

// Actor is who acts, under the one hat that the session has chosen. It is
// loaded afresh for every request and is never kept between requests: an
// assignment that has ended must not act once more.
type Actor struct {
	Kind    ActorKind
	Person  PersonID
	Session SessionID
	// Staff: the assignment worn, with its place in the directory.
	Assignment AssignmentID
	Authority  AuthorityID
	Unit       UnitID
	Function   Function
	// Citizens: the standing chosen; exactly one of the two.
	Guardian GuardianID
	Youth    YouthID
	// System: the job's name, such as "alarm"; it stands in the ledger.
	System string
	// AuthTime is when the identity provider last saw the person in the flesh.
	AuthTime time.Time
	// ShownAs is the person's own name for the page header; never logged.
	ShownAs string
	// Act is the request by which a program acts; nil for a page.
	Act *Act
}

// Act is one writing request of a program, with the key under which it may be
// sent again. The first transaction that writes anything for it notes the two
// in the same commit: what is done is known to be done.
type Act struct {
	Key   string
	Said  [32]byte // hash of what was asked, by whom under which hat
	Noted bool     // by a transaction that has committed
}

// Once is the key of what is asked: another request under the same key, however
// close behind, is not taken for this one.
func (a *Act) Once() string {
	sum := sha256.Sum256(append([]byte(a.Key+"?"), a.Said[:]...))
	return hex.EncodeToString(sum[:])
}

// System is the actor of a named background job.
func System(name string) Actor { return Actor{Kind: ActorSystem, System: name} }

// IsCitizen reports whether the actor is a guardian or a youth.
func (a Actor) IsCitizen() bool { return a.Kind == ActorGuardian || a.Kind == ActorYouth }
