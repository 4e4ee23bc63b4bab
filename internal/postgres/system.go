package postgres

import (
	"sigportal/internal/sig"
)

// AsSystem runs the part of a transaction that reaches across partitions as a
// named system actor and then goes on as whoever acted before: a guardian who
// takes a consent back cannot see, let alone change, the copies that it cuts.
// What that part may touch is the second wall's policy system_all; ledger rows
// about the person's own act belong outside of it.
func (tx *Tx) AsSystem(name string, fn func() error) error {
	if tx.Actor.Kind == sig.ActorSystem {
		return fn() // one system within another goes on under the outer name
	}
	person := tx.Actor
	tx.Actor = sig.System(name)
	tx.introduce()
	err := fn()
	tx.Actor = person
	tx.introduce()
	return err
}
