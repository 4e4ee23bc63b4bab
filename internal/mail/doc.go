// Package mail writes and hands over the portal's mails. A mail holds nothing
// about anybody: its subject is one of twelve fixed sentences and the case
// number, which is random; its text is fixed sentences, at most one date, and
// the link to the portal's front page. The address stands in the envelope and
// the To line, with no name beside it.
//
// Who may be told, and whether still, is not decided here but just before, by
// package jobs under the intervention's lock.
package mail
