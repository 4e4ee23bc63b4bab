package plan

import (
	"context"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// Promise adds one commitment to the plan as it stands, as when it is typed
// while a meeting goes on: goals and words stay, whoever wrote them in between.
// It is a version like any other. The same promise, made twice, is made once.
func (s *Service) Promise(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, add NewCommitment) error {
	add.Text = strings.TrimSpace(add.Text)
	shape := New{FollowUp: add.DueOn, Goals: []string{"a goal"}, Add: []NewCommitment{add}}
	if add.DueOn.IsZero() {
		shape.FollowUp = sig.Date{Year: 1, Month: 1, Day: 1} // the plan has its own
	}
	if err := shape.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.WritePlan, Intervention: intervention}, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		switch {
		case m.facts.State != sig.InterventionActive:
			return m.tx.RefuseRecorded(m.entry, string(policy.CaseNotActive), fault.New(fault.Conflict, "error.plan_not_active"))
		case m.row.Version == 0:
			return fault.New(fault.Conflict, "error.plan_not_begun")
		}
		texts, err := m.texts(ctx)
		if err != nil {
			return err
		}
		in := New{Intervention: intervention, Version: m.row.Version, FollowUp: m.row.FollowUp, Add: []NewCommitment{add}}
		for _, t := range m.row.Texts {
			switch t.Kind {
			case sig.PlanGoal:
				in.Goals = append(in.Goals, texts[t.ID])
			case sig.PlanWords:
				in.Words = texts[t.ID]
			case sig.PlanCommitment:
			}
		}
		if m.same(&in, texts) {
			return nil
		}
		return m.write(ctx, &in, texts)
	})
}
