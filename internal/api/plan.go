package api

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// Plan is the implementation plan as the caller may see it; without a version
// there is none for the caller.
type Plan struct {
	Intervention ID           `json:"intervention"`
	CaseNumber   string       `json:"case_number"`
	Version      int          `json:"version"`
	FollowUp     Date         `json:"follow_up,omitempty"`
	Goals        []PlanText   `json:"goals"`
	Words        []PlanText   `json:"words" doc:"The young person's own."`
	Commitments  []Commitment `json:"commitments"`
	Actions      []string     `json:"actions"`
}

// PlanText is one text of a plan.
type PlanText struct {
	ID    ID     `json:"id"`
	Text  string `json:"text"`
	Since int    `json:"since" doc:"The version in which it came."`
}

// Commitment is which function does what by when.
type Commitment struct {
	ID       ID     `json:"id"`
	Seat     Seat   `json:"seat"`
	Text     string `json:"text"`
	DueOn    Date   `json:"due_on"`
	State    string `json:"state"`
	Overdue  bool   `json:"overdue"`
	ClosedBy string `json:"closed_by,omitempty"`
	Note     string `json:"note,omitempty"`
}

func planTextOut(t plan.Text) PlanText { return PlanText{idOut(t.ID), t.Text, t.Since} }

func commitmentOut(c plan.Commitment) Commitment {
	return Commitment{
		ID: idOut(c.ID), Seat: seatOut(c.Seat), Text: c.Text, DueOn: Date(c.DueOn.String()), State: string(c.State),
		Overdue: c.Overdue, ClosedBy: c.ClosedBy, Note: c.Note,
	}
}

func planOut(o *plan.Open) *Plan {
	out := &Plan{
		Intervention: idOut(o.Intervention), CaseNumber: o.CaseNumber, Version: o.Version, Actions: []string{},
		Goals: list(o.Goals, planTextOut), Words: list(o.Words, planTextOut),
		Commitments: list(o.Commitments, commitmentOut),
	}
	if o.Version > 0 {
		out.FollowUp = Date(o.FollowUp.String())
	}
	if o.Actions.Write {
		out.Actions = append(out.Actions, "write")
	}
	if o.Actions.DecideVisibility {
		out.Actions = append(out.Actions, "decide_visibility")
	}
	return out
}

// NewPlan is a version of the plan.
type NewPlan struct {
	Version  int             `json:"version" minimum:"0" doc:"The one that the caller has seen; 0 where there is no plan."`
	FollowUp Date            `json:"follow_up"`
	Goals    []string        `json:"goals" maxItems:"100"`
	Words    string          `json:"words,omitempty" maxLength:"8000"`
	Add      []NewCommitment `json:"add,omitempty" maxItems:"100"`
}

// NewCommitment is a function's promise.
type NewCommitment struct {
	Seat  Seat   `json:"seat"`
	DueOn Date   `json:"due_on"`
	Text  string `json:"text" maxLength:"2000"`
}

func (b NewPlan) read(id sig.InterventionID) (plan.New, error) {
	var check fault.Check
	in := plan.New{Intervention: id, Version: b.Version, FollowUp: b.FollowUp.read(&check, "follow_up"), Goals: b.Goals, Words: b.Words}
	for _, c := range b.Add {
		in.Add = append(in.Add, plan.NewCommitment{Seat: c.Seat.read(), DueOn: c.DueOn.read(&check, "due_on"), Text: c.Text})
	}
	return in, check.Err()
}

// CommitmentNote is what a function tells the board when it is done.
type CommitmentNote struct {
	Note string `json:"note,omitempty" maxLength:"2000" doc:"Needs a row of the consent that lets the function tell the board plan_goals."`
}

// PlanVisibility is one decision about one text and one member of the family.
type PlanVisibility struct {
	Text    ID     `json:"text"`
	Viewer  ID     `json:"viewer"`
	Visible bool   `json:"visible"`
	AtHome  bool   `json:"low_risk_at_home,omitempty"`
	Ground  string `json:"ground,omitempty" maxLength:"60"`
}

// InCommitment is the address of a commitment.
type InCommitment struct {
	InCase
	Commitment string `path:"commitment"`
}

func (in InCommitment) ids() (i sig.InterventionID, c sig.CommitmentID, err error) {
	if i, err = in.intervention(); err == nil {
		err = pathID(in.Commitment, &c)
	}
	return i, c, err
}

// CommitmentBody is the address of a commitment, and what is sent there.
type CommitmentBody[B any] struct {
	InCommitment
	Body B
}

func (a *API) registerPlan() {
	const tag = "plan"
	const path = "/api/v1/interventions/{id}/plan"
	add(a, op{method: "GET", path: path, level: Hat, id: "show-plan", tag: tag,
		says: "The implementation plan as far as the caller may see it; the read is in the ledger."}, a.planShow)
	act(a, op{method: "PUT", path: path, level: Hat, id: "write-plan", tag: tag,
		says: "Write a version: each function sees the goals and its own commitments while the consent covers it."}, a.planWrite)
	add(a, op{method: "POST", path: path + "/copy", level: Hat, id: "copy-plan", tag: tag, created: true,
		says: "Send a frozen copy of the goals and of what the board has promised to the coordinator of another board whom the consent names: when the young person moves, nothing else goes along."}, a.planCopy)
	act(a, op{method: "PUT", path: path + "/visibility", level: Hat, id: "decide-plan-visibility", tag: tag,
		says: "Decide whether a member of the family may see one text of the plan."}, a.planVisibility)
	act(a, op{method: "PUT", path: path + "/commitments/{commitment}/report", level: Hat, id: "report-commitment", tag: tag,
		says: "Say for the own function that its commitment is done."}, a.commitmentReport)
	act(a, op{method: "POST", path: path + "/commitments/{commitment}/stop", level: Hat, id: "stop-commitment", tag: tag,
		says: "Stop a commitment that is no longer wanted."}, a.commitmentStop)
}

func (a *API) planShow(ctx context.Context, who *caller, in *InCase) (*Plan, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	open, err := a.deps.Plan.Open(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return planOut(open), nil
}

func (a *API) planWrite(ctx context.Context, who *caller, in *CaseBody[NewPlan]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	version, err := in.Body.read(id)
	if err != nil {
		return err
	}
	return a.deps.Plan.Write(ctx, who.actor, version)
}

func (a *API) planVisibility(ctx context.Context, who *caller, in *CaseBody[PlanVisibility]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	d := plan.Decision{Visible: in.Body.Visible, LowRiskAtHome: in.Body.AtHome, Ground: in.Body.Ground}
	var check fault.Check
	if err := pathID(string(in.Body.Text), &d.Text); err != nil {
		check.Fail("text", "error.bad_id")
	}
	if err := pathID(string(in.Body.Viewer), &d.Viewer); err != nil {
		check.Fail("viewer", "error.bad_id")
	}
	if err := check.Err(); err != nil {
		return err
	}
	return a.deps.Plan.DecideVisibility(ctx, who.actor, id, d)
}

func (a *API) commitmentReport(ctx context.Context, who *caller, in *CommitmentBody[CommitmentNote]) error {
	id, c, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Plan.Report(ctx, who.actor, id, c, in.Body.Note)
}

func (a *API) commitmentStop(ctx context.Context, who *caller, in *InCommitment) error {
	id, c, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Plan.Stop(ctx, who.actor, id, c)
}
