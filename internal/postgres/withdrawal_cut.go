package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Waiting is a disclosure that waits for its second officer.
type Waiting struct {
	ID         sig.DisclosureID
	Sender     sig.Seat
	Recipient  sig.Seat
	Grant      sig.GrantID // of a private recipient
	Basis      string
	Categories []sig.Category
}

const waitingSQL = `
select id, authority, unit, function, coalesce(recipient_authority, ''), coalesce(recipient_unit, ''), coalesce(recipient_function, ''),
       private_grant, basis, categories
  from sig.disclosure where intervention = @intervention and state = 'queued' order by queued_at, id`

func scanWaiting(row pgx.CollectableRow) (Waiting, error) {
	var w Waiting
	err := row.Scan(&w.ID, &w.Sender.Authority, &w.Sender.Unit, &w.Sender.Function,
		&w.Recipient.Authority, &w.Recipient.Unit, &w.Recipient.Function, &w.Grant, &w.Basis, &w.Categories)
	return w, err
}

const cancelWaitingSQL = `
update sig.disclosure set state = 'cancelled', cancelled_at = @at, cancel_reason = @reason
 where intervention = @intervention and state = 'queued' and id = any (@ids)`

// CancelWaiting takes waiting disclosures back before anybody received them.
func (tx *Tx) CancelWaiting(intervention sig.InterventionID, ids []sig.DisclosureID, reason string) {
	tx.later("cancel waiting disclosures", cancelWaitingSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "ids": notNil(ids), "reason": reason, "at": tx.Now(),
	})
}

// CopyRef is a received copy without its text.
type CopyRef struct {
	ID         sig.DisclosureID
	Sender     sig.Seat
	Recipient  sig.Seat
	Basis      string
	Categories []sig.Category
	ReceivedAt time.Time
	CutBy      string
	CutAt      *time.Time
}

const copyRefsSQL = `
select id, sender_authority, sender_unit, sender_function, authority, unit, function, basis, categories, received_at, coalesce(cut_by, ''), cut_at
  from sig.received where intervention = @intervention and deleted_at is null order by received_at, id`

func scanCopyRef(row pgx.CollectableRow) (CopyRef, error) {
	var c CopyRef
	err := row.Scan(&c.ID, &c.Sender.Authority, &c.Sender.Unit, &c.Sender.Function, &c.Recipient.Authority, &c.Recipient.Unit,
		&c.Recipient.Function, &c.Basis, &c.Categories, &c.ReceivedAt, &c.CutBy, &c.CutAt)
	return c, err
}

// Told is what has been, or is about to be, told in an intervention.
type Told struct {
	Waiting []Waiting
	Copies  []CopyRef        // those that have not been deleted
	Calls   []Call           // to points of meetings; not read where all of them end
	Guests  []GuestCall      // the same of private guests
	Open    []OpenCommitment // of the plan; not read where all of them end
	Asked   []Question       // that are open; not read where all of them end
}

// Told reads it in one round trip.
func (tx *Tx) Told(ctx context.Context, intervention sig.InterventionID) (Told, error) {
	batch := &pgx.Batch{}
	t := queueTold(batch, intervention)
	queueCalls(batch, intervention, tx.Now(), &t.Calls)
	queueGuestCalls(batch, intervention, tx.Now(), &t.Guests)
	queueOpenCommitments(batch, intervention, &t.Open)
	queueOpenQuestions(batch, intervention, tx.Now(), &t.Asked)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return Told{}, fmt.Errorf("list what was told: %w", err)
	}
	return *t, nil
}

func queueTold(batch *pgx.Batch, intervention sig.InterventionID) *Told {
	var t Told
	args := pgx.StrictNamedArgs{"intervention": intervention}
	batch.Queue(waitingSQL, args).Query(func(rows pgx.Rows) (err error) {
		t.Waiting, err = pgx.CollectRows(rows, scanWaiting)
		return err
	})
	batch.Queue(copyRefsSQL, args).Query(func(rows pgx.Rows) (err error) {
		t.Copies, err = pgx.CollectRows(rows, scanCopyRef)
		return err
	})
	return &t
}

// Ending is what the end of an intervention touches.
type Ending struct {
	Told
	Consents  []Consent // every version
	Concerned Concerned
}

