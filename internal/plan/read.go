package plan

import (
	"context"
	"errors"
	"slices"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Open is the plan as its reader may see it. Without a version there is none
// for this reader, whatever there is for others.
type Open struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Protected    bool // the family sees no names of units
	Version      int
	FollowUp     sig.Date
	Today        sig.Date
	Goals        []Text
	Words        []Text // the young person's own; at most one
	Commitments  []Commitment
	Stopped      *Stopped // a cut has stopped what the reader's function had
	OnBoard      bool
	Actions      Actions
}

// Stopped is when and by what commitments of the reader's function were
// stopped; nothing of what they were.
type Stopped = postgres.StoppedCommitment

// Text is one text of a plan.
type Text struct {
	ID    sig.PlanTextID
	Text  string
	Since int // the version in which it came
}

// Commitment is which function does what by when.
type Commitment struct {
	ID       sig.CommitmentID
	Seat     sig.Seat
	Text     string
	DueOn    sig.Date
	State    sig.CommitmentState
	Overdue  bool
	ClosedBy string
	Closed   sig.Date
	Note     string // what the function told the board
	Report   bool   // the reader may say that it is done
	Tell     bool   // and tell the board how it went
	Stop     bool   // the reader may stop it
}

// Actions are what the reader may do with the plan.
type Actions struct{ Write, DecideVisibility bool }

// Progress is how many of the commitments that the reader sees are done, still
// open and stopped.
func (o *Open) Progress() (done, open, stopped int) {
	for _, c := range o.Commitments {
		switch c.State {
		case sig.CommitmentDone:
			done++
		case sig.CommitmentStopped:
			stopped++
		default:
			open++
		}
	}
	return done, open, stopped
}

// Open opens the plan. Content, second wall and ledger row are one round trip
// under the shared lock; the policy then looks at what came with the same facts
// and instant. That there is no plan, and that there is none for the reader,
// answer alike.
func (s *Service) Open(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Open, error) {
	var out *Open
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ReadPlan, Intervention: intervention}
		facts, row, err := tx.ReadPlan(ctx, intervention, sig.RequestOf(ctx))
		if errors.Is(err, postgres.ErrNoRows) || err == nil && len(facts.AtMeetings().Seats) == 0 && !actor.IsCitizen() {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry, row: row}
		out, err = m.open(ctx)
		return err
	})
	return out, err
}

