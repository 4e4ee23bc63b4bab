package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// opened is a connection with a transaction whose begin travels in front of the
// first statement and whose commit behind the last: two of the five times that
// a page waited for the database were for nothing else. DB.Do sends both.
type opened struct{ *pooled }

type pooled = pgxpool.Conn

var errInDo = errors.New("a transaction begins and ends in DB.Do")

// idle is a connection's status outside of any transaction.
const idle = 'I'

// Rollback ends what has not been committed; after that it is nothing. A
// connection that cannot is closed, which ends it too.
func (o *opened) Rollback(ctx context.Context) error {
	if o.Conn().PgConn().TxStatus() == idle {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := o.Exec(ctx, "rollback")
	if err != nil {
		err = errors.Join(err, o.Conn().Close(ctx))
	}
	return err
}

// Begin, Commit and LargeObjects are pgx's, for whom a transaction has them.
func (o *opened) Begin(context.Context) (pgx.Tx, error) { return nil, errInDo }

// Commit is not to be called.
func (o *opened) Commit(context.Context) error { return errInDo }

// LargeObjects are none.
func (o *opened) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Prepare prepares a statement on the connection.
func (o *opened) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return o.Conn().Prepare(ctx, name, sql) //nolint:wrapcheck // it stands for pgx's own
}
