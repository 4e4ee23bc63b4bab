package sharing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// The limits of what an officer types.
const (
	MaxText     = 8000 // an item
	MaxReason   = 1000 // a reason, a necessity note, a ground
	MaxName     = 200  // somebody whom an item concerns
	MaxConcerns = 10
)

// NewItem is what an officer writes down.
type NewItem struct {
	Key          string // made by the form, so that a repeat is the same item
	Intervention sig.InterventionID
	Categories   []sig.Category
	Text         string
	Blocked      bool
	Concerns     []NewConcern
	Corrects     sig.ItemID // zero: a first note
}

// NewConcern is somebody else whom the item concerns.
type NewConcern struct {
	Name    string
	Handled string // waiver, redacted or none
}

func (n *NewItem) check() error {
	var c fault.Check
	n.Text = strings.TrimSpace(n.Text)
	checkText(&c, "text", n.Text, MaxText, true)
	n.Categories = distinct(n.Categories)
	if len(n.Categories) == 0 {
		c.Fail("categories", "error.choose_category")
	}
	for _, category := range n.Categories {
		if !category.Valid() {
			c.Fail("categories", "error.unknown_category")
		}
	}
	if len(n.Concerns) > MaxConcerns {
		c.Fail("concerns", "error.too_many", "max", MaxConcerns)
	}
	for i := range n.Concerns {
		n.Concerns[i].Name = strings.TrimSpace(n.Concerns[i].Name)
		checkText(&c, fmt.Sprintf("concerns.%d.name", i), n.Concerns[i].Name, MaxName, true)
		switch n.Concerns[i].Handled {
		case "waiver", "redacted", "none":
		default:
			c.Fail(fmt.Sprintf("concerns.%d.handled", i), "error.choose_one")
		}
	}
	return c.Err()
}

// distinct is a list without what is named twice, in its order.
func distinct[T comparable](list []T) []T {
	var once []T
	for _, one := range list {
		if !slices.Contains(once, one) {
			once = append(once, one)
		}
	}
	return once
}

func checkText(c *fault.Check, field, text string, most int, required bool) {
	switch n := utf8.RuneCountInString(text); {
	case required && sig.Blank(text):
		c.Fail(field, "error.required")
	case n > most:
		c.Fail(field, "error.too_long", "max", most)
	}
}

// idFrom makes an identifier from a form's key and whose form it was: a repeat
// gives the same one, and nobody can aim at another's. Without a key every
// call is a new act.
func idFrom(actor sig.Actor, key string, parts ...string) uuid.UUID {
	if key == "" {
		return uuid.New()
	}
	return uuid.NewSHA1(actor.Assignment.UUID, []byte(key+"\x00"+strings.Join(parts, "\x00")))
}

// WriteItem writes an item into the actor's own authority. Nobody outside it
// sees anything until an officer discloses it, and nobody of the family until
// visibility is decided. A repeat with the same key answers with the first.
func (s *Service) WriteItem(ctx context.Context, actor sig.Actor, in NewItem) (sig.ItemID, error) {
	if err := in.check(); err != nil {
		return sig.ItemID{}, err
	}
	id := WrittenAs(actor, in.Key)
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(in.Intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.WriteItem, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectItem, id), Categories: in.Categories,
		}
		facts, err := factsOf(ctx, tx, in.Intervention, entry)
		if err != nil {
			return err
		}
		if len(facts.Seats) == 0 {
			return tx.RefuseMissing(entry)
		}
		if facts.State.Ended() {
			return tx.RefuseRecorded(entry, string(policy.CaseEnded), refused(policy.Decision{Reason: policy.CaseEnded}))
		}
		if _, err := tx.Item(ctx, in.Intervention, id); err == nil {
			return nil // the same form, sent twice
		}
		return s.insertItem(ctx, tx, in, id, facts.Seats[0], entry)
	})
	return id, err
}

func (s *Service) insertItem(ctx context.Context, tx *postgres.Tx, in NewItem, id sig.ItemID, seat sig.Place, entry ledger.Entry) error {
	row, concerns, err := s.sealItem(ctx, tx, in, id, seat)
	if err != nil {
		return err
	}
	if !in.Corrects.IsZero() {
		if _, err := tx.Item(ctx, in.Intervention, in.Corrects); errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		} else if err != nil {
			return err
		}
		row.Corrects = &in.Corrects
	}
	if err := tx.InsertItem(ctx, row, concerns); err != nil {
		return err
	}
	_, err = tx.Append(ctx, entry)
	return err
}

// sealItem is an item as it is stored, with the others whom it concerns.
func (s *Service) sealItem(ctx context.Context, tx *postgres.Tx, in NewItem, id sig.ItemID, seat sig.Place) (postgres.Item, []postgres.Concern, error) {
	at := seal.Place{Authority: seat.Authority, Intervention: in.Intervention, Field: fieldBody, Object: id.UUID}
	body, err := s.Sealer.Seal(ctx, tx, at, []byte(in.Text))
	if err != nil {
		return postgres.Item{}, nil, err
	}
	row := postgres.Item{
		ID: id, Intervention: in.Intervention, Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function,
		Author: tx.Actor.Assignment, Categories: in.Categories, BodySealed: body, Blocked: in.Blocked, CreatedAt: tx.Now(),
	}
	var concerns []postgres.Concern
	at.Field = fieldConcern
	for i, c := range in.Concerns {
		name, err := s.Sealer.Seal(ctx, tx, at, []byte(c.Name))
		if err != nil {
			return postgres.Item{}, nil, err
		}
		concerns = append(concerns, postgres.Concern{Position: i + 1, NameSealed: name, Handled: c.Handled})
	}
	return row, concerns, nil
}
