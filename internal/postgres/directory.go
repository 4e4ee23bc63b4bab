package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const districtsSQL = `select id, name from sig.district order by id`

const providersSQL = `
select issuer, kind, coalesce(staff_claim, '') as staff_claim
  from sig.identity_provider order by issuer`

const authoritiesSQL = `
select id, kind, name, coalesce(municipality, '') as municipality, districts, public_body
  from sig.authority order by id`

const branchesSQL = `
select id, authority, name, regime, independent, independent_on,
       coalesce(independent_reference, '') as independent_reference
  from sig.branch order by id`

const unitsSQL = `select id, branch, authority, name, districts from sig.unit order by id`

const movesSQL = `
select authority, function, from_unit as "from", to_unit as "to", moved_at as at
  from sig.function_move order by moved_at, from_unit, function`

// assignmentColumns turns infinity, which Go's time does not know, into the
// end that sig.Forever stands for.
const assignmentColumns = assignmentWho + `, a.unit, ` + assignmentRest

// seatedColumns are the same with the unit in which the assignment sits at the
// instant @at, after the moves that the directory has recorded.
const seatedColumns = assignmentWho + `, sig.current_unit(a.unit, a.function, @at, a.valid_from) as unit, ` + assignmentRest

const (
	assignmentWho = `
       a.id, a.person, a.staff_issuer as issuer, a.staff_key, a.name, coalesce(a.email, '') as email`
	assignmentRest = `
       a.authority, a.function, a.districts, a.leads, a.valid_from as "from",
       least(a.valid_to, '9999-12-31 00:00:00+00') as "to"`
)

const assignmentsSQL = `select ` + assignmentColumns + ` from sig.assignment a
 order by a.authority, a.unit, a.function, a.staff_issuer, a.staff_key, a.valid_from`

// Organisations reads authorities, branches, units, districts, providers and
// moves; no people. It is one snapshot for the transaction that asks, and is
// thrown away with it.
func (tx *Tx) Organisations(ctx context.Context) (*sig.Directory, error) {
	return organisations(ctx, tx)
}

// Organisations are those of Tx.Organisations for whoever asks: the words of a
// page, which nobody decides by.
func (db *DB) Organisations(ctx context.Context) (*sig.Directory, error) {
	d, err := organisations(ctx, db.pool)
	if err != nil {
		return nil, unavailable(err)
	}
	return d, nil
}

func organisations(ctx context.Context, from interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
},
) (*sig.Directory, error) {
	var d sig.Directory
	batch := &pgx.Batch{}
	queueRows(batch, districtsSQL, &d.Districts)
	queueRows(batch, providersSQL, &d.Providers)
	queueRows(batch, authoritiesSQL, &d.Authorities)
	queueRows(batch, branchesSQL, &d.Branches)
	queueRows(batch, unitsSQL, &d.Units)
	queueRows(batch, movesSQL, &d.Moves)
	if err := from.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the directory's organisations: %w", err)
	}
	return &d, nil
}

// WholeDirectory is Organisations with every assignment there ever was: for
// the import, which compares it with a file.
func (tx *Tx) WholeDirectory(ctx context.Context) (*sig.Directory, error) {
	d, err := tx.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	batch := &pgx.Batch{}
	queueRows(batch, assignmentsSQL, &d.Assignments)
	queueRows(batch, schoolSQL, &d.School)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the directory's assignments: %w", err)
	}
	return d, nil
}

// queueRows adds a query to a batch and collects its rows by column name.
func queueRows[T any](batch *pgx.Batch, sql string, into *[]T, args ...any) {
	batch.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		var err error
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}

// collect runs a query with named arguments and collects its rows by name.
func collect[T any](ctx context.Context, tx *Tx, doing, sql string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return list, nil
}

const holdersSQL = `
select ` + seatedColumns + `
  from sig.assignment a
 where a.authority = (select authority from sig.unit where id = @unit)
   and a.function = @function
   and a.valid_from <= @at and @at < a.valid_to
   and sig.current_unit(a.unit, a.function, @at, a.valid_from) = @unit
 order by a.name, a.id`

