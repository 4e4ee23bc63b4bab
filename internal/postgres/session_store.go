package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// NewSession is what a login or a change of hat opens.
type NewSession struct {
	ID         sig.SessionID // drawn where it is zero
	SecretHash []byte
	Person     sig.PersonID
	Provider   string
	SID        string
	AuthTime   time.Time
	Hat        Hat // the zero Hat means none is chosen yet
	Choices    int // how many hats there were to choose among
	Created    time.Time
	Idle       time.Duration
	Absolute   time.Duration
	Language   string
	Browser    string
}

const openSessionSQL = `
insert into sig.session (id, secret_hash, person, provider, assignment, guardian, youth, provider_session, auth_time,
                         created_at, last_seen_at, idle_limit, absolute_limit, language, browser, choices)
values (@id, @secret, @person, @provider, @assignment, @guardian, @youth, nullif(@sid, ''), @auth_time,
        @created, sig.now(), @idle, @absolute, @language, @browser, @choices)`

// NewSessionID draws the public handle of a session.
func NewSessionID() sig.SessionID { return sig.SessionID{UUID: uuid.New()} }

// OpenSession writes a new session under a new public handle.
func (tx *Tx) OpenSession(ctx context.Context, n NewSession) (sig.SessionID, error) {
	id := n.ID
	if id.IsZero() {
		id = NewSessionID()
	}
	_, err := tx.Exec(ctx, openSessionSQL, pgx.StrictNamedArgs{
		"id": id.UUID, "secret": n.SecretHash, "person": n.Person.UUID, "provider": n.Provider,
		"assignment": orNull(n.Hat.Assignment), "guardian": orNull(n.Hat.Guardian), "youth": orNull(n.Hat.youthHat()),
		"sid": n.SID, "auth_time": n.AuthTime, "created": n.Created, "idle": n.Idle, "absolute": n.Absolute,
		"language": n.Language, "browser": n.Browser, "choices": n.Choices,
	})
	if err != nil {
		return id, fmt.Errorf("open the session: %w", err)
	}
	return id, nil
}

// youthHat is the youth of a youth's own hat only; a guardian's hat is the
// guardianship.
func (h Hat) youthHat() sig.YouthID {
	if h.Kind == sig.ActorYouth {
		return h.Youth
	}
	return sig.YouthID{}
}

// Become lets the transaction go on as the person who has been identified in
// it, so that walls and ledger see who it is.
func (tx *Tx) Become(actor sig.Actor) {
	tx.Actor = actor
	tx.introduce()
}

// EndSession ends one session and closes its sockets, wherever it is; ending
// an ended one is nothing.
func (tx *Tx) EndSession(ctx context.Context, id sig.SessionID, reason EndReason) error {
	if _, err := tx.Exec(ctx, endSQL, pgx.StrictNamedArgs{"id": id.UUID, "reason": reason}); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	tx.EndSockets(id.UUID)
	return nil
}

const endBySecretSQL = `
update sig.session set ended_at = sig.now(), end_reason = @reason
 where secret_hash = @secret and ended_at is null
returning id`

// EndBySecret ends the session of a cookie's hash, if there is one, and closes
// its sockets: what a new login or a change of hat replaces.
func (tx *Tx) EndBySecret(ctx context.Context, secretHash []byte, reason EndReason) error {
	rows, err := tx.Query(ctx, endBySecretSQL, pgx.StrictNamedArgs{"secret": secretHash, "reason": reason})
	if err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	ended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	tx.EndSockets(ended...)
	return nil
}

const endOwnSQL = `
update sig.session set ended_at = sig.now(), end_reason = @reason
 where id = @id and person = @person and ended_at is null`

// EndOwnSession ends one session of the actor's own; anybody else's is not found.
func (tx *Tx) EndOwnSession(ctx context.Context, id sig.SessionID) error {
	done, err := tx.Exec(ctx, endOwnSQL, pgx.StrictNamedArgs{"id": id.UUID, "person": tx.Actor.Person.UUID, "reason": EndByOwner})
	if err != nil {
		return fmt.Errorf("end an own session: %w", err)
	}
	if done.RowsAffected() == 0 {
		return fault.Missing()
	}
	tx.EndSockets(id.UUID)
	return nil
}

// SessionLine is one line of the list of own sessions.
type SessionLine struct {
	ID         uuid.UUID
	Browser    string
	Function   string // of the hat; empty where none
	UnitName   string
	CreatedAt  time.Time
	LastSeenAt time.Time
}

const ownSessionsSQL = `
with clock as materialized (select sig.now() as now)
select s.id, s.browser, coalesce(a.function, '') as function, coalesce(u.name, '') as unit_name, s.created_at, s.last_seen_at
  from clock join sig.session s on s.person = @person and s.ended_at is null
   and clock.now < s.last_seen_at + s.idle_limit and clock.now < s.created_at + s.absolute_limit
  left join sig.assignment a on a.id = s.assignment
  left join sig.unit u on u.id = sig.current_unit(a.unit, a.function, clock.now, a.valid_from)
order by s.last_seen_at desc, s.id`

const pastSessionsSQL = `
select s.id, s.browser, '' as function, '' as unit_name, s.created_at, s.last_seen_at
  from sig.session s, (select sig.now() as now) clock
 where s.person = @person and clock.now < s.created_at + interval '30 days'
   and (s.ended_at is not null or clock.now >= s.last_seen_at + s.idle_limit or clock.now >= s.created_at + s.absolute_limit)
 order by s.created_at desc, s.id limit 50`

// PastSessions lists the actor's sessions of the last thirty days that are
// over, the newest first: somebody else's sign-in with the own eID is among
// them.
func (tx *Tx) PastSessions(ctx context.Context) ([]SessionLine, error) {
	return collect[SessionLine](ctx, tx, "list past sessions", pastSessionsSQL, pgx.StrictNamedArgs{"person": tx.Actor.Person.UUID})
}

// OwnSessions lists the actor's live sessions, the last used first.
func (tx *Tx) OwnSessions(ctx context.Context) ([]SessionLine, error) {
	rows, err := tx.Query(ctx, ownSessionsSQL, pgx.StrictNamedArgs{"person": tx.Actor.Person.UUID})
	if err != nil {
		return nil, fmt.Errorf("list own sessions: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[SessionLine])
	if err != nil {
		return nil, fmt.Errorf("list own sessions: %w", err)
	}
	return lines, nil
}
