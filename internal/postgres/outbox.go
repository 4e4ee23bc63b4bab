package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// liveChannel is the NOTIFY channel of the outbox; its payload is a row's id.
const liveChannel = "sig_live"

const nudgeSQL = `
with row as (
  insert into sig.outbox (kind, topics) values (@kind, @topics) returning id
)
select pg_notify('` + liveChannel + `', id::text) from row`

const nudgeSoonSQL = `insert into sig.outbox (kind, topics) values ('changed', @topics)`

// Nudge tells the open pages of everybody concerned, on every replica and at
// the instant of the commit, that something changed. Topics are ids of persons,
// assignments, guardianships, youths, sessions or interventions; what changed
// is not told. It belongs to what takes something away (a withdrawal, an end):
// the database lets transactions that notify commit only one at a time.
func (tx *Tx) Nudge(topics ...uuid.UUID) { tx.outbox("changed", topics) }

// NudgeSoon is Nudge for what only adds something (a new copy in an inbox): the
// pages are told within a second, and commits stay as cheap as without.
func (tx *Tx) NudgeSoon(topics ...uuid.UUID) {
	if topics = distinct(topics); len(topics) > 0 {
		tx.later("nudge soon", nudgeSoonSQL, pgx.StrictNamedArgs{"topics": topics})
	}
}

// EndSockets tells the sockets of these sessions, on every replica, that the
// session has ended, and closes them.
func (tx *Tx) EndSockets(sessions ...uuid.UUID) { tx.outbox("ended", sessions) }

func (tx *Tx) outbox(kind string, topics []uuid.UUID) {
	if topics = distinct(topics); len(topics) > 0 {
		tx.later("nudge ("+kind+")", nudgeSQL, pgx.StrictNamedArgs{"kind": kind, "topics": topics})
	}
}

// distinct leaves out repeats and "none".
func distinct(topics []uuid.UUID) []uuid.UUID {
	topics = slices.Clone(topics)
	slices.SortFunc(topics, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	topics = slices.Compact(topics)
	return slices.DeleteFunc(topics, func(t uuid.UUID) bool { return t == uuid.Nil })
}

const sweepOutboxSQL = `delete from sig.outbox where at < clock_timestamp() - interval '10 minutes'`

// SweepOutbox deletes what every replica has long heard of.
func (db *DB) SweepOutbox(ctx context.Context) error {
	if _, err := db.pool.Exec(ctx, sweepOutboxSQL); err != nil {
		return fmt.Errorf("sweep the outbox: %w", err)
	}
	return nil
}

const barrierReportSQL = `
insert into sig.accessibility_report (id, page, body) values (@id, @page, @body)`

// InsertBarrierReport keeps what somebody says hinders them from using a page.
func (tx *Tx) InsertBarrierReport(ctx context.Context, id uuid.UUID, page, body string) error {
	args := pgx.StrictNamedArgs{"id": id, "page": page, "body": body}
	if _, err := tx.Exec(ctx, barrierReportSQL, args); err != nil {
		return fmt.Errorf("keep the report of a barrier: %w", err)
	}
	return nil
}
