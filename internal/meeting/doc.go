// Package meeting is network meetings: the board's coordinator calls functions
// to the points of an agenda, moves and cancels meetings, and those who are
// called see when it is and the points that they may be there for.
//
// A meeting is a disclosure in the making (OSL 3:1): whoever is there when a
// point is told is told it. A function is therefore called only to points that
// the consent in force lets it be told, now and at the meeting's own time, and
// the same question is asked again whenever somebody looks. What ends a call
// before its time (a withdrawal, a narrowing, an expiry) is package closing's.
//
// Before that a time is looked for: from when people have said not to be able to
// come, holidays and school terms, or by asking which of some times suit. Of a
// seat a coordinator learns whether a time suits, and never why it does not.
//
// It does not hold the meeting, and sends nothing itself.
package meeting
