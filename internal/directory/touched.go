package directory

import (
	"context"
	"fmt"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// inForce are one intervention's rows in force, as an import asks about them.
type inForce struct{ postgres.CaseRows }

func rowsInForce(ctx context.Context, tx *postgres.Tx) ([]inForce, error) {
	cases, err := tx.RowsInForce(ctx)
	list := make([]inForce, len(cases))
	for n := range cases {
		list[n].CaseRows = cases[n]
	}
	return list, err
}

// naming lists the rows that name a seat at an instant and would last longer.
func (c *inForce) naming(moves *sig.Directory, seat sig.Seat, at time.Time) []sig.Grant {
	is := func(written sig.Seat) bool {
		written.Unit = moves.CurrentUnit(written.Unit, written.Function, at, time.Time{})
		return written == seat
	}
	var rows []sig.Grant
	for _, g := range c.Rows {
		if g.To.After(at) && (is(g.Discloser) || is(g.Recipient)) {
			rows = append(rows, g)
		}
	}
	return rows
}

// touched is an intervention of which rows end earlier, or later, than they did.
type touched struct {
	postgres.CaseRows
	stays bool // a function that was to leave stays after all
	on    sig.Date
}

// touches works out of which interventions a plan changes who may see something:
// those with rows that name a function which leaves its authority, or stays.
func (p *Plan) touches(ctx context.Context, tx *postgres.Tx, have *sig.Directory) error {
	p.touched = nil
	inside := p.after(have).Inside()
	var ask []touched
	var seats []sig.FunctionMove
	for _, m := range p.write.Moves {
		if crosses(m, inside) {
			ask, seats = append(ask, touched{}), append(seats, m)
		}
	}
	for _, m := range p.dropped {
		ask, seats = append(ask, touched{stays: true, on: sig.DateOf(m.At)}), append(seats, m)
	}
	if len(ask) == 0 {
		return nil
	}
	cases, err := rowsInForce(ctx, tx)
	if err != nil {
		return err
	}
	for n, m := range seats {
		seat := sig.Seat{Authority: m.Authority, Unit: m.From, Function: m.Function}
		for _, c := range cases {
			if rows := c.naming(inside, seat, m.At); len(rows) > 0 {
				one := ask[n]
				one.CaseRows = c.CaseRows
				one.Rows = rows
				p.touched = append(p.touched, one)
			}
		}
	}
	return nil
}

// undecided refuses to guess whether a function goes with its people.
func (p *Plan) undecided(file *File) error {
	var problems Problems
	for _, b := range p.Breaks {
		if b.Asks {
			problems = append(problems, Problem{File: file.Name, Line: 1, Text: fmt.Sprintf(
				"%s of %s goes to %s from %s on, and consents name it: say under function_moves that the function goes with its people, or under vacancies that it stays",
				b.Seat.Function, b.Seat.Unit, keys(b.To), instant(b.At))})
		}
	}
	return problems.err()
}
