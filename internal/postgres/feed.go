package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const feedOfSQL = `select f.assignment, f.person, f.authority, f.unit, f.function from sig.feed_of(@hash) f`

// FeedOf finds as whom a calendar's address is read, by the hash of its secret.
// The transaction acts as a named system actor.
func (tx *Tx) FeedOf(ctx context.Context, hash []byte) (sig.Actor, error) {
	row, err := collectOne[struct {
		Assignment                uuid.UUID
		Person                    *uuid.UUID
		Authority, Unit, Function string
	}](ctx, tx, "find whose calendar it is", feedOfSQL, pgx.StrictNamedArgs{"hash": hash})
	if err != nil {
		return sig.Actor{}, err
	}
	actor := sig.Actor{
		Kind: sig.ActorStaff, Assignment: sig.AssignmentID{UUID: row.Assignment}, Authority: sig.AuthorityID(row.Authority),
		Unit: sig.UnitID(row.Unit), Function: sig.Function(row.Function),
	}
	if row.Person != nil {
		actor.Person = sig.PersonID{UUID: *row.Person}
	}
	return actor, nil
}

const (
	feedMadeSQL = `select made_at from sig.calendar_feed where assignment = @assignment and ended_at is null`
	endFeedSQL  = `update sig.calendar_feed set ended_at = @at where assignment = @assignment and ended_at is null`
	makeFeedSQL = `insert into sig.calendar_feed (secret_hash, assignment, made_at) values (@hash, @assignment, @at)`
)

// FeedMade is since when the actor has an address for a calendar; zero is none.
func (tx *Tx) FeedMade(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := tx.QueryRow(ctx, feedMadeSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment}).Scan(&at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return at, fmt.Errorf("look for a calendar's address: %w", err)
	}
	return at, nil
}

// EndFeed takes the actor's address back and reports whether there was one.
func (tx *Tx) EndFeed(ctx context.Context) (bool, error) {
	tag, err := tx.Exec(ctx, endFeedSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "at": tx.Now()})
	if err != nil {
		return false, fmt.Errorf("take a calendar's address back: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// MakeFeed gives the actor an address for a calendar, by the hash of its secret.
func (tx *Tx) MakeFeed(hash []byte) {
	tx.later("make a calendar's address", makeFeedSQL, pgx.StrictNamedArgs{"hash": hash, "assignment": tx.Actor.Assignment, "at": tx.Now()})
}

// FeedMeeting is a meeting to which a seat of the actor is called.
type FeedMeeting struct {
	ID           sig.MeetingID
	Intervention sig.InterventionID
	ChangedAt    time.Time // moved last, or called
}

// One ledger row stands for a reading of the calendar, as for a list.
const feedMeetingsSQL = `
with content as materialized (
  select distinct m.id, m.intervention, m.changed_at, m.starts_at
    from sig.meeting m
    join sig.meeting_invitation n on n.meeting = m.id and n.ended_at is null
    join unnest((select sig.my_seats())::sig.seat[]) s
      on s.intervention = n.intervention and s.authority = n.authority and s.function = n.function and n.unit = any (s.units)
   where m.state in ('planned', 'live', 'ended') and m.ends_at > @from and m.starts_at < @to and sig.i_fill_call(n.id)
     and (@only::uuid[] is null or m.id = any (@only))
   order by m.starts_at, m.id
   limit 200),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meetings',
           detail => jsonb_build_object('rows', (select count(*) from content), 'via', 'calendar'), request => @request::uuid) as id)
select c.id, c.intervention, c.changed_at from logged left join content c on true where c.id is not null order by c.starts_at, c.id`

// FeedMeetings lists the meetings between two instants to which a seat of the
// actor is called, and that the actor's part reaches to, as far as the second wall lets it see them; where some are
// named, only of those.
func (tx *Tx) FeedMeetings(ctx context.Context, from, to time.Time, only []sig.MeetingID, request any) ([]FeedMeeting, error) {
	tx.later("look at some meetings", `select set_config('app.meetings_from', $1, true), set_config('app.meetings_to', $2, true)`,
		instant(&from), instant(&to))
	return collect[FeedMeeting](ctx, tx, "list the meetings of a calendar", feedMeetingsSQL,
		pgx.StrictNamedArgs{"from": from, "to": to, "only": only, "request": request})
}
