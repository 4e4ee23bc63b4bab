package question

import (
	"context"
	"errors"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// NewAnswer is what the asked function answers.
type NewAnswer struct {
	Key          string // made by the form, so that a repeat is the same act
	Text         string
	Concerns     []sharing.NewConcern
	Necessity    string // why the asker needs it
	WeakerReason string // why it is told although secrecy is weaker there
}

// Answer tells the asking function: an item of the answering authority with the
// question's category and its disclosure, decided as any other. It is answered
// once, and not after its end; a repeat with the same key is the same act.
func (s *Service) Answer(ctx context.Context, actor sig.Actor, id sig.QuestionID, in NewAnswer) error {
	var c fault.Check
	checkWords(&c, &in.Text, &in.Necessity)
	if err := c.Err(); err != nil {
		return err
	}
	return s.act(ctx, actor, id, ledger.AnswerQuestion, func(m *matter, q postgres.Question) error {
		item := sharing.NewItem{
			Key: keyed(actor, in.Key, id.UUID, "answer").String(), Intervention: q.Intervention,
			Categories: []sig.Category{q.Category}, Text: in.Text, Concerns: in.Concerns,
		}
		if q.AnswerItem != nil && *q.AnswerItem == sharing.WrittenAs(actor, item.Key) {
			return nil // the same form, sent twice
		}
		from, err := m.asked(q)
		if err != nil {
			return err
		}
		asker := m.facts.Current(q.Asker, m.tx.Now())
		written, sent, err := s.telling().TellHere(ctx, m.tx, sharing.Spoken{
			From: from, Item: item,
			To: sharing.NewDisclosure{
				Key: item.Key, Intervention: q.Intervention, Recipients: []sig.Seat{asker}, Necessity: in.Necessity, WeakerReason: in.WeakerReason,
			},
		})
		if err != nil {
			return atFields(err)
		}
		if err := m.tx.Flush(ctx); err != nil {
			return err
		}
		if err := m.tx.AnswerQuestion(ctx, q, written, sent[0].ID); err != nil {
			return err
		}
		return m.over(ctx, q, asker)
	})
}

// Decline says that the asked function will not answer; it need not say why.
func (s *Service) Decline(ctx context.Context, actor sig.Actor, id sig.QuestionID) error {
	return s.act(ctx, actor, id, ledger.EndQuestion, func(m *matter, q postgres.Question) error {
		if q.EndedBy == "declined" {
			return nil
		}
		if _, err := m.asked(q); err != nil {
			return err
		}
		return m.end(ctx, q, "declined", q.Asker)
	})
}

// TakeBack ends a question of the own function. What it has told stays told.
func (s *Service) TakeBack(ctx context.Context, actor sig.Actor, id sig.QuestionID) error {
	return s.act(ctx, actor, id, ledger.EndQuestion, func(m *matter, q postgres.Question) error {
		if q.EndedBy == "taken_back" {
			return nil
		}
		if _, mine := m.mine(q.Asker); !mine {
			return m.tx.RefuseMissing(m.entry)
		}
		if stateOf(q, m.tx.Now()) != sig.QuestionOpen {
			return over(q, m)
		}
		return m.end(ctx, q, "taken_back", q.Asked)
	})
}

// act opens the transaction of an act upon a question: it is found, the lock is
// taken, and it is looked at anew.
func (s *Service) act(
	ctx context.Context, actor sig.Actor, id sig.QuestionID, kind ledger.Kind, do func(*matter, postgres.Question) error,
) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: kind, Object: ledger.Of(ledger.ObjectQuestion, id)}
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		q, err := tx.Question(ctx, id) // which intervention it belongs to never changes
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		if err := tx.Lock(ctx, postgres.LockKey(q.Intervention)); err != nil {
			return err
		}
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
		return do(m, q)
	})
}

// asked lets the asked function through, while the question is open.
func (m *matter) asked(q postgres.Question) (sig.Place, error) {
	from, mine := m.mine(q.Asked)
	if !mine {
		return from, m.tx.RefuseMissing(m.entry)
	}
	if stateOf(q, m.tx.Now()) != sig.QuestionOpen {
		return from, over(q, m)
	}
	return from, nil
}

func over(q postgres.Question, m *matter) error {
	state := string(stateOf(q, m.tx.Now()))
	return m.tx.RefuseRecorded(m.entry, state, fault.New(fault.Conflict, "error.question_"+state))
}

func (m *matter) end(ctx context.Context, q postgres.Question, by string, other sig.Seat) error {
	m.tx.EndQuestion(q.Intervention, q.ID, by)
	m.entry.Reason = by
	return m.over(ctx, q, other)
}

// over leaves the ledger row, takes the task and the alarm away and tells the
// other function's open pages to look.
func (m *matter) over(ctx context.Context, q postgres.Question, other sig.Seat) error {
	if err := m.tx.Record(m.entry); err != nil {
		return err
	}
	m.tx.ClearAlarm(postgres.AlarmQuestionEnds, q.ID.UUID)
	err := m.tx.AsSystem("question", func() error {
		return m.tx.FinishTask(ctx, q.Intervention, postgres.TaskAnswerQuestion, q.ID.UUID)
	})
	if err != nil {
		return err
	}
	return closing.TellSeats(ctx, m.tx, m.facts, []sig.Seat{m.facts.Current(other, m.tx.Now())})
}
