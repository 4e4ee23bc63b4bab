package localpg

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Given is the environment variable that names a server to use instead of a
// private one: postgres://USER:PASSWORD@HOST/DATABASE, under a superuser, of a
// server that is there for trying things out. The roles of deploy/roles.sql are
// made on it.
const Given = "DATABASE_URL"

// ours is what the roles are marked with on a given server. Roles of the same
// names without it belong to a portal that somebody uses.
const ours = "made by sigportal for demo and tests"

// given is a server that somebody else runs. Of each data folder it holds the
// databases whose names end in the folder's mark.
type given struct {
	address url.URL
	mark    string
	made    []string
}

// startGiven uses the server of an address for a data folder. The roles'
// passwords follow from the address, so that every process on it agrees.
func startGiven(ctx context.Context, address string, opts Options) (*Cluster, error) {
	g, err := readGiven(address, opts.Dir)
	if err != nil {
		return nil, err
	}
	if err := makePassable(opts.Dir); err != nil {
		return nil, err
	}
	c := &Cluster{home: opts.Dir, given: g, ephemeral: opts.Ephemeral, passwords: passwords{}}
	for _, role := range roles {
		if role != superuser {
			sum := hmac.New(sha256.New, []byte(address))
			_, _ = sum.Write([]byte(role)) // a hash takes everything
			c.passwords[role] = fmt.Sprintf("%x", sum.Sum(nil))[:40]
		}
	}
	return c, c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		if err := checkGiven(ctx, conn); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return c.markRoles(ctx, tx) })
	})
}

func readGiven(address, dir string) (*given, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" {
		return nil, errors.New(Given + ": want postgres://USER:PASSWORD@HOST/DATABASE") // the address may hold a password
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	return &given{address: *u, mark: fmt.Sprintf("_%x", sha256.Sum256([]byte(dir)))[:9]}, nil
}

func checkGiven(ctx context.Context, conn *pgx.Conn) error {
	var super, strange bool
	var version int
	err := conn.QueryRow(ctx, `
select current_setting('is_superuser') = 'on', current_setting('server_version_num')::int / 10000,
  exists (select from pg_roles where rolname like 'sig\_%' and shobj_description(oid, 'pg_authid') is distinct from $1)`, ours).
		Scan(&super, &version, &strange)
	switch {
	case err != nil:
		return fmt.Errorf("look at the server of %s: %w", Given, err)
	case version < oldest:
		return fmt.Errorf("%s: the server is PostgreSQL %d, older than %d", Given, version, oldest)
	case !super:
		return errors.New(Given + ": want an address under a superuser")
	case strange:
		return errors.New(Given + ": the server has roles of a portal already; want a server for trying things out")
	}
	return nil
}

// markRoles makes the roles, one process at a time.
func (c *Cluster) markRoles(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('sigportal roles', 0))`); err != nil {
		return fmt.Errorf("wait for other processes: %w", err)
	}
	var made bool
	err := tx.QueryRow(ctx, `select exists (select from pg_roles where rolname = 'sig_owner')`).Scan(&made)
	if err != nil || made {
		return err
	}
	if err := c.setUpRoles(ctx, tx); err != nil {
		return err
	}
	for role := range c.passwords {
		if _, err := tx.Exec(ctx, `comment on role `+pgx.Identifier{role}.Sanitize()+` is '`+ours+`'`); err != nil {
			return fmt.Errorf("mark %s: %w", role, err)
		}
	}
	return nil
}

// database is the real name of a database on the server.
func (g *given) database(name string) string {
	if name != superuser {
		return name + g.mark
	}
	if own := strings.TrimPrefix(g.address.Path, "/"); own != "" {
		return own
	}
	return superuser
}

// drop removes databases of the data folder.
func (c *Cluster) drop(ctx context.Context, names ...string) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		for _, name := range names {
			if _, err := conn.Exec(ctx, `drop database if exists `+pgx.Identifier{name}.Sanitize()+` with (force)`); err != nil {
				return fmt.Errorf("drop a database: %w", err)
			}
		}
		return nil
	})
}

// removeGiven drops everything of a data folder and the folder.
func removeGiven(ctx context.Context, address, dir string) error {
	g, err := readGiven(address, dir)
	if err != nil {
		return err
	}
	c := &Cluster{given: g}
	var names []string
	err = c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `select datname::text from pg_database where right(datname, $1) = $2`, len(g.mark), g.mark)
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return fmt.Errorf("list the folder's databases: %w", err)
	}
	return errors.Join(c.drop(ctx, names...), os.RemoveAll(dir))
}
