// Package paper prints a page as a tagged PDF, with headless Chromium in a
// process of its own for each document. The process is given a file and nothing
// else: an own empty profile, no proxy and no name that it could look up, an
// environment without the portal's secrets, and a page whose policy lets it load
// and run nothing. It never fetches the portal's own pages, so it needs no
// session. Whether the reader may still see what was printed is the caller's to
// ask, once more, when the document is there.
package paper
