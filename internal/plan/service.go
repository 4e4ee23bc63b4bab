package plan

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// The names under which texts are sealed.
const (
	fieldText = "plan_text"
	fieldNote = "commitment_note"
)

// matter is what an act upon an intervention's plan is decided from.
type matter struct {
	s     *Service
	tx    *postgres.Tx
	facts *postgres.CaseFacts
	entry ledger.Entry
	row   *postgres.PlanParts
}

// change opens the transaction that every act upon a plan needs: the lock, the
// clock, the facts and the plan as it is. Who takes no part finds nothing.
func (s *Service) change(ctx context.Context, actor sig.Actor, entry ledger.Entry, do func(*matter) error) error {
	return s.begin(ctx, actor, entry, func(tx *postgres.Tx) error { return tx.Lock(ctx, postgres.LockKey(entry.Intervention)) }, do)
}

// look is change for what only looks and shows no text: it takes no lock.
func (s *Service) look(ctx context.Context, actor sig.Actor, entry ledger.Entry, do func(*matter) error) error {
	return s.begin(ctx, actor, entry, func(tx *postgres.Tx) error { return tx.ReadClock(ctx) }, do)
}

func (s *Service) begin(
	ctx context.Context, actor sig.Actor, entry ledger.Entry, first func(*postgres.Tx) error, do func(*matter) error,
) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		facts, err := tx.CaseFacts(ctx, entry.Intervention)
		if errors.Is(err, postgres.ErrNoRows) || err == nil && len(facts.Seats) == 0 {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry}
		if m.row, err = tx.PlanParts(ctx, entry.Intervention); err != nil {
			return err
		}
		if !m.row.ID.IsZero() && m.entry.Object.ID.IsZero() {
			m.entry.Object = ledger.Of(ledger.ObjectPlan, m.row.ID)
		}
		return do(m)
	})
}

// mustPlan lets those through who write the plan. The board's other
// participants know of the case, and are told that it is not theirs to do.
func (m *matter) mustPlan() error {
	switch {
	case m.may():
		return nil
	case m.onBoard():
		return m.tx.RefuseRecorded(m.entry, string(policy.NoStanding), fault.New(fault.Denied, "error.denied"))
	default:
		return m.tx.RefuseMissing(m.entry)
	}
}

func (m *matter) may() bool { return policy.BoardMay(policy.DutyPlan, m.facts.Board, m.seats()) }

func (m *matter) onBoard() bool { return policy.BoardMay(policy.DutyRead, m.facts.Board, m.seats()) }

func (m *matter) seats() []sig.Seat {
	var seats []sig.Seat
	for _, p := range m.facts.Seats {
		seats = append(seats, p.Seat())
	}
	return seats
}

// current is a written-down seat where its function sits now.
func (m *matter) current(s sig.Seat) sig.Seat { return m.facts.Current(s, m.tx.Now()) }

// mine is the place in which the actor fills a seat of the plan.
func (m *matter) mine(s sig.Seat) (sig.Place, bool) {
	i := slices.Index(m.seats(), m.current(s))
	if i < 0 {
		return sig.Place{}, false
	}
	return m.facts.Seats[i], true
}

// place is a seat as the directory has it now; one that the directory does not
// know under that authority is nobody's, and no row names it.
func (m *matter) place(ctx context.Context, seat sig.Seat) (sig.Place, bool, error) {
	seat = m.current(seat)
	p, err := m.tx.PlaceOf(ctx, seat.Unit, seat.Function)
	switch {
	case errors.Is(err, postgres.ErrNoRows), err == nil && p.Authority != seat.Authority:
		return sig.Place{Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function}, false, nil
	case err != nil:
		return sig.Place{}, false, err
	}
	return p, true, nil
}

// decide asks whether a function may be told of the plan, or tell the board.
func (m *matter) decide(action policy.Action, planner, recipient sig.Place, participates bool) policy.Decision {
	return policy.Decide(&policy.Request{
		Action: action, Now: m.tx.Now(), Case: m.facts.State,
		Actor:     policy.Actor{Kind: m.tx.Actor.Kind, InForce: true, Participates: true},
		Consent:   policy.Consent{State: m.facts.ConsentState, Grants: m.facts.Rows(), Exclusions: m.facts.Exclusions, Alone: m.facts.Alone},
		Directory: policy.Directory{Moves: m.facts.Moves, Units: m.facts.Units},
		Planner:   planner, Recipient: policy.Recipient{Place: recipient, Participates: participates},
	})
}

func (m *matter) tell(ctx context.Context, seats []sig.Seat) error {
	return closing.TellSeats(ctx, m.tx, m.facts, seats)
}

func (m *matter) textPlace(id uuid.UUID, field string) seal.Place {
	return seal.Place{Authority: m.row.Planner.Authority, Intervention: m.facts.Intervention, Field: field, Object: id}
}

// wallsDisagree is the answer when SQL returned what the policy refuses: an
// alarm and a fixed sentence, never a page.
func (m *matter) wallsDisagree(why policy.Reason) error {
	told := fault.Disagreement{
		Passed: "database", Reason: string(why), Act: string(m.entry.Kind), Intervention: m.entry.Intervention.String(), Object: m.entry.Object.ID.String(),
	}
	if !m.tx.Actor.Assignment.IsZero() {
		told.Assignment = m.tx.Actor.Assignment.String()
	}
	return fault.Disagree(told)
}
