package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const insertPlanSQL = `
insert into sig.plan (id, intervention, authority, unit, function, version, follow_up, created_at, changed_at)
values (@id, @intervention, @authority, @unit, @function, 1, @follow_up, @at, @at)`

const changePlanSQL = `
update sig.plan set version = version + 1, follow_up = @follow_up, changed_at = @at
 where id = @id and version = @version`

const endPlanTextSQL = `update sig.plan_text set version_to = @version where id = @id and version_to is null`

const insertPlanTextSQL = `
insert into sig.plan_text (id, plan, intervention, authority, kind, position, version_from, body_sealed, written_by, written_at)
values (@id, @plan, @intervention, @authority, @kind, @position, @version, @body, @by, @at)`

const insertCommitmentSQL = `
insert into sig.commitment (id, plan, intervention, authority, unit, function, due_on)
values (@id, @plan, @intervention, @authority, @unit, @function, @due)`

// PlanVersion is what a new version of a plan changes. Version is the one that
// it follows, 0 where there is none.
type PlanVersion struct {
	Plan
	Ended []sig.PlanTextID
	Texts []PlanText
	Added []Commitment // their texts are among Texts
}

// WritePlan writes a version; somebody who was faster leaves pgx.ErrNoRows. The
// second wall refuses a commitment of a function that may not be told of it.
func (tx *Tx) WritePlan(ctx context.Context, v PlanVersion) error {
	b := &pgx.Batch{}
	if v.Version == 0 {
		b.Queue(insertPlanSQL, pgx.StrictNamedArgs{
			"id": v.ID, "intervention": v.Intervention, "authority": v.Planner.Authority, "unit": v.Planner.Unit,
			"function": v.Planner.Function, "follow_up": v.FollowUp, "at": tx.Now(),
		})
	} else if err := tx.one(ctx, "change a plan", changePlanSQL, pgx.StrictNamedArgs{
		"id": v.ID, "version": v.Version, "follow_up": v.FollowUp, "at": tx.Now(),
	}); err != nil {
		return err
	}
	for _, id := range v.Ended {
		b.Queue(endPlanTextSQL, pgx.StrictNamedArgs{"id": id, "version": v.Version})
	}
	for _, t := range v.Texts {
		b.Queue(insertPlanTextSQL, pgx.StrictNamedArgs{
			"id": t.ID, "plan": v.ID, "intervention": v.Intervention, "authority": v.Planner.Authority, "kind": t.Kind, "position": t.Position,
			"version": v.Version + 1, "body": t.BodySealed, "by": tx.Actor.Assignment, "at": tx.Now(),
		})
	}
	for _, c := range v.Added {
		b.Queue(insertCommitmentSQL, pgx.StrictNamedArgs{
			"id": c.ID, "plan": v.ID, "intervention": v.Intervention, "authority": c.Seat.Authority, "unit": c.Seat.Unit,
			"function": c.Seat.Function, "due": c.DueOn,
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("write a plan: %w", err)
	}
	return nil
}

const reportCommitmentSQL = `
update sig.commitment set state = 'done', closed_at = @at, closed_by = 'reported', reported_by = @by
 where id = @id and intervention = @intervention and state = 'open'`

const insertCommitmentNoteSQL = `
insert into sig.commitment_note (commitment, intervention, authority, body_sealed, written_by, written_at)
values (@id, @intervention, @authority, @body, @by, @at)`

// ReportCommitment writes down that a commitment is done; a nil note is none.
// It is sealed under the key of the authority that it is told to.
func (tx *Tx) ReportCommitment(ctx context.Context, intervention sig.InterventionID, id sig.CommitmentID, to sig.AuthorityID, note []byte) error {
	if note != nil {
		_, err := tx.Exec(ctx, insertCommitmentNoteSQL, pgx.StrictNamedArgs{
			"id": id, "intervention": intervention, "authority": to, "body": note, "by": tx.Actor.Assignment, "at": tx.Now(),
		})
		if err != nil {
			return fmt.Errorf("write a note to a commitment: %w", err)
		}
	}
	return tx.one(ctx, "report a commitment", reportCommitmentSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}

const stopCommitmentSQL = `
update sig.commitment set state = 'stopped', closed_at = @at, closed_by = @by
 where id = @id and intervention = @intervention and state = 'open'`

// StopCommitment stops what is still open, as of an instant.
func (tx *Tx) StopCommitment(intervention sig.InterventionID, id sig.CommitmentID, by string, at time.Time) {
	tx.laterOne("stop a commitment", stopCommitmentSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": at, "by": by,
	})
}

// OpenCommitment is a promise that a cut may have to stop, without its text.
type OpenCommitment struct {
	ID      sig.CommitmentID
	Planner sig.Seat
	Seat    sig.Seat
}

const openCommitmentsSQL = `
select c.id, p.authority, p.unit, p.function, c.authority, c.unit, c.function
  from sig.commitment c join sig.plan p on p.id = c.plan
 where c.intervention = @intervention and c.state = 'open' order by c.due_on, c.id`

func queueOpenCommitments(batch *pgx.Batch, intervention sig.InterventionID, into *[]OpenCommitment) {
	batch.Queue(openCommitmentsSQL, pgx.StrictNamedArgs{"intervention": intervention}).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (OpenCommitment, error) {
			var c OpenCommitment
			err := row.Scan(&c.ID, &c.Planner.Authority, &c.Planner.Unit, &c.Planner.Function, &c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function)
			return c, err
		})
		return err
	})
}

// OpenCommitments lists the open commitments that the actor may see.
func (tx *Tx) OpenCommitments(ctx context.Context, intervention sig.InterventionID) ([]OpenCommitment, error) {
	var list []OpenCommitment
	batch := &pgx.Batch{}
	queueOpenCommitments(batch, intervention, &list)
	return list, wrap("list open commitments", tx.SendBatch(ctx, batch).Close())
}

// The end of an intervention stops all that is open in one statement, with a
// ledger row for each: nobody waits for an answer.
const endPlanSQL = `
with stopped as materialized (
  update sig.commitment set state = 'stopped', closed_at = @at, closed_by = @by
   where intervention = @intervention and state = 'open'
  returning id, authority, unit, function)
select sig.append_ledger(@at, 'stop_commitment', reason => @by, intervention => @intervention, object_kind => 'commitment', object_id => id,
         recipient_authority => authority, recipient_unit => unit, recipient_function => function) from stopped`

// EndPlan stops every open commitment of an intervention.
func (tx *Tx) EndPlan(intervention sig.InterventionID, by string) {
	tx.later("stop commitments", endPlanSQL, pgx.StrictNamedArgs{"intervention": intervention, "by": by, "at": tx.Now()})
}
