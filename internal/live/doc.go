// Package live tells open pages that something changed, and never what. The
// page then fetches itself again through the policy; a websocket that carries
// nothing cannot leak anything.
//
// # Frames
//
// Every frame is a text from the server, one of three constants:
//
//	{"type":"changed"}  something that concerns this session changed: look again
//	{"type":"ended"}    the session has ended; the close code 4403 follows
//	{"type":"alive"}    every 5 s while this replica knows the database: a sign of
//	                    life, since a script cannot see a websocket's pings
//
// A page that hears nothing for 15 s cannot know what it may show, and blanks.
// That is also what happens when a replica loses the database: it then stops
// saying that it is alive. Browsers send nothing; a message from one closes it.
//
// # Who hears what
//
// A socket belongs to a session, and hears what concerns the session, its
// person and the hat it wears: the server decides, the browser asks for
// nothing. Services name whom a change concerns in the transaction of the
// change (postgres.Tx.Nudge, NudgeSoon, EndSockets); every replica reads every
// row of that outbox. A page gives the instant when it was rendered
// (/live?at=<unix milliseconds>), and what changed between then and the
// opening of the socket is told at once.
//
// # Cost
//
// One goroutine and about 10 KiB a socket: buffers are pooled, frames are
// prepared once, and a writer exists only while something is being written.
// What waits to be told is three bits, so a browser that does not read holds
// nothing but itself, and is closed after 10 s.
package live
