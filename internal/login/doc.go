// Package login says who somebody is and what hat they wear: OpenID Connect
// logins at several providers, sessions that live on the server, a fresh login
// for every signature, and logout from either side.
//
// It trusts a provider for one thing only, that (issuer, subject) is the same
// human being as before at the assurance level that the configuration demands.
// What that person may do is looked up afresh in the directory and in the
// verified guardianships for every request; nothing about it is remembered
// between two requests, so an assignment that has ended ends at once.
package login
