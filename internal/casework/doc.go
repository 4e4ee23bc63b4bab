// Package casework is everything around an intervention but its consent and
// its items: it is proposed, people are given a part in it and lose it, others
// ask for a part, tasks stand on Today, own cases are listed and searched, and
// journal notes are read. The lists hold numbers, names, states and dates;
// content is package sharing's.
package casework
