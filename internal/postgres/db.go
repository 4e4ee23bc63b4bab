package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/sig"
)

// ErrNoRows is "there is nothing there for this actor"; Do turns it into NotFound.
var ErrNoRows = pgx.ErrNoRows

// DB is a pool of connections under one database role.
type DB struct {
	pool *pgxpool.Pool
	// enter waits until a transaction may begin; nil where none waits.
	enter func(context.Context, sig.Actor) (leave func(), err error)
}

// Open connects a pool of at most maxConns connections and checks that the
// database answers. The URL carries role and password; it is never logged.
func Open(ctx context.Context, url string, maxConns int32) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database address cannot be read") // the cause would show the password
	}
	cfg.MaxConns = maxConns
	for name, value := range sessionDefaults {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return &DB{pool: pool}, nil
}

// sessionDefaults hold for every connection, so that a stopped replica cannot
// hold up a withdrawal for longer than the lock timeout. The walls make plans
// look dear: compiling one takes seconds, during which a withdrawal would hold
// its lock, and saves nothing.
var sessionDefaults = map[string]string{
	"jit":                                 "off",
	"application_name":                    "sigportal",
	"timezone":                            "UTC",
	"default_transaction_isolation":       "read committed",
	"lock_timeout":                        "5s",
	"statement_timeout":                   "10s",
	"idle_in_transaction_session_timeout": "10s",
}

// Close returns every connection.
func (db *DB) Close() { db.pool.Close() }

// Pool gives the pool itself to the few that need it: migrations' checks, the
// listener, river and tests.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Do runs fn in one READ COMMITTED transaction on behalf of the actor. It
// commits when fn returns nil, and also when fn returns Tx.Refuse's error:
// a refusal is recorded and then answered. Anything else rolls back.
func (db *DB) Do(ctx context.Context, actor sig.Actor, fn func(*Tx) error) error {
	if db.enter != nil {
		leave, err := db.enter(ctx, actor)
		if err != nil {
			return err
		}
		defer leave()
	}
	return db.do(ctx, actor, fn)
}

func (db *DB) do(ctx context.Context, actor sig.Actor, fn func(*Tx) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return unavailable(fmt.Errorf("begin: %w", err))
	}
	defer conn.Release()
	tx := &Tx{Tx: &opened{pooled: conn}, Actor: actor}
	defer func() { _ = tx.Rollback(ctx) }()
	tx.later("begin", "begin")
	tx.introduce()
	err = fn(tx)
	refused, isRefusal := errors.AsType[*refusal](err)
	if err != nil && !isRefusal {
		return translate(err)
	}
	noted := false
	if !isRefusal {
		if noted, err = tx.noteAct(ctx); err != nil {
			return translate(err)
		}
	}
	if err := tx.commit(ctx); err != nil {
		return translate(err)
	}
	if noted {
		actor.Act.Noted = true
	}
	if isRefusal {
		return refused.answer
	}
	return nil
}

// Tx is one transaction on behalf of one actor.
type Tx struct {
	pgx.Tx
	Actor   sig.Actor
	now     time.Time
	waiting []deferred
}

const introduceSQL = `
select set_config('app.kind', $1, true), set_config('app.person', $2, true),
       set_config('app.assignment', $3, true), set_config('app.guardian', $4, true),
       set_config('app.youth', $5, true), set_config('app.system', $6, true),
       set_config('app.session', $7, true)`

// introduce tells the database who acts from the next statement on, in this
// transaction only. Absent parts are empty, which the policies read as "nobody".
func (tx *Tx) introduce() {
	a := tx.Actor
	tx.later("introduce the actor", introduceSQL, string(a.Kind), text(a.Person), text(a.Assignment), text(a.Guardian), text(a.Youth), a.System, text(a.Session))
}

func text[K any](id sig.ID[K]) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// Now is the database's one instant of this transaction. It is read after the
// locks (Lock, Share) or, where nothing is locked, by ReadClock; asking before
// is a programming error and fails closed by panicking.
func (tx *Tx) Now() time.Time {
	if tx.now.IsZero() {
		panic("the transaction's clock was asked before it was read")
	}
	return tx.now
}

// readClockSQL also tells the policies of the second wall the instant, so that
// both walls, the ledger and Go decide about the same one.
const readClockSQL = `
with t as materialized (select sig.now() as now)
select now, set_config('app.now', now::text, true) from t`

// ReadClock reads the database's clock for a transaction that takes no lock.
func (tx *Tx) ReadClock(ctx context.Context) error {
	if err := tx.scanClock(tx.QueryRow(ctx, readClockSQL)); err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	return nil
}

func (tx *Tx) scanClock(row pgx.Row) error {
	var set string
	return row.Scan(&tx.now, &set)
}

// refusal carries a recorded no through Do, which commits it.
type refusal struct{ answer error }

func (r *refusal) Error() string { return r.answer.Error() }

// Refuse marks the answer as a recorded refusal: Do commits what the
// transaction wrote (the ledger row) and then returns answer to its caller.
func (tx *Tx) Refuse(answer error) error { return &refusal{answer} }

// RefuseRecorded writes a no with its reason code into the ledger and makes it
// the transaction's answer.
func (tx *Tx) RefuseRecorded(e ledger.Entry, reason string, answer error) error {
	if err := tx.Record(e.Refuse(reason)); err != nil {
		return err
	}
	return tx.Refuse(answer)
}

// RefuseMissing is the no that unknown and forbidden share, recorded.
func (tx *Tx) RefuseMissing(e ledger.Entry) error {
	return tx.RefuseRecorded(e, "not_found", fault.Missing())
}
