// Package caldav reads what a calendar program asks by CalDAV (RFC 4791) of one
// calendar that it may only read, and writes the answers. It knows of no
// database and no session: whoever calls it has asked both walls what the
// reader may see now, and nothing else stands in an answer. Tags are of what
// is delivered, so that they change when it is cut and tell nothing of what
// was kept back. What a program was told it carries itself, sealed in the token
// that it asks with for what has changed (RFC 6578): nothing is remembered here.
package caldav
