package sharing

import (
	"context"
	"errors"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Spoken is something that was told by word of mouth to people who are there:
// what, by whose function, to which functions.
type Spoken struct {
	From sig.Place // the actor's own seat in the case
	Item NewItem
	To   NewDisclosure // its item is the one that is written
}

// TellHere writes down what was told and discloses it, inside the transaction
// of whatever it was told in, which holds the lock. It is WriteItem and
// Disclose in one: the same decision about each recipient, the same rows in
// the ledger, the same frozen copies. A no writes nothing but itself; what
// would have to wait for a second officer cannot have been told yet, and is a no.
func (s *Service) TellHere(ctx context.Context, tx *postgres.Tx, in Spoken) (sig.ItemID, []Sent, error) {
	id := WrittenAs(tx.Actor, in.Item.Key)
	if err := errors.Join(in.Item.check(), in.To.check()); err != nil {
		return id, nil, err
	}
	in.To.Item = id
	entry := ledger.Entry{
		Kind: ledger.WriteItem, Intervention: in.Item.Intervention, Object: ledger.Of(ledger.ObjectItem, id), Categories: in.Item.Categories,
	}
	f, err := tx.DisclosureFacts(ctx, in.Item.Intervention, id, in.To.Recipients, in.To.ids(tx.Actor))
	if err != nil {
		return id, nil, err
	}
	row, concerns, err := s.sealItem(ctx, tx, in.Item, id, in.From)
	if err != nil {
		return id, nil, err
	}
	if !in.Item.Corrects.IsZero() {
		row.Corrects = &in.Item.Corrects
	}
	a := &act{facts: &f.Case, item: row, place: in.From, concerns: concerns, seats: f.Seats, earlier: f.Earlier}
	plans, err := decideAll(tx, a, in.To)
	if err != nil {
		return id, nil, err
	}
	for _, p := range plans {
		if p.waiting {
			return id, nil, tx.RefuseRecorded(entry, string(policy.SecondOfficer), fault.New(fault.Denied, "reason."+string(policy.SecondOfficer)))
		}
	}
	if err := tx.InsertItem(ctx, row, concerns); err != nil {
		return id, nil, err
	}
	if err := tx.Record(entry); err != nil {
		return id, nil, err
	}
	sent, err := s.sendAll(ctx, tx, a, in.To, plans)
	return id, sent, err
}

// KeepHere writes down what was said where nobody but the young person and the
// guardians was there, inside the transaction of whatever it was said in: an item
// of the own authority that is disclosed to nobody. Whether they may read it is
// decided as of any item.
func (s *Service) KeepHere(ctx context.Context, tx *postgres.Tx, from sig.Place, in NewItem) (sig.ItemID, error) {
	id := WrittenAs(tx.Actor, in.Key)
	if err := in.check(); err != nil {
		return id, err
	}
	return id, s.insertItem(ctx, tx, in, id, from, ledger.Entry{
		Kind: ledger.WriteItem, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectItem, id), Categories: in.Categories,
	})
}
