package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const decideVisibilitySQL = `
insert into sig.item_visibility (item, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, ground, ground_sealed, decided_by, decided_at)
values (@item, @intervention, @authority, @viewer, @viewer_kind, @visible, @low_risk_at_home, nullif(@ground, ''), @ground_sealed, @decided_by, @decided_at)
on conflict (item, viewer) do update
   set visible = excluded.visible, low_risk_at_home = excluded.low_risk_at_home, ground = excluded.ground,
       ground_sealed = excluded.ground_sealed, decided_by = excluded.decided_by, decided_at = excluded.decided_at`

// DecideVisibility records what one family member may see of an item; the
// ledger keeps the earlier decisions.
func (tx *Tx) DecideVisibility(ctx context.Context, it Item, v Visibility) error {
	_, err := tx.Exec(ctx, decideVisibilitySQL, pgx.StrictNamedArgs{
		"item": it.ID, "intervention": it.Intervention, "authority": it.Authority,
		"viewer": v.Viewer, "viewer_kind": v.ViewerKind, "visible": v.Visible, "low_risk_at_home": v.LowRiskAtHome,
		"ground": v.Ground, "ground_sealed": v.GroundSealed, "decided_by": v.DecidedBy, "decided_at": v.DecidedAt,
	})
	if err != nil {
		return fmt.Errorf("decide visibility: %w", err)
	}
	return nil
}

const visibilitiesSQL = `
select item, viewer, viewer_kind, visible, low_risk_at_home, coalesce(ground, ''), ground_sealed, decided_by, decided_at
  from sig.item_visibility where item = @item`

// Visibilities lists the decisions about an item; for a family member, the own
// one alone.
func (tx *Tx) Visibilities(ctx context.Context, item sig.ItemID) ([]Visibility, error) {
	rows, err := tx.Query(ctx, visibilitiesSQL, pgx.StrictNamedArgs{"item": item})
	if err != nil {
		return nil, fmt.Errorf("list visibility decisions: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Visibility])
	if err != nil {
		return nil, fmt.Errorf("list visibility decisions: %w", err)
	}
	return out, nil
}

// FamilyMember is somebody for whom visibility is decided.
type FamilyMember struct {
	ID   ViewerID
	Kind sig.SignerKind
	Name string
}

const familySQL = `select viewer, kind, name from sig.family_of(@intervention)`

// Family lists the youth and the guardians in force of an intervention, for
// staff who take part in it.
func (tx *Tx) Family(ctx context.Context, intervention sig.InterventionID) ([]FamilyMember, error) {
	rows, err := tx.Query(ctx, familySQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, fmt.Errorf("list the family: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[FamilyMember])
	if err != nil {
		return nil, fmt.Errorf("list the family: %w", err)
	}
	return out, nil
}

// Alone lists the categories over which the youth of an intervention disposes
// alone now.
func (tx *Tx) Alone(ctx context.Context, intervention sig.InterventionID) ([]sig.Category, error) {
	var list []sig.Category
	err := tx.QueryRow(ctx, `select sig.alone_in($1)`, intervention).Scan(&list)
	return list, wrap("ask what the youth disposes over alone", err)
}

// HomeRiskApplies reports whether the actor is a youth under 18, who sees only
// what was released as low risk at home.
func (tx *Tx) HomeRiskApplies(ctx context.Context) (bool, error) {
	var applies bool
	if err := tx.QueryRow(ctx, `select sig.home_risk_applies()`).Scan(&applies); err != nil {
		return false, fmt.Errorf("ask for the home risk: %w", err)
	}
	return applies, nil
}
