// Package oversight is the ledger for those who look after it: an
// intervention's rows for its board's participants and for the authority's log
// reviewer, who also gets the authority's interventions by number and the
// breaches to look into. It shows what was done, by which office and when; never
// the content of an item, and a case by its number alone.
package oversight
