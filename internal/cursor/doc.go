// Package cursor seals where the next page of a list begins. A cursor tells
// nothing, cannot be made up, and opens nothing for whoever it is sent to: it is
// bound to a session and to one list of its.
package cursor
