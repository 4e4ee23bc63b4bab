package api

import (
	"context"

	"sigportal/internal/plan"
	"sigportal/internal/words"
)

// PlanCopy is to whom a copy of the plan goes, and why.
type PlanCopy struct {
	To        Seat   `json:"to" doc:"The coordinator of another board, as a row of the consent names it."`
	Necessity string `json:"necessity" maxLength:"1000"`
}

// PlanCopied is the item that the copy was written down as.
type PlanCopied struct {
	Item ID `json:"item"`
}

func (a *API) planCopy(ctx context.Context, who *caller, in *CaseBody[PlanCopy]) (*PlanCopied, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	sv := words.For("sv")
	item, err := a.deps.Plan.HandOver(ctx, who.actor, id, plan.Handing{
		Key: who.key, To: in.Body.To.read(), Necessity: in.Body.Necessity, Goals: sv.T("plan.goals"), Promised: sv.T("plan.copy.promised"),
	})
	if err != nil {
		return nil, err
	}
	return &PlanCopied{idOut(item)}, nil
}