// Ending reads it in one round trip.
func (tx *Tx) Ending(ctx context.Context, i *Intervention) (Ending, error) {
	var e Ending
	batch := &pgx.Batch{}
	queueRows(batch, consentsSQL, &e.Consents, pgx.StrictNamedArgs{"intervention": i.ID})
	told := queueTold(batch, i.ID)
	tx.queueConcerned(batch, i, &e.Concerned)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return e, fmt.Errorf("list what an end touches: %w", err)
	}
	e.Told = *told
	return e, nil
}

const cutCopiesSQL = `
update sig.received set cut_at = @at, cut_by = @by, registrar_until = @until
 where intervention = @intervention and id = any (@ids) and deleted_at is null and cut_at is null`

// CutCopies ends the reading of copies at an instant; the recipient's
// registrar alone reads on until the other.
func (tx *Tx) CutCopies(intervention sig.InterventionID, ids []sig.DisclosureID, by string, at, until time.Time) {
	tx.later("cut copies", cutCopiesSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "ids": notNil(ids), "by": by, "at": at, "until": until,
	})
}

const recutCopiesSQL = `
update sig.received set cut_by = @by
 where intervention = @intervention and cut_by = 'sharing_stopped' and deleted_at is null`

// RecutCopies makes a cut that a renewal could have undone one that nothing
// undoes; the registrar's days go on from the cut itself.
func (tx *Tx) RecutCopies(ctx context.Context, intervention sig.InterventionID, by string) error {
	if _, err := tx.Exec(ctx, recutCopiesSQL, pgx.StrictNamedArgs{"intervention": intervention, "by": by}); err != nil {
		return fmt.Errorf("make a cut final: %w", err)
	}
	return nil
}

const recutTakenSQL = `
update sig.received r set cut_by = @by
  from sig.disclosure d
 where d.id = r.id and r.intervention = @intervention and r.cut_by = 'sharing_stopped' and r.deleted_at is null
   and d.categories && @categories
   and d.grant_id in (select g.id from sig.consent_grant g where g.intervention = @intervention and g.origin = @origin)`

// RecutTaken is RecutCopies of what was told by one row, of some categories.
func (tx *Tx) RecutTaken(ctx context.Context, intervention sig.InterventionID, origin sig.GrantID, categories []sig.Category, by string) error {
	args := pgx.StrictNamedArgs{"intervention": intervention, "origin": origin, "categories": notNil(categories), "by": by}
	if _, err := tx.Exec(ctx, recutTakenSQL, args); err != nil {
		return fmt.Errorf("make a cut of what was taken back final: %w", err)
	}
	return nil
}

const restoreCopiesSQL = `
update sig.received set cut_at = null, cut_by = null, registrar_until = null
 where intervention = @intervention and id = any (@ids) and cut_by = 'sharing_stopped' and deleted_at is null`

// RestoreCopies gives back what expiry alone had cut.
func (tx *Tx) RestoreCopies(ctx context.Context, intervention sig.InterventionID, ids []sig.DisclosureID) error {
	_, err := tx.Exec(ctx, restoreCopiesSQL, pgx.StrictNamedArgs{"intervention": intervention, "ids": notNil(ids)})
	if err != nil {
		return fmt.Errorf("restore copies: %w", err)
	}
	return nil
}

const deleteCopySQL = `
update sig.received set body_sealed = null, deleted_at = @at
 where id = @id and deleted_at is null and cut_at is not null and registrar_until <= @at`

