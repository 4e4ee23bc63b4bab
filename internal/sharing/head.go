package sharing

import (
	"context"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Head is what every page about a case begins with.
type Head struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Board        sig.AuthorityID
	State        sig.InterventionState
	Now          time.Time
	Seats        []sig.Seat // those that the actor fills here now
	// Tells are the categories that a row of the consent lets one of these
	// seats tell somebody now: what a form names first.
	Tells []sig.Category
}

// OnBoard reports whether the actor takes part for the board whose case it is.
func (h *Head) OnBoard() bool { return len(h.Seats) > 0 && h.Seats[0].Authority == h.Board }

// Live reports whether anything can still be written and told here.
func (h *Head) Live() bool { return !h.State.Ended() }

// Head answers who takes part in a case, and nobody else.
func (s *Service) Head(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Head, error) {
	var out *Head
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		facts, err := participantsFacts(ctx, tx, intervention)
		if err != nil {
			return err
		}
		head := headOf(tx, facts)
		out = &head
		return nil
	})
	return out, err
}

// participantsFacts are the facts for somebody of the staff who takes part;
// everybody else is answered as if there were no such case.
func participantsFacts(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID) (*postgres.CaseFacts, error) {
	entry := ledger.Entry{Kind: ledger.ReadIntervention, Intervention: intervention}
	facts, err := factsOf(ctx, tx, intervention, entry)
	if err != nil {
		return nil, err
	}
	if len(facts.Seats) == 0 {
		return nil, tx.RefuseMissing(entry)
	}
	return facts, nil
}

func headOf(tx *postgres.Tx, facts *postgres.CaseFacts) Head {
	h := Head{
		Intervention: facts.Intervention, CaseNumber: facts.CaseNumber, YouthName: facts.YouthName,
		Board: facts.Board, State: facts.State, Now: tx.Now(),
	}
	if tx.Actor.Authority != facts.Board {
		h.State = h.State.Outside()
	}
	for _, place := range facts.Seats {
		h.Seats = append(h.Seats, place.Seat())
	}
	for _, p := range partsOf(tx, facts) {
		if p.Tells && p.State == "may" {
			h.Tells = append(h.Tells, p.Categories...)
		}
	}
	return h
}
