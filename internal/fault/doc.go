// Package fault is how the portal says no. An error carries a kind, which one
// function at the edge turns into a status; a safe code that the message files
// put into the reader's language; the fields at fault; and the cause, which is
// for the log and never for the page.
package fault
