package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// EndReason says why a session has ended.
type EndReason string

// The reasons, as the database knows them.
const (
	EndSignedOut       EndReason = "signed_out"
	EndByOwner         EndReason = "ended_by_owner"
	EndByProvider      EndReason = "ended_by_provider"
	EndReplaced        EndReason = "replaced"
	EndHatChanged      EndReason = "hat_changed"
	EndIdle            EndReason = "idle"
	EndAbsolute        EndReason = "absolute"
	EndAssignmentEnded EndReason = "assignment_ended"
	EndStandingEnded   EndReason = "standing_ended"
)

// Session is one signed-in browser, as loaded for one request. Its actor is
// true at Now and must not be kept for the next request.
type Session struct {
	Actor    sig.Actor
	Provider string
	SID      string // the provider's session
	Language string
	UnitName string // staff: of the assignment worn
	Office   string // staff: the authority's name
	Choices  int    // how many hats there were to choose among at sign-in
	Youth    string // guardians who have other hats to choose: whose guardian they act as
	Now      time.Time
	Created  time.Time
	LastSeen time.Time
	Ends     time.Time // idle or absolute limit, whichever comes first
	Latest   time.Time // the absolute limit
	Idle     time.Duration
}

// SessionEnded is a fault's cause: the cookie was right once, and why it is no
// longer, so that the page can say so.
type SessionEnded struct{ Reason EndReason }

// Error names the reason.
func (e *SessionEnded) Error() string { return "the session has ended: " + string(e.Reason) }

// sessionSQL loads a session with its actor in one statement, and says in the
// same statement whether the hat still exists: an assignment that has ended, or
// a guardianship, ends here and not at some later clean-up. The unit is where
// the assignment sits now, after the moves that the directory has recorded.
const sessionSQL = `
with clock as materialized (select sig.now() as now)
select s.id, s.person, s.assignment, s.guardian, s.youth, s.provider, s.provider_session, s.auth_time,
       s.created_at, s.last_seen_at, s.language, s.ended_at is not null as ended, coalesce(s.end_reason, '') as end_reason,
       clock.now, s.last_seen_at + s.idle_limit as idle_ends, s.created_at + s.absolute_limit as absolute_ends,
       coalesce(a.name, p.name) as name, coalesce(a.authority, '') as authority, coalesce(u.id, a.unit, '') as unit,
       coalesce(a.function, '') as function, coalesce(u.name, '') as unit_name, coalesce(o.name, '') as office, s.choices,
       coalesce(case when s.guardian is not null and s.choices > 1
                then (select h.label from sig.standings_of(p.pin_hash) h where h.kind = 'guardian' and h.standing = s.guardian) end, '') as youth_name,
       coalesce(a.valid_from <= clock.now and clock.now < a.valid_to and a.person = s.person, true) as assignment_holds,
       case when s.guardian is not null then sig.standing_in_force('guardian', s.guardian, s.id)
            when s.youth is not null then sig.standing_in_force('youth', s.youth, s.id)
            else true end as standing_holds
  from sig.session s
  join sig.person p on p.id = s.person
  cross join clock
  left join sig.assignment a on a.id = s.assignment
  left join sig.unit u on u.id = sig.current_unit(a.unit, a.function, clock.now, a.valid_from)
  left join sig.authority o on o.id = a.authority
 where s.secret_hash = @secret`

type sessionRow struct {
	ID              uuid.UUID
	Person          uuid.UUID
	Assignment      *uuid.UUID
	Guardian        *uuid.UUID
	Youth           *uuid.UUID
	Provider        string
	ProviderSession *string
	AuthTime        time.Time
	CreatedAt       time.Time
	LastSeenAt      time.Time
	Language        string
	Ended           bool
	EndReason       string
	Now             time.Time
	IdleEnds        time.Time
	AbsoluteEnds    time.Time
	Name            string
	Authority       string
	Unit            string
	Function        string
	UnitName        string
	Office          string
	Choices         int
	YouthName       string
	AssignmentHolds bool
	StandingHolds   bool
}

// touchEvery is how coarsely the last sign of life is kept, so that reading a
// page is not a write each time.
const touchEvery = 30 * time.Second

