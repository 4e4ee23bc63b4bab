// Package walltest holds the two walls against each other: the pure policy,
// row-level security and, as a third opinion, the same rules written once more
// in Cedar are asked the same questions about random worlds and must agree.
// Rules broken on purpose in either wall must make them disagree, or the test
// proves nothing. It holds tests only.
package walltest
