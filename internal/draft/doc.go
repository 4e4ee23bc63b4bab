// Package draft keeps what somebody types into a form until it is saved: sealed
// on the server, never in the browser's storage, and for its writer alone. What
// stands in a draft has been told to nobody and decides nothing; saving the form
// is an act of its own, with all that it asks.
package draft
