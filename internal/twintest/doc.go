// Package twintest lets a guardian, or the young person, look at two portals
// that are equal in all but one secret that the observer must not learn: an
// item that is hidden, its size, who has read it, a meeting of the board's own,
// or what belongs to the other guardian. Every page, file, mail, header, count,
// order and size must be the same. Leaks planted on purpose must make them
// differ, or the test proves nothing. It holds tests only.
package twintest
