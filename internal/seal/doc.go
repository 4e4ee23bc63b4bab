// Package seal encrypts what a database dump must not show: item texts,
// reasons, drafts, contact data. Each authority has one data key for each
// intervention (and one that stands for no intervention, for personal numbers
// and contact data); the data key lies in the database wrapped by a
// key-encryption key that is not there. A copy that leaves for another
// authority is sealed anew under that authority's key.
//
// A ciphertext opens only where it was sealed: authority, intervention, field
// and object are bound to it, so that a row's body moved to another row, or
// another column, does not open. Texts are padded to whole blocks of 64 bytes,
// so that a size tells little.
//
// Nothing is kept between transactions, neither texts nor unwrapped data keys.
// A kept key would still open what the deletion of its row was to destroy, and
// fetching it costs one statement in a transaction that has several already.
//
// The package hides nothing from whoever holds both the database and the
// key-encryption key, and it decides nothing about who may read.
package seal
