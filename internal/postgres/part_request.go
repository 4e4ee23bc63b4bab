package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// PartRequest is an internal request to take part in a case.
type PartRequest struct {
	ID           sig.RequestID
	Assignment   sig.AssignmentID
	Name         string
	Unit         sig.UnitID
	Function     sig.Function
	ReasonSealed []byte
	CreatedAt    time.Time
	Answer       string // empty while it waits
}

const insertPartRequestSQL = `
insert into sig.part_request (id, authority, pin_hash, assignment, intervention, reason_sealed, created_at)
values (@id, @authority, @pin_hash, @assignment, @intervention, @reason, @at)`

// InsertPartRequest files a request; intervention is zero where there is no
// case, which the one who asks never learns.
func (tx *Tx) InsertPartRequest(ctx context.Context, id sig.RequestID, intervention sig.InterventionID, pinHash, reasonSealed []byte) error {
	return tx.one(ctx, "file a request", insertPartRequestSQL, pgx.StrictNamedArgs{
		"id": id, "authority": tx.Actor.Authority, "pin_hash": pinHash, "assignment": tx.Actor.Assignment,
		"intervention": orNull(intervention), "reason": reasonSealed, "at": tx.Now(),
	})
}

const partRequestColumns = `
r.id, r.assignment, a.name, sig.current_unit(a.unit, a.function, @at, a.valid_from) as unit, a.function, r.reason_sealed, r.created_at, coalesce(r.answer, '') as answer`

const partRequestsSQL = `
select ` + partRequestColumns + `
  from sig.part_request r join sig.assignment a on a.id = r.assignment
 where r.intervention = @intervention and r.answered_at is null
 order by r.created_at, r.id`

// PartRequests lists the unanswered requests about one case, for its board.
func (tx *Tx) PartRequests(ctx context.Context, intervention sig.InterventionID) ([]PartRequest, error) {
	return collect[PartRequest](ctx, tx, "list requests", partRequestsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}

const ownPartRequestsSQL = `
select ` + partRequestColumns + `
  from sig.part_request r join sig.assignment a on a.id = r.assignment
 where r.assignment = @assignment
 order by r.created_at desc, r.id limit 50`

// OwnPartRequests lists what the actor has asked for.
func (tx *Tx) OwnPartRequests(ctx context.Context) ([]PartRequest, error) {
	return collect[PartRequest](ctx, tx, "list own requests", ownPartRequestsSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "at": tx.Now()})
}

const answerPartRequestSQL = `
update sig.part_request set answered_at = @at, answer = @answer, answered_by = @by
 where id = @id and intervention = @intervention and answered_at is null`

// AnswerPartRequest grants or refuses a waiting request.
func (tx *Tx) AnswerPartRequest(ctx context.Context, intervention sig.InterventionID, id sig.RequestID, answer string) error {
	return tx.one(ctx, "answer a request", answerPartRequestSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "answer": answer, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}
