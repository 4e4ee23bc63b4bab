// Package racetest sets a withdrawal against reads, disclosures, calls to
// meetings, what is told there, minutes that are sent and mails that leave at
// the same instant, over real HTTP, on two replicas that are processes of their
// own, and then does the same to builds of the portal in which the lock, or the
// order of lock and clock, was broken on purpose. A zero counts only beside the
// faults that the same test caught. It holds tests only.
package racetest
