// Package localpg runs a private PostgreSQL of this machine's own binaries, for
// the demo, the benchmarks and the tests. Such a cluster listens on a random
// loopback port, knows the roles of deploy/roles.sql under random passwords,
// and ends with the process that started it, however that process ends.
//
// Where DATABASE_URL names a server that is there for trying things out, its
// databases are used instead and no programs of PostgreSQL are needed here.
//
// It is not for production and is never linked into cmd/sigportal: it also
// knows how to move the database's clock, which serve refuses to run under.
package localpg
