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

type stepUpKind struct{}

// StepUpID is the handle of one proof of a fresh login. It may stand in an
// address: it opens nothing outside its own session and its own text.
type StepUpID = sig.ID[stepUpKind]

// StepUp is a fresh login, checked, for one act on one version of one text.
type StepUp struct {
	Session   sig.SessionID
	Purpose   string
	BoundHash []byte
	AuthTime  time.Time
	SID       string
}

const proveSQL = `
with seen as (
  update sig.session set auth_time = greatest(auth_time, @auth_time), provider_session = coalesce(nullif(@sid, ''), provider_session)
   where id = @session and ended_at is null
  returning id, person
)
insert into sig.step_up (id, session, person, purpose, bound_hash, auth_time)
select @id, seen.id, seen.person, @purpose, @bound, @auth_time from seen join sig.person p on p.id = seen.person
 where p.issuer = @issuer and p.subject = @subject`

// Prove keeps the proof of a fresh login, if it was the session's own person
// who came back; anybody else proves nothing, and the transaction rolls back.
func (tx *Tx) Prove(ctx context.Context, s StepUp, issuer, subject string) (StepUpID, error) {
	id := StepUpID{UUID: uuid.New()}
	done, err := tx.Exec(ctx, proveSQL, pgx.StrictNamedArgs{
		"id": id.UUID, "session": s.Session.UUID, "purpose": s.Purpose, "bound": s.BoundHash,
		"auth_time": s.AuthTime, "sid": s.SID, "issuer": issuer, "subject": subject,
	})
	if err != nil {
		return id, fmt.Errorf("keep the proof of a fresh login: %w", err)
	}
	if done.RowsAffected() == 0 {
		return id, fault.New(fault.Denied, "error.step_up_other_person")
	}
	return id, nil
}

const consumeStepUpSQL = `
update sig.step_up set consumed_at = clock_timestamp()
 where id = @id and session = @session and person = @person and bound_hash = @bound and consumed_at is null
   and auth_time > clock_timestamp() - interval '5 minutes'
returning auth_time`

// ConsumeStepUp spends the actor's proof of a fresh login for exactly what
// boundHash is the hash of, in the transaction of the act, and gives the
// instant of that login. A proof of another session, for another text, spent
// before or older than five minutes is a StepUp fault: nothing is signed.
func ConsumeStepUp(ctx context.Context, tx *Tx, id StepUpID, boundHash []byte) (time.Time, error) {
	var at time.Time
	err := tx.QueryRow(ctx, consumeStepUpSQL, pgx.StrictNamedArgs{
		"id": id.UUID, "session": tx.Actor.Session.UUID, "person": tx.Actor.Person.UUID, "bound": boundHash,
	}).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return at, fault.New(fault.StepUp, "error.step_up")
	}
	if err != nil {
		return at, fmt.Errorf("spend the proof of a fresh login: %w", err)
	}
	return at, nil
}

const cullSessionsSQL = `
with proofs as (delete from sig.step_up where made_at < clock_timestamp() - interval '1 day')
delete from sig.session where ended_at < sig.now() - interval '30 days'`

// CullSessions deletes sessions that ended thirty days ago and old proofs. It
// runs as a job and reports how many sessions went.
func CullSessions(ctx context.Context, tx *Tx) (int64, error) {
	done, err := tx.Exec(ctx, cullSessionsSQL)
	if err != nil {
		return 0, fmt.Errorf("cull ended sessions: %w", err)
	}
	return done.RowsAffected(), nil
}
