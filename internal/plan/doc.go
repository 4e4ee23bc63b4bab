// Package plan is the implementation plan of an intervention: goals, which
// function does what by when, and the young person's own words. The board's
// coordinator and social secretary write it, version after version.
//
// Whoever reads the plan outside the board is told it (OSL 3:1): a function
// sees its own commitments and the goals only while the consent in force lets
// the board tell it plan_goals, and the question is asked at every read. The
// family sees text by text what was decided visible. What stops a commitment
// before it is done (a withdrawal, a narrowing, an expiry) is package
// closing's.
//
// It reminds nobody, and keeps no copy of what a reader has seen.
package plan
