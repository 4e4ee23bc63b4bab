package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Copy is what of the plan may go, frozen, to the coordinator of another board
// when the young person moves there (domain T13; OSL 8:1): the goals and what
// the board itself has promised. What another function has promised is its own,
// the young person's words are the young person's, and what was decided hidden
// from somebody in the family stays here.
type Copy struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Version      int
	Goals        []Text
	Promises     []Commitment
	To           []sig.Seat // coordinators of other boards whom the consent lets be told
}

// Handing is to whom the copy goes, and why.
type Handing struct {
	Key             string // made by the form, so that a repeat is the same act
	To              sig.Seat
	Necessity       string
	Goals, Promised string // headings of the text
}

// Copy shows it before it goes. The board's own who write the plan see it; the
// look is in the ledger as any other.
func (s *Service) Copy(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Copy, error) {
	var out *Copy
	entry := ledger.Entry{Kind: ledger.ReadPlan, Intervention: intervention}
	err := s.change(ctx, actor, entry, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		var err error
		if out, err = m.copied(ctx); err != nil {
			return err
		}
		return m.tx.Record(m.entry)
	})
	return out, err
}

// HandOver writes the copy down as an item of the board's and discloses it: by
// one row of the consent from the actor's own function, as any disclosure, or
// not at all.
func (s *Service) HandOver(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in Handing) (sig.ItemID, error) {
	var check fault.Check
	if in.Key == "" || !sig.Writable(in.Key) {
		check.Fail("key", "error.required")
	}
	if in.Necessity = strings.TrimSpace(in.Necessity); in.Necessity == "" {
		check.Fail("necessity", "error.required")
	}
	if err := check.Err(); err != nil {
		return sig.ItemID{}, err
	}
	item := sharing.WrittenAs(actor, in.Key)
	entry := ledger.Entry{Kind: ledger.ReadPlan, Intervention: intervention}
	err := s.change(ctx, actor, entry, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		before, err := m.tx.DisclosureFacts(ctx, intervention, item, nil, nil)
		if err != nil || before.Item != nil { // sent already
			return err
		}
		c, err := m.copied(ctx)
		switch {
		case err != nil:
			return err
		case c.Version == 0:
			return fault.New(fault.Conflict, "error.plan_not_begun")
		case !slices.Contains(c.To, in.To):
			var check fault.Check
			check.Fail("to", "error.choose_one")
			return m.tx.RefuseRecorded(m.entry, string(policy.NoGrantToRecipient), check.Err())
		}
		if err := m.tx.Record(m.entry); err != nil {
			return err
		}
		from, _ := m.teller(in.To)
		told := sharing.Service{DB: m.s.DB, Sealer: m.s.Sealer}
		_, _, err = told.TellHere(ctx, m.tx, sharing.Spoken{
			From: from,
			Item: sharing.NewItem{Key: in.Key, Intervention: intervention, Categories: goals(), Text: c.text(in)},
			To: sharing.NewDisclosure{
				Key: in.Key, Intervention: intervention, Recipients: []sig.Seat{in.To}, Necessity: in.Necessity,
			},
		})
		return err
	})
	return item, err
}

func goals() []sig.Category { return []sig.Category{sig.CategoryPlanGoals} }

// copied gathers what may go, and to whom.
func (m *matter) copied(ctx context.Context) (*Copy, error) {
	out := &Copy{
		Intervention: m.facts.Intervention, CaseNumber: m.facts.CaseNumber, YouthName: m.facts.YouthName, Version: m.row.Version,
	}
	if m.row.ID.IsZero() || m.facts.State == sig.InterventionClosed {
		out.Version = 0
		return out, nil
	}
	texts, err := m.texts(ctx)
	if err != nil {
		return nil, err
	}
	decided, err := m.tx.PlanVisibilities(ctx, m.facts.Intervention)
	if err != nil {
		return nil, err
	}
	hidden := func(id sig.PlanTextID) bool {
		return slices.ContainsFunc(decided, func(v postgres.PlanVisibility) bool { return v.Text == id && !v.Visible })
	}
	for _, t := range m.row.Texts {
		if t.Kind == sig.PlanGoal && !hidden(t.ID) {
			out.Goals = append(out.Goals, Text{ID: t.ID, Text: texts[t.ID], Since: t.Since})
		}
	}
	for _, c := range m.row.Commitments {
		id := sig.PlanTextID{UUID: c.ID.UUID}
		if c.Seat.Authority == m.facts.Board && c.State != sig.CommitmentStopped && !hidden(id) {
			out.Promises = append(out.Promises, Commitment{ID: c.ID, Seat: c.Seat, Text: texts[id], DueOn: c.DueOn, State: c.State})
		}
	}
	return out, m.boards(ctx, out)
}

// boards finds the coordinators of other boards whom one of the actor's own
// functions may tell the plan's goals now.
func (m *matter) boards(ctx context.Context, out *Copy) error {
	for _, g := range m.facts.Rows() {
		if g.Recipient.Function != sig.RoleCoordinator || g.Recipient.Authority == m.facts.Board || slices.Contains(out.To, g.Recipient) {
			continue
		}
		to, known, err := m.place(ctx, g.Recipient)
		if err != nil {
			return err
		}
		from, mine := m.teller(g.Recipient)
		if known && mine && to.SocialServices() && m.decide(policy.ReadPlan, from, to, true).Allowed {
			out.To = append(out.To, g.Recipient)
		}
	}
	return nil
}

// teller is the actor's own seat of which a row says that it tells that one.
func (m *matter) teller(to sig.Seat) (sig.Place, bool) {
	for _, g := range m.facts.Rows() {
		if from, mine := m.mine(g.Discloser); mine && g.Recipient == to && g.Covers(goals()) {
			return from, true
		}
	}
	return sig.Place{}, false
}

// text is the copy as it goes: numbered, so that it can be talked about.
func (c *Copy) text(in Handing) string {
	var b strings.Builder
	b.WriteString(in.Goals + "\n")
	for n, t := range c.Goals {
		fmt.Fprintf(&b, "%d. %s\n", n+1, t.Text)
	}
	if len(c.Promises) > 0 {
		b.WriteString("\n" + in.Promised + "\n")
	}
	for n, p := range c.Promises {
		fmt.Fprintf(&b, "%d. %s (%s)\n", n+1, p.Text, p.DueOn)
	}
	return strings.TrimSpace(b.String())
}
