package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// The limits of what is typed.
const (
	MaxText  = 1000 // a goal, a commitment or a note
	MaxWords = 4000 // the young person's own
)

// New is a version of the plan as its writer wants it.
type New struct {
	Intervention sig.InterventionID
	Version      int // that the writer has seen, 0 where there is no plan: nobody overwrites what came between
	FollowUp     sig.Date
	Goals        []string
	Words        string // the young person's own; empty is none
	Add          []NewCommitment
}

// NewCommitment is a function's promise.
type NewCommitment struct {
	Seat  sig.Seat
	DueOn sig.Date
	Text  string
}

func (n *New) check() error {
	var c fault.Check
	if n.FollowUp.IsZero() {
		c.Fail("follow_up", "error.required")
	}
	n.Words = strings.TrimSpace(n.Words)
	checkText(&c, "words", n.Words, MaxWords, false)
	n.Goals = slices.Clone(n.Goals)
	switch {
	case len(n.Goals) == 0:
		c.Fail("goals.0.text", "error.required")
	case len(n.Goals) > sig.PlanGoals:
		c.Fail("goals", "error.too_many", "max", sig.PlanGoals)
	}
	for i := range n.Goals {
		n.Goals[i] = strings.TrimSpace(n.Goals[i])
		checkText(&c, fmt.Sprintf("goals.%d.text", i), n.Goals[i], MaxText, true)
	}
	if len(n.Add) > sig.PlanAdds {
		c.Fail("add", "error.too_many", "max", sig.PlanAdds)
	}
	n.Add = slices.Clone(n.Add)
	for i := range n.Add {
		a, at := &n.Add[i], fmt.Sprintf("add.%d.", i)
		a.Text = strings.TrimSpace(a.Text)
		checkText(&c, at+"text", a.Text, MaxText, true)
		if a.DueOn.IsZero() {
			c.Fail(at+"due", "error.required")
		}
		switch {
		case a.Seat.IsZero():
			c.Fail(at+"seat", "error.choose_one")
		case !a.Seat.Function.Valid():
			c.Fail(at+"seat", "error.bad_id")
		}
	}
	return c.Err()
}

func checkText(c *fault.Check, field, text string, most int, required bool) {
	switch n := utf8.RuneCountInString(text); {
	case !sig.Writable(text):
		c.Fail(field, "error.bad_text")
	case required && sig.Blank(text):
		c.Fail(field, "error.required")
	case n > most:
		c.Fail(field, "error.too_long", "max", most)
	}
}

// Write writes a version. The same words as before stay the same text, with what
// was decided about who sees it; other words are a new text, which nobody of the
// family sees before it is decided. A function that the consent does not let be
// told of the plan can promise nothing in it: a no at its field, recorded.
func (s *Service) Write(ctx context.Context, actor sig.Actor, in New) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.WritePlan, Intervention: in.Intervention}, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		if m.facts.State != sig.InterventionActive {
			return m.tx.RefuseRecorded(m.entry, string(policy.CaseNotActive), fault.New(fault.Conflict, "error.plan_not_active"))
		}
		texts, err := m.texts(ctx)
		if err != nil {
			return err
		}
		if m.row.Version != in.Version {
			if m.row.Version == in.Version+1 && m.same(&in, texts) {
				return nil // the same form, sent twice
			}
			return fault.New(fault.Conflict, "error.plan_has_changed")
		}
		return m.write(ctx, &in, texts)
	})
}

// same tells the same form, sent twice, from somebody else's version.
func (m *matter) same(in *New, texts map[sig.PlanTextID]string) bool {
	var goals, words []string
	for _, t := range m.row.Texts {
		switch t.Kind {
		case sig.PlanGoal:
			goals = append(goals, texts[t.ID])
		case sig.PlanWords:
			words = append(words, texts[t.ID])
		case sig.PlanCommitment:
		}
	}
	if m.row.FollowUp != in.FollowUp || strings.Join(words, "") != in.Words || len(goals) != len(in.Goals) {
		return false
	}
	for _, g := range in.Goals {
		if !slices.Contains(goals, g) {
			return false
		}
	}
	for _, a := range in.Add {
		if !slices.ContainsFunc(m.row.Commitments, func(c postgres.Commitment) bool {
			return m.current(c.Seat) == m.current(a.Seat) && c.DueOn == a.DueOn && texts[sig.PlanTextID{UUID: c.ID.UUID}] == a.Text
		}) {
			return false
		}
	}
	return true
}

func (m *matter) write(ctx context.Context, in *New, texts map[sig.PlanTextID]string) error {
	if err := m.beginPlan(in); err != nil {
		return err
	}
	if err := m.mayPromise(ctx, in); err != nil {
		return err
	}
	v := postgres.PlanVersion{Plan: m.row.Plan}
	v.FollowUp = in.FollowUp
	if err := m.fill(ctx, &v, in, texts); err != nil {
		return err
	}
	if err := m.tx.WritePlan(ctx, v); err != nil {
		return err
	}
	e := m.entry
	e.Object, e.Consent = ledger.Of(ledger.ObjectPlan, m.row.ID), m.facts.Consent
	e.Detail = ledger.Detail{"version": v.Version + 1, "goals": len(in.Goals), "commitments": len(in.Add)}
	if err := m.tx.Record(e); err != nil {
		return err
	}
	if err := closing.MailPromised(ctx, m.tx, m.facts, v.Added); err != nil {
		return err
	}
	return m.tell(ctx, m.promising(in))
}

