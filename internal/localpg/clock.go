package localpg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// installClockSQL replaces the database's clock by one that can be moved. The
// definition differs from the migrations' on purpose in its text, so that
// serve's start check finds it.
const installClockSQL = `
create schema if not exists sig_clock;
grant usage on schema sig_clock to public;
create table if not exists sig_clock.setting (
  only_one boolean primary key default true check (only_one),
  ahead interval not null default '0',
  stands_at timestamptz
);
grant select on sig_clock.setting to public;
insert into sig_clock.setting default values on conflict do nothing;
create or replace function sig.now() returns timestamptz
  language sql volatile parallel safe
  as 'select coalesce(stands_at, clock_timestamp() + ahead) from sig_clock.setting'`

// Clock moves sig.now() of one database: for the demo's clock page and for
// tests. It needs a superuser's connection, and it leaves a database that
// serve refuses.
type Clock struct{ conn *pgx.Conn }

// InstallClock makes the clock of the connection's database movable; until it
// is moved it shows the real time. The connection stays the caller's, and must
// not be used by two at a time.
func InstallClock(ctx context.Context, conn *pgx.Conn) (*Clock, error) {
	if _, err := conn.Exec(ctx, installClockSQL); err != nil {
		return nil, fmt.Errorf("make the clock movable: %w", err)
	}
	return &Clock{conn: conn}, nil
}

// Set moves the clock to an instant, from which it runs on.
func (c *Clock) Set(ctx context.Context, to time.Time) error {
	return c.change(ctx, `update sig_clock.setting set ahead = $1 - clock_timestamp(), stands_at = null`, to)
}

// Freeze makes the clock stand still at an instant.
func (c *Clock) Freeze(ctx context.Context, at time.Time) error {
	return c.change(ctx, `update sig_clock.setting set stands_at = $1::timestamptz`, at)
}

// Advance moves the clock forward (or, negative, back) from where it is, and
// leaves it running or standing as it was.
func (c *Clock) Advance(ctx context.Context, by time.Duration) error {
	return c.change(ctx, `update sig_clock.setting set ahead = ahead + $1::interval, stands_at = stands_at + $1::interval`, by)
}

// Now reads the clock.
func (c *Clock) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	if err := c.conn.QueryRow(ctx, `select sig.now()`).Scan(&now); err != nil {
		return now, fmt.Errorf("read the clock: %w", err)
	}
	return now, nil
}

// change moves the clock and wakes whoever sleeps until an instant of it.
func (c *Clock) change(ctx context.Context, statement string, arg any) error {
	err := pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement, arg); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `select pg_notify('sig_alarm', '')`)
		return err
	})
	if err != nil {
		return fmt.Errorf("move the clock: %w", err)
	}
	return nil
}
