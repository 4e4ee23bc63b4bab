package sharing

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Disclosed is one disclosure of the own authority in a list.
type Disclosed struct {
	ID          sig.DisclosureID
	Item        sig.ItemID
	Recipient   sig.Seat
	Private     sig.PrivateKind // of a private recipient whom the consent in force names
	PrivateName string          // the own name of a private recipient
	private     sig.GrantID     // the row that names a private recipient
	IsPrivate   bool
	Internal    bool
	Categories  []sig.Category
	State       string // queued, sent or cancelled
	QueuedAt    time.Time
	SentAt      time.Time // zero until it was sent
	CancelledAt time.Time
	Mine        bool // the actor's own act, under the hat now worn
	officer     sig.AssignmentID
}

// disclosedOf lists what the actor's authority has disclosed in a case, newest
// first; the wall shows no other's.
func (s *Service) disclosedOf(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts) ([]Disclosed, error) {
	rows, err := tx.Disclosures(ctx, facts.Intervention)
	if err != nil {
		return nil, err
	}
	return s.disclosedFrom(ctx, tx, facts, rows)
}

func (s *Service) disclosedFrom(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, rows []postgres.Disclosure) ([]Disclosed, error) {
	var out []Disclosed
	for _, d := range rows {
		out = append(out, disclosedLine(tx, facts, d))
	}
	return out, nameEach(ctx, s, tx, facts, out, ofDisclosed)
}

func disclosedLine(tx *postgres.Tx, facts *postgres.CaseFacts, d postgres.Disclosure) Disclosed {
	line := Disclosed{
		ID: d.ID, Item: d.Item, Recipient: d.Recipient, private: d.PrivateGrant, IsPrivate: !d.PrivateGrant.IsZero(), Internal: d.Basis != "consent",
		Categories: d.Categories, State: d.State, QueuedAt: d.QueuedAt, Mine: d.Assignment == tx.Actor.Assignment, officer: d.Assignment,
	}
	if d.SentAt != nil {
		line.SentAt = *d.SentAt
	}
	if d.CancelledAt != nil {
		line.CancelledAt = *d.CancelledAt
	}
	for _, g := range facts.Grants {
		if line.IsPrivate && g.ID == d.PrivateGrant {
			line.Private = g.Private
		}
	}
	return line
}

// Disclosures lists what the actor's authority has disclosed in a case. One
// ledger row stands for the list.
func (s *Service) Disclosures(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]Disclosed, error) {
	var out []Disclosed
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		facts, err := participantsFacts(ctx, tx, intervention)
		if err != nil {
			return err
		}
		if out, err = s.disclosedOf(ctx, tx, facts); err != nil {
			return err
		}
		_, err = tx.Append(ctx, ledger.Entry{
			Kind: ledger.ListItems, Intervention: intervention, Detail: ledger.Detail{"disclosures": len(out)},
		})
		return err
	})
	return out, err
}

// Act is one act of disclosing: the disclosures that one officer made of one
// item at one instant, with what was said about why. It is the receipt of what
// was sent and the second officer's question about what waits.
type Act struct {
	Head
	Item         sig.ItemID
	Officer      string // the name of who did it
	Mine         bool
	Necessity    string
	WeakerReason string
	Parts        []ActPart
}

// ActPart is one recipient of an act.
type ActPart struct {
	Disclosed
	Readers []string // who there takes part and can read it now
	Approve bool     // the actor may let it leave
	Cancel  bool     // the actor may take it back before it leaves
}

// Act shows one act by any of its disclosures, to the own authority's
// participants.
func (s *Service) Act(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) (*Act, error) {
	var out *Act
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		facts, err := participantsFacts(ctx, tx, intervention)
		if err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ListItems, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		d, err := tx.Disclosure(ctx, intervention, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		item, err := tx.Item(ctx, intervention, d.Item)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		may, err := decideOwnItem(ctx, tx, facts, item)
		if err != nil {
			return err
		}
		if !may.Allowed {
			return tx.RefuseMissing(entry.Refuse(string(may.Reason)))
		}
		if out, err = s.actOf(ctx, tx, facts, d); err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return out, err
}

func (s *Service) actOf(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, d postgres.Disclosure) (*Act, error) {
	all, err := tx.Disclosures(ctx, facts.Intervention)
	if err != nil {
		return nil, err
	}
	out := &Act{Head: headOf(tx, facts), Item: d.Item, Mine: d.Assignment == tx.Actor.Assignment}
	all = slices.DeleteFunc(all, func(one postgres.Disclosure) bool {
		return one.Item != d.Item || one.Assignment != d.Assignment || !one.QueuedAt.Equal(d.QueuedAt)
	})
	lines, err := s.disclosedFrom(ctx, tx, facts, all)
	if err != nil {
		return nil, err
	}
	sender, err := tx.SameOfficer(ctx, d.Assignment)
	if err != nil {
		return nil, err
	}
	for _, one := range lines {
		part := ActPart{Disclosed: one}
		if part.Readers, err = readersOf(ctx, tx, facts.Intervention, one.Recipient); err != nil {
			return nil, err
		}
		waits := one.State == "queued" && out.Live()
		part.Approve, part.Cancel = waits && !slices.Contains(sender, tx.Actor.Assignment), waits
		out.Parts = append(out.Parts, part)
	}
	if officer, err := tx.Assignment(ctx, d.Assignment); err == nil {
		out.Officer = officer.Name
	}
	return out, s.openReasons(ctx, tx, facts, d, out)
}

func (s *Service) openReasons(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, d postgres.Disclosure, out *Act) error {
	at := seal.Place{Authority: d.Sender.Authority, Intervention: facts.Intervention, Field: fieldNecessity, Object: d.ID.UUID}
	necessity, err := s.Sealer.Open(ctx, tx, at, d.NecessitySealed)
	if err != nil {
		return err
	}
	out.Necessity = string(necessity)
	if len(d.WeakerSealed) == 0 {
		return nil
	}
	at.Field = fieldWeaker
	weaker, err := s.Sealer.Open(ctx, tx, at, d.WeakerSealed)
	out.WeakerReason = string(weaker)
	return err
}

// readersOf names who takes part in a seat and would read a copy now.
func readersOf(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, seat sig.Seat) ([]string, error) {
	if seat.IsZero() {
		return nil, nil // a private recipient reads nothing here
	}
	found, err := tx.SeatsInCase(ctx, intervention, seat)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range found[seat].Readers() {
		names = append(names, p.Name)
	}
	return names, nil
}
