// Package policy answers questions of right and wrong from facts alone: which
// border lies between two places, how strong the recipient's secrecy is, and
// whether this actor may do this. It does no input or output, so that a jurist
// can read it and a test can try everything.
package policy
