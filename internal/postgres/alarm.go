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

// AlarmKind is what falls due.
type AlarmKind string

// The kinds of alarms, and what their object is.
const (
	AlarmConsentExpires        AlarmKind = "consent_expires"            // consent: the end of its last window
	AlarmConsentLapsesUnsigned AlarmKind = "consent_lapses_unsigned"    // consent: 30 days after the first signature
	AlarmGraceEnds             AlarmKind = "sharing_stopped_grace_ends" // intervention: 14 days after sharing stopped
	AlarmCopyWindowEnds        AlarmKind = "copy_window_ends"           // received copy: the registrar's 30 days are over
	AlarmAssignmentEnds        AlarmKind = "assignment_ends"            // assignment
	AlarmParticipationEnds     AlarmKind = "participation_ends"         // participation
	AlarmGrantEnds             AlarmKind = "grant_ends"                 // grant whose window ends before its consent's
	AlarmTaskDue               AlarmKind = "task_due"                   // task
	AlarmExpiryReminder        AlarmKind = "expiry_reminder"            // consent: 30, 14 and 3 days before; each sets the next
	AlarmComesOfAge            AlarmKind = "comes_of_age"               // intervention: the youth's 18th birthday
	AlarmQuestionEnds          AlarmKind = "question_ends"              // directed question
	AlarmFunctionLeaves        AlarmKind = "function_leaves"            // intervention: a function that its consent names leaves its authority, or stays after all
	AlarmCustodyChanges        AlarmKind = "custody_changes"            // change of custody that was recorded ahead
	AlarmSeatsChanged          AlarmKind = "seats_changed"              // intervention: somebody may sit elsewhere; set by triggers
	AlarmProtectionFollowed    AlarmKind = "protection_followed"        // intervention: its young person was marked as protected elsewhere; set by a trigger
	AlarmMailDue               AlarmKind = "mail_due"                   // mail: set by QueueMail, never by services
)

// AlarmJob is one alarm that has gone off: ids and an instant, no more.
type AlarmJob struct {
	ID           uuid.UUID
	Kind         AlarmKind
	Intervention sig.InterventionID // zero where the alarm is about none
	Object       uuid.UUID
	DueAt        time.Time
	Attempts     int
}

// AlarmHorizon is how far ahead a replica looks before it sleeps. An alarm set
// for later than that wakes nobody when it is set, which spares most
// transactions a notification.
const AlarmHorizon = time.Minute

const setAlarmSQL = `
with put as (
  insert into sig.alarm (id, kind, intervention, object_id, due_at)
  values (@id, @kind, nullif(@intervention::uuid, '00000000-0000-0000-0000-000000000000'), @object, @due)
  on conflict on constraint alarm_once_per_object do update
  set intervention = excluded.intervention, due_at = excluded.due_at,
      done_at = case when alarm.due_at = excluded.due_at then alarm.done_at end,
      cleared_at = null, attempts = 0, retry_at = null
)
select pg_notify('sig_alarm', '') where @due::timestamptz < sig.now() + make_interval(secs => @horizon)`

// SetAlarm makes the kind of alarm go off for the object at the instant, in
// place of any instant set for it before; it takes effect when the transaction
// commits. Setting the same instant again changes nothing, so an alarm that
// has gone off stays done.
func (tx *Tx) SetAlarm(
	kind AlarmKind, intervention sig.InterventionID, object uuid.UUID, at time.Time,
) error {
	if at.IsZero() || object == uuid.Nil {
		return errors.New("an alarm needs an object and an instant")
	}
	tx.later("set the alarm "+string(kind), setAlarmSQL, pgx.StrictNamedArgs{
		"id": uuid.New(), "kind": string(kind), "intervention": intervention.UUID, "object": object, "due": at,
		"horizon": AlarmHorizon.Seconds(),
	})
	return nil
}

const clearAlarmSQL = `
update sig.alarm set cleared_at = sig.now()
where kind = @kind and object_id = @object and done_at is null and cleared_at is null`

// ClearAlarm takes back an alarm that has not gone off; without one it does
// nothing.
func (tx *Tx) ClearAlarm(kind AlarmKind, object uuid.UUID) {
	tx.later("clear the alarm "+string(kind), clearAlarmSQL, pgx.StrictNamedArgs{"kind": string(kind), "object": object})
}

const takeAlarmSQL = `
update sig.alarm set done_at = @now
where id = (
  select id from sig.alarm
  where id = @id and due_at = @due and due_at <= @now and done_at is null and cleared_at is null
  for update skip locked)`

