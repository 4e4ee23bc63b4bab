package sharing

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Grounds on which an item is kept from a member of the family (domain 6.2).
var Grounds = []string{
	"osl_12_3_severe_harm", "youth_disposes_alone", "third_party", "osl_26_5_reporter", "osl_26_2_whereabouts", "none",
}

// FamilyView is what one member of the family may see of an item. Not decided
// is not visible.
type FamilyView struct {
	Viewer        postgres.ViewerID
	Kind          sig.SignerKind
	Name          string
	Alone         bool // a guardian, of what the youth disposes over alone: nothing can open it
	Decided       bool
	Visible       bool
	LowRiskAtHome bool
	Ground        string
	Reason        string
}

// NewVisibility is one officer's decision for one member of the family. The
// guardians are decided one by one, and "low risk at home" is a decision of
// its own.
type NewVisibility struct {
	Intervention  sig.InterventionID
	Item          sig.ItemID
	Viewer        postgres.ViewerID
	Visible       bool
	LowRiskAtHome bool
	Ground        string
	Reason        string
}

func (n *NewVisibility) check() error {
	var c fault.Check
	n.Reason = strings.TrimSpace(n.Reason)
	checkText(&c, "reason", n.Reason, MaxReason, false)
	if !n.Visible && !slices.Contains(Grounds, n.Ground) {
		c.Fail("ground", "error.choose_ground")
	}
	if n.Visible {
		n.Ground = ""
	}
	return c.Err()
}

// DecideVisibility records the decision; any participant of the owning
// authority takes it. It holds from this moment, for copies as well.
func (s *Service) DecideVisibility(ctx context.Context, actor sig.Actor, in NewVisibility) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(in.Intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.DecideVisibility, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectItem, in.Item),
			Detail: ledger.Detail{"viewer": in.Viewer.String(), "visible": in.Visible, "low_risk_at_home": in.LowRiskAtHome, "ground": in.Ground},
		}
		item, err := tx.Item(ctx, in.Intervention, in.Item)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		return s.recordVisibility(ctx, tx, item, in, entry)
	})
}

func (s *Service) recordVisibility(ctx context.Context, tx *postgres.Tx, item postgres.Item, in NewVisibility, entry ledger.Entry) error {
	family, err := tx.Family(ctx, in.Intervention)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(family, func(m postgres.FamilyMember) bool { return m.ID == in.Viewer })
	if i < 0 {
		return tx.RefuseMissing(entry)
	}
	alone, err := tx.Alone(ctx, in.Intervention)
	if err != nil {
		return err
	}
	if in.Visible && family[i].Kind == sig.SignerGuardian && sig.Overlap(item.Categories, alone) {
		if err := tx.Record(entry.Refuse("youth_disposes_alone")); err != nil {
			return err
		}
		return tx.Refuse(fault.New(fault.Conflict, "error.youth_disposes_alone"))
	}
	var sealed []byte
	if in.Reason != "" {
		at := bodyPlace(item)
		at.Field = fieldGround
		if sealed, err = s.Sealer.Seal(ctx, tx, at, []byte(in.Reason)); err != nil {
			return err
		}
	}
	err = tx.DecideVisibility(ctx, item, postgres.Visibility{
		Viewer: in.Viewer, ViewerKind: family[i].Kind, Visible: in.Visible, LowRiskAtHome: in.LowRiskAtHome,
		Ground: in.Ground, GroundSealed: sealed, DecidedBy: tx.Actor.Assignment, DecidedAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	if _, err = tx.Append(ctx, entry); err != nil {
		return err
	}
	if in.Visible {
		tx.NudgeSoon(in.Viewer.UUID)
		return nil
	}
	tx.Nudge(in.Viewer.UUID)
	return nil
}

func (s *Service) familyViews(ctx context.Context, tx *postgres.Tx, item postgres.Item) ([]FamilyView, error) {
	family, err := tx.Family(ctx, item.Intervention)
	if err != nil {
		return nil, err
	}
	decided, err := tx.Visibilities(ctx, item.ID)
	if err != nil {
		return nil, err
	}
	alone, err := tx.Alone(ctx, item.Intervention)
	if err != nil {
		return nil, err
	}
	var out []FamilyView
	for _, m := range family {
		v := FamilyView{Viewer: m.ID, Kind: m.Kind, Name: m.Name}
		v.Alone = m.Kind == sig.SignerGuardian && sig.Overlap(item.Categories, alone)
		for _, d := range decided {
			if d.Viewer != m.ID {
				continue
			}
			v.Decided, v.Visible, v.LowRiskAtHome, v.Ground = true, d.Visible, d.LowRiskAtHome, d.Ground
			if len(d.GroundSealed) > 0 {
				at := bodyPlace(item)
				at.Field = fieldGround
				reason, err := s.Sealer.Open(ctx, tx, at, d.GroundSealed)
				if err != nil {
					return nil, err
				}
				v.Reason = string(reason)
			}
		}
		out = append(out, v)
	}
	return out, nil
}
