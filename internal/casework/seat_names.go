package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// The names under which the reasons are sealed, with the authority's own key.
const (
	fieldSeatName    = "seat_name"
	fieldSeatNameEnd = "seat_name_end"
)

// SeatName is a registrar's decision that families are shown the name of whoever
// holds a function of a unit, or of one holder.
type SeatName struct {
	ID        sig.SeatNameID
	Seat      sig.Seat
	One       bool   // of one holder
	Holder    string // that one
	DecidedAt time.Time
	EndedAt   time.Time // zero while it holds
	Reason    string
	EndReason string
}

// SeatNames is what an authority's registrar has decided, and may decide.
type SeatNames struct {
	Decisions []SeatName       // those in force first
	Could     []sig.Assignment // who holds a function that a consent may name
}

// NewSeatName is a decision to be taken.
type NewSeatName struct {
	Unit     sig.UnitID
	Function sig.Function
	Holder   sig.AssignmentID // zero: whoever takes part there
	Reason   string
}

// SeatNames shows a registrar the own authority's decisions with their reasons.
// Whoever is not one is answered as if there were no such list.
func (s *Service) SeatNames(ctx context.Context, actor sig.Actor) (*SeatNames, error) {
	var out *SeatNames
	err := s.asRegistrar(ctx, actor, func(tx *postgres.Tx) error {
		var err error
		if out, err = s.seatNames(ctx, tx); err != nil {
			return err
		}
		return tx.Record(ledger.Entry{Kind: ledger.ReadSeatNames})
	})
	return out, err
}

func (s *Service) asRegistrar(ctx context.Context, actor sig.Actor, do func(*postgres.Tx) error) error {
	if actor.Kind != sig.ActorStaff || actor.Function != sig.RoleRegistrar {
		return fault.Missing()
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		return do(tx)
	})
}

func (s *Service) seatNames(ctx context.Context, tx *postgres.Tx) (*SeatNames, error) {
	rows, err := tx.SeatNames(ctx, tx.Actor.Authority)
	if err != nil {
		return nil, err
	}
	var sealed []seal.Sealed
	for _, r := range rows {
		sealed = append(sealed, seal.Sealed{Place: seatNamePlace(r.Authority, r.ID, fieldSeatName), Bytes: r.ReasonSealed})
		if r.EndReasonSealed != nil {
			sealed = append(sealed, seal.Sealed{Place: seatNamePlace(r.Authority, r.ID, fieldSeatNameEnd), Bytes: r.EndReasonSealed})
		}
	}
	texts, err := s.Sealer.OpenAll(ctx, tx, sealed)
	if err != nil {
		return nil, err
	}
	out := &SeatNames{}
	for _, r := range rows {
		d := SeatName{
			ID: r.ID, Seat: sig.Seat{Authority: r.Authority, Unit: r.Unit, Function: r.Function}, One: r.Assignment != nil, Holder: r.Holder,
			DecidedAt: r.DecidedAt, Reason: string(texts[0]),
		}
		texts = texts[1:]
		if r.EndedAt != nil {
			d.EndedAt, d.EndReason, texts = *r.EndedAt, string(texts[0]), texts[1:]
		}
		out.Decisions = append(out.Decisions, d)
	}
	if out.Could, err = tx.Colleagues(ctx, tx.Actor.Authority); err != nil {
		return nil, err
	}
	out.Could = slices.DeleteFunc(out.Could, func(a sig.Assignment) bool { return !a.Function.Consentable() })
	slices.SortStableFunc(out.Could, func(a, b sig.Assignment) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Function, b.Function))
	})
	return out, nil
}

func seatNamePlace(authority sig.AuthorityID, id sig.SeatNameID, field string) seal.Place {
	return seal.Place{Authority: authority, Field: field, Object: id.UUID}
}

// NameSeat decides that families are shown a name. To decide the same again
// changes nothing.
func (s *Service) NameSeat(ctx context.Context, actor sig.Actor, in NewSeatName) error {
	in.Reason = strings.TrimSpace(in.Reason)
	return s.asRegistrar(ctx, actor, func(tx *postgres.Tx) error {
		var c fault.Check
		checkReason(&c, "reason", in.Reason)
		could, err := s.seatNames(ctx, tx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(could.Could, func(a sig.Assignment) bool {
			return a.Unit == in.Unit && a.Function == in.Function && (in.Holder.IsZero() || a.ID == in.Holder)
		}) {
			c.Fail("seat", "error.choose_one")
		}
		if err := c.Err(); err != nil {
			return err
		}
		d := postgres.SeatName{ID: sig.SeatNameID{UUID: uuid.New()}, Authority: actor.Authority, Unit: in.Unit, Function: in.Function}
		if d.ReasonSealed, err = s.Sealer.Seal(ctx, tx, seatNamePlace(actor.Authority, d.ID, fieldSeatName), []byte(in.Reason)); err != nil {
			return err
		}
		fresh, err := tx.InsertSeatName(ctx, d, in.Holder)
		if err != nil || !fresh {
			return err
		}
		return tx.Record(ledger.Entry{
			Kind: ledger.NameSeat, Object: ledger.Of(ledger.ObjectSeatName, d.ID),
			Recipient: ledger.Recipient{Authority: actor.Authority, Unit: in.Unit, Function: in.Function},
			Detail:    ledger.Detail{"one_holder": !in.Holder.IsZero()},
		})
	})
}

// UnnameSeat takes a decision back: from then on no family reads the name.
func (s *Service) UnnameSeat(ctx context.Context, actor sig.Actor, id sig.SeatNameID, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.asRegistrar(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.UnnameSeat, Object: ledger.Of(ledger.ObjectSeatName, id)}
		now, err := s.seatNames(ctx, tx)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(now.Decisions, func(d SeatName) bool { return d.ID == id })
		if n < 0 {
			return tx.RefuseMissing(entry)
		}
		var c fault.Check
		checkReason(&c, "reason", reason)
		if err := c.Err(); err != nil || !now.Decisions[n].EndedAt.IsZero() {
			return err
		}
		sealed, err := s.Sealer.Seal(ctx, tx, seatNamePlace(actor.Authority, id, fieldSeatNameEnd), []byte(reason))
		if err != nil {
			return err
		}
		if err := tx.EndSeatName(ctx, id, sealed); err != nil {
			return err
		}
		d := now.Decisions[n]
		entry.Recipient = ledger.Recipient{Authority: actor.Authority, Unit: d.Seat.Unit, Function: d.Seat.Function}
		entry.Detail = ledger.Detail{"one_holder": d.One}
		return tx.Record(entry)
	})
}