// Holders lists who sits in a function of a unit at an instant, moves followed.
// It is the answer to "Vem ser detta?": that somebody sits there does not mean
// that they take part in any case.
func (tx *Tx) Holders(ctx context.Context, unit sig.UnitID, function sig.Function, at time.Time) ([]sig.Assignment, error) {
	return collect[sig.Assignment](ctx, tx, "list who sits in a function", holdersSQL,
		pgx.StrictNamedArgs{"unit": unit, "function": function, "at": at})
}

const leadsSQL = `
select ` + seatedColumns + `
  from sig.assignment a
 where a.authority = (select authority from sig.unit where id = @unit)
   and @function = any (a.leads)
   and a.valid_from <= @at and @at < a.valid_to
   and sig.current_unit(a.unit, @function, @at, a.valid_from) = @unit
 order by a.name, a.id`

// Leads lists who sets participation for a function of a unit at an instant: the
// same people whom sig.led_seats lets do it.
func (tx *Tx) Leads(ctx context.Context, unit sig.UnitID, function sig.Function, at time.Time) ([]sig.Assignment, error) {
	return collect[sig.Assignment](ctx, tx, "list the leads of a function", leadsSQL,
		pgx.StrictNamedArgs{"unit": unit, "function": function, "at": at})
}

const officeSQL = `
select ` + seatedColumns + `
  from sig.assignment a
 where a.authority = @authority and a.function = @function
   and a.valid_from <= @at and @at < a.valid_to
 order by a.name, a.id`

// Office lists who holds a function anywhere in an authority at an instant:
// its registrars, its log reviewers, its administrators.
func (tx *Tx) Office(ctx context.Context, authority sig.AuthorityID, function sig.Function, at time.Time) ([]sig.Assignment, error) {
	return collect[sig.Assignment](ctx, tx, "list an authority's office", officeSQL,
		pgx.StrictNamedArgs{"authority": authority, "function": function, "at": at})
}

const assignmentsOfSameSQL = `
select other.id from sig.assignment one join sig.assignment other
    on (other.staff_issuer, other.staff_key) = (one.staff_issuer, one.staff_key) or other.person = one.person
 where one.id = @id`

// SameOfficer lists every assignment of the person behind one, that one too, as far as
// the actor may see: two officers are two persons.
func (tx *Tx) SameOfficer(ctx context.Context, id sig.AssignmentID) ([]sig.AssignmentID, error) {
	rows, err := tx.Query(ctx, assignmentsOfSameSQL, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list a person's assignments: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[sig.AssignmentID])
}

const assignmentSQL = `select ` + seatedColumns + ` from sig.assignment a where a.id = @id`

// Assignment finds one assignment, ended ones too, in the unit where it sits at
// the transaction's instant; pgx.ErrNoRows when there is none, which Do turns
// into NotFound.
func (tx *Tx) Assignment(ctx context.Context, id sig.AssignmentID) (sig.Assignment, error) {
	rows, err := tx.Query(ctx, assignmentSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
	if err != nil {
		return sig.Assignment{}, fmt.Errorf("find an assignment: %w", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[sig.Assignment])
	if err != nil {
		return sig.Assignment{}, fmt.Errorf("find an assignment: %w", err)
	}
	return a, nil
}

// HeldSeat is a function in a unit in which somebody sits.
type HeldSeat struct {
	Unit     sig.UnitID
	Function sig.Function
}

const heldSeatsSQL = `
select distinct sig.current_unit(a.unit, a.function, @at, a.valid_from) as unit, a.function
  from sig.assignment a
 where a.valid_from <= @at and @at < a.valid_to
 order by 1, 2`

// HeldSeats lists the functions in units in which somebody sits at an instant.
func (tx *Tx) HeldSeats(ctx context.Context, at time.Time) ([]HeldSeat, error) {
	return collect[HeldSeat](ctx, tx, "list the held seats", heldSeatsSQL, pgx.StrictNamedArgs{"at": at})
}
