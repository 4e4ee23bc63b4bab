package sharing

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Question asks whether somebody may do something now, without doing it.
type Question struct {
	// Subject is an assignment, a guardianship or a youth; Kind says which.
	Kind    sig.ActorKind
	Subject uuid.UUID
	// Action is read_copy of a received copy, or read_item or disclose of an item.
	Action       string
	Intervention sig.InterventionID
	Object       uuid.UUID
	Recipient    sig.Seat // disclose: to whom
}

// The actions of a question.
const (
	AskReadCopy = "read_copy"
	AskReadItem = "read_item"
	AskDisclose = "disclose"
)

// Evaluate answers by the same facts, walls and policy as the act itself would.
// It returns no content and gives no permission: the act is decided anew. One
// may ask about oneself, or as coordinator about who takes part in the own
// intervention; whoever is unknown, and whoever one may not ask about, answers
// as a refusal. A question about anybody but oneself writes a ledger row.
func (s *Service) Evaluate(ctx context.Context, actor sig.Actor, q Question) (bool, error) {
	var yes bool
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(q.Intervention)
		facts, err := tx.CaseFacts(ctx, q.Intervention)
		if err != nil && !errors.Is(err, postgres.ErrNoRows) {
			return err
		}
		if q.aboutSelf(actor) {
			if facts != nil {
				yes, err = s.mayI(ctx, tx, facts, q)
				return err
			}
			return nil
		}
		coordinates := facts != nil && coordinates(facts)
		if coordinates {
			if yes, err = s.mayOther(ctx, tx, facts, q); err != nil {
				return err
			}
		}
		_, err = tx.Append(ctx, q.entry(coordinates, yes))
		return err
	})
	return yes, unlessMissing(err)
}

// unlessMissing is nil for what is not there: that is a refusal, not a fault.
func unlessMissing(err error) error {
	if errors.Is(err, postgres.ErrNoRows) {
		return nil
	}
	return err
}

func (q Question) aboutSelf(actor sig.Actor) bool {
	own := map[sig.ActorKind]uuid.UUID{
		sig.ActorStaff: actor.Assignment.UUID, sig.ActorGuardian: actor.Guardian.UUID, sig.ActorYouth: actor.Youth.UUID,
	}[actor.Kind]
	return q.Kind == actor.Kind && q.Subject == own && own != uuid.Nil
}

// coordinates reports whether the actor fills the coordinator's seat in the
// board's own case.
func coordinates(facts *postgres.CaseFacts) bool {
	return slices.ContainsFunc(facts.Seats, func(p sig.Place) bool {
		return p.Function == sig.RoleCoordinator && p.Authority == facts.Board
	})
}

// entry is the row of a question about somebody else: whom, what, the answer.
func (q Question) entry(entitled, yes bool) ledger.Entry {
	e := ledger.Entry{
		Kind: ledger.EvaluateAccess, Intervention: q.Intervention,
		Detail: ledger.Detail{"subject_kind": string(q.Kind), "subject": q.Subject.String(), "action": q.Action, "decision": yes},
	}
	switch {
	case q.Object == uuid.Nil:
	case q.Action == AskReadCopy:
		e.Object = ledger.Of(ledger.ObjectDisclosure, sig.DisclosureID{UUID: q.Object})
	default:
		e.Object = ledger.Of(ledger.ObjectItem, sig.ItemID{UUID: q.Object})
	}
	if !entitled {
		return e.Refuse("not_found")
	}
	return e
}

// mayI answers for the actor: what the second wall hides is a no, and what it
// shows the policy must allow.
func (s *Service) mayI(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, q Question) (bool, error) {
	switch q.Action {
	case AskReadCopy:
		row, _, err := tx.CopyFacts(ctx, q.Intervention, sig.DisclosureID{UUID: q.Object})
		if err != nil {
			return false, unlessMissing(err)
		}
		d, _, err := decideCopy(ctx, tx, facts, row)
		return agreed(tx, d, err, q.entry(true, false))
	case AskReadItem:
		row, err := tx.Item(ctx, q.Intervention, sig.ItemID{UUID: q.Object})
		if err != nil {
			return false, unlessMissing(err)
		}
		d, err := s.decideItem(ctx, tx, facts, row)
		return agreed(tx, d, err, q.entry(true, false))
	case AskDisclose:
		if len(facts.Seats) == 0 {
			return false, nil
		}
		return s.mayDisclose(ctx, tx, facts, facts.Seats[0], q)
	}
	return false, nil
}

func agreed(tx *postgres.Tx, d policy.Decision, err error, e ledger.Entry) (bool, error) {
	if err != nil {
		return false, err
	}
	if !d.Allowed {
		return false, wallsDisagree(tx, "database", d, e)
	}
	return true, nil
}

// mayOther answers for another who takes part in the coordinator's case, by the
// pure policy in each seat that this one fills. Items of another authority are
// as unknown to the coordinator here as anywhere.
func (s *Service) mayOther(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, q Question) (bool, error) {
	if q.Kind != sig.ActorStaff {
		return false, nil
	}
	var places []sig.Place
	var row postgres.Received
	var deleted bool
	err := tx.AsSystem("evaluate", func() (err error) {
		if places, err = tx.PlacesInCase(ctx, q.Intervention, sig.AssignmentID{UUID: q.Subject}); err != nil || q.Action != AskReadCopy {
			return err
		}
		row, deleted, err = tx.CopyFacts(ctx, q.Intervention, sig.DisclosureID{UUID: q.Object})
		return err
	})
	if err != nil {
		return false, unlessMissing(err)
	}
	for _, place := range places {
		yes, err := s.mayFrom(ctx, tx, facts, place, row, deleted, q)
		if err != nil || yes {
			return yes, unlessMissing(err)
		}
	}
	return false, nil
}

func (s *Service) mayFrom(
	ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, place sig.Place, row postgres.Received, deleted bool, q Question,
) (bool, error) {
	switch q.Action {
	case AskReadCopy:
		r := requestFor(tx, facts, policy.ReadCopy, place, true)
		r.Copy = copyOf(row)
		r.Copy.Deleted = deleted
		return policy.Decide(r).Allowed, nil
	case AskReadItem:
		item, err := tx.Item(ctx, q.Intervention, sig.ItemID{UUID: q.Object})
		if err != nil {
			return false, err
		}
		said, err := tx.SaidAt(ctx, item.ID)
		if err != nil {
			return false, err
		}
		return policy.Decide(ownItem(tx, facts, place, item, said)).Allowed, nil
	case AskDisclose:
		return s.mayDisclose(ctx, tx, facts, place, q)
	}
	return false, nil
}

// mayDisclose is whether the item would leave at once, the officer's reasons
// taken as given: what has to wait for a second officer is not yet allowed.
func (s *Service) mayDisclose(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, from sig.Place, q Question) (bool, error) {
	f, err := tx.DisclosureFacts(ctx, q.Intervention, sig.ItemID{UUID: q.Object}, []sig.Seat{q.Recipient}, nil)
	if err != nil || f.Item == nil {
		return false, unlessMissing(err)
	}
	a := &act{facts: facts, item: *f.Item, place: from, concerns: f.Concerns, seats: f.Seats}
	p := a.planSeat(tx, NewDisclosure{WeakerReason: "given"}, q.Recipient)
	return p.decision.Allowed && !p.waiting, nil
}
