// Package ledger says what the portal remembers about its own acts, and how
// anybody can check that nothing of it was changed afterwards.
//
// An Entry is what a service supplies: what was tried, how it ended, on what
// ground. The database turns it into a Row: clear codes and offices, and every
// id of a person or a case as a salted commitment, so that a later culling can
// delete salt and body while the log still proves itself. The body's exact
// bytes are a leaf of one Merkle log (RFC 6962) with signed heads
// (C2SP checkpoints).
//
// Two implementations stand against each other here. The log is built and
// proofs are made with golang.org/x/mod/sumdb/tlog; proofs and whole logs are
// checked with github.com/transparency-dev/merkle. A fault in one of them does
// not hide a fault in the log.
//
// The package is pure: it reads no database and no clock. What it cannot show:
// that a row written by a stolen app role is true, and a change newer than the
// last head that somebody outside the database has kept.
package ledger
