// Package words holds every text that a person may read, in Swedish (the
// source), English and Arabic, with plurals, dates and writing direction. What
// guardians and young people read is in more languages, which staff's pages do
// not have; see table.go. Until an authorised translator has approved one, it is
// a draft that says so, and no consent can be signed in it. The package
// does no input or output beyond the files compiled into it, and it guesses
// nothing: a language that is not in the table is answered in Swedish with a
// chooser, since a wrong guess is worse for a consent than a known language.
//
// # Adding a text
//
// The texts are in messages/<language>/<area>.yaml, one key a line, alphabetical
// within the area. Add the same key to sv, en and ar:
//
//	disclose.sent: "Lämnat ut till {recipient} {date}."
//
// A placeholder is a name in braces; the same names must stand in every
// language. A number that changes the sentence takes plural forms, "count"
// being the number (Arabic has all six, the others one and other):
//
//	today.signatures:
//	  one: "{count} underskrift saknas."
//	  other: "{count} underskrifter saknas."
//
// Names of things have fixed prefixes, so that a page can build the key from
// the value: function.<id> (a label), function.<id>.the (within a sentence),
// category.<id>, category.<id>.plain, purpose.<id>, state.consent.<id>,
// state.intervention.<id>, authority.kind.<id>, border.<id>, reason.<code>,
// reason.<code>.todo, ledger.<kind>, task.<kind>, error.<code>.
//
// # What the family reads
//
// Guardians and young people read the areas citizen, common, error, family,
// front and names, less what family.go says only staff see there, and the keys
// that it names of other areas (ForFamily). Those are in every language: a new
// one there is added to all of them, or named in family.go as staff's. A test of
// package httpd follows the family's pages and finds what is missing from
// family.go. The glossary of each language stands on top of its citizen.yaml.
//
// Those texts are held to plain words by a test (about 15 words a sentence, LIX at
// most 35, never "t.o.m."). Say "ditt ja", "ta tillbaka", "får veta".
package words
