package meeting

import (
	"context"
	"errors"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// request is the question about a point, before it is known who asks.
func (m *matter) request(action policy.Action, about policy.Meeting) *policy.Request {
	return &policy.Request{
		Action: action, Now: m.tx.Now(), Case: m.facts.State,
		Actor:     policy.Actor{Kind: m.tx.Actor.Kind, InForce: true, Participates: true, InOffice: m.facts.Office.Holds(m.tx.Actor.Session, m.tx.Now())},
		Consent:   policy.Consent{State: m.facts.ConsentState, Grants: m.facts.Rows(), Exclusions: m.facts.Exclusions, Alone: m.facts.Alone},
		Directory: policy.Directory{Moves: m.facts.Moves, Units: m.facts.Units},
		Officer:   policy.Officer{Protected: m.facts.Protected},
		Meeting:   about,
	}
}

// about is a point of an agenda, with its host and its teller where they sit now.
func about(host, teller sig.Place, p sig.AgendaPoint, start time.Time) policy.Meeting {
	return policy.Meeting{Host: host, Teller: teller, Category: p.Category, Start: start, FamilyAlone: p.FamilyAlone}
}

// current is a written-down seat where its function sits now.
func (m *matter) current(s sig.Seat) sig.Seat { return m.facts.Current(s, m.tx.Now()) }

// place is a seat as the directory has it now; one that the directory does not
// know under that authority is nobody's, and no row names it.
func (m *matter) place(ctx context.Context, seat sig.Seat) (sig.Place, error) {
	seat = m.current(seat)
	p, err := m.tx.PlaceOf(ctx, seat.Unit, seat.Function)
	switch {
	case errors.Is(err, postgres.ErrNoRows), err == nil && p.Authority != seat.Authority:
		return sig.Place{Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function}, nil
	case err != nil:
		return sig.Place{}, err
	}
	return p, nil
}

// recipient is a function that might be called, with whether anybody there
// takes part.
func (m *matter) recipient(ctx context.Context, seat sig.Seat) (policy.Recipient, []postgres.Seated, error) {
	place, err := m.place(ctx, seat)
	if err != nil {
		return policy.Recipient{}, nil, err
	}
	seat = place.Seat()
	found, err := m.tx.SeatsInCase(ctx, m.facts.Intervention, seat)
	if err != nil {
		return policy.Recipient{}, nil, err
	}
	taking := found[seat].Readers()
	return policy.Recipient{Place: place, Participates: len(taking) > 0}, taking, nil
}
