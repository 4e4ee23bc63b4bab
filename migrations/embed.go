// Package migrations holds the database's shape as plain SQL files that only
// ever go forward, embedded so that one binary carries them.
package migrations

import "embed"

// Files are the migrations, named NNN_name.sql without a gap.
//
//go:embed *.sql
var Files embed.FS
