// Package consenting is everything that a consent goes through: it is
// prepared, checked, explained, signed by everybody who must, decided upon,
// amended, and taken back, whole or in part, by anybody who had to sign.
//
// Every method takes the intervention's lock before it looks at anything and
// reads the clock after it, decides, writes and appends to the ledger in one
// transaction, and answers with what the page shows, including what the actor
// may do next. A refusal is recorded as well. What an end sets in motion
// (copies cut, tasks, messages) is the business of package closing, in the
// same transaction.
//
// The package does not decide who may disclose or read: that is package
// policy, asked again at every disclosure and every read.
package consenting
