package question

import (
	"context"
	"errors"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// ListSize is how many questions a list shows: what is open comes first.
const ListSize = 100

// Line is a question in a list, without anything of its texts.
type Line struct {
	ID           sig.QuestionID
	Intervention sig.InterventionID
	CaseNumber   string
	Category     sig.Category
	Asker, Asked sig.Seat
	ToUs         bool // the actor's function is the asked one
	AskedAt      time.Time
	EndsAt       time.Time
	State        sig.QuestionState
}

// Open is a question before somebody of either function.
type Open struct {
	Line
	YouthName  string
	Text       string
	AnsweredAt *time.Time
	Answer     string
	Hidden     bool // a cut has taken the answer from the asking function
	Weaker     bool // the answer is less secret where it arrives
	Actions    Actions
}

// Actions are what the reader may do with the question.
type Actions struct{ Answer, Decline, TakeBack bool }

// Mine lists the questions of the actor's functions in all interventions: those
// to them and those of them, what is open first.
func (s *Service) Mine(ctx context.Context, actor sig.Actor) ([]Line, error) {
	var out []Line
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		rows, err := tx.Questions(ctx, ListSize)
		if err != nil {
			return err
		}
		cases := map[sig.InterventionID]*matter{}
		for _, q := range rows {
			m := cases[q.Intervention]
			if m == nil {
				if m, err = begin(ctx, tx, ledger.Entry{Kind: ledger.ReadQuestion, Intervention: q.Intervention}); err != nil {
					return err
				}
				cases[q.Intervention] = m
			}
			out = append(out, m.line(q))
		}
		return tx.Record(ledger.Entry{Kind: ledger.ReadQuestion, Detail: ledger.Detail{"rows": len(rows)}})
	})
	return out, err
}

func (m *matter) line(q postgres.Question) Line {
	_, toUs := m.mine(q.Asked)
	return Line{
		ID: q.ID, Intervention: q.Intervention, CaseNumber: m.facts.CaseNumber, Category: q.Category, Asker: q.Asker, Asked: q.Asked,
		ToUs: toUs, AskedAt: q.AskedAt, EndsAt: q.EndsAt, State: stateOf(q, m.tx.Now()),
	}
}

// Read opens a question. Whoever asked reads the own item and the copy of the
// answer, whoever is asked the copy of the question and the own answer; each is
// opened by package sharing, with its own decision and its own ledger row.
func (s *Service) Read(ctx context.Context, actor sig.Actor, id sig.QuestionID) (*Open, error) {
	out, q, err := s.find(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if out.ToUs {
		return out, s.readAsked(ctx, actor, out, q)
	}
	return out, s.readAsker(ctx, actor, out, q)
}

func (s *Service) find(ctx context.Context, actor sig.Actor, id sig.QuestionID) (*Open, postgres.Question, error) {
	var out *Open
	var q postgres.Question
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ReadQuestion, Object: ledger.Of(ledger.ObjectQuestion, id)}
		if q, err = tx.Question(ctx, id); errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		} else if err != nil {
			return err
		}
		entry.Intervention, entry.Categories = q.Intervention, []sig.Category{q.Category}
		m, err := begin(ctx, tx, entry)
		if err != nil {
			return err
		}
		if err := m.look(ctx, q.Asked, q.Asker); err != nil {
			return err
		}
		out = &Open{Line: m.line(q), YouthName: m.facts.YouthName}
		open := out.State == sig.QuestionOpen
		out.Actions = Actions{Answer: open && out.ToUs, Decline: open && out.ToUs, TakeBack: open && !out.ToUs}
		out.Weaker = m.weaker(q)
		return tx.Record(entry)
	})
	return out, q, err
}

func (s *Service) readAsked(ctx context.Context, actor sig.Actor, out *Open, q postgres.Question) error {
	text, err := s.telling().OpenCopy(ctx, actor, q.Intervention, q.Disclosure)
	if err != nil {
		return err
	}
	out.Text = text.Text
	if q.AnswerItem == nil {
		return nil
	}
	out.AnsweredAt = q.AnsweredAt
	own, err := s.telling().OpenItem(ctx, actor, q.Intervention, *q.AnswerItem)
	if err != nil {
		return err
	}
	out.Answer = own.Text
	return nil
}

func (s *Service) readAsker(ctx context.Context, actor sig.Actor, out *Open, q postgres.Question) error {
	own, err := s.telling().OpenItem(ctx, actor, q.Intervention, q.Item)
	if err != nil {
		return err
	}
	out.Text = own.Text
	if q.Answer == nil {
		return nil
	}
	out.AnsweredAt = q.AnsweredAt
	var answer *sharing.Copy
	switch answer, err = s.telling().OpenCopy(ctx, actor, q.Intervention, *q.Answer); {
	case fault.KindOf(err) == fault.NotFound:
		out.Hidden = true
	case err != nil:
		return err
	default:
		out.Answer = answer.Text
	}
	return nil
}
