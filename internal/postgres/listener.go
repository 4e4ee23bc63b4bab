package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Signal is one row of the outbox, or, with Everybody set, the news that some
// rows may have been missed and that every page should look again.
type Signal struct {
	Ended     bool
	Topics    []uuid.UUID
	Everybody bool
}

// Listener reads the outbox over one connection of its own. NOTIFY makes it
// quick; the look once a second makes it sure: a notification that is lost, or
// a connection that was cut, delays a nudge and never loses it.
type Listener struct {
	db      *DB
	deliver func([]Signal)
	looked  func() // after every look that the database answered

	mark      uint64           // every row of an older transaction has been delivered
	delivered map[int64]uint64 // rows at or above the mark that have been: id → transaction
	lastLook  time.Time        // by the database's wall clock
	every     time.Duration
}

// retention is shorter than the ten minutes that rows are kept.
const retention = 9 * time.Minute

// NewListener prepares a listener. Deliver gets every row of the outbox that
// commits from now on, exactly once each while the connection holds, and looked
// is called after each look; both are called from Listen's goroutine.
func NewListener(db *DB, deliver func([]Signal), looked func()) *Listener {
	return &Listener{db: db, deliver: deliver, looked: looked, delivered: map[int64]uint64{}, every: time.Second}
}

// Listen holds the connection until it breaks or ctx ends, and says why. Called
// again it goes on where it was: what was written in between is delivered.
func (l *Listener) Listen(ctx context.Context) error {
	cfg := l.db.pool.Config().ConnConfig.Copy()
	cfg.RuntimeParams["application_name"] = "sigportal live"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect the listener: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, `listen `+liveChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		if err := l.look(ctx, conn); err != nil {
			return err
		}
		if err := l.wait(ctx, conn); err != nil {
			return err
		}
	}
}

// wait returns when a row is announced that has not been delivered, or when it
// is time to look anyway.
func (l *Listener) wait(ctx context.Context, conn *pgx.Conn) error {
	waiting, cancel := context.WithTimeout(ctx, l.every)
	defer cancel()
	for {
		note, err := conn.WaitForNotification(waiting)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		case pgconn.Timeout(err):
			return nil
		default:
			return fmt.Errorf("wait for a notification: %w", err)
		}
		id, err := strconv.ParseInt(note.Payload, 10, 64)
		if _, done := l.delivered[id]; err != nil || !done {
			return nil
		}
	}
}

// The snapshot of the statement is the one that its own rows are read in, so
// every transaction below its xmin is either among them or will never be.
const lookSQL = `
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as mark, clock_timestamp() as at,
       o.id, o.xid::text::bigint as xid, o.kind = 'ended' as ended, o.topics
from (select 1) as one
left join sig.outbox o on o.xid >= @mark::text::xid8
order by o.id`

type lookRow struct {
	Mark   int64
	At     time.Time
	ID     *int64
	XID    *int64 `db:"xid"`
	Ended  *bool
	Topics []uuid.UUID
}

func (l *Listener) look(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	args := pgx.StrictNamedArgs{"mark": strconv.FormatUint(l.mark, 10)}
	if l.mark == 0 {
		args["mark"] = "18446744073709551615" // the first look only learns where to begin
	}
	rows, err := conn.Query(ctx, lookSQL, args)
	if err != nil {
		return fmt.Errorf("look into the outbox: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[lookRow])
	if err != nil {
		return fmt.Errorf("look into the outbox: %w", err)
	}
	l.take(found)
	l.looked()
	return nil
}

// take delivers what is new and moves the mark.
func (l *Listener) take(found []lookRow) {
	var signals []Signal
	mark, at := uint64(found[0].Mark), found[0].At //nolint:gosec // transaction ids are not negative
	for _, row := range found {
		if row.ID == nil {
			continue
		}
		if _, done := l.delivered[*row.ID]; done {
			continue
		}
		l.delivered[*row.ID] = uint64(*row.XID) //nolint:gosec // as above
		signals = append(signals, Signal{Ended: *row.Ended, Topics: row.Topics})
	}
	// Rows may have been swept meanwhile, or a standby has taken over that never
	// had some of them: then nobody can know, and everybody looks.
	if l.mark != 0 && (at.Sub(l.lastLook) > retention || mark < l.mark) {
		signals = append(signals, Signal{Everybody: true})
	}
	l.mark, l.lastLook = mark, at
	for id, xid := range l.delivered {
		if xid < mark {
			delete(l.delivered, id)
		}
	}
	if len(signals) > 0 {
		l.deliver(signals)
	}
}
