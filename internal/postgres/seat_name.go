package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// SeatName is a registrar's decision that families are shown a name.
type SeatName struct {
	ID              sig.SeatNameID
	Authority       sig.AuthorityID
	Unit            sig.UnitID // where the function sits now
	Function        sig.Function
	Assignment      *sig.AssignmentID // nil: whoever takes part there
	Holder          string            // that one's name
	DecidedAt       time.Time
	EndedAt         *time.Time
	ReasonSealed    []byte
	EndReasonSealed []byte
}

const seatNamesSQL = `
select d.id, d.authority, sig.current_unit(d.unit, d.function, @at, d.decided_at) as unit, d.function, d.assignment, coalesce(a.name, '') as holder,
       d.decided_at, d.ended_at, d.reason_sealed, d.end_reason_sealed
  from sig.seat_name d left join sig.assignment a on a.id = d.assignment
 where d.authority = @authority
 order by d.ended_at is not null, d.decided_at desc, d.id limit 200`

// SeatNames lists an authority's decisions, those in force first.
func (tx *Tx) SeatNames(ctx context.Context, authority sig.AuthorityID) ([]SeatName, error) {
	return collect[SeatName](ctx, tx, "list decisions about names", seatNamesSQL,
		pgx.StrictNamedArgs{"authority": authority, "at": tx.Now()})
}

const insertSeatNameSQL = `
insert into sig.seat_name (id, authority, unit, function, assignment, reason_sealed, decided_by, decided_at)
values (@id, @authority, @unit, @function, @assignment, @reason, @by, @at)
on conflict (unit, function, coalesce(assignment, '00000000-0000-0000-0000-000000000000')) where ended_at is null do nothing`

// InsertSeatName keeps a decision; it reports whether there was none such.
func (tx *Tx) InsertSeatName(ctx context.Context, d SeatName, holder sig.AssignmentID) (bool, error) {
	tag, err := tx.Exec(ctx, insertSeatNameSQL, pgx.StrictNamedArgs{
		"id": d.ID, "authority": d.Authority, "unit": d.Unit, "function": d.Function, "assignment": orNull(holder),
		"reason": d.ReasonSealed, "by": tx.Actor.Assignment, "at": tx.Now(),
	})
	if err != nil {
		return false, wrap("keep a decision about a name", err)
	}
	return tag.RowsAffected() == 1, nil
}

const endSeatNameSQL = `
update sig.seat_name set end_reason_sealed = @reason, ended_by = @by, ended_at = @at where id = @id and ended_at is null`

// EndSeatName takes a decision back at the transaction's instant.
func (tx *Tx) EndSeatName(ctx context.Context, id sig.SeatNameID, reason []byte) error {
	return tx.one(ctx, "take a decision about a name back", endSeatNameSQL, pgx.StrictNamedArgs{
		"id": id, "reason": reason, "by": tx.Actor.Assignment, "at": tx.Now(),
	})
}

// FamilySeat is one who sits in a seat that a family's consent names.
type FamilySeat struct {
	Authority  sig.AuthorityID
	Unit       sig.UnitID
	Function   sig.Function
	Assignment sig.AssignmentID
	StandIn    bool
	Until      *time.Time
	Name       *string // nil where it is not shown
}

// Seat is the seat itself.
func (s *FamilySeat) Seat() sig.Seat {
	return sig.Seat{Authority: s.Authority, Unit: s.Unit, Function: s.Function}
}

const (
	familySeatsSQL = `
select authority, unit, function, assignment, stand_in, until, name from sig.family_seats(@intervention)
 order by authority, unit, function, stand_in, until, name, assignment`
	seatNamesInForceSQL = `
select d.authority, sig.current_unit(d.unit, d.function, @at, d.decided_at), d.function,
       coalesce(d.assignment, '00000000-0000-0000-0000-000000000000')
  from sig.seat_name d where d.ended_at is null and d.authority = any (@authorities)`
)

// FamilySeats lists, to a guardian or the young person, who sits in the seats that
// the consent in force names as recipients.
func (tx *Tx) FamilySeats(ctx context.Context, intervention sig.InterventionID) ([]FamilySeat, error) {
	return collect[FamilySeat](ctx, tx, "list who sits in a consent's seats", familySeatsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

// SeatNamesInForce lists the decisions that hold now in some authorities. It runs
// inside AsSystem.
func (tx *Tx) SeatNamesInForce(ctx context.Context, authorities []sig.AuthorityID) ([]sig.SeatName, error) {
	rows, err := tx.Query(ctx, seatNamesInForceSQL, pgx.StrictNamedArgs{"authorities": list(authorities), "at": tx.Now()})
	if err != nil {
		return nil, wrap("list the decisions about names", err)
	}
	var out []sig.SeatName
	err = each(rows, func() error {
		var d sig.SeatName
		err := rows.Scan(&d.Seat.Authority, &d.Seat.Unit, &d.Seat.Function, &d.Holder)
		out = append(out, d)
		return err
	})
	return out, wrap("list the decisions about names", err)
}
