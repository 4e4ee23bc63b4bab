package plan

import (
	"context"
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// ViewerID names a guardianship or a youth.
type ViewerID = postgres.ViewerID

// Grounds on which a text is kept from a member of the family (domain 6.2).
var Grounds = []string{
	"osl_12_3_severe_harm", "youth_disposes_alone", "third_party", "osl_26_5_reporter", "osl_26_2_whereabouts", "none",
}

// Viewer is one member of the family, with what is decided now. Not decided is
// not visible.
type Viewer struct {
	ID      ViewerID
	Kind    sig.SignerKind
	Name    string
	Shown   []sig.PlanTextID
	AtHome  []sig.PlanTextID // of those, also on a screen at home
	Hidden  []sig.PlanTextID // decided to be kept from this one
	Grounds []string         // of them
}

// Viewers lists the family for whoever decides what of the plan they see.
func (s *Service) Viewers(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]Viewer, error) {
	var out []Viewer
	err := s.look(ctx, actor, ledger.Entry{Kind: ledger.DecideVisibility, Intervention: intervention}, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		family, err := m.tx.Family(ctx, intervention)
		if err != nil {
			return err
		}
		decided, err := m.tx.PlanVisibilities(ctx, intervention)
		if err != nil {
			return err
		}
		for _, f := range family {
			out = append(out, viewerOf(f, decided))
		}
		return nil
	})
	return out, err
}

func viewerOf(f postgres.FamilyMember, decided []postgres.PlanVisibility) Viewer {
	v := Viewer{ID: f.ID, Kind: f.Kind, Name: f.Name}
	for _, d := range decided {
		switch {
		case d.Viewer != f.ID:
		case d.Visible:
			v.Shown = append(v.Shown, d.Text)
			if d.LowRiskAtHome {
				v.AtHome = append(v.AtHome, d.Text)
			}
		default:
			v.Hidden, v.Grounds = append(v.Hidden, d.Text), append(v.Grounds, d.Ground)
		}
	}
	return v
}

// Decision is one officer's decision about one text and one member of the family.
type Decision struct {
	Text          sig.PlanTextID
	Viewer        ViewerID
	Visible       bool
	LowRiskAtHome bool
	Ground        string
}

// DecideVisibility records a decision. It holds from this moment.
func (s *Service) DecideVisibility(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in Decision) error {
	if !in.Visible && !slices.Contains(Grounds, in.Ground) {
		var c fault.Check
		c.Fail("ground", "error.choose_ground")
		return c.Err()
	}
	if in.Visible {
		in.Ground = ""
	} else {
		in.LowRiskAtHome = false
	}
	entry := ledger.Entry{
		Kind: ledger.DecideVisibility, Intervention: intervention,
		Detail: ledger.Detail{
			"text": in.Text.String(), "viewer": in.Viewer.String(), "visible": in.Visible, "low_risk_at_home": in.LowRiskAtHome, "ground": in.Ground,
		},
	}
	return s.change(ctx, actor, entry, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		family, err := m.tx.Family(ctx, intervention)
		if err != nil {
			return err
		}
		who := slices.IndexFunc(family, func(f postgres.FamilyMember) bool { return f.ID == in.Viewer })
		if who < 0 || !slices.ContainsFunc(m.row.Texts, func(t postgres.PlanText) bool { return t.ID == in.Text }) {
			return m.tx.RefuseMissing(m.entry)
		}
		err = m.tx.DecidePlanVisibility(ctx, &m.row.Plan, postgres.PlanVisibility{
			Text: in.Text, Viewer: in.Viewer, ViewerKind: family[who].Kind, Visible: in.Visible, LowRiskAtHome: in.LowRiskAtHome, Ground: in.Ground,
		})
		if err != nil {
			return err
		}
		if err := m.tx.Record(m.entry); err != nil {
			return err
		}
		m.tx.Nudge(in.Viewer.UUID)
		return nil
	})
}
