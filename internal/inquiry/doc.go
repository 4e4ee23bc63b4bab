// Package inquiry is what a guardian or the young person asks of the
// authorities: a question, a text that is not right, a line of the diary that
// looks wrong, an interpreter, the file, an extract, a correction. Each goes to
// one function of one authority, which answers by a day; words and answer are
// kept, and only who asked and who answers can read them. Of those who answer, the
// registrar alone is told whom it is about and who asks, by name.
package inquiry
