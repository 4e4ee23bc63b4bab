package inquiry

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// MaxWords is the longest text, of an inquiry as of an answer.
const MaxWords = 4000

// New is something to be asked.
type New struct {
	Key          string // made by the form, so that a repeat is the same act
	Intervention sig.InterventionID
	Kind         sig.InquiryKind
	Item         sig.ItemID // what is not right, or asked about; zero for none
	Line         int64      // of the diary, that looks wrong; 0 for none
	Words        string
}

// Ask writes down what a member of the family asks and gives it to whoever
// answers that, with the day by which. They may point only at what they may see.
func (s *Service) Ask(ctx context.Context, actor sig.Actor, in New) (sig.InquiryID, error) {
	in.Words = strings.TrimSpace(in.Words)
	if err := in.check(); err != nil {
		return sig.InquiryID{}, err
	}
	var id sig.InquiryID
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.Ask, Intervention: in.Intervention, Detail: ledger.Detail{"inquiry": string(in.Kind)}}
		m, err := s.begin(ctx, tx, entry)
		if err != nil {
			return err
		}
		q, err := m.addressed(ctx, in)
		if err != nil {
			return err
		}
		id = q.ID
		if q.WordsSealed, err = s.Sealer.Seal(ctx, tx, place(q, fieldWords), []byte(in.Words)); err != nil {
			return err
		}
		fresh, err := tx.InsertInquiry(ctx, q)
		if err != nil || !fresh {
			return err
		}
		entry.Object = ledger.Of(ledger.ObjectInquiry, id)
		if err := tx.Record(entry); err != nil {
			return err
		}
		return tx.AsSystem("inquiry", func() error {
			tx.InsertTask(postgres.Task{
				ID: sig.TaskID{UUID: uuid.New()}, Intervention: q.Intervention, Authority: q.Authority, Function: q.Function,
				Kind: postgres.TaskAnswerInquiry, Object: q.ID.UUID, DueOn: q.DueOn,
			})
			return tx.Flush(ctx)
		})
	})
	return id, err
}

func (in *New) check() error {
	var c fault.Check
	switch {
	case !in.Kind.Valid():
		c.Fail("kind", "error.choose_one")
	case in.Kind == sig.InquiryLooksWrong != (in.Line != 0), in.Kind == sig.InquiryNotRight && in.Item.IsZero():
		return fault.New(fault.Malformed, "error.malformed")
	}
	checkWords(&c, "words", in.Words)
	return c.Err()
}

func checkWords(c *fault.Check, field, text string) {
	switch {
	case sig.Blank(text):
		c.Fail(field, "error.required")
	case len([]rune(text)) > MaxWords:
		c.Fail(field, "error.too_long", "max", strconv.Itoa(MaxWords))
	case !sig.Writable(text):
		c.Fail(field, "error.bad_text")
	}
}

// matter is the case that a member of the family asks in.
type matter struct {
	s     *Service
	tx    *postgres.Tx
	facts *postgres.CaseFacts
}

// begin lets only the family of the case through.
func (s *Service) begin(ctx context.Context, tx *postgres.Tx, entry ledger.Entry) (*matter, error) {
	if err := tx.ReadClock(ctx); err != nil {
		return nil, err
	}
	facts, err := tx.CaseFacts(ctx, entry.Intervention)
	if errors.Is(err, postgres.ErrNoRows) || err == nil && !tx.Actor.IsCitizen() {
		return nil, tx.RefuseMissing(entry)
	}
	return &matter{s, tx, facts}, err
}

// addressed says who answers it, and by when. What the asker may not see cannot
// be pointed at.
func (m *matter) addressed(ctx context.Context, in New) (postgres.Inquiry, error) {
	asker := standing(m.tx.Actor)
	q := postgres.Inquiry{
		ID: idFrom(asker, in), Intervention: in.Intervention, Kind: in.Kind, Asker: m.tx.Actor.Kind, AskedBy: asker,
		Authority: m.facts.Board, Function: sig.RoleRegistrar,
		DueOn: closing.OnWorkingDay(sig.DateOf(m.tx.Now()).AddDays(in.Kind.AnswerDays())),
	}
	if !in.Item.IsZero() {
		items := sharing.Service{DB: m.s.DB, Sealer: m.s.Sealer}
		item, err := items.FamilyItem(ctx, m.tx, m.facts, in.Item)
		if err != nil {
			return q, err
		}
		q.Item = &item.ID
		if in.Kind == sig.InquiryNotRight {
			q.Authority, q.Function = item.Authority, item.Function
		}
	}
	switch in.Kind {
	case sig.InquiryQuestion:
		q.Function = sig.RoleCoordinator
	case sig.InquiryLooksWrong:
		q.Function = sig.RoleLogReviewer
		rows, err := m.tx.Diary(ctx, in.Intervention, postgres.DiaryWanted{Before: in.Line + 1, Size: 1})
		if err != nil {
			return q, err
		}
		if len(rows) == 0 || rows[0].Ledger != in.Line {
			return q, fault.Missing()
		}
		q.Line = &in.Line
	case sig.InquiryNotRight, sig.InquiryInterpreter, sig.InquiryFile, sig.InquiryExtract, sig.InquiryCorrection:
	}
	return q, nil
}

// standing is as whom a member of the family acts.
func standing(actor sig.Actor) uuid.UUID {
	if actor.Kind == sig.ActorGuardian {
		return actor.Guardian.UUID
	}
	return actor.Youth.UUID
}

// idFrom makes the identifier from the form's key and whose form it was.
func idFrom(asker uuid.UUID, in New) sig.InquiryID {
	if in.Key == "" {
		return sig.NewInquiryID()
	}
	return sig.InquiryID{UUID: uuid.NewSHA1(asker, []byte("inquiry\x00"+in.Intervention.String()+"\x00"+in.Key))}
}
