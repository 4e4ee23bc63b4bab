package question

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

func (s *Service) telling() *sharing.Service { return &sharing.Service{DB: s.DB, Sealer: s.Sealer} }

// matter is what an act about a question is decided from.
type matter struct {
	tx    *postgres.Tx
	facts *postgres.CaseFacts
	seats map[sig.Seat]postgres.SeatFacts // of the seats that were asked about
	entry ledger.Entry
}

// begin reads the facts of a case for somebody who takes part in it; nobody
// else learns that there is one.
func begin(ctx context.Context, tx *postgres.Tx, entry ledger.Entry) (*matter, error) {
	facts, err := tx.CaseFacts(ctx, entry.Intervention)
	if errors.Is(err, postgres.ErrNoRows) || err == nil && (len(facts.Seats) == 0 || tx.Actor.Kind != sig.ActorStaff) {
		return nil, tx.RefuseMissing(entry)
	}
	return &matter{tx: tx, facts: facts, entry: entry}, err
}

// look reads where seats are now and who sits there.
func (m *matter) look(ctx context.Context, seats ...sig.Seat) (err error) {
	m.seats, err = m.tx.SeatsInCase(ctx, m.facts.Intervention, seats...)
	return err
}

// mine is the place in which the actor fills a seat.
func (m *matter) mine(seat sig.Seat) (sig.Place, bool) {
	seat = m.facts.Current(seat, m.tx.Now())
	i := slices.IndexFunc(m.facts.Seats, func(p sig.Place) bool { return p.Seat() == seat })
	if i < 0 {
		return sig.Place{}, false
	}
	return m.facts.Seats[i], true
}

// mayAsk asks the policy whether the actor's seat may ask a function in a
// category until an end. The officer's own answers are taken as given here;
// putting the question asks for them.
func (m *matter) mayAsk(from sig.Place, asked sig.Seat, about sig.Category, ends time.Time) policy.Decision {
	to := m.seats[asked]
	if to.Place.Authority != asked.Authority { // an unknown unit is one that no row names
		return policy.Decision{Reason: policy.NoGrantToRecipient}
	}
	return policy.Decide(&policy.Request{
		Action: policy.Ask, Now: m.tx.Now(), Case: m.facts.State,
		Actor:     policy.Actor{Kind: m.tx.Actor.Kind, InForce: true, Participates: true, Place: from},
		Consent:   policy.Consent{State: m.facts.ConsentState, Grants: m.facts.Rows(), Exclusions: m.facts.Exclusions, Alone: m.facts.Alone},
		Directory: policy.Directory{Moves: m.facts.Moves, Units: m.facts.Units},
		Item:      policy.Item{Owner: from.Authority, Categories: []sig.Category{about}},
		Recipient: policy.Recipient{Place: to.Place, Participates: len(to.Readers()) > 0},
		Officer:   policy.Officer{Necessity: true, Acknowledged: true, Protected: m.facts.Protected},
		Question:  policy.Question{Asker: m.seats[from.Seat()].Place, Ends: ends},
	})
}

// stateOf is how a question stands at an instant.
func stateOf(q postgres.Question, at time.Time) sig.QuestionState {
	switch {
	case q.AnsweredAt != nil:
		return sig.QuestionAnswered
	case q.EndedBy == "declined":
		return sig.QuestionDeclined
	case q.EndedBy == "taken_back":
		return sig.QuestionTakenBack
	case q.EndedAt != nil:
		return sig.QuestionCut
	case !at.Before(q.EndsAt):
		return sig.QuestionExpired
	}
	return sig.QuestionOpen
}

// weaker reports whether an answer would be less secret where it arrives.
func (m *matter) weaker(q postgres.Question) bool {
	_, yes := policy.Weaker(m.seats[q.Asked].Place.Regime, m.seats[q.Asker].Place.Regime)
	return yes
}
