package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const copyFactsSQL = `
select r.id, r.intervention, r.item, r.authority, r.unit, r.function, r.sender_authority, r.sender_unit, r.sender_function,
       r.basis, r.categories, r.received_at, r.cut_at, r.registrar_until, r.deleted_at is not null
  from sig.received r
 where r.id = @id and r.intervention = @intervention`

// CopyFacts is what a decision about a copy rests on, and whether its text has
// been deleted: no text comes with it, so no ledger row is written. Whoever the
// second wall keeps from the copy is answered pgx.ErrNoRows.
func (tx *Tx) CopyFacts(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID) (Received, bool, error) {
	var r Received
	var deleted bool
	err := tx.QueryRow(ctx, copyFactsSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention}).Scan(
		&r.ID, &r.Intervention, &r.Item, &r.Recipient.Authority, &r.Recipient.Unit, &r.Recipient.Function,
		&r.Sender.Authority, &r.Sender.Unit, &r.Sender.Function, &r.Basis, &r.Categories, &r.ReceivedAt,
		&r.CutAt, &r.RegistrarUntil, &deleted)
	if err != nil {
		return Received{}, false, fmt.Errorf("read the facts of a copy: %w", err)
	}
	return r, deleted, nil
}

// The places that somebody fills in a case are found as sig.my_seats finds the
// actor's own: an ended assignment, or a part given in another office than the
// one now held, fills nothing.
const placesInCaseSQL = `
select p.authority, o.kind, o.public_body, b.id, b.independent, b.regime, u.id, p.function, sig.assignment_districts(a.id)
  from sig.participation p
  join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= @at and @at < a.valid_to
  join sig.unit u on u.id = sig.current_unit(p.unit, p.function, @at, p.valid_from) and u.authority = p.authority
  join sig.branch b on b.id = u.branch
  join sig.authority o on o.id = p.authority
 where p.intervention = @intervention and p.assignment = @assignment and p.meeting is null and p.valid_from <= @at and @at < p.valid_to
   and (p.stand_in_for is not null or (a.function = p.function and sig.current_unit(a.unit, a.function, @at, a.valid_from) = u.id))
 order by p.function, u.id`

// PlacesInCase lists the places that an assignment fills in a case now, beyond a
// meeting to which it comes in somebody's place; none means that it takes no
// part. Only a system actor sees everybody's.
func (tx *Tx) PlacesInCase(ctx context.Context, intervention sig.InterventionID, assignment sig.AssignmentID) ([]sig.Place, error) {
	rows, err := tx.Query(ctx, placesInCaseSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "assignment": assignment, "at": tx.Now(),
	})
	if err != nil {
		return nil, fmt.Errorf("list the places of an assignment: %w", err)
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (sig.Place, error) { return scanPlace(row) })
	if err != nil {
		return nil, fmt.Errorf("list the places of an assignment: %w", err)
	}
	return places, nil
}
