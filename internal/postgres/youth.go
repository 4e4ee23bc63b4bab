package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Youth is one authority's own record of a young person, without the number.
type Youth struct {
	ID         sig.YouthID
	Authority  sig.AuthorityID
	Name       string
	BirthDate  sig.Date
	Protection sig.Protection
}

// YouthDates are the dates that jobs may know of a young person.
type YouthDates struct {
	ID         sig.YouthID
	BirthDate  sig.Date
	Protection sig.Protection
}

const youthDatesSQL = `select id, birth_date, protection from sig.youth where id = @id`

// YouthDates reads what a job may know of a young person.
func (tx *Tx) YouthDates(ctx context.Context, id sig.YouthID) (YouthDates, error) {
	return collectOne[YouthDates](ctx, tx, "read a youth's dates", youthDatesSQL, pgx.StrictNamedArgs{"id": id})
}

const insertYouthSQL = `
insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, protection, contact_sealed, created_at)
values (@id, @authority, @name, @birth_date, @pin_hash, @pin_sealed, @protection, @contact, @at)`

// InsertYouth writes the authority's record of a young person.
func (tx *Tx) InsertYouth(ctx context.Context, y Youth, pinHash, pinSealed, contactSealed []byte) error {
	return tx.one(ctx, "insert a youth", insertYouthSQL, pgx.StrictNamedArgs{
		"id": y.ID, "authority": y.Authority, "name": y.Name, "birth_date": y.BirthDate, "pin_hash": pinHash,
		"pin_sealed": pinSealed, "protection": y.Protection, "contact": contactSealed, "at": tx.Now(),
	})
}

const setProtectionSQL = `update sig.youth set protection = @protection where id = @id`

// SetProtection marks a young person's data as protected, or no longer; a mark
// reaches every board's record of the same person.
func (tx *Tx) SetProtection(ctx context.Context, id sig.YouthID, p sig.Protection) error {
	return tx.one(ctx, "set the protection of a youth", setProtectionSQL, pgx.StrictNamedArgs{"id": id, "protection": p})
}

const markProtectedSQL = `update sig.youth set protection = @protection where id = @id and protection = 'none'`

// MarkProtected marks a young person whom nobody had marked; false where
// somebody had.
func (tx *Tx) MarkProtected(ctx context.Context, id sig.YouthID, p sig.Protection) (bool, error) {
	done, err := tx.Exec(ctx, markProtectedSQL, pgx.StrictNamedArgs{"id": id, "protection": p})
	return done.RowsAffected() > 0, wrap("mark a youth as protected", err)
}

// Guardian is one verified guardianship, without the number.
type Guardian struct {
	ID        sig.GuardianID
	Youth     sig.YouthID
	Authority sig.AuthorityID
	Name      string
	Kind      string // parent or appointed
	Custody   string // joint or sole
	From, To  time.Time
}

// Span is what deciding who signs needs of a guardianship.
func (g Guardian) Span() sig.Guardianship { return sig.Guardianship{ID: g.ID, From: g.From, To: g.To} }

const guardianshipsSQL = `
select id, valid_from as "from", valid_to as "to" from sig.guardianship where youth = @youth order by valid_from, id`

// Guardianships lists the spans of a youth's guardianships, without names: for
// jobs.
func (tx *Tx) Guardianships(ctx context.Context, youth sig.YouthID) ([]sig.Guardianship, error) {
	return collect[sig.Guardianship](ctx, tx, "list guardianships", guardianshipsSQL, pgx.StrictNamedArgs{"youth": youth})
}

const insertGuardianSQL = `
insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, kind, custody, contact_sealed, source, verified_on, valid_from)
values (@id, @youth, @authority, @name, @pin_hash, @pin_sealed, @kind, @custody, @contact, @source, @verified_on, @from)`

// InsertGuardian records a guardianship as verified from a source on a day.
func (tx *Tx) InsertGuardian(
	ctx context.Context, g Guardian, source string, verifiedOn sig.Date, pinHash, pinSealed, contactSealed []byte,
) error {
	return tx.one(ctx, "insert a guardianship", insertGuardianSQL, pgx.StrictNamedArgs{
		"id": g.ID, "youth": g.Youth, "authority": g.Authority, "name": g.Name, "pin_hash": pinHash,
		"pin_sealed": pinSealed, "kind": g.Kind, "custody": g.Custody, "contact": contactSealed,
		"source": source, "verified_on": verifiedOn, "from": g.From,
	})
}

const endGuardianSQL = `
update sig.guardianship set valid_to = @at where id = @id and valid_from < @at and @at < valid_to`

// EndGuardian ends a guardianship at the transaction's instant; one that does
// not hold any more answers pgx.ErrNoRows.
func (tx *Tx) EndGuardian(ctx context.Context, id sig.GuardianID) error {
	return tx.one(ctx, "end a guardianship", endGuardianSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
}

const setCustodySQL = `
update sig.guardianship g set custody = case when (select count(*) from sig.guardianship o
         where o.youth = @youth and o.valid_from <= @at and @at < o.valid_to) > 1 then 'joint' else 'sole' end
 where g.youth = @youth and g.valid_from <= @at and @at < g.valid_to`

// SetCustody writes whether those who decide for a youth now do so together or
// one alone.
func (tx *Tx) SetCustody(ctx context.Context, youth sig.YouthID) error {
	if _, err := tx.Exec(ctx, setCustodySQL, pgx.StrictNamedArgs{"youth": youth, "at": tx.Now()}); err != nil {
		return wrap("set the kind of custody", err)
	}
	return nil
}

const insertPreventedSQL = `
insert into sig.guardian_prevented (id, guardianship, intervention, reason_sealed, recorded_by, valid_from, valid_to)
values (@id, @guardian, @intervention, @reason, @by, @at, @to)`

// InsertPrevented records that a guardian is kept from deciding until an instant.
func (tx *Tx) InsertPrevented(ctx context.Context, id uuid.UUID, guardian sig.GuardianID, intervention sig.InterventionID, reasonSealed []byte, to time.Time) error {
	return tx.one(ctx, "record that a guardian is prevented", insertPreventedSQL, pgx.StrictNamedArgs{
		"id": id, "guardian": guardian, "intervention": intervention, "reason": reasonSealed, "by": tx.Actor.Assignment, "at": tx.Now(), "to": to,
	})
}

const endPreventedSQL = `
update sig.guardian_prevented set valid_to = @at where guardianship = @guardian and valid_from <= @at and @at < valid_to`

// EndPrevented records that a guardian decides again; false where the guardian
// was not kept from it.
func (tx *Tx) EndPrevented(ctx context.Context, guardian sig.GuardianID) (bool, error) {
	tag, err := tx.Exec(ctx, endPreventedSQL, pgx.StrictNamedArgs{"guardian": guardian, "at": tx.Now()})
	if err != nil {
		return false, wrap("record that a guardian decides again", err)
	}
	return tag.RowsAffected() > 0, nil
}

const guardianKnownSQL = `
select exists (select from sig.guardianship
 where youth = @youth and pin_hash = @pin_hash and valid_from < valid_to and @at < valid_to)`

// GuardianKnown reports whether the board holds a guardianship of this number
// for the youth that is in force after an instant.
func (tx *Tx) GuardianKnown(ctx context.Context, youth sig.YouthID, pinHash []byte, at time.Time) (bool, error) {
	var known bool
	err := tx.QueryRow(ctx, guardianKnownSQL, pgx.StrictNamedArgs{"youth": youth, "pin_hash": pinHash, "at": at}).Scan(&known)
	if err != nil {
		return false, wrap("look for a guardianship", err)
	}
	return known, nil
}
