// Package clamtest starts ClamAV's daemon for a test: the real one, with a
// database of its own that knows the EICAR test file and nothing else, so that
// no test depends on what is harmful today.
package clamtest
