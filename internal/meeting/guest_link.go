package meeting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Visit is a meeting as its guest sees it behind the link of the mail: when and
// where, what it is about in so many words, and of texts nothing but what an
// interpreter needs while interpreting. Nobody else is named in it, and no unit.
type Visit struct {
	Kind     sig.GuestKind
	Start    time.Time
	End      time.Time
	Place    string
	Link     string
	Language string // that an interpreter speaks
	Reserve  bool   // the reservation is to be accepted first: nothing else is shown
	Club     bool   // the guest comes for an association
	Answer   sig.InvitationAnswer
	Points   []VisitPoint
	Now      time.Time
	Poll     []Span // while the time is not decided: which are asked about
	Suits    []int  // which of them suit, counted from 1
	Answered bool   // the guest has said which
}

// VisitPoint is a point for which the guest may be there.
type VisitPoint struct {
	Position int
	Category sig.Category
	Text     string // for an interpreter in the open room
}

// VisitByLink opens the page behind a guest's link; opening it changes nothing
// but the row in the ledger. What is unknown, over, or no longer the guest's is
// fault.NotFound, all alike.
func (s *Service) VisitByLink(ctx context.Context, secret Secret) (*Visit, error) {
	var out *Visit
	err := s.byGuestLink(ctx, secret, false, func(v *visit, g *postgres.Guest) error {
		var err error
		out, err = v.shown(ctx, g)
		return err
	})
	return out, err
}

// GuestSaid is what a guest says by the link.
type GuestSaid struct {
	Reserve bool                 // accepts the reservation
	Answer  sig.InvitationAnswer // or says whether to come
	Poll    bool                 // or says which times suit
	Suits   []int
}

// AnswerAsGuest does what a guest presses. A private guest says nothing before
// the reservation is accepted.
func (s *Service) AnswerAsGuest(ctx context.Context, secret Secret, in GuestSaid) error {
	return s.byGuestLink(ctx, secret, true, func(v *visit, g *postgres.Guest) error {
		e := v.entry
		switch {
		case in.Reserve:
			if g.Kind != sig.GuestPrivate || g.ReservedAt != nil {
				return nil
			}
			v.tx.ReserveGuest(g.ID)
			e.Detail = ledger.Detail{"what": "reserved", "guest": g.ID.String()}
		case in.Poll, v.row.State == sig.MeetingProposed && in.Answer != sig.InvitationDeclined:
			if err := v.guestSuits(ctx, g, in); err != nil {
				return err
			}
			e.Detail = ledger.Detail{"what": "poll", "guest": g.ID.String()}
		case in.Answer != sig.InvitationAccepted && in.Answer != sig.InvitationDeclined:
			var c fault.Check
			c.Fail("answer", "error.choose_one")
			return c.Err()
		case g.Kind == sig.GuestPrivate && g.ReservedAt == nil && in.Answer == sig.InvitationAccepted:
			var c fault.Check
			c.Fail("reserve", "error.guest_reserve_first")
			return c.Err()
		default:
			if err := v.tx.AnswerGuest(ctx, g.ID, in.Answer); err != nil {
				return err
			}
			e.Detail = ledger.Detail{"what": string(in.Answer), "guest": g.ID.String()}
		}
		if err := v.tx.Record(e); err != nil {
			return err
		}
		return v.tell(ctx, []sig.Seat{v.current(v.row.Host)})
	})
}

// byGuestLink acts for nobody who has an account: the link is looked up, and the
// case's lock taken, by a named system actor; then both walls are asked again.
func (s *Service) byGuestLink(ctx context.Context, secret Secret, writes bool, do func(*visit, *postgres.Guest) error) error {
	actor := sig.System("guests")
	var linked postgres.LinkedGuest
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		linked, err = tx.GuestOfLink(ctx, secret.Hash())
		return missing(err)
	})
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if writes {
			tx.LockCase(linked.Intervention)
		} else {
			tx.ShareCase(linked.Intervention)
		}
		if _, err := tx.GuestOfLink(ctx, secret.Hash()); err != nil {
			return missing(err) // it ended while we waited for the lock
		}
		facts, err := tx.CaseFacts(ctx, linked.Intervention)
		if err != nil {
			return missing(err)
		}
		row, err := tx.MeetingParts(ctx, linked.Intervention, linked.Meeting)
		if err != nil {
			return missing(err)
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: ledger.Entry{
			Kind: ledger.AnswerGuest, Intervention: linked.Intervention, Object: ledger.Of(ledger.ObjectMeeting, linked.Meeting),
		}}
		v, err := m.visit(ctx, row)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(v.rows, func(g postgres.Guest) bool { return g.ID == linked.Guest })
		if at < 0 || !v.still(&v.rows[at], &v.guests[at]) {
			return fault.Missing()
		}
		return do(v, &v.rows[at])
	})
}

// still is the first wall's answer to whether a guest is called.
func (v *visit) still(row *postgres.Guest, g *Guest) bool {
	return row.EndedAt == nil && v.ahead(v.row) && (g.Kind == sig.GuestInterpreter || len(g.Points) > 0)
}

func (v *visit) shown(ctx context.Context, g *postgres.Guest) (*Visit, error) {
	out := &Visit{
		Kind: g.Kind, Start: v.row.StartsAt, End: v.row.EndsAt, Language: g.Language, Club: !g.Club.IsZero(), Answer: g.Answer, Now: v.tx.Now(),
		Reserve: g.Kind == sig.GuestPrivate && g.ReservedAt == nil,
	}
	points, err := v.tx.ReadAsGuest(ctx, postgres.LinkedGuest{Guest: g.ID, Meeting: v.row.ID, Intervention: v.row.Intervention}, sig.RequestOf(ctx))
	if err != nil || out.Reserve {
		return out, err
	}
	where := &Open{}
	if err := v.openWhere(ctx, &v.row.Meeting, where); err != nil {
		return nil, err
	}
	if v.row.State == sig.MeetingProposed {
		out.Poll, out.Suits, out.Answered = v.row.Poll, g.Suits, g.SuitsAt != nil
	} else {
		out.Place, out.Link = where.Place, where.Link
	}
	var allowed []sig.PointID
	if g.Kind == sig.GuestPrivate {
		if allowed, err = v.tx.GuestHears(ctx, g.ID); err != nil {
			return nil, err
		}
	}
	for i, p := range points {
		if g.Kind == sig.GuestPrivate {
			if !slices.Contains(allowed, p.ID) {
				continue
			}
			if d := v.hears(g.Origins, g.Club, i, true); !d.Allowed {
				return nil, v.wallsDisagree(d.Reason)
			}
		} else if p.TextSealed == nil {
			continue // before the room is open, an interpreter is told times and places
		}
		point := VisitPoint{Position: len(out.Points) + 1, Category: p.Category}
		if p.TextSealed != nil {
			if g.Kind != sig.GuestInterpreter || !g.Here || v.row.State != sig.MeetingLive {
				return nil, v.wallsDisagree(policy.NotVisible)
			}
			text, err := v.s.Sealer.Open(ctx, v.tx, seal.Place{
				Authority: v.row.Host.Authority, Intervention: v.row.Intervention, Field: fieldPoint, Object: p.ID.UUID,
			}, p.TextSealed)
			if err != nil {
				return nil, err
			}
			point.Text = string(text)
		}
		out.Points = append(out.Points, point)
	}
	return out, nil
}
