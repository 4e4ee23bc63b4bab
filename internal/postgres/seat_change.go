package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const seatsTakenSQL = `select authority, unit, function, holder, until from sig.seats_taken(@intervention)`

// SeatsTaken gives who takes part in an intervention now, seat by seat. It runs
// as a job.
func (tx *Tx) SeatsTaken(ctx context.Context, intervention sig.InterventionID) (map[sig.Seat]sig.SeatHolders, error) {
	rows, err := tx.Query(ctx, seatsTakenSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, wrap("list who sits in which seat", err)
	}
	out := map[sig.Seat]sig.SeatHolders{}
	err = each(rows, func() error {
		var seat sig.Seat
		var who string
		var until *time.Time
		if err := rows.Scan(&seat.Authority, &seat.Unit, &seat.Function, &who, &until); err != nil {
			return err
		}
		if out[seat] == nil {
			out[seat] = sig.SeatHolders{}
		}
		out[seat][who] = until
		return nil
	})
	return out, wrap("list who sits in which seat", err)
}

// SeatHeld is what a family was told last of a seat.
type SeatHeld struct {
	Authority sig.AuthorityID
	Unit      sig.UnitID // where it was then
	Function  sig.Function
	Holders   sig.SeatHolders
	ToldAt    time.Time
}

const seatsHeldSQL = `select authority, unit, function, holders, told_at from sig.seat_held where intervention = @intervention`

// SeatsHeld lists what a family was told last of each seat.
func (tx *Tx) SeatsHeld(ctx context.Context, intervention sig.InterventionID) ([]SeatHeld, error) {
	return collect[SeatHeld](ctx, tx, "list what was told of the seats", seatsHeldSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const (
	forgetSeatSQL = `
delete from sig.seat_held where intervention = @intervention and authority = @authority and unit = @unit and function = @function`
	holdSeatSQL = `
insert into sig.seat_held (intervention, authority, unit, function, holders, told_at)
values (@intervention, @authority, @unit, @function, @holders, @at)
on conflict on constraint seat_held_pk do update set holders = excluded.holders, told_at = excluded.told_at`
)

// ForgetSeat drops what was told of a seat that is named no more, or has moved.
func (tx *Tx) ForgetSeat(intervention sig.InterventionID, seat sig.Seat) {
	tx.later("forget a seat", forgetSeatSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "authority": seat.Authority, "unit": seat.Unit, "function": seat.Function,
	})
}

// HoldSeat notes who sits in a seat as the family knows from now on.
func (tx *Tx) HoldSeat(intervention sig.InterventionID, seat sig.Seat, holders sig.SeatHolders) error {
	if holders == nil {
		holders = sig.SeatHolders{}
	}
	text, err := json.Marshal(holders)
	if err != nil {
		return fmt.Errorf("write down who sits in a seat: %w", err)
	}
	tx.later("note who sits in a seat", holdSeatSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "authority": seat.Authority, "unit": seat.Unit, "function": seat.Function, "holders": string(text), "at": tx.Now(),
	})
	return nil
}

// SeatChange is one change as a family is told of it.
type SeatChange struct {
	ID        sig.SeatChangeID
	Authority sig.AuthorityID
	Unit      sig.UnitID // where the seat is now
	Function  sig.Function
	Kind      sig.SeatChangeKind
	Until     *time.Time
	At        time.Time
}

const insertSeatChangeSQL = `
insert into sig.seat_change (id, intervention, consent, authority, unit, function, kind, until, at)
values (@id, @intervention, @consent, @authority, @unit, @function, @kind, @until, @at)`

// InsertSeatChange keeps one.
func (tx *Tx) InsertSeatChange(i sig.InterventionID, consent sig.ConsentID, c SeatChange) {
	tx.later("keep a change of a seat", insertSeatChangeSQL, pgx.StrictNamedArgs{
		"id": c.ID, "intervention": i, "consent": consent, "authority": c.Authority, "unit": c.Unit, "function": c.Function,
		"kind": string(c.Kind), "until": c.Until, "at": tx.Now(),
	})
}

const seatChangesSQL = `
select s.id, s.authority, sig.current_unit(s.unit, s.function, @at, s.at) as unit, s.function, s.kind, s.until, s.at
  from sig.seat_change s where s.intervention = @intervention
 order by s.at desc, s.authority, s.function, s.id limit 50`

// SeatChanges lists the newest, to one of the family.
func (tx *Tx) SeatChanges(ctx context.Context, intervention sig.InterventionID) ([]SeatChange, error) {
	return collect[SeatChange](ctx, tx, "list how seats changed hands", seatChangesSQL,
		pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}

const boardFunctionsSQL = `select unnest(sig.board_functions(@intervention))`

// BoardFunctions lists which functions of the board work with a case, to one of
// the family; to anybody else none.
func (tx *Tx) BoardFunctions(ctx context.Context, intervention sig.InterventionID) ([]sig.Function, error) {
	rows, err := tx.Query(ctx, boardFunctionsSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, fmt.Errorf("list the board's functions: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[sig.Function])
}

const ringForSeatsSQL = `select sig.ring_for_seats(p.intervention)
  from (select distinct p.intervention from sig.participation p where p.assignment = @assignment order by 1) p`

// RingForSeats has the seats looked at in which an assignment takes part, or took
// part until now. It runs as a job.
func (tx *Tx) RingForSeats(assignment uuid.UUID) {
	tx.later("ring for the seats", ringForSeatsSQL, pgx.StrictNamedArgs{"assignment": assignment})
}