// TakeAlarm marks the alarm as done in the transaction that does what it is
// about, after the locks. False means that there is nothing left to do: another
// replica did it, or the alarm was moved or cleared meanwhile. Because mark and
// deed commit together, a replica that dies half-way leaves both undone.
func (tx *Tx) TakeAlarm(ctx context.Context, job AlarmJob) (bool, error) {
	tag, err := tx.Exec(ctx, takeAlarmSQL, pgx.StrictNamedArgs{"id": job.ID, "due": job.DueAt, "now": tx.Now()})
	if err != nil {
		return false, fmt.Errorf("take the alarm %s: %w", job.Kind, err)
	}
	return tag.RowsAffected() == 1, nil
}

const dueAlarmsSQL = `
select id, kind, coalesce(intervention, '00000000-0000-0000-0000-000000000000') as intervention,
       object_id, due_at, attempts
from sig.alarm
where due_at <= (select sig.now()) and done_at is null and cleared_at is null
  and (retry_at is null or retry_at <= clock_timestamp())
  and kind = any(@kinds) and id <> all(coalesce(@except::uuid[], '{}'))
order by due_at, id limit @limit`

const nextAlarmSQL = `
with clock as materialized (select sig.now() as now)
select min(greatest(extract(epoch from due_at - clock.now), extract(epoch from retry_at - clock_timestamp())))::float8
from sig.alarm cross join clock
where due_at < (select sig.now()) + make_interval(secs => @horizon) and done_at is null and cleared_at is null
  and kind = any(@kinds) and id <> all(coalesce(@except::uuid[], '{}'))`

// DueAlarms gives at most limit alarms of the kinds that are due, earliest
// first, without those in except; and how long it is until the next one, which
// is never more than AlarmHorizon. With limit alarms found that is not looked
// for: whoever has its hands full looks again when one is free, and a search
// for the next would wade through all that wait.
func (db *DB) DueAlarms(
	ctx context.Context, kinds []AlarmKind, except []uuid.UUID, limit int,
) ([]AlarmJob, time.Duration, error) {
	if limit <= 0 {
		return nil, AlarmHorizon, nil
	}
	rows, err := db.pool.Query(ctx, dueAlarmsSQL,
		pgx.StrictNamedArgs{"kinds": kinds, "except": except, "limit": limit})
	if err != nil {
		return nil, 0, fmt.Errorf("look for due alarms: %w", err)
	}
	due, err := pgx.CollectRows(rows, scanAlarm)
	if err != nil {
		return nil, 0, fmt.Errorf("look for due alarms: %w", err)
	}
	if len(due) == limit {
		return due, AlarmHorizon, nil
	}
	for _, job := range due {
		except = append(except, job.ID)
	}
	var next *float64
	err = db.pool.QueryRow(ctx, nextAlarmSQL, pgx.StrictNamedArgs{
		"kinds": kinds, "except": except, "horizon": AlarmHorizon.Seconds(),
	}).Scan(&next)
	if err != nil {
		return nil, 0, fmt.Errorf("look for the next alarm: %w", err)
	}
	if next == nil {
		return due, AlarmHorizon, nil
	}
	return due, time.Duration(max(*next, 0) * float64(time.Second)), nil
}

func scanAlarm(row pgx.CollectableRow) (AlarmJob, error) {
	var job AlarmJob
	err := row.Scan(&job.ID, &job.Kind, &job.Intervention.UUID, &job.Object, &job.DueAt, &job.Attempts)
	return job, err
}

const postponeAlarmSQL = `
update sig.alarm set attempts = attempts + 1, retry_at = clock_timestamp() + make_interval(secs => @seconds)
where id = @id and due_at = @due and done_at is null and cleared_at is null`

// PostponeAlarm notes that an alarm was tried in vain and lets every replica
// leave it alone for a while of machine time. False means that it is no longer
// open, which is what a handler that did its work leaves.
func (db *DB) PostponeAlarm(ctx context.Context, job AlarmJob, wait time.Duration) (bool, error) {
	tag, err := db.pool.Exec(ctx, postponeAlarmSQL,
		pgx.StrictNamedArgs{"id": job.ID, "due": job.DueAt, "seconds": wait.Seconds()})
	if err != nil {
		return false, fmt.Errorf("postpone an alarm: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// ListenAlarm calls wake when it begins to listen and whenever an alarm within
// the horizon is set, or the clock is moved. It returns when the connection is
// lost or the context ends; the caller begins again.
func (db *DB) ListenAlarm(ctx context.Context, wake func()) error {
	pooled, err := db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listen for alarms: %w", err)
	}
	conn := pooled.Hijack() // a listening connection must not go back to the pool
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `listen sig_alarm`); err != nil {
		return fmt.Errorf("listen for alarms: %w", err)
	}
	for {
		wake()
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return fmt.Errorf("listen for alarms: %w", err)
		}
	}
}
