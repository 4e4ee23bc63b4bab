package draft

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// KeptDays is for how long a draft that nobody goes on with is kept; Most is
// how many one writer has in one intervention. Both are decisions of ours [D].
const (
	KeptDays = 30
	Most     = 50
)

// Form names one form of an intervention: its address under the intervention's.
type Form struct {
	Intervention sig.InterventionID
	Address      string
}

// Ref is a draft without what stands in it. A window makes its ID before
// anything is kept; Version is then 0.
type Ref struct {
	ID      sig.DraftID
	Address string
	Version int
	SavedAt time.Time
}

// Draft is a form as it was typed.
type Draft struct {
	Ref
	Values url.Values
}

func place(actor sig.Actor, intervention sig.InterventionID, id sig.DraftID) seal.Place {
	return seal.Place{Authority: actor.Authority, Intervention: intervention, Field: "draft", Object: id.UUID}
}

// takesPart lets through who takes part in a case that is not closed; nobody
// else learns that there is one. It looks under the case's lock, so that no
// draft is kept or read after what ended it.
func takesPart(ctx context.Context, tx *postgres.Tx, entry ledger.Entry) error {
	tx.ShareCase(entry.Intervention)
	facts, err := tx.CaseFacts(ctx, entry.Intervention)
	if errors.Is(err, postgres.ErrNoRows) || err == nil && (len(facts.Seats) == 0 || facts.State == sig.InterventionClosed) {
		return tx.RefuseMissing(entry)
	}
	return err
}

// List gives the actor's own drafts of some forms, newest first, without what
// stands in them. Whoever takes no part has none, as whoever has typed nothing.
func (s *Service) List(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, addresses ...string) ([]Ref, error) {
	if actor.Kind != sig.ActorStaff {
		return nil, nil
	}
	var list []Ref
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(intervention)
		rows, err := tx.Drafts(ctx, intervention)
		for _, d := range rows {
			if slices.Contains(addresses, d.Form) {
				list = append(list, ref(d))
			}
		}
		return err
	})
	return list, err
}

func ref(d postgres.DraftRef) Ref {
	return Ref{ID: d.ID, Address: d.Form, Version: d.Version, SavedAt: d.SavedAt}
}

// Open brings one of the actor's own drafts out, with a row in the ledger as
// any text that is read. Another's is not found.
func (s *Service) Open(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DraftID) (Draft, error) {
	var out Draft
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.OpenDraft, Intervention: intervention}
		if err := takesPart(ctx, tx, entry); err != nil {
			return err
		}
		found, err := s.find(ctx, tx, intervention, id)
		if err != nil {
			return err
		}
		if out = found; found.Version == 0 {
			return tx.RefuseMissing(entry)
		}
		return tx.Record(entry)
	})
	return out, err
}

// find is one draft; version 0 where there is none.
func (s *Service) find(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, id sig.DraftID) (Draft, error) {
	row, err := tx.Draft(ctx, intervention, id)
	if errors.Is(err, postgres.ErrNoRows) {
		return Draft{}, nil
	}
	if err != nil {
		return Draft{}, err
	}
	text, err := s.Sealer.Open(ctx, tx, place(tx.Actor, intervention, id), row.BodySealed)
	if err != nil {
		return Draft{}, err
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return Draft{}, fault.Wrap(fault.Internal, "error.internal", errors.New("a draft is not as it was written"))
	}
	return Draft{Ref: ref(row.DraftRef), Values: values}, nil
}

// Save keeps a form as it is typed, over the version that was seen. Where
// another window has gone on with the same draft, or has thrown it away, this
// text is kept as a draft of its own: nothing is overwritten, and nothing is
// lost. beside is then the other, or zero where it is gone. The first save of a
// draft stands in the ledger as something written down that nobody was told;
// the ones that follow every few seconds do not.
func (s *Service) Save(ctx context.Context, actor sig.Actor, f Form, seen Ref, values url.Values) (kept Ref, beside sig.DraftID, err error) {
	err = s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.KeepDraft, Intervention: f.Intervention}
		if err := takesPart(ctx, tx, entry); err != nil {
			return err
		}
		before, err := s.find(ctx, tx, f.Intervention, seen.ID)
		if err != nil {
			return err
		}
		if before.Version > 0 && before.Values.Encode() == values.Encode() {
			kept = before.Ref
			return nil
		}
		kept = Ref{ID: seen.ID, Address: f.Address, Version: before.Version, SavedAt: tx.Now()}
		if before.Version != seen.Version {
			beside = before.ID
			kept.ID, kept.Version = sig.DraftID{UUID: uuid.New()}, 0
		}
		return s.write(ctx, tx, f, &kept, values, entry)
	})
	return kept, beside, err
}

// write puts the next version of a draft where it belongs.
func (s *Service) write(ctx context.Context, tx *postgres.Tx, f Form, kept *Ref, values url.Values, entry ledger.Entry) error {
	if kept.Version == 0 {
		others, err := tx.Drafts(ctx, f.Intervention)
		if err != nil {
			return err
		}
		if len(others) >= Most {
			return fault.New(fault.Conflict, "error.own_drafts_too_many")
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
	}
	sealed, err := s.Sealer.Seal(ctx, tx, place(tx.Actor, f.Intervention, kept.ID), []byte(values.Encode()))
	if err != nil {
		return err
	}
	row := postgres.Draft{DraftRef: postgres.DraftRef{ID: kept.ID, Form: f.Address, Version: kept.Version}, BodySealed: sealed}
	if err := tx.KeepDraft(ctx, f.Intervention, row, sig.DaysLater(tx.Now(), -KeptDays)); err != nil {
		return err
	}
	kept.Version++
	return nil
}

// Drop throws one of the actor's own drafts away; without one it does nothing.
func (s *Service) Drop(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DraftID) error {
	return s.drop(ctx, actor, intervention, id, func(Draft) bool { return true })
}

// Done throws a draft away whose form has been saved, unless another window has
// gone on with it and says something else.
func (s *Service) Done(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, seen Ref, saved url.Values) error {
	return s.drop(ctx, actor, intervention, seen.ID, func(d Draft) bool {
		return d.Version == seen.Version || d.Values.Encode() == saved.Encode()
	})
}

func (s *Service) drop(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DraftID, which func(Draft) bool) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := takesPart(ctx, tx, ledger.Entry{Kind: ledger.KeepDraft, Intervention: intervention}); err != nil {
			return err
		}
		found, err := s.find(ctx, tx, intervention, id)
		if err != nil || found.Version == 0 || !which(found) {
			return err
		}
		return tx.DropDraft(ctx, intervention, id)
	})
}
