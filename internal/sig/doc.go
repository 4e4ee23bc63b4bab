// Package sig is the vocabulary of the social intervention group: who may tell
// whom what, about which young person, for how long. It holds identifiers,
// values that check themselves, and the state machines of single objects. It
// does no input or output and knows no database; what the words mean is
// settled in the glossary of the field, and the names here are its names.
package sig
