// Package dbtest gives every test a migrated PostgreSQL database of its own.
//
//	db := dbtest.New(t)
//	err := db.App().Do(t.Context(), actor, func(tx *postgres.Tx) error { … })
//
// Each test program runs one private cluster without fsync, from a prepared
// copy that all programs of the machine share: the first run after a change of
// the migrations prepares it (three seconds), the others copy it (a third of a
// second). A database of its own costs a test some 40 ms.
//
// Where DATABASE_URL names a server, the databases are made on that one
// (package localpg), from a template that stays there for the next run; so does
// the database of a test that was killed.
//
// The cluster vanishes with its program, also when that is killed with
// SIGKILL: a watcher process (localpg) sees the end of the pipe to its parent,
// ends the server and removes the folder. What stays is the prepared copy, in
// memory (or the temporary folder, where memory is scarce or TMPDIR is set)
// under sigportal-dbtest-<user id>; the last three are kept.
package dbtest
