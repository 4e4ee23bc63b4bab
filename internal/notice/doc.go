// Package notice keeps how each person wants to be told that there is something
// to read: by mail or by text message, in which language, at once or once a
// day. The choice belongs to the part that somebody acts in, and only they see it.
package notice