// beginPlan makes the plan's own identity with its first version, which the
// coordinator writes: the consent names that function as the one that tells.
func (m *matter) beginPlan(in *New) error {
	var c fault.Check
	today := sig.DateOf(m.tx.Now())
	// The day that is agreed already may be today's meeting or behind it: what is
	// promised there goes into the plan as it stands.
	if in.FollowUp != m.row.FollowUp && in.FollowUp.Compare(today) < 0 {
		c.Fail("follow_up", "error.plan_in_the_past")
	}
	for i, a := range in.Add {
		if a.DueOn.Compare(today) < 0 {
			c.Fail(fmt.Sprintf("add.%d.due", i), "error.plan_in_the_past")
		}
	}
	if len(m.row.Commitments)+len(in.Add) > sig.PlanCommitments {
		c.Fail("add", "error.too_many", "max", sig.PlanCommitments)
	}
	if err := c.Err(); err != nil || !m.row.ID.IsZero() {
		return err
	}
	for _, p := range m.facts.Seats {
		if p.Authority == m.facts.Board && p.Function == sig.RoleCoordinator {
			m.row.Plan = postgres.Plan{ID: sig.PlanID{UUID: uuid.New()}, Intervention: in.Intervention, Planner: p.Seat()}
			return nil
		}
	}
	return fault.New(fault.Conflict, "error.plan_not_begun")
}

// mayPromise asks the policy about every function that is to promise something.
func (m *matter) mayPromise(ctx context.Context, in *New) error {
	planner, _, err := m.place(ctx, m.row.Planner)
	if err != nil {
		return err
	}
	var noes, unknown fault.Check
	var why policy.Reason
	for i := range in.Add {
		seat := &in.Add[i].Seat
		place, known, err := m.place(ctx, *seat)
		if err != nil {
			return err
		}
		field := fmt.Sprintf("add.%d.seat", i)
		if !known {
			unknown.Fail(field, "error.bad_id")
			continue
		}
		*seat = place.Seat()
		found, err := m.tx.SeatsInCase(ctx, m.facts.Intervention, *seat)
		if err != nil {
			return err
		}
		if d := m.decide(policy.ReadPlan, planner, place, len(found[*seat].Readers()) > 0); !d.Allowed {
			noes.Fail(field, "reason."+string(d.Reason))
			why = d.Reason
		}
	}
	if err := unknown.Err(); err != nil {
		return err
	}
	if err := noes.Err(); err != nil {
		return m.tx.RefuseRecorded(m.entry, string(why), err)
	}
	return nil
}

// fill keeps what says the same, ends what does not, and seals what is new.
func (m *matter) fill(ctx context.Context, v *postgres.PlanVersion, in *New, texts map[sig.PlanTextID]string) error {
	want := map[sig.PlanTextKind][]string{sig.PlanGoal: in.Goals}
	if in.Words != "" {
		want[sig.PlanWords] = []string{in.Words}
	}
	for _, t := range m.row.Texts {
		if t.Kind == sig.PlanCommitment {
			continue
		}
		if i := slices.Index(want[t.Kind], texts[t.ID]); i >= 0 {
			want[t.Kind] = slices.Concat(want[t.Kind][:i], want[t.Kind][i+1:])
		} else {
			v.Ended = append(v.Ended, t.ID)
		}
	}
	add := func(id uuid.UUID, kind sig.PlanTextKind, position int, text string) error {
		sealed, err := m.s.Sealer.Seal(ctx, m.tx, m.textPlace(id, fieldText), []byte(text))
		v.Texts = append(v.Texts, postgres.PlanText{ID: sig.PlanTextID{UUID: id}, Kind: kind, Position: position, BodySealed: sealed})
		return err
	}
	for _, kind := range []sig.PlanTextKind{sig.PlanGoal, sig.PlanWords} {
		for _, text := range want[kind] {
			position := 1
			if kind == sig.PlanGoal {
				position += slices.Index(in.Goals, text)
			}
			if err := add(uuid.New(), kind, position, text); err != nil {
				return err
			}
		}
	}
	for i, a := range in.Add {
		id := uuid.New()
		if err := add(id, sig.PlanCommitment, len(m.row.Commitments)+i+1, a.Text); err != nil {
			return err
		}
		v.Added = append(v.Added, postgres.Commitment{ID: sig.CommitmentID{UUID: id}, Seat: a.Seat, DueOn: a.DueOn})
	}
	return nil
}

// promising are the functions with something in the plan.
func (m *matter) promising(in *New) []sig.Seat {
	var seats []sig.Seat
	for _, c := range m.row.Commitments {
		seats = append(seats, m.current(c.Seat))
	}
	for _, a := range in.Add {
		seats = append(seats, a.Seat)
	}
	return seats
}

// Options are the functions that could promise something: those that the
// consent lets the board tell of the plan, and the board's own that take part.
func (s *Service) Options(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]sig.Seat, error) {
	var out []sig.Seat
	err := s.look(ctx, actor, ledger.Entry{Kind: ledger.ReadPlan, Intervention: intervention}, func(m *matter) error {
		if err := m.mustPlan(); err != nil {
			return err
		}
		own, err := m.tx.InternalSeats(ctx, intervention, m.facts.Board)
		if err != nil {
			return err
		}
		for _, g := range m.facts.Rows() {
			if slices.Contains(g.Categories, sig.CategoryPlanGoals) && g.Discloser.Authority == m.facts.Board {
				own = append(own, g.Recipient)
			}
		}
		for _, seat := range own {
			if seat = m.current(seat); !seat.IsZero() && !slices.Contains(out, seat) {
				out = append(out, seat)
			}
		}
		return nil
	})
	return out, err
}
