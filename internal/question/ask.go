package question

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Choice is a function that can be asked now, with the categories in which the
// answer may come back.
type Choice struct {
	Seat    sig.Seat
	About   []About
	People  []string // who sits there today
	Readers bool     // somebody there takes part and reads it at once
	Weaker  string   // message key of the strong-to-weak warning, empty if none
}

// About is a category that can be asked about, and until when at most.
type About struct {
	Category sig.Category
	Until    time.Time
}

// Choices is whom somebody may ask.
type Choices struct {
	CaseNumber string
	YouthName  string
	Now        time.Time
	Seats      []Choice
}

// Choices lists whom the actor's function may ask now. A function that the
// consent does not let answer is not offered: there is nothing to ask it.
func (s *Service) Choices(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Choices, error) {
	var out *Choices
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Share(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		m, err := begin(ctx, tx, ledger.Entry{Kind: ledger.PreviewDisclosure, Intervention: intervention})
		if err != nil {
			return err
		}
		out = &Choices{CaseNumber: m.facts.CaseNumber, YouthName: m.facts.YouthName, Now: tx.Now()}
		from := m.facts.Seats[0]
		asked := m.disclosers(from)
		if err := m.look(ctx, append(asked, from.Seat())...); err != nil {
			return err
		}
		for _, seat := range asked {
			if c := m.choice(from, seat); len(c.About) > 0 {
				out.Seats = append(out.Seats, c)
			}
		}
		return tx.Record(m.entry)
	})
	return out, err
}

// disclosers are the functions that a row lets tell the actor's something, where
// they sit now.
func (m *matter) disclosers(from sig.Place) []sig.Seat {
	var seats []sig.Seat
	for _, g := range m.facts.Rows() {
		seat := m.facts.Current(g.Discloser, m.tx.Now())
		if m.facts.Current(g.Recipient, m.tx.Now()) == from.Seat() && !slices.Contains(seats, seat) {
			seats = append(seats, seat)
		}
	}
	return seats
}

func (m *matter) choice(from sig.Place, seat sig.Seat) Choice {
	to := m.seats[seat]
	c := Choice{Seat: seat, Readers: len(to.Readers()) > 0}
	for _, p := range to.People {
		c.People = append(c.People, p.Name)
	}
	if w, weaker := policy.Weaker(from.Regime, to.Place.Regime); weaker {
		c.Weaker = w.Code
	}
	for _, category := range sig.Categories() {
		if until := m.until(from, seat, category); !until.IsZero() {
			c.About = append(c.About, About{category, until})
		}
	}
	return c
}

// until is when a question in a category would have to end at the latest: the
// last of the ends that the rows offer for which the policy says yes.
func (m *matter) until(from sig.Place, seat sig.Seat, category sig.Category) time.Time {
	ends := []time.Time{m.longest()}
	for _, g := range m.facts.Rows() {
		if m.facts.Current(g.Discloser, m.tx.Now()) == seat && g.To.Before(ends[0]) {
			ends = append(ends, g.To)
		}
	}
	slices.SortFunc(ends, func(a, b time.Time) int { return b.Compare(a) })
	for _, end := range ends {
		if m.mayAsk(from, seat, category, end).Allowed {
			return end
		}
	}
	return time.Time{}
}

func (m *matter) longest() time.Time { return sig.DaysLater(m.tx.Now(), sig.QuestionDays) }

// New is a question to be put.
type New struct {
	Key          string // made by the form, so that a repeat is the same act
	Intervention sig.InterventionID
	Asked        sig.Seat
	Category     sig.Category
	Ends         time.Time
	Text         string
	Necessity    string // why the asked function needs to be told what the question tells
	WeakerReason string // why it is put although secrecy is weaker there
}

func (in *New) check() error {
	var c fault.Check
	checkWords(&c, &in.Text, &in.Necessity)
	if !in.Category.Valid() {
		c.Fail("category", "error.choose_one")
	}
	if in.Asked.Unit == "" {
		c.Fail("asked", "error.choose_one")
	}
	if in.Ends.IsZero() {
		c.Fail("ends", "error.required")
	}
	return c.Err()
}

// checkWords says at the fields what a disclosure would say one at a time.
func checkWords(c *fault.Check, text, necessity *string) {
	*text, *necessity = strings.TrimSpace(*text), strings.TrimSpace(*necessity)
	for field, value := range map[string]string{"text": *text, "necessity": *necessity} {
		if sig.Blank(value) {
			c.Fail(field, "error.required")
		}
	}
}

