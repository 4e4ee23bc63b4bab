// Package notice keeps how each person wants to be told that there is something
// to read: by mail or by text message, and in which language. The choice belongs
// to the part that somebody acts in, and only they see it.
package notice
