// Package replica starts the portal as processes of their own, as it is
// delivered or with faults planted in its source for one build, so that a test
// can show that it would have found them. It is for tests only and reads the
// tree it lies in; nothing of it is linked into a program.
package replica
