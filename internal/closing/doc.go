// Package closing is what an end sets in motion, in the transaction of whatever
// ended it: a withdrawal, a narrowing, an expiry, a lapse, a grace period that
// is over. Grants end, waiting disclosures are cancelled, received copies are
// cut and left to the recipient's registrar for thirty days, the social
// secretary is told to consider other measures, and everybody concerned is
// told that it ended: not why, and never by whom.
//
// It does not decide whether somebody may withdraw; package consenting does.
// Nor does access wait for it: windows and states are enforced where content
// is read.
package closing
