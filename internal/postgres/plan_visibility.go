package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// PlanVisibility is what one member of the family may see of a plan's text.
type PlanVisibility struct {
	Text          sig.PlanTextID
	Viewer        ViewerID
	ViewerKind    sig.SignerKind
	Visible       bool
	LowRiskAtHome bool
	Ground        string
}

const planVisibilitiesSQL = `
select v.text, v.viewer, v.viewer_kind, v.visible, v.low_risk_at_home, coalesce(v.ground, '')
  from sig.plan_visibility v where v.intervention = @intervention`

// PlanVisibilities lists the decisions about a plan's texts; for a member of the
// family, the own ones alone.
func (tx *Tx) PlanVisibilities(ctx context.Context, intervention sig.InterventionID) ([]PlanVisibility, error) {
	rows, err := tx.Query(ctx, planVisibilitiesSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, fmt.Errorf("list who may see a plan: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PlanVisibility])
	if err != nil {
		return nil, fmt.Errorf("list who may see a plan: %w", err)
	}
	return out, nil
}

const decidePlanVisibilitySQL = `
insert into sig.plan_visibility (text, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, ground, decided_by, decided_at)
values (@text, @intervention, @authority, @viewer, @kind, @visible, @home, nullif(@ground, ''), @by, @at)
on conflict on constraint plan_visibility_pk do update
   set visible = excluded.visible, low_risk_at_home = excluded.low_risk_at_home, ground = excluded.ground,
       decided_by = excluded.decided_by, decided_at = excluded.decided_at`

// DecidePlanVisibility records a decision; the ledger keeps the earlier ones.
func (tx *Tx) DecidePlanVisibility(ctx context.Context, plan *Plan, v PlanVisibility) error {
	return tx.one(ctx, "decide who may see a plan", decidePlanVisibilitySQL, pgx.StrictNamedArgs{
		"text": v.Text, "intervention": plan.Intervention, "authority": plan.Planner.Authority, "viewer": v.Viewer, "kind": v.ViewerKind,
		"visible": v.Visible, "home": v.LowRiskAtHome, "ground": v.Ground, "by": tx.Actor.Assignment, "at": tx.Now(),
	})
}
