package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// TaskKind is what has to be done.
type TaskKind string

// The kinds of tasks.
const (
	TaskConsiderOtherMeasures TaskKind = "consider_other_measures"
	TaskRenewConsent          TaskKind = "renew_consent"
	TaskSetParticipation      TaskKind = "set_participation"
	TaskDecideVisibility      TaskKind = "decide_visibility"
	TaskApproveDisclosure     TaskKind = "approve_disclosure"
	TaskAnswerRequest         TaskKind = "answer_request"
	TaskReviewIncident        TaskKind = "review_incident"
	TaskDecideMeasure         TaskKind = "decide_measure"
	TaskProposalReceived      TaskKind = "proposal_received"
	TaskReviewMeeting         TaskKind = "review_meeting"
	TaskAnswerInquiry         TaskKind = "answer_inquiry"
	TaskAnswerQuestion        TaskKind = "answer_question"
	TaskConfirmOral           TaskKind = "confirm_oral"
	TaskWriteOral             TaskKind = "write_oral"
	TaskFunctionMoved         TaskKind = "function_moved"      // rows of the consent name a function in which nobody sits from a day on
	TaskExplainConsent        TaskKind = "explain_consent"     // to a guardian who is new to the version in force
	TaskProtectionFollowed    TaskKind = "protection_followed" // a mark of protected identity was made: the case is looked through
)

// Task is something one function of one authority must do.
type Task struct {
	ID           sig.TaskID
	Intervention sig.InterventionID
	Authority    sig.AuthorityID
	Function     sig.Function
	Kind         TaskKind
	Object       uuid.UUID // what it is about; uuid.Nil for the intervention itself
	DueOn        sig.Date
	CreatedAt    time.Time
}

const insertTaskSQL = `
insert into sig.task (id, intervention, authority, function, kind, object, due_on, created_at)
select @id, @intervention, @authority, @function, @kind, nullif(@object::uuid, '00000000-0000-0000-0000-000000000000'), @due_on, @at
 where not exists (select from sig.task t where t.intervention = @intervention and t.authority = @authority
                    and t.function = @function and t.kind = @kind and t.done_at is null
                    and t.object is not distinct from nullif(@object::uuid, '00000000-0000-0000-0000-000000000000'))`

// InsertTask gives an authority's function a task, unless the same one is open
// already.
func (tx *Tx) InsertTask(t Task) {
	tx.later("give a task", insertTaskSQL, pgx.StrictNamedArgs{
		"id": t.ID, "intervention": t.Intervention, "authority": t.Authority, "function": t.Function,
		"kind": t.Kind, "object": t.Object, "due_on": t.DueOn, "at": tx.Now(),
	})
}

const finishTasksSQL = `
update sig.task set done_at = @at, done_by = @by, outcome = @outcome, outcome_reason_sealed = @reason
 where intervention = @intervention and kind = @kind and done_at is null`

// FinishTasks marks the open tasks of a kind as done and reports how many.
func (tx *Tx) FinishTasks(
	ctx context.Context, intervention sig.InterventionID, kind TaskKind, outcome string, reasonSealed []byte,
) (int64, error) {
	tag, err := tx.Exec(ctx, finishTasksSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "kind": kind, "outcome": outcome, "reason": reasonSealed,
		"at": tx.Now(), "by": orNull(tx.Actor.Assignment),
	})
	if err != nil {
		return 0, wrap("finish tasks", err)
	}
	return tag.RowsAffected(), nil
}

const dropTasksSQL = `
update sig.task set done_at = @at, outcome = 'done'
 where intervention = @intervention and done_at is null and kind not in ('consider_other_measures', 'review_incident')`

// DropTasks takes away the tasks that an intervention's end has left without
// an object; what must be considered or looked into stays.
func (tx *Tx) DropTasks(intervention sig.InterventionID) {
	tx.later("drop tasks", dropTasksSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}

const openTasksSQL = `
select id, intervention, authority, function, kind, coalesce(object, '00000000-0000-0000-0000-000000000000') as object,
       due_on, created_at
  from sig.task t where done_at is null and (@intervention::uuid is null or intervention = @intervention)
   and not (kind = 'review_meeting' and exists (select from sig.meeting m where m.id = t.object and m.ends_at <= @at))
 order by due_on nulls last, created_at`

// OpenTasks lists the open tasks that the actor may see, of one intervention
// or, with the zero id, of all: what Today shows. A meeting whose time has passed
// is not reviewed any more.
func (tx *Tx) OpenTasks(ctx context.Context, intervention sig.InterventionID) ([]Task, error) {
	return collect[Task](ctx, tx, "list open tasks", openTasksSQL,
		pgx.StrictNamedArgs{"intervention": orNull(intervention), "at": tx.Now()})
}

const finishSeatTaskSQL = `
update sig.task set done_at = @at, done_by = @by, outcome = 'done'
 where intervention = @intervention and authority = @authority and function = @function
   and kind = 'set_participation' and done_at is null`

// FinishSeatTask marks a lead's task as done once somebody sits in the seat.
func (tx *Tx) FinishSeatTask(ctx context.Context, intervention sig.InterventionID, authority sig.AuthorityID, function sig.Function) error {
	_, err := tx.Exec(ctx, finishSeatTaskSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "authority": authority, "function": function, "at": tx.Now(), "by": orNull(tx.Actor.Assignment),
	})
	if err != nil {
		return wrap("finish a seat's task", err)
	}
	return nil
}

const finishTaskSQL = `
update sig.task set done_at = @at, done_by = @by, outcome = 'done'
 where intervention = @intervention and kind = @kind and object = @object and done_at is null`

// FinishTask marks the task about one object as done.
func (tx *Tx) FinishTask(ctx context.Context, intervention sig.InterventionID, kind TaskKind, object uuid.UUID) error {
	_, err := tx.Exec(ctx, finishTaskSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "kind": kind, "object": object, "at": tx.Now(), "by": orNull(tx.Actor.Assignment),
	})
	if err != nil {
		return wrap("finish a task", err)
	}
	return nil
}

const dropTaskSQL = `
update sig.task set done_at = @at, outcome = 'done' where intervention = @intervention and kind = @kind and object = @object and done_at is null`

// DropTask takes away the task about one object, which nobody has done: as a
// job may, too.
func (tx *Tx) DropTask(intervention sig.InterventionID, kind TaskKind, object uuid.UUID) {
	tx.later("drop a task", dropTaskSQL, pgx.StrictNamedArgs{"intervention": intervention, "kind": kind, "object": object, "at": tx.Now()})
}

const openTaskSQL = `
select id, intervention, authority, function, kind, coalesce(object, '00000000-0000-0000-0000-000000000000') as object,
       due_on, created_at
  from sig.task where id = @id and done_at is null`

// OpenTask finds a task that has not been done; false when it has.
func (tx *Tx) OpenTask(ctx context.Context, id sig.TaskID) (Task, bool, error) {
	list, err := collect[Task](ctx, tx, "find a task", openTaskSQL, pgx.StrictNamedArgs{"id": id})
	if err != nil || len(list) == 0 {
		return Task{}, false, err
	}
	return list[0], true, nil
}
