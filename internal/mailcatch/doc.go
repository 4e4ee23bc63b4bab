// Package mailcatch takes in every mail that it is handed, keeps it in memory
// and shows it on a page: the demo's mailbox of everybody, and the tests' mail
// server. Beside it is a gateway for text messages, with a page of its own. It can also behave as a server that is full or refuses somebody. It
// listens on loopback only and is never linked into cmd/sigportal.
package mailcatch
