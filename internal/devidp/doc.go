// Package devidp is three OpenID providers in one process, for the demo and
// for tests: staff, police and the citizens' eID, each with keys, sessions and
// sign-in page of its own, full of people who do not exist. It follows the
// Swedish OpenID Connect Profile as far as the portal relies on it, and sends
// the back-channel logout tokens that the library underneath does not.
//
// Anybody can sign in as anybody here, so it listens on loopback only and
// nothing of it is linked into the portal's own command.
package devidp
