package api

import (
	"context"

	"sigportal/internal/plan"
)

// PlanChanges is what differs between an earlier version of the plan and the
// one that stands, for the board.
type PlanChanges struct {
	CaseNumber string       `json:"case_number"`
	Since      int          `json:"since" doc:"The earlier version."`
	Version    int          `json:"version"`
	Goals      []PlanChange `json:"goals"`
	Words      []PlanChange `json:"words"`
	Promised   []Commitment `json:"promised" doc:"New commitments, with how they stand now."`
	Kept       int          `json:"kept" doc:"Texts that stood then and stand now."`
}

// PlanChange is one text. Without a before it is new, without a now it was taken out.
type PlanChange struct {
	Before string `json:"before,omitempty"`
	Now    string `json:"now,omitempty"`
}

// SinceVersion says from which version on.
type SinceVersion struct {
	InCase
	Since int `query:"since" minimum:"0" doc:"Absent: the one before the last."`
}

func (a *API) registerPlanChanges() {
	add(a, op{method: "GET", path: "/api/v1/interventions/{id}/plan/changes", level: Hat, id: "list-plan-changes", tag: "plan",
		says: "What has changed in the plan since a version, for the board; the read is in the ledger."}, a.planChanges)
}

func (a *API) planChanges(ctx context.Context, who *caller, in *SinceVersion) (*PlanChanges, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	c, err := a.deps.Plan.Changes(ctx, who.actor, id, in.Since)
	if err != nil {
		return nil, err
	}
	change := func(one plan.Change) PlanChange { return PlanChange{one.Before, one.Now} }
	return &PlanChanges{
		CaseNumber: c.CaseNumber, Since: c.Since, Version: c.Version, Kept: c.Kept,
		Goals: list(c.Goals, change), Words: list(c.Words, change), Promised: list(c.Promised, commitmentOut),
	}, nil
}