// Ask puts a question: an item of the asking authority with the question's
// category, disclosed to the asked function, and the row that makes a question
// of it, in one transaction under the intervention's lock.
func (s *Service) Ask(ctx context.Context, actor sig.Actor, in New) (sig.QuestionID, error) {
	if err := in.check(); err != nil {
		return sig.QuestionID{}, err
	}
	id := sig.QuestionID{UUID: keyed(actor, in.Key, in.Intervention.UUID, "question")}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(in.Intervention)); err != nil {
			return err
		}
		m, err := begin(ctx, tx, ledger.Entry{
			Kind: ledger.AskQuestion, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectQuestion, id),
			Recipient: ledger.Recipient(in.Asked), Categories: []sig.Category{in.Category},
		})
		if err != nil {
			return err
		}
		if _, err := tx.Question(ctx, id); !errors.Is(err, postgres.ErrNoRows) {
			return err // the same form, sent twice
		}
		from := m.facts.Seats[0]
		if err := m.look(ctx, in.Asked, from.Seat()); err != nil {
			return err
		}
		if err := m.decide(from, in); err != nil {
			return err
		}
		item, sent, err := s.telling().TellHere(ctx, tx, sharing.Spoken{
			From: from,
			Item: sharing.NewItem{Key: id.String(), Intervention: in.Intervention, Categories: m.entry.Categories, Text: in.Text},
			To: sharing.NewDisclosure{
				Key: id.String(), Intervention: in.Intervention, Recipients: []sig.Seat{in.Asked}, Necessity: in.Necessity, WeakerReason: in.WeakerReason,
			},
		})
		if err != nil {
			return err
		}
		return m.put(ctx, postgres.Question{
			ID: id, Intervention: in.Intervention, Category: in.Category, Asker: from.Seat(), Asked: sent[0].Recipient, EndsAt: in.Ends,
			Item: item, Disclosure: sent[0].ID,
		})
	})
	return id, atFields(err)
}

// decide says at the field what stands in the question's way.
func (m *matter) decide(from sig.Place, in New) error {
	var c fault.Check
	switch {
	case !in.Ends.After(m.tx.Now()):
		c.Fail("ends", "error.question_ends_in_past")
	case in.Ends.After(m.longest()):
		c.Fail("ends", "error.question_too_long", "days", sig.QuestionDays)
	}
	if err := c.Err(); err != nil {
		return err
	}
	d := m.mayAsk(from, in.Asked, in.Category, in.Ends)
	if d.Allowed {
		return nil
	}
	field := "asked"
	if d.Reason == policy.AnswerEndsBefore {
		field = "ends"
	}
	c.Fail(field, "reason."+string(d.Reason))
	return m.tx.RefuseRecorded(m.entry, string(d.Reason), c.Err())
}

// put writes the question down and gives the asked function the task.
func (m *matter) put(ctx context.Context, q postgres.Question) error {
	m.tx.InsertQuestion(q)
	if err := m.tx.Flush(ctx); err != nil {
		return err
	}
	e := m.entry
	e.Consent = m.facts.Consent
	if err := m.tx.Record(e); err != nil {
		return err
	}
	if err := m.tx.SetAlarm(postgres.AlarmQuestionEnds, q.Intervention, q.ID.UUID, q.EndsAt); err != nil {
		return err
	}
	err := m.tx.AsSystem("question", func() error {
		m.tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: q.Intervention, Authority: q.Asked.Authority, Function: q.Asked.Function,
			Kind: postgres.TaskAnswerQuestion, Object: q.ID.UUID, DueOn: sig.DateOf(q.EndsAt.Add(-time.Microsecond)),
		})
		return m.tx.Flush(ctx)
	})
	if err != nil {
		return err
	}
	return closing.TellSeats(ctx, m.tx, m.facts, []sig.Seat{q.Asked})
}

// atFields moves what a disclosure says about its one recipient to the fields
// of the question's or the answer's form.
func atFields(err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	for i, f := range wrong.Fields {
		switch {
		case f.Code == "reason."+string(policy.WeakerUnanswered):
			wrong.Fields[i].Name = "weaker_reason"
		case f.Name == "recipients.0":
			wrong.Fields[i].Name = "asked"
		}
	}
	return err
}

// keyed makes an identifier from a form's key and whose form it was.
func keyed(actor sig.Actor, key string, of uuid.UUID, what string) uuid.UUID {
	if key == "" {
		return uuid.New()
	}
	return uuid.NewSHA1(actor.Assignment.UUID, []byte(cmp.Or(what, "question")+"\x00"+of.String()+"\x00"+key))
}
