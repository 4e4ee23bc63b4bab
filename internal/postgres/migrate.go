package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"sigportal/migrations"
)

// versionTable is where tern notes the last migration that was run. It lies
// outside the schema sig, so that a dump of that schema is the product's alone.
const versionTable = "sig_meta.schema_version"

const prepareMigrationSQL = `
create schema if not exists sig_meta;
grant usage on schema sig_meta to sig_app, sig_worker, sig_reviewer`

const readableVersionSQL = `grant select on sig_meta.schema_version to sig_app, sig_worker, sig_reviewer`

// Migrate brings the database to the shape that this binary knows. The URL is
// that of the owner role. Two that run at once take turns; one that is killed
// leaves the last whole migration, from which the next goes on. A database
// that is newer than the binary is refused.
func Migrate(ctx context.Context, ownerURL string) error {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return errors.New("the database address cannot be read") // the cause would show the password
	}
	cfg.RuntimeParams["application_name"] = "sigportal migrate"
	cfg.RuntimeParams["timezone"] = "UTC"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return migrateOn(ctx, conn, migrations.Files)
}

func migrateOn(ctx context.Context, conn *pgx.Conn, files fs.FS) error {
	// A lock of our own: tern takes its lock only after the schema must exist.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtextextended('sigportal migrate', 0))`); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	if _, err := conn.Exec(ctx, prepareMigrationSQL); err != nil {
		return fmt.Errorf("prepare the schema sig_meta: %w", err)
	}
	migrator, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return fmt.Errorf("prepare the version table: %w", err)
	}
	if _, err := conn.Exec(ctx, readableVersionSQL); err != nil {
		return fmt.Errorf("let the roles read the version: %w", err)
	}
	if err := load(migrator, files); err != nil {
		return err
	}
	if err := migrator.Migrate(ctx); err != nil {
		if place, ok := errors.AsType[migrate.MigrationPgError](err); ok {
			return fmt.Errorf("migrate (line %d): %w", lineOf(place.Sql, int(place.Position)), err)
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// load takes the files as they are. tern's own loader would read them as Go
// templates first, and ours are plain SQL that an editor can check.
func load(migrator *migrate.Migrator, files fs.FS) error {
	names, err := migrate.FindMigrations(files)
	if err != nil {
		return fmt.Errorf("list the migrations: %w", err)
	}
	for _, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		migrator.AppendMigration(name, string(body), "")
	}
	return nil
}

// lineOf is the line of a position that PostgreSQL reports, which counts
// characters from 1; 0 when it reports none.
func lineOf(sql string, position int) int {
	if position == 0 {
		return 0
	}
	line := 1
	for i, r := range []rune(sql) {
		if i+1 >= position {
			break
		}
		if r == '\n' {
			line++
		}
	}
	return line
}