func (m *matter) open(ctx context.Context) (*Open, error) {
	out := &Open{
		Intervention: m.facts.Intervention, CaseNumber: m.facts.CaseNumber, YouthName: m.facts.YouthName, Protected: m.facts.Protected,
		Version: m.row.Version, FollowUp: m.row.FollowUp, Today: sig.DateOf(m.tx.Now()), OnBoard: m.onBoard(),
	}
	writes := m.may() && m.facts.State == sig.InterventionActive
	out.Actions = Actions{Write: writes, DecideVisibility: m.may() && m.row.Version > 0 && m.facts.State != sig.InterventionClosed}
	switch {
	case m.row.ID.IsZero():
		return out, m.openNothing(ctx, out)
	case m.facts.State == sig.InterventionClosed && !m.tx.Actor.IsCitizen():
		out.Version, out.FollowUp = 0, sig.Date{} // closed to the board's participants, as its items are
		return out, nil
	}
	m.entry.Object = ledger.Of(ledger.ObjectPlan, m.row.ID)
	if err := m.mayAll(ctx); err != nil {
		return nil, err
	}
	texts, err := m.texts(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range m.row.Texts {
		one := Text{ID: t.ID, Text: texts[t.ID], Since: t.Since}
		switch t.Kind {
		case sig.PlanGoal:
			out.Goals = append(out.Goals, one)
		case sig.PlanWords:
			out.Words = append(out.Words, one)
		case sig.PlanCommitment:
		}
	}
	return out, m.openCommitments(ctx, texts, out)
}

// openNothing says to staff what a cut has taken, and leaves a row for the look.
func (m *matter) openNothing(ctx context.Context, out *Open) error {
	if !m.tx.Actor.IsCitizen() {
		stopped, err := m.tx.StoppedCommitments(ctx, m.facts.Intervention)
		if err != nil {
			return err
		}
		if len(stopped) > 0 {
			out.Stopped = &stopped[0]
		}
	}
	return m.tx.Record(m.entry)
}

// mayAll asks the policy about everything that the second wall let through.
func (m *matter) mayAll(ctx context.Context) error {
	if m.tx.Actor.IsCitizen() {
		return m.mayFamily(ctx)
	}
	if m.onBoard() {
		return nil
	}
	planner, _, err := m.place(ctx, m.row.Planner)
	if err != nil {
		return err
	}
	var last policy.Decision
	for _, seat := range m.facts.Seats {
		if last = m.decide(policy.ReadPlan, planner, seat, true); last.Allowed {
			break
		}
	}
	if !last.Allowed {
		return m.wallsDisagree(last.Reason)
	}
	for _, t := range m.row.Texts {
		if t.Kind == sig.PlanWords {
			return m.wallsDisagree(policy.NotRecipient)
		}
	}
	for _, c := range m.row.Commitments {
		seat, ok := m.mine(c.Seat)
		if !ok {
			return m.wallsDisagree(policy.NotRecipient)
		}
		if d := m.decide(policy.ReadPlan, planner, seat, true); !d.Allowed {
			return m.wallsDisagree(d.Reason)
		}
	}
	return nil
}

// mayFamily asks about every text: decided visible for this one, and on this
// screen.
func (m *matter) mayFamily(ctx context.Context) error {
	decided, err := m.tx.PlanVisibilities(ctx, m.facts.Intervention)
	if err != nil {
		return err
	}
	under, err := m.tx.HomeRiskApplies(ctx)
	if err != nil {
		return err
	}
	for _, t := range m.row.Texts {
		r := &policy.Request{
			Action: policy.ReadAsFamily, Now: m.tx.Now(), Case: m.facts.State,
			Actor:   policy.Actor{Kind: m.tx.Actor.Kind, InForce: true, Participates: true, UnderAge: under},
			Consent: policy.Consent{Alone: m.facts.Alone}, Item: policy.Item{Categories: goals()},
		}
		for _, v := range decided {
			if v.Text == t.ID && (v.Viewer.UUID == m.tx.Actor.Guardian.UUID || v.Viewer.UUID == m.tx.Actor.Youth.UUID) {
				r.Item.Visible, r.Item.LowRisk = v.Visible, v.LowRiskAtHome
			}
		}
		if d := policy.Decide(r); !d.Allowed {
			return m.wallsDisagree(d.Reason)
		}
	}
	return nil
}

// texts opens every text that came.
func (m *matter) texts(ctx context.Context) (map[sig.PlanTextID]string, error) {
	var sealed []seal.Sealed
	for _, t := range m.row.Texts {
		sealed = append(sealed, seal.Sealed{Place: m.textPlace(t.ID.UUID, fieldText), Bytes: t.BodySealed})
	}
	opened, err := m.s.Sealer.OpenAll(ctx, m.tx, sealed)
	if err != nil {
		return nil, err
	}
	texts := map[sig.PlanTextID]string{}
	for i, t := range m.row.Texts {
		texts[t.ID] = string(opened[i])
	}
	return texts, nil
}

func (m *matter) openCommitments(ctx context.Context, texts map[sig.PlanTextID]string, out *Open) error {
	planner, _, err := m.place(ctx, m.row.Planner)
	if err != nil {
		return err
	}
	for _, c := range m.row.Commitments {
		text, ok := texts[sig.PlanTextID{UUID: c.ID.UUID}]
		if !ok {
			return m.wallsDisagree(policy.NotVisible)
		}
		one := Commitment{
			ID: c.ID, Seat: c.Seat, Text: text, DueOn: c.DueOn, State: c.State, ClosedBy: c.ClosedBy,
			Overdue: c.State == sig.CommitmentOpen && c.DueOn.Compare(out.Today) < 0, Stop: c.State == sig.CommitmentOpen && out.Actions.Write,
		}
		if m.facts.Protected && m.tx.Actor.IsCitizen() {
			one.Seat = sig.Seat{Function: c.Seat.Function}
		}
		if c.ClosedAt != nil {
			one.Closed = sig.DateOf(*c.ClosedAt)
		}
		if seat, mine := m.mine(c.Seat); mine && c.State == sig.CommitmentOpen && m.facts.State == sig.InterventionActive {
			one.Report, one.Tell = true, m.decide(policy.ReportPlan, planner, seat, true).Allowed
		}
		if c.NoteSealed != nil {
			note, err := m.s.Sealer.Open(ctx, m.tx, m.textPlace(c.ID.UUID, fieldNote), c.NoteSealed)
			if err != nil {
				return err
			}
			one.Note = string(note)
		}
		out.Commitments = append(out.Commitments, one)
	}
	return nil
}

// Texts are all texts of the plan that the reader sees: goals, the young
// person's own words, and what has been promised.
func (o *Open) Texts() []Text {
	all := slices.Concat(o.Goals, o.Words)
	for _, c := range o.Commitments {
		all = append(all, Text{ID: sig.PlanTextID{UUID: c.ID.UUID}, Text: c.Text})
	}
	return all
}