// DeleteCopy takes the text out of a copy whose registrar's days are over; the
// row stays as a receipt. False means that it was restored or deleted before.
func (tx *Tx) DeleteCopy(ctx context.Context, id sig.DisclosureID) (bool, error) {
	tag, err := tx.Exec(ctx, deleteCopySQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
	if err != nil {
		return false, fmt.Errorf("delete a copy: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

const flagLateSQL = `
update sig.disclosure d set after_withdrawal = true
 where d.intervention = @intervention and d.basis = 'consent' and d.state = 'sent' and d.sent_at >= @from and d.sent_at <= @to
   and d.categories && @categories and not d.after_withdrawal
   and d.grant_id in (select g.id from sig.consent_grant g where g.intervention = @intervention and g.origin = @origin)
returning d.id`

// FlagLate marks what was disclosed by one row, in whatever version it stood,
// of some categories between two instants as sent after the withdrawal of
// them, and names it.
func (tx *Tx) FlagLate(
	ctx context.Context, intervention sig.InterventionID, origin sig.GrantID, categories []sig.Category, from, to time.Time,
) ([]sig.DisclosureID, error) {
	return tx.flagLate(ctx, flagLateSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "origin": origin, "categories": notNil(categories), "from": from, "to": to,
	})
}

const flagLateOwnSQL = `
update sig.disclosure d set after_withdrawal = true
 where d.intervention = @intervention and d.basis = 'consent' and d.state = 'sent' and d.sent_at >= @from and d.sent_at <= @to
   and d.grant_id = @own
returning d.id`

// FlagLateOwn is FlagLate of one row of a young person's own consent, which has
// no versions.
func (tx *Tx) FlagLateOwn(ctx context.Context, intervention sig.InterventionID, own sig.GrantID, from, to time.Time) ([]sig.DisclosureID, error) {
	return tx.flagLate(ctx, flagLateOwnSQL, pgx.StrictNamedArgs{"intervention": intervention, "own": own, "from": from, "to": to})
}

func (tx *Tx) flagLate(ctx context.Context, sql string, args pgx.StrictNamedArgs) ([]sig.DisclosureID, error) {
	rows, err := tx.Query(ctx, sql, args)
	if err != nil {
		return nil, fmt.Errorf("flag late disclosures: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[sig.DisclosureID])
	if err != nil {
		return nil, fmt.Errorf("flag late disclosures: %w", err)
	}
	return ids, nil
}

const scopeAuthoritiesSQL = `select id, kind, public_body, districts from sig.authority`

const scopeBranchesSQL = `select id, authority, regime, independent from sig.branch`

const scopeUnitsSQL = `select id, branch, authority, districts from sig.unit`

// ScopeDirectory reads what coverage depends on: units, their districts and
// recorded moves. It is Organisations without names, which jobs may not see.
func (tx *Tx) ScopeDirectory(ctx context.Context) (*sig.Directory, error) {
	var d sig.Directory
	batch := &pgx.Batch{}
	batch.Queue(scopeAuthoritiesSQL).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var a sig.Authority
			err := rows.Scan(&a.ID, &a.Kind, &a.PublicBody, &a.Districts)
			d.Authorities = append(d.Authorities, a)
			return err
		})
	})
	batch.Queue(scopeBranchesSQL).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var b sig.Branch
			err := rows.Scan(&b.ID, &b.Authority, &b.Regime, &b.Independent)
			d.Branches = append(d.Branches, b)
			return err
		})
	})
	batch.Queue(scopeUnitsSQL).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var u sig.Unit
			err := rows.Scan(&u.ID, &u.Branch, &u.Authority, &u.Districts)
			d.Units = append(d.Units, u)
			return err
		})
	})
	queueRows(batch, movesSQL, &d.Moves)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read where functions sit: %w", err)
	}
	return &d, nil
}

const clearConsentAlarmsSQL = `
update sig.alarm set cleared_at = sig.now()
 where done_at is null and cleared_at is null and (
       object_id = @consent and kind in ('consent_expires', 'consent_lapses_unsigned', 'expiry_reminder')
    or kind = 'grant_ends' and object_id in (select g.id from sig.consent_grant g where g.consent = @consent))`

// ClearConsentAlarms takes back whatever was to go off about a version and its
// rows.
func (tx *Tx) ClearConsentAlarms(consent sig.ConsentID) {
	tx.later("clear the alarms of a consent", clearConsentAlarmsSQL, pgx.StrictNamedArgs{"consent": consent})
}

const setCopyAlarmsSQL = `
insert into sig.alarm (id, kind, intervention, object_id, due_at)
select gen_random_uuid(), 'copy_window_ends', @intervention, c, @due from unnest(@copies::uuid[]) c
on conflict on constraint alarm_once_per_object do update
   set due_at = excluded.due_at, done_at = null, cleared_at = null, attempts = 0, retry_at = null`

// SetCopyAlarms sets the end of the registrar's days for copies. It lies weeks
// ahead, so no replica has to be woken.
func (tx *Tx) SetCopyAlarms(intervention sig.InterventionID, copies []sig.DisclosureID, due time.Time) {
	tx.later("set the alarms of copies", setCopyAlarmsSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "copies": notNil(copies), "due": due,
	})
}
