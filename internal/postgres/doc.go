// Package postgres is the only place that speaks SQL. One file stands for one
// group of tables: its SQL constants lie beside the Go that scans them.
//
// Every transaction acts for somebody: DB.Do takes the actor and tells the
// database, so that row-level security — the second wall, written on its own
// from the rules — can decide as well. Whatever changes who may see something
// first takes the intervention's advisory lock, then reads the database's
// clock, then looks, writes and appends to the ledger.
package postgres
