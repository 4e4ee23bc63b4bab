package sample

import (
	"context"
	"fmt"
	"slices"

	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// Planned has the coordinator write Amir's plan: two goals, his own words, and
// what the police, the school and the coordinator have promised. The police
// report theirs, and it is decided that the family sees all of it.
func (t *Town) Planned(ctx context.Context, intervention sig.InterventionID) error {
	coordinator, err := t.As(ctx, "coordinator-farsta", "")
	if err != nil {
		return err
	}
	today, err := t.today(ctx)
	if err != nil {
		return err
	}
	err = t.Plan.Write(ctx, coordinator, plan.New{
		Intervention: intervention, FollowUp: today.AddDays(90),
		Goals: []string{"Hemma före 23 på vardagar.", "I skolan varje dag."},
		Words: "Jag vill spela fotboll igen. Det är bäst om någon frågar mig först.",
		Add: []plan.NewCommitment{
			{Seat: Police, DueOn: today.AddDays(7), Text: "Pratar med Amir vid fritidsgården."},
			{Seat: Counsellor, DueOn: today.AddDays(14), Text: "Två samtal i veckan, på morgonen."},
			{Seat: Coordinator, DueOn: today.AddDays(21), Text: "Frågar klubben om en plats i laget."},
		},
	})
	if err != nil {
		return fmt.Errorf("write a plan: %w", err)
	}
	err = t.Plan.Write(ctx, coordinator, plan.New{
		Intervention: intervention, Version: 1, FollowUp: today.AddDays(90), Goals: []string{"Hemma före 22 på vardagar.", "I skolan varje dag."},
		Words: "Jag vill spela fotboll igen. Det är bäst om någon frågar mig först.",
	})
	if err != nil {
		return fmt.Errorf("write the plan anew: %w", err)
	}
	police, err := t.As(ctx, "police-farsta", "")
	if err != nil {
		return err
	}
	mine, err := t.Plan.Open(ctx, police, intervention)
	if err != nil {
		return fmt.Errorf("open a plan: %w", err)
	}
	if err := t.Plan.Report(ctx, police, intervention, mine.Commitments[0].ID, "Vi har pratat två gånger."); err != nil {
		return fmt.Errorf("report a commitment: %w", err)
	}
	return t.showPlan(ctx, coordinator, intervention)
}

// showPlan decides the plan visible for the whole family, also at home.
func (t *Town) showPlan(ctx context.Context, officer sig.Actor, intervention sig.InterventionID) error {
	open, err := t.Plan.Open(ctx, officer, intervention)
	if err != nil {
		return fmt.Errorf("open a plan: %w", err)
	}
	family, err := t.Plan.Viewers(ctx, officer, intervention)
	if err != nil {
		return fmt.Errorf("list the family: %w", err)
	}
	var texts []sig.PlanTextID
	for _, one := range slices.Concat(open.Goals, open.Words) {
		texts = append(texts, one.ID)
	}
	for _, one := range open.Commitments {
		texts = append(texts, sig.PlanTextID{UUID: one.ID.UUID})
	}
	for _, member := range family {
		for _, text := range texts {
			err := t.Plan.DecideVisibility(ctx, officer, intervention, plan.Decision{Text: text, Viewer: member.ID, Visible: true, LowRiskAtHome: true})
			if err != nil {
				return fmt.Errorf("decide visibility: %w", err)
			}
		}
	}
	return nil
}
