package plan

import (
	"context"
	"fmt"
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
	Alone   bool // a guardian, of a plan that is the youth's alone: nothing can open it
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
			v := viewerOf(f, decided)
			v.Alone = m.keptFrom(f)
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// keptFrom: over what the youth disposes alone no decision opens the plan to a
// guardian (OSL 12:3).
func (m *matter) keptFrom(f postgres.FamilyMember) bool {
	return f.Kind == sig.SignerGuardian && sig.Overlap(goals(), m.facts.Alone)
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
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.DecideVisibility, Intervention: intervention}, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		family, err := m.tx.Family(ctx, intervention)
		if err != nil {
			return err
		}
		if err := m.mustNotKeep(family, in); err != nil {
			return err
		}
		return m.decideVisibility(ctx, family, in)
	})
}

// mustNotKeep refuses the whole before anything is written: a refusal stays.
func (m *matter) mustNotKeep(family []postgres.FamilyMember, decisions ...Decision) error {
	for _, d := range decisions {
		if d.Visible && slices.ContainsFunc(family, func(f postgres.FamilyMember) bool { return f.ID == d.Viewer && m.keptFrom(f) }) {
			return m.tx.RefuseRecorded(m.entry, "youth_disposes_alone", fault.New(fault.Conflict, "error.youth_disposes_alone"))
		}
	}
	return nil
}

func (m *matter) decideVisibility(ctx context.Context, family []postgres.FamilyMember, in Decision) error {
	if in.Visible {
		in.Ground = ""
	} else {
		in.LowRiskAtHome = false
	}
	e := m.entry
	e.Detail = ledger.Detail{
		"text": in.Text.String(), "viewer": in.Viewer.String(), "visible": in.Visible, "low_risk_at_home": in.LowRiskAtHome, "ground": in.Ground,
	}
	who := slices.IndexFunc(family, func(f postgres.FamilyMember) bool { return f.ID == in.Viewer })
	if who < 0 || !slices.ContainsFunc(m.row.Texts, func(t postgres.PlanText) bool { return t.ID == in.Text }) {
		return m.tx.RefuseMissing(e)
	}
	err := m.tx.DecidePlanVisibility(ctx, &m.row.Plan, postgres.PlanVisibility{
		Text: in.Text, Viewer: in.Viewer, ViewerKind: family[who].Kind, Visible: in.Visible, LowRiskAtHome: in.LowRiskAtHome, Ground: in.Ground,
	})
	if err != nil {
		return err
	}
	m.tx.Nudge(in.Viewer.UUID)
	return m.tx.Record(e)
}

// Shows reports whether a text is decided visible for this one.
func (v *Viewer) Shows(text sig.PlanTextID) bool { return slices.Contains(v.Shown, text) }

// Shown is what one member of the family is to see of the plan as it stands.
type Shown struct {
	Viewer ViewerID
	Texts  []sig.PlanTextID
	AtHome bool   // also on a screen at home
	Ground string // for what was visible and no longer is
}

// Show decides for several members of the family at once, all or nothing: what
// is named becomes visible, what was visible and is not named any more needs a
// ground, and what nobody has decided stays undecided.
func (s *Service) Show(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in []Shown) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.DecideVisibility, Intervention: intervention}, func(m *matter) error {
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
		decisions, err := m.decisions(in, family, decided)
		if err != nil {
			return err
		}
		if err := m.mustNotKeep(family, decisions...); err != nil {
			return err
		}
		for _, d := range decisions {
			if err := m.decideVisibility(ctx, family, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// decisions are those that differ from what is decided.
func (m *matter) decisions(in []Shown, family []postgres.FamilyMember, decided []postgres.PlanVisibility) ([]Decision, error) {
	var list []Decision
	var noes fault.Check
	for n, one := range in {
		who := slices.IndexFunc(family, func(f postgres.FamilyMember) bool { return f.ID == one.Viewer })
		if who < 0 {
			return nil, m.tx.RefuseMissing(m.entry)
		}
		at := fmt.Sprintf("members.%d.", n)
		if one.Ground != "" && !slices.Contains(Grounds, one.Ground) {
			noes.Fail(at+"ground", "error.choose_one")
		}
		now := viewerOf(family[who], decided)
		for _, text := range one.Texts {
			if !slices.ContainsFunc(m.row.Texts, func(t postgres.PlanText) bool { return t.ID == text }) {
				noes.Fail(at+"shown", "error.choose_one")
			}
			if !now.Shows(text) || slices.Contains(now.AtHome, text) != one.AtHome {
				list = append(list, Decision{Text: text, Viewer: one.Viewer, Visible: true, LowRiskAtHome: one.AtHome})
			}
		}
		for _, t := range m.row.Texts {
			if slices.Contains(one.Texts, t.ID) || !now.Shows(t.ID) {
				continue
			}
			if one.Ground == "" {
				noes.Fail(at+"ground", "error.choose_ground")
			}
			list = append(list, Decision{Text: t.ID, Viewer: one.Viewer, Ground: one.Ground})
		}
	}
	return list, noes.Err()
}
