package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// CustodyChange is a change of custody that was recorded before the instant at
// which it comes about.
type CustodyChange struct {
	ID           sig.CustodyChangeID
	Intervention sig.InterventionID
	Ends, Begins sig.GuardianID // who decides no more, and who begins to; one of them may be zero
	At           time.Time
	Source       string // judgment or population_register
	Reference    string
	VerifiedOn   sig.Date
	RecordedAt   time.Time
}

const custodyAheadSQL = `
select id, intervention, ends, begins, at, source, reference, verified_on, recorded_at from sig.custody_change
 where intervention = @intervention and taken_back_at is null and done_at is null order by at, id`

const insertCustodyChangeSQL = `
insert into sig.custody_change (id, intervention, ends, begins, at, source, reference, verified_on, recorded_by, recorded_at)
values (@id, @intervention, @ends, @begins, @at, @source, @reference, @verified_on, @by, @now)`

// InsertCustodyChange records what comes about at an instant ahead.
func (tx *Tx) InsertCustodyChange(ctx context.Context, c CustodyChange) error {
	return tx.one(ctx, "record a change of custody ahead", insertCustodyChangeSQL, pgx.StrictNamedArgs{
		"id": c.ID, "intervention": c.Intervention, "ends": orNull(c.Ends), "begins": orNull(c.Begins), "at": c.At, "source": c.Source,
		"reference": c.Reference, "verified_on": c.VerifiedOn, "by": tx.Actor.Assignment, "now": tx.Now(),
	})
}

const takeBackCustodySQL = `
update sig.custody_change set taken_back_at = @now, taken_back_by = @by, reason_sealed = @reason
 where id = @id and taken_back_at is null and done_at is null and @now < at`

// TakeBackCustodyChange records that it does not come about, and why.
func (tx *Tx) TakeBackCustodyChange(ctx context.Context, id sig.CustodyChangeID, reasonSealed []byte) error {
	return tx.one(ctx, "take a change of custody back", takeBackCustodySQL, pgx.StrictNamedArgs{
		"id": id, "by": tx.Actor.Assignment, "reason": reasonSealed, "now": tx.Now(),
	})
}

const custodyDoneSQL = `update sig.custody_change set done_at = @now where id = @id and taken_back_at is null and done_at is null`

// CustodyChangeDone records that what came about has been seen to.
func (tx *Tx) CustodyChangeDone(ctx context.Context, id sig.CustodyChangeID) error {
	return tx.one(ctx, "note that custody has changed", custodyDoneSQL, pgx.StrictNamedArgs{"id": id, "now": tx.Now()})
}

const endGuardianAtSQL = `
update sig.guardianship set valid_to = @at where id = @id and valid_from <= @now and @at < valid_to`

// EndGuardianAt lets a guardianship in force end at an instant ahead; one that
// does not hold, or ends before then, answers pgx.ErrNoRows.
func (tx *Tx) EndGuardianAt(ctx context.Context, id sig.GuardianID, at time.Time) error {
	return tx.one(ctx, "let a guardianship end", endGuardianAtSQL, pgx.StrictNamedArgs{"id": id, "at": at, "now": tx.Now()})
}

const keepGuardianSQL = `update sig.guardianship set valid_to = @forever where id = @id and valid_to = @at and @now < @at`

const dropGuardianSQL = `update sig.guardianship set valid_to = valid_from where id = @id and valid_from = @at and @now < @at`

// UndoCustodyChange gives the guardianships the windows that they had before a
// change was recorded: one that was to begin never does.
func (tx *Tx) UndoCustodyChange(ctx context.Context, c CustodyChange) error {
	for id, statement := range map[sig.GuardianID]string{c.Ends: keepGuardianSQL, c.Begins: dropGuardianSQL} {
		if id.IsZero() {
			continue
		}
		args := pgx.StrictNamedArgs{"id": id, "at": c.At, "now": tx.Now()}
		if statement == keepGuardianSQL {
			args["forever"] = sig.Forever
		}
		if err := tx.one(ctx, "take a guardianship's change back", statement, args); err != nil {
			return err
		}
	}
	return nil
}

const carryUntilSQL = `update sig.consent set carried_until = @until where id = @id`

// CarryUntil writes from when a version waits for the signature of somebody who
// decides from then on; nil while no such instant is recorded.
func (tx *Tx) CarryUntil(c *Consent, until *time.Time) {
	tx.laterOne("write until when a consent is carried", carryUntilSQL, pgx.StrictNamedArgs{"id": c.ID, "until": until})
	c.CarriedUntil = until
}
