// Package obs is what an operator sees of the portal: log lines and figures.
// Neither may tell who a child is. Log lines are JSON whose values are ids,
// numbers, instants and fixed words; a value of any other type is replaced by
// the name of its type, and whatever looks like a personal number is struck
// out. Figures are served on a listener of their own, on loopback only.
package obs
