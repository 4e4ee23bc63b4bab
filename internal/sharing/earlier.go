package sharing

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Disclosed tells again what Disclose answered to the same act, as it stands
// now. It asks no policy: what has been sent has been sent, also when it could
// not be sent any more.
func (s *Service) Disclosed(ctx context.Context, actor sig.Actor, in NewDisclosure) ([]Sent, error) {
	var sent []Sent
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		for _, id := range in.ids(actor) {
			d, err := tx.Disclosure(ctx, in.Intervention, id)
			if err != nil {
				return err
			}
			sent = append(sent, sentOf(d))
		}
		return nil
	})
	return sent, err
}

func sentOf(d postgres.Disclosure) Sent {
	out := Sent{ID: d.ID, Recipient: d.Recipient, Private: d.PrivateGrant, Waiting: d.State == "queued", At: d.QueuedAt}
	if d.SentAt != nil {
		out.At = *d.SentAt
	}
	return out
}

// Written tells again what WriteItem answered to the same act.
func (s *Service) Written(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, key string) (sig.ItemID, error) {
	id := WrittenAs(actor, key)
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		_, err := tx.Item(ctx, intervention, id)
		return err
	})
	return id, err
}

// Identifiers of what an actor makes under a key.

func (n *NewDisclosure) ids(actor sig.Actor) []sig.DisclosureID {
	var ids []sig.DisclosureID
	for _, seat := range n.Recipients {
		ids = append(ids, disclosedTo(actor, n.Key, seat))
	}
	for _, grant := range n.Private {
		ids = append(ids, disclosedPrivately(actor, n.Key, grant))
	}
	return ids
}

// WrittenAs is the name of the item that a form with this key writes.
func WrittenAs(actor sig.Actor, key string) sig.ItemID {
	return sig.ItemID{UUID: idFrom(actor, key, "item")}
}

func disclosedTo(actor sig.Actor, key string, seat sig.Seat) sig.DisclosureID {
	return sig.DisclosureID{UUID: idFrom(actor, key, string(seat.Unit), string(seat.Function))}
}

func disclosedPrivately(actor sig.Actor, key string, grant sig.GrantID) sig.DisclosureID {
	return sig.DisclosureID{UUID: idFrom(actor, key, grant.String())}
}