// SessionBySecret loads the session of a cookie's hash. A session that is past
// a limit, or whose hat no longer exists, is ended here and answered like an
// unknown one, with SessionEnded as the cause where the reader may be told.
// The request is a sign of life.
func (db *DB) SessionBySecret(ctx context.Context, secretHash []byte) (Session, error) {
	s, err := db.SessionAtRest(ctx, secretHash)
	if err != nil {
		return s, err
	}
	if alive := s.Now.Add(s.Idle); alive.Before(s.Latest) {
		s.Ends = alive
	} else {
		s.Ends = s.Latest
	}
	if s.Now.Sub(s.LastSeen) >= touchEvery {
		if _, err := db.pool.Exec(ctx, touchSQL, pgx.StrictNamedArgs{"id": s.Actor.Session}); err != nil {
			return Session{}, unavailable(fmt.Errorf("touch the session: %w", err))
		}
	}
	return s, nil
}

// SessionAtRest is SessionBySecret for what a page asks by itself: it does not
// keep a session alive that nobody sits before.
func (db *DB) SessionAtRest(ctx context.Context, secretHash []byte) (Session, error) {
	rows, err := db.pool.Query(ctx, sessionSQL, pgx.StrictNamedArgs{"secret": secretHash})
	if err != nil {
		return Session{}, unavailable(fmt.Errorf("load the session: %w", err))
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[sessionRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return Session{}, fault.New(fault.NotFound, "error.no_session")
	}
	if err != nil {
		return Session{}, unavailable(fmt.Errorf("load the session: %w", err))
	}
	if reason := row.over(); reason != "" {
		if !row.Ended {
			if err := db.endLoaded(ctx, row.ID, reason); err != nil {
				return Session{}, err
			}
		}
		return Session{}, fault.Wrap(fault.NotFound, "error.no_session", &SessionEnded{reason})
	}
	return row.session(), nil
}

// over says why the session may no longer be used; empty means it may.
func (r sessionRow) over() EndReason {
	switch {
	case r.Ended:
		return EndReason(r.EndReason)
	case !r.Now.Before(r.AbsoluteEnds):
		return EndAbsolute
	case !r.Now.Before(r.IdleEnds):
		return EndIdle
	case !r.AssignmentHolds:
		return EndAssignmentEnded
	case !r.StandingHolds:
		return EndStandingEnded
	default:
		return ""
	}
}

func (r sessionRow) session() Session {
	s := Session{
		Provider: r.Provider, Language: r.Language, Now: r.Now, Created: r.CreatedAt, LastSeen: r.LastSeenAt,
		Ends: r.AbsoluteEnds, Latest: r.AbsoluteEnds, Idle: r.IdleEnds.Sub(r.LastSeenAt), UnitName: r.UnitName, Office: r.Office, Choices: r.Choices, Youth: r.YouthName,
		Actor: sig.Actor{
			Kind: sig.ActorNobody, Person: sig.PersonID{UUID: r.Person}, Session: sig.SessionID{UUID: r.ID},
			AuthTime: r.AuthTime, ShownAs: r.Name,
		},
	}
	if r.IdleEnds.Before(s.Ends) {
		s.Ends = r.IdleEnds
	}
	if r.ProviderSession != nil {
		s.SID = *r.ProviderSession
	}
	switch {
	case r.Assignment != nil:
		s.Actor.Kind, s.Actor.Assignment = sig.ActorStaff, sig.AssignmentID{UUID: *r.Assignment}
		s.Actor.Authority, s.Actor.Unit = sig.AuthorityID(r.Authority), sig.UnitID(r.Unit)
		s.Actor.Function = sig.Function(r.Function)
	case r.Guardian != nil:
		s.Actor.Kind, s.Actor.Guardian = sig.ActorGuardian, sig.GuardianID{UUID: *r.Guardian}
	case r.Youth != nil:
		s.Actor.Kind, s.Actor.Youth = sig.ActorYouth, sig.YouthID{UUID: *r.Youth}
	}
	return s
}

const touchSQL = `
update sig.session set last_seen_at = greatest(last_seen_at, sig.now())
 where id = @id and ended_at is null`

const endSQL = `
update sig.session set ended_at = sig.now(), end_reason = @reason
 where id = @id and ended_at is null`

// endLoaded ends a session that was found to be over, with its sockets.
func (db *DB) endLoaded(ctx context.Context, id uuid.UUID, reason EndReason) error {
	return db.Do(ctx, sig.System("login"), func(tx *Tx) error {
		return tx.EndSession(ctx, sig.SessionID{UUID: id}, reason)
	})
}
