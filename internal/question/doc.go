// Package question is the directed question ("riktad fråga"): somebody who takes
// part asks one function, in one category, with an end. The question's text is
// an item that is disclosed to the asked function, and the answer an item that
// is disclosed back, both by package sharing and exactly as anything else that
// is told. A question opens nothing: whoever is asked looks up the answer in the
// own house and tells it, or does not.
package question
