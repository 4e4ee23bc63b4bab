package localpg

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"

	"sigportal/deploy"
)

// Options say where and how a cluster runs.
type Options struct {
	// Dir is the data folder; it is made when it does not exist, and a cluster
	// that it holds already is started again with the same data and passwords.
	Dir string
	// Durable keeps what was committed through a power cut: fsync and data
	// checksums, as serve demands. Without it a cluster is for tests only.
	Durable bool
	// Ephemeral removes Dir when the cluster or its parent ends.
	Ephemeral bool
	// Settings are further server settings, such as max_connections.
	Settings map[string]string
	// Private asks for a cluster of its own also where DATABASE_URL names a
	// server: for whoever changes what belongs to a whole server.
	Private bool
}

// Cluster is one running private PostgreSQL.
type Cluster struct {
	home      string
	port      int
	passwords passwords
	server    *server // nil when the server is given
	given     *given  // nil when the server is private
	ephemeral bool
}

// superuser is the role that initdb creates, and the database that belongs to
// it; no program of the portal uses them.
const superuser = "postgres"

// Start runs the cluster of a data folder, after creating it where there is
// none. It returns when the server accepts connections and the roles exist.
// The context bounds the start only; Stop ends the cluster, and so does the
// end of this process, even by SIGKILL.
//
// Where DATABASE_URL names a server, that one is used instead: of the options
// only Dir, which keeps folders apart from each other, and Ephemeral, which
// drops at Stop what EnsureDatabase made, have a meaning there.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	if address := os.Getenv(Given); address != "" && !opts.Private {
		return startGiven(ctx, address, opts)
	}
	bin, err := Binaries(ctx)
	if err != nil {
		return nil, err
	}
	acc, err := serverAccount()
	if err != nil {
		return nil, err
	}
	home, err := acc.home(ctx, opts.Dir)
	if err != nil {
		return nil, err
	}
	secrets, err := loadPasswords(filepath.Join(home, "passwords.json"))
	if err != nil {
		return nil, err
	}
	if err := initialise(ctx, bin, acc, home, secrets[superuser], opts.Durable); err != nil {
		return nil, err
	}
	c := &Cluster{home: home, passwords: secrets}
	if err := c.launch(ctx, bin, acc, opts); err != nil {
		return nil, err
	}
	if err := c.createRoles(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// URL is the address of a database under a role, with its password: it must
// not be printed into a log. Roles are those of deploy/roles.sql and postgres,
// the superuser.
func (c *Cluster) URL(role, database string) string {
	if c.given != nil {
		u := c.given.address
		if role != superuser {
			u.User = url.UserPassword(role, c.passwords[role])
		}
		u.Path = "/" + c.given.database(database)
		return u.String()
	}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, c.passwords[role]),
		Host:     "127.0.0.1:" + strconv.Itoa(c.port),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// SuperURL is the address of a database under the superuser.
func (c *Cluster) SuperURL(database string) string { return c.URL(superuser, database) }

// Database is what a database is really called: on a given server, names carry
// the mark of the data folder.
func (c *Cluster) Database(name string) string {
	if c.given != nil {
		return c.given.database(name)
	}
	return name
}

// EnsureDatabase creates a database that sig_owner owns, unless it exists.
func (c *Cluster) EnsureDatabase(ctx context.Context, name string) error {
	name = c.Database(name)
	if c.given != nil {
		c.given.made = append(c.given.made, name)
	}
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		var exists bool
		err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
		if err != nil || exists {
			return err
		}
		_, err = conn.Exec(ctx, `create database `+pgx.Identifier{name}.Sanitize()+` owner sig_owner`)
		return err
	})
}

// Stop ends the cluster: whoever is connected is cut off, what was committed
// stays (a Durable cluster) or is written down on a best effort. It returns
// when the server is gone. A given server goes on; an Ephemeral cluster's
// databases are dropped from it.
func (c *Cluster) Stop() error {
	switch {
	case c.given == nil:
		return c.server.end("gone")
	case c.ephemeral:
		return c.drop(context.Background(), c.given.made...)
	}
	return nil
}

// Remove deletes the cluster of a data folder, wherever it really lies, and
// the folder. The cluster must have been stopped.
func Remove(ctx context.Context, dir string) error {
	if address := os.Getenv(Given); address != "" {
		return removeGiven(ctx, address, dir)
	}
	acc, err := serverAccount()
	if err != nil {
		return err
	}
	home, err := acc.home(ctx, dir)
	if err != nil {
		return err
	}
	if err := waitUntilUnused(ctx, filepath.Join(home, "data", "postmaster.pid")); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(home), os.RemoveAll(dir))
}

func (c *Cluster) asSuperuser(ctx context.Context, fn func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.SuperURL(superuser))
	if err != nil {
		return fmt.Errorf("connect as the superuser: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return fn(conn)
}

// createRoles sets the roles of a private cluster up. A folder that has seen
// this once is left alone: SCRAM makes it slow.
func (c *Cluster) createRoles(ctx context.Context) error {
	done := filepath.Join(c.home, "roles.done")
	if seen, err := os.ReadFile(done); err == nil && string(seen) == deploy.RolesSQL {
		return nil
	}
	err := c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return c.setUpRoles(ctx, tx) })
	})
	if err != nil {
		return err
	}
	return os.WriteFile(done, []byte(deploy.RolesSQL), 0o600)
}

// setUpRoles runs the operator's own file and sets the roles' passwords.
func (c *Cluster) setUpRoles(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, deploy.RolesSQL); err != nil {
		return fmt.Errorf("create the roles: %w", err)
	}
	for role, password := range c.passwords {
		// The passwords are hexadecimal, drawn by us; DDL takes no parameters.
		alter := `alter role ` + pgx.Identifier{role}.Sanitize() + ` password '` + password + `'`
		if _, err := tx.Exec(ctx, alter); err != nil {
			return fmt.Errorf("set the password of %s: %w", role, err)
		}
	}
	return nil
}
