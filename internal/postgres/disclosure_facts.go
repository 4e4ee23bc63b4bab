package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// DisclosureFacts are what telling somebody an item is decided from, as far as
// the actor may see them.
type DisclosureFacts struct {
	Case     CaseFacts
	Item     *Item // nil when there is none for the actor
	Concerns []Concern
	Seats    map[sig.Seat]SeatFacts // of the seats that were asked about
	Earlier  map[sig.DisclosureID]Disclosure
}

// SeatFacts are where a seat is and who sits there today. A seat that is not
// in the directory has the zero Place.
type SeatFacts struct {
	Place  sig.Place
	People []Seated
}

// Readers are those who take part, and read what the seat receives at once.
func (f SeatFacts) Readers() []Seated {
	var list []Seated
	for _, p := range f.People {
		if p.Participates {
			list = append(list, p)
		}
	}
	return list
}

const disclosuresByIDSQL = `select ` + disclosureColumns + `
  from sig.disclosure d where d.intervention = @intervention and d.id = any (@ids)`

// DisclosureFacts reads them in one round trip, with those of the disclosures
// that exist already. An intervention that the actor may not see answers
// pgx.ErrNoRows.
func (tx *Tx) DisclosureFacts(
	ctx context.Context, intervention sig.InterventionID, item sig.ItemID, seats []sig.Seat, earlier []sig.DisclosureID,
) (*DisclosureFacts, error) {
	f := &DisclosureFacts{Seats: map[sig.Seat]SeatFacts{}, Earlier: map[sig.DisclosureID]Disclosure{}}
	b := &pgx.Batch{}
	QueueCaseFacts(b, intervention, &f.Case)
	b.Queue(itemSQL, pgx.StrictNamedArgs{"item": item, "intervention": intervention}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			it, err := scanItem(rows)
			f.Item = &it
			return err
		})
	})
	b.Queue(concernsSQL, pgx.StrictNamedArgs{"item": item}).Query(func(rows pgx.Rows) (err error) {
		f.Concerns, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Concern])
		return err
	})
	queueSeats(b, intervention, seats, f.Seats)
	if len(earlier) > 0 {
		b.Queue(disclosuresByIDSQL, pgx.StrictNamedArgs{"intervention": intervention, "ids": earlier}).Query(func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, scanDisclosure)
			for _, d := range list {
				f.Earlier[d.ID] = d
			}
			return err
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read the facts of a disclosure: %w", err)
	}
	return f, nil
}

// SeatsInCase reads where seats are, who sits there today and who of them
// takes part, in one round trip.
func (tx *Tx) SeatsInCase(ctx context.Context, intervention sig.InterventionID, seats ...sig.Seat) (map[sig.Seat]SeatFacts, error) {
	found := map[sig.Seat]SeatFacts{}
	if len(seats) == 0 {
		return found, nil
	}
	b := &pgx.Batch{}
	queueSeats(b, intervention, seats, found)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("look up seats: %w", err)
	}
	return found, nil
}

const seatedInCaseSQL = `select assignment, name, participates from sig.seated_now(@authority, @unit, @function, @intervention) order by name, assignment`

// Seated is somebody who sits in a function today.
type Seated struct {
	Assignment   sig.AssignmentID
	Name         string
	Participates bool
}

func queueSeats(b *pgx.Batch, intervention sig.InterventionID, seats []sig.Seat, into map[sig.Seat]SeatFacts) {
	for _, seat := range seats {
		b.Queue(seatPlaceSQL, pgx.StrictNamedArgs{"unit": seat.Unit, "function": seat.Function}).Query(func(rows pgx.Rows) error {
			return each(rows, func() error {
				place, err := scanPlace(rows)
				into[seat] = SeatFacts{Place: place}
				return err
			})
		})
		b.Queue(seatedInCaseSQL, pgx.StrictNamedArgs{
			"authority": seat.Authority, "unit": seat.Unit, "function": seat.Function, "intervention": intervention,
		}).Query(func(rows pgx.Rows) (err error) {
			facts := into[seat]
			facts.People, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Seated])
			into[seat] = facts
			return err
		})
	}
}
