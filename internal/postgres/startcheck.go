package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"sigportal/migrations"
)

// StartCheck says what a pool must be before anybody is served through it.
type StartCheck struct {
	// Role is the only role that the pool may run as.
	Role string
	// MovedClock accepts a database whose clock can be moved: only the demo
	// and tests set it, and the product has no setting for it.
	MovedClock bool
}

const startFactsSQL = `
select current_user::text as role,
       session_user::text as login,
       r.rolsuper as super, r.rolbypassrls as bypasses, r.rolcreaterole or r.rolcreatedb or r.rolreplication as privileged,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where c.relowner = r.oid and n.nspname in ('sig', 'sig_meta'))
         or exists (select from pg_namespace n where n.nspowner = r.oid)
         or exists (select from pg_proc p where p.proowner = r.oid) as owns,
       (select coalesce(string_agg(g.rolname, ', '), '') from pg_roles g
        where g.oid <> r.oid and pg_has_role(r.oid, g.oid, 'member')) as member_of,
       current_setting('fsync') as fsync,
       current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_commit') as synchronous_commit,
       current_setting('default_transaction_isolation') as isolation,
       current_setting('server_version_num')::int as version,
       coalesce((select trim(p.prosrc) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                 where n.nspname = 'sig' and p.proname = 'now'), '') as clock`

const startRoleSQL = startFactsSQL + ` from pg_roles r where r.rolname = current_user`

type startFacts struct {
	Role, Login           string
	Super, Bypasses       bool
	Privileged, Owns      bool
	MemberOf              string
	Fsync, FullPageWrites string
	SynchronousCommit     string
	Isolation             string
	Version               int
	Clock                 string
}

// realClock is the body of sig.now() as the migrations write it.
const realClock = "select clock_timestamp()"

// CheckStart asks the database everything that must hold before the first
// request is served, and names all that does not. A wall that rests on a role
// without rights is no wall under a superuser; a receipt that rests on a
// durable commit is none without fsync.
func (db *DB) CheckStart(ctx context.Context, want StartCheck) error {
	rows, err := db.pool.Query(ctx, startRoleSQL)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[startFacts])
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	var faults []error
	demand := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	demand(facts.Version >= 150000, "PostgreSQL %d is older than 15", facts.Version/10000)
	demand(facts.Role == want.Role && facts.Login == want.Role, "the role is %s, not %s", facts.Role, want.Role)
	demand(!facts.Super, "the role %s is a superuser, whom no wall stops", facts.Role)
	demand(!facts.Bypasses, "the role %s bypasses row-level security", facts.Role)
	demand(!facts.Privileged, "the role %s may create roles or databases, or replicate", facts.Role)
	demand(!facts.Owns, "the role %s owns schemas, tables or functions", facts.Role)
	demand(facts.MemberOf == "", "the role %s is a member of %s", facts.Role, facts.MemberOf)
	for name, value := range map[string]string{"fsync": facts.Fsync, "full_page_writes": facts.FullPageWrites} {
		demand(value == "on", "%s is %s: what was committed may be lost", name, value)
	}
	// remote_apply, remote_write and local are all at least as durable here as
	// on is on a single server; only off answers before the disk does.
	demand(facts.SynchronousCommit != "off", "synchronous_commit is off: what was committed may be lost")
	demand(facts.Isolation == "read committed", "the isolation is %s: a read would see what was before the lock", facts.Isolation)
	demand(want.MovedClock || facts.Clock == realClock, "sig.now() is not the real clock")
	faults = append(faults, db.checkVersion(ctx), db.checkForced(ctx))
	return errors.Join(faults...)
}

// checkVersion compares the database's shape with the one the binary knows.
func (db *DB) checkVersion(ctx context.Context) error {
	names, err := migrate.FindMigrations(migrations.Files)
	if err != nil {
		return fmt.Errorf("list the migrations: %w", err)
	}
	var version int
	if err := db.pool.QueryRow(ctx, `select version from `+versionTable).Scan(&version); err != nil {
		return fmt.Errorf("no migration has run here: %w", err)
	}
	if version != len(names) {
		return fmt.Errorf("the database is at migration %d, this binary at %d", version, len(names))
	}
	return nil
}

const notForcedSQL = `
select coalesce(string_agg(c.relname, ', ' order by c.relname), '')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'sig' and c.relkind in ('r', 'p') and c.relrowsecurity and not c.relforcerowsecurity`

// checkForced finds tables whose wall their own owner could walk through.
func (db *DB) checkForced(ctx context.Context) error {
	var tables string
	if err := db.pool.QueryRow(ctx, notForcedSQL).Scan(&tables); err != nil {
		return fmt.Errorf("check row-level security: %w", err)
	}
	if strings.TrimSpace(tables) != "" {
		return fmt.Errorf("row-level security is not forced on %s", tables)
	}
	return nil
}
